"""How units and amounts are shown in lists: 3 and not 3.0000, 2,950.00 and not 2950.0000."""

from dataclasses import dataclass

from ctms.money.amounts import rounded
from ctms.pages.columns import NONE_SHOWN, Column, units_text


@dataclass(frozen=True)
class UnitsColumn(Column):
    """A number of units."""

    number: bool = True

    def text(self, record):
        value = self.value(record)
        return NONE_SHOWN if value is None else units_text(value)


@dataclass(frozen=True)
class AmountColumn(Column):
    """An amount in the currency found by the path `currency`."""

    currency: str = "budget__currency"
    number: bool = True

    def text(self, record):
        value = self.value(record)
        if value is None:
            return NONE_SHOWN
        currency = Column(self.currency).value(record)
        return f"{rounded(value, currency):,} {currency}"


@dataclass(frozen=True)
class MonthColumn(Column):
    """A month, kept as its first day."""

    def text(self, record):
        value = self.value(record)
        return NONE_SHOWN if value is None else f"{value:%b %Y}"
