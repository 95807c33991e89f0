"""An unblinded visit leaves no trace where blinded people look."""

from __future__ import annotations

from contextlib import closing
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.journeys.acting import REFUSED, days_ago

MARK = "Zebrafinch"
SITE = "2003"
LISTS = (
    *("/monitoring-visits/", "/monitoring-reports/", "/action-items/", "/deviations/", "/documents/"),
    *("/letters/", "/letters-due/", "/contact-log/"),
)
PLACES = ("/", "/notices/", "/journal/", *LISTS)


def rows_of(page, address):
    """Return how many rows a list says it has, or nothing for a list this person may not open."""
    if page.goto(address).status in (403, 404):
        return None
    return page.locator(".count").inner_text()


STILL_TO_FILE = "SELECT count(*) FROM jobs_job WHERE name = 'monitoring.file_report' AND state <> 'DONE'"


def await_filed(product, page):
    """Wait until the worker has filed the reports of the demo: they are rows of a list that is counted here."""
    with closing(product.app_connection()) as connection:
        for _attempt in range(240):
            with connection.cursor() as cursor:
                cursor.execute(STILL_TO_FILE)
                waiting = cursor.fetchone()
            connection.commit()
            if waiting == (0,):
                return
            page.wait_for_timeout(250)
    raise AssertionError("The worker has not filed the reports of the demo.")


def test_no_row_count_notice_line_hit_or_page_tells_of_it(product, people, console):
    console.expect(REFUSED)
    await_filed(product, people("ucra"))
    blinded = {name: people(name) for name in ("pm", "cra", "lead", "qa", "sponsor", "inspector")}
    before = {name: {address: rows_of(page, address) for address in LISTS} for name, page in blinded.items()}

    ucra = people("ucra")
    visit_url = _plan_and_conduct(ucra)
    report_url = ucra.url
    _raise_item(ucra)
    item_url = ucra.locator("#findings li a").first.get_attribute("href")
    ucra.goto(f"/monitoring-visits/?q={SITE}")
    expect(ucra.locator(f'#listing a[href="{urlsplit(visit_url).path}"]:not([data-look])')).to_be_visible()

    for name, page in blinded.items():
        for address in LISTS:
            assert rows_of(page, address) == before[name][address], (name, address)
        for address in PLACES:
            page.goto(address)
            assert MARK not in page.content(), (name, address)
        for address in (
            visit_url,
            report_url,
            item_url,
            f"{report_url}transitions/approve/",
            f"{visit_url}history/",
        ):
            assert page.goto(address).status == 404, (name, address)
        for address in LISTS[:3]:
            page.goto(f"{address}?q={MARK}")
            assert not page.locator("#listing table").count(), (name, address)
            export = page.request.get(f"{address}?export=csv")
            assert MARK not in export.text(), (name, address)
        for kind, address in (("monitoring-visits", visit_url), ("monitoring-reports", report_url)):
            key = address.rstrip("/").rsplit("/", 1)[1]
            assert page.request.get(f"/api/v1/{kind}/{key}/").status == 404, (name, kind)
            assert MARK not in page.request.get(f"/api/v1/{kind}/?page_size=200").text()
        assert MARK not in page.request.get("/api/v1/audit-events/?page_size=100").text()

    # The unblinded lead sees all of it.
    ulead = people("ulead")
    assert ulead.goto(report_url).status == 200
    expect(ulead.locator("main")).to_contain_text(MARK)


def _plan_and_conduct(ucra):
    ucra.goto("/monitoring-visits/new/")
    ucra.get_by_label("Site").select_option(label=ucra.locator("option", has_text=SITE).first.inner_text())
    ucra.get_by_label("Type").select_option(label="Interim monitoring visit")
    ucra.get_by_label("Planned first day").fill(days_ago(ucra, 1))
    ucra.get_by_label("Planned last day").fill(days_ago(ucra, 1))
    ucra.get_by_label("Purpose").fill(f"Count the kits of {MARK}")
    ucra.get_by_label("Unblinded").check()
    ucra.get_by_label("Primary monitor").select_option(label="Noor Haddad")
    ucra.get_by_role("button", name="Save").click()
    expect(ucra.get_by_text("is already past.")).to_be_visible()
    ucra.get_by_role("button", name="Save").click()
    expect(ucra.get_by_role("heading", level=1)).to_contain_text("Planned")
    visit_url = ucra.url
    ucra.get_by_role("link", name="Record as conducted").click()
    ucra.get_by_role("button", name="Record visit").click()
    expect(ucra.get_by_role("heading", level=1)).to_contain_text("Draft")
    return visit_url


def _raise_item(ucra):
    ucra.get_by_label("Summary").fill(f"The kits of {MARK} agree.")
    expect(ucra.locator("#write-state")).to_have_text("Saved")
    ucra.get_by_role("link", name="New action item").click()
    ucra.get_by_label("What is to be done").fill(f"Send the count of {MARK}")
    ucra.get_by_label("Due on").fill(days_ago(ucra, 0))
    ucra.get_by_role("button", name="Raise action item").click()
    expect(ucra.locator("#findings")).to_contain_text(MARK)
