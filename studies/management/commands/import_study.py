"""`import_study FILE`: bring the studies of a protocol file or registry record in, or up to date."""

import json
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ctms.imports.commands import REFUSED, bytes_of, person_called
from studies.formats.study_file import StudyFileRefused
from studies.services.importing import StudyNotImported, import_study_document


class Command(BaseCommand):
    help = (
        "Import studies from CDISC USDM 4.0 or 3.0 (JSON) or ClinicalTrials.gov v2 records (JSON, one or a list). "
        "A study that is here already is brought up to date. Either all of the file comes in or nothing. "
        "Exit codes: 0 imported, 1 refused, 2 wrong use."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", help="the file to import")
        parser.add_argument("--nct", metavar="NCTID", help="only the study with this NCT number")
        parser.add_argument("--dry-run", action="store_true", help="show what would happen and write nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument(
            "--as", dest="username", metavar="USERNAME", help="who imports; otherwise the system"
        )

    def handle(self, *, file, nct, dry_run, json, username, **options):
        path, actor = Path(file), person_called(username)
        try:
            results = import_study_document(
                actor=actor,
                data=bytes_of(path),
                file_name=path.name,
                nct=nct,
                dry_run=dry_run,
                on=timezone.localdate(),
            )
        except (StudyFileRefused, StudyNotImported) as refused:
            self._refuse(refused.message, refused.place, as_json=json)
        except PermissionDenied as refused:
            self._refuse(str(refused), "", as_json=json)
        if json:
            self._print_json(results)
        else:
            self._print(results, dry_run)

    def _refuse(self, sentence, place, *, as_json):
        if as_json:
            self.stdout.write(json.dumps({"error": sentence, "place": place}, ensure_ascii=False))
        at = f" (at {place})" if place else ""
        raise CommandError(f"{sentence}{at} Nothing was written.", returncode=REFUSED)

    def _print_json(self, results):
        shown = [result.as_json() for result in results]
        self.stdout.write(json.dumps(shown[0] if len(shown) == 1 else shown, ensure_ascii=False, indent=2))

    def _print(self, results, dry_run):
        for result in results:
            number = f"study {result.study.pk}" if result.study else "new"
            self.stdout.write(f"{result.name} ({number})")
            if result.unchanged:
                self.stdout.write("  nothing changed")
            for heading, counts in (("created", result.created), ("updated", result.updated)):
                if counts:
                    listed = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
                    self.stdout.write(f"  {heading}: {listed}")
            for d in result.differences:
                self.stdout.write(f"  {d.record}, {d.field}: {d.before} -> {d.after}")
            for found in result.unresolved:
                self.stdout.write(
                    f"  unresolved: {found.what}" + (f" [{found.place}]" if found.place else "")
                )
        if dry_run:
            self.stdout.write("This was a dry run: nothing was written.")
