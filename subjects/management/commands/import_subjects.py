"""`import_subjects STUDY FILE…`: bring subjects and their visits in, or up to date."""

from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ctms.access.scoping import everything
from ctms.accounts.models import User
from studies.models import Study
from subjects.imports import BroughtFile, FileRefused, bring_files

REFUSED, USAGE = 1, 2


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
                actor=self._actor(username),
                study=self._study(study),
                files=[BroughtFile(Path(file).name, self._bytes(Path(file))) for file in files],
                now=timezone.now(),
                dry_run=dry_run,
                make_sites=make_sites,
            )
        except FileRefused as refused:
            at = ", ".join(part for part in (refused.file, refused.place) if part)
            told = f"{refused.message} ({at})" if at else refused.message
            raise CommandError(f"{told} Nothing was written.", returncode=REFUSED) from None
        except PermissionDenied as refused:
            raise CommandError(str(refused), returncode=REFUSED) from None
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

    @staticmethod
    def _bytes(path):
        try:
            return path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=USAGE) from None

    @staticmethod
    def _actor(username):
        if username is None:
            return User.objects.system()
        try:
            return User.objects.get(username__iexact=username, is_active=True)
        except User.DoesNotExist:
            raise CommandError(f"There is no active account {username}.", returncode=USAGE) from None

    @staticmethod
    def _study(said):
        with everything("the command's own argument names the study"):
            if said.isdigit() and (found := Study.objects.filter(pk=said).first()):
                return found
            called = list(Study.objects.filter(protocol_number__iexact=said)[:2])
        if len(called) != 1:
            how_many = "no study" if not called else "more than one study"
            raise CommandError(f"There is {how_many} {said}; give its id.", returncode=USAGE)
        return called[0]
