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

import re
from collections.abc import Mapping, Sequence
from typing import Any

from studies.formats.node import Findings, Node, quoted
from studies.formats.study_file import (
    Source,
    StudyFile,
    StudyFileRefused,
)
from studies.formats.usdm_design import phase_of, read_design
from studies.formats.usdm_places import deciding_date, read_places
from studies.formats.usdm_version import organizations_of, read_version, sponsor_of

_DESIGNS_OF_4 = ("InterventionalStudyDesign", "ObservationalStudyDesign")


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
    organizations = organizations_of(version)
    sponsor = sponsor_of(version, organizations)
    parts = read_version(study, version, organizations, sponsor)
    parts |= read_design(design, version, study) if design else {"phase": phase_of(version, version)}
    parts |= read_places(study, version, design, organizations)
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
    dates = [date.on if (date := deciding_date(version)) else None for version in versions]
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
