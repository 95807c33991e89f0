"""What people do at every page: sign in, sign, wait for the worker."""

from __future__ import annotations

from playwright.sync_api import Page

# What a browser says of a refusal it was answered with; the tests look at the refusal itself.
REFUSED = r"the server responded with a status of (403|404|409|422)"


def run(product, code: str) -> str:
    """Run Python inside the product and return what it printed."""
    return product.interpreter.run(code)


def sign_in(page: Page, username: str, password: str) -> None:
    """Sign in with the keyboard, on the page that asks for it."""
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_label("Password").press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def sign(page: Page, password: str, button: str) -> None:
    """Give the proof a signature asks for and press the button that signs."""
    page.get_by_label("Your password, or the code of your authenticator").fill(password)
    page.get_by_role("button", name=button).click()


def await_pdf(page: Page, url: str) -> None:
    """Look at the report until the worker has filed its PDF."""
    for _attempt in range(60):
        page.goto(url)
        if page.get_by_role("link", name="Open the PDF").count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"No PDF at {url} after 30 s: {page.locator('main').inner_text()[:400]}")


def days_ago(page: Page, days: int) -> str:
    """Return a day as the browser writes it into a date field, where the people of the demo are."""
    day = "new Date(Date.now() - days * 864e5).toLocaleDateString('sv-SE', {timeZone: 'Europe/Berlin'})"
    return page.evaluate(f"days => {day}", days)


def token_of(page: Page) -> str:
    """Return what a form sends beside its fields, for requests made without the form."""
    return next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")


def open_list(page, area: str, name: str) -> None:
    """Go to a list of the rail with the keyboard: to its part of the work, then to it."""
    areas = page.get_by_role("navigation", name="Areas")
    areas.get_by_role("link", name=area, exact=True).first.press("Enter")
    areas.get_by_role("link", name=name, exact=True).last.press("Enter")


def open_tab(page, part: str, name: str) -> None:
    """Go to a tab of a study or site with the keyboard: to its part of the work, then to it."""
    parts = page.get_by_role("navigation", name="Parts of the study")
    parts.get_by_role("link", name=part, exact=True).press("Enter")
    page.get_by_role("navigation", name=part, exact=True).get_by_role("link", name=name, exact=True).press(
        "Enter"
    )
