"""What a USDM study version says: titles, numbers, parties, amendments and protocol versions."""

from collections.abc import Mapping, Sequence
from typing import Any

from studies.formats import usdm_codes
from studies.formats.node import Node, quoted
from studies.formats.registry_number import kind_of_number
from studies.formats.study_file import (
    AmendmentFile,
    IdentifierFile,
    IdentifierKind,
    PartyFile,
    PartyKind,
    ProtocolVersionFile,
)
from studies.formats.usdm_codes import Term, read_term
from studies.formats.usdm_order import Item, in_order, items_of
from studies.formats.usdm_places import deciding_date, milestones_of
from studies.formats.usdm_text import plain

SPONSOR = "C70793"


def read_version(
    study: Node, version: Node, organizations: Mapping[str, Node], sponsor: Item | None
) -> dict[str, Any]:
    """Titles, numbers, parties, amendments, protocol versions and dates, by the fields of a StudyFile."""
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
        "milestones": milestones_of([version, *documents]),
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
        text, term = plain(title.text("text")), read_term(title, "type")
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


def organizations_of(version: Node) -> dict[str, Node]:
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


def sponsor_of(version: Node, organizations: Mapping[str, Node]) -> Item | None:
    """The sponsor by the strongest evidence there is (see `usdm`), None without any."""
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
        summary=plain(node.detail("summary")),
        reason=_reason(node),
        substantial=_is_substantial(node),
        date=deciding_date(node),
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
            date = deciding_date(document) or deciding_date(version)
            found[number] = ProtocolVersionFile(number, date, status.words if status else None)
    if said and said not in found:
        found[said] = ProtocolVersionFile(said, deciding_date(version))
    return tuple(found.values())
