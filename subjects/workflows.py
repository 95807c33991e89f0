"""What may happen to a subject and to a subject's visit."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.workflow.declare import Adopt, Transition, Workflow

from .models import Subject, SubjectStatus, SubjectVisit, SubjectVisitStatus


def site_may_screen(subject, actor):
    if subject.site.status != "ACTIVE":
        return _("The site is %(state)s; only an active site consents new subjects.") % {
            "state": subject.site.get_status_display().lower()
        }
    if subject.study.hold != "NONE":
        return _("The study is on hold: no new subjects.")
    return None


def dated(field):
    """Return the effect that keeps the day of a move in a field of the subject."""

    def keep(subject, move):
        setattr(subject, field, move.happened_on)

    return keep


def counts_as_enrolled(event):
    """Return the effect that keeps the day as the enrolment day where the study counts this event."""

    def keep(subject, move):
        if subject.study.enrolment_event == event and subject.enrolled_on is None:
            subject.enrolled_on = move.happened_on

    return keep


class SubjectFlow(Workflow):
    model, first = Subject, SubjectStatus.PRE_SCREENED
    tones = {
        SubjectStatus.SCREEN_FAILED: "grey",
        SubjectStatus.COMPLETED: "green",
        SubjectStatus.WITHDRAWN: "amber",
        SubjectStatus.LOST_TO_FOLLOW_UP: "amber",
        SubjectStatus.DIED: "red",
    }

    consent = Transition(
        "Record consent",
        SubjectStatus.PRE_SCREENED,
        SubjectStatus.IN_SCREENING,
        "subjects.move_subject",
        guards=(site_may_screen,),
        happened=gettext_lazy("Consent signed on"),
        effects=(dated("consented_on"), counts_as_enrolled("CONSENT")),
    )
    fail_screening = Transition(
        "Record screen failure",
        (SubjectStatus.PRE_SCREENED, SubjectStatus.IN_SCREENING),
        SubjectStatus.SCREEN_FAILED,
        "subjects.move_subject",
        needs_reason=True,
        happened=gettext_lazy("Screen failed on"),
        effects=(dated("screen_failed_on"),),
        rare=True,
    )
    randomise = Transition(
        "Record randomisation",
        SubjectStatus.IN_SCREENING,
        SubjectStatus.RANDOMISED,
        "subjects.move_subject",
        happened=gettext_lazy("Randomised or registered on"),
        effects=(
            dated("randomised_on"),
            counts_as_enrolled("RANDOMISATION"),
            counts_as_enrolled("REGISTRATION"),
        ),
    )
    start_treatment = Transition(
        "Record first dose",
        (SubjectStatus.IN_SCREENING, SubjectStatus.RANDOMISED),
        SubjectStatus.ON_TREATMENT,
        "subjects.move_subject",
        happened=gettext_lazy("First dose on"),
        effects=(dated("first_dose_on"), counts_as_enrolled("FIRST_DOSE")),
    )
    adopt = Adopt("Taken over", tuple(SubjectStatus), "subjects.import_subjects")


def keep_the_day(visit, move):
    visit.occurred_on = move.happened_on


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
        "subjects.record_subjectvisit",
        happened=gettext_lazy("Day of the visit"),
        effects=(keep_the_day,),
    )
    miss = Transition(
        "Record as missed",
        SubjectVisitStatus.PLANNED,
        SubjectVisitStatus.MISSED,
        "subjects.record_subjectvisit",
        needs_reason=True,
    )
    set_aside = Transition(
        "Mark not applicable",
        SubjectVisitStatus.PLANNED,
        SubjectVisitStatus.NOT_APPLICABLE,
        "subjects.record_subjectvisit",
        needs_reason=True,
        rare=True,
    )
    reopen = Transition(
        "Reopen",
        (SubjectVisitStatus.OCCURRED, SubjectVisitStatus.MISSED, SubjectVisitStatus.NOT_APPLICABLE),
        SubjectVisitStatus.PLANNED,
        "subjects.record_subjectvisit",
        needs_reason=True,
        effects=(clear_the_day,),
        rare=True,
    )
    void = Transition(
        "Void visit",
        tuple(status for status in SubjectVisitStatus if status != SubjectVisitStatus.VOIDED),
        SubjectVisitStatus.VOIDED,
        "subjects.record_subjectvisit",
        needs_reason=True,
        rare=True,
    )
    adopt = Adopt(
        "Taken over",
        (SubjectVisitStatus.OCCURRED, SubjectVisitStatus.MISSED, SubjectVisitStatus.NOT_APPLICABLE),
        "subjects.import_subjects",
    )
