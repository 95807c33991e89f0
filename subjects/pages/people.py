"""Subjects by their numbers, as a list and one by one."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ctms.api.serializers import VisibleRelatedField
from ctms.pages.columns import Column
from ctms.pages.frame import RAIL_ICONS
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from studies.models import ProtocolVersion
from subjects import services
from subjects.calculations import standing_on
from subjects.models import (
    Allocation,
    Consent,
    ConsentStatus,
    Subject,
    SubjectStatus,
    SubjectTransfer,
    SubjectVisit,
    SubjectVisitStatus,
)

from .places import PLACE, day_field

RAIL_ICONS["Subjects"] = "user"


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
    named_with = ()
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
