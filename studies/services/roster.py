"""Read the team of a place: who works, worked and will work there, as far as the reader sees the places."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from ctms.access.models import PortfolioAssignment
from studies.models import CountryAssignment, SiteAssignment, Study, StudyAssignment, StudyCountry, StudySite

VIEW = "studies.view_team"


class Standing(StrEnum):
    """How an assignment stands on a day."""

    LIVE = "live"
    UNTRAINED = "untrained"
    PLANNED = "planned"
    ENDED = "ended"


@dataclass(frozen=True)
class Member:
    """One assignment of one person; `place` is the record it is at, None on every study."""

    kind: str
    assignment: Any
    place: Any
    standing: Standing

    @property
    def place_name(self):
        if self.place is None:
            return _("Every study")
        return _("Whole study") if self.kind == "study" else str(self.place)


def team_of(user, where, on):
    """
    Return the assignments at, above and below a study, country or site the person sees, by name.

    Whether somebody is unblinded stands in the assignment and is not for everyone: see team.knows_circle.

    :param where: a Study, StudyCountry or StudySite
    :param on: the day their standing is judged on
    """
    study = where if isinstance(where, Study) else where.study
    if not user.has_perm(VIEW, study):
        return []
    countries = StudyCountry.objects.visible_to(user, VIEW).filter(study=study)
    sites = StudySite.objects.visible_to(user, VIEW).filter(study=study)
    if isinstance(where, StudyCountry):
        countries, sites = countries.filter(pk=where.pk), sites.filter(country=where)
    elif isinstance(where, StudySite):
        countries, sites = countries.filter(pk=where.country_id), sites.filter(pk=where.pk)
    found = [
        *_members("house", PortfolioAssignment.objects.select_related("user"), on),
        *_members("study", _at(StudyAssignment, [study.pk]), on),
        *_members("country", _at(CountryAssignment, countries.values("pk"), "content_object__nation"), on),
        *_members("site", _at(SiteAssignment, sites.values("pk"), "content_object__organization"), on),
    ]
    return sorted(found, key=lambda member: (str(member.assignment.user), member.assignment.starts_on))


def _at(model, places, *related):
    rows = model.objects.filter(content_object__in=places)
    return rows.select_related("user", "permission", "content_object", *related)


def _members(kind, rows, on):
    return [Member(kind, row, getattr(row, "content_object", None), standing_of(row, on)) for row in rows]


def standing_of(assignment, on):
    """Return how an assignment stands on a day."""
    if assignment.ends_on is not None and assignment.ends_on < on:
        return Standing.ENDED
    if assignment.starts_on > on:
        return Standing.PLANNED
    trained = assignment.trained_on is not None and assignment.trained_on <= on
    return Standing.LIVE if trained else Standing.UNTRAINED
