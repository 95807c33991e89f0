"""Payables: what a site is owed for one thing that happened. Booked once, never edited, corrected by another row."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import ScopedQuerySet, StudyOwned, country_of_study, site_of_study
from ctms.audit.trail import audited
from ctms.money.amounts import amount_field, as_money, currency_field
from subjects.models import Subject, SubjectVisit

from .agreements import SiteAgreement
from .fees import Fee, InvoicedCost
from .payees import Payee


class PayableKind(models.TextChoices):
    """The kinds of fees, and what was held back."""

    PLANNED_VISIT = "PLANNED_VISIT", _("Subject visit")
    UNSCHEDULED_VISIT = "UNSCHEDULED_VISIT", _("Unscheduled visit")
    SCREEN_FAILURE = "SCREEN_FAILURE", _("Screen failure")
    START_UP = "START_UP", _("Start-up")
    CLOSE_OUT = "CLOSE_OUT", _("Close-out")
    INVOICED = "INVOICED", _("Paid on invoice")
    HOLDBACK_RELEASE = "HOLDBACK_RELEASE", _("Holdback released")


class PayableStatus(models.TextChoices):
    ACCRUED = "ACCRUED", _("Accrued")
    ELIGIBLE = "ELIGIBLE", _("Eligible")
    ON_HOLD = "ON_HOLD", _("On hold")
    APPROVED = "APPROVED", _("Approved")
    PAID = "PAID", _("Paid")
    VOIDED = "VOIDED", _("Voided")


OPEN = (PayableStatus.ACCRUED, PayableStatus.ELIGIBLE, PayableStatus.ON_HOLD)
SETTLED = (PayableStatus.APPROVED, PayableStatus.PAID)


class HoldReason(models.TextChoices):
    """What keeps a payable from being paid; the label is the sentence people read."""

    AGREEMENT = "AGREEMENT", _("The site agreement is not fully executed.")
    SCHEDULE = "SCHEDULE", _("The fee schedule is not approved.")
    NO_PAYEE = "NO_PAYEE", _("The agreement names no payee.")
    PAYEE = "PAYEE", _("The payee's bank account waits for a second person's confirmation.")
    CAP = "CAP", _("The cap of this fee is reached.")
    RATIO = "RATIO", _("More screen failures than the agreement pays for the subjects entered so far.")
    HELD = "HELD", _("Held by finance.")


class PayableQuerySet(ScopedQuerySet):
    def live(self):
        return self.exclude(status=PayableStatus.VOIDED)

    def open(self):
        return self.filter(status__in=OPEN)

    def settled(self):
        return self.filter(status__in=SETTLED)

    def to_confirm(self):
        """Keep what waits for the lead to say that the work was done."""
        return self.open().filter(confirmed_by__isnull=True, total__gt=0).exclude(
            kind=PayableKind.HOLDBACK_RELEASE
        )  # fmt: skip

    def to_pay(self):
        """Keep what a payment run may take: eligible, and not in another run."""
        return self.filter(status=PayableStatus.ELIGIBLE, line__isnull=True)

    def in_a_run(self):
        """Keep what a run took, from its draft until the money went out."""
        return self.filter(status__in=(PayableStatus.ELIGIBLE, PayableStatus.APPROVED), line__isnull=False)

    def held(self):
        return self.filter(status=PayableStatus.ON_HOLD)


@audited(called_by=("{what}", "{site}"))
class Payable(StudyOwned):
    """
    One amount owed to one payee of a site for one event; overhead and holdback are amounts of their own.

    The event is owed once: a second row for it corrects the first (`adjusts`) after that was paid. `takes_back`
    marks the correction of an event that does not stand any more. A site agreement with two payees makes two parts.
    """

    country = country_of_study(editable=False)
    site = site_of_study(editable=False)
    agreement = models.ForeignKey(SiteAgreement, models.PROTECT, related_name="+", editable=False)
    fee = models.ForeignKey(Fee, models.PROTECT, null=True, related_name="+", editable=False)
    payee = models.ForeignKey(Payee, models.PROTECT, null=True, related_name="+", editable=False)
    part = models.PositiveSmallIntegerField(default=1, editable=False)
    kind = models.CharField(max_length=20, choices=PayableKind, editable=False)
    event_key = models.CharField(max_length=80, editable=False)
    event_on = models.DateField(_("day of the event"), editable=False)
    what = models.CharField(max_length=300, editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, null=True, related_name="+", editable=False)
    subject_visit = models.ForeignKey(
        SubjectVisit, models.PROTECT, null=True, related_name="+", editable=False
    )
    cost = models.ForeignKey(InvoicedCost, models.PROTECT, null=True, related_name="+", editable=False)
    adjusts = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", editable=False)
    takes_back = models.BooleanField(default=False, editable=False)
    currency = currency_field(editable=False)
    amount = amount_field(editable=False)
    overhead = amount_field(editable=False)
    holdback = amount_field(editable=False)
    total = amount_field(editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    confirmed_on = models.DateField(_("work confirmed"), null=True, editable=False)
    hold_codes = ArrayField(
        models.CharField(max_length=20, choices=HoldReason), default=list, blank=True, editable=False
    )
    held_because = models.CharField(max_length=400, blank=True, editable=False)
    status = models.CharField(
        max_length=10, choices=PayableStatus, default=PayableStatus.ACCRUED, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = PayableQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event_key", "part"],
                condition=Q(adjusts__isnull=True) & ~Q(status="VOIDED"),
                name="payable_owed_once",
            ),
            models.UniqueConstraint(
                fields=["event_key", "part"],
                condition=Q(status__in=["ACCRUED", "ELIGIBLE", "ON_HOLD"]),
                name="payable_one_open",
            ),
            models.CheckConstraint(
                condition=Q(total=F("amount") + F("overhead") - F("holdback")), name="payable_total_ties"
            ),
            models.CheckConstraint(
                condition=Q(adjusts__isnull=False) | Q(amount__gt=0), name="payable_owes_something"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["ELIGIBLE", "APPROVED", "PAID"])
                | Q(confirmed_by__isnull=False) | Q(kind="HOLDBACK_RELEASE") | Q(total__lte=0),
                name="payable_paid_for_confirmed_work",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["APPROVED", "PAID"]) | Q(payee__isnull=False),
                name="payable_paid_to_somebody",
            ),
        ]  # fmt: skip
        permissions = [
            ("confirm_payable", "Confirm that the work of a payable was done"),
            ("hold_payable", "Hold a payable, or release it"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="never_edited",
                fields=[
                    "site", "agreement", "fee", "payee", "part", "kind", "event_key", "event_on", "what",
                    "subject", "subject_visit", "cost", "adjusts", "takes_back", "currency", "amount",
                    "overhead", "holdback", "total",
                ],
            )
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["study", "status"], name="payable_study_status"),
            models.Index(fields=["event_key"], name="payable_event"),
        ]

    def __str__(self):
        return f"{self.site.number} · {self.what}"

    @property
    def hold_sentence(self):
        """The reasons as one text, for a cell."""
        return " ".join(str(sentence) for sentence in self.why_on_hold)

    @property
    def why_on_hold(self):
        """The sentences that say what stands between this and its payment."""
        named = [str(HoldReason(code).label) for code in self.hold_codes if code != HoldReason.HELD]
        if HoldReason.HELD in self.hold_codes:
            named.append(_("Held by finance: %(why)s") % {"why": self.held_because})
        return named

    @property
    def money(self):
        return as_money(self.total, self.currency)

    def time_zone(self):
        return self.site.time_zone()
