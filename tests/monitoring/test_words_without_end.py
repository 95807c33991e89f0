"""On a phone a word that cannot be broken widens no page, and what is pressed is large enough for a finger."""

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from monitoring import services

from .conftest import MONDAY, TUESDAY

ENDLESS = "https://portal.example.com/" + "x" * 300


@pytest.fixture
def on_a_phone(browser, client):
    """Return how a page of the product is laid out at 390 pixels: its own HTML with its own style sheets."""
    context = browser.new_context(viewport={"width": 390, "height": 844})

    def lay_out(address):
        html = client.get(address).content.decode()
        sheets = re.findall(rf'<link rel="stylesheet" href="{settings.STATIC_URL}([^"]+)">', html)
        page = context.new_page()
        page.set_content(re.sub(r"<link [^>]*>|<script.*?</script>", "", html, flags=re.DOTALL))
        for sheet in sheets:
            page.add_style_tag(path=finders.find(sheet))
        return page

    yield lay_out
    context.close()


@pytest.fixture
def draft(stage, cast):
    """A report being written, with an open item of before and findings that are one long address each."""
    common = {"actor": cast.carla, "site": cast.madrid}
    services.raise_action_item(text=ENDLESS, opened_on=MONDAY, due_on=TUESDAY, **common)
    report = stage.conducted()
    services.raise_action_item(
        text=ENDLESS, opened_on=TUESDAY, due_on=TUESDAY, report=report, question_key="eligibility", **common
    )
    services.raise_deviation(
        category="OTHER",
        description=ENDLESS,
        occurred_on=TUESDAY,
        identified_on=TUESDAY,
        report=report,
        **common,
    )
    return report


def test_a_word_without_end_widens_neither_the_report_nor_its_visit_nor_its_items(
    draft, cast, client, on_a_phone
):
    client.force_login(cast.carla)
    item = draft.action_items.visible_to(cast.carla).first()
    for address in (
        f"/monitoring-reports/{draft.pk}/",
        f"/monitoring-visits/{draft.visit_id}/",
        f"/action-items/{item.pk}/",
    ):
        page = on_a_phone(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address


def test_what_raises_a_finding_at_a_question_is_large_enough_for_a_finger(draft, cast, client, on_a_phone):
    client.force_login(cast.carla)
    links = on_a_phone(f"/monitoring-reports/{draft.pk}/").locator(".raise-here a")
    assert links.count() > 2
    assert all(links.nth(n).bounding_box()["height"] >= 24 for n in range(links.count()))
