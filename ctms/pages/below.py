"""The short lists on a record's page: what belongs to it in the apps above, each the beginning of a whole list."""

from dataclasses import dataclass
from typing import Any

from django.utils.http import urlencode

from .columns import Column, columns_for
from .listing import LISTINGS, Listing
from .rows import Rows
from .turning import first_of

ROWS_BELOW, COLUMNS_BELOW = 20, 5


@dataclass(frozen=True)
class ShortList:
    """The first rows of a list that concern one record; `url` is where all of them stand, if the list asks for it."""

    listing: type[Listing]
    columns: list[Column]
    rows: list[Any]
    count: int
    url: str

    @property
    def heads(self):
        return [column.title(self.listing.model()) for column in self.columns]


def lists_below(user, record):
    """Return the ShortLists of a record this person may open; empty ones are left out."""
    label = record._meta.label
    found = [
        _short_list(user, record, listing, listing.below[label])
        for listing in LISTINGS.values()
        if label in listing.below and listing.may_open(user)
    ]
    return [one for one in found if one.rows]


def _short_list(user, record, listing, filtered_by):
    rows = listing.rows(user).filter(**{filtered_by: record.pk})
    first, count = first_of(rows, ROWS_BELOW)
    offered = columns_for(user, listing.shown_columns(), listing.model())
    columns = [column for column in offered if column.path != filtered_by][:COLUMNS_BELOW]
    written = Rows(listing, columns)
    return ShortList(
        listing=listing,
        columns=columns,
        rows=[written.row(one) for one in first],
        count=count,
        url=f"{listing.url()}?{urlencode({filtered_by: record.pk})}"
        if filtered_by in listing.filters
        else "",
    )
