"""A blinded person learns nothing of the unblinded circle's visits: not from a row, a number, a total or a gap."""

import datetime
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from ctms.api.tokens import create_token
from ctms.audit.context import acting_as
from finance.models import Budget, BudgetLine, EarnedUnit
from finance.pages import table_of
from finance.services import unbilled_of
from tests.finance.budgeting import Money
from tests.monitoring.conftest import Stage, bring_investigator

BLINDED = ("paula", "lena", "fiona", "quentin")


@pytest.fixture
def money(cast):
    return Money(cast)


@pytest.fixture
def stage(cast):
    bring_investigator(cast)
    return Stage(cast)


def everything_seen(client, cast, who, budget):
    """Return everything a person is shown of a study's money: pages, exports, API, history, journal."""
    person = cast.people[who]
    client.force_login(person)
    token = create_token(user=person, name="of a test")
    authorised = {"Authorization": f"Bearer {token}"}
    told = []
    for address in (
        f"/studies/{cast.vel.pk}/budget/",
        f"/studies/{cast.vel.pk}/budget/?as=value",
        f"/studies/{cast.vel.pk}/budget/?export=csv",
        "/budgets/",
        "/budget-lines/",
        "/earned-units/",
        "/earned-units/?export=csv",
        "/sponsor-invoices/",
        "/sponsor-invoice-lines/",
        f"/budgets/{budget.pk}/",
        f"/budgets/{budget.pk}/history/",
        "/journal/",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, (who, address)
        told.append(answer.content.decode())
    for slug in ("budgets", "budget-lines", "earned-units", "budget-versions"):
        answer = client.get(f"/api/v1/{slug}", headers=authorised)
        assert answer.status_code == 200
        # Where to ask for changes from is the moment of asking, and says nothing of any row.
        told.append(json.dumps({name: said for name, said in answer.json().items() if name != "sync"}))
    table = table_of(cast.fresh(who), budget, timezone.localdate())
    told.append(repr(list(table.lines())))
    return [_without_tokens(text) for text in told]


def _without_tokens(text):
    """Return a page without what is new in every request."""
    lines = [line for line in text.splitlines() if "csrf" not in line.lower()]
    return "\n".join(lines)


@pytest.mark.parametrize("who", BLINDED)
def test_a_blinded_person_is_shown_the_same_numbers_whether_there_are_unblinded_visits_or_not(
    money, stage, cast, client, who
):
    line = money.executed(starts_on=datetime.date(2025, 1, 1), ends_on=datetime.date(2029, 12, 31))
    stage.approved()
    money.book(line.budget, now=timezone.now())
    before = everything_seen(client, cast, who, line.budget)
    with_the_circle_at_work(money, stage)
    money.book(line.budget, now=timezone.now())
    assert everything_seen(client, cast, who, line.budget) == before


def with_the_circle_at_work(money, stage):
    """Let the circle have a visit with its report, and a budget of its own that earns and is invoiced."""
    unblinded = circles_budget(money)
    stage.approved("uma", approver="ursula", unblinded=True)
    money.book(unblinded.budget, by="stella", now=timezone.now())
    assert money.quantities(unblinded) == [1]
    day = timezone.localdate()
    invoice = money.invoice(unblinded.budget, by="stella", first=day, last=day)
    assert invoice.total == 4100


def circles_budget(money):
    circle = money.circle()
    version = money.draft(money.budget(by=circle, unblinded=True), by=circle)
    return money.line(
        version,
        by=circle,
        price="4100",
        starts_on=datetime.date(2025, 1, 1),
        ends_on=datetime.date(2029, 12, 31),
    )


def test_the_circle_sees_its_own_budget_and_the_unit_of_its_visit(money, stage, cast, assert_sees):
    line = circles_budget(money)
    stage.approved("uma", approver="ursula", unblinded=True)
    money.book(line.budget, by="stella", now=timezone.now())
    (row,) = money.rows(line)
    seen = [line.budget, line, row]
    for insider in ("stella", "ursula"):
        assert_sees(cast.fresh(insider), visible=seen)
    for blinded in (*BLINDED, "felix", "sam", "ingrid", "carla", "uma"):
        assert_sees(cast.fresh(blinded), hidden=seen)


def test_an_unblinded_visit_never_earns_on_an_ordinary_line_nor_the_other_way_round(money, stage, cast):
    ordinary = money.executed(starts_on=datetime.date(2025, 1, 1), ends_on=datetime.date(2029, 12, 31))
    circles = circles_budget(money)
    stage.approved("uma", approver="ursula", unblinded=True)
    stage.approved()
    now = timezone.now()
    money.book(ordinary.budget, now=now)
    money.book(circles.budget, by="stella", now=now)
    assert [row.label for row in money.rows(ordinary)] == ["VEL-301 · 2003 · IMV 1"]
    assert [row.label for row in money.rows(circles)] == ["VEL-301 · 2003 · IMV 1 (unblinded)"]
    assert len(unbilled_of(cast.fresh("paula"), ordinary.budget)) == 1
    assert unbilled_of(cast.fresh("paula"), circles.budget) == []


def test_a_blinded_person_neither_makes_nor_books_the_circles_budget(money, cast, client):
    line = circles_budget(money)
    with pytest.raises(PermissionDenied):
        money.book(line.budget, by="paula")
    client.force_login(cast.paula)
    assert client.post(f"/budgets/{line.budget.pk}/book/").status_code == 404
    assert client.get(f"/budget-lines/{line.pk}/").status_code == 404
    form = {"study": cast.cor.pk, "currency": "EUR", "contract_type": "FIXED_UNIT", "payment_terms_days": 30}
    answer = client.post("/budgets/new/", {**form, "study": cast.kin.pk, "unblinded": "on"})
    assert answer.status_code in (403, 422)
    assert Budget.objects.visible_to(cast.fresh("stella")).count() == 1


def test_the_circles_lines_count_visits_or_entries_by_hand_and_nothing_of_everybodys(money, cast):
    line = circles_budget(money)
    with acting_as(cast.stella, reason="attack"), pytest.raises(DatabaseError), transaction.atomic():
        BudgetLine.objects.create(
            budget=line.budget, code="X", group="MONITORING", task="x", unit="SITE", driver="SITE_MONTH"
        )
    with acting_as(cast.stella, reason="attack"):
        row = EarnedUnit.objects.create(
            line=line,
            month=datetime.date(2026, 3, 1),
            day=datetime.date(2026, 3, 2),
            quantity=1,
            source="monitoring.MonitoringReport/1",
            label="x",
            booked_on=datetime.date(2026, 3, 2),
            unblinded=False,
        )
    row = money.rows(line)[-1]
    assert row.unblinded, "the row takes its line's circle, whatever the code says"
