"""The Budget tab in a browser: every number opens its rows, in light, dark and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.accessible import expect_accessible, photograph
from tests.journeys.acting import open_tab, run, sign

PREPARE = """
from django.utils import timezone
from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from desk.demo import Stage, budget
from finance.models import Budget
from studies.models import Study

with everything("a test prepares the budget of its study"):
    study, other = (Study.objects.get(protocol_number=number) for number in ("VEL-301", "KIN-204"))
    if not Budget.objects.filter(study=study, unblinded=False).exists():
        people = {one.username: one for one in User.objects.all()}
        stage = Stage(User.objects.system(), people, timezone.localdate())
        stage.places["vel"] = study
        with acting_as(stage.system, reason="Demo portfolio"):
            budget.play(stage)
print(study.pk, other.pk)
"""


@pytest.fixture
def tabs(product) -> list[str]:
    """The tab of the study that bills, and of the one with a change order in draft."""
    return [f"/studies/{pk}/budget/" for pk in run(product, PREPARE).strip().splitlines()[-1].split()]


@pytest.fixture
def tab(tabs) -> str:
    return tabs[0]


def test_a_project_manager_reads_the_budget_and_opens_what_a_number_is_made_of(people, tab, tabs):
    pm = people("pm")
    pm.goto(tab.removesuffix("budget/"))
    open_tab(pm, "Finance", "Budget")
    expect(pm.get_by_role("heading", level=1)).to_have_text("Budget of VEL-301")
    expect_accessible(pm)
    photograph(pm, "budget")
    monitoring = pm.locator("details", has=pm.locator("summary", has_text=re.compile("^Monitoring")))
    monitoring.locator("summary").press("Enter")
    expect_accessible(pm)
    photograph(pm, "budget-unfolded")
    pm.set_viewport_size({"width": 390, "height": 844})
    photograph(pm, "budget-phone")
    pm.set_viewport_size({"width": 1440, "height": 900})

    earned = monitoring.locator("tbody", has_text="MON-02").locator("tr.measure-earned")
    total = earned.locator("td.total a")
    units = total.inner_text()
    total.press("Enter")
    expect(pm.get_by_role("heading", level=1)).to_have_text("Earned units")
    shown = pm.locator("#listing tbody tr td:nth-child(5)").all_inner_texts()
    assert sum(float(text) for text in shown) == float(units)
    pm.locator("#listing tbody a").first.click()
    expect(pm.locator("main")).to_contain_text("IMV")
    expect_accessible(pm)

    pm.goto(tab)
    pm.get_by_role("button", name="Book earned units").press("Enter")
    expect(pm.locator("main")).to_contain_text(re.compile("booked"))
    pm.goto(tabs[1])
    pm.get_by_role("link", name="v1+CO1").press("Enter")
    expect(pm.locator("main")).to_contain_text("Lines, beside v1")
    expect(pm.locator("main")).not_to_contain_text("Margin")
    expect_accessible(pm)
    photograph(pm, "budget-change-order")
    with pm.expect_download() as caught:
        pm.goto(tab)
        pm.get_by_role("link", name="XLSX").click()
    assert caught.value.suggested_filename == "Budget of VEL-301.xlsx"


def test_finance_follows_a_disputed_invoice_and_signs_the_change_order(people, password, tab, tabs):
    finance = people("finance")
    finance.goto(tab)
    disputed = finance.locator("li", has_text="Disputed")
    disputed.get_by_role("link").first.press("Enter")
    expect(finance.get_by_role("heading", level=1)).to_contain_text("Disputed")
    expect_accessible(finance)
    photograph(finance, "sponsor-invoice")
    finance.locator("main table td a").first.click()
    expect(finance.get_by_role("heading", level=1)).to_have_text("Earned units")

    pm = people("pm")
    pm.goto(tabs[1])
    pm.get_by_role("link", name="v1+CO1").press("Enter")
    pm.get_by_role("link", name="Submit for review").press("Enter")
    pm.get_by_role("button", name="Submit for review").press("Enter")
    expect(pm.get_by_role("heading", level=1)).to_contain_text("Internal review")
    finance.goto(pm.url)
    expect(finance.locator("main")).to_contain_text("Margin")
    finance.get_by_role("link", name="Sign and approve").press("Enter")
    sign(finance, password, "Sign and approve")
    expect(finance.get_by_role("heading", level=1)).to_contain_text("Approved")
    finance.goto(tabs[1])
    expect(finance.locator("li", has_text="v1+CO1")).to_contain_text("Approved")


def test_a_cra_and_a_sponsor_have_no_budget_tab(people, tab, console):
    console.expect(r"the server responded with a status of (403|404)")
    for who in ("cra", "sponsor"):
        page = people(who)
        page.goto(tab.removesuffix("budget/"))
        expect(page.get_by_role("link", name="Budget", exact=True)).to_have_count(0)
        assert page.goto(tab).status in (403, 404)
