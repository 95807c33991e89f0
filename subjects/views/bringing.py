"""Bring subjects and their visits to a study: look first, row by row, then apply all of it or nothing."""

import io
import zipfile

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ctms.imports.looking import Brought, FileImport, in_words
from ctms.pages.views import place_context
from studies.pages import StudyRecord
from subjects.forms import BringForm
from subjects.imports import (
    BroughtFile,
    FileRefused,
    SubjectSheet,
    SubjectVisitSheet,
    bring_files,
    permit_bringing,
)
from subjects.services.taking_over_sites import may_make_sites

MAKE_SITES = "make-sites"
MOST_SHOWN = 300


class SubjectImport(FileImport):
    """The subjects and visits of one study from sheets or SDTM files, several at once."""

    refusal, refusals = FileRefused, (FileRefused,)
    no_longer_held = gettext_lazy(
        "The preview is no longer held: it is kept for an hour. Choose the files again."
    )

    def __init__(self, request, pk):
        super().__init__(request)
        self.study = StudyRecord.get(request.user, pk)
        permit_bringing(request.user, self.study)
        self.offers_sites = may_make_sites(request.user, self.study)

    def purpose(self):
        return f"subjects/{self.study.pk}"

    def form(self, *bound):
        return BringForm(*bound, offers_sites=self.offers_sites)

    def brought(self, form):
        files = [BroughtFile(upload.name, upload.read()) for upload in form.cleaned_data["brought"]]
        choice = MAKE_SITES if form.cleaned_data.get("make_sites") else ""
        return Brought(_packed(files), ", ".join(file.name for file in files), choice)

    def bring(self, brought, *, dry_run):
        return bring_files(
            actor=self.user,
            study=self.study,
            files=_unpacked(brought.data),
            now=timezone.now(),
            dry_run=dry_run,
            make_sites=brought.choice == MAKE_SITES and self.offers_sites,
        )

    def ask(self, form, *, refused=None, status=200):
        context = {
            "form": form,
            "refused": refused,
            "subject_columns": [str(column.header) for column in SubjectSheet.columns],
            "visit_columns": [str(column.header) for column in SubjectVisitSheet.columns],
            "back": StudyRecord.url(self.study, "subjects"),
            **self._place(),
        }
        return render(self.request, "subjects/bring.html", context, status=status)

    def show(self, held, report, *, status=200):
        context = {
            "held": held,
            "report": report,
            "shown_errors": report.errors[:MOST_SHOWN],
            "shown_notes": report.notes[:MOST_SHOWN],
            "counts": _counted(report),
            **self._place(),
        }
        return render(self.request, "subjects/bring_preview.html", context, status=status)

    def told(self, held, report):
        return _("%(file)s was imported: %(counts)s.") % {"file": held.name, "counts": _counted(report)}

    def next_page(self, held, report):
        return StudyRecord.url(self.study, "subjects")

    def _place(self):
        return {**place_context(self.request, self.study), "active_tab": "subjects"}


@login_required
def bring(request, pk):
    """Ask for files and show what each row would do."""
    return SubjectImport(request, pk).look()


@login_required
@require_POST
def apply(request, pk):
    """Import the very files that were looked at."""
    return SubjectImport(request, pk).apply()


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


def _counted(report):
    """Return such as `subjects: 2 created; visits: 14 created, 3 unchanged`."""
    names = {"subjects": _("subjects"), "visits": _("visits"), "sites": _("sites")}
    return "; ".join(f"{names[what]}: {in_words(counter)}" for what, counter in report.counts.items())
