"""What the sponsor pays the house: a study's budget, its versions, its lines and what each version agreed of them."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ctms.access.assignments import DateRange
from ctms.access.scoping import StudyOwned, everything
from ctms.audit.trail import audited
from ctms.money.amounts import currency_field

VIEW = "finance.view_budget"


class ContractType(models.TextChoices):
    FIXED_UNIT = "FIXED_UNIT", _("Unit price times units done")
    MILESTONE = "MILESTONE", _("Fixed price by milestones")
    TIME = "TIME", _("Time and materials")


@audited(called_by=("{study}", "{contract_type}"))
class Budget(StudyOwned):
    """
    The sponsor's budget of one study, in one currency.

    The unblinded circle's work has a budget of its own, never lines among the others: a total, a burn or an
    invoice over both would tell a blinded person by subtraction that, when and how often an unblinded visit took
    place. Where a contract shows such visits openly, a line counted by hand in the ordinary budget carries them
    month by month, without a link to any of them.
    """

    view_permission = VIEW

    currency = currency_field(default="EUR")
    contract_type = models.CharField(max_length=15, choices=ContractType, default=ContractType.FIXED_UNIT)
    agreement_number = models.CharField(_("sponsor's agreement number"), max_length=80, blank=True)
    purchase_order = models.CharField(max_length=80, blank=True)
    payment_terms_days = models.PositiveSmallIntegerField(
        _("invoices are due after (days)"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(180)],
    )
    unblinded = models.BooleanField(
        default=False,
        help_text=_("The budget of the unblinded circle's work: blinded people see neither it nor its sums."),
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["study", "unblinded"],
                name="budget_once_a_study",
                violation_error_message=_("This study has its budget already."),
            )
        ]
        permissions = [
            ("approve_budget", "Sign and approve a version of a sponsor budget"),
            ("record_invoicing", "Prepare, send and settle sponsor invoices"),
            ("review_invoice", "Review a sponsor invoice as project manager"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="keeps_its_place", fields=["study", "unblinded", "currency"]),
        ]

    def __str__(self):
        return _("Unblinded budget of %(study)s") % {"study": self.study} if self.unblinded else (
            _("Budget of %(study)s") % {"study": self.study}
        )  # fmt: skip


class VersionKind(models.TextChoices):
    BID = "BID", _("Bid")
    EXECUTED = "EXECUTED", _("Executed contract")
    CHANGE_ORDER = "CHANGE_ORDER", _("Change order")


class ChangeReason(models.TextChoices):
    PROTOCOL_AMENDMENT = "PROTOCOL_AMENDMENT", _("Protocol amendment")
    MORE_SITES = "MORE_SITES", _("More sites or countries")
    MORE_SUBJECTS = "MORE_SUBJECTS", _("More subjects")
    TIMELINE = "TIMELINE", _("Longer timeline")
    SERVICES = "SERVICES", _("Services added or taken out")
    OTHER = "OTHER", _("Other")


class BudgetVersionStatus(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    INTERNAL_REVIEW = "INTERNAL_REVIEW", _("Internal review")
    APPROVED = "APPROVED", _("Approved")
    SUPERSEDED = "SUPERSEDED", _("Superseded")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


# Versions that are, or were, what the parties agreed on.
IN_AGREEMENT = (BudgetVersionStatus.APPROVED, BudgetVersionStatus.SUPERSEDED)


@audited(called_by=("{study}", "{label}"))
class BudgetVersion(StudyOwned):
    """
    What was bid, executed or changed, with the assumptions it rests on; it stands still once it is signed.

    A superseded version stays the one in force for the days before its successor.
    """

    place_from = "budget"
    view_permission = VIEW

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="versions")
    unblinded = models.BooleanField(default=False, editable=False)
    label = models.CharField(_("version"), max_length=30, editable=False)
    kind = models.CharField(max_length=15, choices=VersionKind)
    change_order_number = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    change_reason = models.CharField(
        _("reason of the change"), max_length=20, choices=ChangeReason, blank=True
    )
    scope = models.TextField(_("what changes"), blank=True)
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    planned_sites = models.PositiveIntegerField(_("assumed sites"), null=True, blank=True)
    planned_visits = models.PositiveIntegerField(_("assumed monitoring visits"), null=True, blank=True)
    planned_subjects = models.PositiveIntegerField(_("assumed subjects"), null=True, blank=True)
    duration_months = models.PositiveSmallIntegerField(_("assumed duration (months)"), null=True, blank=True)
    effective_from = models.DateField(_("in force from"))
    effective_until = models.DateField(_("in force until"), null=True, blank=True, editable=False)
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    status = models.CharField(
        max_length=20, choices=BudgetVersionStatus, default=BudgetVersionStatus.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["budget", "label"], name="budgetversion_label_once"),
            models.UniqueConstraint(
                fields=["budget"],
                condition=Q(status="APPROVED"),
                name="budgetversion_one_approved",
                violation_error_message=_("Another version of this budget is approved."),
            ),
            ExclusionConstraint(
                name="budgetversion_one_in_force_a_day",
                expressions=[
                    ("budget", RangeOperators.EQUAL),
                    (
                        DateRange(
                            "effective_from",
                            "effective_until",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(status__in=("APPROVED", "SUPERSEDED")),
                violation_error_message=_("Another approved version is in force in that period."),
            ),
            models.CheckConstraint(
                condition=Q(effective_until__isnull=True) | Q(effective_until__gte=F("effective_from")),
                name="budgetversion_in_force_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(kind="CHANGE_ORDER")
                | (Q(change_order_number__isnull=False) & ~Q(change_reason="")),
                name="budgetversion_change_order_says_why",
                violation_error_message=_("Say why the contract changes."),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="keeps_its_identity",
                fields=["budget", "label", "kind", "change_order_number", "based_on", "author"],
            )
        ]

    def __str__(self):
        return f"{self.budget.study.protocol_number} · {self.label}"

    def as_signed(self):
        """Return what the approval covers: the assumptions and every line with what was agreed of it."""
        with everything("the parts of a version in hand"):
            lines = [
                _signed_line(terms) for terms in self.terms.select_related("line").order_by("line__code")
            ]
        return {
            "scheme": "budget-version/1",
            "study": self.budget.study.protocol_number,
            "currency": self.budget.currency,
            "agreement_number": self.budget.agreement_number,
            "label": self.label,
            "kind": self.kind,
            "change": [self.change_order_number, self.change_reason, self.scope],
            "assumptions": [
                self.planned_sites,
                self.planned_visits,
                self.planned_subjects,
                self.duration_months,
            ],
            "effective_from": self.effective_from,
            "agreed_on": self.agreed_on,
            "lines": lines,
        }


def _signed_line(terms):
    line = terms.line
    planned = [[row.month.isoformat(), f"{row.units:.4f}"] for row in terms.planned.order_by("month")]
    return {
        "code": line.code,
        "what": [line.group, line.task, line.unit, line.kind, line.driver],
        "counts": [sorted(line.visit_types), sorted(line.methods), sorted(line.countries)],
        "price": f"{terms.unit_price:.4f}",
        "units": f"{terms.contracted_units:.4f}",
        "period": [terms.starts_on, terms.ends_on],
        "planned": planned,
    }
