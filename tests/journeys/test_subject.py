"""A CRA registers a subject and follows it, from consent to the matrix, as she would on a site's day."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.accessible import expect_accessible, photograph
from tests.journeys.acting import REFUSED, days_ago


def test_a_subject_from_consent_to_the_matrix(people, console):
    console.expect(REFUSED)
    cra = people("cra")
    number = "2001-091"
    _register(cra, number)
    subject_url = cra.url
    _consent(cra)
    _randomise(cra)
    _record_day(cra)
    photograph(cra, "subject")
    expect_accessible(cra)
    _see_the_matrix(cra, number, subject_url)

    # Another CRA's sites are none of hers, and the other way round.
    other = people("cra2")
    assert other.goto(subject_url).status == 404


def _register(cra, number):
    cra.get_by_role("navigation", name="Areas").get_by_role("link", name="Sites", exact=True).click()
    cra.get_by_role("row", name=re.compile("2001")).locator("td").nth(2).click()
    cra.get_by_role("navigation", name="Parts of the study").get_by_role(
        "link", name="Subjects", exact=True
    ).click()
    cra.get_by_role("link", name="New subject").click()
    assert (
        cra.get_by_label("Site", exact=False).first.locator("option:checked").inner_text().startswith("2001")
    )
    cra.get_by_label("Subject number").fill("Maria Lopez")
    cra.get_by_label("Subject number").press("Enter")
    expect(cra.locator("main")).to_contain_text("names stay at the site")
    cra.get_by_label("Subject number").fill(number)
    cra.get_by_label("Subject number").press("Enter")
    expect(cra.get_by_role("heading", level=1)).to_contain_text(number)
    expect(cra.get_by_role("heading", level=1)).to_contain_text("Pre-screened")


def _consent(cra):
    cra.get_by_role("link", name="Record consent").click()
    cra.get_by_label("Consent signed on").fill(days_ago(cra, 30))
    cra.get_by_label("Consent form version").fill("ES 2.0")
    cra.get_by_label("Protocol version").select_option(index=1)
    cra.get_by_role("button", name="Record consent").click()
    expect(cra.get_by_role("heading", level=1)).to_contain_text("In screening")
    expect(cra.get_by_role("region", name="Visits")).to_contain_text("Screening")
    expect(cra.locator("main")).to_contain_text("ES 2.0")


def _randomise(cra):
    cra.get_by_role("link", name="Record randomisation").click()
    cra.get_by_label("Randomised or registered on").fill(days_ago(cra, 14))
    cra.get_by_role("button", name="Record randomisation").click()
    expect(cra.get_by_role("heading", level=1)).to_contain_text("Randomised")
    expect(cra.get_by_role("region", name="Visits")).to_contain_text("Week 24")


def _record_day(cra):
    """Week 2 is aimed at today: one day, one click."""
    row = cra.get_by_role("region", name="Visits").get_by_role("row", name=re.compile("Week 2 "))
    row.get_by_label("Day of Week 2", exact=True).fill(days_ago(cra, 0))
    row.get_by_role("button", name="Record the day of Week 2").click()
    expect(cra.get_by_role("status").filter(has_text="recorded").first).to_be_visible()
    row = cra.get_by_role("region", name="Visits").get_by_role("row", name=re.compile("Week 2 "))
    expect(row).to_contain_text("in window")


def _see_the_matrix(cra, number, subject_url):
    cra.get_by_role("navigation", name="Parts of the study").get_by_role(
        "link", name="Subjects", exact=True
    ).click()
    cra.get_by_role("link", name="Visits by subject").click()
    expect(cra.get_by_role("heading", level=1)).to_contain_text("Visits by subject")
    row = cra.get_by_role("row", name=re.compile(number))
    expect(row).to_contain_text("in window")
    expect(row).to_contain_text("not answered")
    photograph(cra, "subject-matrix")
    cra.set_viewport_size({"width": 390, "height": 844})
    photograph(cra, "subject-matrix-phone")
    cra.set_viewport_size({"width": 1440, "height": 900})
    expect_accessible(cra)
    row.get_by_role("link", name=number).click()
    assert cra.url == subject_url
