"""How records are read for an answer and written into it: decided once for an endpoint, and not anew for every row."""

from functools import cache
from operator import attrgetter
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from rest_framework import fields, relations, serializers

# What the database gives is what is answered.
AS_IT_IS = (fields.IntegerField, fields.BooleanField, fields.CharField, fields.ChoiceField)
PART = serializers.Serializer.to_representation


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
    if column is not None and not column.is_relation and isinstance(field, AS_IT_IS):
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
