"""What a USDM file says of dates and places: milestones, countries and sites."""

from collections.abc import Mapping, Sequence
from typing import Any

from studies.formats.country_name import alpha_2_of
from studies.formats.node import Node, quoted
from studies.formats.partial_date import read_partial_date
from studies.formats.study_file import (
    CountryFile,
    DateFile,
    DateKind,
    MilestoneFile,
    MilestoneKind,
    SiteFile,
)
from studies.formats.usdm_codes import Term, read_term
from studies.formats.usdm_order import items_of


def _kind_of_date(term: Term | None) -> MilestoneKind:
    words = term.words.casefold() if term else ""
    if "effective" in words or (term and term.code.upper() in ("C215663", "C207598")):
        return MilestoneKind.PROTOCOL_EFFECTIVE
    if "approval" in words or (term and term.code.upper() in ("C71476", "C132352")):
        return MilestoneKind.PROTOCOL_APPROVAL
    return MilestoneKind.OTHER


def _governance_date(node: Node) -> DateFile | None:
    text = node.detail("dateValue")
    if text is None:
        node.note("The date is empty; it was left out.", "dateValue")
        return None
    date = read_partial_date(text)
    if date is None:
        node.note(f"{quoted(text)} is not a date; it was left out.", "dateValue")
    return date


def deciding_date(owner: Node) -> DateFile | None:
    """The effective date when there is one, else the approval, else any: the first of each."""
    dates: dict[MilestoneKind, DateFile] = {}
    for node in owner.children("dateValues"):
        if date := _governance_date(node):
            dates.setdefault(_kind_of_date(read_term(node, "type")), date)
    by_weight = (MilestoneKind.PROTOCOL_EFFECTIVE, MilestoneKind.PROTOCOL_APPROVAL, MilestoneKind.OTHER)
    return next((dates[kind] for kind in by_weight if kind in dates), None)


def milestones_of(owners: Sequence[Node]) -> tuple[MilestoneFile, ...]:
    """The governance dates of the version and of its documents, each once."""
    found: dict[MilestoneFile, None] = {}
    for owner in owners:
        for node in owner.children("dateValues"):
            if date := _governance_date(node):
                term = read_term(node, "type")
                name = node.detail("label") or node.detail("name") or (term.words if term else "Date")
                scopes = tuple(country.code for country in _scope_countries(node))
                # A governance date does not say whether it was planned or happened.
                milestone = MilestoneFile(_kind_of_date(term), name, date, DateKind.NOT_STATED, scopes)
                found[milestone] = None
    return tuple(found)


def _scope_countries(node: Node) -> list[CountryFile]:
    scopes = list(node.children("geographicScopes"))
    return [country for scope in scopes if (country := _scope_country(scope))]


def _scope_country(scope: Node) -> CountryFile | None:
    kind, place = read_term(scope, "type"), read_term(scope, "code")
    words = kind.words.casefold() if kind else ""
    if place is None or words == "global":
        if words == "country" or words == "region":
            scope.note(f"A {words} is meant but not named; it was left out.")
        return None
    if words == "region":
        scope.note(f"{quoted(place.words)} is a region, not a country; it was left out.")
        return None
    return _country(place, scope)


def _country(term: Term, node: Node) -> CountryFile | None:
    code = alpha_2_of(term.code) or alpha_2_of(term.decode)
    if code is None:
        node.findings.add(term.place, f"The country {quoted(term.words)} is not known; it was left out.")
        return None
    return CountryFile(code, term.words)


def read_places(
    study: Node, version: Node, design: Node | None, organizations: Mapping[str, Node]
) -> dict[str, Any]:
    """Countries of all geographic scopes and sites, and the sites themselves."""
    amendments = list(version.children("amendments"))
    owners = [date for owner in (version, *amendments) for date in owner.children("dateValues")]
    countries = [country for owner in (*owners, *amendments) for country in _scope_countries(owner)]
    for amendment in amendments:
        for enrolment in amendment.children("enrollments"):
            # Version 4 points to a scope, version 3 is one.
            scope = enrolment.child("forGeographicScope") or enrolment
            if country := _scope_country(scope):
                countries.append(country)
    sites: dict[str, SiteFile] = {}
    research = [item.node for item in items_of(design, "organizations")] if design else []
    for organization in (*organizations.values(), *research):
        for name in ("managedSites", "manages"):  # "manages" in version 3
            for node in organization.children(name):
                _add_site(node, sites, countries)
    by_code: dict[str, CountryFile] = {}
    for country in countries:
        by_code.setdefault(country.code, country)
    return {"countries": tuple(by_code.values()), "sites": tuple(sites.values())}


def _add_site(node: Node, sites: dict[str, SiteFile], countries: list[CountryFile]) -> None:
    facility = node.detail("label") or node.detail("name")
    term = read_term(node, "country")
    country = _country(term, node) if term else None
    if country:
        countries.append(country)
    key = node.identifier("id")
    if key is None or key in sites:
        node.note("The site has no id of its own; it was left out.")
        return
    sites[key] = SiteFile(key=key, facility=facility, country_code=country.code if country else None)
