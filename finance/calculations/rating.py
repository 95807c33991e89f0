"""What one event is worth: the fee, its overhead, what is held back; split over payees without losing a cent."""

from dataclasses import dataclass
from decimal import Decimal

from ctms.money.amounts import ZERO, rounded, share


@dataclass(frozen=True)
class Ledger:
    """The amounts of one payable. Each is rounded by itself, so that the total is the sum of what is shown."""

    amount: Decimal
    overhead: Decimal
    holdback: Decimal

    @property
    def total(self):
        return self.amount + self.overhead - self.holdback

    def __add__(self, other):
        return Ledger(
            self.amount + other.amount, self.overhead + other.overhead, self.holdback + other.holdback
        )

    def __sub__(self, other):
        return self + -other

    def __neg__(self):
        return Ledger(-self.amount, -self.overhead, -self.holdback)

    def __bool__(self):
        return any((self.amount, self.overhead, self.holdback))


NOTHING = Ledger(ZERO, ZERO, ZERO)


def rated(amount, currency, *, overhead_percent=ZERO, holdback_percent=ZERO):
    """Return the amounts of a fee: overhead on the fee, holdback on both, as site contracts have it."""
    amount = rounded(amount, currency)
    overhead = share(amount, overhead_percent, currency)
    return Ledger(amount, overhead, share(amount + overhead, holdback_percent, currency))


def split(ledger, percents, currency):
    """Return the part of each payee; the last takes what rounding leaves."""
    parts, left = [], ledger
    for percent in percents[:-1]:
        part = Ledger(
            *(share(value, percent, currency) for value in (ledger.amount, ledger.overhead, ledger.holdback))
        )
        parts.append(part)
        left = left - part
    return [*parts, left]


def allowed_by_ratio(paid, per, entered):
    """Return how many screen failures are paid once `entered` subjects are in: 1 per 3 of 8 are 2."""
    return entered // per * paid
