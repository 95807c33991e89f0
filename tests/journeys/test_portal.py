"""A sponsor has three minutes: the portal, their study, a report to take along; and an inspector a few days."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.accessible import expect_accessible, photograph
from tests.journeys.acting import REFUSED, await_pdf, run

ACCESS = """
from ctms.accounts.models import User
from ctms.files.models import AccessRecord
rows = AccessRecord._base_manager.filter(user__username="{username}", kind="{kind}").order_by("pk")
print(*[f"{{row.record}}@{{row.study}}" for row in rows], sep=" ")
"""


def logged(product, username, kind):
    return run(product, ACCESS.format(username=username, kind=kind)).split()


def test_a_sponsor_opens_their_study_takes_a_report_and_finds_nothing_else(product, people, prepare, console):
    console.expect(REFUSED)
    draft, lead = prepare(until="written"), people("lead")
    lead.goto("/monitoring-reports/?status=APPROVED")
    ours = lead.locator("#listing tbody tr", has_text="VEL-301").filter(has_text="Yes")
    shown = ours.first.locator("a").first.get_attribute("href")
    await_pdf(lead, shown)

    sponsor = people("sponsor")
    sponsor.goto("/")
    expect(sponsor).to_have_url(re.compile(r"/portal/$"))
    expect(sponsor.get_by_role("heading", level=1)).to_have_text("Your studies")
    expect_accessible(sponsor)
    photograph(sponsor, "portal")
    sponsor.get_by_role("main").get_by_role("link", name="VEL-301").press("Enter")
    expect(sponsor.get_by_role("heading", level=1)).to_contain_text("VEL-301")
    for part in ("Milestones", "Enrolment", "Sites", "Visit reports", "Documents"):
        expect(sponsor.get_by_role("heading", name=re.compile(f"^{part}")).first).to_be_visible()
    expect_accessible(sponsor)
    photograph(sponsor, "portal-study")
    sponsor.set_viewport_size({"width": 390, "height": 844})
    photograph(sponsor, "portal-study-phone")
    sponsor.set_viewport_size({"width": 1440, "height": 900})

    with sponsor.expect_download() as waiting:
        sponsor.locator("#reports").get_by_role("link", name=re.compile("^Download")).first.click()
    assert waiting.value.suggested_filename.endswith(".pdf")
    sponsor.goto(shown)
    expect(sponsor.get_by_role("heading", level=1)).to_contain_text("IMV")
    photograph(sponsor, "portal-report")

    other = sponsor.request.get("/api/v1/studies/").json()["results"]
    assert [study["protocol_number"] for study in other] == ["VEL-301"]
    theirs = people("sponsor2")
    theirs.goto("/portal/")
    meridian = theirs.get_by_role("main").get_by_role("link", name="COR-207").get_attribute("href")
    for address in (meridian, meridian.replace("portal", "studies"), draft.report_url, draft.visit_url):
        assert sponsor.goto(address).status == 404, address
    for address in ("/monitoring-visits/", "/action-items/", "/journal/", "/users/", "/access-records/"):
        assert sponsor.goto(address).status == 404, address
        assert "Project manager" not in sponsor.content()
    assert any(one.startswith("documents.Document/") for one in logged(product, "sponsor", "DOWNLOAD"))
    views = logged(product, "sponsor", "VIEW")
    assert f"monitoring.MonitoringReport/{shown.rstrip('/').rsplit('/', 1)[1]}@VEL-301" in views


def test_an_inspector_reads_what_is_final_and_the_manager_sees_what_was_read(
    product, people, prepare, console
):
    console.expect(REFUSED)
    draft = prepare(until="written")
    inspector = people("inspector")
    inspector.goto("/")
    expect(inspector).to_have_url(re.compile(r"/inspection/\d+/$"))
    expect_accessible(inspector)
    photograph(inspector, "inspection")
    inspector.get_by_label("Title or class").fill("IMV")
    inspector.get_by_label("Title or class").press("Enter")
    inspector.locator("#documents tbody a").first.click()
    title = inspector.get_by_role("heading", level=1).inner_text()
    photograph(inspector, "inspection-document")
    assert inspector.goto(draft.report_url).status == 404
    assert inspector.goto(draft.visit_url).status == 200
    expect(inspector.get_by_role("link", name="Open the report")).to_have_count(0)

    manager = people("pm")
    manager.goto("/access-records/?role=inspector")
    expect(manager.get_by_role("heading", level=1)).to_have_text("Access log")
    expect(manager.locator("#listing")).to_contain_text(title.split("\n")[0].strip()[:20])
    expect_accessible(manager)
    photograph(manager, "access-log")
