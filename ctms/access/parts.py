"""Parts of a record that are read along with it."""

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch


class SeenWithRecord(Prefetch[str, Any, str] if TYPE_CHECKING else Prefetch):  # generic to the checker alone
    """
    Reads the parts of records along as `shown_…`: whoever sees the record sees all of them.

    They are looked up by the keys of records that were narrowed already, so nothing is narrowed a second time.
    """

    def __init__(self, model, key, *order, along=()):
        """
        :param model: of the parts, whose foreign key `key` says which record they belong to
        :param along: relations of a part that are read with it
        """
        self.order = order
        relation = model._meta.get_field(key).remote_field.get_accessor_name()
        rows = model.objects.order_by(*order)
        if along:
            rows = rows.select_related(*along)
        rows.scope_chosen = True  # for these records alone: no rows are read by it but through a Prefetch
        super().__init__(relation, queryset=rows, to_attr=f"shown_{relation}")
