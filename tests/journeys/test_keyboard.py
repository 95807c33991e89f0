"""The product without a mouse: search, move, open, and the list of keys that says how."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import _photograph
from tests.journeys.acting import sign_in

LOOKS = (("light", 1440), ("dark", 1440), ("light", 390))


def expect_accessible(page, name):
    """Fail if axe finds anything serious on the page as it stands, dialogs included."""
    for scheme, width in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(reduced_motion="reduce")
        page.evaluate("theme => document.documentElement.setAttribute('data-bs-theme', theme)", scheme)
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        serious = [
            f"{one['id']}: {node['html'][:140]}"
            for one in found
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"][:3]
        ]
        assert not serious, f"{name}, {scheme}, {width} px:\n" + "\n".join(serious)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls sideways"
        _photograph(page, f"{name}-{scheme}-{width}")
    page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'light')")
    page.set_viewport_size({"width": 1440, "height": 900})


def chosen(page):
    return page.locator("#search-found [aria-selected=true]")


def search(page, words):
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Number or words")
    expect(field).to_be_focused()
    page.keyboard.type(words, delay=15)
    page.wait_for_function(
        "words => document.getElementById('search-found').dataset.typed === words", arg=words
    )


def test_a_site_is_found_and_its_visits_are_walked_by_the_keyboard_alone(people):
    page = people("cra")
    search(page, "2003")
    expect(chosen(page)).to_contain_text("2003 · Hospital Sierra Norte")
    field = page.get_by_role("combobox", name="Number or words")
    expect(field).to_have_attribute("aria-activedescendant", "found-1-1")
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_contain_text("2003-0")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/study-sites/\d+/$"))
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/monitoring-visits/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    first = page.locator("#listing tbody tr").first
    expect(first).to_have_class(re.compile("row-current"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/monitoring-visits/\d+/$"))
    page.keyboard.press("e")
    page.wait_for_url(re.compile(r"/monitoring-visits/\d+/edit/$"))


def test_a_list_is_searched_and_something_new_is_made_by_a_key(people, console):
    console.expect(r"htmx:(afterRequest|sendAbort)")  # the list may still be asked when the page is left
    page = people("cra")
    page.goto("/monitoring-visits/")
    page.keyboard.press("/")
    expect(page.locator("#filters").get_by_label("Search")).to_be_focused()
    page.keyboard.type("gn?2001")
    expect(page.locator("#filters").get_by_label("Search")).to_have_value("gn?2001")
    page.wait_for_url("**q=gn%3F2001**")  # letters in a field are letters
    page.keyboard.press("Escape")  # empties a search field, as everywhere, and leaves it
    page.wait_for_url(lambda url: "2001" not in url)
    page.keyboard.press("n")
    page.wait_for_url("**/monitoring-visits/new/**")


def test_a_screen_reader_hears_of_what_was_found_and_not_of_where_to_search_on(people):
    page = people("cra")
    search(page, "xyzxyz")
    expect(page.locator("#search-found .found-further")).not_to_have_count(0)
    expect(page.locator(".search-status")).to_have_text("Nothing found")
    page.keyboard.press("Escape")
    search(page, "VEL-301")
    found = page.locator("#search-found [role=option]:not(.found-further)").count()
    expect(page.locator(".search-status")).to_have_text(f"{found} found")


def test_the_search_shows_what_was_opened_last_and_closes_to_where_one_was(people):
    page = people("cra")
    search(page, "2001")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/study-sites/\d+/$"))
    page.get_by_role("link", name="History").first.focus()
    page.keyboard.press("Control+k")
    expect(page.locator("#search-found")).to_contain_text("Opened last")
    expect(chosen(page)).to_contain_text("2001")
    page.keyboard.press("Escape")
    expect(page.locator("#search-dialog")).to_be_hidden()
    expect(page.get_by_role("link", name="History").first).to_be_focused()


def test_control_and_enter_opens_a_second_tab(people):
    page = people("pm")
    search(page, "VEL-301")
    with page.context.expect_page() as opened:
        page.keyboard.press("Control+Enter")
    opened.value.wait_for_load_state()
    assert re.search(r"/studies/\d+/$", opened.value.url)
    expect(page.get_by_role("combobox", name="Number or words")).to_be_focused()


def test_who_types_faster_than_the_answer_gets_the_answer_to_all_of_it(people):
    page = people("pm")
    page.keyboard.press("Control+k")
    page.keyboard.type("vel 2003")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/study-sites/\d+/$"))
    expect(page.locator("main")).to_contain_text("Hospital Sierra Norte")


def test_the_list_of_keys_opens_on_a_question_mark_and_is_switched_off(people):
    page = people("pm")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard")
    expect(dialog).to_contain_text("Go to Finance")
    expect_accessible(page, "keyboard")
    dialog.get_by_label("Shortcuts of one letter are on in this browser").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    search(page, "2003")
    expect(chosen(page)).to_contain_text("2003")
    page.keyboard.press("Escape")
    page.locator("summary", has_text="Martha Quinn").press("Enter")
    page.get_by_role("link", name="Keyboard").click()
    dialog.get_by_label("Shortcuts of one letter are on in this browser").check()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("?")
    expect(dialog).to_be_visible()


@pytest.mark.parametrize("words", ["2003", "nothing is called so"])
def test_the_search_is_accessible_in_every_look(people, words):
    page = people("cra")
    search(page, words)
    expect_accessible(page, f"search-{words[:7].strip()}")


def test_nobody_is_offered_an_area_they_do_not_have(people):
    page = people("sponsor")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard")
    expect(dialog).to_contain_text("Go to Home")
    expect(dialog).not_to_contain_text("Go to Finance")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("f")
    search(page, "payment")
    expect(page.locator("#search-found")).not_to_contain_text("Payment runs")


def test_without_javascript_the_search_and_the_keys_are_pages(browser, product, password):
    context = browser.new_context(base_url=product.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    sign_in(page, "cra", password)
    page.get_by_role("link", name="Search").click()
    page.get_by_role("searchbox", name="Number or words").fill("2003")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("main")).to_contain_text("2003 · Hospital Sierra Norte")
    page.goto("/keyboard/")
    expect(page.locator("main")).to_contain_text("Go to Monitoring")
    context.close()


def test_the_pages_of_search_keys_and_notices_in_every_look(people):
    page = people("pm")
    for address in ("/search/?q=2003", "/keyboard/", "/notices/", "/notices/choices/"):
        page.goto(address)
        expect_accessible(page, "page" + re.sub(r"[^a-z0-9]+", "-", address).rstrip("-"))
