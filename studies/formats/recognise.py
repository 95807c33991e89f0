"""An uploaded file -> the studies in it, recognised by what it holds and never by its name."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from studies.formats import clinicaltrials_gov, usdm
from studies.formats.json_document import parse_json, pointer
from studies.formats.node import Findings, Node, quoted, spoken_type
from studies.formats.registry_number import kind_of_number
from studies.formats.study_file import IdentifierKind, StudyFile, StudyFileRefused, Unresolved

READ = "CDISC USDM 4.0 and 3.0 (JSON) and ClinicalTrials.gov records of version 2 (JSON) are read."

# The first bytes of files that are no JSON at all.
_BEGINNINGS = (
    (b"PK\x03\x04", "a ZIP archive or an Office file (Excel, Word)"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"NCT Number", "a table (CSV) of ClinicalTrials.gov"),
)
# What an XML file is, by a word near its beginning.
_XML_WORDS = (
    (b"<ODM", "CDISC ODM (XML)"),
    (b"<clinical_study", "a legacy ClinicalTrials.gov record (XML)"),
    (b"<html", "a web page"),
    (b"<!DOCTYPE html", "a web page"),
)
# Names at the top of JSON documents of other formats. A document is of a format when it has any.
_OTHER_FORMATS = (
    (
        {"FullStudiesResponse", "FullStudies", "StudyFieldsResponse", "ProtocolSection"},
        "a record of the legacy ClinicalTrials.gov version 1 interface",
    ),
    ({"clinicalStudy"}, "USDM 1.x"),
    (
        {"a2_eudract_number", "a3_full_title_of_the_trial"},
        "a record of the EU Clinical Trials Register (EUCTR)",
    ),
    ({"isrctn"}, "a record of the ISRCTN registry"),
    (
        {"ctNumber", "ctStatus", "authorizedApplication", "authorizedPartI", "trialCountries"},
        "a record of the EU portal CTIS",
    ),
    ({"resourceType"}, "HL7 FHIR"),
    ({"datasetJSONVersion", "itemGroupOID"}, "CDISC Dataset-JSON"),
    ({"ODM", "odmVersion", "ODMVersion", "FileOID", "fileOID"}, "CDISC ODM"),
    ({"openapi", "swagger"}, "the description of an interface, not a study"),
    ({"diff", "timestamp"}, "a history of changes, not a record"),
)


def read_study_files(data: bytes, *, nct: str | None = None) -> list[StudyFile]:
    """Every study in the file, or the one with the NCT number; StudyFileRefused when there is none.

    Nothing is half read: the list comes back whole or the file is refused.
    """
    wanted = _wanted(nct)
    _refuse_what_is_no_json(data)
    document = _parse(data)
    try:
        if isinstance(document, dict) and _is_usdm(document):
            return [_read_usdm(document, wanted)]
        return _read_records(_records(document), wanted)
    except RecursionError:
        raise StudyFileRefused("The file is nested too deeply to be a study.") from None


def _wanted(nct: str | None) -> str | None:
    if nct is None or not nct.strip():
        return None
    if kind_of_number(nct) is not IdentifierKind.NCT:
        raise StudyFileRefused(f"{quoted(nct)} is no NCT number: NCT and eight digits.")
    return nct.strip().upper()


def _parse(data: bytes) -> Any:
    try:
        return parse_json(data)
    except StudyFileRefused as refused:
        if refused.place != "line 1 column 1":
            raise
        # No JSON at all, a table for example: say what could be brought instead.
        raise StudyFileRefused(f"{refused.message} {READ}", refused.place) from None


def _refuse_what_is_no_json(data: bytes) -> None:
    for beginning, name in _BEGINNINGS:
        if data.removeprefix(b"\xef\xbb\xbf").startswith(beginning):
            raise StudyFileRefused(f"The file is {name}. {READ}", "byte 0")
    head = data[:4000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<"):
        name = next((name for word, name in _XML_WORDS if word.lower() in head.lower()), "XML")
        raise StudyFileRefused(f"The file is {name}. {READ}", "byte 0")


# --- USDM ----------------------------------------------------------------------------------------


def _is_usdm(document: dict[str, Any]) -> bool:
    """The API wrapper, or a study by itself as some tools save it."""
    if document.keys() & {"study", "usdmVersion"}:
        return True
    return document.get("instanceType") == "Study" or ("versions" in document and "documentedBy" in document)


def _read_usdm(document: dict[str, Any], wanted: str | None) -> StudyFile:
    _refuse_other_versions(document)
    study = usdm.read(document)
    numbers = [i.value for i in study.identifiers if i.kind is IdentifierKind.NCT]
    if wanted and wanted not in numbers:
        held = f"is {', '.join(numbers)}" if numbers else "has no NCT number"
        raise StudyFileRefused(f"{wanted} is not in the file: its study {held}.")
    return study


def _refuse_other_versions(document: dict[str, Any]) -> None:
    said = document.get("usdmVersion")
    if said is not None and (isinstance(said, bool) or not isinstance(said, (str, int, float))):
        raise StudyFileRefused(f'"usdmVersion" should be text but is {spoken_type(said)}.', "/usdmVersion")
    written = str(said).strip() if said is not None else ""
    if written and not re.match(r"(USDM|v)?\s*[34](\.|$)", written, re.IGNORECASE):
        raise StudyFileRefused(f"The file is USDM {quoted(written)}. {READ}", "/usdmVersion")
    study = document.get("study", document)
    if "study" not in document and "versions" not in document:
        raise StudyFileRefused('The file has no study: "study" is missing.', "/study")
    # Up to version 2 the design hung on the study itself; versions came with 3.0.
    before_3 = {"studyDesigns", "studyTitle", "studyIdentifiers", "studyProtocolVersions"}
    if isinstance(study, dict) and "versions" not in study and study.keys() & before_3:
        raise StudyFileRefused(f"The file is USDM 2.x or older. {READ}", "/study")


# --- ClinicalTrials.gov --------------------------------------------------------------------------


def _records(document: Any) -> list[tuple[str, dict[str, Any]]]:
    """The records of the file with their places: one, an array, or a page of search results."""
    if isinstance(document, dict) and "protocolSection" in document:
        return [("", document)]
    place, entries = "", document
    if isinstance(document, dict) and "studies" in document:
        place, entries = "/studies", document["studies"]
        if not isinstance(entries, list):
            raise StudyFileRefused(f'"studies" should be a list but is {spoken_type(entries)}.', place)
    if not isinstance(entries, list):
        raise StudyFileRefused(_why_unknown(entries))
    if not entries:
        raise StudyFileRefused("The file holds no study: its list is empty.", place)
    found = []
    for index, entry in enumerate(entries):
        here = pointer(place, index)
        if not isinstance(entry, dict) or "protocolSection" not in entry:
            raise StudyFileRefused(_why_unknown(entry), here)
        found.append((here, entry))
    return found


def _why_unknown(value: Any) -> str:
    if not isinstance(value, dict):
        return f"A study should stand here but there is {spoken_type(value)}. {READ}"
    name = next((name for keys, name in _OTHER_FORMATS if value.keys() & keys), None)
    inner = value.get("Study")
    if name is None and isinstance(inner, dict) and "ProtocolSection" in inner:
        name = "a record of the legacy ClinicalTrials.gov version 1 interface"
    if name is None and _is_usdm(value):
        return "USDM files are read one by one, not as a list."
    return f"The file is {name}. {READ}" if name else f"This is no study in a format known here. {READ}"


def _read_records(records: list[tuple[str, dict[str, Any]]], wanted: str | None) -> list[StudyFile]:
    numbered = [(_number(place, record, wanted), place, record) for place, record in records]
    if wanted:
        numbers = list(dict.fromkeys(number for number, _, _ in numbered if number))
        numbered = [entry for entry in numbered if entry[0] == wanted]
        if not numbered:
            shown = ", ".join(numbers[:20]) + (f" and {len(numbers) - 20} more" if len(numbers) > 20 else "")
            raise StudyFileRefused(f"{wanted} is not in the file; it holds {shown or 'no NCT number'}.")
    firsts: dict[str, tuple[str, dict[str, Any]]] = {}
    repeats: list[tuple[str, Unresolved]] = []
    for number, place, record in numbered:
        first_place, first = firsts.setdefault(number or "", (place, record))
        if first is record:
            continue
        if first != record:
            what = f"{number} is in the file twice and the two records differ; the first is at {first_place}."
            raise StudyFileRefused(what, place)
        repeats.append(
            (number or "", Unresolved(place, f"{number} is in the file twice; it was taken once."))
        )
    studies = [clinicaltrials_gov.read(record, place) for place, record in firsts.values()]
    return [
        _with_notes(study, [note for number, note in repeats if number == study.nct_id]) for study in studies
    ]


def _number(place: str, record: dict[str, Any], wanted: str | None) -> str | None:
    """The record's NCT number; when another one is wanted, a damaged neighbour does not matter."""
    try:
        section = Node(record, place, Findings()).child("protocolSection")
        identity = section.child("identificationModule") if section else None
        if identity is None:
            raise StudyFileRefused(
                "The record has no identification, so it cannot be matched with a study.",
                f"{place}/protocolSection/identificationModule",
            )
        return clinicaltrials_gov.nct_of(identity)
    except StudyFileRefused:
        if wanted:
            return None
        raise


def _with_notes(study: StudyFile, notes: list[Unresolved]) -> StudyFile:
    return replace(study, unresolved=(*study.unresolved, *notes)) if notes else study
