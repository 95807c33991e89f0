"""How facts become units: months, parts of months, and what has to be booked so that the books agree with the facts."""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

UNIT_STEP = Decimal("0.0001")
# A site is managed from its activation until it is closed: on hold or closed for enrolment it still has subjects.
OPEN_STATES = frozenset({"ACTIVE", "ENROLMENT_HOLD", "ENROLMENT_CLOSED"})


@dataclass(frozen=True)
class Fact:
    """Something that happened and counts: its name in the system, its day where it happened, how much of a unit."""

    source: str
    day: date
    quantity: Decimal
    label: str


@dataclass(frozen=True)
class Booked:
    """What the books hold of one fact: the sum of its rows, the first of them and how many there are."""

    quantity: Decimal
    first: int
    rows: int


@dataclass(frozen=True)
class Posting:
    """One row to book; `corrects` is the first row of the fact, None for the first itself."""

    fact: Fact
    booking: int
    corrects: int | None


def first_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def last_of(month: date) -> date:
    """Return the last day of a month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def months_between(first: date, last: date) -> list[date]:
    """Return the months (their first days) from the month of `first` to the month of `last`."""
    months, month = [], first_of(first)
    while month <= last:
        months.append(month)
        month = last_of(month) + timedelta(days=1)
    return months


def spread_evenly(units: Decimal, first: date, last: date) -> dict[date, Decimal]:
    """Return units by month, equal but for the last, which takes what rounding left: together they are `units`."""
    months = months_between(first, last)
    each = (units / len(months)).quantize(UNIT_STEP, rounding=ROUND_HALF_UP)
    planned = dict.fromkeys(months[:-1], each)
    planned[months[-1]] = units - each * (len(months) - 1)
    return planned


def part_of_month(month: date, periods: Iterable[tuple[date, date | None]]) -> Decimal:
    """
    Return how much of a month lies in `periods`, by days; both days of a period count, None = still going on.

    Months are earned pro rata: a site opened on the 16th of April earns 15/30 of April.
    """
    end, days = last_of(month), set()
    for since, until in periods:
        first, last = max(since, month), min(until or end, end)
        days |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return (Decimal(len(days)) / end.day).quantize(UNIT_STEP, rounding=ROUND_HALF_UP)


def open_periods(moves: Iterable[tuple[str, date]]) -> list[tuple[date, date | None]]:
    """Return from when to when a site was open, from its moves (state, day) in the order they were made."""
    periods: list[tuple[date, date | None]] = []
    for state, day in moves:
        is_open = bool(periods) and periods[-1][1] is None
        if state in OPEN_STATES and not is_open:
            periods.append((day, None))
        elif state not in OPEN_STATES and is_open:
            since = periods[-1][0]
            periods[-1] = (since, max(since, day))
    return periods


def postings(due: Mapping[str, Fact], booked: Mapping[str, Booked], on: date, gone: str) -> list[Posting]:
    """
    Return the rows that make the books agree with the facts; none when they do.

    A fact not yet booked is booked on its own day. A difference afterwards (the fact is gone, a month turned out
    shorter) is booked on `on`, the day it is found: the months before stay as they were reported.

    :param due: the facts by source
    :param gone: label of the row that takes back a fact that is no more
    """
    found = []
    for source, fact in due.items():
        known = booked.get(source)
        if known is None:
            if fact.quantity:
                found.append(Posting(fact, 0, None))
        elif fact.quantity != known.quantity:
            difference = Fact(source, on, fact.quantity - known.quantity, fact.label)
            found.append(Posting(difference, known.rows, known.first))
    for source, known in booked.items():
        if source not in due and known.quantity:
            found.append(Posting(Fact(source, on, -known.quantity, gone), known.rows, known.first))
    return sorted(found, key=lambda one: (one.fact.day, one.fact.source))
