"""Pages by cursor: the next page begins after the last row given, however many were added meanwhile."""

import base64
import binascii
import json

from django.core.exceptions import ValidationError as Invalid
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from .changes import keeps_changes, new_token
from .columns import read_answers


class CursorPaging(BasePagination):
    """
    Keyset pages in the order of the record's declaration, whose columns are never null and end in `pk`.

    Not DRF's own cursor, which tells rows of one position apart by an offset of at most a thousand: all planned
    visits of a study have the same position. A page is made of answers: most are read without a record.
    """

    page_size = 100
    largest = 1000

    def paginate_queryset(self, queryset, request, view=None):
        self.request = request
        self.order = list(view.declaration.order)
        size = self._size(request)
        # Of the moment before the first row of the first page: what changes while pages are read comes next time.
        self.sync = new_token() if keeps_changes(queryset.model) else None
        if token := request.GET.get("cursor"):
            queryset = queryset.filter(self._after(token, queryset.model))
        found = read_answers(view.read_serializer, queryset, size + 1, self.order)
        self.next_token = self._token(found[size - 1][0]) if len(found) > size else None
        return [answer for _position, answer in found[:size]]

    def _size(self, request):
        wanted = request.GET.get("page_size", "")
        return page_size_in(wanted, self.largest) if wanted else self.page_size

    def _token(self, position):
        told = json.dumps({"after": position, "sync": self.sync}, default=str)
        return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")

    def _after(self, token, model):
        try:
            told = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
            values, self.sync = told["after"], told["sync"]
            if not isinstance(values, list) or len(values) != len(self.order):
                raise ValueError(token)
            if self.sync is not None and not isinstance(self.sync, str):
                raise ValueError(token)
            names = [name.lstrip("-") for name in self.order]
            values = [_clean(model, name, value) for name, value in zip(names, values, strict=True)]
        except (ValueError, KeyError, binascii.Error, TypeError, RecursionError) as wrong:
            raise ValidationError({"cursor": "Use the cursor as it was given."}) from wrong
        condition = Q()
        for position, name in enumerate(self.order):
            same = {names[earlier]: values[earlier] for earlier in range(position)}
            beyond = "lt" if name.startswith("-") else "gt"
            condition |= Q(**same, **{f"{names[position]}__{beyond}": values[position]})
        return condition

    def get_paginated_response(self, data):
        following = None
        if self.next_token:
            query = self.request.GET.copy()
            query["cursor"] = self.next_token
            following = self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")
        return Response({"next": following, "sync": self.sync, "results": data})

    def get_paginated_response_schema(self, schema):
        return {
            "type": "object",
            "required": ["next", "sync", "results"],
            "properties": {
                "next": {"type": ["string", "null"], "format": "uri"},
                "sync": {
                    "type": ["string", "null"],
                    "description": "Ask with it next time and get what changed; the same on all pages of one reading.",
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view):
        return [
            {
                "name": "cursor",
                "in": "query",
                "schema": {"type": "string"},
                "description": "As given in `next`.",
            },
            {
                "name": "page_size",
                "in": "query",
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": self.largest,
                    "default": self.page_size,
                },
            },
        ]


def page_size_in(text, largest):
    """Return how many rows a page is asked to have; more than are given is refused, not cut in silence."""
    # ASCII digits only: others are digits too, and some of them no number.
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    if not 0 < wanted <= largest:
        raise ValidationError({"page_size": _("Give a number from 1 to %(most)d.") % {"most": largest}})
    return wanted


def _clean(model, name, value):
    """Return a cursor's value as its column's type, within its range; raises ValueError."""
    field = model._meta.pk if name == "pk" else model._meta.get_field(name.removesuffix("_id"))
    if isinstance(field, models.ForeignKey):
        field = field.target_field
    try:
        cleaned = field.to_python(value)
    except Invalid as wrong:
        raise ValueError(value) from wrong
    if cleaned is None:  # the columns of an order are never empty, so no page of ours ended there
        raise ValueError(value)
    if isinstance(cleaned, int) and abs(cleaned) > models.BigIntegerField.MAX_BIGINT:
        raise ValueError(value)
    return cleaned
