"""Filters from a declaration: several values of one choice, days from and to, nothing the person does not see."""

from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django.db import models
from django.db.models import Q
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import Scoped

from .record import in_own_order

TICKED, CHOSEN = mark_safe(" checked"), mark_safe(" selected")
# Nobody reads through thousands of boxes, and writing them costs more than the list itself.
MOST_OFFERED = 100
# A search stands in the address of its list: the web server refuses a line of more than about four thousand bytes.
MOST_SIGNS_SEARCHED = 200


# What else a search in a list finds its rows by: (model, user, text) -> condition. The product's search, above, adds
# its own: numbers as they stand on the records, words without accents.
ALSO_FOUND: list[Callable] = []


class Ticks(forms.CheckboxSelectMultiple):
    """Boxes to tick, written in one go: a list of sites is long, and a template for each would be slow."""

    def render(self, name, value, attrs=None, renderer=None):
        ticked = {str(one) for one in value or ()}
        choices, note = self._offered(ticked)
        lines = (
            (name, key, TICKED if str(key) in ticked else "", label) for key, label in choices if str(key)
        )
        box = '<label><input type="checkbox" name="{}" value="{}"{}> {}</label>'
        return format_html('<div class="ticks">{}</div>{}', format_html_join("", box, lines), note)

    def _offered(self, ticked):
        """Return the choices to show with a note: of very many records the first, and those ticked."""
        rows = getattr(self.choices, "queryset", None)
        if rows is None:
            return self.choices, ""
        offered = list(rows[: MOST_OFFERED + 1])
        if len(offered) <= MOST_OFFERED:
            return [self.choices.choice(one) for one in offered], ""
        del offered[MOST_OFFERED:]
        beyond = {int(key) for key in ticked if key.isdecimal()} - {one.pk for one in offered}
        chosen = list(rows.filter(pk__in=beyond)) if beyond else []
        note = format_html(
            '<p class="help">{}</p>',
            _("The first %(n)d. Find others by the search, or from their own page.") % {"n": MOST_OFFERED},
        )
        return [self.choices.choice(one) for one in (*chosen, *offered)], note


class OneOf(forms.Select):
    """A list to choose one of, written in one go: a template for each of a thousand people outweighed the page."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = self.format_value(value)
        lines = ((key, CHOSEN if str(key) in chosen else "", label) for key, label in self.choices)
        options = format_html_join("", '<option value="{}"{}>{}</option>', lines)
        said = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", said, options)


class NarrowedFilterSet(django_filters.FilterSet):
    """Offers only visible records in every choice; a place given in the address keeps its rows."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "q" in self.filters:
            self.filters.move_to_end("q", last=False)
        for narrowed in self.filters.values():
            rows = getattr(narrowed, "queryset", None)
            if rows is not None and issubclass(rows.model, Scoped):
                narrowed.queryset = in_own_order(rows.all().visible_to(self.request.user))


FROM_AND_TO = {
    "gte": _("from"),
    "lte": _("to"),
    "lt": _("before"),
    "date__gte": _("from"),
    "date__lte": _("to"),
}


class ListFilterSet(NarrowedFilterSet):
    """The filters of a page: of a choice any number of values, of a day a range, named in words."""

    @classmethod
    def filter_for_lookup(cls, field, lookup_type):
        found, options = super().filter_for_lookup(field, lookup_type)
        if lookup_type != "exact":
            return found, options
        if found is django_filters.ModelChoiceFilter:
            found = django_filters.ModelMultipleChoiceFilter
        elif found is django_filters.ChoiceFilter:
            found = django_filters.MultipleChoiceFilter
        else:
            return found, options
        return found, {**options, "distinct": False, "widget": Ticks}

    @classmethod
    def filter_for_field(cls, field, field_name, lookup_expr=None):
        found = super().filter_for_field(field, field_name, lookup_expr)
        if word := FROM_AND_TO.get(lookup_expr or ""):
            found.label = format_lazy("{name} {word}", name=capfirst(field.verbose_name), word=word)
        return found


# A day is chosen in the browser's own calendar, and written the same for everybody in the address.
DAYS = {
    models.DateField: {
        "filter_class": django_filters.DateFilter,
        "extra": lambda field: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
    }
}
YES_OR_NO = {
    models.BooleanField: {
        "filter_class": django_filters.BooleanFilter,
        "extra": lambda field: {
            "widget": forms.Select(choices=[("", _("Any")), ("true", _("Yes")), ("false", _("No"))])
        },
    }
}


def make_filterset(name, model, filters, search=(), *, by_key=False, also=None):
    """
    Return a filterset over a model: the declared fields, and `q` through the searched ones.

    :param also: (user, text) -> a further condition a search finds by, such as words in a file
    :param by_key: other records are named by their key and not chosen from a list (the API): a key the person
        does not see finds nothing, like one that does not exist; one value a filter
    """

    def look(self, rows, _name, text):
        found = Q()
        for path in search:
            found |= Q(**{f"{path}__icontains": text})
        if also is not None:
            found |= also(self.request.user, text)
        for find in ALSO_FOUND:
            found |= find(model, self.request.user, text)
        return rows.filter(found)

    overrides: dict[Any, Any] = {**DAYS} if by_key else {**DAYS, **YES_OR_NO}
    meta = {"model": model, "fields": filters, "filter_overrides": overrides}
    attributes = {"Meta": type("Meta", (), meta), "look": look}
    if search:
        attributes["q"] = django_filters.CharFilter(
            method="look",
            label=_("Search"),
            widget=forms.TextInput(
                attrs={"type": "search", "placeholder": _("Search"), "maxlength": MOST_SIGNS_SEARCHED}
            ),
        )
    if by_key:
        attributes.update({key: _key_filter(model, key) for key in filters if _is_key(model, key)})
    return type(name, (NarrowedFilterSet if by_key else ListFilterSet,), attributes)


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
