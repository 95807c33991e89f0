"""What may happen to a study: its life cycle, and the holds beside it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ctms.workflow.declare import Adopt, Transition, Workflow
from studies.models import (
    HoldState,
    Milestone,
    ProtocolStatus,
    ProtocolVersion,
    SiteStatus,
    Study,
    StudySite,
    StudyStatus,
)


def has_an_active_site(study, actor):
    if not StudySite.objects.filter(study=study, status=SiteStatus.ACTIVE).exists():
        return _("No site of the study is active yet.")
    return None


def has_an_effective_protocol(study, actor):
    if not ProtocolVersion.objects.filter(study=study, status=ProtocolStatus.EFFECTIVE).exists():
        return _("The study has no effective protocol version.")
    return None


def every_site_is_closed(study, actor):
    finished = (SiteStatus.CLOSED, SiteStatus.DROPPED, SiteStatus.NOT_SELECTED)
    open_sites = StudySite.objects.filter(study=study).exclude(status__in=finished).count()
    if open_sites:
        sentence = ngettext("%(count)d site is not closed.", "%(count)d sites are not closed.", open_sites)
        return sentence % {"count": open_sites}
    return None


def every_milestone_is_settled(study, actor):
    open_milestones = Milestone.objects.filter(study=study).open().count()
    if open_milestones:
        sentence = ngettext(
            "%(count)d milestone has neither an actual date nor a reason why it does not apply.",
            "%(count)d milestones have neither an actual date nor a reason why they do not apply.",
            open_milestones,
        )
        return sentence % {"count": open_milestones}
    return None


class StudyFlow(Workflow):
    model, first, frozen = Study, StudyStatus.PLANNING, (StudyStatus.ARCHIVED,)
    tones = {
        StudyStatus.CLOSED: "green",
        StudyStatus.ARCHIVED: "green",
        StudyStatus.CANCELLED: "red",
    }

    start_up = Transition("Begin start-up", StudyStatus.PLANNING, StudyStatus.START_UP, "studies.move_study")
    open_recruitment = Transition(
        "Open recruitment",
        StudyStatus.START_UP,
        StudyStatus.RECRUITING,
        "studies.move_study",
        guards=(has_an_effective_protocol, has_an_active_site),
    )
    close_recruitment = Transition(
        "Close recruitment",
        StudyStatus.RECRUITING,
        StudyStatus.RECRUITMENT_CLOSED,
        "studies.move_study",
        needs_reason=True,
        happened=_("Recruitment closed on"),
        rare=True,
    )
    begin_follow_up = Transition(
        "Begin follow-up", StudyStatus.RECRUITMENT_CLOSED, StudyStatus.FOLLOW_UP, "studies.move_study"
    )
    begin_close_out = Transition(
        "Begin close-out",
        (StudyStatus.RECRUITMENT_CLOSED, StudyStatus.FOLLOW_UP),
        StudyStatus.CLOSE_OUT,
        "studies.move_study",
    )
    # Ending early is a reason on the way through close-out, not an end: subjects still need follow-up.
    terminate = Transition(
        "Terminate early",
        (StudyStatus.START_UP, StudyStatus.RECRUITING, StudyStatus.RECRUITMENT_CLOSED),
        StudyStatus.FOLLOW_UP,
        "studies.move_study",
        needs_reason=True,
        happened=_("Terminated on"),
        rare=True,
    )
    close = Transition(
        "Close study",
        StudyStatus.CLOSE_OUT,
        StudyStatus.CLOSED,
        "studies.move_study",
        guards=(every_site_is_closed,),
    )
    archive = Transition(
        "Archive study",
        StudyStatus.CLOSED,
        StudyStatus.ARCHIVED,
        "studies.move_study",
        guards=(every_milestone_is_settled,),
        needs_reason=True,
        rare=True,
    )
    cancel = Transition(
        "Cancel study",
        (StudyStatus.PLANNING, StudyStatus.START_UP),
        StudyStatus.CANCELLED,
        "studies.move_study",
        needs_reason=True,
        rare=True,
    )
    adopt = Adopt(
        "Taken over",
        (
            StudyStatus.START_UP,
            StudyStatus.RECRUITING,
            StudyStatus.RECRUITMENT_CLOSED,
            StudyStatus.FOLLOW_UP,
            StudyStatus.CLOSE_OUT,
            StudyStatus.CANCELLED,
        ),
        "studies.import_study",
    )


class StudyHoldFlow(Workflow):
    """Beside the life cycle: no new subjects for a while. The sites keep their own states."""

    model, field, first = Study, "hold", HoldState.NONE
    tones = {HoldState.ENROLMENT_HOLD: "amber", HoldState.TEMPORARY_HALT: "red"}

    hold_enrolment = Transition(
        "Hold enrolment",
        HoldState.NONE,
        HoldState.ENROLMENT_HOLD,
        "studies.move_study",
        needs_reason=True,
        rare=True,
    )
    halt = Transition(
        "Halt temporarily",
        (HoldState.NONE, HoldState.ENROLMENT_HOLD),
        HoldState.TEMPORARY_HALT,
        "studies.move_study",
        needs_reason=True,
        happened=_("Halted on"),
        explanation=_("The sponsor's unforeseen stop; notified to each member state within 15 days."),
        rare=True,
    )
    resume = Transition(
        "Resume",
        (HoldState.ENROLMENT_HOLD, HoldState.TEMPORARY_HALT),
        HoldState.NONE,
        "studies.move_study",
        needs_reason=True,
        happened=_("Resumed on"),
    )
    adopt = Adopt("Taken over", (HoldState.TEMPORARY_HALT, HoldState.ENROLMENT_HOLD), "studies.import_study")
