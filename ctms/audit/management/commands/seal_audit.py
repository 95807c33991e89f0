from django.core.management.base import BaseCommand

from ctms.audit.seal import write_seal


class Command(BaseCommand):
    help = "Seal what was remembered since the last seal, in a chained file."

    def handle(self, *args, **options):
        path = write_seal()
        self.stdout.write(f"Sealed: {path.name}" if path else "Nothing new to seal.")
