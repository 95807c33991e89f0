"""A site is brought to its green light by one person and released by another; calls are written down by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.accessible import expect_accessible, photograph
from tests.journeys.acting import REFUSED, open_tab, run, sign

INITIATED = """
from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.workflow.engine import perform
from django.utils import timezone
from studies.models import StudySite

with everything("a test brings a site to where its journey begins"):
    site = StudySite.objects.get(number="4002", study__protocol_number="VEL-301")
    if site.status == "START_UP":
        ssu, day = User.objects.get(username="ssu"), timezone.localdate()
        perform(site, "initiate", actor=ssu, happened_on=day, reason="Trained by telephone")
print(site.pk)
"""
MENDED = """
import datetime
from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.signatures.proving import prove
from ctms.workflow.engine import perform
from desk.demo import demo_password
from desk.demo.papers import pdf_of
from django.utils import timezone
from documents import services as papers
from documents.models import ExpectedDocument
from finance.models import SiteAgreement
from monitoring import services
from monitoring.models import MonitoringReport
from studies.models import StudySite
from tests.cast import LONG_AGO

people = {name: User.objects.get(username=name) for name in ("ssu", "tmf", "lead", "pm")}
author, day = User.objects.get(username="cra2"), timezone.localdate() - datetime.timedelta(days=3)
with everything("a test brings a site to where its journey begins"):
    site = StudySite.objects.get(number="4002", study__protocol_number="VEL-301")
    visit = services.plan_visit(
        actor=author, on=timezone.localdate(), site=site, visit_type="SIV", method="ON_SITE",
        planned_start_on=day, planned_end_on=day, primary_monitor=author,
        already_past=True,
    )
    services.conduct_visit(
        actor=author, visit=visit, started_on=day, ended_on=day, people_met="The study coordinator"
    )
    report = MonitoringReport.objects.get(visit=visit)
    for question, _answer in services.questions_of(report):
        services.save_answer(actor=author, report=report, question_key=question.key, value="YES", comment="")
    services.save_summary(actor=author, report=report, summary="The team was trained.")
    report = MonitoringReport.objects.get(visit=visit)
    perform(report, "submit", actor=author, proof=prove(author, password=demo_password()))
    agreement = SiteAgreement.objects.get(site=site)
    for move in ("agree", "sign_first", "execute"):
        agreement = perform(agreement, move, actor=people["ssu"], happened_on=day)
    waited_for = ExpectedDocument.objects.filter(site=site, gate="ACTIVATION").outstanding()
    for row in waited_for.select_related("artifact"):
        document, _note = papers.upload_document(
            actor=people["ssu"], on=day, place=site, name=f"{row.artifact.number}.pdf", chunks=[pdf_of(row.name)]
        )
        document = papers.classify_document(
            actor=people["ssu"], record=document, artifact=row.artifact, document_date=day
        )
        document = perform(document, "submit", actor=people["ssu"])
        document = perform(perform(document, "claim", actor=people["tmf"]), "passed", actor=people["tmf"])
        perform(document, "approve", actor=people["pm"], proof=prove(people["pm"], password=demo_password()))
    papers.match_expectations(site.study, on=LONG_AGO)
"""


def test_what_is_missing_is_mended_and_somebody_else_signs_the_green_light(product, people, password):
    site = run(product, INITIATED).strip().splitlines()[-1]
    specialist = people("ssu")
    specialist.goto(f"/study-sites/{site}/")
    open_tab(specialist, "Sites", "Activation")
    expect(specialist.get_by_role("heading", level=1)).to_contain_text("Activation")
    for missing in (
        "No initiation visit was conducted.",
        "Clinical Trial Agreement (05.02.12) is missing.",
        "The site agreement is not fully executed.",
    ):
        expect(specialist.locator("main")).to_contain_text(missing)
    expect(specialist.locator("main")).to_contain_text("Martha Quinn")
    expect(specialist.get_by_role("link", name="Activate site")).to_have_count(0)
    expect_accessible(specialist)
    photograph(specialist, "activation-missing")
    specialist.get_by_role("link", name=re.compile("Mend it under Visits")).press("Enter")
    expect(specialist.get_by_role("heading", level=1)).to_contain_text("Monitoring visits")

    run(product, MENDED)
    manager = people("pm")
    manager.goto(f"/study-sites/{site}/activation/")
    expect(manager.locator("main")).not_to_contain_text("Missing")
    manager.get_by_role("link", name="Activate site").press("Enter")
    sign(manager, password, "Activate site")
    expect(manager.locator(".place-below")).to_contain_text("Active")

    specialist.goto(f"/study-sites/{site}/activation/")
    expect(specialist.locator("main")).to_contain_text("Signed by Martha Quinn")
    for checked in ("Initiation visit conducted and reported", "Essential documents", "Site agreement"):
        expect(specialist.locator("main")).to_contain_text(checked)
    expect_accessible(specialist)
    photograph(specialist, "activation-released")


def test_a_call_is_written_down_with_the_keyboard_only(people, console):
    console.expect(REFUSED)
    cra = people("cra")
    cra.goto("/study-sites/?q=2001")
    cra.locator("#listing tbody a").first.press("Enter")
    open_tab(cra, "Sites", "Contact log")
    expect(cra.get_by_role("heading", level=1)).to_contain_text("Contact log")
    expect_accessible(cra)
    cra.locator(".quick-row").get_by_label("Date", exact=True).focus()
    keys = cra.keyboard
    # The date has three parts in Chromium; then kind, direction, with whom, topic, what was said.
    for _part in range(20):
        if cra.evaluate("document.activeElement.name") == "contact-with_whom":
            break
        keys.press("Tab")
    keys.type("Study nurse of the clinic")
    keys.press("Tab")
    keys.type("Saf")
    keys.press("Tab")
    keys.type("Called about the discharge letter of subject 2001-004")
    keys.press("Enter")
    expect(cra.locator(".note-success")).to_contain_text("Written down")
    row = cra.locator("#listing tbody tr").first
    expect(row).to_contain_text("discharge letter of subject 2001-004")
    expect(row).to_contain_text("Safety")
    expect(row).to_contain_text("Study nurse of the clinic")
    expect_accessible(cra)
    photograph(cra, "contact-log")
    # What is missing is said beside what was typed.
    cra.locator(".quick-row").get_by_label("What was said").fill("Half a sentence")
    cra.locator(".quick-row").get_by_label("What was said").press("Enter")
    expect(cra.locator(".quick-row .error").first).to_be_visible()
    expect(cra.locator(".quick-row").get_by_label("What was said")).to_have_value("Half a sentence")
    expect_accessible(cra)


@pytest.mark.parametrize("username", ["cra"])
def test_a_confirmation_letter_is_written_sent_and_filed(people, prepare, username):
    visit = prepare(until="planned", site="2001", purpose="Review the first subjects", days_ago=-20)
    page = people(username)
    page.goto(visit.visit_url)
    expect_accessible(page)
    photograph(page, "visit-letters")
    page.get_by_role("button", name="Write confirmation letter").press("Enter")
    expect(page.locator(".letter")).to_contain_text("Dear Dr")
    expect(page.locator(".letter")).to_contain_text("Purpose of the visit: Review the first subjects")
    expect_accessible(page)
    photograph(page, "letter-draft")
    letter_url = page.url
    page.get_by_role("link", name="Change", exact=True).press("Enter")
    page.get_by_label("Text").fill("Dear Doctor,\n\nwe come on Monday.")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.locator(".letter")).to_contain_text("we come on Monday.")
    page.get_by_role("link", name="Record as sent").press("Enter")
    expect_accessible(page)
    page.get_by_role("button", name="Record as sent").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sent")
    for _attempt in range(60):
        page.goto(letter_url)
        if page.get_by_role("link", name="Open the PDF").count():
            break
        page.wait_for_timeout(500)
    expect(page.get_by_role("link", name="Open the PDF")).to_be_visible()
    expect_accessible(page)
    photograph(page, "letter-sent")
    page.goto("/letters-due/")
    expect_accessible(page)
    photograph(page, "letters-due")


def test_the_investigator_is_replaced_and_told_as_of_a_day(people):
    page = people("cra")
    page.goto("/study-sites/?q=2003")
    page.locator("#listing tbody a").first.press("Enter")
    expect_accessible(page)
    photograph(page, "site-overview")
    page.get_by_role("link", name="All staff").press("Enter")
    page.get_by_role("link", name="Replace the principal investigator").press("Enter")
    expect_accessible(page)
    photograph(page, "replace-investigator")
    page.get_by_label("New principal investigator").select_option(label="Dr Ane Uribe")
    page.get_by_label("Reason").fill("Moved to another hospital")
    today = page.get_by_label("Leads the site from").input_value()
    page.get_by_role("button", name="Replace the principal investigator").press("Enter")
    expect(page.locator("main")).to_contain_text("Dr Ane Uribe leads the site from")
    page.goto(page.url.split("?")[0] + f"?on={today}")
    expect(page.locator(".prose-line strong")).to_have_text("Dr Ane Uribe")
    expect_accessible(page)
    photograph(page, "site-staff")
