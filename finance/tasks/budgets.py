"""Earned units are pulled: a worker looks for what happened and is not booked yet."""

from datetime import timedelta

from django.utils import timezone

from ctms.accounts.models import User
from ctms.jobs.queue import comes_round, job
from finance import services


@job("finance.book_earned_units", everything="units are earned in every study")
def book_earned_units(promised):
    """Make the books of every budget agree with the facts; nothing to do when they agree already."""
    booked = services.book_all(actor=User.objects.system(), now=timezone.now())
    return {"booked": booked}


comes_round("finance.book_earned_units", every=timedelta(hours=6), reason="Units earned by what happened")
