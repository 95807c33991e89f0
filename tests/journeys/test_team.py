"""A person joins a study's team, works at one site of it, and leaves."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.accessible import expect_accessible, photograph
from tests.journeys.acting import REFUSED, open_list, run, sign_in

STARTED_LAST_WEEK = """
import datetime
from django.utils import timezone
from ctms.access.scoping import everything
from ctms.accounts.models import User
from studies.models import StudySite
from studies.services.team import assign

day = timezone.localdate() - datetime.timedelta(days=7)
with everything("a test prepares an assignment of last week"):
    site = StudySite.objects.get(number="2002", study__protocol_number="VEL-301")
assign(
    actor=User.objects.system(), user=User.objects.get(username="{username}"), role="cra", place=site,
    starts_on=day, trained_on=day,
)
print(site.pk)
"""
USERNAME = "nina.new"


def make_account(admin):
    """The administrator makes an account and reads its first password off the page."""
    admin.goto("/")
    open_list(admin, "Administration", "Users")
    expect_accessible(admin)
    photograph(admin, "users")
    admin.get_by_role("link", name="New user").press("Enter")
    admin.get_by_label("User name").fill(USERNAME)
    admin.get_by_label("First name").fill("Nina")
    admin.get_by_label("Last name").fill("Novak")
    admin.get_by_label("E-mail").fill("nina.novak@example.org")
    admin.get_by_label("Time zone").select_option("Europe/Prague")
    expect_accessible(admin)
    admin.get_by_role("button", name="Make account").press("Enter")
    password = admin.locator("#first-password").inner_text()
    expect_accessible(admin)
    admin.get_by_role("link", name="Open the account").press("Enter")
    expect(admin.get_by_role("heading", level=1)).to_contain_text("Nina Novak")
    expect_accessible(admin)
    photograph(admin, "user")
    return password


def test_a_second_cra_joins_sees_her_site_and_leaves(product, people, new_page, console):
    console.expect(REFUSED)
    password = make_account(people("admin"))

    manager = people("pm")
    manager.goto("/studies/")
    manager.get_by_role("link", name="VEL-301", exact=True).first.click()
    manager.get_by_role("navigation", name="Parts of the study").get_by_role("link", name="Team").press(
        "Enter"
    )
    expect(manager.get_by_role("heading", level=1)).to_contain_text("Team")
    expect(manager.locator("main")).not_to_contain_text("nblinded")
    expect_accessible(manager)
    photograph(manager, "team")
    team_url = manager.url
    today = assign_to_site(manager)
    expect(manager.get_by_role("row", name=re.compile("Nina Novak.*2001"))).to_be_visible()

    nina = new_page()
    nina.goto("/")
    sign_in(nina, USERNAME, password)
    nina.goto("/study-sites/")
    expect(nina.locator("#listing tbody tr")).to_have_count(1)
    nina.locator("#listing tbody a").first.click()
    expect(nina.locator("main")).to_contain_text("2001")
    assert nina.goto(team_url + "assign/").status == 403

    site = run(product, STARTED_LAST_WEEK.format(username=USERNAME)).strip().splitlines()[-1]
    assert nina.goto(f"/study-sites/{site}/").status == 200
    end_at(manager, team_url, "2002")
    assert nina.goto(f"/study-sites/{site}/").status == 403
    expect(nina.locator("main")).to_contain_text(
        "Your assignment (Clinical research associate) here ended on"
    )

    manager.goto(f"{team_url}?on={today}")
    expect(manager.get_by_role("row", name=re.compile("Nina Novak.*2001"))).to_be_visible()
    expect(manager.get_by_role("row", name=re.compile("Nina Novak.*2002"))).to_have_count(0)


def assign_to_site(manager):
    manager.get_by_role("link", name="Assign a person").press("Enter")
    expect_accessible(manager)
    page = manager
    page.get_by_label("Person").select_option(label="Nina Novak")
    page.get_by_label("Role").select_option(label="Clinical research associate")
    site = page.get_by_label("Place").locator("option", has_text="2001")
    page.get_by_label("Place").select_option(site.get_attribute("value"))
    today = page.get_by_label("From").input_value()
    page.get_by_label("Until").fill("2020-01-01")
    page.get_by_role("button", name="Assign").press("Enter")
    expect(page.locator(".field .error")).to_contain_text("before the first")
    page.get_by_label("Until").fill("")
    page.get_by_label("Training recorded on").fill(today)
    page.get_by_role("button", name="Assign").press("Enter")
    return today


def end_at(manager, team_url, number):
    manager.goto(team_url)
    row = manager.get_by_role("row", name=re.compile(f"Nina Novak.*{number}"))
    row.get_by_role("link", name=re.compile("End assignment")).press("Enter")
    yesterday = manager.evaluate("new Date(Date.now() - 864e5).toISOString().slice(0, 10)")
    manager.get_by_label("Last day").fill(yesterday)
    manager.get_by_label("Reason").fill("Covered a holiday")
    expect_accessible(manager)
    photograph(manager, "team-end")
    manager.get_by_role("button", name="End assignment").press("Enter")
    manager.wait_for_url(team_url)


def test_a_person_makes_and_revokes_a_token(people):
    cra = people("cra")
    cra.goto("/account/tokens/")
    cra.get_by_label("What it is for").fill("A script of the journey")
    cra.get_by_role("button", name="Make token").press("Enter")
    expect(cra.locator("#secret")).to_contain_text("ctms_")
    expect_accessible(cra)
    photograph(cra, "tokens")
    cra.get_by_role("row", name=re.compile("A script of the journey")).get_by_role("button").press("Enter")
    expect(cra.get_by_role("row", name=re.compile("A script of the journey"))).to_contain_text("Revoked")


def test_the_security_log_is_read_by_the_administrator(people):
    admin = people("admin")
    admin.goto("/")
    open_list(admin, "Administration", "Security log")
    expect(admin.locator("main")).to_contain_text("Signed in")
    expect_accessible(admin)
    photograph(admin, "security-log")
