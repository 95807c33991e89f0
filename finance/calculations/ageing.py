"""How long money is owed beyond its due day, in the steps every finance department counts by. Values only."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from ctms.money.amounts import ZERO

# Days after the due day at which a step begins; None = not due yet.
STEPS = (None, 1, 31, 61, 91)


def step_of(due_on: date, on: date) -> int:
    """Return the place in STEPS of money due on a day."""
    late = (on - due_on).days
    return max((place for place, begins in enumerate(STEPS) if begins is None or late >= begins), default=0)


def days_of(step: int, on: date) -> tuple[date | None, date | None]:
    """Return the first and the last due day of a step; None = without end."""
    begins, following = STEPS[step], STEPS[step + 1] if step + 1 < len(STEPS) else None
    first = on - timedelta(days=following - 1) if following is not None else None
    return first, on - timedelta(days=begins) if begins is not None else None


def aged(amounts: Iterable[tuple[date, Decimal]], on: date) -> list[Decimal]:
    """Return what is owed in each step, of (due day, amount)."""
    found = [ZERO for _step in STEPS]
    for due_on, amount in amounts:
        found[step_of(due_on, on)] += amount
    return found
