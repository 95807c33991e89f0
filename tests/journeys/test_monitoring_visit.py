"""From a planned visit to the report its sponsor reads, by the people who do it."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.journeys.acting import REFUSED, await_pdf, days_ago, sign, token_of

BARE_NO = "Is the product stored as labelled, with temperatures recorded?"
ASKED = "Which days? The log has gaps on four."
REPLY = "Two only: the others are on the second sheet."
COMMENT = "Two readings of the fridge are missing on the weekend."


def question(page, text):
    return page.locator("form.question", has_text=text)


def test_a_monitoring_visit_from_plan_to_sponsor(people, password, console):
    console.expect(REFUSED)
    cra = people("cra")
    visit_url = _plan_and_conduct(cra)
    report_url = _write(cra)
    _raise_findings(cra, report_url)
    _submit(cra, report_url, password)

    # The author cannot approve: no button, and not by address either.
    expect(cra.get_by_role("link", name="Sign and approve")).to_have_count(0)
    assert cra.goto(f"{report_url}transitions/approve/").status == 403

    lead = people("lead")
    _return(lead, report_url)
    _mend_and_submit_again(cra, report_url, password)
    _approve(lead, report_url, password)
    document_url = _download(lead, report_url)
    _is_read_only(cra, report_url)
    _history_tells_it_all(lead, report_url)
    _sponsor_reads_it_when_shown(people, lead, report_url, document_url, visit_url)


def _plan_and_conduct(cra):
    cra.get_by_role("navigation", name="Areas").get_by_role("link", name="Sites", exact=True).click()
    cra.get_by_role("row", name=re.compile("2003")).locator("td").nth(2).click()  # anywhere in the row
    expect(cra.get_by_role("heading", level=1)).to_contain_text("Overview")
    cra.get_by_role("navigation", name="Parts of the study").get_by_role("link", name="Monitoring").press(
        "Enter"
    )
    cra.get_by_role("link", name="Plan a visit").press("Enter")
    assert cra.get_by_label("Site").locator("option:checked").inner_text().startswith("2003")
    yesterday = days_ago(cra, 1)
    cra.get_by_label("Type").select_option(label="Interim monitoring visit")
    cra.get_by_label("Planned first day").fill(yesterday)
    cra.get_by_label("Planned last day").fill(yesterday)
    cra.get_by_label("Primary monitor").select_option(label="Inés Calvo")
    cra.get_by_label("Planned last day").press("Enter")
    # A visit recorded afterwards: said once, and saved again as it stands.
    expect(cra.get_by_text("is already past.")).to_be_visible()
    cra.get_by_label("Planned last day").press("Enter")
    heading = cra.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Planned")
    visit_url = cra.url
    cra.get_by_role("link", name="Confirm visit").press("Enter")
    cra.get_by_role("button", name="Confirm visit").press("Enter")
    expect(heading).to_contain_text("Confirmed")
    cra.get_by_role("link", name="Record as conducted").press("Enter")
    cra.get_by_label("Others met or contacted").fill("The pharmacist")
    cra.get_by_role("button", name="Record visit").press("Enter")
    expect(heading).to_contain_text("Draft")
    return visit_url


def _write(cra):
    report_url = cra.url
    count, state = cra.locator(".report-count"), cra.locator("#write-state")
    expect(count).to_have_text("0 of 15 answered")
    cra.get_by_label("Subjects reviewed").fill("1001-001")
    expect(state).to_contain_text("has no subject 1001-001")
    cra.get_by_label("Subjects reviewed").fill("2003-004")
    expect(state).to_have_text("Saved")
    # The link leads to the first open question; Y, N, A and R answer.
    cra.get_by_role("link", name="Go to the next open point").press("Enter")
    first = cra.locator("form.question").first
    first.get_by_role("radio").first.focus()
    cra.keyboard.press("y")
    expect(count).to_have_text("1 of 15 answered")
    expect(first.get_by_role("radio", name="Yes")).to_be_checked()
    for number, form in enumerate(cra.locator("form.question").all()[1:], start=2):
        form.get_by_role("radio").first.focus()
        is_bare = BARE_NO in form.inner_text()
        cra.keyboard.press("n" if is_bare else "r" if number == 8 else "y")
        expect(count).to_have_text(f"{number} of 15 answered")
    expect(state).to_have_text("Saved")
    expect(question(cra, BARE_NO)).to_contain_text("a No needs a comment")
    cra.reload()
    expect(count).to_have_text("15 of 15 answered")
    expect(question(cra, BARE_NO).get_by_role("radio", name="No", exact=True)).to_be_checked()
    # What is left stands as links, and by address the move says it in a sentence.
    expect(cra.locator("#submit").get_by_role("link", name=BARE_NO)).to_be_visible()
    cra.goto(f"{report_url}transitions/submit/")
    expect(cra.get_by_role("alert")).to_contain_text("Answered No without a comment")
    expect(cra.get_by_role("button", name="Sign and submit")).to_have_count(0)
    cra.goto(report_url)
    question(cra, BARE_NO).get_by_label("Comment").press_sequentially(COMMENT)
    cra.get_by_label("Summary").fill("Five subjects reviewed.")
    expect(cra.get_by_role("link", name="Ready to sign")).to_be_visible()
    expect(state).to_have_text("Saved")
    cra.reload()
    expect(question(cra, BARE_NO).get_by_label("Comment")).to_have_value(COMMENT)
    expect(cra.get_by_label("Summary")).to_have_value("Five subjects reviewed.")
    return report_url


def _raise_findings(cra, report_url):
    today = days_ago(cra, 0)
    cra.get_by_role("link", name="New action item").click()
    cra.get_by_role("button", name="Raise action item").click()  # nothing filled in yet
    expect(cra.get_by_label("What is to be done")).to_have_attribute("aria-invalid", "true")
    cra.get_by_label("What is to be done").fill("Explain the missing temperature readings")
    cra.get_by_label("Due on").fill(today)
    cra.get_by_label("Due on").press("Enter")
    expect(cra.locator("#findings")).to_contain_text("Explain the missing temperature readings")
    cra.get_by_role("link", name="New protocol deviation").click()
    cra.get_by_label("Category").select_option("SAMPLE")
    cra.get_by_label("Subject number").fill("2003-004")
    cra.get_by_label("What happened").fill("Blood sample at week 4 not taken")
    cra.get_by_label("Occurred on").fill(days_ago(cra, 12))
    cra.get_by_label("Occurred on").press("Enter")
    expect(cra.locator("#findings")).to_contain_text("Blood sample at week 4 not taken")
    assert cra.url.startswith(report_url)


def _submit(cra, report_url, password):
    cra.get_by_label("Summary").fill("Five subjects reviewed. One finding on storage.")
    cra.locator("#submit").get_by_role("link", name="Sign and submit").click()
    # What was typed a moment ago is in what is signed.
    preview = cra.get_by_role("article", name="What you sign")
    expect(preview).to_contain_text("One finding on storage.")
    expect(preview).to_contain_text(COMMENT)
    sign(cra, "not my password", "Sign and submit")
    expect(cra.locator("main")).to_contain_text("That is not your password or code. Nothing was signed.")
    cra.goto(report_url)
    expect(cra.get_by_role("heading", level=1)).to_contain_text("Draft")
    cra.goto(f"{report_url}transitions/submit/")
    sign(cra, password, "Sign and submit")
    expect(cra.get_by_role("heading", level=1)).to_contain_text("In review")


def _return(lead, report_url):
    lead.goto("/")
    waiting = lead.locator("section", has=lead.get_by_role("heading", name="Reports to approve"))
    waiting.locator(f'a[href="{urlsplit(report_url).path}"]').click()
    expect(lead.locator("main")).to_contain_text(COMMENT)
    lead.get_by_role("link", name="Return with comments").click()
    lead.get_by_role("button", name="Return with comments").click()
    expect(lead.get_by_label("What the author is to mend")).to_have_attribute("aria-invalid", "true")
    # With a comment where the answer stands, the words are proposed; the report stands below them.
    lead.goto(report_url)
    at = lead.locator("#question-product_storage + tr")
    at.locator("summary").press("Enter")
    at.get_by_label("Comment").fill(ASKED)
    expect(lead.locator("#write-state")).to_have_text("Saved")
    expect(lead.locator("#review-count")).to_have_text("Comments at 1 question, not sent yet")
    lead.get_by_role("link", name="Return with comments").click()
    expect(lead.get_by_role("article", name="The report")).to_contain_text(COMMENT)
    expect(lead.get_by_label("What the author is to mend")).to_have_value("See the comment at 1 question.")
    lead.get_by_label("What the author is to mend").fill("Say on which days the readings are missing.")
    lead.get_by_role("button", name="Return with comments").click()
    expect(lead.get_by_role("heading", level=1)).to_contain_text("Draft")


def _mend_and_submit_again(cra, report_url, password):
    notice = cra.get_by_role("link", name=re.compile("return", re.I)).first
    for _attempt in range(40):
        cra.goto("/notices/")
        if notice.count():
            break
        cra.wait_for_timeout(250)
    notice.click()
    assert cra.url == report_url
    expect(cra.locator(".note-warning")).to_contain_text("Say on which days the readings are missing.")
    question(cra, BARE_NO).get_by_label("Comment").fill(f"{COMMENT} They are the 7th and 8th.")
    expect(cra.locator("#write-state")).to_have_text("Saved")
    expect(cra.locator("#submit")).to_contain_text("neither answered nor marked as addressed")
    said = cra.locator("form.question", has_text=BARE_NO).locator("+ .at-question")
    expect(said).to_contain_text(ASKED)
    said.get_by_label("Your reply").fill(REPLY)
    said.get_by_label("Addressed").check()
    expect(cra.locator("#submit")).not_to_contain_text("neither answered")
    expect(cra.locator("#write-state")).to_have_text("Saved")
    cra.goto(f"{report_url}transitions/submit/")
    sign(cra, password, "Sign and submit")
    expect(cra.get_by_role("heading", level=1)).to_contain_text("In review")


def _approve(lead, report_url, password):
    lead.goto(report_url)
    at = lead.locator("#question-product_storage + tr")
    for words in (ASKED, REPLY, "Addressed", f"No: {COMMENT}", "They are the 7th and 8th."):
        expect(at).to_contain_text(words)
    approve = lead.get_by_role("link", name="Sign and approve")
    expect(approve).to_have_class(re.compile("btn-primary"))
    approve.press("Enter")
    expect(lead.get_by_role("article", name="What you sign")).to_contain_text("They are the 7th and 8th.")
    sign(lead, password, "Sign and approve")
    expect(lead.get_by_role("heading", level=1)).to_contain_text("Approved")


def _download(lead, report_url):
    await_pdf(lead, report_url)
    address = lead.get_by_role("link", name="Open the PDF").get_attribute("href").removesuffix("?inline")
    answer = lead.request.get(address)
    assert answer.ok
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")
    assert answer.headers["x-content-sha256"] == hashlib.sha256(answer.body()).hexdigest()
    return address


def _is_read_only(cra, report_url):
    cra.goto(report_url)
    expect(cra.get_by_role("radio")).to_have_count(0)
    expect(cra.get_by_label("Summary")).to_have_count(0)
    token = token_of(cra)
    answer = cra.request.post(
        f"{report_url}answers/product_storage/",
        form={"value": "YES", "comment": "", "csrfmiddlewaretoken": token},
        headers={"Referer": report_url},
    )
    assert answer.status in (403, 409), answer.status


def _history_tells_it_all(lead, report_url):
    lead.goto(f"{report_url}history/")
    told = lead.locator("main")
    for words in (
        "Return with comments",
        "Reason: Say on which days the readings are missing.",
        "Sign and submit",
        "Sign and approve",
        "Filed after approval",
        "The record is exactly what was signed.",
    ):
        expect(told).to_contain_text(words)


def _sponsor_reads_it_when_shown(people, lead, report_url, document_url, visit_url):
    sponsor, other = people("sponsor"), people("sponsor2")
    key = report_url.rstrip("/").rsplit("/", 1)[1]
    assert sponsor.goto(report_url).status == 404
    assert sponsor.request.get(document_url).status == 404
    lead.goto(report_url)
    lead.get_by_role("button", name="Show to the sponsor").click()
    expect(lead.locator("main")).to_contain_text("The sponsor sees this report.")
    assert sponsor.goto(report_url).status == 200
    expect(sponsor.locator("main")).to_contain_text("They are the 7th and 8th.")
    assert sponsor.request.get(document_url).ok
    assert sponsor.goto(visit_url).status in (403, 404)
    assert other.goto(report_url).status == 404
    assert other.request.get(f"/api/v1/monitoring-reports/{key}/").status == 404
    assert other.request.get(document_url).status == 404
