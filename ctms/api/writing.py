"""How a record is written into an answer: decided once for its endpoint, and not anew for every row."""

from functools import cache
from operator import attrgetter

from rest_framework import fields, relations

# What the database gives is what is answered.
AS_IT_IS = (fields.IntegerField, fields.BooleanField, fields.CharField, fields.ChoiceField)


@cache
def writers_of(serializer):
    """Return [(name, record -> its value in the answer)] of a serializer class."""
    shape = serializer()
    columns = {column.name: column for column in shape.Meta.model._meta.concrete_fields}
    return [(field.field_name, _writer(field, columns.get(field.source))) for field in shape._readable_fields]


def written(serializer, record):
    """Return what is answered of a record."""
    answer = {}
    for name, write in writers_of(serializer):
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

    def as_the_framework_does(record):
        value = field.get_attribute(record)
        return None if value is None else field.to_representation(value)

    return as_the_framework_does
