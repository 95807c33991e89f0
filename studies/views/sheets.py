"""Bring a sheet of rows to a study: look first, row by row, then apply all of it or nothing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ctms.access.explain import why_not
from ctms.imports.kept import NotKept, keep, kept
from ctms.imports.table import SheetRefused
from ctms.pages.views import place_context
from studies.forms import SheetForm
from studies.imports import MilestoneSheet
from studies.pages import StudyRecord

PERMISSION = "studies.add_milestone"


@login_required
def import_milestones(request, pk):
    """Ask for a sheet of milestones and show what each row would do; nothing is written."""
    study = _study(request.user, pk)
    if request.method != "POST":
        return _ask(request, study, SheetForm())
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return _ask(request, study, form, status=422)
    upload = form.cleaned_data["file"]
    data = upload.read()
    try:
        report = _bring(request.user, study, data, upload.name, dry_run=True)
        held = keep(user=request.user, data=data, name=upload.name, purpose=_purpose(study))
    except SheetRefused as refused:
        return _ask(request, study, form, refused=refused, status=422)
    except NotKept as away:
        return _ask(request, study, form, refused=SheetRefused(str(away)), status=503)
    return _show(request, study, held, report, status=422 if report.errors else 200)


@login_required
@require_POST
def apply_milestones(request, pk):
    """Import the very sheet that was looked at, all of it or nothing."""
    study = _study(request.user, pk)
    held = kept(user=request.user, ticket=request.POST.get("ticket", ""), purpose=_purpose(study))
    if held is None:
        sentence = _("The preview is no longer held: it is kept for an hour. Choose the file again.")
        return _ask(request, study, SheetForm(), refused=SheetRefused(sentence), status=409)
    report = _bring(request.user, study, held.data, held.name, dry_run=False)
    if report.errors:
        return _show(request, study, held, report, status=422)
    messages.success(
        request, _("%(file)s was imported: %(counts)s.") % {"file": held.name, "counts": _told(report)}
    )
    return redirect(StudyRecord.url(study, "milestones"))


def _study(user, pk):
    study = StudyRecord.get(user, pk)
    if not user.has_perm(PERMISSION, study):
        raise PermissionDenied(why_not(user, PERMISSION))
    return study


def _purpose(study):
    return f"milestones/{study.pk}"


def _bring(user, study, data, name, *, dry_run):
    return MilestoneSheet(study).bring(actor=user, data=data, file_name=name, dry_run=dry_run)


def _told(report):
    """Return such as `2 created, 1 unchanged`."""
    words = {"created": _("created"), "updated": _("updated"), "unchanged": _("unchanged")}
    return ", ".join(
        f"{report.counts[done]} {word}" for done, word in words.items() if report.counts.get(done)
    )


def _ask(request, study, form, *, refused=None, status=200):
    context = {
        "form": form,
        "refused": refused,
        "columns": [str(column.header) for column in MilestoneSheet.columns],
        "back": StudyRecord.url(study, "milestones"),
        **place_context(request, study),
        "active_tab": "milestones",
    }
    return render(request, "studies/import_sheet.html", context, status=status)


def _show(request, study, held, report, *, status):
    context = {
        "held": held,
        "report": report,
        "counts": _told(report),
        **place_context(request, study),
        "active_tab": "milestones",
    }
    return render(request, "studies/import_sheet_preview.html", context, status=status)
