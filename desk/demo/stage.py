"""
The stage of the demo: who works here, which places there are, and the day it is. The chapters beside this module
play on it, one a room of the house, through the services the pages call too. Every date is relative to today, and
what chance decides is the same in every demo of one day.
"""

import datetime
import random

from django.utils import timezone

from ctms.calendar.working_days import is_working_day
from ctms.signatures.proving import prove
from ctms.workflow.engine import perform

from .logins import demo_password

# What whoever brought the records of the time before wrote down as the reason: where each kind came from.
TAKEN_OVER = "Taken over from the previous system"
FROM_TRACKER = "Taken over from the site tracker kept before"
FROM_VISIT_LOG = "Taken over from the previous system: visit and report as signed there"
FROM_LETTERS = "Taken over from the previous system: letter as it was sent"
FROM_FILE = "Taken over from the previous trial master file"
FROM_LEDGER = "Taken over from the payment ledger of accounts payable"
SEED = 301
# A proof lives a minute; who signs page after page proves again well before.
PROVE_AGAIN = datetime.timedelta(seconds=30)


class Stage:
    """What every chapter takes from those before it."""

    def __init__(self, system, people, on):
        self.system, self.people, self.on = system, people, on
        # By key: sponsors and studies by name, sites by number.
        self.places = {}
        self._proofs = {}

    def dice(self, chapter):
        """Return the chance of one chapter: what another chapter throws does not change it."""
        return random.Random(f"{SEED}/{chapter}")

    def ago(self, days):
        return self.on - datetime.timedelta(days=days)

    def day(self, offset, country="ES"):
        """Return the working day nearest to today + offset: nobody visits a site on a holiday."""
        return working_day(self.on + datetime.timedelta(days=offset), country, ahead=offset > 0)

    def sign(self, record, name, who, **more):
        """Perform a signed move as a person who has just proved who they are."""
        person, now = self.people[who], timezone.now()
        proof = self._proofs.get(who)
        if proof is None or now - proof.at > PROVE_AGAIN:
            proof = self._proofs[who] = prove(person, password=demo_password())
        return perform(record, name, actor=person, proof=proof, **more)


def working_day(day, country, *, ahead):
    """Return the day itself or the nearest working day after (or before) it."""
    while not is_working_day(day, country):
        day += datetime.timedelta(days=1 if ahead else -1)
    return day
