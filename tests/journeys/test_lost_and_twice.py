"""What is lost on the way, and what is done twice at once: nothing half, nothing double."""

from __future__ import annotations

import contextlib

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import REFUSED, await_pdf, run, sign, sign_in, token_of

SECOND_LEAD = """
import datetime
from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from studies.models import Study
from studies.services.team import assign
from desk.demo import demo_password

system, long_ago = User.objects.system(), datetime.date(2024, 1, 1)
if not User.objects.filter(username="lead2").exists():
    with everything("a test needs a second lead"), acting_as(system, reason="A second lead"):
        lead = User(
            username="lead2", first_name="Ida", last_name="Falk", email="lead2@example.org",
            identity_verified_on=long_ago, signature_statement_on=long_ago,
        )
        lead.set_password(demo_password())
        lead.save()
        study = Study.objects.get(protocol_number="VEL-301")
        assign(actor=system, user=lead, role="clinical_lead", place=study, starts_on=long_ago, trained_on=long_ago)
"""
AGE_SESSION = """
from importlib import import_module
from django.conf import settings
session = import_module(settings.SESSION_ENGINE).SessionStore({key!r})
session["last_seen"] = session["last_seen"] - 24 * 60 * 60
session.save()
"""


def signatures(product, report, meaning="APPROVED"):
    """Count the signatures of a report with one meaning, in the database itself."""
    with contextlib.closing(product.owner_connection()) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM signatures_signature WHERE record = %s AND meaning = %s",
            [f"monitoring.MonitoringReport/{report}", meaning],
        )
        return cursor.fetchone()[0]


def documents(product, report):
    with contextlib.closing(product.owner_connection()) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM documents_document WHERE source = %s",
            [f"monitoring.MonitoringReport/{report}"],
        )
        return cursor.fetchone()[0]


def session_key(page):
    return next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid")


def forget_session(page):
    page.context.clear_cookies(name="sessionid")


@pytest.fixture
def fresh(new_page, password):
    """A person who has just signed in, with a session no other test shares."""

    def open_for(username):
        page = new_page()
        page.goto("/")
        sign_in(page, username, password)
        return page

    return open_for


def test_a_session_lost_while_signing_signs_nothing(product, people, prepare, password, console):
    console.expect(REFUSED)
    prepared = prepare()
    lead = people("lead")
    address = f"{prepared.report_url}transitions/approve/"
    lead.goto(address)
    forget_session(lead)
    sign(lead, password, "Sign and approve")
    lead.wait_for_url("**/accounts/login/**")
    sign_in(lead, "lead", password)
    assert lead.url.endswith(address)
    expect(lead.locator("h1")).to_contain_text("In review")
    assert signatures(product, prepared.report) == 0
    sign(lead, password, "Sign and approve")
    expect(lead.get_by_role("heading", level=1)).to_contain_text("Approved")
    assert signatures(product, prepared.report) == 1


def test_an_idle_session_ends_and_the_draft_is_there_again(product, fresh, password):
    cra = fresh("cra")
    cra.goto("/action-items/new/")
    with cra.expect_response("**/drafts/"):
        cra.get_by_label("Text").fill("Something half written in a corridor")
    expect(cra.get_by_text("Draft kept")).to_be_visible()
    run(product, AGE_SESSION.format(key=session_key(cra)))
    cra.reload()
    expect(cra.get_by_text("You were signed out after a pause")).to_be_visible()
    sign_in(cra, "cra", password)
    assert cra.url.endswith("/action-items/new/")
    expect(cra.get_by_label("Text")).to_have_value("Something half written in a corridor")
    expect(cra.get_by_text("it is not saved yet")).to_be_visible()


def test_a_sentence_typed_into_a_report_survives_a_lost_session(people, prepare, password):
    prepared = prepare(until="written")
    cra = people("cra")
    cra.goto(prepared.report_url)
    forget_session(cra)
    cra.get_by_label("Summary").fill("Written while the session was already gone.")
    cra.wait_for_url("**/accounts/login/**")
    sign_in(cra, "cra", password)
    assert cra.url.endswith(prepared.report_url)
    expect(cra.get_by_label("Summary")).to_have_value("Written while the session was already gone.")
    expect(cra.locator("#write-state")).to_have_text("Saved")
    cra.reload()
    expect(cra.get_by_label("Summary")).to_have_value("Written while the session was already gone.")


def test_a_double_click_approves_once(product, people, prepare, password):
    prepared = prepare()
    lead = people("lead")
    lead.goto(f"{prepared.report_url}transitions/approve/")
    lead.get_by_label("Your password, or the code of your authenticator").fill(password)
    lead.get_by_role("button", name="Sign and approve").dblclick()
    expect(lead.get_by_role("heading", level=1)).to_contain_text("Approved")
    assert signatures(product, prepared.report) == 1
    await_pdf(lead, prepared.report_url)
    assert documents(product, prepared.report) == 1


def test_two_people_at_the_same_moment_have_one_result(product, people, prepare, password, console):
    console.expect(REFUSED)
    run(product, SECOND_LEAD)
    prepared = prepare()
    first, second = people("lead"), people("lead2")
    first.goto(f"{prepared.report_url}transitions/approve/")
    second.goto(f"{prepared.report_url}transitions/returned/")
    second.get_by_label("What the author is to mend").fill("One question more")
    # Both requests are under way before either is answered.
    signing = first.evaluate_handle(
        """password => {
            const form = document.getElementById("move");
            form.querySelector("[name=proof]").value = password;
            return [fetch(location.href, {method: "POST", body: new FormData(form)}).then(answer => answer.url)];
        }""",
        password,
    )
    second.get_by_role("button", name="Return with comments").click()
    second.wait_for_load_state()
    first.evaluate("promises => promises[0]", signing)
    first.goto(prepared.report_url)
    state = first.locator("h1 .state").first.inner_text()
    assert state in ("Approved", "Draft")
    told = second.locator("main").inner_text()
    if state == "Approved":
        assert signatures(product, prepared.report) == 1
        assert "no longer possible" in told or "Somebody changed this record" in told, told
    else:
        assert signatures(product, prepared.report) == 0


def test_who_comes_second_is_told_so(product, people, prepare, password, console):
    console.expect(REFUSED)
    run(product, SECOND_LEAD)
    prepared = prepare()
    first, second = people("lead"), people("lead2")
    first.goto(f"{prepared.report_url}transitions/approve/")
    second.goto(f"{prepared.report_url}transitions/approve/")
    sign(first, password, "Sign and approve")
    expect(first.get_by_role("heading", level=1)).to_contain_text("Approved")
    sign(second, password, "Sign and approve")
    expect(second.get_by_role("alert")).to_contain_text("no longer possible")
    assert signatures(product, prepared.report) == 1


def test_an_approval_stands_while_the_broker_is_away(product, people, prepare, password):
    prepared = prepare()
    lead = people("lead")
    lead.goto(f"{prepared.report_url}transitions/approve/")
    product.stop_broker()
    sign(lead, password, "Sign and approve")
    expect(lead.get_by_role("heading", level=1)).to_contain_text("Approved")
    expect(lead.locator("main")).to_contain_text("The PDF is being made")
    assert signatures(product, prepared.report) == 1
    product.start_broker()
    await_pdf(lead, prepared.report_url)
    assert documents(product, prepared.report) == 1


def test_a_worker_killed_while_it_prints_files_once(product, people, prepare, password):
    prepared = prepare()
    lead = people("lead")
    lead.goto(f"{prepared.report_url}transitions/approve/")
    sign(lead, password, "Sign and approve")
    expect(lead.get_by_role("heading", level=1)).to_contain_text("Approved")
    product.kill_worker()
    product.start_worker()
    await_pdf(lead, prepared.report_url)
    assert documents(product, prepared.report) == 1


def test_what_somebody_changed_meanwhile_is_not_overwritten(people, prepare, console):
    console.expect(REFUSED)
    prepared = prepare(until="planned", days_ago=-20)
    cra, lead = people("cra"), people("lead")
    cra.goto(f"{prepared.visit_url}edit/")
    lead.goto(f"{prepared.visit_url}edit/")
    for page, words in ((lead, "The lead's purpose"), (cra, "The CRA's purpose")):
        page.get_by_label("Purpose").fill(words)
        page.get_by_label("Reason for change").fill("New information")
        page.get_by_role("button", name="Save").click()
    expect(cra.get_by_role("alert")).to_contain_text("Somebody changed this record after you opened it")
    expect(cra.get_by_label("Purpose")).to_have_value("The CRA's purpose")
    lead.goto(prepared.visit_url)
    expect(lead.locator("main")).to_contain_text("The lead's purpose")


def test_the_api_obeys_the_same_session(people, prepare):
    """A move by API without the token of the form is refused, like any request from elsewhere."""
    prepared = prepare()
    lead = people("lead")
    address = f"/api/v1/monitoring-reports/{prepared.report}/transitions/returned/"
    assert lead.request.post(address, data={"reason": "x"}).status == 403
    assert token_of(lead)
