"""Bring subjects and their visits to a study: look first, row by row, then apply all of it or nothing."""

import io
import zipfile

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ctms.imports.kept import NotKept, keep, kept
from ctms.pages.views import place_context
from studies.pages import StudyRecord
from subjects.forms import BringForm
from subjects.imports import BroughtFile, FileRefused, SubjectSheet, SubjectVisitSheet, bring_files, permit
from subjects.services.taking_over_sites import may_make_sites

MAKE_SITES = "make-sites"
MOST_SHOWN = 300


@login_required
def bring(request, pk):
    """Ask for files and show what each row would do; nothing is written."""
    study = _study(request.user, pk)
    offers_sites = may_make_sites(request.user, study)
    if request.method != "POST":
        return _ask(request, study, BringForm(offers_sites=offers_sites))
    form = BringForm(request.POST, request.FILES, offers_sites=offers_sites)
    if not form.is_valid():
        return _ask(request, study, form, status=422)
    files = [BroughtFile(upload.name, upload.read()) for upload in form.cleaned_data["brought"]]
    choice = MAKE_SITES if form.cleaned_data.get("make_sites") else ""
    try:
        report = _bring(request.user, study, files, choice, dry_run=True)
        name = ", ".join(file.name for file in files)
        held = keep(user=request.user, data=_packed(files), name=name, purpose=_purpose(study), choice=choice)
    except FileRefused as refused:
        return _ask(request, study, form, refused=refused, status=422)
    except NotKept as away:
        return _ask(request, study, form, refused=FileRefused(str(away)), status=503)
    return _show(request, study, held, report, status=422 if report.errors else 200)


@login_required
@require_POST
def apply(request, pk):
    """Import the very files that were looked at, all of them or nothing."""
    study = _study(request.user, pk)
    held = kept(user=request.user, ticket=request.POST.get("ticket", ""), purpose=_purpose(study))
    if held is None:
        sentence = _("The preview is no longer held: it is kept for an hour. Choose the files again.")
        form = BringForm(offers_sites=may_make_sites(request.user, study))
        return _ask(request, study, form, refused=FileRefused(sentence), status=409)
    report = _bring(request.user, study, _unpacked(held.data), held.choice, dry_run=False)
    if report.errors:
        return _show(request, study, held, report, status=422)
    messages.success(
        request, _("%(file)s was imported: %(counts)s.") % {"file": held.name, "counts": _told(report)}
    )
    return redirect(StudyRecord.url(study, "subjects"))


def _study(user, pk):
    study = StudyRecord.get(user, pk)
    permit(user, study)
    return study


def _purpose(study):
    return f"subjects/{study.pk}"


def _bring(user, study, files, choice, *, dry_run):
    make_sites = choice == MAKE_SITES and may_make_sites(user, study)
    return bring_files(
        actor=user, study=study, files=files, now=timezone.now(), dry_run=dry_run, make_sites=make_sites
    )


def _packed(files):
    """Return several files as the bytes of one, with the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for number, file in enumerate(files):
            archive.writestr(zipfile.ZipInfo(f"{number}/{file.name}"), file.data)
    return buffer.getvalue()


def _unpacked(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [
            BroughtFile(entry.filename.partition("/")[2], archive.read(entry)) for entry in archive.infolist()
        ]


def _told(report):
    """Return such as `subjects 2 created, visits 14 created, 3 unchanged`."""
    words = {"created": _("created"), "updated": _("updated"), "unchanged": _("unchanged")}
    names = {"subjects": _("subjects"), "visits": _("visits"), "sites": _("sites")}
    return "; ".join(
        f"{names[what]}: "
        + ", ".join(f"{counter[done]} {word}" for done, word in words.items() if counter[done])
        for what, counter in report.counts.items()
    )


def _ask(request, study, form, *, refused=None, status=200):
    context = {
        "form": form,
        "refused": refused,
        "subject_columns": [str(column.header) for column in SubjectSheet.columns],
        "visit_columns": [str(column.header) for column in SubjectVisitSheet.columns],
        "back": StudyRecord.url(study, "subjects"),
        **place_context(request, study),
        "active_tab": "subjects",
    }
    return render(request, "subjects/bring.html", context, status=status)


def _show(request, study, held, report, *, status):
    context = {
        "held": held,
        "report": report,
        "shown_errors": report.errors[:MOST_SHOWN],
        "shown_notes": report.notes[:MOST_SHOWN],
        "counts": _told(report),
        **place_context(request, study),
        "active_tab": "subjects",
    }
    return render(request, "subjects/bring_preview.html", context, status=status)
