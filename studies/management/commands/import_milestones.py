"""`import_milestones STUDY FILE`: bring a study's milestones in from a sheet, or up to date."""

from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.imports.table import SheetRefused
from studies.imports import MilestoneSheet
from studies.models import Study

REFUSED, USAGE = 1, 2


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
            report = MilestoneSheet(self._study(study)).bring(
                actor=User.objects.system(), data=path.read_bytes(), file_name=path.name, dry_run=dry_run
            )
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=USAGE) from None
        except SheetRefused as refused:
            at = f" ({refused.place})" if refused.place else ""
            raise CommandError(f"{refused.message}{at} Nothing was written.", returncode=REFUSED) from None
        except PermissionDenied as refused:
            raise CommandError(str(refused), returncode=REFUSED) from None
        for note in report.notes:
            self.stdout.write(note)
        if report.errors:
            lines = "\n".join(str(error) for error in report.errors)
            raise CommandError(f"{lines}\nNothing was written.", returncode=REFUSED)
        counts = ", ".join(f"{count} {done}" for done, count in report.counts.items())
        self.stdout.write(f"Milestones: {counts}." + (" A dry run: nothing was written." if dry_run else ""))

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
