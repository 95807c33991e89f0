"""What a CRA does when a site has a new subject, from the number to the first visits."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.acting import days_ago


def register(cra, site, number):
    """Find the site, try a name, and register the subject by its number."""
    cra.get_by_role("navigation", name="Areas").get_by_role("link", name="Sites", exact=True).click()
    cra.get_by_role("row", name=re.compile(site)).locator("td").nth(2).click()
    cra.get_by_role("navigation", name="Parts of the study").get_by_role(
        "link", name="Subjects", exact=True
    ).click()
    cra.get_by_role("link", name="Register a subject").click()
    assert cra.get_by_label("Site", exact=False).first.locator("option:checked").inner_text().startswith(site)
    cra.get_by_label("Subject number").fill("Maria Lopez")
    cra.get_by_label("Subject number").press("Enter")
    expect(cra.locator("main")).to_contain_text("names stay at the site")
    cra.get_by_label("Subject number").fill(number)
    cra.get_by_label("Subject number").press("Enter")
    expect(cra.get_by_role("heading", level=1)).to_contain_text(number)
    expect(cra.get_by_role("heading", level=1)).to_contain_text("Pre-screened")


def consent(cra):
    """Record what was signed a month ago: the visits of the consented version appear."""
    cra.get_by_role("link", name="Record consent").click()
    cra.get_by_label("Consent signed on").fill(days_ago(cra, 30))
    cra.get_by_label("Consent form version").fill("ES 2.0")
    cra.get_by_label("Protocol version").select_option(index=1)
    cra.get_by_role("button", name="Record consent").click()
    expect(cra.get_by_role("heading", level=1)).to_contain_text("In screening")
    expect(cra.get_by_role("region", name="Visits")).to_contain_text("Screening")
    expect(cra.locator("main")).to_contain_text("ES 2.0")


def randomise(cra):
    """Record the randomisation of two weeks ago: Week 2 is aimed at today."""
    cra.get_by_role("link", name="Record randomisation").click()
    cra.get_by_label("Randomised or registered on").fill(days_ago(cra, 14))
    cra.get_by_role("button", name="Record randomisation").click()
    expect(cra.get_by_role("heading", level=1)).to_contain_text("Randomised")
    expect(cra.get_by_role("region", name="Visits")).to_contain_text("Week 24")


def record_day(cra):
    """Say that Week 2 was today: one day, one click."""
    row = cra.get_by_role("region", name="Visits").get_by_role("row", name=re.compile("Week 2 "))
    row.get_by_label("Day of Week 2", exact=True).fill(days_ago(cra, 0))
    row.get_by_role("button", name="Record the day of Week 2").click()
    expect(cra.get_by_role("status").filter(has_text="recorded").first).to_be_visible()
    row = cra.get_by_role("region", name="Visits").get_by_role("row", name=re.compile("Week 2 "))
    expect(row).to_contain_text("in window")
