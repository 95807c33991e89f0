"""What can be brought to a study: sheets of subjects and of visits, and SDTM as XPT, Dataset-JSON or CSV."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import PurePath

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.access.access import access_of
from ctms.access.explain import why_not
from ctms.accounts.models import SYSTEM
from ctms.audit.context import acting_as, coming_through, current_through
from ctms.imports.cells import choice, day, text, whole_number
from ctms.imports.models import ImportRun
from ctms.imports.sheet import Column, Sheet
from ctms.imports.table import CellError, SheetRefused, read_table

from .formats.dataset import LARGEST_BYTES, MOST_FILES, Dataset, DatasetRefused
from .formats.dataset_json import is_dataset_json, read_dataset_json
from .formats.said import Problem, Said, SubjectSaid, VisitSaid
from .formats.sdtm import domain_of, read_sdtm
from .formats.transport_file import is_transport_file, read_transport_file
from .models import EndReason, ScreenFailureReason, Sex, SubjectStatus
from .models.identifiers import names_a_person
from .services.importing import IMPORT, bring_people

_E_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w")


class FileRefused(Exception):
    """A file as a whole cannot be read or must not come in; nothing was written."""

    def __init__(self, message, place="", file=""):
        super().__init__(message)
        self.message, self.place, self.file = str(message), place, file


@dataclass(frozen=True)
class BroughtFile:
    name: str
    data: bytes


# --- sheets -------------------------------------------------------------------------------------------

_SUBJECT_ALIASES = (
    "Subject", "Subject ID", "Subject no", "Subject no.", "Subject identifier", "Subjectid", "SUBJID", "USUBJID",
    "Subjectnameoridentifier", "Participant", "Participant ID", "Participant number", "Patient number",
)  # fmt: skip
_ENDED_AS = {
    "completed": "COMPLETED", "complete": "COMPLETED", "withdrawn": "WITHDRAWN", "discontinued": "WITHDRAWN",
    "early termination": "WITHDRAWN", "withdrew": "WITHDRAWN", "lost to follow-up": "LOST_TO_FOLLOW_UP",
    "lost": "LOST_TO_FOLLOW_UP", "ltfu": "LOST_TO_FOLLOW_UP", "died": "DIED", "death": "DIED", "dead": "DIED",
}  # fmt: skip


def _code(value):
    """A subject's number: text as it stands, with its leading zeros."""
    return text(30)(value)


def _status(value):
    """A state by our words or the field's; one this product does not know is refused."""
    said = str(value).strip().casefold()
    return _ENDED_AS.get(said) or choice(SubjectStatus)(value)


class _PeopleSheet(Sheet):
    """A sheet that refuses a column which says who a person is, instead of leaving it out in silence."""

    def _place_columns(self, header, number, report):
        refuse_identifying([said for said in header if said and not self.columns[0].is_called(said)])
        return super()._place_columns(header, number, report)


class SubjectSheet(_PeopleSheet):
    """Subjects of one study, one a row: number, site, the days that say how far each came."""

    name = "Subjects"
    collection = "subjects"
    natural_key = ("number",)
    columns = (
        Column("number", gettext_lazy("Subject number"), _code, required=True, aliases=_SUBJECT_ALIASES),
        Column(
            "site", gettext_lazy("Site"), text(20), aliases=("Site number", "Site no.", "Site ID", "SITEID")
        ),
        Column("country", gettext_lazy("Country"), text(100), aliases=("Country code",)),
        Column(
            "screening_number", gettext_lazy("Screening number"), _code, aliases=("Screening no.", "Scr no.")
        ),
        Column(
            "randomisation_number",
            gettext_lazy("Randomisation number"),
            _code,
            aliases=("Randomization number", "Randomisation no.", "Rand no."),
        ),
        Column(
            "former", gettext_lazy("Screened before as"), _code, aliases=("Previous number", "Former number")
        ),
        Column("sex", gettext_lazy("Sex"), choice(Sex), aliases=("Gender",)),
        Column(
            "age", gettext_lazy("Age at consent"), whole_number, aliases=("Age", "Age at consent (years)")
        ),
        Column(
            "consented",
            gettext_lazy("Consented"),
            day,
            aliases=(
                "Consent date",
                "Date of consent",
                "Informed consent date",
                "Consented on",
                "ICF date",
                "Screened",
            ),
        ),
        Column("form_version", gettext_lazy("Consent form version"), text(60), aliases=("ICF version",)),
        Column("protocol_version", gettext_lazy("Protocol version"), text(60)),
        Column(
            "screen_failed",
            gettext_lazy("Screen failed"),
            day,
            aliases=("Screen failure date", "Screen failed on"),
        ),
        Column(
            "screen_failure_reason",
            gettext_lazy("Screen failure reason"),
            choice(ScreenFailureReason),
            aliases=("Reason for screen failure",),
        ),
        Column(
            "randomised",
            gettext_lazy("Randomised"),
            day,
            aliases=("Randomized", "Randomisation date", "Randomization date", "Randomised on", "Enrolled"),
        ),
        Column("first_dose", gettext_lazy("First dose"), day, aliases=("First dose date", "First treatment")),
        Column(
            "treatment_ended",
            gettext_lazy("End of treatment"),
            day,
            aliases=("Treatment ended", "End of treatment date", "Last dose"),
        ),
        Column("treatment_end_reason", gettext_lazy("End of treatment reason"), choice(EndReason)),
        Column(
            "ended",
            gettext_lazy("End of participation"),
            day,
            aliases=(
                "End of study",
                "End of study date",
                "Ended",
                "Withdrawn",
                "Withdrawal date",
                "Completed on",
            ),
        ),
        Column("status", gettext_lazy("Status"), _status, aliases=("Subject status", "State")),
        Column("end_reason", gettext_lazy("Reason for leaving"), choice(EndReason), aliases=("End reason",)),
        Column(
            "arm", gettext_lazy("Arm"), text(200), aliases=("Treatment arm", "Treatment", "ARM", "Allocation")
        ),
        Column("kit", gettext_lazy("Kit number"), text(40), aliases=("Kit", "Kit no.")),
    )

    @staticmethod
    def said(row, source):
        """Return what a row says."""
        values = {name: value for name, value in row.values.items() if value is not None}
        days = {
            field: values[column]
            for column, field in (
                ("consented", "consented_on"),
                ("screen_failed", "screen_failed_on"),
                ("randomised", "randomised_on"),
                ("first_dose", "first_dose_on"),
                ("treatment_ended", "treatment_ended_on"),
                ("ended", "ended_on"),
            )
            if column in values
        }
        same = ("number", "site", "country", "sex", "age", "screening_number", "randomisation_number", "former",
                "form_version", "protocol_version", "end_reason", "treatment_end_reason", "screen_failure_reason",
                "arm", "kit")  # fmt: skip
        said = SubjectSaid(
            "", row.number, source=source, days=days, **{n: values[n] for n in same if n in values}
        )
        status = values.get("status", "")
        said.end = status if status in ("COMPLETED", "WITHDRAWN", "LOST_TO_FOLLOW_UP", "DIED") else ""
        return said


class SubjectVisitSheet(_PeopleSheet):
    """Visits of subjects, one a row: which subject, which visit, the day it took place or that it was missed."""

    name = "Subject visits"
    collection = "subject visits"
    natural_key = ("subject", "visit", "number", "occurred")
    columns = (
        Column("subject", gettext_lazy("Subject number"), _code, required=True, aliases=_SUBJECT_ALIASES),
        Column(
            "visit",
            gettext_lazy("Visit"),
            text(300),
            aliases=("Visit name", "Event", "Folder", "Folder name"),
        ),
        Column("number", gettext_lazy("Visit number"), text(20), aliases=("VISITNUM", "Visit no.")),
        Column(
            "occurred",
            gettext_lazy("Occurred"),
            day,
            aliases=("Visit date", "Date of visit", "Date", "Occurred on", "Actual date", "SVSTDTC"),
        ),
        Column("status", gettext_lazy("Status"), text(60), aliases=("Visit status",)),
        Column("reason", gettext_lazy("Reason"), text(400), aliases=("Reason missed",)),
    )

    @staticmethod
    def said(row, source):
        """Return what a row says, or None for a visit that neither took place nor was missed."""
        values = {name: value for name, value in row.values.items() if value is not None}
        status = values.get("status", "").casefold()
        missed = status in ("missed", "not done")
        occurred = None if missed else values.get("occurred")
        if not missed and (
            occurred is None or status in ("planned", "expected", "terminated", "not applicable")
        ):
            return None
        number, name = str(values.get("number", "")), values.get("visit", "")
        unscheduled = name.casefold().startswith("unsched") or status == "unscheduled"
        key = f"{name or number}"[:90] + (f"/{occurred.isoformat()}" if unscheduled and occurred else "")
        return VisitSaid(
            values["subject"], row.number, number=number, name=name or f"Visit {number}", occurred_on=occurred,
            missed=missed, unscheduled=unscheduled, key=key, source=source,
        )  # fmt: skip


# --- what must not come in ----------------------------------------------------------------------------


def refuse_identifying(headers):
    """Refuse a table with a column that says who a person is."""
    found = [str(header) for header in headers if names_a_person(header)]
    if found:
        raise SheetRefused(
            _("The column “%s” says who a person is. Names, initials, birth dates, addresses and hospital numbers stay "
              "at the site: take it out of the file and bring it again.") % found[0][:60]
        )  # fmt: skip


def _refuse_identifying_data(dataset):
    """Refuse a data set with such a column, unless it is empty throughout, as standard columns may be."""
    for at, column in enumerate(dataset.columns):
        if names_a_person(column) and any(row[at] not in ("", None) for row in dataset.rows):
            refuse_identifying([column])


def _refuse_addresses(rows):
    for number, cells in rows:
        if any(isinstance(cell, str) and _E_MAIL.search(cell) for cell in cells):
            raise SheetRefused(
                _("The file holds an e-mail address: who a person is stays at the site."), f"row {number}"
            )


# --- files --------------------------------------------------------------------------------------------


def bring_files(*, actor, study, files, now, dry_run=False, make_sites=False):
    """
    Bring files of subjects and visits to a study, together: all of them or nothing; returns a PeopleReport.

    :raises FileRefused: a file as a whole cannot be read or must not come in
    :raises PermissionDenied: the actor brings no subjects anywhere in the study
    """
    permit(actor, study)
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


def permit(actor, study):
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
    _refuse_addresses(table.rows)
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
        _refuse_identifying_data(dataset)
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


__all__ = ["BroughtFile", "FileRefused", "SubjectSheet", "SubjectVisitSheet", "bring_files"]
