"""Load a version of the TMF Reference Model: all of it or nothing, and tell what differs from the one in use."""

import hashlib
from dataclasses import asdict, dataclass, field

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from ctms.access.explain import why_not
from ctms.accounts.models import SYSTEM, User
from ctms.audit.context import acting_as
from ctms.workflow.engine import perform
from documents.formats.reference_model import WorkbookRefused, read_workbook
from documents.models import Artifact, ReferenceModel, ReferenceModelStatus

# Papers that tell the treatment (practice.md, correction 30; etmf.md 5.5).
UNBLINDED_NUMBERS = ("06.01.04", "06.01.05", "06.01.06", "06.03.", "11.02.03", "11.02.04")
# How long such papers hold unless a person says otherwise: policies of the house, usual in the field (sites.md 2.6).
VALID_MONTHS = {
    "01.02.02": 24,  # CVs
    "01.03.04": 24,
    "02.01.01": 12,  # the brochure is reviewed every year
    "02.01.06": 12,  # insurance
    "04.01.02": 12,  # approval with annual renewal
    "05.02.04": 24,
    "05.02.05": 24,
    "05.02.06": 24,
    "05.02.07": 36,  # certificates of Good Clinical Practice, licences
    "08.01.01": 24,  # accreditation of laboratories
    "08.01.04": 12,  # reference ranges
    "08.01.07": 24,
    "09.01.02": 24,
}
SAID = (
    "name",
    "zone_number",
    "zone_name",
    "section_number",
    "section_name",
    "unique_id",
    "requiredness",
    "at_trial",
    "at_country",
    "at_site",
    "filed_by_sponsor",
    "filed_by_investigator",
    "trial_milestone",
    "country_milestone",
    "site_milestone",
    "dated_by",
)


@dataclass
class ModelReport:
    """What a workbook says, and how it differs from what is here."""

    version: str
    sha256: str
    artifacts: int = 0
    compared_with: str = ""
    is_new: bool = True
    added: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    requiredness: list[str] = field(default_factory=list)
    created: int = 0
    updated: int = 0
    dry_run: bool = False

    @property
    def unchanged(self):
        return not (self.created or self.updated)

    @property
    def warnings(self):
        """[(heading, lines)] of what people must look at before the version is put in use."""
        headings = (
            (_("Added"), self.added),
            (_("Dropped"), self.dropped),
            (_("Renamed"), self.renamed),
            (_("Filed at other levels"), self.moved),
            (_("Core or recommended changed"), self.requiredness),
        )
        return [(heading, lines) for heading, lines in headings if lines]


def load_reference_model(*, actor, data, file_name, dry_run=False):
    """
    Load the official workbook as a version of its own, or bring that version up to date.

    Nothing is put in use by it: a person does that, having read what changes. Loading the same file again changes
    nothing. Artifacts a corrected workbook of the same version no longer holds stay: documents may lie under them.

    :raises WorkbookRefused: the file cannot be read; nothing was written
    """
    if actor.username != SYSTEM and not actor.has_perm("documents.import_referencemodel"):
        raise PermissionDenied(why_not(actor, "documents.import_referencemodel"))
    book = read_workbook(data)
    sha256 = hashlib.sha256(data).hexdigest()
    name = file_name.replace("\\", "/").rpartition("/")[2][:255]
    model = ReferenceModel.objects.filter(version_label=book.version).first()
    report = ModelReport(book.version, sha256, len(book.artifacts), is_new=model is None, dry_run=dry_run)
    _compare(book, report)
    known = {one.number: one for one in model.artifacts.all()} if model else {}
    policy = valid_months_in_use()
    new = [row for row in book.artifacts if row.number not in known]
    changed = [row for row in book.artifacts if row.number in known and _differs(known[row.number], row)]
    report.created, report.updated = len(new), len(changed)
    if dry_run:
        return report
    with acting_as(actor, reason=name):
        if model is None:
            model = ReferenceModel.objects.create(version_label=book.version, artifact_word=book.word)
        if not report.unchanged or model.source_sha256 != sha256:
            model.source_name, model.source_sha256 = name, sha256
            model.full_clean()
            model.save()
        for row in new:
            artifact = Artifact(
                reference_model=model,
                unblinded_by_default=_unblinded(row.number),
                valid_months=policy.get(row.number),
                **asdict(row),
            )
            artifact.full_clean()
            artifact.save()
        for row in changed:
            artifact = known[row.number]
            for said in SAID:
                setattr(artifact, said, getattr(row, said))
            artifact.full_clean()
            artifact.save()
    return report


def valid_months_in_use():
    """Return {artifact number: months} as the version in use says; of a first version what is usual."""
    rows = Artifact.objects.filter(reference_model__status=ReferenceModelStatus.CURRENT)
    return dict(rows.values_list("number", "valid_months")) or VALID_MONTHS


def _unblinded(number):
    return number.startswith(UNBLINDED_NUMBERS)


def _differs(artifact, row):
    return any(getattr(artifact, said) != getattr(row, said) for said in SAID)


def _compare(book, report):
    """Compare a workbook with the version in use: by number, and by unique number where a class was renumbered."""
    current = ReferenceModel.objects.filter(status=ReferenceModelStatus.CURRENT).first()
    if current is None:
        return
    report.compared_with = current.version_label
    before = {one.number: one for one in current.artifacts.all()}
    after = {row.number: row for row in book.artifacts}
    gone = {one.unique_id: one for one in before.values() if one.number not in after and one.unique_id}
    renumbered = set()
    for number, row in after.items():
        former = before.get(number)
        if former is None:
            was = gone.get(row.unique_id)
            if was is None:
                report.added.append(f"{number} {row.name}")
            else:
                renumbered.add(was.number)
                report.renamed.append(f"{was.number} {was.name} → {number} {row.name}")
            continue
        _compare_one(former, row, report)
    report.dropped += [
        f"{number} {one.name}"
        for number, one in before.items()
        if number not in after and number not in renumbered
    ]


def _compare_one(former, row, report):
    if former.name != row.name:
        report.renamed.append(f"{row.number} {former.name} → {row.name}")
    levels = [
        [word for word in ("trial", "country", "site") if getattr(one, f"at_{word}")] for one in (former, row)
    ]
    if levels[0] != levels[1]:
        was, now = (", ".join(words) or "–" for words in levels)
        report.moved.append(f"{row.number} {row.name}: {was} → {now}")
    if former.requiredness != row.requiredness:
        was, now = former.requiredness.lower() or "–", row.requiredness.lower() or "–"
        report.requiredness.append(f"{row.number} {row.name}: {was} → {now}")


def retire_former_model(model, move):
    """Effect of putting a version in use: there is one at a time."""
    former = ReferenceModel.objects.filter(status=ReferenceModelStatus.CURRENT).exclude(pk=model.pk).first()
    if former is not None:
        perform(former, "retire", actor=User.objects.system(), reason=move.reason)


__all__ = ["ModelReport", "WorkbookRefused", "load_reference_model", "retire_former_model"]
