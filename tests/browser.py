"""Fixtures for journeys through a real browser: every console error and every CSP violation is a failure."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from launcher.environment import HOW_TO_GET_CHROMIUM, chromium
from launcher.paths import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

SCREENSHOTS = ROOT / "var" / "screenshots"
FLAGS = [
    "--no-sandbox",  # its sandbox does not start as root or in most containers
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
_outcome = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    """Remember whether the test failed, so that its page can be photographed."""
    report = yield
    if report.when == "call":
        item.stash[_outcome] = report.failed
    return report


class Chromium:
    """The session's browser; one that has crashed is started anew, so that a crash costs one test and not all."""

    def __init__(self, launch: Callable[[], Browser]) -> None:
        self._launch = launch
        self._running = launch()

    def new_context(self, **options: Any) -> BrowserContext:
        if not self._running.is_connected():
            self._running = self._launch()
        return self._running.new_context(**options)

    def close(self) -> None:
        if self._running.is_connected():
            self._running.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Chromium]:
    """One Chromium for the session."""
    executable = chromium()
    if executable is None:
        pytest.skip(HOW_TO_GET_CHROMIUM)
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop running in this thread, for which Django would refuse every query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        # The fonts our own PDFs are printed with are not for the browser: with that font configuration Chromium
        # crashed on its first page without JavaScript, every second time.
        environment = {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}
        running = Chromium(
            lambda: playwright.chromium.launch(executable_path=executable, args=FLAGS, env=environment)
        )
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Console:
    """What the pages of one test complained of."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self._expected: list[str] = []

    def expect(self, pattern: str) -> None:
        """Accept complaints matching the regular expression, e.g. a refusal: `console.expect("403")`."""
        self._expected.append(pattern)

    def watch(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            self.complaints.append(f"{message.location.get('url', '')}: {message.text}")

    @property
    def unexpected(self) -> list[str]:
        return [
            text for text in self.complaints if not any(re.search(known, text) for known in self._expected)
        ]


@pytest.fixture
def console() -> Console:
    """The console of the test's pages; tell it what is expected, everything else fails the test."""
    return Console()


@pytest.fixture
def new_page(
    request: pytest.FixtureRequest, browser, product, console: Console
) -> Iterator[Callable[[], Page]]:
    """Open further pages, each in a browser profile of its own: one person each."""
    contexts = []

    def open_page() -> Page:
        context = browser.new_context(
            base_url=product.url,
            viewport={"width": 1440, "height": 900},
            locale="en-GB",
            timezone_id="Europe/London",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        console.watch(page)
        return page

    yield open_page
    failed = request.node.stash.get(_outcome, False)
    for number, context in enumerate(contexts, start=1):
        for page in context.pages if failed else ():
            _photograph(page, f"failed-{request.node.name}-{number}")
        context.close()
    if console.unexpected and not failed:
        pytest.fail("The browser complained:\n" + "\n".join(console.unexpected), pytrace=False)


@pytest.fixture
def page(new_page: Callable[[], Page]) -> Page:
    """A fresh page of the running product: `page.goto("/")`."""
    return new_page()


@pytest.fixture
def page_screenshot(page: Page) -> Callable[[str], Path]:
    """Photograph the page into var/screenshots: `page_screenshot("site-list")`."""
    return lambda name: _photograph(page, name)


def _photograph(page: Page, name: str) -> Path:
    path = SCREENSHOTS / (re.sub(r"[^\w.-]+", "-", name) + ".png")
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)
    return path
