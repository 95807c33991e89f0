"""`import_milestones STUDY FILE`: bring a study's milestones in from a sheet, or up to date."""

from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from ctms.accounts.models import User
from ctms.imports.commands import REFUSED, bytes_of, refused
from ctms.imports.table import SheetRefused
from studies.imports import MilestoneSheet
from studies.management.naming import study_called


class Command(BaseCommand):
    help = (
        "Import the milestones of a study from CSV or XLSX. The first row names the columns: name, kind, country, "
        "site, planned, baseline, actual. Either all rows come in or none. Exit codes: 0 imported, 1 refused, "
        "2 wrong use."
    )

    def add_arguments(self, parser):
        parser.add_argument("study", help="the study's id or protocol number")
        parser.add_argument("file", help="the CSV or XLSX file")
        parser.add_argument("--dry-run", action="store_true", help="check every row and write nothing")

    def handle(self, *, study, file, dry_run, **options):
        path = Path(file)
        try:
            report = MilestoneSheet(study_called(study)).bring(
                actor=User.objects.system(), data=bytes_of(path), file_name=path.name, dry_run=dry_run
            )
        except SheetRefused as refusal:
            raise refused(refusal.message, refusal.place) from None
        except PermissionDenied as refusal:
            raise CommandError(str(refusal), returncode=REFUSED) from None
        for note in report.notes:
            self.stdout.write(note)
        if report.errors:
            lines = "\n".join(str(error) for error in report.errors)
            raise CommandError(f"{lines}\nNothing was written.", returncode=REFUSED)
        counts = ", ".join(f"{count} {done}" for done, count in report.counts.items())
        self.stdout.write(f"Milestones: {counts}." + (" A dry run: nothing was written." if dry_run else ""))
