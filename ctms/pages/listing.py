"""Listing: a list page, its filters, its tab in a study, its export, from one declaration over a Record."""

from collections.abc import Callable, Sequence
from typing import ClassVar

import django_filters
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.functional import cached_property

from ctms.access.access import Publishing, access_of
from ctms.access.explain import why_not
from ctms.access.scoping import Scoped, scope_of

from .bulk import BulkAction, action_of
from .columns import Column, as_column, blinding_column
from .filters import make_filterset
from .record import Record
from .turning import page_of

LISTINGS: dict[str, type["Listing"]] = {}
COUNTED_UP_TO = 10_000


class Listing:
    """
    A list of the rows of a Record.

    :cvar name: in the address; the record's slug unless there are several lists of one record
    :cvar columns: shown and exported, in order; the first opens the record. Of rows that may be of the unblinded
        circle, whether they are follows by itself, for who may see such rows
    :cvar more_columns: what a person may show beside them, in this order behind them
    :cvar filters: as django-filter's Meta.fields; every related choice is narrowed to what the person sees
    :cvar tab: label of its tab inside a study, country and site; "" = none
    :cvar tab_at: the places it is a tab of, where it is not one of all three
    :cvar rail: place in the left rail (group, position); None = not there
    :cvar narrow: a further condition (rows, user) -> rows, such as overdue
    :cvar template: the page around the list; extends pages/list.html where a list has actions of its own
    :cvar below: the records on whose pages its first rows stand: {model label: its key to it}
    :cvar bulk: what may be done to many rows at once: names of moves that are not signed, or BulkActions
    :cvar begins: the query it opens with where neither the address nor a view of the person's own says one
    :cvar edit_in_place: False where asking whether one row may be changed costs a query
    :cvar empty: what belongs here and who may add it, said when there is nothing
    """

    record: ClassVar[type[Record]]
    name: ClassVar[str]
    title: ClassVar[str] = ""
    columns: ClassVar[Sequence[str | Column]] = ()
    more_columns: ClassVar[Sequence[str | Column]] = ()
    filters: ClassVar[dict[str, list[str]]] = {}
    search: ClassVar[Sequence[str]] = ()
    order: ClassVar[Sequence[str]] = ()
    related: ClassVar[Sequence[str]] = ()
    tab: ClassVar[str] = ""
    tab_position: ClassVar[int] = 100
    tab_at: ClassVar[Sequence[str]] = ("Study", "StudyCountry", "StudySite")
    rail: ClassVar[tuple[str, int] | None] = None
    narrow: ClassVar[Callable | None] = None
    template: ClassVar[str] = "pages/list.html"
    below: ClassVar[dict[str, str]] = {}
    bulk: ClassVar[Sequence[str | BulkAction]] = ()
    begins: ClassVar[str] = ""
    edit_in_place: ClassVar[bool] = True
    empty: ClassVar[str] = ""
    per_page: ClassVar[int] = 50
    filterset: ClassVar[type[django_filters.FilterSet]]

    def __init_subclass__(cls):
        cls.name = getattr(cls, "name", cls.record.slug)
        if cls.name in LISTINGS:
            raise TypeError(f"Two listings called {cls.name}.")
        cls.title = cls.title or cls.record.many().capitalize()
        cls.filterset = _filterset(cls)
        _each_once(cls)
        LISTINGS[cls.name] = cls

    @classmethod
    def model(cls):
        return cls.record.model

    @classmethod
    def rows(cls, user):
        """The only place a listing gets rows from."""
        rows = cls.record.rows(user)
        if cls.related:
            rows = rows.select_related(*cls.related)
        if cls.order:
            rows = rows.order_by(*cls.order, "pk")
        return cls.narrow(rows, user) if cls.narrow else rows

    @classmethod
    def at(cls, rows, place_record):
        """Keep the rows that lie in a study, a country or a site; what lies above a site is its study's."""
        columns, level = scope_of(cls.model()).columns, place_record.place().level
        if level not in columns:
            return rows.filter(**{columns["study"]: place_record.place().study})
        return rows.filter(**{columns[level]: place_record.pk})

    @classmethod
    def may_open(cls, user):
        """True if such rows may be this person's to see; what is published to nobody is no sponsor's room."""
        if access_of(user).published_only and _never_published(cls.model()):
            return False
        return user.has_perm(cls.record.view_permission())

    @classmethod
    def permit(cls, user):
        """Raise PermissionDenied, with the sentence, unless this person may open the list."""
        if not cls.may_open(user):
            raise PermissionDenied(why_not(user, cls.record.view_permission()))

    @classmethod
    def extra_context(cls, request, place):
        """Return what the list's own template needs beside its rows; `place` is None outside of a place."""
        return {}

    @classmethod
    def shown_columns(cls):
        """Return the columns that are shown by themselves, in order."""
        shown = [as_column(spec) for spec in cls.columns]
        declared = {as_column(spec).path for spec in (*cls.columns, *cls.more_columns)}
        return shown + [column for column in blinding_column(cls.model()) if column.path not in declared]

    @classmethod
    def every_column(cls):
        """Return what is shown by itself and what may be shown beside it, in order."""
        return [*cls.shown_columns(), *(as_column(spec) for spec in cls.more_columns)]

    @classmethod
    def bulk_actions(cls, user):
        """Return what this person may do to many rows here; what is signed is signed one by one."""
        found = [action_of(cls.model(), declared) for declared in cls.bulk]
        return [action for action in found if user.has_perm(action.permission)]

    @classmethod
    def url(cls):
        return reverse(f"{cls.name}-list")

    @classmethod
    def bulk_name(cls):
        """Return the name of the address where a deed for many rows is asked for."""
        return f"{cls.name}-bulk"


def _never_published(model):
    return issubclass(model, Scoped) and scope_of(model).publishing is Publishing.NEVER


class BoundedPaginator(Paginator):
    """Counts to ten thousand and no further: nobody pages on, and a full count of a million rows is slow."""

    @cached_property
    def count(self):
        rows = self.object_list
        return len(rows) if isinstance(rows, list) else rows.order_by()[: COUNTED_UP_TO + 1].count()

    def page(self, number):
        number = self.validate_number(number)
        if isinstance(self.object_list, list):
            return super().page(number)
        start = (number - 1) * self.per_page
        return self._get_page(page_of(self.object_list, start, start + self.per_page), number, self)

    @property
    def shown_count(self):
        return f"{COUNTED_UP_TO:,}+" if self.count > COUNTED_UP_TO else str(self.count)


def _filterset(listing):
    return make_filterset(
        f"{listing.__name__}Filters",
        listing.record.model,
        listing.filters,
        listing.search,
        also=listing.record.search_also,
    )


def _each_once(listing):
    keys = [column.key for column in listing.every_column()]
    if twice := next((key for key in keys if keys.count(key) > 1), ""):
        raise TypeError(f"{listing.name} has two columns called {twice}.")


def tabs():
    """Return the listings that are tabs inside a study, in their order."""
    return sorted((one for one in LISTINGS.values() if one.tab), key=lambda one: one.tab_position)
