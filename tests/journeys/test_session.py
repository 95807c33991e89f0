"""Come in, stay out, leave: sign-in, lock-out, password, authenticator."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import REFUSED, run, sign_in

NEWCOMER = """
from ctms.accounts.models import User
from ctms.audit.context import acting_as
with acting_as(User.objects.system(), reason="A person for a test of signing in"):
    person = User(username={username!r}, first_name="Nina", last_name="Comer", email="nina@example.org")
    person.set_password({password!r})
    person.save()
"""
FIRST, SECOND = "A-first-Password-41", "A-second-Password-42"


@pytest.fixture
def newcomer(product):
    """An account of its own for a test that changes or locks it."""

    def make(username):
        run(product, NEWCOMER.format(username=username, password=FIRST))
        return username

    return make


def attempt(page, username, password):
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_sign_in_and_sign_out(new_page, password):
    page = new_page()
    page.goto("/monitoring-visits/")
    attempt(page, "qa", "wrong")
    expect(page.get_by_role("alert")).to_contain_text("not correct")
    expect(page.get_by_label("Password")).to_have_value("")
    sign_in(page, "qa", password)
    assert page.url.endswith("/monitoring-visits/")
    page.locator("summary", has_text="Owen Pryce").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")
    page.goto("/monitoring-visits/")
    assert "/accounts/login/?next=" in page.url
    # Back in the browser shows nothing of what was there.
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_too_many_wrong_passwords_lock_the_account_in_a_sentence(new_page, newcomer):
    username = newcomer("locked")
    page = new_page()
    page.goto("/accounts/login/")
    for _attempt in range(6):
        attempt(page, username, "wrong-every-time")
        expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text(re.compile("too many", re.I))
    attempt(page, username, FIRST)
    expect(page.get_by_role("alert")).to_contain_text(re.compile("too many", re.I))


def test_change_the_password(new_page, newcomer):
    username = newcomer("changing")
    page = new_page()
    page.goto("/accounts/password/change/")
    sign_in(page, username, FIRST)
    page.get_by_label("Current password").fill(FIRST)
    page.get_by_label("New password", exact=False).first.fill("short")
    page.get_by_label("New password (again)").fill("short")
    page.get_by_role("button", name="Change password").click()
    expect(page.locator(".error").first).to_be_visible()
    page.get_by_label("Current password").fill(FIRST)
    page.get_by_label("New password", exact=False).first.fill(SECOND)
    page.get_by_label("New password (again)").fill(SECOND)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("status").first).to_contain_text("success")
    page.locator("summary", has_text="Nina Comer").click()
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, username, SECOND)


def test_enrol_an_authenticator_app(new_page, newcomer):
    username = newcomer("enrolling")
    page = new_page()
    page.goto("/accounts/2fa/")
    sign_in(page, username, FIRST)
    page.get_by_role("link", name="Set up authenticator app").click()
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password").fill(FIRST)
        page.get_by_role("button", name="Confirm password").click()
    qr = page.locator("img.qr")
    expect(qr).to_be_visible()
    assert qr.evaluate("image => image.complete && image.naturalWidth > 0")
    secret = page.get_by_label("Authenticator secret").input_value()
    page.get_by_label("Authenticator code").fill(_code(secret))
    page.get_by_role("button", name="Set up authenticator app").click()
    page.wait_for_url("**/accounts/2fa/**")
    expect(page.locator("main")).to_contain_text(re.compile("recovery codes", re.I))


def _code(secret):
    import base64
    import time

    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    counter = int(time.time()) // 30
    assert base64.b32decode(secret)
    return format_hotp_value(hotp_value(secret, counter))


def test_a_refused_page_says_whose_it_is(people, console):
    console.expect(REFUSED)
    finance, sponsor = people("finance"), people("sponsor")
    assert finance.goto("/monitoring-visits/").status == 403
    expect(finance.get_by_role("heading", level=1)).to_have_text("This is not yours to do")
    # A sponsor is not told that there is such a room.
    assert sponsor.goto("/monitoring-visits/").status == 404
