"""What is seen of subjects. Arm and kit stand on the page of an allocation and nowhere else."""

from dataclasses import dataclass

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ctms.access.access import access_of
from ctms.api.records import VisibleRelatedField
from ctms.pages.columns import Column
from ctms.pages.frame import PLACE_PAGES, RAIL_ICONS
from ctms.pages.listing import Listing
from ctms.pages.record import RECORDS, Record
from studies.models import ProtocolVersion
from studies.pages import PLACE_TILES, Tile

from . import services
from .calculations import Standing, standing_on
from .models import (
    Allocation,
    Consent,
    ConsentStatus,
    Subject,
    SubjectStatus,
    SubjectTransfer,
    SubjectVisit,
    SubjectVisitStatus,
)
from .services.enrolment import enrolled_at
from .services.enrolment_counts import DEFINITIONS

RAIL_ICONS["Subjects"] = "user"
PLACE_PAGES.append((41, "enrolment", _("Enrolment"), "subjects.view_subject", "Study", "StudyCountry"))
PLACE = ("study__sponsor", "site__organization", "site__country__nation", "country__nation")
OF_SUBJECT = (*PLACE, "subject__site__organization", "subject__study")
CIRCLE_ONLY = _("What subjects were allocated to stands here for those who may know it.")


def day_field(label, **options):
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


def visits_of(user, subject, on):
    """Return [(visit, Standing)] of a subject as far as the person sees them, in the order of their days."""
    visits = (
        SubjectVisit.objects.visible_to(user)
        .filter(subject=subject)
        .exclude(status=SubjectVisitStatus.VOIDED)
    )
    rows = [(visit, standing_on(visit, on)) for visit in visits.select_related("site", "planned_visit")]
    return sorted(rows, key=lambda row: _place_in_time(row[0]))


def _place_in_time(visit):
    day = visit.occurred_on or visit.target_on
    sequence = visit.planned_visit.sequence if visit.planned_visit else 0
    return (day is None, day or timezone.localdate(), sequence, visit.pk)


def next_due(visits):
    """Return the planned visit that comes next, with how it stands; None when nothing is planned."""
    planned = (row for row in visits if row[0].status == SubjectVisitStatus.PLANNED and row[0].target_on)
    return next(planned, None)


class SubjectRecord(Record):
    model, slug = Subject, "subjects"
    fields = (
        "study",
        "site",
        "number",
        "screening_number",
        "randomisation_number",
        "screened_before_as",
        "sex",
        "age_at_consent",
        "consented_on",
        "screen_failed_on",
        "screen_failure_reason",
        "randomised_on",
        "first_dose_on",
        "treatment_ended_on",
        "treatment_end_reason",
        "ended_on",
        "end_reason",
        "enrolled_on",
        "status",
    )
    api_fields = (
        "study",
        "country",
        "site",
        ("site_number", serializers.CharField(source="site.number", read_only=True)),
        *fields[2:],
    )
    create = ("site", "number", "sex", "age_at_consent", "screening_number", "screened_before_as")
    create_extra = {
        "consented_on": day_field(
            _("Consent signed on"),
            required=False,
            help_text=_("Empty while the subject is only pre-screened."),
        ),
        "form_version": forms.CharField(label=_("Consent form version"), max_length=60, required=False),
        "protocol_version": forms.ModelChoiceField(
            ProtocolVersion.objects.all(), label=_("Protocol version"), required=False
        ),
    }
    api_create_extra = {
        "consented_on": serializers.DateField(required=False, allow_null=True),
        "form_version": serializers.CharField(required=False, allow_blank=True, max_length=60),
        "protocol_version": VisibleRelatedField(
            queryset=ProtocolVersion.objects.all(), required=False, allow_null=True
        ),
    }
    create_with = staticmethod(services.add_subject)
    edit = ("number", "screening_number", "randomisation_number", "sex", "age_at_consent")
    filters = {
        "study": ["exact"],
        "country": ["exact"],
        "site": ["exact"],
        "status": ["exact"],
        "number": ["exact"],
        "consented_on": ["gte", "lte"],
        "enrolled_on": ["gte", "lte"],
        "screen_failed_on": ["gte", "lte"],
    }
    search = ("number", "screening_number", "randomisation_number", "site__number")
    find_by = ("number", "screening_number", "randomisation_number")
    find_words = ("site__number",)
    make_label = _("Register a subject")
    order = ("study_id", "number", "pk")
    related = (*PLACE, "screened_before_as")
    template = "subjects/subject.html"
    parts = (("subjects.Consent", "subject"), ("subjects.SubjectTransfer", "subject"))

    @classmethod
    def extra_context(cls, request, record):
        user, today = request.user, timezone.localdate()
        visits = visits_of(user, record, today)
        consents = Consent.objects.visible_to(user).filter(subject=record)
        consents = list(consents.select_related("protocol_version").order_by("-signed_on", "-pk"))
        return {
            "consent_missing": record.status != SubjectStatus.PRE_SCREENED
            and not any(consent.status == ConsentStatus.SIGNED for consent in consents),
            "visits": visits,
            "next_due": next_due(visits),
            "may_record": user.has_perm("subjects.record_subjectvisit", record),
            "may_move": user.has_perm("subjects.move_subject", record),
            "consents": consents,
            "transfers": SubjectTransfer.objects.visible_to(user)
            .filter(subject=record)
            .select_related("from_site__organization", "to_site__organization")
            .order_by("pk"),
            # Only those in the circle get a row; nobody else is told that there could be one.
            "allocation": Allocation.objects.visible_to(user).filter(subject=record).first(),
        }


class Subjects(Listing):
    record, title = SubjectRecord, "Subjects"
    tab, tab_position, rail = "Subjects", 40, ("Subjects", 30)
    template = "subjects/subjects.html"
    columns = (
        Column("number", "Subject"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        "consented_on",
        "screen_failed_on",
        "randomised_on",
        "first_dose_on",
        "ended_on",
        "status",
    )
    more_columns = (
        Column("country__nation", "Country", sort="country__nation__name"),
        "screening_number",
        "randomisation_number",
        "sex",
        "age_at_consent",
        "screen_failure_reason",
        "treatment_ended_on",
        "treatment_end_reason",
        "end_reason",
        "enrolled_on",
    )
    filters = {
        "study": ["exact"],
        "site": ["exact"],
        "status": ["exact"],
        "consented_on": ["gte", "lte"],
        "enrolled_on": ["gte", "lte"],
        "screen_failed_on": ["gte", "lte"],
    }
    search = SubjectRecord.search
    empty = (
        "The subjects stand here under their numbers, never by name. CRAs and clinical leads register them, or bring "
        "them from a file."
    )


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


class ConsentRecord(Record):
    model, slug = Consent, "consents"
    fields = ("study", "site", "subject", "form_version", "protocol_version", "signed_on", "status")
    api_fields = ("study", "country", *fields[1:])
    create = ("subject", "form_version", "protocol_version")
    create_extra = {
        "signed_on": day_field(
            _("Signed on"), required=False, help_text=_("Empty where the subject has yet to sign.")
        )
    }
    api_create_extra = {"signed_on": serializers.DateField(required=False, allow_null=True)}
    create_with = staticmethod(services.record_consent)
    add_permission = change_permission = "subjects.move_subject"
    filters = {
        "study": ["exact"],
        "site": ["exact"],
        "subject": ["exact"],
        "status": ["exact"],
        "protocol_version": ["exact"],
    }
    search = ("subject__number", "form_version")
    order = ("study_id", "subject_id", "pk")
    related = (*OF_SUBJECT, "protocol_version")


class Consents(Listing):
    record, title, rail = ConsentRecord, "Consents", ("Subjects", 32)
    columns = (
        Column("subject", "Subject", sort="subject__number"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        "form_version",
        "protocol_version",
        "signed_on",
        "status",
    )
    filters = {"study": ["exact"], "site": ["exact"], "status": ["exact"]}
    search = ConsentRecord.search
    empty = "Which form each subject signed, and who is still to sign a new one, stands here."


class AllocationRecord(Record):
    model, slug = Allocation, "allocations"
    fields = ("study", "site", "subject", "arm", "arm_label", "kit_number", "allocated_on", "unblinded")
    api_fields = ("study", "country", *fields[1:])
    create = ("subject", "arm", "arm_label", "kit_number", "allocated_on")
    edit = ("arm", "arm_label", "kit_number", "allocated_on")
    create_with = staticmethod(services.record_allocation)
    add_permission = change_permission = "subjects.record_allocation"
    filters = {"study": ["exact"], "site": ["exact"], "subject": ["exact"]}
    search = ("subject__number",)
    order = ("study_id", "subject_id", "pk")
    related = (*OF_SUBJECT, "arm")


class Allocations(Listing):
    record, title = AllocationRecord, "Allocations"
    columns = (
        Column("subject", "Subject", sort="subject__number"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        "arm",
        "arm_label",
        "kit_number",
        "allocated_on",
    )
    filters = {"study": ["exact"], "site": ["exact"]}
    search = AllocationRecord.search
    empty = CIRCLE_ONLY


class SubjectTransferRecord(Record):
    model, slug = SubjectTransfer, "subject-transfers"
    fields = ("study", "subject", "from_site", "to_site", "transferred_on", "reason")
    api_fields = ("study", "country", "site", *fields[1:])
    create = ("subject", "to_site", "transferred_on", "reason")
    create_with = staticmethod(services.transfer_subject)
    add_permission = change_permission = "subjects.move_subject"
    filters = {"study": ["exact"], "subject": ["exact"], "from_site": ["exact"], "to_site": ["exact"]}
    order = ("study_id", "pk")
    related = (*OF_SUBJECT, "from_site__organization", "to_site__organization")


class SubjectTransfers(Listing):
    record, title = SubjectTransferRecord, "Transfers of subjects"
    columns = (
        Column("subject", "Subject", sort="subject__number"),
        Column("study", sort="study__protocol_number"),
        Column("from_site", sort="from_site__number"),
        Column("to_site", sort="to_site__number"),
        "transferred_on",
        "reason",
    )
    filters = {"study": ["exact"]}
    search = ("subject__number",)
    empty = "A subject that goes on at another site is written down here; its number stays."


def enrolment_tile(request, place):
    """How many subjects a place has, for whoever may know; the number opens them for whoever sees subjects."""
    today = timezone.localdate()
    enrolled = enrolled_at(user=request.user, place=place, on=today)
    if enrolled is None:
        return None
    # Beside the plan of a place stands the number of the whole place and not that of somebody's sites.
    whole = access_of(request.user).allows_at("subjects.view_enrolment", place.place())
    words = _("subjects enrolled") if whole else _("subjects enrolled at your sites")
    if whole and place.planned_enrolled:
        words = _("subjects enrolled of %(n)d planned") % {"n": place.planned_enrolled}
    sees_rows = request.user.has_perm("subjects.view_subject", place)
    rows = f"{RECORDS[place._meta.label].url(place, 'subjects')}?enrolled_on__lte={today.isoformat()}"
    return Tile(str(enrolled), words, rows if sees_rows else "", str(DEFINITIONS["enrolled"]))


PLACE_TILES.append(enrolment_tile)
