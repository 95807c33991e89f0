"""What comes out of visits: action items and protocol deviations."""

import django_filters
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy

from ctms.pages.columns import Column
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from monitoring import services
from monitoring.models import ActionItem, Deviation, DeviationStatus
from monitoring.models.findings import STILL_OPEN
from studies.models import SiteAssignment
from studies.pages import CarriedFilters

from .terms import COUNTRY, PLACE, DueColumn


class RaisedAtColumn(Column):
    """The question something was raised at, which leads to it in its report."""

    def opens(self, record):
        return (record.raised_in, f"question-{record.question_key}") if record.question_key else None


RAISED_AT = RaisedAtColumn("question_asked", gettext_lazy("Raised at"), sort="")


class ActionItemRecord(Record):
    model, slug = ActionItem, "action-items"
    fields = (
        "study",
        "site",
        Column("label", "Item"),
        "text",
        "responsible",
        "opened_on",
        "due_on",
        "resolution",
        "closed_on",
        "raised_in",
        RAISED_AT,
        "raised_from",
        "unblinded",
        "status",
    )
    api_fields = (
        "study",
        "country",
        "site",
        "number",
        "text",
        "responsible",
        "opened_on",
        "due_on",
        "resolution",
        "closed_on",
        "raised_in",
        "question_key",
        "raised_from",
        "unblinded",
        "status",
    )
    create = ("site", "text", "responsible", "opened_on", "due_on")
    create_with = staticmethod(services.raise_action_item)
    edit = ("text", "responsible", "due_on")
    edit_while = STILL_OPEN
    filters = {
        "study": ["exact"],
        "country": ["exact"],
        "site": ["exact"],
        "status": ["exact"],
        "responsible": ["exact"],
        "raised_in": ["exact"],
        "due_on": ["gte", "lte"],
    }
    search = ("text", "site__number", "site__organization__name__unaccent")
    find_by = ("AI {number}",)
    find_words = ("text", "site__number")
    named_with = ()
    related = (
        *PLACE,
        "study",
        "raised_in",
        "raised_from",
        "country",
        "raised_in__visit__site__organization",
        "raised_in__visit__study",
    )


def cras_of_the_site(on):
    """Return the names of the CRAs assigned to the site of an item on a day, within the item's own circle."""
    assigned = SiteAssignment.objects.filter(
        SiteAssignment.live(on),
        content_object=OuterRef("site"),
        unblinded=OuterRef("unblinded"),
        permission__codename="act_as_cra",
    )
    name = Concat("user__first_name", Value(" "), "user__last_name")
    names = assigned.order_by().values("content_object").annotate(names=StringAgg(name, ", ", order_by=name))
    return Subquery(names.values("names"))


class ActionItems(Listing):
    record, title, rail = ActionItemRecord, "Action items", ("Monitoring", 42)
    tab, tab_position = "Action items", 52
    columns = (
        Column("label", "Item", sort="number"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        "text",
        "responsible",
        Column("looked_after_by", "CRA", sort=""),
        "opened_on",
        DueColumn("due_on"),
        "status",
    )
    more_columns = (COUNTRY, "resolution", "closed_on")
    begins = "standing=open"
    bulk = ("start", "resolve", "close", "cancel")
    order = ("due_on",)
    filters = {
        "study": ["exact"],
        "site": ["exact"],
        "status": ["exact"],
        "responsible": ["exact"],
        "due_on": ["gte", "lte"],
    }
    search = ActionItemRecord.search
    empty = "What somebody has to do by a date stands here; raised in a visit report or added by hand."

    @classmethod
    def rows(cls, user):
        return super().rows(user).annotate(looked_after_by=cras_of_the_site(timezone.localdate()))


class ActionItemFilters(CarriedFilters, ActionItems.filterset):
    """How an item stands today: what the numbers of monitoring open."""

    standing = django_filters.ChoiceFilter(
        label=gettext_lazy("How it stands"),
        method="by_standing",
        choices=[("open", gettext_lazy("Not closed yet")), ("overdue", gettext_lazy("Overdue"))],
    )

    def by_standing(self, rows, _name, value):
        rows = rows.filter(status__in=STILL_OPEN)
        return rows if value == "open" else rows.filter(due_on__lt=timezone.localdate())


ActionItems.filterset = ActionItemFilters


class DeviationRecord(Record):
    model, slug = Deviation, "deviations"
    fields = (
        "study",
        "site",
        Column("label", "Deviation"),
        "subject_number",
        "category",
        "description",
        "occurred_on",
        "identified_on",
        "immediate_action",
        "importance",
        "raised_in",
        RAISED_AT,
        "unblinded",
        "status",
    )
    api_fields = (
        "study",
        "country",
        "site",
        "number",
        "subject_number",
        "category",
        "description",
        "occurred_on",
        "identified_on",
        "immediate_action",
        "importance",
        "raised_in",
        "question_key",
        "unblinded",
        "status",
    )
    create = (
        "site",
        "subject_number",
        "category",
        "description",
        "occurred_on",
        "identified_on",
        "immediate_action",
    )
    create_with = staticmethod(services.raise_deviation)
    change_with = staticmethod(services.change_deviation)
    edit = (
        "subject_number",
        "category",
        "description",
        "occurred_on",
        "identified_on",
        "immediate_action",
        "importance",
    )
    edit_while = (DeviationStatus.NEW, DeviationStatus.UNDER_REVIEW)
    filters = {
        "study": ["exact"],
        "country": ["exact"],
        "site": ["exact"],
        "status": ["exact"],
        "category": ["exact"],
        "importance": ["exact"],
        "raised_in": ["exact"],
    }
    search = ("description", "subject_number", "site__number", "site__organization__name__unaccent")
    find_by = ("PD {number}",)
    find_words = ("description", "subject_number", "site__number")
    named_with = ()
    related = tuple(path for path in ActionItemRecord.related if path != "raised_from")


class Deviations(Listing):
    record, title, rail = DeviationRecord, "Protocol deviations", ("Monitoring", 43)
    tab, tab_position = "Deviations", 54
    columns = (
        Column("label", "Deviation", sort="number"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        "subject_number",
        "category",
        "description",
        "occurred_on",
        "importance",
        "status",
    )
    more_columns = (COUNTRY, "identified_on", "immediate_action")
    bulk = ("review", "reject", "close")
    order = ("-occurred_on",)
    filters = {
        "study": ["exact"],
        "site": ["exact"],
        "status": ["exact"],
        "category": ["exact"],
        "importance": ["exact"],
        "occurred_on": ["gte", "lte"],
    }
    search = DeviationRecord.search
    empty = "Departures from the protocol stand here; subjects by number only."
