"""Once a day, in each person's morning: one mail for all they chose to hear of once a day."""

from datetime import time

from django.contrib.auth import get_user_model

from ctms.calendar.zones import zone_named

from .models import How, Notice

MORNING = time(7)


def morning_of(user, now):
    """Return the day whose morning mail is due to a person, or None before their morning."""
    there = now.astimezone(zone_named(user.time_zone))
    return there.date() if there.time() >= MORNING else None


def waiting_for_digest(user=None):
    """Return the notices that wait for a morning mail: unread, not mailed, not overtaken by a later one."""
    waiting = Notice.objects.standing().filter(how=How.DAILY, mailed_at=None, read_at=None)
    return waiting if user is None else waiting.filter(user=user)


def due_digests(now):
    """Return [(person, day)] of the morning mails that are due."""
    people = get_user_model().objects.filter(pk__in=waiting_for_digest().values("user"), is_active=True)
    mornings = ((person, morning_of(person, now)) for person in people.exclude(email="").order_by("pk"))
    return [(person, day) for person, day in mornings if day is not None]
