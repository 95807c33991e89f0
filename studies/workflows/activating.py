"""What the rooms of the house ask before a site may screen: each registers its question here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from studies.models import (
    StudySite,
)

# Where a requirement is met that no tab of a site is about: the study's protocol versions.
PROTOCOL = "protocol"


@dataclass(frozen=True)
class ActivationRequirement:
    """
    What one room of the house asks before a site may screen.

    :param title: what it is called on the page, in a waiver and under the signature; stays the same
    :param missing: (site) -> the sentences that still stand in the way; [] = met
    :param tab: name of the site's tab where it is mended; "" = its own facts, PROTOCOL = the protocol's versions
    :param waivable: a second person may sign that the site goes without it
    :param missing_at: (sites) -> {id of a site: its sentences}: the same asked of many sites at once
    """

    title: str
    missing: Callable[[StudySite], list[str]]
    tab: str = ""
    waivable: bool = True
    missing_at: Callable[[Sequence[StudySite]], dict[int, list[str]]] | None = None

    @classmethod
    def asked_of_many(cls, title, missing_at, **more):
        """Return the requirement whose one question is for many sites; of one site it asks the same."""
        return cls(title, lambda site: missing_at([site])[site.pk], missing_at=missing_at, **more)

    def missing_of(self, sites):
        """Return {id of a site: its sentences} with as few queries as the room can answer with."""
        if self.missing_at is not None:
            return self.missing_at(sites)
        return {site.pk: self.missing(site) for site in sites}


# A question upward is answered by registration: what still keeps a site from being activated.
ACTIVATION_REQUIREMENTS: list[ActivationRequirement] = []
# And which of them somebody signed a waiver for: (sites) -> {id of a site: {title: who and why}}.
ACTIVATION_WAIVERS: list[Callable[[Sequence[StudySite]], dict[int, dict[str, str]]]] = []


# Answered by registration too: why a site is not initiated yet, as far as another room knows; '' = it is.
INITIATION_DOUBTS: list[Callable[[StudySite], str]] = []


@dataclass(frozen=True)
class RequirementStanding:
    """How one requirement stands at a site now."""

    requirement: ActivationRequirement
    missing: tuple[str, ...] = ()
    waiver: str = ""

    @property
    def is_met(self):
        return not self.missing

    @property
    def is_waived(self):
        return bool(self.missing and self.waiver)

    @property
    def stands_in_the_way(self):
        return bool(self.missing) and not self.waiver


def open_of(standing):
    """Return such as `2 of 6 open`, of how the requirements stand at a site; '' when none stands in the way."""
    in_the_way = sum(one.stands_in_the_way for one in standing)
    return _("%(n)d of %(all)d open") % {"n": in_the_way, "all": len(standing)} if in_the_way else ""


def requirements_at(site):
    """Return how every requirement of an activation stands at a site, in the order they were registered."""
    return requirements_of([site])[site.pk]


def requirements_of(sites):
    """Return {id of a site: how every requirement stands there}; each room is asked once for all of them."""
    waived: dict[int, dict[str, str]] = {site.pk: {} for site in sites}
    for ask in ACTIVATION_WAIVERS:
        for pk, found in ask(sites).items():
            waived[pk] |= found
    missing = [(one, one.missing_of(sites)) for one in ACTIVATION_REQUIREMENTS]
    return {
        site.pk: [
            RequirementStanding(
                one,
                tuple(str(sentence) for sentence in found[site.pk]),
                waived[site.pk].get(one.title, "") if one.waivable else "",
            )
            for one, found in missing
        ]
        for site in sites
    }
