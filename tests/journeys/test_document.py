"""From drop to approved: a paper comes into the file by the people who bring, review and sign it."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.documents.papers import archive, pdf
from tests.journeys.accessible import expect_accessible, photograph
from tests.journeys.acting import REFUSED, days_ago, run, sign

PREPARE = """
import datetime, json
from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.workflow.engine import perform
from documents import services
from documents.models import Artifact, ExpectedDocument
from studies.models import StudySite
from tests.cast import LONG_AGO

with everything("a journey prepares what is expected"):
    site = StudySite.objects.select_related("study").get(number="2003", study__protocol_number="VEL-301")
    services.bring_expectations(site.study, on=LONG_AGO)
    row = services.expect_by_hand(
        actor=User.objects.get(username="ssu"), study=site.study, site=site,
        artifact=Artifact.objects.get(number="05.02.13", reference_model__status="CURRENT"),
        label="Indemnity of the journey", due_on=datetime.date.today() - datetime.timedelta(days=9),
    )
print(json.dumps({"site": site.pk, "study": site.study_id, "row": row.pk}))
"""


@pytest.fixture
def place(product):
    """The site of the journey, with one document of its own that is expected there and late."""
    return json.loads(run(product, PREPARE).splitlines()[-1])


def drop(page, selector, *files):
    """Drop files on a form, as a person does from their desktop."""
    held = page.evaluate_handle(
        """files => { const held = new DataTransfer();
        files.forEach(([name, bytes]) => held.items.add(new File([new Uint8Array(bytes)], name)));
        return held; }""",
        [[name, list(content)] for name, content in files],
    )
    for kind in ("dragover", "drop"):
        page.dispatch_event(selector, kind, {"dataTransfer": held})


def test_a_paper_from_drop_to_approved(people, password, console, place):
    console.expect(REFUSED)
    tara = people("tmf")
    tmf_url = f"/studies/{place['study']}/tmf/"
    before = _settled_at_the_site(tara, place)
    _drop_two_files(tara, place)
    document_url = _classify(tara, place)
    tara.get_by_role("link", name="Submit for review").click()
    tara.get_by_role("button", name="Submit for review").click()
    heading = tara.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Waits for review")
    # Her own paper is not hers to review: the step says why.
    expect(
        tara.get_by_text("You uploaded this document; somebody else reviews and approves it.")
    ).to_be_visible()
    lead = people("lead")
    _review(lead, document_url)
    manager = people("pm")
    _approve(manager, document_url, password)
    _is_counted(tara, place, before)
    for address, name in (
        (document_url, "document"),
        (tmf_url, "tmf"),
        (f"/study-sites/{place['site']}/documents/", "documents"),
        (f"/study-sites/{place['site']}/expected-documents/", "expected"),
        ("/review-queue/", "review-queue"),
        (f"/expected-documents/{place['row']}/", "expected-document"),
        ("/documents/new/", "upload"),
        ("/artifacts/", "artifacts"),
        ("/artifacts/import/", "reference-import"),
    ):
        tara.goto(address)
        expect_accessible(tara)
        photograph(tara, f"documents-{name}")


def _cell_of_the_zone(page, place):
    """Open the table behind the picture of the site's file; return its cell of zone 05."""
    page.goto(f"/study-sites/{place['site']}/tmf/")
    page.get_by_text("Show as a table").first.click()
    return page.locator("table a[href*='zone=05']").first


def _settled_at_the_site(page, place):
    """Return how many documents of the site's zone 05 are settled, which is what its list shows."""
    cell = _cell_of_the_zone(page, place)
    settled, due = (int(part) for part in cell.inner_text().split("/"))
    cell.click()
    expect(page.locator(".count")).to_contain_text(re.compile(rf"^{due} row"))
    page.goto(page.url.replace("standing=due", "standing=settled"))
    expect(page.locator(".count")).to_contain_text(re.compile(rf"^{settled} row"))
    return settled


def _drop_two_files(page, place):
    page.goto(f"/study-sites/{place['site']}/documents/")
    drop(page, "form[data-drop]", ("Indemnity signed.pdf", pdf("indemnity")), ("papers.zip", archive(a="b")))
    expect(page.locator("main")).to_contain_text("1 file is in the inbox.")
    expect(page.locator("main")).to_contain_text("papers.zip is of a kind that is not taken")
    expect(page.get_by_role("row", name=re.compile("Indemnity signed"))).to_contain_text("Inbox")


def _classify(page, place):
    page.get_by_role("link", name="Indemnity signed").first.click()
    page.get_by_role("link", name="Classify it").click()
    expect_accessible(page)
    photograph(page, "documents-classify")
    page.get_by_label("Fulfils").select_option(str(place["row"]))
    page.get_by_label("Title").fill("")
    page.get_by_label("Document date").fill(days_ago(page, 10))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Indemnity of the journey (2003")
    return page.url


def _review(page, document_url):
    page.goto("/review-queue/")
    page.get_by_role("link", name=re.compile("Indemnity of the journey")).first.click()
    assert page.url == document_url
    page.get_by_role("link", name="Claim review").click()
    page.get_by_role("button", name="Claim review").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("In review")
    page.goto(f"{document_url}transitions/returned/")
    expect_accessible(page)
    page.get_by_role("button", name="Return").click()
    expect(page.locator("main")).to_contain_text("Choose at least one reason.")
    page.goto(document_url)
    page.get_by_role("link", name="Pass review").click()
    page.get_by_role("button", name="Pass review").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Waits for approval")


def _approve(page, document_url, password):
    page.goto(document_url)
    page.get_by_role("link", name="Sign and approve").click()
    sign(page, "not my password", "Sign and approve")
    expect(page.locator("main")).to_contain_text("That is not your password or code. Nothing was signed.")
    sign(page, password, "Sign and approve")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Approved")
    expect(page.get_by_role("complementary")).to_contain_text("Martha Quinn")


def _is_counted(page, place, before):
    """The number of the site has grown by one, as soon as the worker has matched the paper."""
    for _attempt in range(40):
        cell = _cell_of_the_zone(page, place)
        if int(cell.inner_text().split("/")[0]) == before + 1:
            break
        page.wait_for_timeout(500)
    settled, due = (int(part) for part in cell.inner_text().split("/"))
    assert settled == before + 1
    cell.click()
    row = page.get_by_role("row", name=re.compile("Indemnity of the journey"))
    expect(row).to_contain_text("Fulfilled")
    expect(page.locator(".count")).to_contain_text(re.compile(rf"^{due} row"))
