"""Accounts: one person's, never shared or super; passwords, lock-out, idle time, the access log."""

import datetime

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.test import RequestFactory

from ctms.accounts.adapter import AccountAdapter
from ctms.accounts.idle import to_login
from ctms.accounts.models import ApiToken, FormerPassword, SecurityEvent, User
from ctms.accounts.passwords import NotUsedBefore
from ctms.accounts.zone import TimeZoneMiddleware
from ctms.audit.context import acting_as
from ctms.pages.columns import instant
from tests.cast import PASSWORD

NEW = "Battery-Staple-9-Horse"


@pytest.fixture(autouse=True)
def _no_earlier_failures():
    cache.clear()


def kinds(user=None, **where):
    rows = SecurityEvent.objects.filter(**({"user": user} if user else {}), **where)
    return list(rows.order_by("pk").values_list("kind", flat=True))


def sign_in(client, username="paula", password=PASSWORD):
    return client.post("/accounts/login/", {"login": username, "password": password})


# --- who there is ------------------------------------------------------------------------------------


@pytest.mark.parametrize("power", ["is_superuser", "is_staff"])
def test_there_is_no_superuser_and_no_staff(cast, power):
    with pytest.raises(IntegrityError), transaction.atomic(), acting_as(cast.ada, reason="grab"):
        User.objects.filter(pk=cast.ada.pk).update(**{power: True})
    with pytest.raises(IntegrityError), transaction.atomic(), acting_as(cast.ada, reason="grab"):
        User.objects.create(username="root", **{power: True})
    assert not User.objects.filter(is_superuser=True).exists()
    assert not User.objects.filter(is_staff=True).exists()


def test_a_user_name_is_one_persons_whatever_its_case_and_no_account_is_deleted(cast):
    with pytest.raises(IntegrityError), transaction.atomic(), acting_as(cast.ada, reason="twin"):
        User.objects.create(username="PAULA")
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as(cast.ada, reason="away"):
        cast.stella.delete()
    assert User.objects.filter(username__iexact="paula").count() == 1
    assert User.objects.filter(username="stella").exists()


def test_the_system_account_signs_in_nowhere(cast, client):
    system = User.objects.system()
    assert str(system)
    assert not system.has_usable_password()
    assert authenticate(username="system", password="") is None
    assert str(cast.paula) == "Paula Marsh"
    assert str(User(username="x")) == "x"


# --- passwords ---------------------------------------------------------------------------------------


def test_a_former_password_is_not_taken_again(cast):
    adapter = AccountAdapter(RequestFactory().get("/"))
    used = [PASSWORD]
    for number in range(9):
        used.append(f"{NEW}-{number}")
        adapter.set_password(cast.paula, used[-1])
    policy = NotUsedBefore(remembered=8)
    for former in used[-9:]:
        with pytest.raises(ValidationError, match="not used before"):
            policy.validate(former, cast.paula)
    policy.validate(used[0], cast.paula)  # longer ago than is remembered
    policy.validate(NEW, cast.paula)
    policy.validate(PASSWORD, None)
    assert "8" in policy.get_help_text()
    assert kinds(cast.paula) == ["PASSWORD_CHANGED"] * 9
    former = FormerPassword.objects.filter(user=cast.paula)
    assert former.count() == 9
    assert not any(PASSWORD in row.password for row in former)
    assert str(former.first()).startswith("Paula Marsh 20")


def test_changing_the_password_on_its_page_is_remembered(cast, client):
    client.force_login(cast.paula)
    answer = client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    )
    assert answer.status_code == 200
    assert "not used before" in answer.content.decode()
    answer = client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )
    assert answer.status_code == 302
    assert cast.fresh("paula").check_password(NEW)
    assert "PASSWORD_CHANGED" in kinds(cast.paula)


# --- signing in --------------------------------------------------------------------------------------


def test_coming_and_going_is_remembered(cast, client):
    assert sign_in(client).status_code == 302
    client.post("/accounts/logout/")
    assert kinds(cast.paula) == ["LOGIN", "LOGOUT"]
    line = SecurityEvent.objects.first()
    assert (line.username, line.address, str(line)) == ("paula", "127.0.0.1", "Signed in: paula")


def test_a_failure_is_remembered_whether_or_not_there_is_such_a_person(cast, client):
    assert sign_in(client, password="wrong").status_code == 200
    assert sign_in(client, username="nobody", password="wrong").status_code == 200
    assert [(e.kind, e.user, e.username) for e in SecurityEvent.objects.order_by("pk")] == [
        ("LOGIN_FAILED", cast.paula, "paula"),
        ("LOGIN_FAILED", None, "nobody"),
    ]


def test_five_failures_lock_the_name_and_the_lock_is_remembered(cast, client):
    for _ in range(5):
        sign_in(client, password="wrong")
    answer = sign_in(client)
    assert answer.status_code != 302
    assert "_auth_user_id" not in client.session
    assert kinds().count("LOGIN_FAILED") == 5
    assert kinds()[-1] == "LOCKED_OUT"
    assert SecurityEvent.objects.last().username == "paula"
    assert sign_in(client, username="lena").status_code == 302, "nobody else is locked out"


def test_the_access_log_is_only_added_to(cast, client):
    sign_in(client)
    for deed in (lambda rows: rows.update(username="x"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed(SecurityEvent.objects.all())
    assert kinds(cast.paula) == ["LOGIN"]


# --- leaving the desk --------------------------------------------------------------------------------


def test_who_leaves_the_desk_is_signed_out_and_brought_back(cast, client, settings):
    settings.IDLE_TIMEOUT_MINUTES = 20
    with time_machine.travel("2026-03-17T09:00Z", tick=False) as clock:
        sign_in(client)
        assert client.get("/studies/").status_code == 200
        clock.shift(19 * 60)
        assert client.get("/studies/").status_code == 200, "nineteen minutes are a coffee"
        clock.shift(21 * 60)
        answer = client.get("/studies/?q=vel")
        assert answer.status_code == 302
        assert answer["Location"] == "/accounts/login/?next=%2Fstudies%2F%3Fq%3Dvel"
    assert "IDLE_LOGOUT" in kinds(cast.paula)
    assert "LOGOUT" not in kinds(cast.paula)
    assert "_auth_user_id" not in client.session


def test_what_a_page_does_by_itself_is_no_activity(cast, client, settings):
    settings.IDLE_TIMEOUT_MINUTES = 20
    with time_machine.travel("2026-03-17T09:00Z", tick=False) as clock:
        sign_in(client)
        client.get("/studies/")
        for _ in range(3):
            clock.shift(10 * 60)
            answer = client.get("/studies/", headers={"X-Background": "1"})
        assert answer.status_code == 302


def test_htmx_is_sent_to_the_sign_in_as_a_whole_page():
    request = RequestFactory().get(
        "/studies/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/milestones/?page=2"}
    )
    answer = to_login(request)
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/accounts/login/?next=%2Fmilestones%2F%3Fpage%3D2"
    assert to_login(RequestFactory().get("/studies/")).status_code == 302


# --- zone and tokens ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Europe/Madrid", "10:30 CET"), ("Asia/Tokyo", "18:30 JST"), ("Not/AZone", "09:30 UTC")],
)
def test_each_person_reads_instants_in_their_own_zone(cast, client, zone, shown):
    request = RequestFactory().get("/")
    request.user = cast.fresh("paula")
    request.user.time_zone = zone  # the database takes no unknown one; what an older one holds is still read
    noted = datetime.datetime(2026, 3, 17, 9, 30, tzinfo=datetime.UTC)
    assert TimeZoneMiddleware(lambda request: instant(noted))(request) == f"17 Mar 2026 {shown}"


def test_a_token_is_kept_as_a_hash(cast):
    secret = ApiToken.new_secret()
    token = ApiToken(user=cast.paula, name="integration", digest=ApiToken.digest_of(secret))
    assert secret.startswith("ctms_")
    assert secret not in token.digest
    assert str(token) == "integration"
    assert ApiToken.new_secret() != secret
