"""One file, one transaction: every study in it, or none."""

import hashlib
from collections import Counter

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, connection
from django.utils.translation import gettext as _

from ctms.access.access import forget_access
from ctms.access.explain import why_not
from ctms.access.scoping import everything
from ctms.accounts.models import SYSTEM, User
from ctms.audit.context import acting_as, coming_through, current_through
from ctms.imports.models import ImportedRecord, ImportRun
from ctms.workflow.declare import TransitionRefused, is_frozen
from studies.formats.recognise import read_study_files
from studies.models import StudyStatus
from studies.services.team import assign

from .about import Kind, Past, StudyImport
from .header import import_header, import_identifiers, import_parties
from .matching import find_study, may_know
from .measures import import_outcomes
from .milestones import import_milestones
from .organizations import Directory
from .places import import_places
from .plan import import_plan
from .protocol import import_amendments, import_protocol_versions
from .results import Ledger, StudyNotImported
from .states import import_study_state

PERMISSION = "studies.import_study"
# Two imports at once would both find the study missing, and both make it.
_ONE_AT_A_TIME = 7_301_204


class _Rehearsed(Exception):
    """Everything was done once; now it is undone."""


def import_study_document(*, actor, data, file_name, nct=None, dry_run=False, on=None):
    """
    Read the bytes of a file and import the studies in it.

    :raises StudyFileRefused: the file cannot be read; nothing was written
    """
    files = read_study_files(data, nct=nct)
    digest = hashlib.sha256(data).hexdigest()
    return import_study_files(
        actor=actor, files=files, file_name=file_name, sha256=digest, dry_run=dry_run, on=on
    )


def import_study_files(*, actor, files, file_name, sha256="", dry_run=False, on=None):
    """
    Make or bring up to date the studies of a file, all or none; returns an ImportResult for each.

    :param dry_run: do everything, then undo it
    :param on: the day from which a person who brings a new study is its project manager
    :raises StudyNotImported: with a sentence; nothing was written
    :raises PermissionDenied: the actor may not import studies, or not into this one
    """
    if actor.username != SYSTEM and not actor.has_perm(PERMISSION):
        raise PermissionDenied(why_not(actor, PERMISSION))
    file_name = file_name.replace("\\", "/").rpartition("/")[2][:255] or _("a file without a name")
    results = []
    try:
        with (
            coming_through("import", current_through().address),
            acting_as(actor, reason=file_name),
            everything("a file is matched with all studies of the house"),
        ):
            _wait_for_other_imports()
            directory, pasts, imported = Directory(), _Pasts(), []
            for file in files:
                about = _import_one(actor, file, file_name, directory, pasts, on)
                pasts.add(about)
                imported.append(about)
                results.append(about.ledger.result(str(about.study), about.study))
            if dry_run:
                raise _Rehearsed
            _remember(actor, file_name, sha256, imported, results)
    except _Rehearsed:
        for about, result in zip(imported, results, strict=True):
            result.study = None if about.is_new else result.study
    except (IntegrityError, DataError) as refused:
        raise StudyNotImported(_("The database refused it: %s") % _first_line(refused)) from refused
    finally:
        forget_access(actor)
    return results


def _first_line(refused):
    return str(refused).strip().split("\n")[0]


def _wait_for_other_imports():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])


def _import_one(actor, file, file_name, directory, pasts, on):
    study = find_study(file, pasts)
    about = StudyImport(
        actor=actor,
        file=file,
        file_name=file_name,
        directory=directory,
        past=pasts(study) if study else Past(),
        ledger=Ledger(file.unresolved),
        study=study,
    )
    if study is not None:
        _permit(actor, study)
    try:
        _write(about, on)
    except StudyNotImported as refused:
        raise StudyNotImported(f"{file.name}: {refused.message}", refused.place) from refused
    except ValidationError as refused:
        raise StudyNotImported(f"{file.name}: {' '.join(refused.messages)}") from refused
    except TransitionRefused as refused:
        raise StudyNotImported(f"{file.name}: {refused.sentence}") from refused
    return about


def _permit(actor, study):
    if actor.username != SYSTEM and not actor.has_perm(PERMISSION, study):
        sentence = why_not(actor, PERMISSION)
        if not may_know(actor, study):
            sentence = _("The file is about a study you are not assigned to.")
        raise PermissionDenied(sentence)
    if is_frozen(study):
        raise StudyNotImported(
            _("%(study)s is %(state)s and no longer changes.")
            % {"study": study, "state": StudyStatus(study.status).label.lower()}
        )


def _write(about, on):
    stated, given = import_header(about)
    about.said = (stated + (["outcomes"] if about.file.outcomes else []), given)
    if about.is_new:
        _assign(about, on)
    import_identifiers(about)
    import_parties(about)
    import_study_state(about)
    import_plan(about)
    import_outcomes(about)
    import_protocol_versions(about)
    import_amendments(about)
    import_milestones(about, import_places(about))


def _assign(about, on):
    """A study nobody is assigned to is nobody's to see: who brings it manages it."""
    if about.actor.username == SYSTEM:
        return
    if on is None:
        raise ValueError("A person who brings a new study begins on a day: on=…")
    # By the system: the person has no right in a study that did not exist a moment ago.
    assign(
        actor=User.objects.system(),
        user=about.actor,
        role="project_manager",
        place=about.study,
        starts_on=on,
        trained_on=on,
    )
    forget_access(about.actor)


# --- what files said before --------------------------------------------------------------------------------


class _Pasts:
    """Reads, once for each study asked about, what earlier files said."""

    def __init__(self):
        self._read = {}

    def __call__(self, study):
        if study.pk not in self._read:
            self._read[study.pk] = self._past_of(study)
        return self._read[study.pk]

    def add(self, about):
        """Remember a study of this very file: another one in it may have the same number."""
        past = self(about.study)
        past.met.add(about.kind)
        past.stated[about.kind].update(about.said[0])
        past.given[about.kind].update(about.said[1])

    @staticmethod
    def _past_of(study):
        past = Past()
        for row in ImportedRecord.objects.filter(record=_label(study)).order_by("pk"):
            kind = Kind(row.kind)
            past.met.add(kind)
            past.stated[kind].update(row.stated)
            past.given[kind].update(row.given)
        return past


def _label(study):
    return f"{study._meta.label}/{study.pk}"


def _remember(actor, file_name, sha256, imported, results):
    """Keep the report of the import (compliance row 42)."""
    run = ImportRun.objects.create(
        kind=str(imported[0].file.source) if imported else "",
        file_name=file_name,
        sha256=sha256,
        actor=actor,
        created=dict(sum((Counter(result.created) for result in results), Counter())),
        updated=dict(sum((Counter(result.updated) for result in results), Counter())),
        unresolved=[
            {"study": result.name, "place": found.place, "what": found.what}
            for result in results
            for found in result.unresolved
        ],
    )
    ImportedRecord.objects.bulk_create(
        [
            ImportedRecord(
                run=run,
                record=_label(about.study),
                kind=about.kind.value,
                created=about.is_new,
                stated=about.said[0],
                given=about.said[1],
            )
            for about in imported
        ]
    )
