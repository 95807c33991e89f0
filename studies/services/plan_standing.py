"""How the plan of several studies stands at once: the next date that matters, what is late, what has just slipped."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F
from django.utils.translation import gettext_lazy as _

from ctms.audit.trail import AUDITED
from studies.models import Milestone, MilestoneKind, MilestoneStatus

DEFINITIONS = {
    "next": _("The open milestone of the whole study that is planned next; days count from its baseline."),
    "overdue": _("Open milestones, of the study, its countries and sites, whose planned day has passed."),
    "moved": _("Days the next date was moved within the last four weeks, later above zero."),
    "slipped": _("Milestones whose planned day was moved later within the last seven days."),
}
SLIPPED_WITHIN_DAYS = 7
MOVED_WITHIN_DAYS = 28
# The dates a study is known by, whatever else is planned.
GATES = (
    MilestoneKind.FIRST_SUBJECT_IN,
    MilestoneKind.LAST_SUBJECT_IN,
    MilestoneKind.LAST_SUBJECT_LAST_VISIT,
    MilestoneKind.DATABASE_LOCK,
)
GATES_IN_A_HEADER = 3


@dataclass(frozen=True)
class PlanStanding:
    """`next` is the milestone of the study that comes next, None when all are reached or none has a day."""

    next: Milestone | None = None
    overdue: int = 0
    next_gate: Milestone | None = None

    @property
    def date_shown(self):
        """The next of the dates a study is known by; without one, whatever comes next."""
        return self.next_gate or self.next


@dataclass(frozen=True)
class Slip:
    """A milestone that was moved later: from when, by how many days, and why."""

    milestone: Milestone
    before: date
    days: int
    reason: str


def plans_in(user, studies, on):
    """Return {study id: PlanStanding} of several studies; two queries."""
    rows = Milestone.objects.visible_to(user).open().filter(study__in=studies, planned_on__isnull=False)
    # Of those at countries and sites, thousands in a large portfolio, only the number is asked for.
    late = rows.filter(planned_on__lt=on).order_by().values_list("study").annotate(Count("pk"))
    overdue = dict(late)
    # Of each study the next one and the next of the known dates: hundreds may be planned.
    in_order = rows.filter(country=None, site=None).order_by("study_id", "planned_on", "pk")
    first = in_order.distinct("study_id").union(in_order.filter(kind__in=GATES).distinct("study_id"))
    found: dict[int, list[Milestone]] = {study.pk: [] for study in studies}
    for milestone in sorted(first, key=lambda one: (one.planned_on, one.pk)):
        found[milestone.study_id].append(milestone)
    return {pk: _standing(milestones, overdue.get(pk, 0)) for pk, milestones in found.items()}


def reached_and_next(milestones, how_many):
    """
    Return the milestone reached last and those planned next, of what stands in the order of its days.

    What a header or a card has room for: where the study came from, and where it goes.
    """
    reached = sorted((one for one in milestones if one.actual_on), key=lambda one: one.actual_on)[-1:]
    ahead = [one for one in milestones if one.status == MilestoneStatus.PLANNED]
    return [*reached, *ahead[: how_many - len(reached)]]


def gates_of(user, study):
    """Return the three of the dates a study is known by that matter now; one query."""
    rows = Milestone.objects.visible_to(user).filter(study=study, country=None, site=None, kind__in=GATES)
    in_order = rows.order_by(F("planned_on").asc(nulls_last=True), "pk")
    return reached_and_next(list(in_order), GATES_IN_A_HEADER)


def _standing(first, overdue):
    return PlanStanding(
        next=next(iter(first), None),
        overdue=overdue,
        next_gate=next((one for one in first if one.kind in GATES), None),
    )


def moved_since(user, milestones, moment):
    """
    Return {milestone id: calendar days its planned day moved since a moment}, later above zero; one query.

    What counts is the day planned at that moment, or first planned since.
    """
    event_model: Any = AUDITED["studies.Milestone"].event_model
    told = event_model.objects.visible_to(user).filter(pgh_obj_id__in=[one.pk for one in milestones])
    rows = told.order_by("pgh_obj_id", "pgh_id").values_list("pgh_obj_id", "pgh_created_at", "planned_on")
    before = _planned_at(rows, moment)
    return {
        one.pk: (one.planned_on - before[one.pk]).days
        for one in milestones
        if one.planned_on and before.get(one.pk)
    }


def _planned_at(told, moment):
    """Return {milestone id: the day planned at a moment, or first planned since} from (id, when, day) in order."""
    before: dict[int, date] = {}
    for pk, at, planned_on in told:
        if planned_on and (at < moment or pk not in before):
            before[pk] = planned_on
    return before


def slipped_since(user, moment, *, permission="studies.view_milestone"):
    """
    Return the open milestones whose planned day was moved later after a moment, the longest slip first.

    What counts is the day planned at that moment, or first planned since; moving back and forth is no slip.
    """
    event_model: Any = AUDITED["studies.Milestone"].event_model
    events = event_model.objects.visible_to(user)
    touched = events.filter(pgh_created_at__gte=moment, pgh_label="update").values("pgh_obj_id")
    rows = (
        Milestone.objects.visible_to(user, permission).open().filter(pk__in=touched, planned_on__isnull=False)
    )
    milestones = {
        one.pk: one for one in rows.select_related("study", "country__nation", "site__organization")
    }
    reasons: dict[int, str] = {}
    told = events.filter(pgh_obj_id__in=milestones).order_by("pgh_obj_id", "pgh_id")
    tellings = list(told.values_list("pgh_obj_id", "pgh_created_at", "planned_on", "pgh_context"))
    before = _planned_at((told[:3] for told in tellings), moment)
    for pk, at, planned_on, context in tellings:
        if at >= moment and planned_on == milestones[pk].planned_on and pk not in reasons:
            reasons[pk] = (context or {}).get("reason", "")
    slips = [
        Slip(one, before[pk], (one.planned_on - before[pk]).days, reasons.get(pk, ""))
        for pk, one in milestones.items()
        if pk in before and one.planned_on > before[pk]
    ]
    return sorted(slips, key=lambda slip: (-slip.days, slip.milestone.pk))
