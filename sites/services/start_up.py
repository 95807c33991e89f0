"""How long sites take from their selection to their green light: the days of each site, and the medians of many."""

from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from django.utils.translation import gettext_lazy as _

from ctms.workflow.engine import first_reached
from studies.models import SiteStatus, StudySite


@dataclass(frozen=True)
class Step:
    """A part of the way of a site, from the day it came into one state to the day it came into another."""

    name: str
    label: Any
    since: SiteStatus
    until: SiteStatus
    definition: Any


def _step(name, label, since, until, days):
    definition = _(
        "Calendar days from %(days)s, as stated with the moves; the median of the sites that came that far and say "
        "both days."
    )
    return Step(name, label, since, until, definition % {"days": days})


# The cycle time of an activation, and the two parts it is made of.
CYCLE = _step(
    "cycle", _("Selection to green light"), SiteStatus.SELECTED, SiteStatus.ACTIVE,
    _("the selection of a site to its green light"),
)  # fmt: skip
STEPS = (
    _step(
        "initiation", _("Selection to initiation"), SiteStatus.SELECTED, SiteStatus.INITIATED,
        _("the selection of a site to its initiation"),
    ),
    _step(
        "release", _("Initiation to green light"), SiteStatus.INITIATED, SiteStatus.ACTIVE,
        _("the initiation of a site to its green light"),
    ),
    CYCLE,
)  # fmt: skip


@dataclass(frozen=True)
class Way:
    """One site and the days on which it first came into the states that steps begin and end with."""

    site: StudySite
    reached: dict[SiteStatus, date]

    def took(self, step):
        """Return the days a step took, or None where it has not ended, or where its days are not told in order."""
        since, until = self.reached.get(step.since), self.reached.get(step.until)
        return (until - since).days if since and until and until >= since else None


@dataclass(frozen=True)
class Middle:
    """The median of a step, and of how many sites it is; None of none."""

    days: float | None
    sites: int

    def __str__(self):
        return "—" if self.days is None else f"{self.days:g}"


def ways_of(sites, steps=STEPS):
    """Return the way of each of these sites, which the caller may see; one query a state, however many sites."""
    states = dict.fromkeys(state for step in steps for state in (step.since, step.until))
    reached = {state: first_reached(sites, state) for state in states}
    return [
        Way(site, {state: day for state in states if (day := reached[state].get(site.pk))}) for site in sites
    ]


def middle_of(ways, step):
    """Return the median of a step over these ways."""
    days = [took for way in ways if (took := way.took(step)) is not None]
    return Middle(median(days) if days else None, len(days))


def by_country(ways):
    """Return {country id: its ways}."""
    found: dict[int, list[Way]] = {}
    for way in ways:
        found.setdefault(way.site.country_id, []).append(way)
    return found
