from django.core.management.base import BaseCommand

from desk.demo import LOGINS, demo_password


class Command(BaseCommand):
    help = "Print one login per role of the demo, and what it is good for."

    def handle(self, *args, **options):
        self.stdout.write(f"Password of every demo login: {demo_password()}\n")
        for login in LOGINS:
            self.stdout.write(f"  {login.username:<9} {login.name:<16} {login.good_for}")
