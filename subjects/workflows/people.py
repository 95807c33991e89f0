"""What may happen to a subject. Days drive the states, and stay in order."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.workflow.declare import Adopt, Transition, TransitionRefused, Workflow
from subjects.calculations import disorder_of
from subjects.models import (
    ENDED,
    EndReason,
    ScreenFailureReason,
    Subject,
    SubjectStatus,
)
from subjects.services.consenting import correct_first_consent, sign_first_consent, void_consents
from subjects.services.scheduling import schedule_visits, set_open_visits_aside, take_up_again
from subjects.services.subject_days import days_of, green_light_on

MOVE, RECORD = "subjects.move_subject", "subjects.record_subjectvisit"
ENTERED = (SubjectStatus.RANDOMISED, SubjectStatus.ON_TREATMENT, SubjectStatus.OFF_TREATMENT)
ONGOING = (SubjectStatus.IN_SCREENING, *ENTERED)
TREATED = (SubjectStatus.ON_TREATMENT, SubjectStatus.OFF_TREATMENT, *ENDED)


# --- guards -------------------------------------------------------------------------------------------


def site_may_screen(subject, actor):
    if subject.site.status != "ACTIVE":
        return _("The site is %(state)s; only an active site consents new subjects.") % {
            "state": subject.site.get_status_display().lower()
        }
    if subject.study.hold != "NONE":
        return _("The study is on hold: no new subjects.")
    return None


def site_treats(subject, actor):
    if subject.site.status in ("CLOSED", "DROPPED") or subject.study.status in ("CLOSED", "ARCHIVED"):
        return _("The site or the study is closed; what happened to its subjects no longer changes.")
    return None


def study_may_enter(subject, actor):
    if subject.study.hold == "TEMPORARY_HALT":
        return _("The study is halted: nobody enters it.")
    return site_treats(subject, actor)


def has(*fields):
    """Return whether a move applies: the subject has these days; with a minus in front, it has not."""

    def applies(subject):
        return all(
            getattr(subject, f.lstrip("-")) is None if f.startswith("-") else getattr(subject, f)
            for f in fields
        )

    return applies


# --- effects ------------------------------------------------------------------------------------------


def dated(field):
    """Return the effect that keeps the day of a move in a field of the subject, in order with its other days."""

    def keep(subject, move):
        setattr(subject, field, move.happened_on)
        in_order(subject, move)

    return keep


def in_order(subject, move):
    if sentence := disorder_of(days_of(subject)):
        raise TransitionRefused(sentence)
    first = green_light_on(subject.site)
    if first and move.happened_on and move.happened_on < first:
        raise TransitionRefused(
            _("The day lies before the site's green light on %(day)s.") % {"day": first.strftime("%-d %b %Y")}
        )


def cleared(*fields):
    """Return the effect that takes days and reasons of a state back."""

    def clear(subject, move):
        for field in fields:
            setattr(subject, field, None if field.endswith("_on") else "")

    return clear


def reasoned(field):
    """Return the effect that keeps the reason chosen from the list."""

    def keep(subject, move):
        setattr(subject, field, move.choice)

    return keep


def ended_because(reason):
    def keep(subject, move):
        subject.end_reason = reason

    return keep


def sign_consent(subject, move):
    sign_first_consent(actor=move.actor, subject=subject, on=move.happened_on)


def take_consent_back(subject, move):
    void_consents(actor=move.actor, subject=subject, reason=move.reason)


def consent_corrected(subject, move):
    correct_first_consent(actor=move.actor, subject=subject, on=move.happened_on, reason=move.reason)


def plan(subject, move):
    """The planned visits follow the days: made, moved, never those that happened; who left is due nothing new."""
    day = move.happened_on or move.at.date()
    has_left = subject.status in (*ENDED, SubjectStatus.SCREEN_FAILED)
    schedule_visits(actor=move.actor, subject=subject, on=day, reason=move.reason, make_new=not has_left)


def plan_anew(subject, move):
    """What was planned by a day that never was is voided."""
    schedule_visits(actor=move.actor, subject=subject, on=move.at.date(), reason=move.reason, as_error=True)


def nothing_more(subject, move):
    reason = _("%(move)s on %(day)s") % {"move": move.transition.label, "day": move.happened_on}
    set_open_visits_aside(actor=move.actor, subject=subject, on=move.happened_on, reason=reason)


def goes_on(subject, move):
    take_up_again(actor=move.actor, subject=subject, on=move.at.date(), reason=move.reason)


# --- the subject --------------------------------------------------------------------------------------


def correction(label, sources, day, *effects):
    """A day that is wrong, or was learned late, is put right by a move of its own, with its reason; the state stays."""
    return Transition(
        label,
        sources,
        "",
        MOVE,
        guards=(site_treats,),
        needs_reason=True,
        happened=gettext_lazy("The right day"),
        corrects=day,
        effects=(dated(day), *effects),
        rare=True,
    )


def taken_back(label, source, target, fields, *effects, applies=None):
    """A state that never was is taken back, with the reason, to the one before."""
    return Transition(
        label,
        source,
        target,
        MOVE,
        guards=(site_treats,),
        needs_reason=True,
        effects=(cleared(*fields), *effects),
        applies=applies,
        rare=True,
    )


def end_of_participation(label, sources, target, happened, *effects, reasons=None, rare=True):
    return Transition(
        label,
        sources,
        target,
        MOVE,
        guards=(site_treats,),
        reasons=reasons,
        happened=happened,
        effects=(dated("ended_on"), *effects, nothing_more),
        rare=rare,
    )


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
        MOVE,
        guards=(site_may_screen,),
        happened=gettext_lazy("Consent signed on"),
        effects=(dated("consented_on"), sign_consent, plan),
    )
    randomise = Transition(
        "Record randomisation",
        SubjectStatus.IN_SCREENING,
        SubjectStatus.RANDOMISED,
        MOVE,
        guards=(study_may_enter,),
        happened=gettext_lazy("Randomised or registered on"),
        effects=(dated("randomised_on"), plan),
    )
    start_treatment = Transition(
        "Record first dose",
        (SubjectStatus.IN_SCREENING, SubjectStatus.RANDOMISED),
        SubjectStatus.ON_TREATMENT,
        MOVE,
        guards=(study_may_enter,),
        happened=gettext_lazy("First dose on"),
        effects=(dated("first_dose_on"), plan),
    )
    end_treatment = Transition(
        "Record end of treatment",
        SubjectStatus.ON_TREATMENT,
        SubjectStatus.OFF_TREATMENT,
        MOVE,
        guards=(site_treats,),
        reasons=EndReason,
        happened=gettext_lazy("Treatment ended on"),
        effects=(dated("treatment_ended_on"), reasoned("treatment_end_reason")),
        explanation=gettext_lazy("Off treatment is not the end: the subject stays in follow-up."),
    )
    fail_screening = Transition(
        "Record screen failure",
        (SubjectStatus.PRE_SCREENED, SubjectStatus.IN_SCREENING),
        SubjectStatus.SCREEN_FAILED,
        MOVE,
        guards=(site_treats,),
        reasons=ScreenFailureReason,
        happened=gettext_lazy("Screen failed on"),
        effects=(dated("screen_failed_on"), reasoned("screen_failure_reason"), nothing_more),
        explanation=gettext_lazy("Screened again, the person gets a new number that names this one."),
        rare=True,
    )
    complete = end_of_participation(
        "Record completion",
        ENTERED,
        SubjectStatus.COMPLETED,
        gettext_lazy("Completed the study on"),
        rare=False,
    )
    withdraw = end_of_participation(
        "Record withdrawal",
        ONGOING,
        SubjectStatus.WITHDRAWN,
        gettext_lazy("Left the study on"),
        reasoned("end_reason"),
        reasons=EndReason,
    )
    lose = end_of_participation(
        "Record as lost to follow-up",
        ENTERED,
        SubjectStatus.LOST_TO_FOLLOW_UP,
        gettext_lazy("Declared lost on"),
        ended_because(EndReason.LOST_TO_FOLLOW_UP),
    )
    die = end_of_participation(
        "Record death",
        ONGOING,
        SubjectStatus.DIED,
        gettext_lazy("Died on"),
        ended_because(EndReason.DEATH),
    )

    correct_consent = correction(
        "Correct the day of consent", (*ONGOING, SubjectStatus.SCREEN_FAILED, *ENDED), "consented_on",
        consent_corrected, plan,
    )  # fmt: skip
    correct_screen_failure = correction(
        "Correct the day of screen failure", SubjectStatus.SCREEN_FAILED, "screen_failed_on"
    )
    correct_randomisation = correction(
        "Correct the day of randomisation", (*ENTERED, *ENDED), "randomised_on", plan
    )
    correct_first_dose = correction("Correct the day of first dose", TREATED, "first_dose_on", plan)
    correct_treatment_end = correction(
        "Correct the end of treatment", (SubjectStatus.OFF_TREATMENT, *ENDED), "treatment_ended_on"
    )
    correct_end = correction("Correct the end of participation", ENDED, "ended_on")

    take_back_consent = taken_back(
        "Take consent back as an error", SubjectStatus.IN_SCREENING, SubjectStatus.PRE_SCREENED,
        ("consented_on",), take_consent_back, plan_anew,
    )  # fmt: skip
    reopen_screening = taken_back(
        "Take screen failure back as an error", SubjectStatus.SCREEN_FAILED, SubjectStatus.IN_SCREENING,
        ("screen_failed_on", "screen_failure_reason"), goes_on, applies=has("consented_on"),
    )  # fmt: skip
    reopen_pre_screening = taken_back(
        "Take screen failure back as an error", SubjectStatus.SCREEN_FAILED, SubjectStatus.PRE_SCREENED,
        ("screen_failed_on", "screen_failure_reason"), applies=has("-consented_on"),
    )  # fmt: skip
    take_back_randomisation = taken_back(
        "Take randomisation back as an error", SubjectStatus.RANDOMISED, SubjectStatus.IN_SCREENING,
        ("randomised_on",), plan_anew,
    )  # fmt: skip
    take_back_first_dose = taken_back(
        "Take first dose back as an error", SubjectStatus.ON_TREATMENT, SubjectStatus.RANDOMISED,
        ("first_dose_on",), plan_anew, applies=has("randomised_on"),
    )  # fmt: skip
    take_back_treatment = taken_back(
        "Take first dose back as an error", SubjectStatus.ON_TREATMENT, SubjectStatus.IN_SCREENING,
        ("first_dose_on",), plan_anew, applies=has("-randomised_on", "consented_on"),
    )  # fmt: skip
    take_back_treatment_end = taken_back(
        "Take end of treatment back as an error", SubjectStatus.OFF_TREATMENT, SubjectStatus.ON_TREATMENT,
        ("treatment_ended_on", "treatment_end_reason"), applies=has("first_dose_on"),
    )  # fmt: skip
    return_to_follow_up = taken_back(
        "Take the end back as an error", ENDED, SubjectStatus.OFF_TREATMENT,
        ("ended_on", "end_reason"), goes_on, applies=has("treatment_ended_on"),
    )  # fmt: skip
    return_to_treatment = taken_back(
        "Take the end back as an error", ENDED, SubjectStatus.ON_TREATMENT,
        ("ended_on", "end_reason"), goes_on, applies=has("first_dose_on", "-treatment_ended_on"),
    )  # fmt: skip
    return_to_randomised = taken_back(
        "Take the end back as an error", ENDED, SubjectStatus.RANDOMISED,
        ("ended_on", "end_reason"), goes_on, applies=has("randomised_on", "-first_dose_on"),
    )  # fmt: skip
    return_to_screening = taken_back(
        "Take the end back as an error", ENDED, SubjectStatus.IN_SCREENING,
        ("ended_on", "end_reason"), goes_on, applies=has("consented_on", "-randomised_on", "-first_dose_on"),
    )  # fmt: skip
    adopt = Adopt("Taken over", tuple(SubjectStatus), "subjects.import_subjects")
