"""Invoices to the sponsor: what of the earned units was billed, and how it stands."""

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import StudyOwned, everything
from ctms.audit.trail import audited
from ctms.money.amounts import ZERO, amount_field, as_money, rounded
from ctms.workflow.triggers import frozen_with

from .budget_lines import BudgetLine, units_field
from .budgets import VIEW, Budget


class SponsorInvoiceStatus(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    PM_REVIEW = "PM_REVIEW", _("With the project manager")
    REVIEWED = "REVIEWED", _("Reviewed")
    APPROVED = "APPROVED", _("Finance approved")
    SENT = "SENT", _("Sent")
    DISPUTED = "DISPUTED", _("Disputed")
    PAID = "PAID", _("Paid")
    WRITTEN_OFF = "WRITTEN_OFF", _("Written off")
    VOIDED = "VOIDED", _("Voided")


# What the sponsor has in hand counts as invoiced; what is being prepared is claimed, so that nothing is billed twice.
ISSUED = tuple(SponsorInvoiceStatus(state) for state in ("SENT", "DISPUTED", "PAID", "WRITTEN_OFF"))
CLAIMING = tuple(state for state in SponsorInvoiceStatus if state != SponsorInvoiceStatus.VOIDED)


@audited(called_by=("{study}", "{number}", "{period_from}"))
class SponsorInvoice(StudyOwned):
    """One demand to the sponsor under one budget; its number is given when finance approves it."""

    place_from = "budget"
    view_permission = VIEW

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="invoices")
    unblinded = models.BooleanField(default=False, editable=False)
    number = models.CharField(max_length=40, blank=True, editable=False)
    period_from = models.DateField(_("months from"))
    period_to = models.DateField(_("months to"))
    note = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    sent_on = models.DateField(_("sent"), null=True, blank=True, editable=False)
    due_on = models.DateField(_("due"), null=True, blank=True, editable=False)
    settled_on = models.DateField(_("settled"), null=True, blank=True, editable=False)
    status = models.CharField(
        max_length=15, choices=SponsorInvoiceStatus, default=SponsorInvoiceStatus.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "number"], condition=~Q(number=""), name="sponsorinvoice_number_once"
            ),
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")),
                name="sponsorinvoice_period_in_order",
                violation_error_message=_("The last month lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=("DRAFT", "PM_REVIEW", "REVIEWED", "VOIDED")) | ~Q(number=""),
                name="sponsorinvoice_approved_has_its_number",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("SENT", "DISPUTED", "PAID"))
                | Q(sent_on__isnull=False, due_on__isnull=False),
                name="sponsorinvoice_sent_has_its_days",
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="keeps_its_budget", fields=["budget", "author"])]

    def __str__(self):
        return self.number or _("Invoice draft, %(first)s to %(last)s") % {
            "first": f"{self.period_from:%b %Y}",
            "last": f"{self.period_to:%b %Y}",
        }

    @property
    def total(self):
        """What the sponsor is asked for: the lines it was read with as `shown_lines`, else all of them."""
        if hasattr(self, "shown_lines"):
            return sum((line.amount for line in self.shown_lines), ZERO)
        with everything("the lines of an invoice in hand lie in its own circle"):
            return (
                SponsorInvoiceLine.objects.filter(invoice=self).aggregate(total=Sum("amount"))["total"]
                or ZERO
            )

    @property
    def amount(self):
        return as_money(self.total, self.budget.currency)

    def age_days(self, on):
        """Return days since the due day of an unpaid invoice; negative before it; None when nothing is open."""
        waiting = self.status in (SponsorInvoiceStatus.SENT, SponsorInvoiceStatus.DISPUTED)
        return (on - self.due_on).days if waiting and self.due_on else None


@frozen_with("invoice")
@audited(called_by=("{line}", "{month}"), removable=True)
class SponsorInvoiceLine(StudyOwned):
    """Units of one line and one month at one price; negative where earlier billed units went away."""

    place_from = "invoice"
    view_permission = VIEW

    invoice = models.ForeignKey(SponsorInvoice, models.PROTECT, related_name="lines")
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="invoiced")
    unblinded = models.BooleanField(default=False, editable=False)
    month = models.DateField()
    units = units_field()
    unit_price = amount_field()
    amount = amount_field()
    beyond_earned = models.CharField(
        _("why more than was earned"),
        max_length=400,
        blank=True,
        help_text=_("Needed where more units are invoiced than were earned."),
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "line", "month", "unit_price"], name="sponsorinvoiceline_once"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="sponsorinvoiceline_by_month"),
        ]

    def __str__(self):
        return f"{self.line.code} · {self.month:%b %Y}"

    def clean(self):
        super().clean()
        if self.line.budget_id != self.invoice.budget_id:
            raise ValidationError({"line": _("This line belongs to another budget.")})
        if self.amount != rounded(self.amount, self.invoice.budget.currency):
            raise ValidationError({"amount": _("The amount is finer than its currency is paid.")})
