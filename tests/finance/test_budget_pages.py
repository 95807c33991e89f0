"""The Budget tab: what it shows to whom, every number opening its rows, and nothing at all for those it is not for."""

import csv
import datetime
import io
import re
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from ctms.access.scoping import everything
from ctms.api.tokens import create_token
from ctms.audit.context import acting_as
from ctms.files.models import AccessKind, AccessRecord
from ctms.workflow.engine import perform
from finance import services
from finance.models import Budget, BudgetCost, EarnedUnit
from finance.pages import table_of
from tests.finance.budgeting import NOW, Money

COST = Decimal("1987.65")
SEES = ("paula", "lena", "fiona", "quentin")
SEES_NOTHING = ("sam", "ingrid", "carla", "sue", "tara", "milo", "ada", "simone", "stella", "pavel", "fergus")
LISTS = ("budgets", "budget-versions", "budget-lines", "earned-units", "sponsor-invoices", "sponsor-invoice-lines",
         "planned-units")  # fmt: skip


@pytest.fixture
def money(cast):
    return Money(cast)


@pytest.fixture
def told(money, cast):
    """Return one row of everything: a budget with its version, line, cost, unit and sent invoice."""
    line = money.executed(driver="MANUAL", visit_types=[])
    version = line.budget.versions.visible_to(cast.fiona).get()
    terms = money.terms(version, line)
    cost = services.estimate_cost(actor=cast.fiona, terms=terms, cost_per_unit=COST)
    unit = money.enter(line, "3", day=datetime.date(2026, 4, 30))
    invoice = money.sent(money.invoice(line.budget))
    return {
        "budgets": line.budget,
        "budget-versions": version,
        "budget-lines": line,
        "budget-line-terms": terms,
        "budget-costs": cost,
        "earned-units": unit,
        "sponsor-invoices": invoice,
        "sponsor-invoice-lines": invoice.lines.visible_to(cast.fiona).get(),
    }


@pytest.fixture
def ask(client, cast):
    def get(who, path):
        token = create_token(user=cast.people[who], name="of a test")
        return client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"})

    return get


def months_address(cast, query=""):
    return f"/studies/{cast.vel.pk}/budget/?from=2026-01{query}"


@pytest.mark.parametrize("who", SEES_NOTHING)
def test_sponsors_inspectors_and_cras_find_nothing_of_it(told, cast, client, ask, who):
    client.force_login(cast.people[who])
    answer = client.get(f"/studies/{cast.vel.pk}/budget/")
    assert answer.status_code in (403, 404)
    assert client.get(months_address(cast, "&export=csv")).status_code in (403, 404)
    study = client.get(f"/studies/{cast.vel.pk}/")
    if study.status_code == 200:
        assert "/budget/" not in study.content.decode()
    for slug, record in told.items():
        assert client.get(f"/{slug}/{record.pk}/").status_code in (403, 404), slug
        assert client.get(f"/{slug}/{record.pk}/history/").status_code in (403, 404), slug
        assert ask(who, f"{slug}/{record.pk}").status_code in (403, 404), slug
        listed = ask(who, slug)
        assert listed.status_code == 403 or listed.json()["results"] == [], slug
    for name in LISTS:
        answer = client.get(f"/{name}/?export=csv")
        # To whoever is from outside and holds nothing here, the room is not there.
        refused = answer.status_code == (404 if who in ("sam", "simone") else 403)
        assert refused or answer.content.decode().count("\n") == 1, name


@pytest.mark.parametrize("who", SEES)
def test_those_of_the_study_who_answer_for_its_money_see_it(told, cast, client, ask, who):
    client.force_login(cast.people[who])
    page = client.get(months_address(cast)).content.decode()
    assert "MON-01 Interim monitoring visit" in page
    for slug, record in told.items():
        if slug != "budget-costs":
            assert client.get(f"/{slug}/{record.pk}/").status_code == 200, slug
            assert ask(who, f"{slug}/{record.pk}").status_code == 200, slug


@pytest.mark.parametrize("who", [*SEES, "fergus"])
def test_cost_is_hidden_from_everybody_but_the_studys_finance(told, cast, client, ask, who):
    person, cost = cast.people[who], told["budget-costs"]
    client.force_login(person)
    may_see = who == "fiona"
    said = []
    for slug, record in told.items():
        said.append(client.get(f"/{slug}/{record.pk}/"))
        said.append(client.get(f"/{slug}/{record.pk}/history/"))
        said.append(ask(who, f"{slug}/{record.pk}"))
        said.append(ask(who, slug))
    said += [client.get(f"/{name}/?export=csv") for name in (*LISTS, "budget-costs")]
    said += [
        client.get("/journal/"),
        ask(who, "audit-events"),
        client.get(months_address(cast, "&as=value")),
        client.get(months_address(cast, "&export=csv")),
    ]
    telling = [answer.request["PATH_INFO"] for answer in said if shows_cost(answer)]
    assert bool(telling) is may_see, telling
    assert client.get(f"/budget-costs/{cost.pk}/").status_code == (200 if may_see else 404)
    assert BudgetCost.objects.visible_to(cast.fresh(who)).exists() is may_see
    margin = client.get(f"/budget-versions/{told['budget-versions'].pk}/")
    assert ("Margin" in margin.content.decode()) is may_see


def shows_cost(answer):
    said = answer.content.decode()
    return any(one in said for one in ("1987.65", "1,987.65", "962.35"))


def test_every_number_of_the_table_opens_the_rows_it_is_the_sum_of(told, cast, client):
    table = table_of(cast.fresh("paula"), told["budgets"], NOW.date(), first=datetime.date(2026, 1, 1))
    client.force_login(cast.paula)
    opened = 0
    for entry in (table.whole, *(g.entry for g in table.groups), *(e for g in table.groups for e in g.lines)):
        for row in entry.rows:
            for cell in (row.total, *row.months):
                if row.measure == "planned" or not cell.number:
                    assert not cell.url
                    continue
                answer = client.get(f"{cell.url}&export=csv")
                rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
                in_units = entry.unit == "visit"
                units = sum(Decimal(one.get("Quantity") or one["Units"]) for one in rows)
                assert (units if in_units else units * 2950) == cell.number, cell
                opened += 1
    assert opened == 12


def test_the_page_says_burn_with_its_count_and_what_is_at_risk(told, money, cast, client):
    client.force_login(cast.paula)
    page = client.get(months_address(cast)).content.decode()
    assert "15 % (3 of 20)" in page
    assert "at risk" not in re.sub(r"work at risk:", "", page)
    money.enter(told["budget-lines"], "18")
    page = client.get(months_address(cast)).content.decode()
    assert "105 % (21 of 20)" in page
    assert "2,950.00 EUR at risk" in page


def test_the_export_is_what_stands_on_the_page(told, cast, client):
    client.force_login(cast.paula)
    table = table_of(cast.fresh("paula"), told["budgets"], NOW.date(), first=datetime.date(2026, 1, 1))
    answer = client.get(months_address(cast, "&export=xlsx"))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    head, *rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert head == table.titles()
    assert head[-12:] == [f"{datetime.date(2026, month, 1):%b %Y}" for month in range(1, 13)]
    wanted = [
        [cell or None if isinstance(cell, str) else float(cell) for cell in line] for line in table.lines()
    ]
    assert [[None if cell == "" else cell for cell in row] for row in rows] == wanted
    earned = next(row for row in rows if row[1] and row[3] == "Earned")
    assert (earned[6], earned[7 + 3]) == (3, 3)
    text = client.get(months_address(cast, "&export=csv&as=value")).content.decode("utf-8-sig")
    line = next(row for row in csv.reader(io.StringIO(text)) if row[1] and row[3] == "Invoiced")
    assert (line[4], line[6]) == ("59000.00", "8850.0000")
    with everything("the log of who took what, in full"):
        taken = AccessRecord.objects.filter(
            kind=AccessKind.EXPORT, record=f"finance.Budget/{told['budgets'].pk}"
        )
        assert taken.count() == 2


def test_a_country_and_a_site_lead_to_the_studys_budget(told, cast, client):
    client.force_login(cast.paula)
    for address in (f"/study-sites/{cast.madrid.pk}/budget/", f"/study-countries/{cast.spain.pk}/budget/"):
        answer = client.get(address)
        assert answer.headers["Location"] == f"/studies/{cast.vel.pk}/budget/"
    client.force_login(cast.carla)
    assert client.get(f"/study-sites/{cast.berlin.pk}/budget/").status_code == 404


def test_a_budget_is_made_drafted_and_signed_on_pages(cast, client):
    client.force_login(cast.paula)
    assert "has no budget yet" in client.get(f"/studies/{cast.vel.pk}/budget/").content.decode()
    client.post(
        "/budgets/new/",
        {"study": cast.vel.pk, "currency": "EUR", "contract_type": "FIXED_UNIT", "payment_terms_days": 30},
    )
    budget = Budget.objects.visible_to(cast.paula).get()
    client.post(
        "/budget-versions/new/", {"budget": budget.pk, "kind": "EXECUTED", "effective_from": "2026-01-01"}
    )
    version = budget.versions.visible_to(cast.paula).get()
    page = client.get(f"/budget-lines/new/?budget_version={version.pk}").content.decode()
    assert re.search(rf'<option value="{version.pk}" selected', page)
    answer = client.post(
        "/budget-lines/new/",
        {
            "budget_version": version.pk,
            "code": "MON-01",
            "group": "MONITORING",
            "task": "Interim monitoring visit",
            "unit": "VISIT",
            "kind": "FEE",
            "driver": "REPORT_APPROVED",
            "visit_types": ["IMV", "FCV"],
            "countries": "es, de",
            "unit_price": "2950",
            "contracted_units": "20",
            "starts_on": "2026-01-01",
            "ends_on": "2026-12-31",
        },
    )
    assert answer.status_code == 302
    line = budget.lines.visible_to(cast.paula).get()
    assert (line.visit_types, line.countries) == (["IMV", "FCV"], ["DE", "ES"])
    Money(cast).signed(version)
    answer = client.post(f"/budgets/{budget.pk}/book/", follow=True)
    assert "booked already" in answer.content.decode()
    client.post(
        "/earned-units/new/",
        {"line": line.pk, "day": "2026-02-02", "quantity": "2", "explanation": "Former system"},
    )
    assert EarnedUnit.objects.visible_to(cast.paula).get().explanation == "Former system"
    answer = client.post("/earned-units/new/", {"line": line.pk, "day": "2026-02-02", "quantity": "2"})
    assert "by hand" in answer.content.decode()


def test_a_line_comes_in_by_the_api_and_a_signed_one_is_refused(money, cast, client):
    version = money.draft(money.budget())
    token = create_token(user=cast.paula, name="of a test")
    headers = {"Authorization": f"Bearer {token}"}
    body = {
        "budget_version": version.pk,
        "code": "PM-01",
        "group": "PROJECT_MANAGEMENT",
        "task": "Project management",
        "unit": "STUDY_MONTH",
        "driver": "STUDY_MONTH",
        "unit_price": "14800.00",
        "contracted_units": "24",
        "starts_on": "2026-01-01",
        "ends_on": "2027-12-31",
    }
    answer = client.post("/api/v1/budget-lines", body, content_type="application/json", headers=headers)
    assert answer.status_code == 201, answer.content
    money.signed(version)
    again = client.post(
        "/api/v1/budget-lines", {**body, "code": "PM-02"}, content_type="application/json", headers=headers
    )
    assert again.status_code == 409
    changed = client.patch(
        f"/api/v1/budget-lines/{answer.json()['id']}",
        {"task": "Something else"},
        content_type="application/json",
        headers=headers,
    )
    assert changed.status_code == 409


def test_a_change_of_what_is_earned_is_in_the_history_with_its_reason(told, money, cast, client):
    client.force_login(cast.quentin)
    page = client.get(f"/earned-units/{told['earned-units'].pk}/history/").content.decode()
    assert "Paula Marsh" in page
    assert "Timesheet" in page
    with acting_as(cast.paula):
        draft = money.draft(
            told["budgets"], "CHANGE_ORDER", since=datetime.date(2026, 7, 1), change_reason="OTHER"
        )
    perform(draft, "withdraw", actor=cast.paula, reason="The sponsor did not want it")
    page = client.get(f"/budget-versions/{draft.pk}/history/").content.decode()
    assert "The sponsor did not want it" in page
