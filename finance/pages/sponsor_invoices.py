"""Invoices to the sponsor and their lines."""

import django_filters
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from ctms.pages.columns import Column
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from finance import services
from finance.models import SponsorInvoice, SponsorInvoiceLine, SponsorInvoiceStatus

from .amounts import AmountColumn, MonthColumn, UnitsColumn

RECORD = "finance.record_invoicing"
MONEY = (
    UnitsColumn("units"),
    AmountColumn("unit_price", currency="invoice__budget__currency"),
    AmountColumn("amount", currency="invoice__budget__currency"),
)


class SponsorInvoiceRecord(Record):
    model, slug = SponsorInvoice, "sponsor-invoices"
    under = "budget"
    fields = (
        "study",
        "budget",
        "number",
        MonthColumn("period_from"),
        MonthColumn("period_to"),
        Column("amount", "Amount", number=True),
        "sent_on",
        "due_on",
        "settled_on",
        "author",
        "note",
        "status",
    )
    api_fields = (
        "study",
        "budget",
        "number",
        "period_from",
        "period_to",
        ("total", serializers.DecimalField(max_digits=18, decimal_places=4, read_only=True)),
        ("currency", serializers.CharField(source="budget.currency", read_only=True)),
        "sent_on",
        "due_on",
        "settled_on",
        "note",
        "status",
    )
    create = ("budget", "period_from", "period_to", "note")
    create_with = staticmethod(services.draft_invoice)
    edit = ("note",)
    edit_while = (SponsorInvoiceStatus.DRAFT,)
    add_permission = change_permission = RECORD
    filters = {"study": ["exact"], "budget": ["exact"], "status": ["exact"]}
    search = ("number", "study__protocol_number")
    find_by = ("number",)
    related = ("study", "budget__study", "author")
    template = "finance/sponsor_invoice.html"
    parts = (("finance.SponsorInvoiceLine", "invoice"),)

    @classmethod
    def rows(cls, user):
        lines = (
            SponsorInvoiceLine.objects.visible_to(user).select_related("line").order_by("line__code", "month")
        )
        return super().rows(user).prefetch_related(Prefetch("lines", queryset=lines, to_attr="shown_lines"))

    @classmethod
    def extra_context(cls, request, record):
        age = record.age_days(timezone.localdate())
        return {
            "overdue_days": age if age is not None and age > 0 else None,
            "may_bill": record.status == SponsorInvoiceStatus.DRAFT and request.user.has_perm(RECORD, record),
        }


class SponsorInvoices(Listing):
    record, title, rail = SponsorInvoiceRecord, "Sponsor invoices", ("Finance", 63)
    columns = (
        Column("__str__", "Invoice", sort="number"),
        Column("study", sort="study__protocol_number"),
        MonthColumn("period_from"),
        MonthColumn("period_to"),
        Column("amount", "Amount", sort="", number=True),
        "sent_on",
        "due_on",
        "status",
    )
    more_columns = ("settled_on", Column("author", sort="author__last_name"), "note")
    filters = {
        "study": ["exact"],
        "budget": ["exact"],
        "status": ["exact"],
        "sent_on": ["gte", "lte"],
        "due_on": ["gte", "lte"],
    }
    search = SponsorInvoiceRecord.search
    empty = "Finance drafts an invoice from what is earned and not billed."


class InvoiceFilters(SponsorInvoices.filterset):
    """Whether the sponsor still owes an invoice: what the bars by age open."""

    standing = django_filters.ChoiceFilter(
        label=gettext_lazy("How it stands"), method="by_standing", choices=[("open", gettext_lazy("Open"))]
    )

    def by_standing(self, rows, _name, _value):
        return rows.filter(status__in=services.WAITING)


SponsorInvoices.filterset = InvoiceFilters


class SponsorInvoiceLineRecord(Record):
    model, slug = SponsorInvoiceLine, "sponsor-invoice-lines"
    under = "budget"
    fields = ("study", "invoice", "line", MonthColumn("month"), *MONEY, "beyond_earned")
    edit = ("units", "beyond_earned")
    change_with = staticmethod(services.change_line)
    change_permission = RECORD
    filters = {"study": ["exact"], "invoice": ["exact"], "line": ["exact"], "month": ["exact"]}
    related = ("study", "invoice__budget__study", "line")

    @classmethod
    def why_not_editable(cls, record):
        if record.invoice.status == SponsorInvoiceStatus.DRAFT:
            return ""
        state = record.invoice.get_status_display().lower()
        return _("The invoice is %(state)s; its lines stand.") % {"state": state}

    @classmethod
    def needs_reason(cls, record):
        return False


class SponsorInvoiceLines(Listing):
    record, title = SponsorInvoiceLineRecord, "Lines of sponsor invoices"
    columns = (
        Column("line", sort="line__code"),
        Column("invoice", sort="invoice__number"),
        Column("study", sort="study__protocol_number"),
        MonthColumn("month"),
        *MONEY,
        Column("invoice__status", "Invoice is"),
    )
    filters = {
        "study": ["exact"],
        "invoice__budget": ["exact"],
        "invoice__status": ["exact"],
        "line__group": ["exact"],
        "line": ["exact"],
        "month": ["exact"],
    }
    search = ("line__code", "line__task", "invoice__number")
    empty = "What was billed of a line and a month stands here."
