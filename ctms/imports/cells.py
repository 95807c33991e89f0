"""What a cell must say to be a value: parsers for the columns of a sheet."""

import datetime
import re

from django.utils.translation import gettext as _

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}$")
_TWO_NUMBERS_AND_A_YEAR = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2}|\d{4})$")
# Our exports put an apostrophe before text that a spreadsheet would take for a formula.
_GUARDED = re.compile(r"'[=+\-@\t\r]")
_YES = frozenset({"yes", "y", "true", "1", "x"})
_NO = frozenset({"no", "n", "false", "0"})


class CellRefused(Exception):
    """The cell's value is none; the message goes on after "row 7, column Planned: "."""


def text(longest):
    """Return a parser of text of at most `longest` characters; numbers are text as they are shown."""

    def parse(value):
        if isinstance(value, datetime.date):
            raise CellRefused(_("%s is a date and not text") % value.isoformat())
        written = str(value)
        if _GUARDED.match(written):
            written = written[1:]
        if len(written) > longest:
            raise CellRefused(
                _("the text has %(count)d characters; up to %(longest)d fit")
                % {"count": len(written), "longest": longest}
            )
        return written

    return parse


def whole_number(value):
    """A whole number of at least zero."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 9:
        return int(value)
    raise CellRefused(_("%s is not a whole number") % value)


def day(value):
    """A date cell, or text such as 2026-12-31: in any other order somebody reads it differently."""
    if isinstance(value, datetime.datetime):
        raise CellRefused(_("%s is a date with a time; only the day is kept here") % value.isoformat(" "))
    if isinstance(value, datetime.date):
        return value
    written = str(value)
    if _ISO.match(written):
        try:
            return datetime.date.fromisoformat(written)
        except ValueError:
            pass
    if (parts := _TWO_NUMBERS_AND_A_YEAR.match(written)) and max(int(parts[1]), int(parts[2])) <= 12:
        raise CellRefused(_("%s may be two dates; write it as year-month-day, such as 2026-12-31") % written)
    raise CellRefused(_("%s is not a date; write it as year-month-day, such as 2026-12-31") % written)


def yes_or_no(value):
    if isinstance(value, bool):
        return value
    said = str(value).casefold()
    if said in _YES | _NO:
        return said in _YES
    raise CellRefused(_("%s is neither yes nor no") % value)


def choice(choices):
    """Return a parser of one of `choices` (a TextChoices), by value or by label, without regard to case."""

    def parse(value):
        said = str(value).casefold()
        for member in choices:
            if said in (member.value.casefold(), str(member.label).casefold()):
                return member.value
        labels = ", ".join(str(member.label) for member in choices)
        raise CellRefused(_("%(value)s is none of: %(labels)s") % {"value": value, "labels": labels})

    return parse
