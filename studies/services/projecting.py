"""Where a milestone is computed to lie, by what has happened so far: asked upward, of whoever counts."""

from collections.abc import Callable
from datetime import date
from typing import Any

from studies.models import Study

# Answered by registration: (user, study, on) -> {kind of milestone: the day}, of the study's own milestones.
PROJECTIONS: list[Callable[[Any, Study, date], dict[str, date]]] = []


def projected_days(user, study, on):
    """Return {kind: day} of the study's milestones whose day can be computed for this reader."""
    found: dict[str, date] = {}
    for project in PROJECTIONS:
        found |= project(user, study, on)
    return found
