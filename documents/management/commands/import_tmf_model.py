"""`import_tmf_model FILE`: load a version of the TMF Reference Model, or bring it up to date."""

from pathlib import Path

from django.core.management.base import BaseCommand

from ctms.accounts.models import User
from ctms.imports.commands import bytes_of, refused
from documents.formats.reference_model import WorkbookRefused
from documents.services import load_reference_model


class Command(BaseCommand):
    help = (
        "Load the official workbook (xlsx) of the TMF Reference Model as a version of its own, all of it or nothing, "
        "and tell what differs from the version in use. It is put in use on its page. "
        "Exit codes: 0 loaded, 1 refused, 2 wrong use."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", help="the workbook")
        parser.add_argument("--dry-run", action="store_true", help="tell what would change and write nothing")

    def handle(self, *, file, dry_run, **options):
        path = Path(file)
        try:
            report = load_reference_model(
                actor=User.objects.system(), data=bytes_of(path), file_name=path.name, dry_run=dry_run
            )
        except WorkbookRefused as refusal:
            raise refused(refusal.message, refusal.place) from None
        self._print(report)

    def _print(self, report):
        self.stdout.write(
            f"Version {report.version}: {report.artifacts} artifacts, {report.created} new, {report.updated} changed."
        )
        for heading, lines in report.warnings:
            self.stdout.write(f"{heading}, compared with {report.compared_with}:")
            for line in lines:
                self.stdout.write(f"  {line}")
        if report.dry_run:
            self.stdout.write("This was a dry run: nothing was written.")
