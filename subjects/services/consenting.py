"""Consents: the first, those after an amendment, and what is still to be signed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ctms.access.explain import permit
from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.workflow.engine import perform
from subjects.models import Consent, ConsentStatus, SubjectStatus


def record_consent(*, actor, subject, form_version="", protocol_version=None, signed_on=None, reason=""):
    """
    Record that a subject signed a form, or, without a day, that it must sign one.

    The first consent of a pre-screened subject brings it into screening; a later one under another protocol
    version brings its planned visits up to date.

    :raises ValidationError: with the field it belongs to
    """
    permit(actor, "subjects.move_subject", subject)
    if protocol_version is not None and protocol_version.study_id != subject.study_id:
        raise ValidationError({"protocol_version": _("This is a version of another study's protocol.")})
    first = subject.status == SubjectStatus.PRE_SCREENED
    if first and signed_on is None:
        raise ValidationError({"signed_on": _("Give the day the first consent was signed.")})
    with acting_as(actor, reason=reason):
        consent = Consent(subject=subject, form_version=form_version, protocol_version=protocol_version)
        consent.full_clean()
        consent.save()
        if first:
            # The move signs the consent that is there, and makes one only where there is none.
            perform(subject, "consent", actor=actor, happened_on=signed_on)
        elif signed_on is not None:
            perform(consent, "sign", actor=actor, happened_on=signed_on)
        with everything("the consent that was just written"):
            return Consent.objects.select_related("subject", "site").get(pk=consent.pk)


def sign_first_consent(*, actor, subject, on):
    """Sign the consent a subject has to sign; where none is recorded, one whose version is not stated."""
    with acting_as(actor), everything("the first consent of one subject"):
        waiting = (
            Consent.objects.filter(subject=subject, status=ConsentStatus.REQUIRED).order_by("pk").first()
        )
        if waiting is None:
            waiting = Consent.objects.create(subject=subject)
        perform(waiting, "sign", actor=actor, happened_on=on)


def void_consents(*, actor, subject, reason):
    """Take back every consent of a subject whose consent never was."""
    with everything("the consents of one subject"):
        for consent in list(Consent.objects.filter(subject=subject, status=ConsentStatus.SIGNED)):
            perform(consent, "void", actor=actor, reason=reason)


def correct_first_consent(*, actor, subject, on, reason):
    """Void the first consent with its wrong day and record it anew with the right one."""
    with everything("the first consent of one subject"):
        first = (
            Consent.objects.filter(subject=subject, status=ConsentStatus.SIGNED)
            .order_by("signed_on", "pk")
            .first()
        )
        values: dict[str, Any] = {"form_version": "", "protocol_version": None}
        if first is not None:
            values = {"form_version": first.form_version, "protocol_version": first.protocol_version}
            perform(first, "void", actor=actor, reason=reason)
        perform(Consent.objects.create(subject=subject, **values), "sign", actor=actor, happened_on=on)
