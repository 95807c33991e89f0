"""One column or fact of a record: where its value comes from, what it is called, how it is shown."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ctms.access.access import access_of
from ctms.access.scoping import Scoped, scope_of
from ctms.calendar.partial_dates import PartialDate
from ctms.workflow.declare import WORKFLOWS

NONE_SHOWN = "—"


@dataclass(frozen=True)
class Column:
    """
    A value of a record by its path: a field, a field of a related record (`site__number`) or a property.

    :param label: taken from the field when not given
    :param sort: the field path the column sorts by; "" = does not sort; None = its own field
    :param wide: needs the whole width among facts, and more than one line in a list; texts do by themselves
    :param number: set right; numeric fields are by themselves
    :param inside: the house's own business, such as its clocks: not for people who see what was published to them
    :param edits: the field of the record a change in the cell writes, where the column shows it in other words
    """

    path: str
    label: str = ""
    sort: str | None = None
    wide: bool = False
    number: bool = False
    edits: str = ""
    inside: bool = False

    @property
    def key(self):
        """Return what the column is called in an address."""
        return self.path.replace("__", "_")

    def field(self, model):
        """Return the model field at the end of the path, or None for a property."""
        field = None
        for part in self.path.split("__"):
            try:
                field = model._meta.get_field(part)
            except FieldDoesNotExist:
                return None
            model = field.related_model or model
        return field

    def title(self, model):
        if self.label:
            return self.label
        field = self.field(model)
        name = field.verbose_name if field is not None and hasattr(field, "verbose_name") else self.path
        name = str(name).replace("__", " ").replace("_", " ")
        return name[:1].upper() + name[1:]

    def sort_path(self, model):
        if self.sort is not None:
            return self.sort
        return self.path if self.field(model) is not None else ""

    def value(self, record):
        """Return the raw value; None when something on the way is missing."""
        if self.path == "__str__":  # what the record is called, and no path
            return str(record)
        value = record
        for part in self.path.split("__"):
            value = getattr(value, part, None)
            if callable(value) and not isinstance(value, models.Manager):
                value = value()
            if value is None:
                return None
        return value

    def owner(self, record):
        """Return the record the last part of the path belongs to."""
        for part in self.path.split("__")[:-1]:
            record = getattr(record, part, None)
            if record is None:
                return None
        return record

    def text(self, record):
        """Return the value as words: what is shown, searched by eye and exported."""
        owner, name = self.owner(record), self.path.rsplit("__", 1)[-1]
        display = getattr(owner, f"get_{name}_display", None) if owner is not None else None
        return as_text(display() if display else self.value(record))

    def tone(self, record):
        """Return the colour of a state, or '' when this is no state."""
        owner, name = self.owner(record), self.path.rsplit("__", 1)[-1]
        flow = WORKFLOWS.get((owner._meta.label, name)) if owner is not None else None
        return flow.tone(getattr(owner, name)) if flow else ""

    def opens(self, record):
        """Return (record, where on its page) the value leads to, if that is no record itself; or None."""
        return None

    def pace(self, record):
        """Return how a value stands in time, such as `late`, for its colour; '' where time says nothing of it."""
        return ""

    def is_number(self, model):
        """True if the column holds numbers that are compared with each other: they stand right."""
        field = self.field(model)
        numeric = isinstance(field, models.IntegerField | models.DecimalField | models.FloatField)
        return self.number or (numeric and not field.choices)

    def is_text(self, model):
        """True if the column holds sentences."""
        return self.wide or isinstance(self.field(model), models.TextField)


@dataclass(frozen=True)
class ShownTerm:
    """A term in a cell: how long it still runs, coloured by its pace, and the whole sentence behind it."""

    short: str
    pace: str
    sentence_now: str

    def __str__(self):
        return self.short


class TermColumn(Column):
    """A column whose `value(record)` is a ShownTerm, or None where nothing runs."""

    def text(self, record):
        return str(self.value(record) or NONE_SHOWN)


@dataclass(frozen=True)
class Fact:
    """One fact of one record, ready to be shown."""

    column: Column
    title: str
    wide: bool
    is_text: bool  # its lines stand as they were written


LONG_FACT = 60


# The column that says whether a row is of the unblinded circle.
BLINDING = "unblinded"


def columns_for(user, columns, model):
    """
    Return the columns this person is shown of a model's rows.

    To who sees blinded rows alone, a column of blinding says nothing but that there are others.
    """
    access = access_of(user)
    outside, circle = access.published_only, _concerns_blinding(access, model)
    return [c for c in columns if not (outside and c.inside) and (circle or c.path != BLINDING)]


def _concerns_blinding(access, model):
    if issubclass(model, Scoped):
        return access.is_unblinded_with(scope_of(model).view_permission)
    return access.is_in_a_circle


def blinding_column(model):
    """Return [the column of blinding] of a model whose rows may be of the unblinded circle, else []."""
    return [Column(BLINDING)] if issubclass(model, Scoped) and scope_of(model).unblinded else []


def facts_of(columns, record):
    """Return (facts, titles of those without a value); states stand in the title and are no facts."""
    facts, empty = [], []
    for column in columns:
        if column.tone(record):
            continue
        title, text = column.title(type(record)), column.text(record)
        if text == NONE_SHOWN:
            empty.append(title)
        else:
            is_text = column.is_text(type(record))
            facts.append(Fact(column, title, column.wide or is_text or len(text) > LONG_FACT, is_text))
    return facts, empty


def as_column(spec):
    return spec if isinstance(spec, Column) else Column(spec)


def as_text(value):
    """Return any value in words, the same on every page, in every export and letter."""
    if value is None or value == "":
        return NONE_SHOWN
    if value is True or value is False:
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.strftime("%-d %b %Y")
    if isinstance(value, PartialDate):
        return str(value)
    if isinstance(value, int | Decimal):
        return number_format(value, use_l10n=False, force_grouping=False)
    if isinstance(value, list | tuple):
        return ", ".join(as_text(part) for part in value) or NONE_SHOWN
    return str(value)


def units_text(number):
    """Return a count with parts without idle zeros: 3, 0.4839, 1,250."""
    whole = number.quantize(Decimal("0.0001"))
    return f"{whole:,.0f}" if whole == whole.to_integral_value() else f"{whole:,.4f}".rstrip("0")


def instant(value):
    """Return such as `17 Mar 2026 14:05 CET`: no clock without its zone (compliance row 16)."""
    local = timezone.localtime(value)
    return local.strftime("%-d %b %Y %H:%M ") + (local.tzname() or "UTC")
