"""Payment runs and their remittances."""

from django.db.models import Count, Sum
from rest_framework import serializers

from ctms.api.shapes import Made
from ctms.money.amounts import as_money
from ctms.pages.columns import Column
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from finance import services
from finance.models import Payable, PayableStatus, PaymentLine, PaymentRun, Remittance, RunStatus

from .money import PLACE, Amount

REMITTANCE = (*PLACE, "study", "country", "run__study", "payee")


class RunRecord(Record):
    model, slug = PaymentRun, "payment-runs"
    under = "payables"
    fields = (
        "study", "country", Column("reference", "Run"), "currency", "period_from", "period_to", Amount("total"),
        Column("prepared_by", "Prepared by"), Column("approved_by", "Approved by"), "approved_on",
        Column("exported_by", "Exported by"), "exported_on", "status",
    )  # fmt: skip
    api_fields = (
        "study", "country", ("reference", Made("number")), "currency", "period_from",
        "period_to", "total", "prepared_by", "approved_by", "approved_on", "exported_by", "exported_on",
        ("pain001_sha256", serializers.CharField(source="xml_file.sha256", read_only=True, default=None)),
        ("csv_sha256", serializers.CharField(source="csv_file.sha256", read_only=True, default=None)), "status",
    )  # fmt: skip
    create = ("study", "country", "currency", "period_from", "period_to")
    create_with = staticmethod(services.prepare_run)
    add_permission = "finance.prepare_paymentrun"
    filters = {"study": ["exact"], "country": ["exact"], "status": ["exact"], "currency": ["exact"]}
    search = ("study__protocol_number",)
    find_by = ("PAY-{number:04}",)
    related = (
        "study__sponsor", "country__nation", "prepared_by", "approved_by", "exported_by", "csv_file", "xml_file",
    )  # fmt: skip
    template = "finance/run.html"
    transition_templates = {"approve": "finance/sign_run.html"}
    parts = (("finance.PaymentLine", "run"), ("finance.Remittance", "run"))

    @classmethod
    def extra_context(cls, request, record):
        user = request.user
        remittances = RemittanceRecord.rows(user).filter(run=record).order_by("sequence")
        lines = lines_of(user, run=record)
        by_remittance: dict[int, list] = {}
        for line in lines:
            by_remittance.setdefault(line.remittance_id, []).append(line)
        exports = user.has_perm("finance.export_paymentrun", record)
        return {
            "remittances": [(one, by_remittance.get(one.pk, [])) for one in remittances],
            "changing": record.status in (RunStatus.DRAFT, RunStatus.IN_REVIEW)
            and user.has_perm("finance.prepare_paymentrun", record),
            "may_prepare_again": record.status == RunStatus.DRAFT
            and user.has_perm("finance.prepare_paymentrun", record),
            "may_download": record.xml_file is not None and exports,
            "may_feed_back": record.status == RunStatus.EXPORTED and exports,
        }


def lines_of(user, **conditions):
    """Return the lines a person sees, in the order of the letter."""
    lines = PaymentLine.objects.visible_to(user).filter(**conditions)
    lines = lines.select_related("payable__site", "run", "payable__payee")
    return lines.order_by("payable__event_on", "pk")


class Runs(Listing):
    record, title, rail = RunRecord, "Payment runs", ("Finance", 61)
    columns = (
        Column("reference", "Run", sort="number"),
        Column("study", sort="study__protocol_number"),
        Column("country"),
        "period_to",
        Amount("total", sort="total"),
        Column("prepared_by", "Prepared by"),
        Column("approved_by", "Approved by"),
        "exported_on",
        "status",
    )
    more_columns = (
        "currency",
        "period_from",
        "approved_on",
        Column("exported_by", "Exported by", sort="exported_by__last_name"),
    )
    order = ("-number",)
    filters = {"study": ["exact"], "status": ["exact"], "currency": ["exact"]}
    search = RunRecord.search
    empty = "Payments to sites stand here, one run a period and currency. Finance prepares them."


class RemittanceRecord(Record):
    model, slug = Remittance, "remittances"
    under = "payables"
    fields = (
        "study", "site", "run", "payee", Column("reference", "Reference"), Amount("amount"), Amount("overhead"),
        Amount("holdback"), Amount("total"), Column("carried", "Carried over"), "paid_on", "bank_reference", "status",
    )  # fmt: skip
    api_fields = (
        "study", "country", "site", "run", ("reference", serializers.CharField(read_only=True)), "payee",
        ("currency", serializers.CharField(read_only=True)), "amount", "overhead", "holdback", "total",
        "carried_amount", "paid_on", "bank_reference", "status",
    )  # fmt: skip
    filters = {
        "study": ["exact"],
        "country": ["exact"],
        "site": ["exact"],
        "run": ["exact"],
        "status": ["exact"],
    }
    search = ("payee__legal_name", "site__number", "bank_reference")
    find_by = ("PAY-{run__number:04}-{sequence:02}", "bank_reference")
    find_words = ("payee__legal_name", "site__number")
    related = (*REMITTANCE, "letter")
    template = "finance/remittance.html"

    @classmethod
    def extra_context(cls, request, record):
        return {"lines": lines_of(request.user, remittance=record)}


class Remittances(Listing):
    record, title, rail = RemittanceRecord, "Remittances", ("Finance", 65)
    columns = (
        Column("reference", "Remittance", sort="run__number"),
        Column("payee", sort="payee__legal_name"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        Amount("total", sort="total"),
        Column("carried", "Carried over"),
        "paid_on",
        "bank_reference",
        "status",
    )
    filters = {"study": ["exact"], "run": ["exact"], "status": ["exact"]}
    search = RemittanceRecord.search
    empty = "What was paid, or is about to be, stands here: one remittance a payee and run."


def statement_of(user, site):
    """Return the statement of a site: what it is owed by state and currency, and what it was paid."""
    owed = (
        Payable.objects.visible_to(user)
        .filter(site=site)
        .live()
        .values("status", "currency")
        .annotate(rows=Count("pk"), amount=Sum("amount"), overhead=Sum("overhead"), holdback=Sum("holdback"),
                  total=Sum("total"))
        .order_by("currency", "status")
    )  # fmt: skip
    return {
        "owed": [
            {
                "status": row["status"],
                "label": PayableStatus(row["status"]).label,
                "rows": row["rows"],
                **{
                    name: as_money(row[name], row["currency"])
                    for name in ("amount", "overhead", "holdback", "total")
                },
            }
            for row in owed
        ],
        "remittances": RemittanceRecord.rows(user).filter(site=site).payments().order_by("-pk"),
    }
