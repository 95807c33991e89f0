"""Load a version of the reference model: look first what changes, then load it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ctms.access.explain import why_not
from ctms.imports.kept import NotKept, keep, kept
from documents import services
from documents.formats.reference_model import MOST_BYTES, WorkbookRefused
from documents.forms import WorkbookForm
from documents.models import ReferenceModel
from documents.pages import ReferenceModelRecord

PERMISSION = "documents.import_referencemodel"
PURPOSE = "reference-model"


@login_required
def import_page(request):
    """Ask for the workbook and show what it would do; nothing is written."""
    _permit(request.user)
    if request.method != "POST":
        return _ask(request, WorkbookForm())
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        return _ask(request, form, status=422)
    upload = form.cleaned_data["file"]
    if upload.size > MOST_BYTES:
        return _ask(
            request, form, refused=_("The file is too large for a workbook of the model."), status=422
        )
    data = upload.read()
    try:
        report = services.load_reference_model(
            actor=request.user, data=data, file_name=upload.name, dry_run=True
        )
        held = keep(user=request.user, data=data, name=upload.name, purpose=PURPOSE)
    except WorkbookRefused as refused:
        return _ask(request, form, refused=_sentence(refused), status=422)
    except NotKept as away:
        return _ask(request, form, refused=str(away), status=503)
    return render(request, "documents/reference_preview.html", {"held": held, "report": report})


@login_required
@require_POST
def apply_import(request):
    """Load the very workbook that was looked at; a second click finds nothing left to change."""
    _permit(request.user)
    held = kept(user=request.user, ticket=request.POST.get("ticket", ""), purpose=PURPOSE)
    if held is None:
        sentence = _("The preview is no longer held: it is kept for an hour. Choose the file again.")
        return _ask(request, WorkbookForm(), refused=sentence, status=409)
    report = services.load_reference_model(actor=request.user, data=held.data, file_name=held.name)
    model = ReferenceModel.objects.get(version_label=report.version)
    if report.unchanged:
        messages.success(request, _("Nothing changes: all of it is here already."))
    else:
        messages.success(
            request,
            _("Version %(version)s: %(created)d artifacts new, %(updated)d changed.")
            % {"version": report.version, "created": report.created, "updated": report.updated},
        )
    return redirect(ReferenceModelRecord.url(model))


def _permit(user):
    if not user.has_perm(PERMISSION):
        raise PermissionDenied(why_not(user, PERMISSION))


def _sentence(refused):
    return f"{refused.message} ({refused.place})" if refused.place else refused.message


def _ask(request, form, *, refused="", status=200):
    return render(
        request, "documents/reference_import.html", {"form": form, "refused": refused}, status=status
    )
