"""The official workbook of the TMF Reference Model -> its version and artifacts, or a refusal that says why."""

import io
import re
import warnings
import zipfile
from dataclasses import dataclass, field

import openpyxl

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_ARTIFACTS = 2_000
HEADER_WITHIN = 12
# What a column is recognised by: the beginning of its heading, lower case, without what is no letter.
COLUMNS = {
    "zone_number": ("zone#", "zonenumber"),
    "zone_name": ("zonename",),
    "section_number": ("section#", "sectionnumber"),
    "section_name": ("sectionname",),
    "number": ("artifact#", "artifactnumber", "recordgroup#", "recordgroupnumber"),
    "name": ("artifactname", "recordgroupname"),
    "requiredness": ("coreorrecommended",),
    "unique_id": ("uniqueidnumber", "uniqueid"),
    "filed_by_sponsor": ("sponsordocument",),
    "filed_by_investigator": ("investigatordocument",),
    "at_trial": ("triallevel",),
    "trial_milestone": ("triallevelmilestone",),
    "at_country": ("country/regionlevel", "countrylevel"),
    "country_milestone": ("countrylevelmilestone",),
    "at_site": ("sitelevel",),
    "site_milestone": ("sitelevelmilestone",),
    "dated_by": ("datingconvention",),
}
NEEDED = ("zone_number", "section_number", "number", "name")
YES_COLUMNS = ("filed_by_sponsor", "filed_by_investigator", "at_trial", "at_country", "at_site")
MILESTONES = ("trial_milestone", "country_milestone", "site_milestone")


class WorkbookRefused(Exception):
    """The file is not read; the message is a sentence, `place` is such as "row 17"."""

    def __init__(self, message, place=""):
        super().__init__(message)
        self.message, self.place = message, place


@dataclass(frozen=True)
class ArtifactRow:
    """One artifact as the workbook states it."""

    number: str
    name: str
    zone_number: str
    zone_name: str
    section_number: str
    section_name: str
    requiredness: str = ""
    unique_id: int | None = None
    filed_by_sponsor: bool = False
    filed_by_investigator: bool = False
    at_trial: bool = False
    trial_milestone: str = ""
    at_country: bool = False
    country_milestone: str = ""
    at_site: bool = False
    site_milestone: str = ""
    dated_by: str = ""


@dataclass
class Workbook:
    version: str
    word: str
    artifacts: list[ArtifactRow] = field(default_factory=list)


def read_workbook(data):
    """
    Read the sheet of the model that is not the marked-up one.

    :raises WorkbookRefused: with a sentence; nothing of a workbook with a fault is used
    """
    rows = _rows(data)
    header, placed, word = _header(rows)
    version = _version(rows[:header])
    found, seen = [], {}
    for number, cells in rows[header + 1 :]:
        if not any(cells):
            continue
        row = _artifact(number, cells, placed)
        if row is None:
            continue
        if row.number in seen:
            raise WorkbookRefused(
                f"Artifact {row.number} stands twice: in row {seen[row.number]} too.", f"row {number}"
            )
        seen[row.number] = number
        found.append(row)
        if len(found) > MOST_ARTIFACTS:
            raise WorkbookRefused(f"The sheet holds more than {MOST_ARTIFACTS} artifacts.")
    if not found:
        raise WorkbookRefused("The sheet holds no artifact below its headings.")
    return Workbook(version, word, found)


def _rows(data):
    """Return [(row number, texts)] of the model's sheet."""
    if len(data) > MOST_BYTES:
        raise WorkbookRefused(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise WorkbookRefused(f"The workbook unpacks to more than {MOST_UNPACKED // 1024 // 1024} MB.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = _model_sheet(book)
        return [
            (number, [_text(cell) for cell in row])
            for number, row in enumerate(sheet.iter_rows(values_only=True), 1)
        ]
    except WorkbookRefused:
        raise
    except Exception as broken:
        raise WorkbookRefused("The file is damaged or no Excel workbook (xlsx).") from broken


def _model_sheet(book):
    for sheet in book.worksheets:
        if "markup" in sheet.title.casefold():
            continue
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            if number > HEADER_WITHIN:
                break
            names = {_heading(cell) for cell in row}
            if all(any(name.startswith(COLUMNS[need]) for name in names) for need in NEEDED):
                return sheet
    raise WorkbookRefused(
        "No sheet has the headings of the TMF Reference Model: Zone #, Section #, Artifact #, Artifact name."
    )


def _header(rows):
    """Return (index of the heading row, {field: column}, what an artifact is called)."""
    for index, (_number, cells) in enumerate(rows[:HEADER_WITHIN]):
        names = [_heading(cell) for cell in cells]
        placed = {}
        for field_name, starts in COLUMNS.items():
            at = [
                i for i, name in enumerate(names) if name.startswith(starts) and _is_column(field_name, name)
            ]
            if at:
                placed[field_name] = at[0]
        if all(need in placed for need in NEEDED):
            word = "record group" if names[placed["number"]].startswith("recordgroup") else "artifact"
            return index, placed, word
    raise WorkbookRefused("The headings of the model's sheet are not found.")


def _is_column(field_name, heading):
    """The level columns and their milestones begin with the same words."""
    if field_name.startswith("at_"):
        return "milestone" not in heading
    return "v1.3" not in heading if field_name == "name" else True


def _version(rows):
    for _number, cells in rows:
        for cell in cells:
            if said := re.search(r"version\s*(\d+(?:\.\d+)+)", cell, re.IGNORECASE):
                return said.group(1)
    raise WorkbookRefused("The workbook does not say its version above the headings.")


def _artifact(number, cells, placed):
    values = {name: cells[at] if at < len(cells) else "" for name, at in placed.items()}
    said = values["number"]
    if not said:
        return None  # a line between sections
    if not re.fullmatch(r"\d{2}\.\d{2}\.\d{2}", said):
        raise WorkbookRefused(f"“{said[:40]}” is no artifact number such as 05.04.03.", f"row {number}")
    if not values["name"]:
        raise WorkbookRefused(f"Artifact {said} has no name.", f"row {number}")
    values["zone_number"], values["section_number"] = (
        _zone(values["zone_number"]),
        _section(values["section_number"]),
    )
    if not (said.startswith(values["section_number"]) and said.startswith(values["zone_number"])):
        raise WorkbookRefused(
            f"Artifact {said} stands in zone {values['zone_number']} and section {values['section_number']}.",
            f"row {number}",
        )
    return ArtifactRow(**_typed(values, number))


def _typed(values, number):
    typed = {name: values.get(name, "") for name in COLUMNS}
    for name in YES_COLUMNS:
        typed[name] = typed[name].casefold() == "x"
    for name in MILESTONES:
        typed[name] = re.sub(r"^#?\s*(\d)\s", r"0\1 ", typed[name].removeprefix("#"))[:120]
    unique = typed["unique_id"].removesuffix(".0")
    if unique and not unique.isdigit():
        raise WorkbookRefused(f"“{unique[:20]}” is no unique number.", f"row {number}")
    typed["unique_id"] = int(unique) if unique else None
    typed["requiredness"] = {"core": "CORE", "recommended": "RECOMMENDED"}.get(
        typed["requiredness"].casefold(), ""
    )
    for name, most in (("name", 200), ("zone_name", 100), ("section_name", 100), ("dated_by", 200)):
        typed[name] = typed[name][:most]
    return typed


def _zone(said):
    return said.removesuffix(".0").zfill(2)


def _section(said):
    zone, _dot, section = said.partition(".")
    return f"{zone.zfill(2)}.{section.ljust(2, '0')}"


def _heading(cell):
    return re.sub(r"[\s\-]", "", str(cell or "")).casefold()


def _text(cell):
    return "" if cell is None else " ".join(str(cell).replace("\xa0", " ").split())
