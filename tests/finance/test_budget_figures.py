"""Planned, earned, invoiced, at risk: on plain values, for any sequence of facts, versions and invoices."""

import datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ctms.money.amounts import rounded
from finance.calculations.earning import (
    Booked,
    Fact,
    months_between,
    open_periods,
    part_of_month,
    postings,
    spread_evenly,
)
from finance.calculations.standing import EarnedFact, Figures, InvoicedFact, TermsFact, standing, unbilled

JANUARY, DECEMBER = datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)
TODAY = datetime.date(2026, 6, 15)


def day(month, number=1):
    return datetime.date(2026, month, number)


def terms(*, line=1, price="100", units="12", since=JANUARY, until=None, agreed=True, order=1, **more):
    return TermsFact(
        line, Decimal(price), Decimal(units), JANUARY, DECEMBER, since, until, agreed, order, **more
    )


def earned(on, units="1", line=1):
    return EarnedFact(line, on, Decimal(units))


# --- examples ----------------------------------------------------------------------------------------


def test_a_line_says_what_is_planned_earned_and_invoiced_in_each_month():
    billed = InvoicedFact(1, day(2), Decimal(100), Decimal(1), Decimal(100))
    line = standing(
        "EUR", [terms()], [earned(day(2, 3)), earned(day(2, 28)), earned(day(3))], [billed], TODAY
    )[1]
    february = line.months[day(2)]
    assert (february.planned_units, february.earned_units, february.invoiced_units) == (1, 2, 1)
    assert february.unbilled_value == 100
    assert (line.total.planned_value, line.total.earned_value) == (1200, 300)
    assert line.burn == 25
    assert line.at_risk_units == 0


def test_what_is_earned_beyond_the_contract_or_without_one_is_at_risk():
    rows = [earned(day(2)), earned(day(3)), earned(day(4))]
    beyond = standing("EUR", [terms(units="2")], rows, [], TODAY)[1]
    assert (beyond.at_risk_units, beyond.at_risk_value) == (1, 100)
    too_soon = standing("EUR", [terms(since=day(3, 15))], rows, [], TODAY)[1]
    assert (too_soon.at_risk_units, too_soon.at_risk_value) == (2, 200)
    only_drafted = standing("EUR", [terms(agreed=False)], rows, [], TODAY)[1]
    assert (only_drafted.at_risk_units, only_drafted.at_risk_value) == (3, 300)
    assert (only_drafted.contracted_units, only_drafted.burn) == (0, None)
    assert standing("EUR", [], rows, [], TODAY)[1].at_risk_units == 3


def test_a_change_order_prices_what_is_earned_from_its_day_on():
    versions = [
        terms(until=day(6, 30)),
        terms(price="120", units="20", since=day(7), order=2),
        terms(price="999", agreed=False, order=3),
    ]
    line = standing("EUR", versions, [earned(day(6, 30)), earned(day(7))], [], day(7, 2))[1]
    assert [one.earned_value for one in line.months.values() if one.earned_value] == [100, 120]
    assert (line.price, line.contracted_value) == (120, 2400)


def test_what_completes_a_cell_leaves_no_cent_over():
    third = [earned(day(2, n), "0.3333") for n in (1, 2, 3)]
    agreed = [terms(price="460")]
    first = InvoicedFact(1, day(2), Decimal(460), Decimal("0.3333"), Decimal("153.32"))
    (left,) = unbilled("EUR", agreed, third, [first])
    assert left.units == Decimal("0.6666")
    whole = standing("EUR", agreed, third, [], TODAY)[1].total.earned_value
    assert left.amount + first.amount == whole == Decimal("459.95")


def test_units_taken_back_after_they_were_billed_are_a_credit():
    billed = InvoicedFact(1, day(2), Decimal(100), Decimal(1), Decimal(100))
    rows = [earned(day(2)), earned(day(5), "-1")]
    cells = unbilled("EUR", [terms()], rows, [billed])
    assert [(one.month, one.units, one.amount) for one in cells] == [(day(5), -1, -100)]


def test_a_site_is_open_from_activation_to_closing_and_holds_do_not_end_it():
    moves = [
        ("INITIATED", day(1)),
        ("ACTIVE", day(2, 3)),
        ("ENROLMENT_HOLD", day(3)),
        ("ACTIVE", day(4)),
        ("ENROLMENT_CLOSED", day(5)),
        ("CLOSED", day(6, 9)),
    ]
    assert open_periods(moves) == [(day(2, 3), day(6, 9))]
    assert open_periods(moves[:1]) == []
    assert part_of_month(day(2), [(day(2, 3), day(6, 9))]) == Decimal("0.9286")
    assert part_of_month(day(6), [(day(2, 3), day(6, 9))]) == Decimal("0.3")
    assert part_of_month(day(7), [(day(2, 3), day(6, 9))]) == 0
    assert part_of_month(day(7), [(day(2, 3), None)]) == 1
    # Two stretches that touch count no day twice.
    assert part_of_month(day(4), [(day(4), day(4, 15)), (day(4, 15), day(4, 30))]) == 1


# --- properties --------------------------------------------------------------------------------------

CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "KWD", "HUF"])
PRICES = st.decimals("0", "20000", places=4)
UNITS = st.decimals("-3", "3", places=4)
DAYS = st.dates(JANUARY, DECEMBER)
LINES = st.integers(1, 3)
VERSIONS = st.lists(
    st.builds(
        lambda line, price, units, since, agreed: (line, price, abs(units) * 10, since, agreed),
        LINES,
        PRICES,
        UNITS,
        DAYS,
        st.booleans(),
    ),
    max_size=6,
)
EARNED = st.lists(st.builds(EarnedFact, LINES, DAYS, UNITS), max_size=15)


def in_turn(versions):
    """Return versions as the database keeps them: one agreed at a time, each ending before the next."""
    found = []
    for line in sorted({one[0] for one in versions}):
        own = sorted({one[3]: one for one in versions if one[0] == line}.values(), key=lambda one: one[3])
        agreed = [one for one in own if one[4]]
        for order, (_line, price, units, since, is_agreed) in enumerate(own):
            later = [one[3] for one in agreed if one[3] > since]
            until = later[0] - datetime.timedelta(days=1) if is_agreed and later else None
            found.append(TermsFact(line, price, units, JANUARY, DECEMBER, since, until, is_agreed, order))
    return found


@given(CURRENCIES, VERSIONS, EARNED, st.lists(st.integers(1, 100), max_size=6), DAYS)
def test_totals_tie_to_their_parts_to_the_cent_and_billing_everything_leaves_nothing(
    currency, versions, rows, parts, on
):
    agreed, claimed = in_turn(versions), []
    # Bill again and again: a part of a cell, or what is left of it.
    for part in parts:
        for cell in unbilled(currency, agreed, rows, claimed)[:2]:
            units = (cell.units * part / 100).quantize(Decimal("0.0001"))
            amount = cell.amount if units == cell.units else rounded(units * cell.price, currency)
            claimed.append(InvoicedFact(cell.line, cell.month, cell.price, units, amount))
    lines = standing(currency, agreed, rows, claimed, on)
    for line in lines.values():
        assert sum(line.months.values(), Figures()) == line.total
        for figures in (line.total, *line.months.values()):
            for value in (figures.planned_value, figures.earned_value, figures.invoiced_value):
                assert value == rounded(value, currency), "finer than the currency is paid"
        assert line.total.planned_value == line.contracted_value
        assert line.at_risk_value == rounded(line.at_risk_value, currency)
    assert sum(one.total.earned_units for one in lines.values()) == sum(one.units for one in rows)
    left = unbilled(currency, agreed, rows, claimed)
    work_in_progress = sum(one.total.unbilled_value for one in lines.values())
    finished = [InvoicedFact(one.line, one.month, one.price, one.units, one.amount) for one in left]
    after = standing(currency, agreed, rows, claimed + finished, on)
    assert unbilled(currency, agreed, rows, claimed + finished) == []
    assert sum(one.total.unbilled_value for one in after.values()) == work_in_progress - sum(
        one.amount for one in left
    )


@given(CURRENCIES, VERSIONS, EARNED, DAYS)
def test_billing_each_cell_whole_leaves_no_work_in_progress(currency, versions, rows, on):
    agreed = in_turn(versions)
    everything = unbilled(currency, agreed, rows, [])
    billed = [InvoicedFact(one.line, one.month, one.price, one.units, one.amount) for one in everything]
    lines = standing(currency, agreed, rows, billed, on)
    assert sum(one.total.unbilled_value for one in lines.values()) == 0


@given(st.decimals("0", "500", places=4), DAYS, DAYS)
def test_an_even_plan_is_the_contracted_units(units, one, other):
    first, last = min(one, other), max(one, other)
    planned = spread_evenly(units, first, last)
    assert sum(planned.values()) == units
    assert list(planned) == months_between(first, last)


FACTS = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d"]), st.tuples(DAYS, st.decimals("0.0001", "2", places=4))
)


@given(st.lists(st.tuples(FACTS, DAYS), max_size=8))
def test_the_books_always_agree_with_the_facts_of_the_day_and_nothing_is_ever_edited(history):
    """Whatever appears, changes and goes away: the rows add up, and booking twice books nothing."""
    rows: list = []
    for facts, on in history:
        due = {name: Fact(name, day_of, units, name) for name, (day_of, units) in facts.items()}
        before = list(rows)
        for one in postings(due, _booked(rows), on, "gone"):
            rows.append((len(rows), one))
        assert rows[: len(before)] == before
        sums = {name: booked.quantity for name, booked in _booked(rows).items() if booked.quantity}
        assert sums == {name: fact.quantity for name, fact in due.items()}
        assert postings(due, _booked(rows), on, "gone") == []
    keys = [(one.fact.source, one.booking) for _pk, one in rows]
    assert len(keys) == len(set(keys))


def _booked(rows):
    found: dict = {}
    for pk, one in rows:
        known = found.get(one.fact.source, Booked(Decimal(0), pk, 0))
        found[one.fact.source] = Booked(known.quantity + one.fact.quantity, known.first, known.rows + 1)
    return found
