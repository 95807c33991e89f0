import sys

from django.core.management.base import BaseCommand

from ctms.audit.seal import seal_files, verify


class Command(BaseCommand):
    help = "Compare every sealed row of history with the database and name what is not as it was sealed."

    def handle(self, *args, **options):
        flaws = verify()
        for flaw in flaws:
            self.stdout.write(str(flaw))
        if flaws:
            self.stdout.write(f"{len(flaws)} flaws in {len(seal_files())} seals; the first is named first.")
            sys.exit(1)
        self.stdout.write(f"{len(seal_files())} seals, every row as it was sealed.")
