"""Register a subject, record its visits, move it to another site."""

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from ctms.access.explain import permit_at
from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import perform
from studies.models import OPEN_SITES
from subjects.models import (
    Allocation,
    Consent,
    ConsentStatus,
    Subject,
    SubjectStatus,
    SubjectTransfer,
    SubjectVisit,
    SubjectVisitStatus,
    VisitKind,
)

from .consenting import record_consent

NOT_AGAIN = (SubjectStatus.DIED,)


def add_subject(*, actor, site, number, consented_on=None, form_version="", protocol_version=None, **fields):
    """
    Register a subject at a site under its number as in the EDC, pre-screened or with its first consent.

    :param fields: screening_number, randomisation_number, sex, age_at_consent, screened_before_as
    :raises ValidationError: with the field it belongs to
    """
    permit_at(actor, "subjects.add_subject", site.place())
    former = fields.get("screened_before_as")
    subject = Subject(site=site, number=number.strip(), **fields)
    subject.fill_place()
    if former is not None and (
        former.study_id != subject.study_id or former.status != SubjectStatus.SCREEN_FAILED
    ):
        raise ValidationError(
            {"screened_before_as": _("Only a screen failure of the same study is screened again.")}
        )
    with acting_as(actor):
        subject.full_clean()
        subject.save()
        if consented_on is not None:
            try:
                record_consent(
                    actor=actor,
                    subject=subject,
                    form_version=form_version,
                    protocol_version=protocol_version,
                    signed_on=consented_on,
                )
            except TransitionRefused as refused:
                raise ValidationError({"consented_on": refused.sentence}) from refused
    with everything("the subject that was just written"):
        return Subject.objects.get(pk=subject.pk)


def add_visit(*, actor, subject, name, occurred_on, reason=""):
    """Record an unscheduled visit that took place."""
    permit_at(actor, "subjects.record_subjectvisit", subject.place())
    with acting_as(actor, reason=reason):
        visit = SubjectVisit(subject=subject, site=subject.site, name=name, kind=VisitKind.UNSCHEDULED)
        visit.full_clean()
        visit.save()
        try:
            return perform(visit, "occur", actor=actor, happened_on=occurred_on)
        except TransitionRefused as refused:
            raise ValidationError({"occurred_on": refused.sentence}) from refused


def transfer_subject(*, actor, subject, to_site, transferred_on, reason):
    """
    Move a subject to another site of its study: number and past visits stay, what is planned goes along.

    Consents and the allocation follow the subject, so that the new site's people read them; a consent at the new
    site is required.
    """
    permit_at(actor, "subjects.move_subject", subject.place())
    permit_at(actor, "subjects.move_subject", to_site.place())
    if sentence := _why_no_transfer(subject, to_site, transferred_on):
        raise ValidationError({"to_site": sentence})
    with acting_as(actor, reason=reason), everything("what belongs to the subject goes along"):
        transfer = SubjectTransfer(
            subject=subject, from_site=subject.site, to_site=to_site, transferred_on=transferred_on, reason=reason
        )  # fmt: skip
        transfer.full_clean()
        locked = Subject.objects.select_for_update(of=("self",)).get(pk=subject.pk)
        locked.site = to_site
        locked.save()
        transfer.save()
        for part in (Consent, Allocation):  # their places are the subject's: the trigger takes them over
            part.objects.filter(subject=subject).update(version=F("version"))
        SubjectTransfer.objects.filter(subject=subject).exclude(pk=transfer.pk).update(subject=F("subject"))
        planned = SubjectVisit.objects.filter(subject=subject, status=SubjectVisitStatus.PLANNED)
        planned.update(site=to_site)
        _require_consent_there(locked, to_site)
    return transfer


def _require_consent_there(subject, site):
    """The form of the new site is to be signed, unless the subject signed it before (practice.md)."""
    version = _("Form of site %(number)s") % {"number": site.number}
    standing = Consent.objects.filter(subject=subject, form_version=version).exclude(
        status=ConsentStatus.VOIDED
    )
    if subject.status != SubjectStatus.PRE_SCREENED and not standing.exists():
        Consent.objects.create(subject=subject, form_version=version)


def _why_no_transfer(subject, to_site, on):
    if to_site.study_id != subject.study_id:
        return _("This is a site of another study.")
    if to_site.pk == subject.site_id:
        return _("The subject is at this site already.")
    if to_site.status not in OPEN_SITES:
        return _("The site does not treat subjects: it is %(state)s.") % {
            "state": to_site.get_status_display().lower()
        }
    if subject.status in (SubjectStatus.SCREEN_FAILED, SubjectStatus.DIED, SubjectStatus.COMPLETED):
        return _("The subject is %(state)s; there is nothing left to do at another site.") % {
            "state": subject.get_status_display().lower()
        }
    if subject.consented_on and on < subject.consented_on:
        return _("The day lies before the consent.")
    return ""
