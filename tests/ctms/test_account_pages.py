"""The sign-in library's pages speak as the product does: sentence case, in its frame, and only those the house has."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.urls import URLResolver, get_resolver

from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

SIGNED_OUT = ("/accounts/login/", "/accounts/inactive/", "/accounts/password/reset/",
              "/accounts/password/reset/done/",
              "/accounts/password/reset/key/1-set-password/", "/accounts/password/reset/key/done/")  # fmt: skip
SIGNED_IN = ("/accounts/logout/", "/accounts/password/change/", "/accounts/reauthenticate/",
             "/accounts/password/reset/", "/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/",
             "/accounts/2fa/webauthn/add/")  # fmt: skip
WITH_FACTORS = ("/accounts/2fa/", "/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/",
                "/accounts/2fa/recovery-codes/generate/", "/accounts/2fa/reauthenticate/", "/accounts/2fa/webauthn/",
                "/accounts/2fa/webauthn/reauthenticate/", "/accounts/2fa/webauthn/keys/{key}/edit/",
                "/accounts/2fa/webauthn/keys/{key}/remove/")  # fmt: skip
# What the library has and the house does not, or shows in the middle of signing in, or hands out as a file.
NOT_HERE = (
    "/accounts/signup/",
    "/accounts/email/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/Mg:abc/",
)
ELSEWHERE = {
    "/accounts/2fa/authenticate/": "asked while signing in",
    "/accounts/2fa/recovery-codes/download/": "a file",
    "/accounts/password/set/": "leads on to the change, as every account has a password",
    "/accounts/login/code/confirm/": "no codes are sent to sign in with",
}


def words_of(page):
    """Return the headings, labels, buttons, links and the title of the main part of a page."""
    title = re.findall(r"<title>(.*?)</title>", page, re.S)
    main = page[page.index('id="main"') :]
    found = re.findall(r"<(h1|h2|legend|label|button|th|summary|a)\b[^>]*>(.*?)</\1>", main, re.S)
    boxes = re.findall(r'placeholder="([^"]*)"', main)
    texts = [*(one.split("·")[0] for one in title), *(inner for _tag, inner in found), *boxes]
    return [" ".join(re.sub(r"<[^>]+>", " ", text).split()) for text in texts]


def in_title_case(text):
    """True if a word that is no name begins with a capital inside the text."""
    names = {"CTMS"}
    return any(word[:1].isupper() and word not in names for word in re.findall(r"[A-Za-z-]+", text)[1:])


def assert_speaks_plainly(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code, answer.get("Location"))
    page = answer.content.decode()
    words = words_of(page)
    assert len(words) > 1
    assert [text for text in words if in_title_case(text)] == [], address
    assert "!" not in re.sub(r"<[^>]+>|<!.*?>", "", page[page.index('id="main"') :].split("<script")[0]), (
        address
    )


@pytest.fixture
def carla(client, cast):
    """Carla, who gave her password just now, and confirmed that it is her."""
    client.post("/accounts/login/", {"login": "carla", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.mark.parametrize("address", SIGNED_OUT)
def test_who_is_signed_out_reads_sentences(client, cast, address):
    assert_speaks_plainly(client, address)


@pytest.mark.parametrize("address", SIGNED_IN)
def test_who_is_signed_in_reads_sentences(carla, address):
    assert_speaks_plainly(carla, address)


@pytest.mark.parametrize("address", WITH_FACTORS)
def test_who_has_a_second_factor_reads_sentences(carla, cast, address, monkeypatch):
    monkeypatch.setattr(
        "allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: []
    )  # no device is here
    TOTP.activate(cast.carla, generate_totp_secret())
    RecoveryCodes.activate(cast.carla)
    kept = {"name": "blue key", "credential": {}}
    key = Authenticator.objects.create(user=cast.carla, type=Authenticator.Type.WEBAUTHN, data=kept)
    assert_speaks_plainly(carla, address.format(key=key.pk))


def test_the_second_factor_is_asked_in_sentences(client, cast):
    TOTP.activate(cast.carla, generate_totp_secret())
    client.post("/accounts/login/", {"login": "carla", "password": PASSWORD})
    assert_speaks_plainly(client, "/accounts/2fa/authenticate/")


@pytest.mark.parametrize("address", NOT_HERE)
def test_nobody_makes_an_account_or_changes_its_address_by_themselves(carla, cast, address):
    assert carla.get(address).status_code == 404
    assert carla.post(address, {"email": "elsewhere@example.org", "action_add": ""}).status_code == 404
    assert mail.outbox == []


def test_every_page_of_the_library_is_looked_at():
    def walk(resolver, prefix):
        for one in resolver.url_patterns:
            route = prefix + str(one.pattern).removeprefix("^").removesuffix("$")
            yield from walk(one, route) if isinstance(one, URLResolver) else [route]

    (library,) = [one for one in get_resolver().url_patterns if str(one.pattern) == "accounts/"]
    routes = {re.sub(r"<int:pk>", "{key}", route) for route in walk(library, "/accounts/")}
    routes = {"/accounts/password/reset/key/1-set-password/" if "uidb36" in r else r for r in routes}
    routes = {"/accounts/confirm-email/Mg:abc/" if "?P<key>" in r else r for r in routes}
    assert routes - {*SIGNED_OUT, *SIGNED_IN, *WITH_FACTORS, *NOT_HERE} - set(ELSEWHERE) == set()


def test_a_forgotten_password_is_chosen_anew_by_a_link_in_a_mail(client, cast):
    client.post("/accounts/password/reset/", {"email": "carla@example.org"})
    client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    (told,) = mail.outbox
    assert told.to == ["carla@example.org"]
    assert told.subject.endswith("Choose a new password")
    assert "the account carla" in told.body
    assert "!" not in told.body
    link = re.search(r"https?://[^/]+(/\S+)", told.body)[1]
    form = client.get(link, follow=True)
    assert "Choose a new password" in form.content.decode()
    anew = {"password1": "Another-Horse-8-Battery", "password2": "Another-Horse-8-Battery"}
    done = client.post(form.redirect_chain[-1][0], anew, follow=True)
    assert "Password changed" in done.content.decode()
    assert client.login(username="carla", password=anew["password1"])
