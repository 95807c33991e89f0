"""A project manager runs the week's report, takes its PDF, looks at a past day, and lets it come round."""

from __future__ import annotations

import io
import re

from playwright.sync_api import expect
from pypdf import PdfReader

from tests.journeys.accessible import expect_accessible, photograph
from tests.journeys.acting import REFUSED, days_ago


def test_a_study_status_is_run_read_and_taken_along(people, console):
    console.expect(REFUSED)
    pm = people("pm")
    pm.goto("/report-runs/")
    expect_accessible(pm)
    photograph(pm, "reports")
    pm.goto("/studies/1/report-runs/")
    pm.get_by_role("main").get_by_role("link", name="Study status").first.press("Enter")
    expect(pm.get_by_role("heading", level=1)).to_have_text("Study status")
    expect_accessible(pm)
    photograph(pm, "report-form")
    pm.get_by_role("button", name="Run report").press("Enter")
    expect(pm.get_by_role("heading", level=1)).to_contain_text("Study status · VEL-301")
    for part in (
        "Dates that matter",
        "Enrolment",
        "Sites",
        "Monitoring",
        "Trial master file",
        "Sponsor budget",
    ):
        expect(pm.get_by_role("heading", name=part, exact=True)).to_be_visible()
    # The page itself looks until the worker has made the PDF.
    pdf = pm.get_by_role("link", name="Open PDF")
    expect(pdf).to_be_visible(timeout=180_000)
    expect_accessible(pm)
    photograph(pm, "report-study-status")
    pm.set_viewport_size({"width": 390, "height": 844})
    photograph(pm, "report-study-status-phone")
    pm.set_viewport_size({"width": 1440, "height": 900})
    answer = pm.request.get(pdf.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.body())).pages
    assert len(pages) == 1, "one page, with the data of the demo"
    assert "Data cut" in pages[0].extract_text()
    with pm.expect_download() as waiting:
        pm.get_by_role("link", name="XLSX").click()
    assert waiting.value.suggested_filename.startswith("study-status-VEL-301-")
    for who in ("sponsor", "lead"):
        assert people(who).goto(pm.url).status == 404, who


def test_a_day_before_the_first_record_is_said_and_not_shown_as_nought(people):
    pm = people("pm")
    pm.goto("/reports/site-status/?study=1")
    pm.get_by_label(re.compile("^As of")).fill(days_ago(pm, 400))
    pm.get_by_role("button", name="Run report").click()
    expect(pm.locator(".unknown")).to_contain_text("Nothing is known of this day")
    expect(pm.get_by_role("link", name="XLSX")).to_have_count(0)


def test_every_report_is_readable_on_every_screen(people):
    pm = people("pm")
    for name in ("site-status", "monitoring-visits", "overdue", "tmf-missing", "payments-statement"):
        pm.goto(f"/reports/{name}/?study=1")
        pm.get_by_role("button", name="Run report").click()
        expect(pm.locator(".report-run table.rows").first).to_be_visible()
        expect_accessible(pm)
        photograph(pm, f"report-{name}")


def test_a_report_is_scheduled_and_stopped(people):
    pm = people("pm")
    pm.goto("/studies/1/report-runs/")
    pm.get_by_role("link", name="Schedule a report").click()
    pm.get_by_label(re.compile("^Report")).select_option(label="Overdue list")
    pm.get_by_label(re.compile("^Day of the week")).select_option(label="Thursday")
    pm.get_by_role("group", name=re.compile("Readers")).get_by_role("checkbox").first.check()
    expect_accessible(pm)
    photograph(pm, "report-schedule-new")
    pm.get_by_role("main").locator("form.record-form button[type=submit]").click()
    expect(pm.get_by_role("heading", level=1)).to_contain_text("Overdue list · VEL-301")
    expect(pm.get_by_text("every Thursday")).to_be_visible()
    expect_accessible(pm)
    photograph(pm, "report-schedule")
    pm.get_by_role("link", name=re.compile("^Stop sending")).click()
    pm.get_by_label(re.compile("^Reason")).fill("The study ends")
    pm.get_by_role("button", name=re.compile("^Stop sending")).click()
    expect(pm.get_by_role("heading", level=1)).to_contain_text("Stopped")
    pm.goto("/report-schedules/")
    expect_accessible(pm)
