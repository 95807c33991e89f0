"""Planned, earned, invoiced and burnt, per line and month: the one definition pages, exports and invoices share.

What money is rounded at is the cell: one line, one month, one price. Months, lines, groups and the whole are sums of
cells, so every total ties to its parts to the cent.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ctms.money.amounts import ZERO, rounded

from .earning import first_of, spread_evenly


@dataclass(frozen=True)
class TermsFact:
    """What one version says of one line; `agreed` = the parties signed it, `order` tells versions apart in time."""

    line: int
    price: Decimal
    units: Decimal
    starts_on: date
    ends_on: date
    effective_from: date
    effective_until: date | None
    agreed: bool
    order: int
    planned: tuple[tuple[date, Decimal], ...] = ()

    def is_in_force(self, day):
        return (
            self.agreed
            and self.effective_from <= day
            and (self.effective_until is None or day <= self.effective_until)
        )


@dataclass(frozen=True)
class EarnedFact:
    line: int
    day: date
    units: Decimal


@dataclass(frozen=True)
class InvoicedFact:
    line: int
    month: date
    price: Decimal
    units: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Figures:
    """Units and their value: planned, earned, invoiced."""

    planned_units: Decimal = ZERO
    planned_value: Decimal = ZERO
    earned_units: Decimal = ZERO
    earned_value: Decimal = ZERO
    invoiced_units: Decimal = ZERO
    invoiced_value: Decimal = ZERO

    def __add__(self, other):
        return Figures(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    @property
    def unbilled_value(self):
        """Work in progress: earned and not yet invoiced."""
        return self.earned_value - self.invoiced_value


@dataclass(frozen=True)
class Cell:
    """What is earned and not billed of one line in one month at one price."""

    line: int
    month: date
    price: Decimal
    units: Decimal
    amount: Decimal


@dataclass
class LineStanding:
    """How one line stands on a day."""

    price: Decimal | None = None
    contracted_units: Decimal = ZERO
    contracted_value: Decimal = ZERO
    months: dict[date, Figures] = field(default_factory=dict)
    at_risk_units: Decimal = ZERO
    at_risk_value: Decimal = ZERO

    @property
    def total(self):
        return total_of(self.months.values())

    @property
    def burn(self):
        """Percent of the contracted units that are earned; None where none are contracted."""
        if not self.contracted_units:
            return None
        return 100 * self.total.earned_units / self.contracted_units


def total_of(figures: Iterable[Figures]) -> Figures:
    return sum(figures, Figures())


def in_force(terms: Iterable[TermsFact], day: date) -> TermsFact | None:
    """Return the agreed terms of a line that hold on a day."""
    return next((one for one in terms if one.is_in_force(day)), None)


def priced(terms: list[TermsFact], day: date) -> tuple[Decimal, bool]:
    """
    Return the price a unit earned on a day has, and whether the parties had agreed on it.

    Without agreed terms on that day, work goes at the price first agreed later, or else last proposed.
    """
    if held := in_force(terms, day):
        return held.price, True
    agreed = sorted((one for one in terms if one.agreed), key=lambda one: one.effective_from)
    if agreed:
        return agreed[0].price, False
    proposed = sorted(terms, key=lambda one: one.order)
    return (proposed[-1].price if proposed else ZERO), False


def standing(currency, terms, earned, invoiced, on, *, planned=True) -> dict[int, LineStanding]:
    """
    Return how every line stands on the day `on`.

    :param planned: False where nobody asks how the contracted units are spread over the months
    """
    terms_of = _by_line(terms)
    lines = {line: _contracted(currency, of_line, on, planned) for line, of_line in terms_of.items()}
    for line in {one.line for one in (*earned, *invoiced)} - set(lines):
        lines[line] = LineStanding()
    for (line, month, _price), (units, value) in _earned_cells(currency, terms_of, earned).items():
        _add(lines[line], month, Figures(earned_units=units, earned_value=value))
    for one in invoiced:
        _add(lines[one.line], one.month, Figures(invoiced_units=one.units, invoiced_value=one.amount))
    earned_of = _by_line(earned)
    for line, found in lines.items():
        _judge_risk(currency, found, terms_of.get(line, []), earned_of.get(line, []))
        found.months = dict(sorted(found.months.items()))
    return lines


def unbilled(currency, terms, earned, claimed) -> list[Cell]:
    """
    Return what is left to invoice, cell by cell; negative where billed units were taken back.

    What completes a cell is the cell's value less what was billed of it: no cent is left over.
    """
    cells = {key: list(value) for key, value in _earned_cells(currency, _by_line(terms), earned).items()}
    for one in claimed:
        cell = cells.setdefault((one.line, one.month, one.price), [ZERO, ZERO])
        cell[0] -= one.units
        cell[1] -= one.amount
    return [
        Cell(line, month, price, units, amount)
        for (line, month, price), (units, amount) in sorted(cells.items())
        if units
    ]


def _by_line(facts):
    found = defaultdict(list)
    for one in facts:
        found[one.line].append(one)
    return dict(found)


def _add(line, month, figures):
    line.months[month] = line.months.get(month, Figures()) + figures


def _contracted(currency, terms, on, spread):
    """Return a line with what the version in force on the day agreed, spread over its months if asked."""
    held = in_force(terms, on)
    if held is None:
        return LineStanding(price=priced(terms, on)[0])
    line = LineStanding(held.price, held.units, rounded(held.units * held.price, currency))
    if not spread:
        return line
    planned = dict(held.planned) or spread_evenly(held.units, held.starts_on, held.ends_on)
    so_far, value_so_far = ZERO, ZERO
    for month, units in sorted(planned.items()):
        # By the sum so far, so that the months together are the contracted value.
        so_far += units
        value = rounded(so_far * held.price, currency)
        _add(line, month, Figures(planned_units=units, planned_value=value - value_so_far))
        value_so_far = value
    return line


def _earned_cells(currency, terms_of, earned):
    """Return {(line, month, price): (units, value)}."""
    units: dict = defaultdict(lambda: ZERO)
    for one in earned:
        price, _agreed = priced(terms_of.get(one.line, []), one.day)
        units[one.line, first_of(one.day), price] += one.units
    return {key: (count, rounded(count * key[2], currency)) for key, count in units.items()}


def _judge_risk(currency, line, terms, earned):
    """Set what was earned on days without agreed terms, and beyond what is contracted now."""
    covered, bare = [], []
    for one in earned:
        (covered if priced(terms, one.day)[1] else bare).append(one)
    beyond = max(sum((one.units for one in covered), ZERO) - line.contracted_units, ZERO)
    cells = _earned_cells(currency, {one.line: terms for one in earned}, bare)
    line.at_risk_units = sum((one.units for one in bare), ZERO) + beyond
    line.at_risk_value = sum((value for _units, value in cells.values()), ZERO)
    line.at_risk_value += rounded(beyond * (line.price or ZERO), currency)
