"""One ClinicalTrials.gov record of the version 2 API -> StudyFile.

Personal data stays in the file: contacts, officials and responsible parties are not read. Results
(resultsSection) and eligibility are no part of a StudyFile either.
"""

from __future__ import annotations

import re
from typing import Any

from studies.formats.country_name import alpha_2_of
from studies.formats.node import Findings, Node, quoted
from studies.formats.partial_date import read_partial_date
from studies.formats.registry_number import kind_of_number
from studies.formats.study_file import (
    ArmFile,
    ArmKind,
    CountryFile,
    DateFile,
    DateKind,
    EnrolmentFile,
    IdentifierFile,
    IdentifierKind,
    MilestoneFile,
    MilestoneKind,
    OutcomeFile,
    OutcomeLevel,
    PartyFile,
    PartyKind,
    Phase,
    SiteFile,
    Source,
    StudyFile,
    StudyFileRefused,
    StudyType,
)

_PHASES = {
    ("EARLY_PHASE1",): Phase.EARLY_1,
    ("PHASE1",): Phase.I,
    ("PHASE1", "PHASE2"): Phase.I_II,
    ("PHASE2",): Phase.II,
    ("PHASE2", "PHASE3"): Phase.II_III,
    ("PHASE3",): Phase.III,
    ("PHASE4",): Phase.IV,
    ("NA",): Phase.NOT_APPLICABLE,
}
_PARTY_KINDS = {
    "INDUSTRY": PartyKind.INDUSTRY,
    "NIH": PartyKind.GOVERNMENT,
    "FED": PartyKind.GOVERNMENT,
    "OTHER_GOV": PartyKind.GOVERNMENT,
    "NETWORK": PartyKind.NETWORK,
    "INDIV": PartyKind.INDIVIDUAL,
    "OTHER": PartyKind.OTHER,  # universities and hospitals, but not only they
    "AMBIG": PartyKind.UNKNOWN,
    "UNKNOWN": PartyKind.UNKNOWN,
}
_SECONDARY_KINDS = {
    "EUDRACT_NUMBER": IdentifierKind.EUDRACT,
    "CTIS": IdentifierKind.EU_CT,
}
_DATE_KINDS = {"ACTUAL": DateKind.ACTUAL, "ESTIMATED": DateKind.PLANNED}
# Field of the status module, what it is the date of, its name in the registry.
_MILESTONES = (
    ("startDateStruct", MilestoneKind.STUDY_START, "Study start"),
    ("primaryCompletionDateStruct", MilestoneKind.PRIMARY_COMPLETION, "Primary completion"),
    ("completionDateStruct", MilestoneKind.STUDY_COMPLETION, "Study completion"),
    ("studyFirstPostDateStruct", MilestoneKind.REGISTRY_FIRST_POSTED, "First posted on ClinicalTrials.gov"),
    (
        "resultsFirstPostDateStruct",
        MilestoneKind.RESULTS_FIRST_POSTED,
        "Results first posted on ClinicalTrials.gov",
    ),
)
_OUTCOMES = (
    ("primaryOutcomes", OutcomeLevel.PRIMARY),
    ("secondaryOutcomes", OutcomeLevel.SECONDARY),
    ("otherOutcomes", OutcomeLevel.OTHER),
)
# Long texts of the registry are Markdown: "\>" and "\[" stand for ">" and "[".
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def read(record: dict[str, Any], place: str = "") -> StudyFile:
    """The study of one record {"protocolSection": …} that stands at `place` in the file."""
    findings = Findings()
    section = Node(record, place, findings, "ctrname" in record).child("protocolSection")
    if section is None:
        raise StudyFileRefused("The record has no protocol section.", f"{place}/protocolSection")
    identity = _module(section, "identificationModule")
    nct = nct_of(identity)
    number = _protocol_number(identity, nct)
    sites, countries = _places(_module(section, "contactsLocationsModule"))
    return StudyFile(
        source=Source.CLINICALTRIALS_GOV_2,
        name=identity.text("acronym") or number or nct,
        protocol_number=number,
        official_title=identity.text("officialTitle"),
        brief_title=identity.text("briefTitle"),
        acronym=identity.text("acronym"),
        identifiers=_identifiers(identity, nct, number),
        conditions=tuple(dict.fromkeys(_module(section, "conditionsModule").texts("conditions"))),
        arms=_arms(_module(section, "armsInterventionsModule")),
        outcomes=_outcomes(_module(section, "outcomesModule")),
        countries=countries,
        sites=sites,
        **_parties(_module(section, "sponsorCollaboratorsModule")),
        **_design(_module(section, "designModule")),
        **_status(_module(section, "statusModule")),
        unresolved=findings.as_tuple(),
    )


def _module(section: Node, name: str) -> Node:
    """A module of the record; an absent one is an empty one."""
    return section.child(name) or Node({}, section.at(name), section.findings)


def nct_of(identity: Node) -> str:
    number = identity.text("nctId")
    if number is None or kind_of_number(number) is not IdentifierKind.NCT:
        what = f"{quoted(number)} is no NCT number" if number else "The record has no NCT number"
        raise StudyFileRefused(f"{what}, so it cannot be matched with a study.", identity.at("nctId"))
    return number.upper()


def _protocol_number(identity: Node, nct: str) -> str | None:
    """The sponsor's own number; some repeat the NCT number there, which is not one."""
    own = identity.child("orgStudyIdInfo")
    number = own.identifier("id") if own else None
    return None if number is None or number.upper() == nct else number


def _identifiers(identity: Node, nct: str, number: str | None) -> tuple[IdentifierFile, ...]:
    organization = identity.child("organization")
    owner = organization.detail("fullName") if organization else None
    found = [IdentifierFile(IdentifierKind.NCT, nct, "ClinicalTrials.gov")]
    if number:
        found.append(IdentifierFile(IdentifierKind.SPONSOR, number, owner))
    for node in identity.children("secondaryIdInfos"):
        value = node.identifier("id")
        if value is None:
            node.note("A secondary identifier is empty; it was left out.")
            continue
        said = _SECONDARY_KINDS.get(node.detail("type") or "")
        kind = kind_of_number(value) or said or IdentifierKind.OTHER
        if kind is IdentifierKind.NCT:
            # Another record's number (parent study, extension): a second NCT would match wrongly.
            node.note(
                f"{quoted(value)} is the NCT number of another record; it was kept as another identifier."
            )
            kind = IdentifierKind.OTHER
        found.append(IdentifierFile(kind, value, node.detail("domain")))
    return tuple(dict.fromkeys(found))


def _parties(module: Node) -> dict[str, Any]:
    lead = module.child("leadSponsor")
    sponsor = _party(lead) if lead else None
    if sponsor is None:
        module.note("The record does not name its sponsor.", "leadSponsor")
    collaborators = (_party(node) for node in module.children("collaborators"))
    return {
        "sponsor": sponsor,
        "collaborators": tuple(dict.fromkeys(party for party in collaborators if party)),
    }


def _party(node: Node) -> PartyFile | None:
    name = node.text("name")
    if name is None:
        node.note("An organization has no name; it was left out.")
        return None
    return PartyFile(name, _PARTY_KINDS.get(node.detail("class") or "", PartyKind.UNKNOWN))


def _design(module: Node) -> dict[str, Any]:
    info = module.child("designInfo") or Node({}, module.at("designInfo"), module.findings)
    masking = info.child("maskingInfo")
    return {
        "phase": _phase(module),
        "study_type": _study_type(module),
        "masking": masking.detail("masking") if masking else None,
        "allocation": info.detail("allocation"),
        "intervention_model": info.detail("interventionModel"),
        "enrolment": _enrolment(module),
    }


def _phase(module: Node) -> Phase | None:
    phases = tuple(sorted(dict.fromkeys(module.texts("phases"))))
    if not phases:
        return None  # observational studies have none
    if phases not in _PHASES:
        module.note(f"The phase {quoted(' / '.join(phases))} is not known; it was left open.", "phases")
    return _PHASES.get(phases)


def _study_type(module: Node) -> StudyType | None:
    said = module.detail("studyType")
    if said is not None and said not in StudyType.__members__:
        module.note(f"The study type {quoted(said)} is not known; it was left open.", "studyType")
    return StudyType.__members__.get(said or "")


def _enrolment(module: Node) -> EnrolmentFile | None:
    info = module.child("enrollmentInfo")
    count = info.fields.get("count") if info else None
    if info is None or count is None:
        return None
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count < 1_000_000_000:
        info.note(f"The enrolment {quoted(count)} is not a whole number; it was left out.", "count")
        return None
    return EnrolmentFile(count, _DATE_KINDS.get(info.detail("type") or "", DateKind.NOT_STATED))


def _status(module: Node) -> dict[str, Any]:
    milestones = []
    for name, kind, spoken in _MILESTONES:
        if (node := module.child(name)) and (date := _date(node, "date")):
            said = _DATE_KINDS.get(node.detail("type") or "", DateKind.NOT_STATED)
            if kind in (MilestoneKind.REGISTRY_FIRST_POSTED, MilestoneKind.RESULTS_FIRST_POSTED):
                # Here ESTIMATED means that the registry reconstructed a past day, not a plan.
                said = DateKind.ACTUAL if said is DateKind.ACTUAL else DateKind.NOT_STATED
            milestones.append(MilestoneFile(kind, spoken, date, said))
    if submitted := _date(module, "studyFirstSubmitDate"):
        spoken = "First submitted to ClinicalTrials.gov"
        milestones.append(
            MilestoneFile(MilestoneKind.REGISTRY_FIRST_SUBMITTED, spoken, submitted, DateKind.ACTUAL)
        )
    return {
        "status": module.detail("overallStatus"),
        "why_stopped": _unescaped(module.detail("whyStopped")),
        "milestones": tuple(milestones),
    }


def _date(node: Node, name: str) -> DateFile | None:
    text = node.detail(name)
    date = read_partial_date(text) if text else None
    if text and date is None:
        node.note(f"{quoted(text)} is not a date; it was left out.", name)
    return date


def _arms(module: Node) -> tuple[ArmFile, ...]:
    arms: dict[str, ArmFile] = {}
    for node in module.children("armGroups"):
        label = node.detail("label")
        if label is None:
            node.note("An arm has no name; it was left out.")
        elif label in arms:
            node.note(f"Two arms are called {quoted(label)}; the second was left out.")
        else:
            said = node.detail("type")
            kind = ArmKind.__members__.get(said or "UNKNOWN", ArmKind.OTHER)
            arms[label] = ArmFile(label, label, label, kind, _unescaped(node.detail("description")))
    return tuple(arms.values())


def _outcomes(module: Node) -> tuple[OutcomeFile, ...]:
    found: dict[OutcomeFile, None] = {}
    for name, level in _OUTCOMES:
        for node in module.children(name):
            measure = node.detail("measure")
            if measure is None:
                node.note("An outcome has no measure; it was left out.")
                continue
            frame, description = node.detail("timeFrame"), _unescaped(node.detail("description"))
            found[OutcomeFile(level, measure, frame, description)] = None
    return tuple(found)


def _unescaped(text: str | None) -> str | None:
    return None if text is None else _ESCAPED.sub(r"\1", text)


def _places(module: Node) -> tuple[tuple[SiteFile, ...], tuple[CountryFile, ...]]:
    sites: dict[str, SiteFile] = {}
    countries: dict[str, CountryFile] = {}
    for node in module.children("locations"):
        country = _country(node)
        if country:
            countries.setdefault(country.code, country)
        site = _site(node, country)
        if site.key not in sites:
            sites[site.key] = site
            continue
        known = sites[site.key]
        name = quoted(site.facility or site.city or "without a name")
        if known.status == site.status:
            node.note(f"The site {name} is in the record twice with the same address; it was taken once.")
        else:
            node.note(
                f"The site {name} is in the record twice with the same address, "
                f"once {known.status or 'without status'} and once {site.status or 'without status'}; "
                "the first was taken."
            )
    return tuple(sites.values()), tuple(countries.values())


def _country(node: Node) -> CountryFile | None:
    name = node.detail("country")
    if name is None:
        node.note("A site has no country.", "country")
        return None
    code = alpha_2_of(name)
    if code is None:
        node.note(f"The country {quoted(name)} is not known; the site has none.", "country")
    return CountryFile(code, name) if code else None


def _site(node: Node, country: CountryFile | None) -> SiteFile:
    facility, city, state = node.detail("facility"), node.detail("city"), node.detail("state")
    postcode = node.identifier("zip")
    said = country.code if country else node.detail("country")
    # A generic "Research Site" is told apart by its address only; the status is no part of the key,
    # because it changes from one file to the next.
    words = (" ".join((part or "").casefold().split()) for part in (facility, city, state, postcode, said))
    return SiteFile(
        key="|".join(words),
        facility=facility,
        city=city,
        state=state,
        zip=postcode,
        country_code=country.code if country else None,
        status=node.detail("status"),
    )
