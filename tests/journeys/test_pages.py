"""Every page of the main roles: nothing a screen reader stumbles over, nothing on the console, nothing sideways."""

from __future__ import annotations

import functools
import os
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import _photograph
from tests.journeys.acting import REFUSED, sign_in

STUDY = (
    "",
    "planned-visits/",
    "milestones/",
    "study-sites/",
    "start-up/",
    "monitoring-visits/",
    "action-items/",
    "deviations/",
)
PAGES = {
    "pm": (
        "/",
        "/portfolio/",
        "/portfolio/?order=number&judged=amber",
        "/workload/",
        *(f"/studies/1/{tab}" for tab in (*STUDY, "documents/", "site-staff/")),
        "/studies/",
        "/studies/new/",
        "/studies/1/edit/",
        "/studies/1/history/",
        "/studies/1/transitions/halt/",
        "/study-countries/1/",
        "/study-sites/1/",
        "/study-sites/1/activation/",
        "/studies/1/contact-log/",
        "/letters/",
        "/letters-due/",
        "/study-sites/?q=nothing-like-this",
        "/milestones/1/",
        "/notices/",
        "/journal/",
        "/webhooks/",
        "/webhooks/new/",
        "/webhooks/receiving/",
        "/organizations/",
        "/people/",
        "/report-templates/1/",
        "/nothing/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/logout/",
        "/accounts/reauthenticate/",
    ),
    "cra": (
        "/",
        "/monitoring-visits/new/",
        "first of /action-items/?status=OPEN",
        "first of /action-items/?status=OPEN transitions/close/",
        "first of /deviations/",
    ),
    "lead": ("/", "/monitoring-reports/", "first of /deviations/?status=NEW edit/"),
    "qa": ("/", "/journal/", "/access-records/"),
    **dict.fromkeys(("ssu", "tmf", "finance", "finance2", "medical"), ("/",)),
    "head": ("/", "/portfolio/", "/workload/"),
    "sponsor": ("/", "/portal/1/", "/studies/1/", "/monitoring-reports/", "/documents/"),
    "inspector": ("/inspection/1/", "/inspection/1/?q=nothing-like-this", "/studies/1/team/"),
    "admin": ("/", "/report-templates/"),
}
LOOKS = {
    "light": ("light", 1440, 900),
    "dark": ("dark", 1440, 900),
    "phone": ("light", 390, 844),
}
# Three pictures of every page cost as much as looking at it; `CTMS_PHOTOGRAPHS=1` takes them all, a failure its own.
PHOTOGRAPHS = os.environ.get("CTMS_PHOTOGRAPHS") == "1"
SERIOUS = ("serious", "critical")
AXE = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


def problems_of(page, options):
    """Return what axe calls serious or worse, in one line each."""
    found = _axe().run(page, options=AXE | options).response["violations"]
    return [
        f"{page.url}: {one['id']}: {one['help']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"][:3]
    ]


@functools.cache
def _axe():
    return Axe()


def scrolls_sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def look_at(page, look, name):
    """Show the page as it stands in one look; return what is wrong with it."""
    scheme, width, height = LOOKS[look]
    page.set_viewport_size({"width": width, "height": height})
    # Without motion a colour is what it becomes, and not on its way there.
    page.emulate_media(reduced_motion="reduce")
    page.evaluate("theme => document.documentElement.setAttribute('data-bs-theme', theme)", scheme)
    # In the dark only the colours differ.
    wrong = problems_of(page, {"runOnly": ["color-contrast"]} if look == "dark" else {})
    if scrolls_sideways(page):
        wrong.append(f"{page.url} scrolls sideways at {width} px")
    if page.get_by_role("heading", level=1).count() != 1:
        wrong.append(f"{page.url} has not one first heading")
    if wrong or PHOTOGRAPHS:
        _photograph(page, f"{name}-{look}")
    return wrong


def found(page, address):
    """Return the address of a page; `first of LIST PART` is that part of the first record a list shows."""
    if not address.startswith("first of "):
        return address
    listed, _space, part = address.removeprefix("first of ").partition(" ")
    page.goto(listed)
    return page.locator("#listing tbody a").first.get_attribute("href") + part


@pytest.mark.parametrize("username", PAGES)
def test_every_page_in_light_dark_and_on_a_phone(people, console, username):
    console.expect(REFUSED)
    page, wrong = people(username), []
    for address in PAGES[username]:
        page.goto(found(page, address))
        name = f"{username}{re.sub(r'[^a-z0-9]+', '-', address)}".rstrip("-")
        for look in LOOKS:
            wrong += look_at(page, look, name)
    assert not wrong, "\n".join(wrong)


def test_the_pages_of_a_report_in_every_look(people, prepare, console):
    console.expect(REFUSED)
    prepared, in_review = prepare(until="written"), prepare()
    cra, lead = people("cra"), people("lead")
    pages = [
        (cra, prepared.visit_url, "visit"),
        (cra, prepared.report_url, "report-writing"),
        (cra, f"{prepared.report_url}action-items/new/", "report-new-item"),
        (cra, f"{prepared.report_url}transitions/submit/", "report-submit"),
        (lead, in_review.report_url, "report-in-review"),
        (lead, f"{in_review.report_url}transitions/approve/", "report-approve"),
        (lead, f"{in_review.report_url}transitions/returned/", "report-return"),
        (lead, f"{in_review.report_url}history/", "report-history"),
    ]
    planned = prepare(until="planned", days_ago=-10)
    pages.append((cra, f"{planned.visit_url}transitions/conduct/", "visit-conduct"))
    wrong = []
    for page, address, name in pages:
        page.goto(address)
        for look in LOOKS:
            wrong += look_at(page, look, name)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("look", LOOKS)
def test_the_sign_in_page_in_every_look(new_page, look):
    page = new_page()
    page.emulate_media(color_scheme=LOOKS[look][0])
    page.goto("/accounts/login/")
    assert page.locator("html").get_attribute("data-bs-theme") == LOOKS[look][0]
    assert not look_at(page, look, "sign-in")


def test_the_sign_in_page_answers_a_stranger_who_asks_for_nothing_there_is(new_page, console):
    console.expect(REFUSED)
    page = new_page()
    assert page.goto("/nothing/").status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here that you may see")


def test_the_documentation_of_the_api_runs_under_the_policy(people):
    page = people("pm")
    page.goto("/api/v1/docs/")
    page.get_by_role("button", name="Expand operation").first.wait_for(timeout=30_000)
    page.locator("#operations-tag-monitoring-visits").click()
    expect(page.get_by_text("/api/v1/monitoring-visits/", exact=True).first).to_be_visible(timeout=30_000)
    _photograph(page, "api-docs")


def test_menus_and_rows_with_the_keyboard_and_the_mouse(people):
    page = people("pm")
    page.goto("/monitoring-visits/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    person = page.locator("summary", has_text="Martha Quinn")
    person.press("Enter")
    expect(page.get_by_role("link", name="Change password")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Change password")).to_be_hidden()
    expect(person).to_be_focused()
    page.locator("#listing tbody tr").first.locator("td").nth(3).click()
    page.wait_for_url(re.compile(r"/monitoring-visits/\d+/$"))


def test_a_list_is_filtered_in_place_and_its_address_can_be_sent(people):
    page = people("pm")
    page.goto("/monitoring-visits/")
    page.locator("#filters summary", has_text="Filter").click()
    page.get_by_role("group", name="Status").get_by_label("Cancelled").check()
    page.wait_for_url("**status=CANCELLED**")
    expect(page.locator("#listing tbody tr.called-off")).to_have_count(3)
    page.get_by_role("columnheader", name="Site", exact=True).get_by_role("link").click()
    page.wait_for_url("**sort=site**")
    page.get_by_role("searchbox", name="Search").press_sequentially("1002", delay=20)
    page.wait_for_url("**q=1002**")
    assert "sort=site" in page.url
    assert page.get_by_role("searchbox", name="Search").input_value() == "1002"
    page.reload()
    expect(page.locator("#listing tbody tr")).to_have_count(1)
    exported = page.request.get(page.get_by_role("link", name="CSV").get_attribute("href"))
    assert len(exported.text().strip().splitlines()) == 2
    page.get_by_role("link", name="Status: Cancelled remove this filter").click()
    assert "status=" not in page.url


def test_without_javascript_a_list_is_read_and_a_form_submitted(browser, product, password, prepare):
    context = browser.new_context(base_url=product.url, java_script_enabled=False)
    _walk_without_javascript(context.new_page(), password, prepare)
    context.close()


def _walk_without_javascript(page, password, prepare):
    prepared = prepare(until="written", site="2003")
    page.goto("/monitoring-visits/")
    sign_in(page, "cra", password)
    page.get_by_role("searchbox", name="Search").fill("2003")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("#listing tbody")).to_contain_text("2003")
    page.goto(f"{prepared.visit_url}")
    page.get_by_role("link", name="Open the report").click()
    first = page.locator("form.question").first
    first.get_by_role("radio", name="Not reviewed").check()
    first.get_by_label("Comment").fill("Written without a script")
    first.get_by_role("button", name="Save answer").click()
    expect(page.locator("form.question").first.get_by_label("Comment")).to_have_value(
        "Written without a script"
    )
    page.goto(f"{prepared.report_url}transitions/submit/")
    page.get_by_label("Your password, or the code of your authenticator").fill(password)
    page.get_by_role("button", name="Sign and submit").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("In review")


def test_a_first_page_is_light(people):
    """Everything a first visit loads, as it travels (html, style, script, font, icons)."""
    page = people("cra")
    page.goto("/monitoring-visits/")
    loaded = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    assert not [name for name in loaded if "tabler.min" in name and name.endswith(".js")]
    assert len(loaded) <= 14, loaded
