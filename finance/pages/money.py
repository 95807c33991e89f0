"""How amounts stand in lists, and the places every list of finance reads along."""

from dataclasses import dataclass

from ctms.money.amounts import as_money, plain
from ctms.pages.columns import NONE_SHOWN, Column

PLACE = ("study__sponsor", "site__organization", "site__country__nation")


@dataclass(frozen=True)
class Amount(Column):
    """An amount with the currency of its record, set right; exported as a number."""

    number: bool = True

    def text(self, record):
        value = self.value(record)
        return NONE_SHOWN if value is None else as_money(value, record.currency)


@dataclass(frozen=True)
class Percent(Column):
    """A percentage without the zeros nobody wrote."""

    number: bool = True

    def text(self, record):
        value = self.value(record)
        return NONE_SHOWN if value is None else f"{plain(value)} %"
