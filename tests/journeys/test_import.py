"""A study comes in from a file: looked at first, applied once, brought up to date by a newer file."""

from __future__ import annotations

import copy
import json
import re
from functools import partial

import pytest
from playwright.sync_api import expect

from tests.journeys.accessible import expect_accessible, photograph
from tests.journeys.acting import REFUSED
from tests.studies.formats.documents import usdm_4

TITLE = "A second, clearer title of the study of clover"


@pytest.fixture
def manager(people):
    page = people("pm")
    page.goto("/studies/")
    page.get_by_role("link", name="Import a study").press("Enter")
    page.wait_for_url("**/studies/import/")
    return page


@pytest.fixture
def choose(tmp_path):
    """`choose(page, name, content)`: choose a file of this name and look at what it would do."""
    return partial(_choose, tmp_path)


def _choose(folder, page, name, content):
    (folder / name).write_bytes(content)
    page.goto("/studies/import/")
    page.get_by_label(re.compile("^File")).set_input_files(folder / name)
    page.get_by_role("button", name="Show what it would do").press("Enter")


def newer(document):
    changed = copy.deepcopy(document)
    changed["study"]["versions"][0]["titles"][0]["text"] = TITLE
    return changed


def test_a_study_is_imported_looked_at_again_and_brought_up_to_date(manager, choose):
    document = usdm_4()
    expect_accessible(manager)
    photograph(manager, "import")
    heading, note = manager.get_by_role("heading", level=1), manager.get_by_role("status").first

    choose(manager, "protocol-v1.json", json.dumps(document).encode())
    expect(heading).to_contain_text("What the file would do")
    expect(note).to_contain_text("Nothing is written yet")
    expect(manager.locator("summary", has_text="New")).to_have_count(1)
    expect_accessible(manager)
    photograph(manager, "import-preview-new")
    manager.get_by_role("button", name="Apply").press("Enter")
    manager.wait_for_url(re.compile(r"/studies/(imports/)?\d+/$"))

    choose(manager, "protocol-v1.json", json.dumps(document).encode())
    expect(note).to_contain_text("Nothing changes")

    choose(manager, "protocol-v2.json", json.dumps(newer(document)).encode())
    row = manager.get_by_role("row", name=re.compile(TITLE))
    expect(row).to_be_visible()
    expect(row.locator("del")).not_to_be_empty()
    expect_accessible(manager)
    photograph(manager, "import-preview-difference")
    manager.get_by_role("button", name="Apply").press("Enter")
    manager.wait_for_url(re.compile(r"/studies/(imports/)?\d+/$"))
    expect_accessible(manager)
    photograph(manager, "import-applied")
    if "/imports/" in manager.url:
        manager.locator("main").get_by_role("link", name=re.compile("^History of")).first.click()
    else:
        manager.goto(f"{manager.url}history/")
    line = manager.locator(".history li", has_text=TITLE)
    expect(line).to_contain_text("protocol-v2.json")
    expect(line).to_contain_text("Martha Quinn")


def test_broken_json_shows_line_and_column_and_noise_its_size(manager, choose, console):
    console.expect(REFUSED)
    choose(manager, "broken.json", b'{"study":\n   oops}')
    alert = manager.get_by_role("alert")
    expect(alert).to_contain_text("broken.json")
    expect(alert).to_contain_text("line 2 column 4")
    expect(alert).to_contain_text("Nothing was written")
    expect_accessible(manager)

    choose(manager, "noise.json", b"\x00\x9f" * (26 * 1024 * 1024))
    expect(manager.locator(".field .error")).to_contain_text("32.0")


def test_who_imports_nothing_is_not_offered_it(people, console):
    console.expect(REFUSED)
    cra = people("cra")
    cra.goto("/studies/")
    expect(cra.get_by_role("link", name="Import a study")).to_have_count(0)
    assert cra.goto("/studies/import/").status == 403
    expect(cra.locator("main")).to_contain_text("Project manager")
