"""Load the demo as a whole, chapter after chapter; then print the newest reports, which readers open first."""

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from ctms.access.scoping import everything
from ctms.accounts.models import SecurityEventKind, User
from ctms.accounts.security import record_security_event
from ctms.audit.context import acting_as, coming_through

from . import (
    budget,
    milestones,
    monitoring_past,
    papers,
    payments,
    people,
    places,
    printing,
    reporting,
    sites_life,
    team,
    waiting,
)
from .logins import LOGINS, demo_password
from .stage import TAKEN_OVER, Stage

# Each chapter takes what those before it left: who came, what was seen, said and filed, what is owed and earned.
CHAPTERS = (
    places,
    team,
    sites_life,
    people,
    milestones,
    monitoring_past,
    waiting,
    papers,
    payments,
    budget,
)


def is_loaded():
    return User.objects.filter(username="pm").exists()


def load(on=None):
    """Load the demo unless it is there; all of it or nothing."""
    if is_loaded():
        return False
    on = on or timezone.localdate()
    with printing.printers() as printers:
        _write(on)
        reporting.run_status_report(on)
        printing.print_newest(printers)
    return True


def _write(on):
    """Write the portfolio in one transaction."""
    system = User.objects.system()
    with (
        coming_through("import"),
        acting_as(system, reason=TAKEN_OVER),
        everything("the demo is loaded as a whole"),
    ):
        # One password, one hash: it is meant to be slow to make.
        kept = make_password(demo_password())
        stage = Stage(system, {login.username: _person(login, on, kept) for login in LOGINS}, on)
        for chapter in CHAPTERS:
            chapter.play(stage)


def _person(login, on, password):
    first, last = login.name.split(" ", 1)
    person = User(
        username=login.username,
        first_name=first,
        last_name=last,
        email=f"{login.username}@example.org",
        time_zone=login.zone,
        identity_verified_on=on,
        signature_statement_on=on,
        password=password,
    )
    person.save()
    record_security_event(SecurityEventKind.PASSWORD_CHANGED, user=person, detail="Given with the account")
    return person
