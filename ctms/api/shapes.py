"""
Fields of an answer that are more than a column, and still told without putting a record together.

A list of the API is read as columns (`ctms.api.columns`). What a record makes of its columns says here which these are.
"""

from typing import Any

from rest_framework import serializers


class Made(serializers.CharField):
    """
    Words made of columns: by a property, or by `str()` where the source is a record.

    :param of: the columns of that record the words are made of, and no others
    :param source: `user`, `visit.label`: relations to one, then at most one property; without it, the field's name
    """

    def __init__(self, *of, **options):
        super().__init__(read_only=True, **options)
        self.of = of


class MadeList(serializers.ListField):
    """
    Several words made of columns, as of `Made`.

    :param of: the columns of the record the words are made of, and no others
    """

    def __init__(self, *of, **options):
        super().__init__(child=serializers.CharField(), read_only=True, **options)
        self.of = of


class NameOf(Made):
    """The name of somebody with an account, by the relation in `source`."""

    def __init__(self, **options):
        super().__init__("first_name", "last_name", "username", **options)


class OfFirst(serializers.CharField):
    """
    What is answered of the first of a record's parts.

    :param parts: the name of the parts in this answer
    :param name: the field of them that is told
    :param among: (field, value): only of parts of which this is told
    :param otherwise: what is told of a record without any
    """

    parent: Any

    def __init__(self, parts, name, *, among=None, otherwise=None, **options):
        super().__init__(read_only=True, source="*", allow_null=otherwise is None, **options)
        self.parts, self.name, self.among, self.otherwise = parts, name, among, otherwise

    def first_of(self, told):
        """Return what is told of the first of the parts, as they are answered."""
        if self.among is not None:
            field, value = self.among
            told = [part for part in told if part[field] == value]
        return told[0][self.name] if told else self.otherwise

    def get_attribute(self, instance):
        shape = self.parent.fields[self.parts]
        return self.first_of(shape.to_representation(getattr(instance, shape.source)))
