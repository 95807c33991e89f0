"""What may happen to a contact with a site, and to a waiver of something its activation asks."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.signatures.models import Meaning
from ctms.workflow.declare import Transition, Workflow
from studies.models import SiteStatus

from . import services
from .models import ActivationWaiver, ContactStatus, SiteContact, WaiverStatus


class ContactFlow(Workflow):
    model, first = SiteContact, ContactStatus.RECORDED
    frozen = (ContactStatus.FILED, ContactStatus.VOIDED)
    tones = {ContactStatus.FILED: "green", ContactStatus.VOIDED: "red"}

    file = Transition(
        "File as relevant communication",
        ContactStatus.RECORDED,
        ContactStatus.FILED,
        "sites.change_contact",
        # Whoever keeps the trial master file takes up the promise.
        jobs=("sites.file_contact",),
        explanation=gettext_lazy(
            "It is filed as PDF under 05.05.01 of the trial master file and never changes afterwards."
        ),
        rare=True,
    )
    void = Transition(
        "Void contact",
        (ContactStatus.RECORDED, ContactStatus.FILED),
        ContactStatus.VOIDED,
        "sites.change_contact",
        needs_reason=True,
        explanation=gettext_lazy(
            "It stays in the log, struck through. A filed document is voided in the file."
        ),
        rare=True,
    )


def site_is_not_released(waiver, actor):
    if waiver.site.status not in services.BEFORE_ACTIVATION:
        return _("The site is %(state)s: nothing is left to waive.") % {
            "state": SiteStatus(waiver.site.status).label.lower()
        }
    return None


def somebody_else_asked(waiver, actor):
    # Two people: nobody waives for themselves what they were to bring (practice.md, Green light).
    return (
        _("You asked for this waiver; somebody else approves it.") if waiver.asked_by_id == actor.pk else None
    )


class WaiverFlow(Workflow):
    model, first = ActivationWaiver, WaiverStatus.ASKED
    frozen = (WaiverStatus.APPROVED, WaiverStatus.DECLINED, WaiverStatus.WITHDRAWN)
    tones = {
        WaiverStatus.ASKED: "amber",
        WaiverStatus.APPROVED: "green",
        WaiverStatus.DECLINED: "red",
        WaiverStatus.WITHDRAWN: "grey",
    }

    approve = Transition(
        "Sign and approve waiver",
        WaiverStatus.ASKED,
        WaiverStatus.APPROVED,
        "sites.approve_waiver",
        guards=(somebody_else_asked, site_is_not_released),
        signature=Meaning.APPROVED,
        effects=(services.note_approver,),
        explanation=gettext_lazy(
            "You sign that the site may be released without this. It is shown with the green light for good."
        ),
    )
    decline = Transition(
        "Decline waiver",
        WaiverStatus.ASKED,
        WaiverStatus.DECLINED,
        "sites.approve_waiver",
        guards=(somebody_else_asked,),
        needs_reason=True,
    )
    withdraw = Transition(
        "Withdraw waiver",
        (WaiverStatus.ASKED, WaiverStatus.APPROVED),
        WaiverStatus.WITHDRAWN,
        "sites.ask_waiver",
        guards=(site_is_not_released,),
        needs_reason=True,
        rare=True,
    )
