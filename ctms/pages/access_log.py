"""The access log as a list: what was taken out of the system, and what people from outside were shown."""

from django.utils.translation import gettext_lazy as _

from ctms.files.models import AccessRecord

from .columns import Column
from .listing import Listing
from .record import Record


class AccessRecordRecord(Record):
    model, slug, api_only = AccessRecord, "access-records", True
    fields = (
        Column("at", _("When")),
        Column("user", _("Who"), sort="user__username"),
        "role",
        "kind",
        "study",
        Column("opened", _("Opened"), sort="record"),
        Column("detail", _("What it was called then, and its address"), sort=""),
        Column("address", _("From")),
    )
    api_fields = ("at", "user", "role", "kind", "study", "record", "detail", "address")
    filters = {"study": ["exact"], "role": ["exact"], "kind": ["exact"]}
    search = ("user__username", "user__first_name", "user__last_name", "record", "detail")
    related = ("user", "study")


class AccessLog(Listing):
    record, title, rail = AccessRecordRecord, _("Access log"), ("Administration", 93)
    columns = AccessRecordRecord.fields
    filters = {**AccessRecordRecord.filters, "at": ["date__gte", "date__lte"]}
    search = AccessRecordRecord.search
    order = ("-pk",)
    empty = _(
        "Downloads, exports and everything a sponsor or an inspector opened in your studies stand here; "
        "nobody writes or removes a line."
    )
