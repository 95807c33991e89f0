"""Look at a page as axe does: nothing serious, in light and dark and at the width of a phone."""

from __future__ import annotations

import functools

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser import SCREENSHOTS

SERIOUS = ("serious", "critical")
VIOLATIONS = {"resultTypes": ["violations"]}
CONTRAST = {**VIOLATIONS, "runOnly": ["color-contrast"]}


def expect_accessible(page: Page) -> None:
    """Fail if axe finds anything serious on the page as it stands."""
    size = page.viewport_size
    # A page still on its way has no document yet; axe would look at the one before it.
    page.wait_for_load_state("networkidle")
    try:
        for scheme, width in (("light", 1440), ("dark", 1440), ("light", 390)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(f"document.documentElement.setAttribute('data-bs-theme', '{scheme}')")
            # In the dark only the colours differ.
            _check(page, f"{scheme}, {width} px", CONTRAST if scheme == "dark" else VIOLATIONS)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, "the page scrolls sideways"
    finally:
        page.emulate_media(color_scheme="light", reduced_motion="no-preference")
        page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'light')")
        page.set_viewport_size(size)


def _check(page, how, options):
    found = _axe().run(page, options=options).response["violations"]
    serious = [
        f"{one['id']} ({one['help']}): {', '.join(node['html'][:120] for node in one['nodes'][:3])}"
        for one in found
        if one["impact"] in SERIOUS
    ]
    assert not serious, f"{page.url} ({how}):\n" + "\n".join(serious)


@functools.cache
def _axe():
    return Axe()


def photograph(page: Page, name: str) -> None:
    """Keep a picture of the page in var/screenshots."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
