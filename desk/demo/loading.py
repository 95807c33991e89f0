"""Load the demo as a whole: the stage, then chapter after chapter."""

from django.utils import timezone

from ctms.access.scoping import everything
from ctms.accounts.models import SecurityEventKind, User
from ctms.accounts.security import record_security_event
from ctms.audit.context import acting_as, coming_through

from . import budget, papers, payments, people, sites_life
from .stage import LOGINS, SOURCE, Stage, demo_password


def is_loaded():
    return User.objects.filter(username="pm").exists()


def load(on=None):
    """Load the demo unless it is there; all of it or nothing."""
    if is_loaded():
        return False
    on = on or timezone.localdate()
    system = User.objects.system()
    with (
        coming_through("import"),
        acting_as(system, reason=SOURCE),
        everything("the demo is loaded as a whole"),
    ):
        stage = Stage(system, {login.username: _person(login, on) for login in LOGINS}, on)
        stage.play()
        # Each chapter takes what those before it left: who came, what was said and filed, what is owed and earned.
        for chapter in (people, sites_life, papers, payments, budget):
            chapter.play(stage)
    return True


def _person(login, on):
    first, last = login.name.split(" ", 1)
    person = User(
        username=login.username,
        first_name=first,
        last_name=last,
        email=f"{login.username}@example.org",
        time_zone=login.zone,
        identity_verified_on=on,
        signature_statement_on=on,
    )
    person.set_password(demo_password())
    person.save()
    record_security_event(SecurityEventKind.PASSWORD_CHANGED, user=person, detail=SOURCE)
    return person
