"""Bring studies in from a file: look first, then apply, then read what it did."""

import hashlib
from dataclasses import dataclass, replace

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy
from django.views.decorators.http import require_POST, require_safe

from ctms.access.explain import permit
from ctms.imports.kept import KEPT_FOR
from ctms.imports.looking import FileImport
from ctms.imports.models import ImportRun
from ctms.pages.record import url_of
from studies.formats.recognise import read_study_files
from studies.formats.study_file import StudyFileRefused
from studies.forms import ImportForm
from studies.models import Study
from studies.services.importing import ImportResult, StudyNotImported, import_study_files

PERMISSION = "studies.import_study"
# A request is answered within a minute; a study takes up to half a second.
MOST_STUDIES = 100
# More studies than these are shown folded.
SHOWN_OPEN = 3
KIND_COUNTS = {
    "activities": ngettext_lazy("%d activity", "%d activities"),
    "amendments": ngettext_lazy("%d amendment", "%d amendments"),
    "arms": ngettext_lazy("%d arm", "%d arms"),
    "crosses": ngettext_lazy("%d activity at a visit", "%d activities at visits"),
    "epochs": ngettext_lazy("%d epoch", "%d epochs"),
    "identifiers": ngettext_lazy("%d number", "%d numbers"),
    "milestones": ngettext_lazy("%d milestone", "%d milestones"),
    "organizations": ngettext_lazy("%d organization", "%d organizations"),
    "outcomes": ngettext_lazy("%d outcome", "%d outcomes"),
    "parties": ngettext_lazy("%d collaborator", "%d collaborators"),
    "planned_visits": ngettext_lazy("%d planned visit", "%d planned visits"),
    "protocol_versions": ngettext_lazy("%d protocol version", "%d protocol versions"),
    "studies": ngettext_lazy("%d study", "%d studies"),
    "study_countries": ngettext_lazy("%d country", "%d countries"),
    "study_sites": ngettext_lazy("%d site", "%d sites"),
}


class Refused(Exception):
    """The file was not imported; nothing was written."""

    def __init__(self, sentence, place="", status=422):
        super().__init__(sentence)
        self.sentence, self.place, self.status = sentence, place, status


@dataclass(frozen=True)
class Looked:
    """What the import of one study would do, or did, in words."""

    result: ImportResult
    is_new: bool
    created: str
    updated: str
    url: str


class StudyImport(FileImport):
    """Studies from a protocol or registry file."""

    refusal, refusals = Refused, (Refused,)

    def __init__(self, request):
        super().__init__(request)
        permit(request.user, PERMISSION)
        self.file_name = ""

    def purpose(self):
        return "studies"

    def form(self, *bound):
        return ImportForm(*bound)

    def brought(self, form):
        return replace(super().brought(form), choice=form.cleaned_data["nct"])

    def bring(self, brought, *, dry_run):
        self.file_name = brought.name
        return _import(self.user, brought.data, brought.name, brought.choice, dry_run=dry_run)

    def has_errors(self, results):
        return False  # a file is refused as a whole or imported

    def ask(self, form, *, refused=None, status=200):
        context = {
            "form": form,
            "refused": refused,
            "file_name": self.file_name,
            "back": reverse("studies-list"),
        }
        return render(self.request, "studies/import.html", context, status=status)

    def show(self, held, results, *, status=200):
        return render(self.request, "studies/import_preview.html", _preview(held, results))

    def told(self, held, results):
        return _told(held.name, results)

    def next_page(self, held, results):
        if len(results) == 1 and not results[0].unresolved:
            return url_of(results[0].study)
        run = ImportRun.objects.filter(actor=self.user, sha256=held.sha256).order_by("-pk")[0]
        return reverse("study-import-result", args=[run.pk])


@login_required
def import_page(request):
    """Ask for a file and show what it would do."""
    return StudyImport(request).look()


@login_required
@require_POST
def apply_import(request):
    """Import the very bytes that were looked at; a second click finds nothing left to change."""
    return StudyImport(request).apply()


@login_required
@require_safe
def import_result(request, pk):
    """Show what a file did, and what of it could not be resolved, to whoever brought it."""
    run = ImportRun.objects.filter(pk=pk, actor=request.user).first()
    if run is None:
        raise Http404
    labels = {row.record: row.created for row in run.records.order_by("pk")}
    ids = [int(label.partition("/")[2]) for label in labels if label.startswith("studies.Study/")]
    studies = Study.objects.visible_to(request.user).filter(pk__in=ids).order_by("protocol_number", "pk")
    # Whoever no longer sees all of its studies no longer reads what the file said about them.
    if not ids or len(studies) != len(ids):
        raise Http404
    context = {
        "run": run,
        "studies": [(study, url_of(study), labels[f"studies.Study/{study.pk}"]) for study in studies],
        "created": in_words(run.created),
        "updated": in_words(run.updated),
        "unresolved": _by_study(run.unresolved),
    }
    return render(request, "studies/import_result.html", context)


def _import(user, data, name, nct, *, dry_run):
    """Import, or rehearse it; every refusal is a Refused."""
    try:
        files = read_study_files(data, nct=nct or None)
        if len(files) > MOST_STUDIES:
            raise Refused(_too_many(len(files)))
        return import_study_files(
            actor=user,
            files=files,
            file_name=name,
            sha256=hashlib.sha256(data).hexdigest(),
            dry_run=dry_run,
            on=timezone.localdate(),
        )
    except (StudyFileRefused, StudyNotImported) as refused:
        raise Refused(refused.message, refused.place) from refused
    except PermissionDenied as refused:
        raise Refused(str(refused), status=403) from refused


def _too_many(count):
    return _(
        "The file holds %(count)d studies; up to %(most)d are imported on this page. "
        "Name one by its NCT number, or ask your administrator to import the file by command."
    ) % {"count": count, "most": MOST_STUDIES}


def _preview(held, results):
    looked = [_looked(result) for result in results]
    return {
        "held": held,
        "size": len(held.data),
        "minutes": int(KEPT_FOR.total_seconds() // 60),
        "looked": looked,
        "folded": len(looked) > SHOWN_OPEN,
        "unchanged": all(result.unchanged for result in results),
        "unresolved_count": sum(len(result.unresolved) for result in results),
        "difference_count": sum(len(result.differences) for result in results),
        "new_count": sum(one.is_new for one in looked),
    }


def _looked(result):
    return Looked(
        result=result,
        is_new=result.study is None,
        created=in_words(result.created),
        updated=in_words(result.updated),
        url=url_of(result.study) if result.study else "",
    )


def in_words(counts):
    """Return such as `3 arms, 12 planned visits` of the counts by kind."""
    return ", ".join(
        str(KIND_COUNTS[kind] % count) if kind in KIND_COUNTS else f"{count} {kind.replace('_', ' ')}"
        for kind, count in counts.items()
    )


def _told(name, results):
    """Return what was done, for the message on the next page."""
    if all(result.unchanged for result in results):
        return _("%(file)s was imported: nothing changes, all of it is here already.") % {"file": name}
    changed = sum(not result.unchanged for result in results)
    return ngettext(
        "%(file)s was imported: %(count)d study is up to date with it.",
        "%(file)s was imported: %(count)d studies are up to date with it.",
        changed,
    ) % {"file": name, "count": changed}


def _by_study(unresolved):
    """Return [(study, its lines)] of what an import left to people, in the order of the file."""
    grouped = {}
    for line in unresolved:
        grouped.setdefault(line["study"], []).append(line)
    return list(grouped.items())
