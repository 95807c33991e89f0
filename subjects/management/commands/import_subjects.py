"""`import_subjects STUDY FILE…`: bring subjects and their visits in, or up to date."""

from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ctms.imports.commands import REFUSED, bytes_of, person_called, refused
from studies.management.naming import study_called
from subjects.imports import BroughtFile, FileRefused, bring_files


class Command(BaseCommand):
    help = (
        "Import subjects and their visits of a study: sheets (CSV, XLSX) or SDTM DM, SV and DS as XPT, Dataset-JSON "
        "or CSV. Several files belong together: all of them come in or nothing. Exit codes: 0 imported, 1 refused, "
        "2 wrong use."
    )

    def add_arguments(self, parser):
        parser.add_argument("study", help="the study's id or protocol number")
        parser.add_argument("files", nargs="+", metavar="FILE", help="the files to import")
        parser.add_argument("--dry-run", action="store_true", help="check every row and write nothing")
        parser.add_argument("--make-sites", action="store_true", help="make the sites the study lacks")
        parser.add_argument(
            "--as", dest="username", metavar="USERNAME", help="who imports; otherwise the system"
        )

    def handle(self, *, study, files, dry_run, make_sites, username, **options):
        try:
            report = bring_files(
                actor=person_called(username),
                study=study_called(study),
                files=[BroughtFile(Path(file).name, bytes_of(Path(file))) for file in files],
                now=timezone.now(),
                dry_run=dry_run,
                make_sites=make_sites,
            )
        except FileRefused as refusal:
            at = ", ".join(part for part in (refusal.file, refusal.place) if part)
            raise refused(refusal.message, at) from None
        except PermissionDenied as refusal:
            raise CommandError(str(refusal), returncode=REFUSED) from None
        for note in report.notes:
            self.stdout.write(note)
        if report.errors:
            lines = "\n".join(
                f"{e.source} row {e.row}{f', {e.column}' if e.column else ''}: {e.sentence}"
                for e in report.errors
            )
            raise CommandError(f"{lines}\nNothing was written.", returncode=REFUSED)
        for what, counter in report.counts.items():
            told = ", ".join(f"{n} {done}" for done, n in counter.items() if n)
            self.stdout.write(f"{what.capitalize()}: {told}.")
        if dry_run:
            self.stdout.write("A dry run: nothing was written.")
