"""What may happen to a protocol version and to a milestone."""

from django.utils.translation import gettext_lazy as _

from ctms.workflow.declare import Adopt, Transition, Workflow
from studies.models import (
    Milestone,
    MilestoneStatus,
    ProtocolStatus,
    ProtocolVersion,
)


class ProtocolFlow(Workflow):
    model, first = ProtocolVersion, ProtocolStatus.DRAFT
    tones = {ProtocolStatus.EFFECTIVE: "green", ProtocolStatus.SUPERSEDED: "grey"}

    make_effective = Transition(
        "Make effective",
        ProtocolStatus.DRAFT,
        ProtocolStatus.EFFECTIVE,
        "studies.change_plan",
        happened=_("Effective from"),
    )
    supersede = Transition(
        "Supersede",
        ProtocolStatus.EFFECTIVE,
        ProtocolStatus.SUPERSEDED,
        "studies.change_plan",
        needs_reason=True,
        rare=True,
    )
    adopt = Adopt("Taken over", (ProtocolStatus.EFFECTIVE, ProtocolStatus.SUPERSEDED), "studies.import_study")


def set_actual_date(milestone, move):
    milestone.actual_on = move.happened_on
    milestone.actual_precision = "DAY"


def clear_actual_date(milestone, move):
    milestone.actual_on = None


class MilestoneFlow(Workflow):
    model, first = Milestone, MilestoneStatus.PLANNED
    tones = {
        MilestoneStatus.PLANNED: "blue",
        MilestoneStatus.COMPLETED: "green",
        MilestoneStatus.NOT_APPLICABLE: "grey",
    }

    complete = Transition(
        "Record actual date",
        MilestoneStatus.PLANNED,
        MilestoneStatus.COMPLETED,
        "studies.complete_milestone",
        happened=_("Actual date"),
        effects=(set_actual_date,),
    )
    set_aside = Transition(
        "Mark not applicable",
        MilestoneStatus.PLANNED,
        MilestoneStatus.NOT_APPLICABLE,
        "studies.change_milestone",
        needs_reason=True,
        rare=True,
    )
    reopen = Transition(
        "Reopen",
        (MilestoneStatus.COMPLETED, MilestoneStatus.NOT_APPLICABLE),
        MilestoneStatus.PLANNED,
        "studies.change_milestone",
        needs_reason=True,
        effects=(clear_actual_date,),
        rare=True,
    )
    adopt = Adopt("Taken over", (MilestoneStatus.COMPLETED,), "studies.import_study")
