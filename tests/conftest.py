"""The cast, and the question every test of access asks: who sees what, and who does not."""

from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests.cast import ZONE, bring_on_stage


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    """A slow hash is right for people and made a test suite take 137 s."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _days_of_the_cast():
    """
    What a test calls today is the day where the cast lives.

    Between eleven and midnight the server, in UTC, is a day behind Madrid: what a test had written with the day
    of the one was read with the day of the other.
    """
    with timezone.override(ZoneInfo(ZONE)):
        yield


@pytest.fixture
def cast(db):
    """The named people and places of tests/cast.py, in a transaction that is rolled back."""
    return bring_on_stage()


@pytest.fixture
def assert_sees():
    """Return a check that a person sees some rows of a model and not others, each list non-empty or None."""

    def check(user, *, visible=(), hidden=()):
        assert visible or hidden, "a test of access names what is seen or what is hidden"
        for record in (*visible, *hidden):
            seen = type(record).objects.visible_to(user).filter(pk=record.pk).exists()
            expected = record in visible
            assert seen is expected, f"{user} {'does not see' if expected else 'sees'} {record}"

    return check
