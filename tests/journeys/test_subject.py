"""A CRA registers a subject and follows it, from consent to the matrix, as she would on a site's day."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.accessible import expect_accessible, photograph
from tests.journeys.acting import REFUSED
from tests.journeys.enrolling import consent, randomise, record_day, register


def test_a_subject_from_consent_to_the_matrix(people, console):
    console.expect(REFUSED)
    cra = people("cra")
    number = "2001-091"
    register(cra, "2001", number)
    subject_url = cra.url
    consent(cra)
    randomise(cra)
    record_day(cra)
    photograph(cra, "subject")
    expect_accessible(cra)
    _see_the_matrix(cra, number, subject_url)

    # Another CRA's sites are none of hers, and the other way round.
    other = people("cra2")
    assert other.goto(subject_url).status == 404


def _see_the_matrix(cra, number, subject_url):
    cra.get_by_role("navigation", name="Parts of the study").get_by_role(
        "link", name="Subjects", exact=True
    ).click()
    cra.get_by_role("link", name="Visits by subject").click()
    expect(cra.get_by_role("heading", level=1)).to_contain_text("Visits by subject")
    row = cra.get_by_role("row", name=re.compile(number))
    while not row.count() and cra.get_by_role("link", name="Next").count():
        cra.get_by_role("link", name="Next").click()
    expect(row).to_contain_text("in window")
    expect(row).to_contain_text("not answered")
    photograph(cra, "subject-matrix")
    cra.set_viewport_size({"width": 390, "height": 844})
    photograph(cra, "subject-matrix-phone")
    cra.set_viewport_size({"width": 1440, "height": 900})
    expect_accessible(cra)
    row.get_by_role("link", name=number).click()
    assert cra.url == subject_url
