"""What may happen to a subject's visit."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.workflow.declare import Adopt, Transition, TransitionRefused, Workflow
from subjects.models import (
    SubjectStatus,
    SubjectVisit,
    SubjectVisitStatus,
)

from .people import RECORD, site_treats


def subject_was_there(visit, move):
    """A visit lies between consent and the end of participation."""
    subject, day = visit.subject, move.happened_on
    if subject.consented_on and day < subject.consented_on:
        raise TransitionRefused(_("The day lies before the consent."))
    if subject.status == SubjectStatus.PRE_SCREENED:
        raise TransitionRefused(_("The subject has not consented yet."))
    if subject.status == SubjectStatus.DIED and day > subject.ended_on:
        raise TransitionRefused(_("The day lies after the subject's death."))
    visit.occurred_on = day


def visit_may_change(visit, actor):
    return site_treats(visit, actor)


def clear_the_day(visit, move):
    visit.occurred_on = None


class SubjectVisitFlow(Workflow):
    model, first = SubjectVisit, SubjectVisitStatus.PLANNED
    tones = {
        SubjectVisitStatus.OCCURRED: "green",
        SubjectVisitStatus.MISSED: "red",
        SubjectVisitStatus.NOT_APPLICABLE: "grey",
        SubjectVisitStatus.VOIDED: "grey",
    }

    occur = Transition(
        "Record as occurred",
        (SubjectVisitStatus.PLANNED, SubjectVisitStatus.MISSED),
        SubjectVisitStatus.OCCURRED,
        RECORD,
        guards=(visit_may_change,),
        happened=gettext_lazy("Day of the visit"),
        effects=(subject_was_there,),
    )
    miss = Transition(
        "Record as missed",
        SubjectVisitStatus.PLANNED,
        SubjectVisitStatus.MISSED,
        RECORD,
        guards=(visit_may_change,),
        needs_reason=True,
    )
    set_aside = Transition(
        "Mark not applicable",
        SubjectVisitStatus.PLANNED,
        SubjectVisitStatus.NOT_APPLICABLE,
        RECORD,
        needs_reason=True,
        rare=True,
    )
    correct_day = Transition(
        "Correct the day",
        SubjectVisitStatus.OCCURRED,
        "",
        RECORD,
        guards=(visit_may_change,),
        needs_reason=True,
        happened=gettext_lazy("The right day"),
        corrects="occurred_on",
        effects=(subject_was_there,),
        rare=True,
    )
    reopen = Transition(
        "Reopen",
        (SubjectVisitStatus.OCCURRED, SubjectVisitStatus.MISSED, SubjectVisitStatus.NOT_APPLICABLE),
        SubjectVisitStatus.PLANNED,
        RECORD,
        needs_reason=True,
        effects=(clear_the_day,),
        rare=True,
    )
    void = Transition(
        "Void visit",
        tuple(status for status in SubjectVisitStatus if status != SubjectVisitStatus.VOIDED),
        SubjectVisitStatus.VOIDED,
        RECORD,
        needs_reason=True,
        rare=True,
    )
    adopt = Adopt(
        "Taken over",
        (SubjectVisitStatus.OCCURRED, SubjectVisitStatus.MISSED, SubjectVisitStatus.NOT_APPLICABLE),
        "subjects.import_subjects",
    )
