"""What may happen to a consent."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.access.scoping import everything
from ctms.workflow.declare import Adopt, Transition, TransitionRefused, Workflow
from subjects.models import (
    Consent,
    ConsentStatus,
)
from subjects.services.scheduling import schedule_visits

from .people import MOVE, ONGOING


def signed_on_a_day(consent, move):
    day, subject = move.happened_on, consent.subject
    ended = subject.ended_on or subject.screen_failed_on
    if ended and day > ended:
        raise TransitionRefused(_("The subject's participation had ended by then."))
    with everything("the consents of one subject"):
        first = Consent.objects.filter(
            subject=subject, status=ConsentStatus.SIGNED, signed_on=subject.consented_on
        )
        if subject.consented_on and day < subject.consented_on and first.exists():
            raise TransitionRefused(_("The day lies before the first consent; correct that one instead."))
    consent.signed_on = day


def plan_by_it(consent, move):
    """A consent to another protocol version brings the planned visits of the subject up to date."""
    if consent.protocol_version_id is None or consent.subject.status not in ONGOING:
        return
    # The effect runs before the consent is saved as signed: the schedule is made by the version it will state.
    schedule_visits(
        actor=move.actor,
        subject=consent.subject,
        on=move.happened_on,
        reason=move.reason or _("Consent to %(version)s") % {"version": consent.protocol_version},
        version_id=consent.protocol_version_id,
    )


class ConsentFlow(Workflow):
    model, first = Consent, ConsentStatus.REQUIRED
    tones = {
        ConsentStatus.REQUIRED: "amber",
        ConsentStatus.SIGNED: "green",
        ConsentStatus.NOT_APPLICABLE: "grey",
        ConsentStatus.VOIDED: "grey",
    }

    sign = Transition(
        "Record as signed",
        ConsentStatus.REQUIRED,
        ConsentStatus.SIGNED,
        MOVE,
        happened=gettext_lazy("Signed on"),
        effects=(signed_on_a_day, plan_by_it),
    )
    set_aside = Transition(
        "Mark not applicable",
        ConsentStatus.REQUIRED,
        ConsentStatus.NOT_APPLICABLE,
        MOVE,
        needs_reason=True,
        explanation=gettext_lazy("Off the study, or the ethics committee asks for none."),
        rare=True,
    )
    require = Transition(
        "Require again",
        ConsentStatus.NOT_APPLICABLE,
        ConsentStatus.REQUIRED,
        MOVE,
        needs_reason=True,
        rare=True,
    )
    void = Transition(
        "Void consent",
        (ConsentStatus.REQUIRED, ConsentStatus.SIGNED),
        ConsentStatus.VOIDED,
        MOVE,
        needs_reason=True,
        explanation=gettext_lazy(
            "A mistake in recording. A consent that was withdrawn is the subject's withdrawal."
        ),
        rare=True,
    )
    adopt = Adopt("Taken over", (ConsentStatus.SIGNED,), "subjects.import_subjects")
