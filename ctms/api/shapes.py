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


class NameOf(Made):
    """The name of somebody with an account, by the relation in `source`."""

    def __init__(self, **options):
        super().__init__("first_name", "last_name", "username", **options)


class OfFirst(serializers.CharField):
    """
    What is answered of the first of a record's parts; None of a record without any.

    :param parts: the name of the parts in this answer
    :param name: the field of them that is told
    """

    parent: Any

    def __init__(self, parts, name, **options):
        super().__init__(read_only=True, source="*", allow_null=True, **options)
        self.parts, self.name = parts, name

    def get_attribute(self, instance):
        parts = self.parent.fields[self.parts]
        first = next(iter(getattr(instance, parts.source)), None)
        return None if first is None else parts.child.fields[self.name].get_attribute(first)
