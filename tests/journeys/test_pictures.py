"""Pictures in the browser: nothing axe stumbles over in any look, no sideways page, marks reached by the keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import REFUSED
from tests.journeys.test_pages import LOOKS, look_at

PAGES = {
    "pm": (
        "/studies/1/plan/",
        "/studies/1/plan/?level=site",
        "/studies/1/board/",
        "/studies/1/enrolment/",
        "/studies/1/enrolment/?show=countries",
        "/study-countries/1/enrolment/",
        "/study-countries/1/board/",
        "/study-sites/1/plan/",
        "/studies/1/calendar/",
        "/monitoring/calendar/",
        "/studies/1/tmf/",
        "/studies/1/budget/",
    ),
    "cra": ("/studies/1/enrolment/", "/monitoring/calendar/"),
    "sponsor": ("/portal/1/",),
}


@pytest.mark.parametrize("username", PAGES)
def test_every_picture_in_light_dark_and_on_a_phone(people, console, username):
    page, wrong = people(username), []
    for address in PAGES[username]:
        page.goto(address)
        for table in page.locator("details.picture-table").all():
            table.evaluate("one => one.open = true")
        name = f"picture-{username}{re.sub(r'[^a-z0-9]+', '-', address)}".rstrip("-")
        for look in LOOKS:
            wrong += look_at(page, look, name)
    assert not wrong, "\n".join(wrong)


def test_a_mark_is_reached_and_opened_with_the_keyboard(people):
    page = people("pm")
    page.goto("/studies/1/plan/")
    region = page.locator(".picture-region")
    region.focus()
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused.startswith("Contract signed, reached")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/milestones/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Contract signed")


def test_the_table_behind_holds_what_the_picture_says(people):
    page = people("pm")
    page.goto("/studies/1/enrolment/")
    enrolled = page.locator(".tile-number").first.inner_text()
    page.get_by_text("Show as a table").click()
    row = page.locator("#enrolment tbody tr", has=page.get_by_role("link", name=enrolled, exact=True)).last
    expect(row).to_be_visible()
    row.get_by_role("link", name=enrolled, exact=True).click()
    page.wait_for_url(re.compile(r"/subjects/\?enrolled_on__lte="))
    expect(page.get_by_role("status").filter(has_text=re.compile(rf"^\s*{enrolled} "))).to_be_visible()


def test_on_a_phone_the_picture_scrolls_in_its_own_region_and_is_not_squeezed(people):
    page = people("pm")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/studies/1/plan/")
    region = page.locator(".picture-region")
    assert region.evaluate("one => one.scrollWidth > 2 * one.clientWidth")
    size = page.locator(".picture-region text").first.evaluate("one => one.getBoundingClientRect().height")
    assert size > 10, "words keep their size"


def test_from_the_calendar_to_an_overdue_report_in_two_clicks(people, prepare, console):
    console.expect(REFUSED)
    overdue = prepare(until="written", days_ago=30, site="2001")
    page = people("cra")
    page.goto("/monitoring/calendar/")
    mark = page.locator(f'svg a[href="{overdue.visit_url}"]')
    assert "report overdue" in mark.get_attribute("aria-label")
    mark.click()
    page.wait_for_url(f"**{overdue.visit_url}")
    page.get_by_role("link", name="Open the report").first.click()
    page.wait_for_url(f"**{overdue.report_url}")
