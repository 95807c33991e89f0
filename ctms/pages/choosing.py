"""What an address asks of a list: which rows, in which order, which columns; and the addresses that ask otherwise."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import SimpleNamespace

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from ctms.access.scoping import Scoped, scope_of

from .columns import as_column, as_text, columns_for
from .rows import css_of

# What an address says of the list itself, and not of its rows.
OWN = ("sort", "page", "columns", "export", "view")
PLACE_MODELS = {"study": "studies.Study", "country": "studies.StudyCountry", "site": "studies.StudySite"}


@dataclass(frozen=True)
class Chip:
    """One thing the rows are chosen by, and the query without it."""

    label: str
    value: str
    without: str


@dataclass(frozen=True)
class Head:
    """The head of a column: how the rows are sorted by it, and the queries that sort by it alone or as well."""

    title: str
    css: str
    direction: str = ""
    rank: int = 0
    alone: str = ""
    as_well: str = ""


@dataclass(frozen=True)
class Control:
    """The fields of one filter: boxes to tick, a range of days, or one field."""

    label: str
    fields: tuple
    shape: str


class Chosen:
    """
    A list as somebody's address asks for it.

    What the address asks and the list does not know is passed over and named in `ignored`; a filter with a value
    that cannot be read shows no rows.
    """

    def __init__(self, listing, user, query, *, place=None):
        self.listing, self.user, self.query, self.place = listing, user, query, place
        rows = listing.rows(user)
        self._all = listing.at(rows, place) if place is not None else rows
        self.filters = listing.filterset(query, self._all, request=SimpleNamespace(user=user))
        if place is not None:
            self._offer_what_lies_in(place.place().study)
        # Inside a study nobody asks for the study.
        self.said_by_place = ("study",) if place is not None else ()
        for name in self.said_by_place:
            self.filters.form.fields.pop(name, None)

    def _offer_what_lies_in(self, study):
        """Offer no site of another study to choose from."""
        for narrowed in self.filters.filters.values():
            rows = getattr(narrowed, "queryset", None)
            if rows is not None and issubclass(rows.model, Scoped):
                narrowed.queryset = rows.filter(**{scope_of(rows.model).columns["study"]: study})

    # --- rows -----------------------------------------------------------------------------------------

    @cached_property
    def rows(self):
        rows = self.filters.qs if self.filters.is_valid() else self._all.none()
        paths = [
            ("-" if name.startswith("-") else "") + self._sortable[name.lstrip("-")] for name in self.sort
        ]
        return rows.order_by(*paths, "pk") if paths else rows

    @cached_property
    def sort(self):
        """Return the keys of the columns the rows are sorted by, first things first, with a minus if downwards."""
        known, seen = [], set()
        for name in self._words("sort"):
            key = name.removeprefix("-")
            if key in self._sortable and key not in seen:
                known.append(name)
                seen.add(key)
        return known

    @cached_property
    def _sortable(self):
        model = self.listing.model()
        every = columns_for(self.user, self.listing.every_column(), self.listing.model())
        return {c.key: path for c in every if (path := c.sort_path(model))}

    # --- columns --------------------------------------------------------------------------------------

    @cached_property
    def offered_columns(self):
        every = columns_for(self.user, self.listing.every_column(), self.listing.model())
        return [c for c in every if c.key not in self.said_by_place]

    @cached_property
    def _by_itself(self):
        """Return the columns shown when the address does not say."""
        more = {as_column(spec).key for spec in self.listing.more_columns}
        return [c for c in self.offered_columns if c.key not in more]

    @cached_property
    def columns(self):
        """Return the columns shown, in the order of their declaration; the first opens the record and stays."""
        known = {column.key for column in self.offered_columns} & set(self._words("columns"))
        if not known:
            return self._by_itself
        return [c for n, c in enumerate(self.offered_columns) if n == 0 or c.key in known]

    @property
    def column_boxes(self):
        """Return [(key, title, shown, stays)] of the columns to choose from."""
        model, shown = self.listing.model(), {column.key for column in self.columns}
        return [
            (c.key, c.title(model), c.key in shown, number == 0)
            for number, c in enumerate(self.offered_columns)
        ]

    @property
    def columns_by_default(self):
        """Return the keys of what is shown when the address does not say: it need not say those."""
        return ",".join(c.key for c in self._by_itself)

    @property
    def heads(self):
        ranks = {name.removeprefix("-"): (n, name) for n, name in enumerate(self.sort, start=1)}
        return [self._head(column, *ranks.get(column.key, (0, ""))) for column in self.columns]

    def _head(self, column, rank, name):
        model = self.listing.model()
        css = css_of(column, model)
        if column.key not in self._sortable:
            return Head(column.title(model), css)
        turned = column.key if name.startswith("-") or not name else f"-{column.key}"
        others = [turned if one == name else one for one in self.sort] if name else [*self.sort, turned]
        direction = ("descending" if name.startswith("-") else "ascending") if name else ""
        several = rank if len(self.sort) > 1 else 0
        alone, as_well = self.asking(sort=turned), self.asking(sort=",".join(others))
        return Head(column.title(model), css, direction, several, alone, as_well)

    # --- what it is chosen by -------------------------------------------------------------------------

    @cached_property
    def chips(self):
        """Return what the rows are filtered and sorted by, one chip each value."""
        found = []
        for name, field in self.filters.form.fields.items():
            for value in self.query.getlist(name):
                if value not in ("", "unknown"):
                    shown = self._shown(name, field, value)
                    found.append(Chip(str(field.label or name), shown, self.without(name, value)))
        return found

    @cached_property
    def sort_chips(self):
        titles = {column.key: column.title(self.listing.model()) for column in self.listing.every_column()}
        arrow = {True: "↓", False: "↑"}
        return [
            Chip(
                _("Sorted by"),
                f"{titles[name.removeprefix('-')]} {arrow[name.startswith('-')]}",
                self.asking(sort=",".join(one for one in self.sort if one != name)),
            )
            for name in self.sort
        ]

    def _shown(self, name, field, value):
        if hasattr(field, "queryset"):
            found = field.queryset.filter(pk=value).first() if value.isascii() and value.isdigit() else None
            return str(found) if found else value
        cleaned = self.filters.form.cleaned_data.get(name) if self.filters.form.is_valid() else None
        if isinstance(cleaned, date | bool):
            return as_text(cleaned)
        return str(dict(getattr(field, "choices", ()) or ()).get(value, value))

    @cached_property
    def ignored(self):
        """Return the names the address asks by and the list does not know (any more)."""
        fields, known = self.filters.form.fields, {column.key for column in self.listing.every_column()}
        names = [n for n in self.query if n not in fields and n not in (*OWN, *self.said_by_place)]
        names += [n for n in self._words("columns") if n not in known]
        names += [n for n in self._words("sort") if n.removeprefix("-") not in self._sortable]
        return list(dict.fromkeys(name[:40] for name in names))

    @property
    def controls(self):
        """Return the filters as a person sets them; days of one field stand together."""
        found: dict[str, list] = {}
        for bound in self.filters.form:
            if bound.name != "q":
                found.setdefault(_what_it_filters(bound), []).append(bound)
        return [_control(fields) for fields in found.values()]

    # --- addresses ------------------------------------------------------------------------------------

    def asking(self, **changes):
        """Return the query with something else asked; '' takes it away. It begins at the first page again."""
        query = self.query.copy()
        for name in ("page", "export"):
            query.pop(name, None)
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return query.urlencode(safe=",")

    def without(self, name, value):
        """Return the query without one value of a filter."""
        query = self.query.copy()
        query.setlist(name, [one for one in query.getlist(name) if one != value])
        for gone in (*(() if query.getlist(name) else (name,)), "page"):
            query.pop(gone, None)
        return query.urlencode(safe=",")

    @property
    def query_kept(self):
        """Return what a saved view keeps: everything but the page."""
        return self.asking(view="")

    @property
    def cleared(self):
        """Return the query that shows every row, with the columns as they are."""
        kept = QueryDict(mutable=True)
        if columns := self.query.getlist("columns"):
            kept["columns"] = ",".join(columns)
        return kept.urlencode(safe=",")

    def _words(self, name):
        return [word for text in self.query.getlist(name) for word in text.split(",") if word]


def _what_it_filters(bound):
    """Return the name of a filter's field: of a day the same for its beginning and its end."""
    if not isinstance(bound.field, forms.DateField):
        return bound.name
    return bound.name.replace("__date__", "__").rsplit("__", 1)[0]


def _control(fields):
    first = fields[0]
    if first.use_fieldset:
        return Control(first.label, tuple(fields), "ticks")
    return Control(first.label, tuple(fields), "days" if len(fields) > 1 else "one")


def chosen_rows(listing, user, query, *, place=None):
    """Return the rows a person sees of a listing, narrowed to a place, filtered and sorted as the query says."""
    return Chosen(listing, user, query, place=place).rows
