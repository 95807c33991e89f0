"""How records are read for an answer and written into it: decided once for an endpoint, and not anew for every row."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import models
from rest_framework import fields, relations, serializers

from ctms.pages.turning import TABLES_AT_ONCE, next_of

# What the database gives is what is answered.
AS_IT_IS = (fields.IntegerField, fields.BooleanField, fields.CharField, fields.ChoiceField)
PART = serializers.Serializer.to_representation
# What is answered depends on the column alone.
OF_A_COLUMN = (*AS_IT_IS, fields.DateField, fields.DateTimeField, fields.DecimalField, fields.FloatField)


@cache
def writers_of(serializer):
    """Return [(name, record -> its value in the answer)] of a serializer class."""
    shape = serializer()
    columns = {column.name: column for column in shape.Meta.model._meta.concrete_fields}
    return [(field.field_name, _writer(field, columns.get(field.source))) for field in shape._readable_fields]


def written(serializer, record):
    """Return what is answered of a record."""
    return _written(writers_of(serializer), record)


def _written(writers, record):
    answer = {}
    for name, write in writers:
        try:
            answer[name] = write(record)
        except fields.SkipField:
            continue
    return answer


def _writer(field, column):
    """Return the shortest way to a value; a column of the record itself is read as it is."""
    if column is not None and isinstance(field, AS_IT_IS):
        return attrgetter(column.attname)
    if column is not None and isinstance(field, relations.PrimaryKeyRelatedField) and field.pk_field is None:
        return attrgetter(column.attname)
    read, shape = _reader(field), _shape(field)

    def as_the_framework_does(record):
        value = read(record)
        return None if value is None else shape(value)

    return as_the_framework_does


def _reader(field):
    """Return record -> what a field shows of it; the framework asks of each step whether it is to be called."""
    if type(field).get_attribute is not fields.Field.get_attribute or not field.source_attrs:
        return field.get_attribute
    look = attrgetter(field.source)

    def read(record):
        try:
            value = look(record)
        except (AttributeError, ObjectDoesNotExist):
            return field.get_attribute(record)
        return field.get_attribute(record) if callable(value) else value

    return read


def _shape(field):
    """Return value -> how it is answered; parts of a record are written as records are."""
    child: Any = getattr(field, "child", None)
    if type(field) is not serializers.ListSerializer or type(child).to_representation is not PART:
        return field.to_representation
    writers = [(each.field_name, _writer(each, None)) for each in child._readable_fields]

    def shape(values):
        rows = values.all() if isinstance(values, models.Manager) else values
        return [_written(writers, row) for row in rows]

    return shape


# --- many at once: columns instead of records --------------------------------------------------------


@dataclass(frozen=True)
class Columns:
    """An answer that is made of columns alone: no record is put together to take it apart again."""

    names: tuple[str, ...]
    paths: tuple[str, ...]
    converted: tuple[tuple[str, Callable[[Any], Any]], ...]

    def answer(self, values):
        """Return what is answered of the values of one row."""
        answer = dict(zip(self.names, values, strict=False))
        for name, convert in self.converted:
            if (value := answer[name]) is not None:
                answer[name] = convert(value)
        return answer

    @property
    def tables(self):
        """How many tables a row is read along."""
        steps = [path.split("__")[:-1] for path in self.paths]
        return len({tuple(way[: end + 1]) for way in steps for end in range(len(way))})


def read_answers(serializer, rows, count, order):
    """
    Return [(where a row stands in the order, what is answered of it)] of the first `count` rows.

    :param order: names of the columns the rows are ordered by
    """
    columns = columns_of(serializer)
    if columns is None:
        return [
            (tuple(getattr(row, name) for name in order), written(serializer, row))
            for row in next_of(rows, count)
        ]
    width = len(columns.paths)
    return [
        (values[width:], columns.answer(values))
        for values in _first(rows.prefetch_related(None), (*columns.paths, *order), count, columns.tables)
    ]


def _first(rows, paths, count, tables):
    if tables < TABLES_AT_ONCE:
        return rows.values_list(*paths)[:count]
    keys = list(rows.values_list("pk", flat=True)[:count])
    return rows.filter(pk__in=keys).values_list(*paths) if keys else []


@cache
def columns_of(serializer):
    """Return the Columns of a serializer class, or None if one of its fields is more than a column."""
    shape = serializer()
    names, paths, converted = [], [], []
    for field in shape._readable_fields:
        path, column = _column_of(shape.Meta.model, field)
        if column is None:
            return None
        names.append(field.field_name)
        paths.append(path)
        if not _is_said_as_it_is(field, column, own="__" not in path):
            converted.append((field.field_name, field.to_representation))
    return Columns(tuple(names), tuple(paths), tuple(converted))


def _column_of(model, field):
    """Return (path, column) of what a field of an answer shows, or ('', None) if that is no column."""
    *along, last = field.source_attrs or [""]
    for name in along:
        relation = _field(model, name)
        if relation is None or not (relation.many_to_one or relation.one_to_one):
            return "", None
        model = relation.related_model
    column = model._meta.pk if last == "pk" else _field(model, last)
    if column is None or not column.concrete or field.default not in (None, fields.empty):
        return "", None
    path = "__".join([*along, column.attname])
    if isinstance(field, relations.PrimaryKeyRelatedField):
        return (path, column) if column.many_to_one or column.one_to_one else ("", None)
    is_key = column.is_relation and last != column.attname  # its record is shown, by its name
    return ("", None) if is_key or not isinstance(field, OF_A_COLUMN) else (path, column)


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
