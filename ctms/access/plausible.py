"""Days and texts no record of a trial has: refused at their field, whoever sends them."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

# Nobody who takes part was born before, and no archive keeps a file for longer.
EARLIEST, LATEST = date(1900, 1, 1), date(2099, 12, 31)
# Some eight pages: what is longer is a document, and is filed as one.
LONGEST_TEXT = 20_000


def refuse_implausible(record, exclude=()):
    """Raise ValidationError for each day far from any trial and each text of a book's length in a record."""
    refused = {
        field.name: sentence
        for field in record._meta.local_fields
        if field.name not in exclude and (sentence := _why_implausible(field, getattr(record, field.attname)))
    }
    if refused:
        raise ValidationError(refused)


def why_not_that_day(day):
    """Return why a day is none of a trial, or ''."""
    if EARLIEST <= day <= LATEST:
        return ""
    return _("Give a day from %(first)d to %(last)d.") % {"first": EARLIEST.year, "last": LATEST.year}


def _why_implausible(field, value):
    if isinstance(field, models.DateField) and isinstance(value, date):
        return why_not_that_day(value.date() if isinstance(value, datetime) else value)
    unbounded = isinstance(field, models.TextField) and field.max_length is None and field.editable
    if unbounded and isinstance(value, str) and len(value) > LONGEST_TEXT:
        return _("This has %(n)d characters; at most %(most)d are kept. File what is longer as a document.") % {
            "n": len(value), "most": LONGEST_TEXT
        }  # fmt: skip
    return ""
