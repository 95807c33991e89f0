"""Subject visits: when they are due, when they took place, how they stand."""

from dataclasses import dataclass

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ctms.pages.columns import Column
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from subjects import services
from subjects.calculations import Standing, standing_on
from subjects.models import (
    SubjectVisit,
)

from .places import OF_SUBJECT, day_field


@dataclass(frozen=True)
class ShownStanding:
    """How a visit stands, in a cell: symbol and word."""

    standing: Standing

    def __str__(self):
        return f"{self.standing.symbol} {self.standing.word}"


class StandingColumn(Column):
    """How a visit lies to its window today."""

    def value(self, record):
        return ShownStanding(standing_on(record, timezone.localdate()))


class SubjectVisitRecord(Record):
    model, slug = SubjectVisit, "subject-visits"
    fields = (
        "study",
        "site",
        "subject",
        "name",
        "kind",
        "planned_visit",
        "target_on",
        "window_starts_on",
        "window_ends_on",
        "occurred_on",
        StandingColumn("standing", "To its window", sort=""),
        "status",
    )
    api_fields = (
        "study",
        "country",
        "site",
        "subject",
        ("subject_number", serializers.CharField(source="subject.number", read_only=True)),
        "planned_visit",
        "kind",
        "name",
        "target_on",
        "window_starts_on",
        "window_ends_on",
        "occurred_on",
        "status",
    )
    create = ("subject", "name")
    create_extra = {"occurred_on": day_field(_("Day of the visit"))}
    api_create_extra = {"occurred_on": serializers.DateField()}
    create_with = staticmethod(services.add_visit)
    add_permission = change_permission = "subjects.record_subjectvisit"
    filters = {
        "study": ["exact"],
        "country": ["exact"],
        "site": ["exact"],
        "subject": ["exact"],
        "planned_visit": ["exact"],
        "kind": ["exact"],
        "status": ["exact"],
        "occurred_on": ["gte", "lte"],
        "target_on": ["gte", "lte"],
    }
    search = ("subject__number", "name", "site__number")
    find_by = ("{subject__number} {name}",)
    find_words = ("site__number",)
    numerous = True
    make_label = _("Record a visit outside the plan")
    order = ("study_id", "subject_id", "pk")
    named_with = ("subject",)
    related = (*OF_SUBJECT, "planned_visit")


class SubjectVisits(Listing):
    record, title = SubjectVisitRecord, "Subject visits"
    tab, tab_position, rail = "Subject visits", 42, ("Subjects", 31)
    columns = (
        Column("name", "Visit"),
        Column("subject", "Subject", sort="subject__number"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        "target_on",
        "window_starts_on",
        "window_ends_on",
        "occurred_on",
        StandingColumn("standing", "To its window", sort=""),
        "status",
    )
    more_columns = (
        Column("country__nation", "Country", sort="country__nation__name"),
        "kind",
        "planned_visit",
    )
    bulk = ("miss", "set_aside")
    order = ("target_on",)
    filters = {
        "study": ["exact"],
        "site": ["exact"],
        "status": ["exact"],
        "kind": ["exact"],
        "occurred_on": ["gte", "lte"],
    }
    search = SubjectVisitRecord.search
    empty = "The visits of subjects stand here once they consented: due by the schedule, recorded when they took place."


class _VisitFilters(SubjectVisits.filterset):
    """Beside the declared ones: how a visit stands today."""

    standing = django_filters.ChoiceFilter(
        method="stand",
        label=_("Stands"),
        choices=[
            ("due", _("Due now")),
            ("overdue", _("Not answered")),
            ("out_of_window", _("Out of window")),
        ],
    )

    def stand(self, rows, _name, wanted):
        today = timezone.localdate()
        return rows.out_of_window() if wanted == "out_of_window" else getattr(rows, wanted)(today)


SubjectVisits.filterset = _VisitFilters
