"""Site agreements and their fee schedules."""

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from rest_framework import serializers

from ctms.pages.columns import Column
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from ctms.workflow.declare import is_frozen
from finance import services
from finance.models import AgreementStatus, Fee, FeeSchedule, PayeeShare, ScheduleStatus, SiteAgreement

from .money import PLACE, Amount, Percent


class ShareShape(serializers.Serializer):
    payee = serializers.IntegerField(source="payee_id")
    name = serializers.CharField(source="payee.legal_name")
    percent = serializers.DecimalField(max_digits=6, decimal_places=3)


class AgreementRecord(Record):
    model, slug = SiteAgreement, "site-agreements"
    terms_of_money = ("currency", Percent("overhead_percent"), Percent("holdback_percent"))
    fields = (
        "study", "site", "reference", "parties", *terms_of_money, "holdback_release", "payment_terms_days",
        "effective_on", "expires_on", "executed_on", "status",
    )  # fmt: skip
    api_fields = (
        "study", "country", "site", "reference", "parties", "currency", "overhead_percent", "holdback_percent",
        "holdback_release", "payment_terms_days", "effective_on", "expires_on", "executed_on",
        ("shares", ShareShape(many=True, read_only=True, source="shown_shares")), "status",
    )  # fmt: skip
    create = (
        "site", "reference", "parties", "currency", "overhead_percent", "holdback_percent", "holdback_release",
        "payment_terms_days", "effective_on", "expires_on",
    )  # fmt: skip
    edit = create[1:]
    edit_while = (
        AgreementStatus.DRAFT,
        AgreementStatus.SENT,
        AgreementStatus.IN_NEGOTIATION,
        AgreementStatus.AGREED,
    )
    add_permission = change_permission = "finance.change_siteagreement"
    filters = {"study": ["exact"], "country": ["exact"], "site": ["exact"], "status": ["exact"]}
    search = ("reference", "site__number", "site__organization__name")
    find_by = ("reference",)
    find_words = ("site__number", "site__organization__name")
    named_with = ("study", "site__organization")
    related = (*PLACE, "study", "country")
    template = "finance/agreement.html"
    parts = (("finance.PayeeShare", "agreement"),)

    @classmethod
    def rows(cls, user):
        shares = PayeeShare.objects.visible_to(user).select_related("payee").order_by("part")
        return (
            super().rows(user).prefetch_related(Prefetch("shares", queryset=shares, to_attr="shown_shares"))
        )

    @classmethod
    def extra_context(cls, request, record):
        schedules = FeeScheduleRecord.rows(request.user).filter(agreement=record).order_by("-number")
        return {
            "schedules": schedules,
            "may_share_out": request.user.has_perm("finance.change_siteagreement", record),
            "may_draft": request.user.has_perm("finance.change_feeschedule", record)
            and not any(one.status == ScheduleStatus.DRAFT for one in schedules),
        }


class SiteAgreements(Listing):
    record, title = AgreementRecord, "Site agreements"
    tab, tab_position, rail = "Agreements", 74, ("Finance", 62)
    columns = (
        Column("__str__", "Agreement", sort="reference"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        "currency",
        Percent("overhead_percent"),
        Percent("holdback_percent"),
        "effective_on",
        "executed_on",
        "status",
    )
    order = ("site__number",)
    filters = {"study": ["exact"], "status": ["exact"]}
    search = AgreementRecord.search
    empty = "The contracts with the sites stand here. Start-up specialists and finance add them."


class FeeScheduleRecord(Record):
    model, slug = FeeSchedule, "fee-schedules"
    under = "site-agreements"
    fields = (
        "study", "site", "agreement", "number", "effective_from", "effective_to", Percent("overhead_percent"),
        Percent("holdback_percent"), Column("author", "Written by"), Column("approved_by", "Approved by"), "status",
    )  # fmt: skip
    api_fields = (
        "study", "country", "site", "agreement", "number", "effective_from", "effective_to", "overhead_percent",
        "holdback_percent", "author", "approved_by", "status",
    )  # fmt: skip
    create = ("agreement", "effective_from")
    create_with = staticmethod(services.draft_schedule)
    edit = ("effective_from", "overhead_percent", "holdback_percent")
    add_permission = change_permission = "finance.change_feeschedule"
    filters = {"study": ["exact"], "site": ["exact"], "agreement": ["exact"], "status": ["exact"]}
    related = (
        *PLACE,
        "study",
        "country",
        "agreement__site__organization",
        "agreement__study",
        "author",
        "approved_by",
    )
    template = "finance/fee_schedule.html"
    transition_templates = {"approve": "finance/sign_schedule.html"}
    parts = (("finance.Fee", "schedule"),)

    @classmethod
    def extra_context(cls, request, record):
        writing = record.status == ScheduleStatus.DRAFT and request.user.has_perm(
            "finance.change_feeschedule", record
        )
        return {
            "fees": FeeRecord.rows(request.user).filter(schedule=record).order_by("pk"),
            "writing": writing,
        }


class FeeSchedules(Listing):
    record, title = FeeScheduleRecord, "Fee schedules"
    columns = (
        Column("__str__", "Schedule", sort="number"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        "effective_from",
        "effective_to",
        Column("author", "Written by"),
        Column("approved_by", "Approved by"),
        "status",
    )
    filters = {"study": ["exact"], "status": ["exact"]}
    empty = (
        "What sites are paid for what stands here, a version a schedule. They are begun on a site agreement."
    )


class FeeRecord(Record):
    model, slug = Fee, "fees"
    under = "site-agreements"
    fields = (
        "schedule", "kind", "planned_visit", "name", Amount("amount"), "overhead_applies", "holdback_applies", "cap",
        "ratio_paid", "ratio_per",
    )  # fmt: skip
    api_fields = (
        "study", "country", "site", "schedule", "kind", "planned_visit", "name", "amount", "overhead_applies",
        "holdback_applies", "cap", "ratio_paid", "ratio_per",
    )  # fmt: skip
    create = (
        "schedule", "kind", "planned_visit", "name", "amount", "overhead_applies", "holdback_applies", "cap",
        "ratio_paid", "ratio_per",
    )  # fmt: skip
    create_with = staticmethod(services.add_fee)
    edit = ("name", "amount", "overhead_applies", "holdback_applies", "cap", "ratio_paid", "ratio_per")
    add_permission = change_permission = "finance.change_feeschedule"
    filters = {"study": ["exact"], "site": ["exact"], "schedule": ["exact"], "kind": ["exact"]}
    related = (
        "schedule__site",
        "schedule__study",
        "schedule__agreement",
        "planned_visit",
        "study",
        "country",
        "site",
    )

    @classmethod
    def why_not_editable(cls, record):
        return _("The schedule is approved; its fees no longer change.") if is_frozen(record.schedule) else ""

    @classmethod
    def needs_reason(cls, record):
        return False


class Fees(Listing):
    record, title = FeeRecord, "Fees"
    columns = (
        Column("__str__", "Fee", sort="kind"),
        Column("schedule", sort="schedule__number"),
        "kind",
        Amount("amount", sort="amount"),
        "overhead_applies",
        "holdback_applies",
        "cap",
    )
    filters = {"study": ["exact"], "schedule": ["exact"], "kind": ["exact"]}
    empty = "Fees stand in the schedules of the site agreements."
