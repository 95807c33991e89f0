"""Fee schedules: what an agreement pays for what, from when; approved ones are frozen."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import StudyOwned, country_of_study, everything, site_of_study
from ctms.audit.trail import audited
from ctms.money.amounts import amount_field, as_money, percent_field, plain
from ctms.workflow.triggers import frozen_with
from studies.models import PlannedVisit

from .agreements import SiteAgreement


class ScheduleStatus(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    APPROVED = "APPROVED", _("Approved")
    SUPERSEDED = "SUPERSEDED", _("Superseded")


@audited(called_by=("v{number}", "{site}"))
class FeeSchedule(StudyOwned):
    """
    One version of a site's fees. What happened is paid by the schedule in force on its day, whatever came later.

    Overhead and holdback are the agreement's on the day the schedule was written; they are signed with it.
    """

    place_from = "agreement"

    agreement = models.ForeignKey(SiteAgreement, models.PROTECT, related_name="schedules")
    country = country_of_study(editable=False)
    site = site_of_study(editable=False)
    number = models.PositiveIntegerField(editable=False)
    overhead_percent = percent_field(_("overhead %"), default=0)
    holdback_percent = percent_field(_("holdback %"), default=0)
    effective_from = models.DateField(_("effective from"))
    effective_to = models.DateField(_("effective to"), null=True, blank=True, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    status = models.CharField(
        max_length=10, choices=ScheduleStatus, default=ScheduleStatus.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="feeschedule_number_once"),
            models.UniqueConstraint(
                fields=["site"],
                condition=Q(status="DRAFT"),
                name="feeschedule_one_draft",
                violation_error_message=_("The site has a draft schedule already; finish that one."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("author")),
                name="feeschedule_two_people",
            ),
            models.CheckConstraint(
                condition=Q(overhead_percent__range=(0, 100), holdback_percent__range=(0, 100)),
                name="feeschedule_percentages",
                violation_error_message=_("A percentage lies between 0 and 100."),
            ),
            ExclusionConstraint(
                name="feeschedule_no_two_on_a_day",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    (
                        Func(
                            F("effective_from"),
                            F("effective_to"),
                            Value("[]"),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=~Q(status="DRAFT"),
                violation_error_message=_("Another approved schedule holds in these days."),
            ),
        ]
        permissions = [("approve_feeschedule", "Approve a fee schedule somebody else wrote")]
        triggers = [pgtrigger.ReadOnly(name="keeps_its_agreement", fields=["agreement", "author", "number"])]

    def __str__(self):
        return f"{self.study.protocol_number} · {self.site.number} · " + _("fees v%(number)d") % {
            "number": self.number
        }

    @property
    def currency(self):
        return self.agreement.currency

    def as_signed(self):
        """Return what the approval covers: every fee, and the days it holds from."""
        with everything("the fees of a schedule in hand"):
            fees = [fee.as_signed() for fee in self.fees.select_related("planned_visit").order_by("pk")]
        return {
            "scheme": "fee-schedule/1",
            "agreement": str(self.agreement),
            "number": self.number,
            "currency": self.agreement.currency,
            "effective_from": self.effective_from,
            "overhead_percent": plain(self.overhead_percent),
            "holdback_percent": plain(self.holdback_percent),
            "fees": fees,
        }


class FeeKind(models.TextChoices):
    PLANNED_VISIT = "PLANNED_VISIT", _("Subject visit")
    UNSCHEDULED_VISIT = "UNSCHEDULED_VISIT", _("Unscheduled visit")
    SCREEN_FAILURE = "SCREEN_FAILURE", _("Screen failure")
    START_UP = "START_UP", _("Start-up")
    CLOSE_OUT = "CLOSE_OUT", _("Close-out")
    INVOICED = "INVOICED", _("Paid on invoice")


@audited(called_by=("{kind}", "{planned_visit}", "{name}"), removable=True)
@frozen_with("schedule")
class Fee(StudyOwned):
    """What one event pays; screen failures perhaps only `ratio_paid` times per `ratio_per` subjects entered."""

    place_from = "schedule"
    view_permission = "finance.view_feeschedule"

    schedule = models.ForeignKey(FeeSchedule, models.PROTECT, related_name="fees")
    country = country_of_study(editable=False)
    site = site_of_study(editable=False)
    kind = models.CharField(max_length=20, choices=FeeKind)
    planned_visit = models.ForeignKey(PlannedVisit, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    amount = amount_field()
    overhead_applies = models.BooleanField(default=True)
    holdback_applies = models.BooleanField(default=True)
    cap = models.PositiveIntegerField(
        _("at most"), null=True, blank=True, help_text=_("How many are paid at this site; empty = all.")
    )
    ratio_paid = models.PositiveSmallIntegerField(_("paid"), null=True, blank=True)
    ratio_per = models.PositiveSmallIntegerField(_("per subjects entered"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="fee_amount_positive",
                violation_error_message=_("A fee is more than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(kind="PLANNED_VISIT", planned_visit__isnull=False)
                | (~Q(kind="PLANNED_VISIT") & Q(planned_visit__isnull=True)),
                name="fee_of_a_visit_names_it",
                violation_error_message=_("The fee of a subject visit names the planned visit; no other fee does."),
            ),
            models.UniqueConstraint(
                fields=["schedule", "planned_visit"], condition=Q(kind="PLANNED_VISIT"),
                name="fee_once_a_planned_visit",
                violation_error_message=_("The schedule has a fee for this visit already."),
            ),
            models.UniqueConstraint(
                fields=["schedule", "kind"], condition=~Q(kind__in=["PLANNED_VISIT", "INVOICED"]),
                name="fee_once_a_kind",
                violation_error_message=_("The schedule has a fee of this kind already."),
            ),
            models.CheckConstraint(
                condition=Q(ratio_paid__isnull=True, ratio_per__isnull=True)
                | Q(kind="SCREEN_FAILURE", ratio_paid__gt=0, ratio_per__gt=0),
                name="fee_ratio_whole_and_of_failures",
                violation_error_message=_("A ratio has both numbers, and only screen failures have one."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name or (str(self.planned_visit.name) if self.planned_visit else self.get_kind_display())

    @property
    def currency(self):
        return self.schedule.agreement.currency

    @property
    def money(self):
        return as_money(self.amount, self.currency)

    def clean(self):
        if self.kind == FeeKind.PLANNED_VISIT and self.planned_visit is None:
            raise ValidationError({"planned_visit": _("Choose the planned visit this fee pays.")})
        if self.kind == FeeKind.INVOICED and not self.name:
            raise ValidationError({"name": _("Say what is invoiced.")})

    def as_signed(self):
        return {
            "kind": self.kind,
            "what": str(self),
            "planned_visit": self.planned_visit_id,
            "amount": plain(self.amount),
            "overhead": self.overhead_applies,
            "holdback": self.holdback_applies,
            "cap": self.cap,
            "ratio": [self.ratio_paid, self.ratio_per],
        }


@audited(called_by=("{fee}", "{invoice_number}"))
class InvoicedCost(StudyOwned):
    """A site's invoice for something its schedule pays on invoice: an ethics fee, archiving, a pharmacy's set-up."""

    place_from = "fee"
    view_permission = "finance.view_payable"

    fee = models.ForeignKey(Fee, models.PROTECT, related_name="+")
    country = country_of_study(editable=False)
    site = site_of_study(editable=False)
    invoice_number = models.CharField(max_length=60)
    occurred_on = models.DateField(_("day of the invoice"))
    quantity = models.PositiveSmallIntegerField(default=1)
    voided_because = models.CharField(max_length=400, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "invoice_number", "fee"],
                condition=Q(voided_because=""),
                name="invoicedcost_once",
                violation_error_message=_("This invoice is booked already."),
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="invoicedcost_quantity"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="stands_as_booked", fields=["fee", "invoice_number", "occurred_on", "quantity"]
            )
        ]

    def __str__(self):
        return f"{self.fee}: {self.invoice_number}"

    def clean(self):
        if self.fee.kind != FeeKind.INVOICED:
            raise ValidationError({"fee": _("Only fees paid on invoice are invoiced.")})
