"""Lists as people work in them: filtered, sorted, kept, chosen from, changed; by keyboard and without a script."""

from __future__ import annotations

import io
import re

from playwright.sync_api import expect
from pypdf import PdfReader

from tests.journeys.accessible import expect_accessible, photograph
from tests.journeys.acting import REFUSED, sign_in

MILESTONES = "/milestones/"


def drawer(page, name):
    return page.locator("#filters summary", has_text=name)


def row(page, name):
    return page.locator("#listing tbody tr", has=page.get_by_role("link", name=name, exact=True))


def typed(page):
    return page.locator(".cell-form input[type=date]")


def test_a_list_is_filtered_by_several_values_and_sorted_by_several_columns_in_its_address(people):
    page = people("pm")
    page.goto(MILESTONES)
    drawer(page, "Filter").press("Enter")
    status = page.get_by_role("group", name="Status")
    status.get_by_label("Planned").check()
    page.wait_for_url("**status=PLANNED")
    status.get_by_label("Completed").check()
    page.wait_for_url("**status=PLANNED&status=COMPLETED")
    expect(page.locator("#listing .chip")).to_have_count(2)
    page.get_by_role("columnheader", name="Study", exact=True).get_by_role("link").click()
    page.wait_for_url("**sort=study")
    page.get_by_role("columnheader", name="Planned", exact=True).get_by_role("link").click(
        modifiers=["Shift"]
    )
    page.wait_for_url("**sort=study,planned")
    assert "columns=" not in page.url, "the address says what differs and nothing else"
    expect(page.get_by_role("columnheader", name=re.compile("^Planned"))).to_have_attribute(
        "aria-sort", "ascending"
    )
    page.reload()
    expect(status.get_by_label("Completed")).to_be_visible()  # the drawer stays as it was left
    expect(status.get_by_label("Completed")).to_be_checked()
    page.get_by_role("link", name="Clear all").click()
    page.wait_for_url(re.compile(r"/milestones/\??$"))


def test_columns_are_chosen_exported_and_kept_as_a_view(people):
    page = people("pm")
    page.goto(f"{MILESTONES}?status=PLANNED")
    drawer(page, "Columns").click()
    shown = page.get_by_role("group", name="Shown and exported")
    shown.get_by_label("Baseline").uncheck()
    expect(page.get_by_role("columnheader", name="Baseline")).to_have_count(0)
    shown.get_by_label("Kind").check()
    expect(page.get_by_role("columnheader", name="Kind")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Baseline")).to_have_count(0)
    exported = page.request.get(page.get_by_role("link", name="CSV").get_attribute("href")).text()
    assert (
        exported.lstrip("\ufeff").splitlines()[0]
        == "Name,Study,Country,Site,Planned,Actual,Days late,Status,Kind"
    )
    page.locator("summary", has_text="Save this view").press("Enter")
    page.get_by_role("textbox", name="Name", exact=True).fill("Without baseline")
    page.keyboard.press("Enter")
    views = page.get_by_role("navigation", name="Saved views")
    expect(views.get_by_role("link", name="Without baseline", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    views.get_by_role("link", name="All", exact=True).click()
    expect(page.get_by_role("columnheader", name="Baseline")).to_be_visible()
    views.get_by_role("link", name="Without baseline", exact=True).click()
    expect(page.get_by_role("columnheader", name="Kind")).to_be_visible()
    expect_accessible(page)
    page.get_by_role("link", name="Rename, share or throw away “Without baseline”").click()
    page.get_by_role("button", name="Throw this view away").click()
    expect(page.get_by_role("navigation", name="Saved views")).to_have_count(0)


def test_chosen_rows_are_dealt_with_at_once_and_what_is_refused_says_why(people):
    page = people("pm")
    page.goto("/study-sites/?status=ACTIVE")
    bar = page.get_by_role("form", name="What to do with the chosen rows")
    expect(bar).to_be_hidden()
    page.get_by_label("Choose every row of this page").press("Space")
    expect(bar).to_be_visible()
    expect(bar).to_contain_text("rows chosen")
    expect_accessible(page)
    page.locator("#listing tbody .pick input").first.uncheck()
    chosen = page.locator("#listing tbody .pick input:checked").count()
    bar.get_by_role("button", name="Begin start-up…").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Begin start-up: {chosen} study sites")
    expect_accessible(page)
    page.get_by_role("button", name="Begin start-up").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"0 done, {chosen} refused")
    expect(page.get_by_role("table")).to_contain_text("“Begin start-up” is no longer possible.")
    expect_accessible(page)
    page.get_by_role("link", name="Back to the list").click()
    page.wait_for_url("**/study-sites/?status=ACTIVE")


def test_a_cell_is_changed_with_the_keyboard_and_escape_leaves_it_as_it_was(people, console):
    console.expect(REFUSED)
    page = people("pm")
    page.goto(f"{MILESTONES}?q=Database lock&study=1")
    lock = row(page, "Database lock")
    change = lock.get_by_role("link", name="Change Planned of Database lock")
    before = lock.inner_text()
    change.press("Enter")
    field = typed(page)
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    expect(change).to_be_focused()
    assert lock.inner_text() == before
    change.press("Enter")
    field.fill("2031-03-17")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".cell-form .error")).to_contain_text("This field is required.")
    assert field.input_value() == "2031-03-17"
    expect_accessible(page)
    page.get_by_label("Reason for change").fill("The sponsor moved it")
    page.keyboard.press("Enter")
    expect(lock).to_contain_text("17 Mar 2031")
    expect(change).to_be_focused()
    page.reload()
    expect(lock).to_contain_text("17 Mar 2031")


def test_two_clicks_change_a_cell_and_one_opens_the_record(people):
    page = people("pm")
    page.goto(f"{MILESTONES}?q=Last subject in&study=1")
    cell = page.locator("#listing tbody td.editable:not(.opens)").first
    cell.dblclick(position={"x": 20, "y": 10})
    expect(page.locator(".cell-form")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".cell-form")).to_have_count(0)
    cell.click(position={"x": 20, "y": 10})
    page.wait_for_url(re.compile(r"/milestones/\d+/$"))


def test_whoever_was_slower_is_told_and_keeps_what_was_typed(people, console):
    console.expect(REFUSED)
    slow, fast = people("pm"), people("lead")
    for page in (slow, fast):
        page.goto(f"{MILESTONES}?q=Last subject last visit&study=1")
        page.get_by_role("link", name="Change Planned of Last subject last visit").press("Enter")
    for page, day in ((fast, "2030-01-07"), (slow, "2030-02-04")):
        typed(page).fill(day)
        page.get_by_label("Reason for change").fill("Agreed with the sponsor")
        page.get_by_role("button", name="Save", exact=True).click()
    expect(row(fast, "Last subject last visit")).to_contain_text("7 Jan 2030")
    expect(slow.locator(".cell-form .error")).to_contain_text("changed this record after you opened it.")
    expect(slow.locator(".cell-form .error")).to_contain_text("7 Jan 2030")
    assert typed(slow).input_value() == "2030-02-04"
    photograph(slow, "grid-conflict")


def test_a_record_is_looked_at_beside_its_list(people):
    page = people("pm")
    page.goto(MILESTONES)
    eye = page.get_by_role("link", name=re.compile("^Look at .* beside the list")).first
    eye.press("Enter")
    look = page.get_by_role("complementary", name="Quick look")
    expect(look.get_by_role("heading", level=2)).to_be_focused()
    expect_accessible(page)
    page.keyboard.press("Escape")
    expect(look).to_be_hidden()
    expect(eye).to_be_focused()


def test_a_list_stands_still_while_it_loads(people):
    page = people("pm")
    for address in (
        "/study-sites/",
        f"{MILESTONES}?status=PLANNED&sort=study,-planned",
        "/expected-documents/",
    ):
        page.goto(address, wait_until="networkidle")
        shift = page.evaluate(
            """() => new Promise((resolve) => {
                let sum = 0;
                new PerformanceObserver((list) => list.getEntries().forEach((one) => { sum += one.value; }))
                    .observe({ type: "layout-shift", buffered: true });
                window.setTimeout(() => resolve(sum), 300);
            })"""
        )
        assert shift < 0.02, (address, shift)


def test_on_a_phone_the_name_of_a_row_stays_while_the_rest_scrolls(people):
    page = people("pm")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{MILESTONES}?study=1")
    region = page.get_by_role("region", name="Milestones")
    region.evaluate("region => { region.scrollLeft = 200; }")
    name = page.locator("#listing tbody td.opens").first
    assert name.bounding_box()["x"] < 30
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_paper_there_is_nothing_to_press(people):
    page = people("pm")
    page.goto(f"{MILESTONES}?status=PLANNED")
    page.emulate_media(media="print")
    for control in ("#filters", "th.pick", "td.pick", ".cell-change", ".looks", "#bulk", ".save-view"):
        expect(page.locator(control).first).to_be_hidden()
    expect(page.locator("#listing .chip").first).to_be_visible()


def test_without_a_script_rows_are_filtered_chosen_and_kept(browser, product, password):
    context = browser.new_context(base_url=product.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(MILESTONES)
    sign_in(page, "pm", password)
    drawer(page, "Filter").click()
    page.get_by_role("group", name="Status").get_by_label("Planned").check()
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page.locator("#listing .chip")).to_contain_text("Status: Planned")
    page.locator("#listing tbody .pick input").first.check()
    page.get_by_role("button", name="Mark not applicable…").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mark not applicable: 1 milestone")
    page.get_by_role("button", name="Mark not applicable").click()
    expect(page.locator("main")).to_contain_text("This field is required.")
    page.goto(f"{MILESTONES}?status=PLANNED")
    page.get_by_role("link", name=re.compile("^Change Name of ")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Change")
    context.close()


def test_a_printed_list_begins_on_the_first_page_and_keeps_its_last_column(people):
    page = people("cra")
    page.goto("/monitoring-visits/?status=CONDUCTED")
    first = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages[0].extract_text()
    assert "Monitoring visits" in first
    assert "IMV" in first, "the rows stand below the title"
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1040})
    assert page.locator("table.grid-table").evaluate("table => table.getBoundingClientRect().right") <= 718
