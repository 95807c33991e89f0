"""
A page of a list of the API, read as columns: no record is put together to take it apart again.

Whether an answer is made of columns is decided once for an endpoint. One that is more (a property nobody said the
columns of) is read as records and written by `ctms.api.writing`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any

from django.core.exceptions import EmptyResultSet, FieldDoesNotExist
from django.db import models
from rest_framework import ISO_8601, fields, relations, serializers
from rest_framework.settings import api_settings

from ctms.access.parts import SeenWithRecord
from ctms.access.scoping import Scoped
from ctms.pages.turning import next_of

from .reading import Reading
from .shapes import Made, MadeList, OfFirst
from .writing import AS_IT_IS, PART, written

# What is answered depends on the column alone.
OF_A_COLUMN = (
    *AS_IT_IS,
    *(fields.DateField, fields.DateTimeField, fields.DecimalField, fields.FloatField),
    *(fields.ListField, fields.JSONField),
)
# Parts of a record that somebody may see are read along under the name of their relation with this before it.
SHOWN = "shown_"


@dataclass(frozen=True)
class Words:
    """What a record makes of some of its columns."""

    name: str
    model: type[models.Model]
    columns: tuple[str, ...]
    at: slice
    say: Callable[[Any], Any]

    def made(self, values):
        """Return the words, None where there is no such record."""
        own = values[self.at]
        if all(value is None for value in own):
            return None
        # Only what is named is there: a property that looks further fails, and asks nothing of the database.
        record = self.model.__new__(self.model)
        record.__dict__.update(zip(self.columns, own, strict=True))
        return self.say(record)


@dataclass(frozen=True)
class Parts:
    """The parts of a record, read for all records of a page by one statement more."""

    name: str
    source: str
    model: type[models.Model]
    key: str
    columns: "Columns"

    def answers(self, rows, keys):
        """Return {key of the record: [what is answered of its parts]}, those and in the order `rows` read along."""
        along = next(
            one for one in rows._prefetch_related_lookups if getattr(one, "to_attr", "") == self.source
        )
        if isinstance(along, SeenWithRecord):
            found = self.reading(along.order).of_keys(keys)
        else:
            of_these = along.queryset.filter(**{f"{self.key}__in": keys})
            found = of_these.values_list(self.key, *self.columns.paths)
        answers: dict[Any, list] = {key: [] for key in keys}
        for owner, *values in found:
            answers[owner].append(self.columns.answer(values))
        return answers

    @cache  # noqa: B019 - as of Columns
    def reading(self, order):
        return Reading(self.model, self.key, (self.key, *self.columns.paths), order)


@dataclass(frozen=True)
class Asked:
    """What is asked of the database for a page, and where in a row its columns, its key and its place stand."""

    reading: Reading
    columns: Callable[[Any], Any]
    key: Callable[[Any], Any]
    position: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Columns:
    """An answer that is made of columns: no record is put together to take it apart again."""

    names: tuple[str, ...]
    paths: tuple[str, ...]
    converted: tuple[tuple[str, Callable[[Any], Any]], ...]
    model: type[models.Model]
    words: tuple[Words, ...] = ()
    parts: tuple[Parts, ...] = ()
    first: tuple[OfFirst, ...] = ()

    def answer(self, values):
        """Return what is answered of the values of one row, without its parts."""
        answer = dict(zip(self.names, values, strict=False))
        for name, convert in self.converted:
            if (value := answer[name]) is not None:
                answer[name] = convert(value)
        for each in self.words:
            answer[each.name] = each.made(values)
        return answer

    @cache  # noqa: B019 - there are as many of these as endpoints, for as long as the process lives
    def asked_for(self, order):
        """Return what is Asked of the database for rows in an order: no value twice."""
        names = [name.lstrip("-") for name in order]
        paths = tuple(dict.fromkeys((*self.paths, *names, "pk")))
        return Asked(
            reading=Reading(self.model, "pk", paths, order),
            columns=itemgetter(*(paths.index(path) for path in self.paths)),
            key=itemgetter(paths.index("pk")),
            position=tuple(paths.index(name) for name in names),
        )


def read_answers(serializer, rows, count, order):
    """
    Return [(where a row stands in the order, what is answered of it)] of the first `count` rows.

    :param order: what the rows are ordered by, as `order_by` takes it
    """
    columns = columns_of(serializer)
    if columns is None:
        names = [name.lstrip("-") for name in order]
        return [
            (tuple(getattr(row, name) for name in names), written(serializer, row))
            for row in next_of(rows, count)
        ]
    asked = columns.asked_for(tuple(order))
    found = _read(asked.reading, rows, count)
    answers = [columns.answer(asked.columns(values)) for values in found]
    if found:
        _add_parts(columns, rows, [asked.key(values) for values in found], answers)
    return [
        (tuple(values[place] for place in asked.position), answer)
        for values, answer in zip(found, answers, strict=True)
    ]


def _add_parts(columns, rows, keys, answers):
    for parts in columns.parts:
        of_each = parts.answers(rows, keys)
        for key, answer in zip(keys, answers, strict=True):
            answer[parts.name] = of_each[key]
    for field in columns.first:
        for answer in answers:
            answer[field.field_name] = field.first_of(answer[field.parts])


def _read(reading, rows, count):
    if issubclass(rows.model, Scoped):
        rows.refuse_unless_chosen()
    try:
        return reading.of_rows(rows[:count])
    except EmptyResultSet:  # nobody may see any, and the database need not be asked
        return []


@cache
def columns_of(serializer):
    """Return the Columns of a serializer class, or None if one of its fields is more than a column."""
    shape = serializer()
    return _columns(shape.Meta.model, shape._readable_fields)


def _columns(model, readable):
    shown: list[Any] = list(readable)
    paths, further, converted, words, parts, first = [], [], [], [], [], []
    for field in shown:
        name = field.field_name
        # What is more than a column keeps its place in the answer by a column that is there anyway.
        path = "pk"
        if isinstance(field, OfFirst):
            first.append(field)
        elif isinstance(field, Made | MadeList):
            made_of, made = _words(model, field, len(shown) + len(further))
            if made is None:
                return None
            further += made_of
            words.append(made)
        elif type(field) is serializers.ListSerializer:
            if (found := _parts(model, field)) is None:
                return None
            parts.append(found)
        else:
            path, column = _column_of(model, field)
            if column is None:
                return None
            if not _is_said_as_it_is(field, column, own="__" not in path):
                converted.append((name, _converter(field)))
        paths.append(path)
    names = tuple(field.field_name for field in shown)
    return Columns(
        names, (*paths, *further), tuple(converted), model, tuple(words), tuple(parts), tuple(first)
    )


def _words(model, field, start):
    """
    Return the Words of a field: along relations to a record, then by a property of it or by `str()`.

    :param start: where its columns stand among the values of a row; None is returned for a longer way
    """
    along, model, rest = _follow(model, field.source_attrs)
    if len(rest) > 1:
        return [], None
    say, at = attrgetter(rest[0]) if rest else str, slice(start, start + len(field.of))
    paths = ["__".join([*along, name]) for name in field.of]
    return paths, Words(field.field_name, model, field.of, at, say)


def _follow(model, steps):
    """Return (steps taken, the model one comes to, steps left) along relations to one record, as far as they go."""
    for taken, step in enumerate(steps):
        relation = _field(model, step)
        if relation is None or not (relation.many_to_one or relation.one_to_one):
            return steps[:taken], model, steps[taken:]
        model = relation.related_model
    return steps, model, []


def _parts(model, field):
    """Return the Parts a field shows: records read along as `shown_…`, of which columns are told."""
    child: Any = field.child
    relation = _field(model, field.source.removeprefix(SHOWN))
    if type(child).to_representation is not PART or relation is None or not relation.one_to_many:
        return None
    columns = _columns(relation.related_model, child._readable_fields)
    simple = columns is not None and not columns.parts
    if not simple:
        return None
    return Parts(field.field_name, field.source, relation.related_model, relation.field.attname, columns)


def _column_of(model, field):
    """Return (path, column) of what a field of an answer shows, or ('', None) if that is no column."""
    *steps, last = field.source_attrs or [""]
    along, model, rest = _follow(model, steps)
    if rest:
        return "", None
    column = model._meta.pk if last == "pk" else _field(model, last)
    # A default stands for a record along the way that is not there; a column of one's own always is.
    stood_for = along and field.default not in (None, fields.empty)
    if column is None or not column.concrete or stood_for:
        return "", None
    path = "__".join([*along, column.attname])
    if isinstance(field, relations.PrimaryKeyRelatedField):
        return (path, column) if column.many_to_one or column.one_to_one else ("", None)
    is_key = column.is_relation and last != column.attname  # its record is shown, by its name
    return ("", None) if is_key or not isinstance(field, OF_A_COLUMN) else (path, column)


def _converter(field):
    """Return value -> how it is answered; of a day at once what the framework finds out anew for each."""
    plain = type(field) is fields.DateField and getattr(field, "format", api_settings.DATE_FORMAT) == ISO_8601
    return date.isoformat if plain else field.to_representation


def _field(model, name):
    """Return the field of a model by its name or by the name of its column, or None."""
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return next((one for one in model._meta.concrete_fields if one.attname == name), None)


def _is_said_as_it_is(field, column, *, own):
    if isinstance(field, relations.PrimaryKeyRelatedField):
        return field.pk_field is None
    kept = column.target_field if column.is_relation else column
    words = isinstance(field, fields.CharField) and isinstance(kept, models.CharField | models.TextField)
    return (own and isinstance(field, AS_IT_IS)) or words
