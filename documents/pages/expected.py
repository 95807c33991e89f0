"""What is expected in the file, by which rules, and where the file is kept."""

import django_filters
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from ctms.pages.columns import Column, ShownTerm, TermColumn
from ctms.pages.frame import PLACE_PAGES
from ctms.pages.listing import Listing
from ctms.pages.record import RECORDS, Record
from documents import services
from documents.calculations import SETTLED, days_late
from documents.forms import ArtifactField
from documents.models import (
    OUTSTANDING,
    ExpectationRule,
    ExpectedDocument,
    StudyExpectation,
    TmfPlace,
)
from studies.models import Study
from studies.pages import PLACE_TILES, Tile

from .documents import PLACE, expiry_tile
from .reference import zones

PLACE_PAGES.append((61, "tmf", gettext_lazy("TMF"), "documents.view_expecteddocument"))


class DueColumn(TermColumn):
    """The due day, and by how many days it is late today; settled ones only say the day."""

    def value(self, record):
        if record.due_on is None:
            return None
        day = record.due_on.strftime("%-d %b %Y")
        if late := days_late(record.status, record.due_on, timezone.localdate()):
            if record.expired_on:
                said = record.expired_on.strftime("%-d %b %Y")
                sentence = _("What was there expired on %(day)s") % {"day": said}
                return ShownTerm(_("expired, %(n)d d late") % {"n": late}, "late", sentence)
            return ShownTerm(_("%(n)d d late") % {"n": late}, "late", _("Was due on %(day)s") % {"day": day})
        pace = "done" if record.status in SETTLED else "on-time"
        return ShownTerm(day, pace, _("Due on %(day)s") % {"day": day})


class ExpectedRecord(Record):
    model, slug = ExpectedDocument, "expected-documents"
    fields = (
        Column("name", "Document"),
        "artifact",
        "level",
        "study",
        "country",
        "site",
        DueColumn("due_on", "Due on", sort="due_on"),
        "expired_on",
        "number_expected",
        "gate",
        "filed_system",
        "filed_number",
        "filed_on",
        "added_by",
        "unblinded",
        "status",
    )
    api_fields = (
        "study",
        "country",
        "site",
        "level",
        "artifact",
        ("artifact_number", serializers.CharField(source="artifact.number", read_only=True)),
        "label",
        "source",
        "gate",
        "number_expected",
        "due_on",
        "expired_on",
        "filed_system",
        "filed_number",
        "filed_on",
        "unblinded",
        "status",
    )
    create = ("study", "country", "site", "artifact", "label", "number_expected", "due_on", "gate")
    create_extra = {"artifact": ArtifactField(label=gettext_lazy("Artifact"))}
    create_with = staticmethod(services.expect_by_hand)
    add_permission = "documents.change_expecteddocument"
    edit = ("label", "due_on", "number_expected", "gate", "filed_system", "filed_number", "filed_on")
    edit_while = OUTSTANDING
    filters = {
        "study": ["exact"],
        "country": ["exact"],
        "site": ["exact"],
        "artifact": ["exact"],
        "level": ["exact"],
        "gate": ["exact"],
        "status": ["exact"],
        "due_on": ["gte", "lte", "lt"],
    }
    search = ("label", "artifact__number", "artifact__name", "site__number")
    find_by = ("artifact__number",)
    find_words = ("label", "artifact__name", "site__number")
    numerous = True
    named_with = ("artifact", "study", "country__nation", "site__organization")
    related = (*PLACE, "artifact__reference_model", "added_by", "rule")
    template = "documents/expected.html"

    @classmethod
    def extra_context(cls, request, record):
        here = services.tmf_is_here(record.study_id)
        outstanding = record.status in OUTSTANDING
        return {
            "documents": services.standing_of(record, request.user),
            "may_upload": outstanding and here and request.user.has_perm("documents.add_document", record),
            "tmf_place": services.tmf_place_of(record.study_id),
        }


class ExpectedDocuments(Listing):
    record, title = ExpectedRecord, "Expected documents"
    tab, tab_position, rail = "Expected", 62, ("Documents", 52)
    template = "documents/expected_documents.html"
    columns = (
        Column("name", "Document", sort="label"),
        Column("artifact__number", "Artifact"),
        Column("study", sort="study__protocol_number"),
        Column("country__nation", "Country", sort="country__nation__name"),
        Column("site__number", "Site"),
        DueColumn("due_on", "Due on", sort="due_on"),
        "gate",
        "status",
    )
    more_columns = (
        "level",
        "expired_on",
        "number_expected",
        "filed_system",
        "filed_number",
        "filed_on",
        "added_by",
    )
    bulk = ("set_aside", "expect_again")
    filters = {
        "study": ["exact"],
        "status": ["exact"],
        "level": ["exact"],
        "gate": ["exact"],
        "due_on": ["gte", "lte"],
    }
    search = ExpectedRecord.search
    order = ("due_on", "artifact__number")
    empty = (
        "What is to be in the file stands here as soon as what makes it due has happened: a country begins, a site is "
        "selected, a visit is conducted."
    )


class ExpectedFilters(ExpectedDocuments.filterset):
    """How a row stands today, and its zone: what the numbers of the TMF page open."""

    standing = django_filters.ChoiceFilter(
        label=gettext_lazy("How it stands"),
        method="by_standing",
        choices=[
            ("late", gettext_lazy("Late")),
            ("due", gettext_lazy("Due by today")),
            ("settled", gettext_lazy("Due and settled")),
            ("open", gettext_lazy("Outstanding")),
            ("expired", gettext_lazy("Expired and not renewed")),
        ],
    )
    zone = django_filters.ChoiceFilter(
        label=gettext_lazy("Zone"), field_name="artifact__zone_number", choices=[]
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.filters["zone"].extra["choices"] = zones()

    def by_standing(self, rows, _name, value):
        today = timezone.localdate()
        return {
            "late": lambda: rows.filter(Q(due_on__lt=today) & Q(status__in=OUTSTANDING)),
            "due": lambda: rows.filter(due_on__lt=today),
            "settled": lambda: rows.filter(Q(due_on__lt=today) & Q(status__in=SETTLED)),
            "open": lambda: rows.filter(status__in=OUTSTANDING),
            "expired": lambda: rows.filter(status__in=OUTSTANDING, expired_on__isnull=False),
        }[value]()


ExpectedDocuments.filterset = ExpectedFilters


class RuleRecord(Record):
    model, slug = ExpectationRule, "expectation-rules"
    fields = (
        Column("key", "Rule"),
        "edition",
        "event",
        "artifact_number",
        "label",
        "gate",
        "number_expected",
        "due_days",
        "in_countries",
        "not_in_countries",
        "phases",
        "masking",
        "investigational_new_drug",
        "optional",
        "unblinded",
        "retired",
    )
    filters = {"event": ["exact"], "gate": ["exact"], "retired": ["exact"]}
    search = ("key", "label", "artifact_number")
    order = ("key", "edition", "pk")


class Rules(Listing):
    record, title, rail = RuleRecord, "Expected list rules", ("Administration", 92)
    columns = (
        Column("key", "Rule"),
        "event",
        "artifact_number",
        "due_days",
        "gate",
        "in_countries",
        "not_in_countries",
        "optional",
    )
    filters = {"event": ["exact"], "gate": ["exact"]}
    search = RuleRecord.search
    order = ("event", "artifact_number", "key")


class StudyExpectationRecord(Record):
    model, slug = StudyExpectation, "study-expectations"
    under = "expected-documents"
    fields = ("study", "rule_key", "wanted", "why")
    create = ("study", "rule_key", "wanted", "why")
    create_with = staticmethod(services.ask_otherwise)
    add_permission = change_permission = "documents.change_expecteddocument"
    edit = ("wanted", "why")
    filters = {"study": ["exact"]}
    related = ("study",)

    @classmethod
    def one(cls):
        return _("wish of the study")


class StudyExpectations(Listing):
    record, title = StudyExpectationRecord, "What studies ask otherwise"
    columns = ("rule_key", Column("study", sort="study__protocol_number"), "wanted", "why")
    filters = {"study": ["exact"]}
    order = ("study", "rule_key")
    empty = (
        "Studies follow the house's list. A study that wants letters expected, or a paper not, says so here."
    )


class TmfPlaceRecord(Record):
    model, slug = TmfPlace, "tmf-places"
    under = "tmf"
    fields = ("study", "home", "system", "starts_on")
    create = ("study", "home", "system", "starts_on")
    edit = ("home", "system", "starts_on")
    add_permission = change_permission = "documents.change_tmfplace"
    filters = {"study": ["exact"], "home": ["exact"]}
    related = ("study",)


class TmfPlaces(Listing):
    record, title = TmfPlaceRecord, "Where the files are kept"
    columns = (
        Column("__str__", "Kept", sort="home"),
        Column("study", sort="study__protocol_number"),
        "starts_on",
    )
    filters = {"study": ["exact"], "home": ["exact"]}
    order = ("-starts_on",)
    empty = "The trial master file of every study is kept here until it is said otherwise."


def completeness_tile(request, place):
    """How complete the trial master file is, for whoever sees what is expected."""
    if not request.user.has_perm("documents.view_expecteddocument", place):
        return None
    _by_zone, total = services.completeness_of(request.user, place, timezone.localdate())
    if isinstance(place, Study):
        url = reverse("study-tmf", args=[place.pk])
    else:
        url = f"{RECORDS[place._meta.label].url(place, 'expected-documents')}?standing=due"
    return Tile(str(total), _("documents due by today are there or do not apply"), url, late=total.late > 0)


PLACE_TILES += [completeness_tile, expiry_tile]
