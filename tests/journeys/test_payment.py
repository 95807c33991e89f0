"""A subject is enrolled and its site is paid: from the number to the money that arrived, by the people who do it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.accessible import expect_accessible, photograph
from tests.journeys.acting import REFUSED, days_ago, run, sign
from tests.journeys.enrolling import consent, randomise, record_day, register

PREPARE = """
from datetime import timedelta
from django.utils import timezone
from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.workflow.engine import perform
from studies.models import StudySite
from subjects import services
from subjects.models import SubjectVisit

lead, day = User.objects.get(username="lead"), timezone.localdate() - timedelta(days=3)
with everything("a test prepares a visit of another subject"):
    site = StudySite.objects.get(number="2003", study__protocol_number="VEL-301")
    subject = services.add_subject(
        actor=lead, site=site, number="2003-982", consented_on=day - timedelta(days=98)
    )
    perform(subject, "randomise", actor=lead, happened_on=day - timedelta(days=84))
    visit = SubjectVisit.objects.get(subject=subject, name="Week 12")
    perform(visit, "occur", actor=lead, happened_on=day)
print(site.pk, site.study_id)
"""


@pytest.fixture
def places(product):
    site, study = run(product, PREPARE).split()[-2:]
    return f"/study-sites/{site}/", f"/studies/{study}/"


def test_a_subject_is_enrolled_and_its_site_is_paid(people, password, console, places):
    console.expect(REFUSED)
    site, study = places
    cra = people("cra")
    register(cra, "2003", "2003-981")
    consent(cra)
    randomise(cra)
    record_day(cra)
    finance = people("finance")
    _generate(finance, study)
    _confirm(people("lead"), site)
    run_url = _prepare(finance, study)
    _cannot_approve_it_herself(finance, run_url)
    finance2 = people("finance2")
    _approve(finance2, run_url, password)
    _export(finance2, run_url)
    _feed_back(finance2, run_url)
    _cra_sees_it_paid(cra, site, run_url)


def _generate(finance, study):
    finance.goto(f"{study}payables/")
    finance.get_by_role("button", name="Generate payables").click()
    expect(finance.locator("main")).to_contain_text(re.compile(r"[1-9]\d* booked"))
    expect(finance.get_by_role("link", name="2003-981: Week 2", exact=True)).to_be_visible()
    expect_accessible(finance)
    photograph(finance, "payables")


def _confirm(lead, site):
    lead.goto(f"{site}payables/")
    lead.get_by_role("link", name="Confirm the work").click()
    expect(lead.get_by_role("link", name="2003-981: Week 2", exact=True)).to_be_visible()
    expect_accessible(lead)
    photograph(lead, "payables-confirm")
    lead.get_by_role("button", name="Confirm all of them").press("Enter")
    expect(lead.locator("main")).to_contain_text("confirmed.")


def _prepare(finance, study):
    finance.goto(f"{study}payables/")
    finance.get_by_role("link", name="New payment run").click()
    finance.get_by_label("Currency").select_option(value="EUR")
    finance.get_by_label("Country").select_option(label="Spain")
    finance.get_by_label("Events up to").fill(days_ago(finance, 0))
    finance.get_by_label("Events up to").press("Enter")
    heading = finance.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Draft")
    expect(finance.locator("main")).to_contain_text("2003-982: Week 12")
    expect_accessible(finance)
    photograph(finance, "payment-run-draft")
    finance.get_by_role("link", name="Submit for approval").press("Enter")
    finance.get_by_role("button", name="Submit for approval").press("Enter")
    expect(heading).to_contain_text("In review")
    return finance.url


def _cannot_approve_it_herself(finance, run_url):
    # The button is there, switched off, and says why; by address it is the same sentence.
    expect(finance.get_by_role("button", name="Sign and approve")).to_be_disabled()
    expect(finance.locator("main")).to_contain_text("You prepared this run; someone else must approve it.")
    finance.goto(f"{run_url}transitions/approve/")
    expect(finance.get_by_role("alert")).to_contain_text(
        "You prepared this run; someone else must approve it."
    )
    expect(finance.get_by_label("Your password")).to_have_count(0)


def _approve(finance2, run_url, password):
    finance2.goto(run_url)
    finance2.get_by_role("link", name="Sign and approve").press("Enter")
    expect(finance2.locator("main")).to_contain_text("2003-981: Week 2")
    expect_accessible(finance2)
    photograph(finance2, "payment-run-sign")
    sign(finance2, "not my password", "Sign and approve")
    expect(finance2.locator("main")).to_contain_text("Nothing was signed.")
    sign(finance2, password, "Sign and approve")
    expect(finance2.get_by_role("heading", level=1)).to_contain_text("Approved")


def _export(finance2, run_url):
    finance2.get_by_role("link", name="Export to the bank").press("Enter")
    finance2.get_by_role("button", name="Export to the bank").press("Enter")
    expect(finance2.get_by_role("heading", level=1)).to_contain_text("Exported")
    addresses = [
        finance2.get_by_role("link", name=name).get_attribute("href")
        for name in ("Bank file (pain.001)", "Table (CSV)")
    ]
    for address in addresses:
        first, second = finance2.request.get(address), finance2.request.get(address)
        assert first.ok
        assert first.body() == second.body()
    expect_accessible(finance2)
    photograph(finance2, "payment-run-exported")


def _feed_back(finance2, run_url):
    for _remittance in range(10):
        finance2.goto(run_url)
        record = finance2.get_by_role("link", name=re.compile("Record payment"))
        if record.count() == 0:
            break
        record.first.click()
        finance2.get_by_label("Paid on").fill(days_ago(finance2, 0))
        finance2.get_by_label("Reference of the bank").fill("SCT-90001")
        finance2.get_by_role("button", name="Record payment").click()
        expect(finance2.locator("main")).to_contain_text("Record payment: done.")
    expect(finance2.get_by_role("heading", level=1)).to_contain_text("Paid")


def _cra_sees_it_paid(cra, site, run_url):
    cra.goto(f"{site}payables/?q=2003-981")
    expect(cra.get_by_role("row", name=re.compile("2003-981: Week 2"))).to_contain_text("Paid")
    cra.get_by_role("link", name="Statement of the site").click()
    expect(cra.get_by_role("heading", level=1)).to_contain_text("Payment statement")
    expect_accessible(cra)
    photograph(cra, "payment-statement")
    cra.get_by_role("region", name="What the site is paid").get_by_role("link").first.click()
    expect(cra.locator("main")).to_contain_text("2003-981: Week 2")
    expect(cra.locator("main")).to_contain_text("SCT-90001")
    expect_accessible(cra)
    photograph(cra, "remittance")
    for _attempt in range(60):
        cra.reload()
        if cra.get_by_role("link", name="Download the letter").count():
            break
        cra.wait_for_timeout(500)
    answer = cra.request.get(cra.get_by_role("link", name="Download the letter").get_attribute("href"))
    assert answer.body().startswith(b"%PDF-")
    # What lies at the bank is nobody's but finance's, and the run lies above her sites.
    assert cra.goto(run_url).status == 404
    assert cra.goto("/bank-accounts/").status == 403


PAGES = (
    "/", "/payment-runs/", "/payment-runs/2/", "/payment-runs/new/", "/site-agreements/", "/site-agreements/1/",
    "/site-agreements/1/payees/", "/fee-schedules/1/", "/fee-schedules/7/", "/fees/1/", "/payees/", "/payees/4/",
    "/bank-accounts/1/", "/bank-accounts/new/", "/paying-accounts/", "/site-invoices/new/", "/remittances/",
    "/payables/1/", "/payables/1/history/",
)  # fmt: skip


def test_every_page_of_finance_can_be_read_by_everybody(people):
    finance = people("finance2")
    for address in PAGES:
        answer = finance.goto(address)
        assert answer.status == 200, f"{address}: {answer.status}"
        expect_accessible(finance)
        photograph(finance, f"finance{address.replace('/', '-')}")
