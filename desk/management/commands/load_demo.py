from django.core.management.base import BaseCommand

from desk.demo import load


class Command(BaseCommand):
    help = "Load the demo portfolio, unless it is there."

    def handle(self, *args, **options):
        self.stdout.write("Demo loaded." if load() else "The demo was loaded before.")
