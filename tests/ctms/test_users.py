"""Accounts: given once, to one person, by somebody else; shut and never deleted."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from ctms.accounts import services
from ctms.accounts.models import ApiToken, FormerPassword, SecurityEvent, SecurityEventKind, User
from ctms.api.tokens import create_token
from tests.cast import LONG_AGO, PASSWORD

TODAY = datetime.date(2026, 3, 17)
NEW = {
    "username": "nora",
    "first_name": "Nora",
    "last_name": "Newcomer",
    "email": "nora@example.org",
    "time_zone": "Europe/Oslo",
}


@pytest.fixture
def ada(cast, client):
    client.force_login(cast.ada)
    return client


def accounts():
    return sorted(
        map(str, User.objects.values_list("pk", "username", "is_active", "identity_verified_on", "email"))
    )


def events_of(user):
    return [(e.pgh_context["actor_name"], e.pgh_context["reason"]) for e in user.events.order_by("pgh_id")]


def test_a_sponsor_is_not_told_that_accounts_are_managed_here(cast, client):
    client.force_login(cast.sam)
    before = accounts()
    for address in (
        "/user-accounts/",
        "/user-accounts/new/",
        f"/user-accounts/{cast.chris.pk}/",
        "/security-log/",
    ):
        for answer in (client.get(address), client.post(address, {**NEW, "reason": "x"})):
            assert answer.status_code in (404, 405), address
            assert "System administrator" not in answer.content.decode()
    assert accounts() == before


@pytest.mark.parametrize("who", ["paula", "carla", "quentin", "ingrid", "stella"])
def test_accounts_and_the_security_log_are_the_administrators(cast, client, who):
    client.force_login(cast.people[who])
    before, pk = accounts(), cast.chris.pk
    for address in (
        "/user-accounts/",
        "/user-accounts/new/",
        f"/user-accounts/{pk}/",
        f"/user-accounts/{pk}/identity/",
        f"/user-accounts/{pk}/deactivate/",
        f"/user-accounts/{pk}/reactivate/",
        "/security-log/",
    ):
        answer = client.get(address)
        assert answer.status_code == 403, address
        assert "System administrator" in answer.content.decode()
        assert client.post(address, {**NEW, "reason": "x"}).status_code in (403, 405)
    assert accounts() == before
    assert "/user-accounts/" not in client.get("/").content.decode()


def test_the_administrator_finds_people_and_what_they_may(cast, ada):
    assert "/user-accounts/" in ada.get("/report-templates/").content.decode(), "where one administers"
    page = ada.get("/user-accounts/").content.decode()
    assert "Carla Ruiz" in page
    assert ">system<" not in page
    page = ada.get("/user-accounts/?q=ruiz&state=active").content.decode()
    assert "Carla Ruiz" in page
    assert "Chris Vogel" not in page
    page = ada.get(f"/user-accounts/{cast.carla.pk}/").content.decode()
    assert "2003" in page
    assert "Clinical research associate" in page
    assert "The cast of the tests" in page
    assert ada.get("/user-accounts/999999/").status_code == 404
    assert ada.get(f"/user-accounts/{User.objects.system().pk}/").status_code == 404


def test_an_account_is_made_and_its_first_password_shown_once(cast, ada, client):
    assert ada.get("/user-accounts/new/").status_code == 200
    answer = ada.post("/user-accounts/new/", NEW)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    password = answer.context["password"]
    assert password in answer.content.decode()
    nora = User.objects.get(username="nora")
    assert nora.check_password(password)
    assert events_of(nora) == [("Ada Lind", "New account")]
    assert not nora.may_sign
    assert password not in ada.get(f"/user-accounts/{nora.pk}/").content.decode()
    client.logout()
    answer = client.post("/accounts/login/", {"login": "nora", "password": password})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"username": "CARLA"}, "username", "never given twice"),
        ({"username": "a b"}, "username", "valid username"),
        ({"username": ""}, "username", "required"),
        ({"email": "Carla@example.org"}, "email", "not shared"),
        ({"email": "nowhere"}, "email", "valid email"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "valid choice"),
        ({"last_name": ""}, "last_name", "required"),
    ],
)
def test_what_is_wrong_stands_at_its_field(cast, ada, changed, field, sentence):
    before = accounts()
    answer = ada.post("/user-accounts/new/", {**NEW, **changed})
    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors[field])
    assert accounts() == before


def test_the_name_of_a_shut_account_is_not_given_again(cast, ada):
    ada.post(f"/user-accounts/{cast.stella.pk}/deactivate/", {"reason": "Left"})
    answer = ada.post("/user-accounts/new/", {**NEW, "username": "Stella"})
    assert "never given twice" in str(answer.context["form"].errors["username"])
    with pytest.raises(Exception, match=r"permission denied|violates|update or delete"):
        User.objects.filter(pk=cast.stella.pk)._raw_delete("default")


def test_a_shut_account_is_signed_out_and_its_tokens_are_refused(cast, client):
    secret = create_token(user=cast.carla, name="a script")
    client.force_login(cast.carla)
    assert client.get("/studies/").status_code == 200
    bearer = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/studies/", headers=bearer).status_code == 200
    with pytest.raises(ValidationError, match="Say why"):
        services.deactivate(actor=cast.ada, user=cast.carla, reason="  ")
    assert User.objects.get(pk=cast.carla.pk).is_active
    services.deactivate(actor=cast.ada, user=cast.carla, reason="Left the house")
    answer = client.get("/studies/")
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")
    client.logout()
    assert client.get("/api/v1/studies/", headers=bearer).status_code == 401
    client.post("/accounts/login/", {"login": "carla", "password": PASSWORD})
    assert client.get("/studies/").status_code == 302
    assert events_of(cast.carla)[-1] == ("Ada Lind", "Left the house")
    services.reactivate(actor=cast.ada, user=cast.carla, reason="Came back")
    assert client.get("/api/v1/studies/", headers=bearer).status_code == 401, "her tokens stay revoked"
    client.force_login(cast.fresh("carla"))
    assert client.get("/studies/").status_code == 200


def test_nobody_manages_their_own_account_or_the_systems(cast, ada):
    for user in (cast.ada, User.objects.system()):
        for page in ("identity", "deactivate", "reactivate"):
            values = {"reason": "x", "verified_on": "2024-01-01", "statement_on": "2024-01-01"}
            assert ada.post(f"/user-accounts/{user.pk}/{page}/", values).status_code in (403, 404)
    with pytest.raises(PermissionDenied, match="system itself"):
        services.deactivate(actor=cast.ada, user=User.objects.system(), reason="x")
    with pytest.raises(PermissionDenied, match="Only an administrator"):
        services.create_account(actor=cast.paula, **NEW)
    assert User.objects.get(username="ada").is_active


def test_signing_needs_an_own_password_and_a_verified_identity(cast, ada):
    nora, _password = services.create_account(actor=cast.ada, **NEW)
    address = f"/user-accounts/{nora.pk}/identity/"
    values = {"verified_on": "2024-01-02", "statement_on": "2024-01-03", "reason": "Passport seen; binder 7"}
    answer = ada.post(address, values)
    assert answer.status_code == 422
    assert "a password of their own" in answer.content.decode()
    FormerPassword.objects.create(user=nora, password="the first one")
    answer = ada.post(address, {**values, "statement_on": "2999-01-01"})
    assert "lies ahead" in str(answer.context["form"].errors["statement_on"])
    assert not User.objects.get(pk=nora.pk).may_sign
    assert ada.post(address, values).status_code == 302
    nora = User.objects.get(pk=nora.pk)
    assert nora.may_sign
    assert str(nora.identity_verified_on) == "2024-01-02"
    assert events_of(nora)[-1] == ("Ada Lind", "Passport seen; binder 7")
    assert LONG_AGO < TODAY


def test_the_security_log_stands_newest_first_and_narrows(cast, ada):
    create_token(user=cast.carla, name="alpha token")
    create_token(user=cast.chris, name="beta token")
    page = ada.get("/security-log/").content.decode()
    assert page.index("beta token") < page.index("alpha token")
    page = ada.get("/security-log/?q=carla&kind=TOKEN_CREATED").content.decode()
    assert "alpha token" in page
    assert "beta token" not in page
    assert ada.get("/security-log/?kind=nonsense&page=x").status_code == 200


def test_a_person_makes_sees_and_revokes_tokens_of_their_own(cast, client):
    client.force_login(cast.carla)
    answer = client.post("/account/tokens/", {"name": "my script"})
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert secret not in client.get("/account/tokens/").content.decode()
    bearer = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/studies/", headers=bearer).status_code == 200
    token = ApiToken.objects.get(user=cast.carla)
    client.force_login(cast.chris)
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    assert "my script" not in client.get("/account/tokens/").content.decode()
    with pytest.raises(PermissionDenied, match="somebody else"):
        services.revoke_token(actor=cast.chris, token=token)
    client.force_login(cast.carla)
    assert client.get(f"/account/tokens/{token.pk}/revoke/").status_code == 405
    for _click in range(2):
        assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 302
    assert client.get("/api/v1/studies/", headers=bearer).status_code == 401
    assert SecurityEvent.objects.filter(kind=SecurityEventKind.TOKEN_REVOKED, user=cast.carla).count() == 1


def test_a_token_ends_after_its_last_day_and_not_before_today(cast, client):
    client.force_login(cast.carla)
    answer = client.post("/account/tokens/", {"name": "x", "last_day": "2020-01-01"})
    assert answer.status_code == 422
    assert "has passed" in str(answer.context["form"].errors["last_day"])
    assert client.post("/account/tokens/", {"name": ""}).status_code == 422
    assert not ApiToken.objects.filter(user=cast.carla).exists()
    client.post("/account/tokens/", {"name": "x", "last_day": "2999-12-31"})
    expires = ApiToken.objects.get(user=cast.carla).expires_at
    assert expires.isoformat() == "2999-12-31T23:00:00+00:00", "midnight in Madrid"
