from django.core.management.base import BaseCommand, CommandError

from ctms.accounts.models import User
from ctms.api.tokens import create_token


class Command(BaseCommand):
    help = "Make an API token for a person and print it; it is shown this once."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--name", default="made on the command line", help="what it is for")

    def handle(self, *args, username, name, **options):
        user = User.objects.filter(username__iexact=username, is_active=True).first()
        if user is None or not user.has_usable_password():
            raise CommandError(f"There is no active person called {username}.")
        self.stdout.write(create_token(user=user, name=name))
