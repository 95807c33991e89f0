"""Bring a sheet of rows to a study: look first, row by row, then apply all of it or nothing."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ctms.access.explain import permit
from ctms.imports.looking import FileImport, in_words
from ctms.imports.table import SheetRefused
from ctms.pages.views import place_context
from studies.forms import SheetForm
from studies.imports import MilestoneSheet
from studies.pages import StudyRecord

PERMISSION = "studies.add_milestone"


class MilestoneImport(FileImport):
    """The milestones of one study from a sheet."""

    refusal, refusals = SheetRefused, (SheetRefused,)

    def __init__(self, request, pk):
        super().__init__(request)
        self.study = StudyRecord.get(request.user, pk)
        permit(request.user, PERMISSION, self.study)

    def purpose(self):
        return f"milestones/{self.study.pk}"

    def form(self, *bound):
        return SheetForm(*bound)

    def bring(self, brought, *, dry_run):
        return MilestoneSheet(self.study).bring(
            actor=self.user, data=brought.data, file_name=brought.name, dry_run=dry_run
        )

    def ask(self, form, *, refused=None, status=200):
        context = {
            "form": form,
            "refused": refused,
            "columns": [str(column.header) for column in MilestoneSheet.columns],
            "back": StudyRecord.url(self.study, "milestones"),
            **self._place(),
        }
        return render(self.request, "studies/import_sheet.html", context, status=status)

    def show(self, held, report, *, status=200):
        context = {"held": held, "report": report, "counts": in_words(report.counts), **self._place()}
        return render(self.request, "studies/import_sheet_preview.html", context, status=status)

    def told(self, held, report):
        return _("%(file)s was imported: %(counts)s.") % {
            "file": held.name, "counts": in_words(report.counts)
        }  # fmt: skip

    def next_page(self, held, report):
        return StudyRecord.url(self.study, "milestones")

    def _place(self):
        return {**place_context(self.request, self.study), "active_tab": "milestones"}


@login_required
def import_milestones(request, pk):
    """Ask for a sheet of milestones and show what each row would do."""
    return MilestoneImport(request, pk).look()


@login_required
@require_POST
def apply_milestones(request, pk):
    """Import the very sheet that was looked at."""
    return MilestoneImport(request, pk).apply()
