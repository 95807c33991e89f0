"""Load a version of the reference model: look first what changes, then load it."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ctms.access.explain import permit
from ctms.imports.looking import FileImport
from documents import services
from documents.formats.reference_model import MOST_BYTES, WorkbookRefused
from documents.forms import WorkbookForm
from documents.models import ReferenceModel
from documents.pages import ReferenceModelRecord

PERMISSION = "documents.import_referencemodel"


class ReferenceModelImport(FileImport):
    """The workbook of the TMF Reference Model."""

    refusal, refusals = WorkbookRefused, (WorkbookRefused,)

    def __init__(self, request):
        super().__init__(request)
        permit(request.user, PERMISSION)

    def purpose(self):
        return "reference-model"

    def form(self, *bound):
        return WorkbookForm(*bound)

    def brought(self, form):
        if form.cleaned_data["file"].size > MOST_BYTES:
            raise WorkbookRefused(_("The file is too large for a workbook of the model."))
        return super().brought(form)

    def bring(self, brought, *, dry_run):
        return services.load_reference_model(
            actor=self.user, data=brought.data, file_name=brought.name, dry_run=dry_run
        )

    def has_errors(self, report):
        return False  # a workbook is refused as a whole or loaded

    def ask(self, form, *, refused=None, status=200):
        context = {"form": form, "refused": _sentence(refused) if refused else ""}
        return render(self.request, "documents/reference_import.html", context, status=status)

    def show(self, held, report, *, status=200):
        context = {"held": held, "report": report}
        return render(self.request, "documents/reference_preview.html", context, status=status)

    def told(self, held, report):
        if report.unchanged:
            return _("Nothing changes: all of it is here already.")
        return _("Version %(version)s: %(created)d artifacts new, %(updated)d changed.") % {
            "version": report.version,
            "created": report.created,
            "updated": report.updated,
        }

    def next_page(self, held, report):
        return ReferenceModelRecord.url(ReferenceModel.objects.get(version_label=report.version))


@login_required
def import_page(request):
    """Ask for the workbook and show what it would do."""
    return ReferenceModelImport(request).look()


@login_required
@require_POST
def apply_import(request):
    """Load the very workbook that was looked at; a second click finds nothing left to change."""
    return ReferenceModelImport(request).apply()


def _sentence(refused):
    return f"{refused.message} ({refused.place})" if refused.place else refused.message
