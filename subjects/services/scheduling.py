"""The visits one subject is due by the schedule of the protocol version it consented to."""

from django.db.models import Q
from django.utils.translation import gettext as _

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.workflow.engine import perform
from studies.models import PlannedVisit
from subjects.calculations import reference_day, window_of
from subjects.models import Consent, ConsentStatus, SubjectVisit, SubjectVisitStatus

BATCH = 1000


def consented_version(subject):
    """Return (id of the protocol version, day signed) of the latest consent that states one, else (None, None)."""
    with everything("the schedule follows the consent"):
        return (
            Consent.objects.filter(
                subject=subject, status=ConsentStatus.SIGNED, protocol_version__isnull=False
            )
            .order_by("-signed_on", "-pk")
            .values_list("protocol_version", "signed_on")
            .first()
        ) or (None, None)


def plan_of(study_id):
    """Return the planned visits of a study that are not retired, in their order."""
    with everything("the schedule is the same for every subject of the study"):
        return list(PlannedVisit.objects.filter(study=study_id, retired=False).order_by("sequence", "pk"))


def asked_by(planned, version_id):
    """True if a protocol version asks for this planned visit; one without a version is asked for by every version."""
    return planned.protocol_version_id in (None, version_id)


def due_visits(subject, plan, version_id):
    """
    Return [(planned visit, Window)] a subject is due now.

    In screening these are the visits before the reference day; from then on all.
    """
    if subject.consented_on is None and subject.randomised_on is None and subject.first_dose_on is None:
        return []
    asked = [planned for planned in plan if asked_by(planned, version_id)]
    entered = bool(subject.first_dose_on or subject.randomised_on)
    reference = reference_day(
        consented_on=subject.consented_on,
        randomised_on=subject.randomised_on,
        first_dose_on=subject.first_dose_on,
        offsets=[planned.offset_days for planned in asked],
    )
    if not entered:
        asked = [planned for planned in asked if planned.offset_days is not None and planned.offset_days < 0]
    return [
        (
            planned,
            window_of(reference, planned.offset_days, planned.window_before_days, planned.window_after_days),
        )
        for planned in asked
    ]


def schedule_visits(*, actor, subject, on, reason="", version_id=None, as_error=False, make_new=True):
    """
    Make the visits the subject is due, give those still planned their day, set aside those no longer asked for.

    What happened is never touched. Harmless to repeat.

    :param subject: with its days as they are now, saved or about to be
    :param version_id: of the protocol version consented to; None = what the subject's consents state
    :param on: the day of the change: what is no longer asked for and lay before it stays to be answered
    :param make_new: False = only what is planned already is looked at
    :param as_error: what is no longer due never was: it is voided
    """
    version_id, since = (version_id, on) if version_id else consented_version(subject)
    found = due_visits(subject, plan_of(subject.study_id), version_id)
    due = {planned.pk: (planned, window) for planned, window in found}
    with (
        acting_as(actor, reason=reason or _("Scheduled by the protocol")),
        everything("the schedule of one subject is looked at whole"),
    ):
        standing = {
            visit.planned_visit_id: visit
            for visit in SubjectVisit.objects.filter(subject=subject, planned_visit__isnull=False).exclude(
                status=SubjectVisitStatus.VOIDED
            )
        }
        new = [
            new_visit(subject, planned, window)
            for key, (planned, window) in due.items()
            if make_new and key not in standing and not _came_too_late(planned, window, since)
        ]
        SubjectVisit.objects.bulk_create(new, batch_size=BATCH)
        for key, visit in standing.items():
            if key in due:
                _move_target(visit, due[key][1])
            elif visit.status == SubjectVisitStatus.PLANNED and as_error:
                perform(visit, "void", actor=actor, reason=reason)
            elif visit.status == SubjectVisitStatus.PLANNED and not _is_past(visit, on):
                perform(visit, "set_aside", actor=actor, reason=_("Not in the protocol version consented to"))
    return new


def new_visit(subject, planned, window):
    """Return the unsaved visit of a subject by a planned visit."""
    visit = SubjectVisit(
        subject=subject,
        planned_visit=planned,
        name=str(planned)[:300],
        target_on=window.target,
        window_starts_on=window.first,
        window_ends_on=window.last,
    )
    visit.study_id, visit.country_id, visit.site_id = subject.study_id, subject.country_id, subject.site_id
    return visit


def _move_target(visit, window):
    wanted = (window.target, window.first, window.last)
    if (visit.target_on, visit.window_starts_on, visit.window_ends_on) == wanted:
        return
    visit.target_on, visit.window_starts_on, visit.window_ends_on = wanted
    visit.save()


def _came_too_late(planned, window, since):
    """True if a visit of one version only lay before the consent to that version."""
    last = window.last or window.target
    return planned.protocol_version_id is not None and since is not None and last is not None and last < since


def _is_past(visit, on):
    last = visit.window_ends_on or visit.target_on
    return last is not None and last < on


def set_open_visits_aside(*, actor, subject, on, reason):
    """Set aside what a subject will not come to any more; what was due before stays to be answered."""
    with everything("the schedule of one subject is looked at whole"):
        later = (
            Q(target_on__isnull=True)
            | Q(window_ends_on__gt=on)
            | Q(window_ends_on__isnull=True, target_on__gt=on)
        )
        open_visits = SubjectVisit.objects.filter(later, subject=subject, status=SubjectVisitStatus.PLANNED)
        for visit in list(open_visits):
            perform(visit, "set_aside", actor=actor, reason=reason)


def take_up_again(*, actor, subject, on, reason):
    """Reopen what was set aside when participation seemed over, and plan what is due."""
    with everything("the schedule of one subject is looked at whole"):
        aside = SubjectVisit.objects.filter(subject=subject, status=SubjectVisitStatus.NOT_APPLICABLE)
        for visit in list(aside.filter(kind="SCHEDULED")):
            perform(visit, "reopen", actor=actor, reason=reason)
    schedule_visits(actor=actor, subject=subject, on=on, reason=reason)
