"""Money as pictures: sums that equal the table of months, invoices by age; what blinded people see of the page they
stand on is compared in test_budget_blinding."""

import datetime
import html
import re
from decimal import Decimal

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from ctms.workflow.engine import perform
from finance import services
from finance.calculations.ageing import STEPS, aged, days_of, step_of
from finance.pages import pictures_of, table_of
from tests.finance.budgeting import NOW, Money

ON = NOW.date()


@pytest.fixture
def billed(cast):
    """A line with five units in three months; March billed and paid, April billed and open."""
    money = Money(cast)
    line = money.executed(driver="MANUAL", visit_types=[])
    for month, units in ((3, "2"), (4, "1"), (6, "2")):
        money.enter(line, units, day=datetime.date(2026, month, 10))
    first = money.invoice(line.budget, last=datetime.date(2026, 3, 1))
    perform(money.sent(first), "pay", actor=cast.fiona, happened_on=datetime.date(2026, 5, 20))
    money.sent(money.invoice(line.budget, last=datetime.date(2026, 4, 1)), on=datetime.date(2026, 5, 2))
    return line.budget


def pictures(cast, budget, who="paula", on=ON):
    person = cast.fresh(who)
    return pictures_of(person, budget, list(services.standing_of(person, budget, on).values()), on)


def column(picture, heading):
    """Return {day: value} of one column of the table."""
    place = [head.text for head in picture.headings].index(heading)
    return {row[0]: row[place] for row in picture.values if row[place] is not None}


def test_the_last_point_of_each_line_is_the_sum_the_page_says(billed, cast):
    over_time = pictures(cast, billed)["over_time"]
    table = table_of(cast.fresh("paula"), billed, ON)
    assert column(over_time, "Contracted")[datetime.date(2026, 12, 31)] == table.contracted == 59000
    assert column(over_time, "Earned")[ON] == table.figures.earned_value == 14750
    assert column(over_time, "Invoiced")[ON] == table.figures.invoiced_value == 8850
    assert column(over_time, "Paid")[ON] == 5900
    assert column(over_time, "Paid")[datetime.date(2026, 4, 30)] == 0, "it was paid in May"
    assert column(over_time, "Earned")[datetime.date(2026, 3, 31)] == 5900
    assert max(column(over_time, "Earned")) == ON, "what is to come is no earned money"


def test_a_point_of_what_was_earned_opens_its_units(billed, cast, client):
    client.force_login(cast.paula)
    with time_machine.travel(NOW, tick=False):
        page = client.get(f"/studies/{cast.vel.pk}/budget/").content.decode()
        marks = re.findall(
            r'<a href="([^"]*earned-units[^"]*)" class="mark" aria-label="Earned, ([^:]*): ', page
        )
        address = html.unescape(next(url for url, day in marks if day == "30 Apr 2026"))
        listed = client.get(address).content.decode()
    assert len(re.findall(r"Timesheet", listed)) == 2, "March's and April's units"


def test_burn_stands_beside_time_and_subjects_never_without_what_it_is_of(billed, cast):
    rows = {row[0].value: row for row in pictures(cast, billed)["progress"].rows}
    assert rows["Earned"][1].text == "14,750 of 59,000 EUR"
    assert rows["Time of the contract"][1].text == "165 of 365 days"
    assert "Subjects enrolled" not in rows, "the study does not say how many it plans"


def test_open_invoices_stand_by_days_after_their_due_day(billed, cast, client):
    for on, step in (
        (datetime.date(2026, 5, 10), 1),
        (datetime.date(2026, 6, 15), 2),
        (datetime.date(2026, 7, 15), 3),
    ):
        ageing = pictures(cast, billed, on=on)["ageing"]
        assert [bool(value) for value in ageing.values[0][1:6]] == [n + 1 == step for n in range(5)]
        assert ageing.values[0][step] == Decimal("2950.00"), "what was paid waits no more"
        address = ageing.rows[0][step].url
        client.force_login(cast.fiona)
        listed = client.get(address).content.decode()
        assert "VEL-301-002" in listed
        assert "VEL-301-001" not in listed
    assert "No invoice is open." in pictures(cast, billed, who="sam")["ageing"].empty


def test_a_draft_and_a_voided_invoice_wait_for_nobody(cast):
    money = Money(cast)
    line = money.executed(driver="MANUAL", visit_types=[])
    money.enter(line, "2")
    invoice = money.invoice(line.budget)
    assert pictures(cast, line.budget)["ageing"].svg == ""
    sent = money.sent(invoice)
    assert pictures(cast, line.budget)["ageing"].values[0][-1] == 5900
    perform(sent, "dispute", actor=cast.fiona, reason="One too many", happened_on=sent.sent_on)
    assert pictures(cast, line.budget)["ageing"].values[0][-1] == 5900, "disputed is still owed"


def test_who_does_not_see_the_budget_sees_no_picture_of_it(billed, cast, client):
    for who, status in (("carla", 403), ("tara", 403), ("sam", 404), ("pavel", 404)):
        client.force_login(cast.people[who])
        answer = client.get(f"/studies/{cast.vel.pk}/budget/")
        assert answer.status_code == status, who
        assert "money-over-time" not in answer.content.decode()


# --- ageing on plain values ----------------------------------------------------------------------------


@settings(deadline=None)
@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2090, 1, 1)), st.integers(-3000, 3000))
def test_the_days_of_a_step_are_the_days_whose_money_lies_in_it(on, late):
    due_on = on - datetime.timedelta(days=late)
    first, last = days_of(step_of(due_on, on), on)
    assert first is None or first <= due_on
    assert last is None or due_on <= last


@settings(deadline=None)
@given(st.lists(st.tuples(st.dates(), st.decimals(0, 10**9, places=2)), max_size=20), st.dates())
def test_no_money_is_lost_between_the_steps(amounts, on):
    found = aged(amounts, on)
    assert len(found) == len(STEPS)
    assert sum(found) == sum((amount for _day, amount in amounts), Decimal(0))


def test_the_due_day_itself_is_not_late():
    on = datetime.date(2026, 3, 31)
    assert [step_of(on - datetime.timedelta(days=n), on) for n in (-5, 0, 1, 30, 31, 60, 61, 90, 91)] == [
        0, 0, 1, 1, 2, 2, 3, 3, 4,
    ]  # fmt: skip
