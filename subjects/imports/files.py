"""Several files of subjects and visits together: sheets, and SDTM as XPT, Dataset-JSON or CSV."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePath

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from ctms.access.access import access_of
from ctms.access.explain import why_not
from ctms.accounts.models import SYSTEM
from ctms.audit.context import acting_as, coming_through, current_through
from ctms.imports.models import ImportRun
from ctms.imports.table import CellError, SheetRefused, read_table
from subjects.formats.dataset import LARGEST_BYTES, MOST_FILES, Dataset, DatasetRefused
from subjects.formats.dataset_json import is_dataset_json, read_dataset_json
from subjects.formats.said import Problem, Said
from subjects.formats.sdtm import domain_of, read_sdtm
from subjects.formats.transport_file import is_transport_file, read_transport_file
from subjects.services.importing import IMPORT, bring_people

from .identifying import refuse_addresses, refuse_identifying_data
from .sheets import SubjectSheet, SubjectVisitSheet


class FileRefused(Exception):
    """A file as a whole cannot be read or must not come in; nothing was written."""

    def __init__(self, message, place="", file=""):
        super().__init__(message)
        self.message, self.place, self.file = str(message), place, file


@dataclass(frozen=True)
class BroughtFile:
    name: str
    data: bytes


def bring_files(*, actor, study, files, now, dry_run=False, make_sites=False):
    """
    Bring files of subjects and visits to a study, together: all of them or nothing; returns a PeopleReport.

    :raises FileRefused: a file as a whole cannot be read or must not come in
    :raises PermissionDenied: the actor brings no subjects anywhere in the study
    """
    permit_bringing(actor, study)
    said, kinds = read_files(files)
    reason = ", ".join(file.name for file in files)
    with coming_through("import", current_through().address), acting_as(actor, reason=reason):
        report = bring_people(
            actor=actor,
            study=study,
            said=said,
            reason=reason,
            now=now,
            dry_run=dry_run,
            may_make_sites=make_sites,
        )
        if not report.errors and not dry_run:
            _remember(actor, files, kinds, report)
    return report


def permit_bringing(actor, study):
    """Refuse who brings no subjects anywhere in the study."""
    if actor.username == SYSTEM and actor.is_active:
        return
    mine = (grant for grant in access_of(actor).grants if grant.gives((IMPORT,)))
    if not any(grant.study in (None, study.pk) for grant in mine):
        raise PermissionDenied(why_not(actor, IMPORT))


def read_files(files):
    """Return (Said, kind of each file): what the files say together."""
    if not files:
        raise FileRefused(_("Choose a file."))
    if len(files) > MOST_FILES:
        raise FileRefused(_("Up to %d files are brought together.") % MOST_FILES)
    datasets: dict[str, Dataset] = {}
    said, kinds = Said(), []
    for file in files:
        try:
            kinds.append(_read_file(file, datasets, said))
        except (SheetRefused, DatasetRefused) as refused:
            raise FileRefused(refused.message, refused.place, file.name) from refused
    if datasets:
        try:
            found = read_sdtm(datasets)
        except DatasetRefused as refused:
            raise FileRefused(refused.message, refused.place) from refused
        for name in ("subjects", "visits", "problems", "notes"):
            getattr(said, name).extend(getattr(found, name))
        if any(subject.arm for subject in found.subjects):
            said.names_allocation = True
    if not (said.subjects or said.visits or said.problems):
        raise FileRefused(_("The files hold no subject and no visit."))
    return said, kinds


def _read_file(file, datasets, said):
    """Put what a file says into `datasets` or `said`; returns its kind in words."""
    if len(file.data) > LARGEST_BYTES:
        raise SheetRefused(_("The file has more than %d MB.") % (LARGEST_BYTES // 1024 // 1024))
    if not file.data.strip():
        raise SheetRefused(_("The file is empty."))
    if is_transport_file(file.data):
        return _take(read_transport_file(file.data), datasets, "SDTM, XPT")
    if is_dataset_json(file.data):
        return _take(read_dataset_json(file.data), datasets, "SDTM, Dataset-JSON")
    table = read_table(file.data)
    header = [str(cell).strip().upper() for cell in table.rows[0][1]]
    if "USUBJID" in header and {"DOMAIN", "SITEID", "VISITNUM", "DSDECOD"} & set(header):
        return _take([_as_dataset(table, header, file.name)], datasets, "SDTM, CSV")
    refuse_addresses(table.rows)
    return _take_sheet(file, header, said)


def _take(found, datasets, kind):
    known = [(domain_of(dataset), dataset) for dataset in found]
    known = [(domain, dataset) for domain, dataset in known if domain]
    if not known:
        names = ", ".join(sorted({dataset.name or "?" for dataset in found}))[:80]
        raise DatasetRefused(f"Of SDTM, DM, SV and DS are brought; the file holds {names}.")
    for domain, dataset in known:
        if domain in datasets:
            raise DatasetRefused(f"{domain} comes in two files; bring one.")
        refuse_identifying_data(dataset)
        datasets[domain] = dataset
    return kind


def _as_dataset(table, header, name):
    """Return SDTM written as a sheet; R writes NA where nothing is said."""
    if len(set(header)) != len(header):
        raise SheetRefused(_("Two columns have one name."), "row 1")
    rows = []
    for number, cells in table.rows[1:]:
        if len(cells) > len(header):
            raise SheetRefused(_("the row has more cells than the header"), f"row {number}")
        if bad := next((cell for cell in cells if isinstance(cell, CellError)), None):
            raise SheetRefused(bad.sentence, f"row {number}")
        filled = [*cells, *[None] * (len(header) - len(cells))]
        rows.append([_said(cell) for cell in filled])
    stem = PurePath(name).stem.upper()
    return Dataset(stem[:2], header, rows)


def _said(cell):
    if cell is None or cell == "NA":
        return ""
    if hasattr(cell, "isoformat"):
        return cell.isoformat()
    return cell if isinstance(cell, int | float | str) and not isinstance(cell, bool) else str(cell)


def _take_sheet(file, header, said):
    plain = {" ".join(name.replace("_", " ").split()).casefold() for name in header}
    visit = SubjectVisitSheet.columns[1:3]
    is_visits = any(column.is_called(name) for name in plain for column in visit)
    sheet = SubjectVisitSheet() if is_visits else SubjectSheet()
    rows, report = sheet.read(file.data)
    said.problems += [Problem(file.name, error.row, error.column, error.sentence) for error in report.errors]
    said.notes += report.notes
    found = [sheet.said(row, file.name) for row in rows]
    if is_visits:
        said.visits += [one for one in found if one is not None]
        if left_out := sum(one is None for one in found):
            said.notes.append(
                _("%d visits neither took place nor were missed; they were left out.") % left_out
            )
    else:
        said.subjects += found
        said.names_allocation = said.names_allocation or any(one.arm or one.kit for one in found)
    return sheet.name


def _remember(actor, files, kinds, report):
    """Keep the report of the import (compliance row 42)."""
    for file, kind in zip(files, kinds, strict=True):
        ImportRun.objects.create(
            kind=kind,
            file_name=file.name[:255],
            sha256=hashlib.sha256(file.data).hexdigest(),
            actor=actor,
            created={
                what: counter["created"] for what, counter in report.counts.items() if counter["created"]
            },
            updated={
                what: counter["updated"] for what, counter in report.counts.items() if counter["updated"]
            },
            unresolved=report.notes,
        )
