"""Earned units: every number of a budget opens these rows."""

from django.utils import timezone

from ctms.pages.columns import Column
from ctms.pages.listing import Listing
from ctms.pages.record import RECORDS, Record
from finance import services
from finance.models import EarnedUnit

from .amounts import MonthColumn, UnitsColumn


class EarnedUnitRecord(Record):
    model, slug = EarnedUnit, "earned-units"
    under = "budget"
    fields = (
        "study",
        "line",
        "label",
        UnitsColumn("quantity"),
        "day",
        MonthColumn("month"),
        "explanation",
        "corrects",
        "booked_on",
    )
    api_fields = (
        "study",
        "line",
        "month",
        "day",
        "quantity",
        "source",
        "label",
        "booking",
        "corrects",
        "explanation",
        "booked_on",
    )
    create = ("line", "day", "quantity", "explanation")
    create_with = staticmethod(
        lambda *, actor, **fields: services.record_units(actor=actor, on=timezone.localdate(), **fields)
    )
    add_permission = "finance.change_budget"
    filters = {"study": ["exact"], "line": ["exact"], "month": ["exact", "gte", "lte"], "source": ["exact"]}
    search = ("label", "line__code", "line__task")
    related = ("study", "line__budget__study", "corrects__line")
    template = "finance/earned_unit.html"

    @classmethod
    def extra_context(cls, request, record):
        return {"source_record": source_record(request.user, record)}


def source_record(user, unit):
    """Return the record a unit was earned by, if it has a page the reader may open; else None."""
    label, _slash, key = unit.source.partition("/")
    declaration, pk = RECORDS.get(label), key.partition("@")[0]
    return declaration.rows(user).filter(pk=pk).first() if declaration and pk.isdigit() else None


class EarnedUnits(Listing):
    record, title = EarnedUnitRecord, "Earned units"
    columns = (
        Column("label", "Earned by"),
        Column("line", sort="line__code"),
        Column("study", sort="study__protocol_number"),
        "day",
        UnitsColumn("quantity"),
        "explanation",
        "booked_on",
    )
    order = ("-day",)
    filters = {
        "study": ["exact"],
        "line__budget": ["exact"],
        "line__group": ["exact"],
        "line": ["exact"],
        "month": ["exact", "gte", "lte"],
    }
    search = EarnedUnitRecord.search
    empty = (
        "Units stand here once what counts them has happened; “Book earned units” on the budget looks again."
    )
