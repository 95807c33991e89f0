"""What is seen of a study: its spine, its plan, its milestones, its team."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ctms.pages.columns import Column
from ctms.pages.frame import PLACE_PAGES
from ctms.pages.listing import Listing
from ctms.pages.record import Record

from .models import (
    Activity,
    Amendment,
    Arm,
    Epoch,
    Milestone,
    MilestoneStatus,
    Outcome,
    PlannedVisit,
    PlannedVisitActivity,
    ProtocolVersion,
    SiteStatus,
    Study,
    StudyCountry,
    StudyIdentifier,
    StudyParty,
    StudySite,
)
from .services.opening import open_study

PLACE_PAGES.append((20, "plan", _("Plan"), "studies.view_milestone"))
PLACE_PAGES.append((80, "team", _("Team"), "studies.view_team"))


@dataclass(frozen=True)
class Tile:
    """A number on a study's first page: its words, what it means, and the address of its rows, if any are shown."""

    number: str
    words: str
    url: str
    definition: str = ""
    late: bool = False


# What upper apps count on the first page of a study, a country and a site: (request, place) -> Tile, or None for who
# may not know.
PLACE_TILES: list[Callable[[Any, Study | StudyCountry | StudySite], Tile | None]] = []
# What upper apps show on a site's first page: (request, site) -> the template and what it needs, or None.
SITE_PANELS: list[Callable[[Any, StudySite], dict[str, Any] | None]] = []

IDENTITY = ("protocol_number", "short_name", "title", "lay_title", "acronym", "project_code", "sponsor")
CLASSIFICATION = (
    "phase",
    "study_type",
    "therapeutic_area",
    "indication",
    "masking",
    "allocation",
    "intervention_model",
)
SCALE = (
    "enrolment_event",
    "planned_countries",
    "planned_sites",
    "planned_screened",
    "planned_enrolled",
    "planned_completed",
)
TERMS = (
    "confirmation_letter_days",
    "report_submission_days",
    "report_approval_days",
    "follow_up_letter_days",
    "include_in_metrics",
)


def tiles_of(request, place):
    """Return the tiles of a study, country or site for the person who reads: one pattern at every level."""
    return [tile for count in PLACE_TILES if (tile := count(request, place))]


def overview_of(user, study):
    """Return what a study's first page shows beside its facts; every number opens its rows."""
    sites = StudySite.objects.visible_to(user).filter(study=study)
    by_status = dict(sites.order_by().values_list("status").annotate(Count("pk")))
    milestones = Milestone.objects.visible_to(user).filter(study=study)
    plan = {"study": study, "retired": False}
    return {
        "site_counts": [
            (status, by_status.get(status.value, 0)) for status in SiteStatus if by_status.get(status)
        ],
        "site_total": sum(by_status.values()),
        "next_milestones": milestones.open().order_by("planned_on", "pk")[:6],
        "overdue_milestones": milestones.overdue(timezone.localdate()).count(),
        "reached_milestones": milestones.filter(status=MilestoneStatus.COMPLETED).order_by(
            "-actual_on", "pk"
        )[:3],
        "countries": StudyCountry.objects.visible_to(user)
        .filter(study=study)
        .select_related("nation")
        .order_by("nation__name"),
        "arms": Arm.objects.visible_to(user).filter(**plan).order_by("sequence", "pk"),
        "epochs": Epoch.objects.visible_to(user).filter(**plan).order_by("sequence", "pk"),
        "outcomes": Outcome.objects.visible_to(user).filter(**plan).order_by("level", "sequence")[:8],
        "protocol_versions": ProtocolVersion.objects.visible_to(user).filter(study=study).order_by("-pk"),
        "amendments": Amendment.objects.visible_to(user).filter(study=study).order_by("sequence"),
        "parties": StudyParty.objects.visible_to(user).filter(study=study).select_related("organization"),
    }


class IdentifierShape(serializers.Serializer):
    kind = serializers.CharField()
    value = serializers.CharField()


class StudyRecord(Record):
    model, slug = Study, "studies"
    fields = (
        *IDENTITY,
        *CLASSIFICATION,
        *SCALE,
        *TERMS,
        "status",
        "hold",
        "registry_status",
        "stopped_because",
    )
    api_fields = (
        *fields,
        ("sponsor_name", serializers.CharField(source="sponsor.name", read_only=True, default=None)),
        ("identifiers", IdentifierShape(many=True, read_only=True, source="shown_identifiers")),
        ("nct_id", serializers.CharField(read_only=True)),
    )
    create = ("protocol_number", "short_name", "title", "sponsor", "phase", "study_type", "therapeutic_area")
    edit = (*IDENTITY, *CLASSIFICATION, *SCALE, *TERMS)
    create_with = staticmethod(
        lambda *, actor, **fields: open_study(actor=actor, on=timezone.localdate(), **fields)
    )
    filters = {
        "status": ["exact"],
        "phase": ["exact"],
        "sponsor": ["exact"],
        "protocol_number": ["exact"],
    }
    search = ("protocol_number", "short_name", "title", "acronym")
    find_by = ("protocol_number", "project_code", "acronym")
    find_words = ("short_name", "title", "indication")
    order = ("protocol_number", "pk")
    related = ("sponsor",)
    template = "studies/study.html"
    parts = (("studies.StudyIdentifier", "study"), ("studies.StudyParty", "study"))

    @classmethod
    def rows(cls, user):
        identifiers = StudyIdentifier.objects.visible_to(user).order_by("kind", "value")
        return (
            super()
            .rows(user)
            .prefetch_related(Prefetch("identifiers", queryset=identifiers, to_attr="shown_identifiers"))
        )

    @classmethod
    def extra_context(cls, request, record):
        return {**overview_of(request.user, record), "tiles": tiles_of(request, record)}


class Studies(Listing):
    record, title, rail = StudyRecord, "Studies", ("Studies", 10)
    template = "studies/studies.html"
    columns = (
        "protocol_number",
        "short_name",
        Column("sponsor", sort="sponsor__name"),
        "phase",
        "therapeutic_area",
        "status",
    )
    more_columns = (
        "title",
        Column("nct_id", "NCT number", sort=""),
        "project_code",
        "study_type",
        "indication",
        "masking",
        "planned_countries",
        "planned_sites",
        "planned_enrolled",
        "hold",
        "registry_status",
    )
    filters = {"status": ["exact"], "phase": ["exact"], "sponsor": ["exact"]}
    search = StudyRecord.search
    empty = "Studies you are assigned to stand here. A project manager opens one, or imports it from a protocol file."


class StudyCountryRecord(Record):
    model, slug = StudyCountry, "study-countries"
    fields = ("study", Column("nation", "Country"), "planned_sites", "planned_enrolled", "status")
    api_fields = (
        "study",
        ("country_code", serializers.CharField(source="nation_id", read_only=True)),
        ("name", serializers.CharField(source="nation.name", read_only=True)),
        "nation",
        "planned_sites",
        "planned_enrolled",
        "status",
    )
    create = ("study", "nation", "planned_sites", "planned_enrolled")
    edit = ("planned_sites", "planned_enrolled")
    filters = {"study": ["exact"], "status": ["exact"], "nation": ["exact"]}
    find_by = ("nation",)
    find_words = ("nation__name",)
    order = ("study_id", "pk")
    related = ("study", "nation")
    template = "studies/place.html"

    @classmethod
    def extra_context(cls, request, record):
        return {"tiles": [country_sites_tile(request.user, record), *tiles_of(request, record)]}


def country_sites_tile(user, country):
    """How many of a country's sites are open, of those it has."""
    states = StudySite.objects.visible_to(user).filter(country=country).values_list("status", flat=True)
    opened = sum(status in ("ACTIVE", "ENROLMENT_HOLD", "ENROLMENT_CLOSED") for status in states)
    url = StudyCountryRecord.url(country, "study-sites")
    return Tile(_("%(n)d of %(all)d") % {"n": opened, "all": len(states)}, _("sites open"), url)


class StudySiteRecord(Record):
    model, slug = StudySite, "study-sites"
    fields = (
        "study",
        "country",
        "number",
        "organization",
        Column("organization__city", "City"),
        "planned_enrolled",
        "zone",
        "registry_status",
        "status",
    )
    api_fields = (
        "study",
        "country",
        ("country_code", serializers.CharField(source="country.nation_id", read_only=True)),
        "number",
        "organization",
        ("name", serializers.CharField(source="organization.name", read_only=True)),
        ("city", serializers.CharField(source="organization.city", read_only=True)),
        ("state", serializers.CharField(source="organization.state", read_only=True)),
        ("postcode", serializers.CharField(source="organization.postcode", read_only=True)),
        "planned_enrolled",
        "zone",
        "registry_status",
        "status",
    )
    create = ("country", "organization", "number", "planned_enrolled", "zone")
    edit = ("organization", "number", "planned_enrolled", "zone")
    filters = {"study": ["exact"], "country": ["exact"], "status": ["exact"], "number": ["exact"]}
    search = ("number", "organization__name", "organization__city")
    find_by = ("number",)
    find_words = ("organization__name", "organization__city", "country__nation__name")
    make_label = _("Add a site")
    order = ("study_id", "pk")
    related = ("study", "country__nation", "organization")
    template = "studies/place.html"

    @classmethod
    def extra_context(cls, request, record):
        panels = [panel for build in SITE_PANELS if (panel := build(request, record))]
        return {"panels": panels, "tiles": tiles_of(request, record)}


class CountriesAndSites(Listing):
    record, name, title = StudySiteRecord, "study-sites", "Sites"
    tab, tab_position, rail = "Countries and sites", 30, ("Sites", 20)
    columns = (
        Column("number", "Site"),
        Column("organization", sort="organization__name"),
        Column("organization__city", "City"),
        Column("country__nation", "Country", sort="country__nation__name"),
        Column("study", sort="study__protocol_number"),
        "planned_enrolled",
        "status",
    )
    more_columns = (
        Column("organization__state", "State"),
        Column("organization__postcode", "Postcode"),
        "zone",
        "registry_status",
    )
    filters = {"study": ["exact"], "status": ["exact"], "country": ["exact"]}
    bulk = ("qualify", "start_up")
    search = StudySiteRecord.search
    empty = "The sites of the study stand here. Clinical leads and project managers add them."


class Countries(Listing):
    record, name, title = StudyCountryRecord, "study-countries", "Countries"
    columns = (
        Column("nation", "Country", sort="nation__name"),
        Column("study", sort="study__protocol_number"),
        "planned_sites",
        "planned_enrolled",
        "status",
    )
    filters = {"study": ["exact"], "status": ["exact"]}
    search = ("nation__name",)


class ProtocolVersionRecord(Record):
    model, slug = ProtocolVersion, "protocol-versions"
    fields = ("study", "label", "dated", "stated_status", "status")
    api_fields = ("study", "label", "dated_on", "dated_precision", "stated_status", "status")
    create = ("study", "label", "dated_on")
    edit = ("label", "dated_on")
    add_permission = change_permission = "studies.change_plan"
    filters = {"study": ["exact"], "status": ["exact"]}
    order = ("study_id", "-pk")
    related = ("study",)


class ProtocolVersions(Listing):
    record, title = ProtocolVersionRecord, "Protocol versions"
    columns = ("label", Column("dated", "Dated", sort="dated_on"), "stated_status", "status")
    filters = {"study": ["exact"], "status": ["exact"]}


class AmendmentRecord(Record):
    model, slug, api_only = Amendment, "amendments", True
    fields = (
        "study",
        "number",
        "name",
        "summary",
        "reason",
        "substantial",
        "dated_on",
        "dated_precision",
        "sequence",
    )
    filters = {"study": ["exact"]}
    order = ("study_id", "sequence", "pk")


class ArmRecord(Record):
    model, slug, api_only = Arm, "arms", True
    fields = ("study", "sequence", "name", "label", "kind", "description", "retired")
    create = ("study", "sequence", "name", "label", "kind", "description")
    edit = ("sequence", "name", "label", "kind", "description", "retired")
    add_permission = change_permission = "studies.change_plan"
    filters = {"study": ["exact"], "retired": ["exact"]}
    order = ("study_id", "sequence", "pk")


class EpochRecord(Record):
    model, slug, api_only = Epoch, "epochs", True
    fields, create, edit = ArmRecord.fields, ArmRecord.create, ArmRecord.edit
    add_permission = change_permission = "studies.change_plan"
    filters, order = ArmRecord.filters, ArmRecord.order


class ActivityRecord(Record):
    model, slug, api_only = Activity, "activities", True
    fields = ("study", "sequence", "name", "label", "description", "group", "is_group", "retired")
    add_permission = change_permission = "studies.change_plan"
    filters, order = ArmRecord.filters, ArmRecord.order


class PlannedVisitRecord(Record):
    model, slug = PlannedVisit, "planned-visits"
    fields = (
        "study",
        "sequence",
        "name",
        "label",
        "epoch",
        "kind",
        "offset_days",
        "window_before_days",
        "window_after_days",
        "contact_modes",
        "settings",
        Column("activity_names", "Activities"),
        "protocol_version",
        "retired",
    )
    api_fields = (
        "study",
        "sequence",
        "name",
        "label",
        ("epoch", serializers.CharField(source="epoch.name", read_only=True, default=None)),
        ("epoch_id", serializers.IntegerField(read_only=True, allow_null=True)),
        "kind",
        "offset_days",
        "window_before_days",
        "window_after_days",
        "contact_modes",
        "settings",
        (
            "activities",
            serializers.ListField(child=serializers.CharField(), source="activity_names", read_only=True),
        ),
        ("activity_ids", serializers.ListField(child=serializers.IntegerField(), read_only=True)),
        "protocol_version",
        "retired",
    )
    create = (
        "study",
        "sequence",
        "name",
        "label",
        "epoch",
        "offset_days",
        "window_before_days",
        "window_after_days",
        "protocol_version",
    )
    edit = (
        "sequence",
        "name",
        "label",
        "epoch",
        "offset_days",
        "window_before_days",
        "window_after_days",
        "protocol_version",
        "retired",
    )
    add_permission = change_permission = "studies.change_plan"
    filters, order = ArmRecord.filters, ArmRecord.order
    related = ("study", "epoch", "protocol_version")

    @classmethod
    def rows(cls, user):
        crosses = PlannedVisitActivity.objects.visible_to(user).select_related("activity")
        return (
            super()
            .rows(user)
            .filter(retired=False)
            .prefetch_related(
                Prefetch(
                    "crosses", queryset=crosses.order_by("activity__sequence", "pk"), to_attr="shown_crosses"
                )
            )
        )


class Plan(Listing):
    record, name, title = PlannedVisitRecord, "planned-visits", "Schedule of visits"
    tab, tab_position = "Schedule", 27
    columns = (
        "name",
        "label",
        Column("epoch", sort="epoch__sequence"),
        Column("offset_days", "Day", number=True),
        Column("window", "Window (days)"),
        Column("activity_count", "Activities", number=True),
    )
    order = ("study_id", "sequence")
    filters = {"study": ["exact"], "epoch": ["exact"]}
    search = ("name", "label")
    empty = "The planned visits of the protocol stand here; they come in with a protocol file in USDM."


class OutcomeRecord(Record):
    model, slug, api_only = Outcome, "outcomes", True
    fields = ("study", "level", "sequence", "measure", "time_frame", "description", "retired")
    filters = {"study": ["exact"], "level": ["exact"]}
    order = ("study_id", "pk")


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
