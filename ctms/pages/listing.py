"""Listing: a list page, its filters, its tab in a study, its export, from one declaration over a Record."""

from collections.abc import Callable, Sequence
from typing import ClassVar

import django_filters
import django_tables2 as tables
from django import forms
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from ctms.access.access import Publishing, access_of
from ctms.access.scoping import Scoped, scope_of

from .columns import Column, ShownTerm, as_column
from .record import Record

LISTINGS: dict[str, type["Listing"]] = {}
COUNTED_UP_TO = 10_000


class Listing:
    """
    A list of the rows of a Record.

    :cvar name: in the address; the record's slug unless there are several lists of one record
    :cvar columns: shown and exported, in order; the first opens the record
    :cvar filters: as django-filter's Meta.fields; every related choice is narrowed to what the person sees
    :cvar tab: label of its tab inside a study, country and site; "" = none
    :cvar rail: place in the left rail (group, position); None = not there
    :cvar narrow: a further condition (rows, user) -> rows, such as overdue
    :cvar template: the page around the list; extends pages/list.html where a list has actions of its own
    :cvar empty: what belongs here and who may add it, said when there is nothing
    """

    record: ClassVar[type[Record]]
    name: ClassVar[str]
    title: ClassVar[str] = ""
    columns: ClassVar[Sequence[str | Column]] = ()
    filters: ClassVar[dict[str, list[str]]] = {}
    search: ClassVar[Sequence[str]] = ()
    order: ClassVar[Sequence[str]] = ()
    related: ClassVar[Sequence[str]] = ()
    tab: ClassVar[str] = ""
    tab_position: ClassVar[int] = 100
    rail: ClassVar[tuple[str, int] | None] = None
    narrow: ClassVar[Callable | None] = None
    template: ClassVar[str] = "pages/list.html"
    empty: ClassVar[str] = ""
    per_page: ClassVar[int] = 50
    filterset: ClassVar[type[django_filters.FilterSet]]
    table: ClassVar[type[tables.Table]]

    def __init_subclass__(cls):
        cls.name = getattr(cls, "name", cls.record.slug)
        if cls.name in LISTINGS:
            raise TypeError(f"Two listings called {cls.name}.")
        cls.title = cls.title or cls.record.many().capitalize()
        cls.filterset = _filterset(cls)
        cls.table = _table(cls)
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
        columns, level = scope_of(cls.model()).columns, PLACE_LOOKUP[type(place_record).__name__]
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
    def extra_context(cls, request, place):
        """Return what the list's own template needs beside its rows; `place` is None outside of a place."""
        return {}

    @classmethod
    def url(cls):
        return reverse(f"{cls.name}-list")


def _never_published(model):
    return issubclass(model, Scoped) and scope_of(model).publishing is Publishing.NEVER


PLACE_LOOKUP = {"Study": "study", "StudyCountry": "country", "StudySite": "site"}


class BoundedPaginator(Paginator):
    """Counts to ten thousand and no further: nobody pages on, and a full count of a million rows is slow."""

    @cached_property
    def count(self):
        rows = self.object_list
        while hasattr(rows, "data"):  # django-tables2 hands over its wrappers
            rows = rows.data
        return len(rows) if isinstance(rows, list) else rows.order_by()[: COUNTED_UP_TO + 1].count()

    @property
    def shown_count(self):
        return f"{COUNTED_UP_TO:,}+" if self.count > COUNTED_UP_TO else str(self.count)


class NarrowedFilterSet(django_filters.FilterSet):
    """Offers only visible records in every choice; a place given in the address keeps its rows."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "q" in self.filters:
            self.filters.move_to_end("q", last=False)
        for narrowed in self.filters.values():
            rows = getattr(narrowed, "queryset", None)
            if rows is not None and issubclass(rows.model, Scoped):
                narrowed.queryset = rows.all().visible_to(self.request.user)


# A day is chosen in the browser's own calendar, and written the same for everybody in the address.
DAYS = {
    models.DateField: {
        "filter_class": django_filters.DateFilter,
        "extra": lambda field: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
    }
}


def _filterset(listing):
    return make_filterset(
        f"{listing.__name__}Filters",
        listing.record.model,
        listing.filters,
        listing.search,
        also=listing.record.search_also,
    )


def make_filterset(name, model, filters, search=(), *, by_key=False, also=None):
    """
    Return a filterset over a model: the declared fields, and `q` through the searched ones.

    :param also: (user, text) -> a further condition a search finds by, such as words in a file

    :param by_key: other records are named by their key and not chosen from a list (the API): a key the person
        does not see finds nothing, like one that does not exist
    """

    def look(self, rows, _name, text):
        found = Q()
        for path in search:
            found |= Q(**{f"{path}__icontains": text})
        if also is not None:
            found |= also(self.request.user, text)
        return rows.filter(found)

    meta = {"model": model, "fields": filters, "filter_overrides": DAYS}
    attributes = {"Meta": type("Meta", (), meta), "look": look}
    if search:
        attributes["q"] = django_filters.CharFilter(
            method="look", label=_("Search"), widget=forms.TextInput(attrs={"type": "search"})
        )
    if by_key:
        attributes.update({key: _key_filter(model, key) for key in filters if _is_key(model, key)})
    return type(name, (NarrowedFilterSet,), attributes)


def _is_key(model, name):
    return model._meta.get_field(name).is_relation


def _key_filter(model, name):
    target = model._meta.get_field(name).target_field
    if isinstance(target, models.IntegerField | models.AutoField):
        return django_filters.NumberFilter(
            field_name=f"{name}_id",
            decimal_places=0,
            max_value=models.BigIntegerField.MAX_BIGINT,
            min_value=0,
        )
    return django_filters.CharFilter(field_name=f"{name}_id")


class RecordColumn(tables.Column):
    """A cell: the first of a row opens its record, states are badges, numbers stand right."""

    def __init__(self, column, declaration, *, opens):
        self.shown, self.declaration, self.opens = column, declaration, opens
        sort = column.sort_path(declaration.model)
        super().__init__(
            verbose_name=column.title(declaration.model),
            accessor=column.path,
            order_by=(sort,) if sort else None,
            orderable=bool(sort),
            empty_values=(),
            attrs=_cell_attributes(column, declaration.model),
        )

    def render(self, record):
        text = self.shown.text(record)
        if tone := self.shown.tone(record):
            return render_to_string("pages/_state.html", {"tone": tone, "label": text})
        if self.opens and not self.declaration.api_only:
            return format_html('<a href="{}">{}</a>', self.declaration.url(record), text)
        if isinstance(value := self.shown.value(record), ShownTerm):
            return render_to_string("pages/_term.html", {"term": value})
        if self.shown.is_text(self.declaration.model):
            return format_html('<span class="clamp">{}</span>', text)
        # A date or a number is not broken in two because the window is narrow.
        return format_html('<span class="short">{}</span>', text) if len(text) <= SHORT else text


SHORT = 14


def _cell_attributes(column, model):
    name = "number" if column.is_number(model) else "prose" if column.is_text(model) else ""
    return {"th": {"class": name}, "td": {"class": name}} if name else {}


# What was called off stays in its list, struck through.
CALLED_OFF = ("CANCELLED", "VOIDED")


def _row_class(record):
    return "called-off" if getattr(record, "status", "") in CALLED_OFF else ""


def _table(listing):
    columns, attributes = [as_column(spec) for spec in listing.columns], {}
    for position, column in enumerate(columns):
        attributes[column.path.replace("__", "_")] = RecordColumn(column, listing.record, opens=position == 0)
    attributes["Meta"] = type(
        "Meta",
        (),
        {
            "order_by_field": "sort",
            "template_name": "pages/_table.html",
            "row_attrs": {"class": _row_class},
        },
    )
    return type(f"{listing.__name__}Table", (tables.Table,), attributes)


def tabs():
    """Return the listings that are tabs inside a study, in their order."""
    return sorted((one for one in LISTINGS.values() if one.tab), key=lambda one: one.tab_position)
