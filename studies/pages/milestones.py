"""The dates a study is steered by, as a list and one by one."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ctms.pages.columns import Column
from ctms.pages.frame import HEADER_DATES, PLACE_PAGES
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from studies.models import (
    Milestone,
    MilestoneStatus,
)
from studies.services.plan_standing import gates_of

PLACE_PAGES.append((20, "plan", _("Plan"), "studies.view_milestone"))
HEADER_DATES.append(gates_of)


class MilestoneRecord(Record):
    model, slug = Milestone, "milestones"
    fields = (
        "study",
        "country",
        "site",
        "kind",
        "name",
        Column("baseline_on", "Baseline"),
        Column("planned", "Planned"),
        Column("actual", "Actual"),
        Column("slippage_days", "Days after baseline"),
        "published",
        "status",
    )
    api_fields = (
        "study",
        "country",
        "site",
        "kind",
        "name",
        "baseline_on",
        "planned_on",
        "planned_precision",
        "actual_on",
        "actual_precision",
        "published",
        "status",
    )
    create = ("study", "country", "site", "kind", "name", "planned_on", "baseline_on", "published")
    edit = ("kind", "name", "planned_on", "planned_precision", "baseline_on", "published")
    edit_while = (MilestoneStatus.PLANNED,)
    filters = {
        "study": ["exact"],
        "country": ["exact"],
        "site": ["exact"],
        "kind": ["exact"],
        "status": ["exact"],
        "planned_on": ["gte", "lte"],
    }
    search = ("name",)
    find_words = ("name", "site__number")
    order = ("-pk",)
    named_with = ()
    related = ("study", "country__nation", "site__organization", "site__country__nation")

    @classmethod
    def needs_reason(cls, record):
        """A planned date that moves says why, even while the milestone is open (planning.md 1.6)."""
        return True


class Milestones(Listing):
    record, title = MilestoneRecord, "Milestones"
    template = "studies/milestones.html"
    tab, tab_position, rail = "Milestones", 25, ("Studies", 11)
    columns = (
        "name",
        Column("study", sort="study__protocol_number"),
        Column("country__nation", "Country", sort="country__nation__name"),
        Column("site__number", "Site"),
        Column("baseline_on", "Baseline"),
        Column("planned", "Planned", sort="planned_on", edits="planned_on"),
        Column("actual", "Actual", sort="actual_on"),
        Column("slippage_days", "Days late", number=True),
        "status",
    )
    more_columns = ("kind", "planned_precision", "published")
    bulk = ("complete", "set_aside")
    order = ("planned_on",)
    filters = {"status": ["exact"], "study": ["exact"], "kind": ["exact"], "planned_on": ["gte", "lte"]}
    search = ("name", "study__protocol_number")
    empty = "The dates the study is steered by stand here. Project managers and clinical leads add them."


class MilestoneFilters(Milestones.filterset):
    """Which milestones are past their planned day, by the one rule that counts them."""

    standing = django_filters.ChoiceFilter(
        label=_("Standing"), method="by_standing", choices=[("overdue", _("Past their planned day"))]
    )

    def by_standing(self, rows, _name, _value):
        return rows.overdue(timezone.localdate())


Milestones.filterset = MilestoneFilters
