"""What stands on the first page of a study, a country and a site, whoever counts it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone

from studies.models import (
    Amendment,
    Arm,
    Epoch,
    Milestone,
    MilestoneStatus,
    Outcome,
    ProtocolVersion,
    SiteStatus,
    Study,
    StudyCountry,
    StudyParty,
    StudySite,
)
from studies.services.plan_standing import DEFINITIONS as OF_PLAN


@dataclass(frozen=True)
class Tile:
    """A number on a study's first page: its words, what it means, and the address of its rows, if any are shown."""

    number: str
    words: str
    url: str
    definition: str = ""
    late: bool = False


# What upper apps count on the first page of a study, a country and a site: (request, place) -> Tile, or None for who
# may not know.
PLACE_TILES: list[Callable[[Any, Study | StudyCountry | StudySite], Tile | None]] = []
# What upper apps show there below the numbers: (request, place) -> the template and what it needs, or None.
PLACE_PANELS: list[Callable[[Any, Study | StudyCountry | StudySite], dict[str, Any] | None]] = []


@dataclass(frozen=True)
class Step:
    """One step of setting up a study: what there is of it, and where it is taken."""

    words: str
    is_done: bool
    url: str


# What a new study still needs: (request, study) -> Step, or None for who takes no part in it; upper apps add theirs.
SET_UP_STEPS: list[Callable[[Any, Study], Step | None]] = []


def tiles_of(request, place):
    """Return the tiles of a study, country or site for the person who reads: one pattern at every level."""
    return [tile for count in PLACE_TILES if (tile := count(request, place))]


def panels_of(request, place):
    """Return the panels of a study, country or site for the person who reads."""
    return [panel for build in PLACE_PANELS if (panel := build(request, place))]


def overview_of(user, study):
    """Return what a study's first page shows beside its facts; every number opens its rows."""
    sites = StudySite.objects.visible_to(user).filter(study=study)
    by_status = dict(sites.order_by().values_list("status").annotate(Count("pk")))
    milestones = Milestone.objects.visible_to(user).filter(study=study)
    plan = {"study": study, "retired": False}
    return {
        "site_counts": [
            (status, by_status.get(status.value, 0)) for status in SiteStatus if by_status.get(status)
        ],
        "site_total": sum(by_status.values()),
        "next_milestones": milestones.open().order_by("planned_on", "pk")[:6],
        "overdue_milestones": milestones.overdue(timezone.localdate()).count(),
        "overdue_means": OF_PLAN["overdue"],
        "reached_milestones": milestones.filter(status=MilestoneStatus.COMPLETED).order_by(
            "-actual_on", "pk"
        )[:3],
        "countries": StudyCountry.objects.visible_to(user)
        .filter(study=study)
        .select_related("nation")
        .order_by("nation__name"),
        "arms": Arm.objects.visible_to(user).filter(**plan).order_by("sequence", "pk"),
        "epochs": Epoch.objects.visible_to(user).filter(**plan).order_by("sequence", "pk"),
        "outcomes": Outcome.objects.visible_to(user).filter(**plan).order_by("level", "sequence")[:8],
        "protocol_versions": ProtocolVersion.objects.visible_to(user).filter(study=study).order_by("-pk"),
        "amendments": Amendment.objects.visible_to(user).filter(study=study).order_by("sequence"),
        "parties": StudyParty.objects.visible_to(user).filter(study=study).select_related("organization"),
    }
