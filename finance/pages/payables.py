"""What sites are owed: the list, each row, and the invoices that are part of it."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ctms.api.shapes import MadeList
from ctms.pages.bulk import BulkAction
from ctms.pages.columns import Column
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from ctms.workflow.declare import TransitionRefused
from finance import services
from finance.models import OPEN, HoldReason, InvoicedCost, Payable, PaymentLine

from .money import PLACE, Amount


class PayableRecord(Record):
    model, slug = Payable, "payables"
    fields = (
        "study", "site", "kind", Column("what", "Event"), "event_on", Column("subject"), "subject_visit", "cost",
        "payee", "agreement", Column("fee__schedule", "Fee schedule"), Amount("amount"), Amount("overhead"),
        Amount("holdback"), Amount("total"), Column("adjusts", "Corrects"), Column("confirmed_by", "Work confirmed by"),
        "confirmed_on", "status",
    )  # fmt: skip
    api_fields = (
        "study", "country", "site", "kind", "what", "event_on", "subject", "subject_visit", "agreement", "fee",
        ("payee_name", serializers.CharField(source="payee.legal_name", read_only=True, default=None)),
        "part", "currency", "amount", "overhead", "holdback", "total", "adjusts", "takes_back",
        ("why_on_hold", MadeList("hold_codes", "held_because")),
        "confirmed_by", "confirmed_on", "status",
    )  # fmt: skip
    filters = {
        "study": ["exact"], "country": ["exact"], "site": ["exact"], "status": ["exact"], "kind": ["exact"],
        "currency": ["exact"], "event_on": ["gte", "lte"],
    }  # fmt: skip
    search = ("what", "site__number", "payee__legal_name")
    order = ("-event_on", "-pk")
    related = (
        *PLACE, "study", "country", "payee", "subject", "subject_visit__subject", "cost__fee__planned_visit",
        "adjusts__site", "agreement__site__organization", "agreement__study", "fee__schedule__site",
        "fee__schedule__study", "confirmed_by",
    )  # fmt: skip
    template = "finance/payable.html"

    @classmethod
    def extra_context(cls, request, record):
        line = PaymentLine.objects.visible_to(request.user).filter(payable=record)
        line = line.select_related("run__study", "remittance__run__study", "remittance__payee").first()
        to_confirm = record.status in OPEN and not services.is_confirmed(record)
        return {
            "line": line,
            "holds": [
                (sentence, _settled_at(record, code))
                for sentence, code in zip(record.why_on_hold, _held_last(record.hold_codes), strict=True)
            ],
            "to_confirm": to_confirm,
            "may_confirm": to_confirm and request.user.has_perm("finance.confirm_payable", record),
        }


def _held_last(codes):
    """Return the codes in the order of their sentences."""
    return sorted(codes, key=lambda code: code == HoldReason.HELD)


def _settled_at(payable, code):
    """Return the record at which the reason of a hold is settled, if there is one."""
    at = {
        HoldReason.AGREEMENT: payable.agreement,
        HoldReason.NO_PAYEE: payable.agreement,
        HoldReason.PAYEE: payable.payee,
        HoldReason.HELD: None,
    }
    return at.get(HoldReason(code), payable.fee.schedule if payable.fee else payable.agreement)


def confirm_work(payable, actor):
    """Say that the work of one payable was done; what needs no word, or has it, says so."""
    if not services.confirm_payables(actor=actor, payables=[payable], on=timezone.localdate()):
        raise TransitionRefused(_("Its work was confirmed before, or it is past that."), conflict=True)


CONFIRM = BulkAction("confirm", _("Confirm the work"), "finance.confirm_payable", confirm_work)


class Payables(Listing):
    record, title = PayableRecord, "Payables"
    tab, tab_position, rail = "Payments", 70, ("Finance", 60)
    columns = (
        Column("what", "Event"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        Column("event_on", "Day"),
        Amount("total", sort="total"),
        "status",
        Column("hold_sentence", "Why on hold"),
        Column("payee", sort="payee__legal_name"),
    )
    more_columns = (
        "kind",
        Amount("amount", sort="amount"),
        Amount("overhead", sort="overhead"),
        Amount("holdback", sort="holdback"),
        Column("confirmed_on", "Confirmed"),
        "currency",
        Column("subject", sort="subject__number"),
        Column("agreement", sort=""),
        Column("fee__schedule", "Fee schedule", sort=""),
        Column("adjusts", "Corrects", sort=""),
        Column("confirmed_by", "Work confirmed by", sort="confirmed_by__last_name"),
    )
    bulk = (CONFIRM, "hold", "release")
    filters = {
        "study": ["exact"], "site": ["exact"], "status": ["exact"], "kind": ["exact"], "currency": ["exact"],
        "event_on": ["gte", "lte"],
    }  # fmt: skip
    search = PayableRecord.search
    template = "finance/payables.html"
    empty = "What sites are owed for visits that took place stands here. It is generated every day, and by finance."


class PayableFilters(Payables.filterset):
    """How a payable stands on its way to the payee: what the numbers of money owed open."""

    standing = django_filters.ChoiceFilter(
        label=_("On its way"),
        method="by_standing",
        choices=[("ready", _("Ready to pay")), ("held", _("Held")), ("in_a_run", _("In a payment run"))],
    )

    def by_standing(self, rows, _name, value):
        return {"ready": rows.to_pay, "held": rows.held, "in_a_run": rows.in_a_run}[value]()


Payables.filterset = PayableFilters


class InvoiceRecord(Record):
    model, slug = InvoicedCost, "site-invoices"
    under = "payables"
    fields = ("study", "site", Column("fee", "What"), "invoice_number", "occurred_on", "quantity",
              Column("voided_because", "Does not stand because"))  # fmt: skip
    api_fields = (
        "study",
        "country",
        "site",
        "fee",
        "invoice_number",
        "occurred_on",
        "quantity",
        "voided_because",
    )
    create = ("fee", "invoice_number", "occurred_on", "quantity")
    create_with = staticmethod(services.book_invoice)
    add_permission = "finance.prepare_paymentrun"
    filters = {"study": ["exact"], "site": ["exact"]}
    search = ("invoice_number", "site__number")
    find_by = ("invoice_number",)
    find_words = ("site__number", "site__organization__name")
    related = (*PLACE, "study", "country", "fee__planned_visit")
    template = "finance/invoice.html"

    @classmethod
    def one(cls):
        return str(_("site invoice"))

    @classmethod
    def many(cls):
        return str(_("site invoices"))

    @classmethod
    def extra_context(cls, request, record):
        may_void = not record.voided_because and request.user.has_perm("finance.prepare_paymentrun", record)
        return {"may_void": may_void}


class Invoices(Listing):
    record, title, rail = InvoiceRecord, "Site invoices", ("Finance", 64)
    columns = (
        "invoice_number",
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        Column("fee", "What", sort=""),
        "occurred_on",
        "quantity",
        Column("voided_because", "Does not stand because"),
    )
    filters = {"study": ["exact"]}
    search = InvoiceRecord.search
    empty = "Invoices of sites for what their schedule pays on invoice stand here. Finance books them."
