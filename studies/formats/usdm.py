"""CDISC USDM 4.0 and 3.0 JSON -> StudyFile.

Where versions differ the shape decides, not the number in the file: exporters write "4.0" over shapes
of version 3 and the other way round. What is chosen when a file holds several:

- study versions: the one with the latest effective or approval date, else the highest number, else
  the last; the others are listed.
- study designs: the first; the others are listed.
- sponsor: the organization with the role Sponsor; else the one of type sponsor (C70793) that gave the
  study a number; else the only one of that type; else the only company that gave a number. Exporters
  mistype site organizations as sponsors, so a type alone is the weakest evidence.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from studies.formats import usdm_codes
from studies.formats.country_name import alpha_2_of
from studies.formats.node import Findings, Node, quoted
from studies.formats.partial_date import read_partial_date
from studies.formats.registry_number import kind_of_number
from studies.formats.study_file import (
    ActivityFile,
    AmendmentFile,
    ArmFile,
    CountryFile,
    DateFile,
    DateKind,
    EnrolmentFile,
    EpochFile,
    IdentifierFile,
    IdentifierKind,
    MilestoneFile,
    MilestoneKind,
    OutcomeFile,
    OutcomeLevel,
    PartyFile,
    PartyKind,
    PlannedVisitFile,
    ProtocolVersionFile,
    SiteFile,
    Source,
    StudyFile,
    StudyFileRefused,
    StudyType,
)
from studies.formats.usdm_codes import Term, read_term, read_terms
from studies.formats.usdm_order import Item, in_order, items_of
from studies.formats.usdm_schedule import Surroundings, note_unused_encounters, read_planned_visits

SPONSOR = "C70793"
_DESIGNS_OF_4 = ("InterventionalStudyDesign", "ObservationalStudyDesign")

# Only tags that USDM texts really use: "p <q> r" in a title is no mark-up.
_TAG = re.compile(
    r"</?(?:p|br|div|span|ul|ol|li|b|i|u|em|strong|sup|sub|a|h[1-6]|table|thead|tbody|tr|td|th|colgroup|col|img)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
# <usdm:tag name="min_age"/> stands for a value kept elsewhere; its name is all a reader gets here.
_PLACEHOLDER = re.compile(
    r"<usdm:(?:tag|ref)\b[^<>]*?(?:name|attribute)=\"([^\"<>]*)\"[^<>]*>(?:</usdm:\w+>)?"
)


def read(document: dict[str, Any]) -> StudyFile:
    """The study of a USDM file: the API wrapper {"study", "usdmVersion"} or a study by itself."""
    findings = Findings()
    root = Node(document, "", findings)
    study = root.child("study") if "study" in document else root
    if study is None:
        raise StudyFileRefused('The file has no study: "study" is empty.', "/study")
    version = _choose_version(study)
    source = _source(root, version)
    design = _choose_design(version)
    organizations = _organizations(version)
    sponsor = _sponsor(version, organizations)
    parts = _read_version(study, version, organizations, sponsor)
    parts |= _read_design(design, version, study) if design else {"phase": _phase(version, version)}
    parts |= _read_places(study, version, design, organizations)
    name = study.text("name") or study.text("label") or parts["protocol_number"] or _first_title(parts)
    if name is None:
        raise StudyFileRefused("The study has neither a name nor a title nor a number.", study.at("name"))
    return StudyFile(source=source, name=name, unresolved=findings.as_tuple(), **parts)


def _first_title(parts: Mapping[str, Any]) -> str | None:
    return parts.get("acronym") or parts.get("brief_title") or parts.get("official_title")


def _source(root: Node, version: Node) -> Source:
    """By shape: organizations of the version are new in 4.0, a phase of the version ended with 3.0."""
    designs = list(version.children("studyDesigns"))
    shaped_as_4 = version.has("organizations") or any(
        design.has("studyPhase") or design.fields.get("instanceType") in _DESIGNS_OF_4 for design in designs
    )
    said = str(root.fields["usdmVersion"]).strip() if root.has("usdmVersion") else ""
    number = re.sub(r"^(USDM|v)?\s*", "", said, flags=re.IGNORECASE)
    source = Source.USDM_4 if shaped_as_4 or number.startswith("4") else Source.USDM_3
    if not said:
        root.note(f"The file does not say its USDM version; it was read as {source.value}.", "usdmVersion")
    elif not re.match(rf"{source.value.removeprefix('USDM ')}(\.|$)", number) and number != source.value[5]:
        root.note(
            f"The file says USDM {quoted(said)}; by its shape it was read as {source.value}.", "usdmVersion"
        )
    return source


def _choose_version(study: Node) -> Node:
    versions = list(study.children("versions"))
    if not versions:
        raise StudyFileRefused("The study has no version, so there is nothing to read.", study.at("versions"))
    if len(versions) == 1:
        return versions[0]
    chosen, how = _latest(versions)
    others = [
        quoted(v.identifier("versionIdentifier") or "without a number") for v in versions if v is not chosen
    ]
    study.note(
        f"The file has {len(versions)} versions; {quoted(chosen.identifier('versionIdentifier') or '')} "
        f"was read because it {how}; left out: {', '.join(others)}.",
        "versions",
    )
    return chosen


def _latest(versions: Sequence[Node]) -> tuple[Node, str]:
    dates = [date.on if (date := _deciding_date(version)) else None for version in versions]
    dated = [date for date in dates if date]
    if len(dated) == len(versions) and dated.count(max(dated)) == 1:
        return versions[dated.index(max(dated))], "has the latest date"
    numbers = [_number(version) for version in versions]
    numbered = [number for number in numbers if number is not None]
    if len(numbered) == len(versions) and numbered.count(max(numbered)) == 1:
        return versions[numbered.index(max(numbered))], "has the highest number"
    return versions[-1], "is the last in the file"


def _number(version: Node) -> float | None:
    said = version.identifier("versionIdentifier") or ""
    return float(said) if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", said, re.ASCII) else None


def _choose_design(version: Node) -> Node | None:
    designs = list(version.children("studyDesigns"))
    if not designs:
        version.note(
            "The study has no design: no arms, epochs, planned visits or activities.", "studyDesigns"
        )
        return None
    for other in designs[1:]:
        name = other.detail("label") or other.detail("name") or "without a name"
        other.note(f"The file has several designs; the first was read and {quoted(name)} was left out.")
    return designs[0]


# --- the version: titles, numbers, parties, amendments, dates ------------------------------------


def _read_version(
    study: Node, version: Node, organizations: Mapping[str, Node], sponsor: Item | None
) -> dict[str, Any]:
    identifiers = _identifiers(version, organizations, sponsor)
    documents = _protocol_document_versions(study, version)
    own = (i.value for i in identifiers if i.kind is IdentifierKind.SPONSOR)
    return {
        **_titles(version),
        "protocol_number": next(own, None),
        "identifiers": identifiers,
        "sponsor": _party(sponsor.node) if sponsor else None,
        "collaborators": _collaborators(version, organizations, sponsor),
        "amendments": _amendments(version),
        "protocol_versions": _protocol_versions(version, documents),
        "milestones": _milestones([version, *documents]),
    }


# The first words that occur in the decode, else the code, name the field; codes before and after the
# terminology of 2025.
_TITLE_FIELDS = (
    ("official", "official_title", ("C99905X2", "C207616")),
    ("brief", "brief_title", ("C99905X1", "C207615")),
    ("public", "public_title", ("C99905X3", "C207617")),
    ("acronym", "acronym", ("C94108", "C207646")),
)


def _titles(version: Node) -> dict[str, str | None]:
    titles: dict[str, str | None] = dict.fromkeys(field for _, field, _ in _TITLE_FIELDS)
    for title in version.children("titles"):
        text, term = _plain(title.text("text")), read_term(title, "type")
        field = _title_field(term)
        if text is None:
            continue
        if field is None:
            # C207618 (scientific title) and house titles have no field of ours.
            kind = quoted(term.words) if term else "without a type"
            title.note(f"The title of type {kind} was left out: {quoted(text)}.")
        elif titles[field] is not None and titles[field] != text:
            title.note(f"The study has a second title of the same type; it was left out: {quoted(text)}.")
        else:
            titles[field] = text
    return titles


def _title_field(term: Term | None) -> str | None:
    if term is None:
        return None
    by_words = next((field for word, field, _ in _TITLE_FIELDS if word in term.words.casefold()), None)
    return by_words or next((field for _, field, codes in _TITLE_FIELDS if term.code.upper() in codes), None)


def _organizations(version: Node) -> dict[str, Node]:
    """Organizations by id; version 3 has them inside the identifier they gave."""
    found = {item.key: item.node for item in items_of(version, "organizations")}
    for identifier in version.children("studyIdentifiers"):
        if scope := identifier.child("studyIdentifierScope"):
            found.setdefault(scope.identifier("id") or scope.place, scope)
    return found


def _scope_key(identifier: Node) -> str | None:
    if scope := identifier.child("studyIdentifierScope"):
        return scope.identifier("id") or scope.place
    return identifier.identifier("scopeId")


def _type_of(organization: Node) -> Term | None:
    return read_term(organization, "type") or read_term(organization, "organizationType")


def _sponsor(version: Node, organizations: Mapping[str, Node]) -> Item | None:
    by_role = _with_role(version, organizations, (SPONSOR,), ("sponsor", "clinical study sponsor"))
    scopes = {_scope_key(identifier) for identifier in version.children("studyIdentifiers")}
    typed = [k for k, node in organizations.items() if (t := _type_of(node)) and _is_sponsor_type(t)]
    companies = [
        k
        for k, node in organizations.items()
        if k in scopes and usdm_codes.party_kind(_type_of(node)) in (PartyKind.INDUSTRY, PartyKind.ACADEMIC)
    ]
    for candidates in (by_role, [key for key in typed if key in scopes], typed, companies):
        if len(candidates) == 1:
            return Item(candidates[0], organizations[candidates[0]])
        if candidates:
            names = ", ".join(quoted(_name(organizations[key])) for key in candidates)
            version.note(
                f"Several organizations look like the sponsor; none was taken: {names}.", "organizations"
            )
            return None
    version.note("The file does not say who the sponsor is.", "organizations")
    return None


def _is_sponsor_type(term: Term) -> bool:
    return term.code.upper() == SPONSOR or "sponsor" in term.decode.casefold()


def _with_role(
    version: Node, organizations: Mapping[str, Node], codes: tuple[str, ...], words: tuple[str, ...]
) -> list[str]:
    keys: list[str] = []
    for role in version.children("roles"):
        term = read_term(role, "code")
        if term and (term.code.upper() in codes or term.decode.casefold() in words):
            keys += [key for key in role.texts("organizationIds") if key in organizations]
    return list(dict.fromkeys(keys))


def _name(organization: Node) -> str:
    return organization.detail("label") or organization.detail("name") or "without a name"


def _party(organization: Node) -> PartyFile:
    kind = usdm_codes.party_kind(_type_of(organization))
    return PartyFile(_name(organization), kind, organization.identifier("identifier"))


def _collaborators(
    version: Node, organizations: Mapping[str, Node], sponsor: Item | None
) -> tuple[PartyFile, ...]:
    # C215669: only co-sponsors; laboratories and committees are service providers, not collaborators.
    keys = _with_role(version, organizations, ("C215669",), ("co-sponsor",))
    return tuple(_party(organizations[key]) for key in keys if sponsor is None or key != sponsor.key)


def _identifiers(
    version: Node, organizations: Mapping[str, Node], sponsor: Item | None
) -> tuple[IdentifierFile, ...]:
    found: dict[IdentifierFile, None] = {}
    for node in version.children("studyIdentifiers"):
        value = node.identifier("text") or node.identifier("studyIdentifier")
        if value is None:
            node.note("A study identifier has no text; it was left out.")
            continue
        key = _scope_key(node)
        organization = organizations.get(key or "")
        if organization is None:
            node.note(f"The organization that gave the number {quoted(value)} is not in the file.", "scopeId")
        kind = kind_of_number(value) or _kind_by_scope(key, organization, sponsor)
        if kind in (IdentifierKind.NCT, IdentifierKind.EU_CT, IdentifierKind.EUDRACT, IdentifierKind.WHO_UTN):
            value = value.upper()
        found[IdentifierFile(kind, value, _name(organization) if organization else None)] = None
    return _one_registry_number(tuple(found), version)


def _kind_by_scope(key: str | None, organization: Node | None, sponsor: Item | None) -> IdentifierKind:
    if sponsor is not None and key == sponsor.key:
        return IdentifierKind.SPONSOR
    return IdentifierKind.OTHER


def _one_registry_number(
    identifiers: tuple[IdentifierFile, ...], version: Node
) -> tuple[IdentifierFile, ...]:
    """Two different NCT numbers in one study: files are matched by the first, so say there is another."""
    numbers = [i.value for i in identifiers if i.kind is IdentifierKind.NCT]
    if len(set(numbers)) > 1:
        version.note(
            f"The study has several NCT numbers: {', '.join(numbers)}; it is matched by the first.",
            "studyIdentifiers",
        )
    return identifiers


def _amendments(version: Node) -> tuple[AmendmentFile, ...]:
    items = items_of(version, "amendments")
    ordered = in_order(items, "amendments", version.at("amendments"), version.findings)
    return tuple(_amendment(item.node, order) for order, item in enumerate(ordered, 1))


def _amendment(node: Node, order: int) -> AmendmentFile:
    number = node.identifier("number")
    if number is None:
        node.note(f"The amendment has no number; it is shown as {order}.", "number")
    return AmendmentFile(
        number=number or str(order),
        name=node.detail("label") or node.detail("name"),
        summary=_plain(node.detail("summary")),
        reason=_reason(node),
        substantial=_is_substantial(node),
        date=_deciding_date(node),
        order=order,
    )


def _reason(node: Node) -> str | None:
    reason = node.child("primaryReason")
    if reason is None:
        return None
    # Some exporters write the code itself where an object around it belongs.
    coded = read_term(node, "primaryReason") if reason.has("decode") else read_term(reason, "code")
    term, other = coded, reason.detail("otherReason")
    if other and (term is None or term.words.casefold() == "other"):
        return other
    return term.words if term else None


def _is_substantial(node: Node) -> bool | None:
    """Version 4 says it per impact, version 3 once (substantialImpact)."""
    said = [impact.flag("isSubstantial") for impact in node.children("impacts")] + [
        node.flag("substantialImpact")
    ]
    stated = [flag for flag in said if flag is not None]
    return any(stated) if stated else None


def _protocol_document_versions(study: Node, version: Node) -> list[Node]:
    """The versions of the protocol document that this study version stands on."""
    wanted = set(version.texts("documentVersionIds")) | {version.identifier("documentVersionId")}
    documents = study.fields.get("documentedBy")
    nodes = [study.child("documentedBy")] if isinstance(documents, dict) else study.children("documentedBy")
    found = []
    for document in filter(None, nodes):
        found += [v for v in document.children("versions") if v.identifier("id") in wanted]
    return found


def _protocol_versions(version: Node, documents: Sequence[Node]) -> tuple[ProtocolVersionFile, ...]:
    said = version.identifier("versionIdentifier")
    found: dict[str, ProtocolVersionFile] = {}
    for document in documents:
        number = document.identifier("version") or document.identifier("protocolVersion") or said
        status = read_term(document, "status") or read_term(document, "protocolStatus")
        if number and number not in found:
            date = _deciding_date(document) or _deciding_date(version)
            found[number] = ProtocolVersionFile(number, date, status.words if status else None)
    if said and said not in found:
        found[said] = ProtocolVersionFile(said, _deciding_date(version))
    return tuple(found.values())


# --- dates and places ----------------------------------------------------------------------------


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


def _deciding_date(owner: Node) -> DateFile | None:
    """The effective date when there is one, else the approval, else any: the first of each."""
    dates: dict[MilestoneKind, DateFile] = {}
    for node in owner.children("dateValues"):
        if date := _governance_date(node):
            dates.setdefault(_kind_of_date(read_term(node, "type")), date)
    by_weight = (MilestoneKind.PROTOCOL_EFFECTIVE, MilestoneKind.PROTOCOL_APPROVAL, MilestoneKind.OTHER)
    return next((dates[kind] for kind in by_weight if kind in dates), None)


def _milestones(owners: Sequence[Node]) -> tuple[MilestoneFile, ...]:
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


def _read_places(
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


# --- the design ----------------------------------------------------------------------------------


def _read_design(design: Node, version: Node, study: Node) -> dict[str, Any]:
    epochs, activities = _epochs(design), _activities(design)
    masked = read_term(design, "blindingSchema") or read_term(design, "blindingScheme")
    model = read_term(design, "model") or read_term(design, "interventionModel")
    return {
        "phase": _phase(design, version),
        "study_type": _study_type(design, version),
        "therapeutic_areas": _areas(design, version),
        "conditions": _indications(design),
        "masking": _known(masked, usdm_codes.masking(masked), "blinding", design),
        "allocation": _allocation(design),
        "intervention_model": _known(
            model, usdm_codes.intervention_model(model), "intervention model", design
        ),
        "enrolment": _enrolment(design),
        "arms": _arms(design),
        "epochs": epochs,
        "activities": activities,
        "planned_visits": _visits(design, epochs, activities),
        "outcomes": _outcomes(design),
    }


def _phase(design: Node, version: Node) -> Any:
    return usdm_codes.read_phase(read_term(design, "studyPhase") or read_term(version, "studyPhase"), design)


def _known(term: Term | None, meaning: str | None, what: str, node: Node) -> str | None:
    if term is not None and meaning is None:
        node.findings.add(term.place, f"The {what} {quoted(term.words)} is not known; it was left out.")
    return meaning


def _study_type(design: Node, version: Node) -> StudyType | None:
    term = read_term(design, "studyType") or read_term(version, "studyType")
    shape = design.detail("instanceType") or ""
    words = f"{term.words if term else ''} {shape}".casefold()
    code = term.code.upper() if term else ""
    if "expanded access" in words or code == "C98722":
        return StudyType.EXPANDED_ACCESS
    if "observational" in words or code == "C16084":
        return StudyType.OBSERVATIONAL
    if "interventional" in words or code == "C98388":
        return StudyType.INTERVENTIONAL
    return None


def _areas(design: Node, version: Node) -> tuple[str, ...]:
    terms = read_terms(design, "therapeuticAreas") or read_terms(version, "businessTherapeuticAreas")
    return tuple(dict.fromkeys(term.words for term in terms))


def _indications(design: Node) -> tuple[str, ...]:
    nodes = design.children("indications")
    names = (n.detail("label") or n.detail("description") or n.detail("name") for n in nodes)
    return tuple(dict.fromkeys(name for name in names if name))


def _allocation(design: Node) -> str | None:
    # C46079 among the characteristics; its absence does not mean "not randomised".
    terms = read_terms(design, "characteristics")
    randomised = any(t.code.upper() == "C46079" or t.decode.casefold().startswith("random") for t in terms)
    return "RANDOMIZED" if randomised else None


def _enrolment(design: Node) -> EnrolmentFile | None:
    population = design.child("population")
    if population is None:
        return None
    bare = _amount(population.fields.get("plannedEnrollmentNumber"))
    if bare is not None and bare >= 0 and bare == int(bare):
        return EnrolmentFile(int(bare), DateKind.PLANNED)
    planned = population.child("plannedEnrollmentNumber")
    if planned is None:
        if any(cohort.has("plannedEnrollmentNumber") for cohort in population.children("cohorts")):
            what = "The planned enrolment is given per cohort, not for the study; it was left out."
            population.note(what, "plannedEnrollmentNumber")
        return None
    # A Quantity has a value; a Range has two, which are Quantities in version 4.
    low = _amount(planned.fields.get("value", planned.fields.get("minValue")))
    high = _amount(planned.fields.get("value", planned.fields.get("maxValue")))
    if low is None or low != high or low < 0 or low != int(low):
        planned.note("The planned enrolment is not one whole number; it was left out.")
        return None
    return EnrolmentFile(int(low), DateKind.PLANNED)


def _amount(value: Any) -> float | None:
    if isinstance(value, dict):
        value = value.get("value")
    return (
        value
        if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e9
        else None
    )


def _arms(design: Node) -> tuple[ArmFile, ...]:
    return tuple(
        ArmFile(
            key=item.key,
            name=item.node.detail("name") or item.node.detail("label") or item.key,
            label=item.node.detail("label"),
            kind=usdm_codes.arm_kind(read_term(item.node, "type")),
            description=_plain(item.node.detail("description")),
        )
        for item in items_of(design, "arms")
    )


def _epochs(design: Node) -> tuple[EpochFile, ...]:
    ordered = in_order(items_of(design, "epochs"), "epochs", design.at("epochs"), design.findings)
    epochs = []
    for order, item in enumerate(ordered, 1):
        name = item.node.detail("name") or item.node.detail("label") or item.key
        epochs.append(
            EpochFile(
                key=item.key,
                name=name,
                order=order,
                label=item.node.detail("label"),
                kind=usdm_codes.epoch_kind(read_term(item.node, "type"), name),
                description=_plain(item.node.detail("description")),
            )
        )
    return tuple(epochs)


def _activities(design: Node) -> tuple[ActivityFile, ...]:
    items = items_of(design, "activities")
    group_of = _groups(items)
    groups = set(group_of.values())
    ordered = in_order(items, "activities", design.at("activities"), design.findings)
    return tuple(
        ActivityFile(
            key=item.key,
            name=item.node.detail("name") or item.node.detail("label") or item.key,
            order=order,
            label=item.node.detail("label"),
            description=_plain(item.node.detail("description")),
            group_key=group_of.get(item.key),
            is_group=item.key in groups,
        )
        for order, item in enumerate(ordered, 1)
    )


def _groups(items: Sequence[Item]) -> dict[str, str]:
    """Child -> the activity it is listed under (childIds)."""
    known = {item.key for item in items}
    group_of: dict[str, str] = {}
    for item in items:
        for child in item.node.texts("childIds"):
            if child not in known or child == item.key:
                item.node.note(f"The group lists {quoted(child)}, which is not another activity.", "childIds")
            elif group_of.setdefault(child, item.key) != item.key:
                item.node.note(
                    f"The activity {quoted(child)} is in two groups; the first was kept.", "childIds"
                )
    return group_of


def _visits(
    design: Node, epochs: Sequence[EpochFile], activities: Sequence[ActivityFile]
) -> tuple[PlannedVisitFile, ...]:
    encounters = {item.key: item.node for item in items_of(design, "encounters")}
    around = Surroundings(
        encounters=encounters,
        epochs={epoch.key: epoch for epoch in epochs},
        activity_order={a.key: a.order for a in activities if not a.is_group},
        groups=frozenset(a.key for a in activities if a.is_group),
    )
    visits = read_planned_visits(design, around)
    note_unused_encounters(encounters, visits, design.findings)
    return visits


def _outcomes(design: Node) -> tuple[OutcomeFile, ...]:
    """Endpoints, primary first, under the objective's level where they have none of their own."""
    found: dict[OutcomeFile, None] = {}
    for objective in design.children("objectives"):
        above = usdm_codes.outcome_level(read_term(objective, "level"))
        for endpoint in objective.children("endpoints"):
            measure = _plain(
                endpoint.detail("text") or endpoint.detail("description") or endpoint.detail("label")
            )
            level = usdm_codes.outcome_level(read_term(endpoint, "level")) or above
            if measure is None:
                endpoint.note("An endpoint has no text; it was left out.")
            elif level is None:
                endpoint.note(
                    f"The level of the endpoint {quoted(measure)} is not known; it was left out.", "level"
                )
            else:
                found[OutcomeFile(level, measure)] = None
    return tuple(sorted(found, key=lambda outcome: list(OutcomeLevel).index(outcome.level)))


def _plain(text: str | None) -> str | None:
    """Text without HTML; a placeholder of the template keeps its name in square brackets."""
    if text is None or "<" not in text:
        return text
    named = _PLACEHOLDER.sub(r"[\1]", text)
    bare = html.unescape(_TAG.sub(" ", named)) if _TAG.search(named) else named
    return " ".join(bare.split()) or None
