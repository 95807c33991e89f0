"""Studies, countries and sites, as lists and one by one."""

from django import forms
from django.db.models import Case, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ctms.access.parts import SeenWithRecord
from ctms.api.shapes import OfFirst
from ctms.pages.columns import Column
from ctms.pages.forms import AskedOnRefusal
from ctms.pages.frame import PLACE_PAGES
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from directory.models import Organization, OrganizationKind
from studies.models import (
    OPEN_SITES,
    IdentifierKind,
    Study,
    StudyCountry,
    StudyIdentifier,
    StudySite,
)
from studies.services.opening import open_study

from .carrying import CarriedFilters
from .overview import Tile, overview_of, panels_of, tiles_of
from .protocol import version_url

PLACE_PAGES.append((80, "team", _("Team"), "studies.view_team"))

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
STANDING = ("status", "hold", "registry_status", "stopped_because")


class IdentifierShape(serializers.Serializer):
    kind = serializers.CharField()
    value = serializers.CharField()


class SponsorField(forms.ModelChoiceField):
    """A choice among organizations: sponsors first, and behind them whoever else may sponsor a study of their own."""

    def __init__(self):
        super().__init__(Organization.objects.all(), label=_("Sponsor"), required=False)

    def narrow(self, user, study=None):
        is_other = Case(When(kind=OrganizationKind.SPONSOR, then=0), default=1)
        return Organization.objects.order_by(is_other, "name", "pk")

    def label_from_instance(self, obj):
        return str(obj) if obj.kind == OrganizationKind.SPONSOR else f"{obj} · {obj.get_kind_display()}"


class StudyRecord(Record):
    model, slug = Study, "studies"
    fields = (
        *IDENTITY,
        *CLASSIFICATION,
        *SCALE,
        *(Column(name, inside=True) for name in TERMS),
        *STANDING,
    )
    api_fields = (
        *IDENTITY,
        *CLASSIFICATION,
        *SCALE,
        *TERMS,
        *STANDING,
        ("sponsor_name", serializers.CharField(source="sponsor.name", read_only=True, default=None)),
        ("identifiers", IdentifierShape(many=True, read_only=True, source="shown_identifiers")),
        ("nct_id", OfFirst("identifiers", "value", among=("kind", IdentifierKind.NCT), otherwise="")),
    )
    create = ("protocol_number", "short_name", "title", "sponsor", "phase", "study_type", "therapeutic_area")
    create_extra = {
        "sponsor": SponsorField(),
        "same_number": AskedOnRefusal(label=_("This is a second study with this protocol number")),
    }
    api_create_extra = {
        "same_number": serializers.BooleanField(
            required=False,
            write_only=True,
            help_text="True: it is known that a study of another sponsor has this protocol number.",
        )
    }
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
        identifiers = SeenWithRecord(StudyIdentifier, "study", "kind", "value")
        return super().rows(user).prefetch_related(identifiers)

    @classmethod
    def extra_context(cls, request, record):
        return {
            **overview_of(request.user, record),
            "country_url": country_url(request, record),
            "version_url": version_url(request.user, record, back=request.path),
            "tiles": tiles_of(request, record),
            "panels": panels_of(request, record),
        }


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
    under = "study-sites"
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
    make_label = _("Add a country")
    template = "studies/place.html"

    @classmethod
    def extra_context(cls, request, record):
        tiles = [country_sites_tile(request.user, record), *tiles_of(request, record)]
        return {"tiles": tiles, "panels": panels_of(request, record)}


def country_sites_tile(user, country):
    """How many of a country's sites are open, of those it has."""
    states = StudySite.objects.visible_to(user).filter(country=country).values_list("status", flat=True)
    opened = sum(status in OPEN_SITES for status in states)
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
        return {"panels": panels_of(request, record), "tiles": tiles_of(request, record)}


class CountriesAndSites(Listing):
    record, name, title = StudySiteRecord, "study-sites", "Sites"
    tab, tab_position, rail = "Sites", 30, ("Sites", 20)
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
    below = {"directory.Organization": "organization"}
    bulk = ("qualify", "start_up")
    search = StudySiteRecord.search
    empty = (
        "The sites stand here, each in a country of its study. Clinical leads and project managers add them."
    )
    template = "studies/sites.html"

    @classmethod
    def extra_context(cls, request, place):
        if not isinstance(place, Study):
            return {}
        url = country_url(request, place)
        has_country = StudyCountry.objects.visible_to(request.user).filter(study=place).exists()
        # No site without a country: a study begins with its first.
        first = (StudyCountryRecord.label_of_making(), url) if url and not has_country else None
        return {"country_url": url, "empty_first": first}


class SiteFilters(CarriedFilters, CountriesAndSites.filterset):
    """The sites one monitor carries, beside what a list of sites is narrowed by."""

    site_path = "pk"


CountriesAndSites.filterset = SiteFilters


def country_url(request, study):
    """Return the address of the form that adds a country to a study, or '' for who may not."""
    may_make = StudyCountryRecord.may_make_at(request.user, study)
    return StudyCountryRecord.making_url(study=study.pk, back=request.get_full_path()) if may_make else ""


class Countries(Listing):
    record, name, title = StudyCountryRecord, "study-countries", "Countries"
    tab, tab_position, tab_at = "Countries", 31, ("Study",)
    empty = "The countries of the study stand here; its sites lie in them. Project managers add them."
    columns = (
        Column("nation", "Country", sort="nation__name"),
        Column("study", sort="study__protocol_number"),
        "planned_sites",
        "planned_enrolled",
        "status",
    )
    filters = {"study": ["exact"], "status": ["exact"]}
    search = ("nation__name",)
