from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "What the demo needs at each start: its data, once, and the logins."

    def handle(self, *args, **options):
        call_command("load_demo", stdout=self.stdout)
        call_command("demo_logins", stdout=self.stdout)
