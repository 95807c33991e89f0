import secrets

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from ctms.accounts.models import User
from ctms.audit.context import acting_as
from studies.services.team import assign_everywhere


class Command(BaseCommand):
    help = "Make the first administrator of a new installation; prints the first password once."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("email")
        parser.add_argument("name", help="given and family name, in quotes")

    @transaction.atomic
    def handle(self, *args, username, email, name, **options):
        given, _space, family = name.strip().partition(" ")
        password, system = secrets.token_urlsafe(18), User.objects.system()
        person = User(username=username, email=email, first_name=given, last_name=family)
        person.set_password(password)
        try:
            with acting_as(system, reason="Administrator made on the command line"):
                person.full_clean()
                person.save()
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        assign_everywhere(actor=system, user=person, role="administrator", starts_on=timezone.localdate())
        self.stdout.write(f"{username} is administrator. First password, to be changed at once: {password}")
