"""The lines of a budget: what counts their units, what each version agreed of them, what a unit costs the house."""

import pgtrigger
from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import StudyOwned, everything
from ctms.audit.trail import audited
from ctms.money.amounts import amount_field
from ctms.workflow.triggers import frozen_with
from monitoring.models import Method, VisitType
from studies.models import StudyCountry

from .budgets import VIEW, Budget, BudgetVersion
from .standing_still import StandsWithVersion


class ChosenField(ArrayField):
    """A list of codes; where the codes are known, they are ticked in a form and not typed."""

    def formfield(self, **options):
        choices = getattr(self.base_field, "choices", None)
        if not choices:
            return super().formfield(**options)
        return forms.MultipleChoiceField(
            choices=choices,
            required=False,
            label=str(self.verbose_name).capitalize(),
            help_text=self.help_text,
            widget=forms.CheckboxSelectMultiple,
        )

    def deconstruct(self):
        name, _path, arguments, options = super().deconstruct()
        return name, "django.contrib.postgres.fields.ArrayField", arguments, options


def units_field(*args, **options):
    """Return the field of a number of units; four decimals, because a part of a month is a part of a unit."""
    return models.DecimalField(*args, max_digits=14, decimal_places=4, **options)


class ServiceGroup(models.TextChoices):
    """In the order a budget is read."""

    START_UP = "START_UP", _("Start-up")
    SITE_MANAGEMENT = "SITE_MANAGEMENT", _("Site management")
    MONITORING = "MONITORING", _("Monitoring")
    PROJECT_MANAGEMENT = "PROJECT_MANAGEMENT", _("Project management")
    DATA_MANAGEMENT = "DATA_MANAGEMENT", _("Data management")
    STATISTICS = "STATISTICS", _("Statistics")
    MEDICAL_WRITING = "MEDICAL_WRITING", _("Medical writing")
    SAFETY = "SAFETY", _("Safety")
    REGULATORY = "REGULATORY", _("Regulatory")
    TMF = "TMF", _("TMF")
    CLOSE_OUT = "CLOSE_OUT", _("Close-out")


class Unit(models.TextChoices):
    """What is counted (reference-lists.md 11.3)."""

    STUDY_MONTH = "STUDY_MONTH", _("study-month")
    SITE_MONTH = "SITE_MONTH", _("site-month")
    SUBJECT = "SUBJECT", _("subject")
    SITE = "SITE", _("site")
    COUNTRY = "COUNTRY", _("country")
    VISIT = "VISIT", _("visit")
    VISIT_DAY = "VISIT_DAY", _("visit day")
    REPORT = "REPORT", _("report")
    SUBMISSION = "SUBMISSION", _("submission")
    DOCUMENT = "DOCUMENT", _("document")
    PAGE = "PAGE", _("page")
    QUERY = "QUERY", _("query")
    SAE = "SAE", _("SAE")
    MEETING = "MEETING", _("meeting")
    HOUR = "HOUR", _("FTE-hour")
    TELECONFERENCE = "TELECONFERENCE", _("teleconference")
    MODULE = "MODULE", _("module")
    OUTPUT = "OUTPUT", _("output")


class BudgetLineKind(models.TextChoices):
    FEE = "FEE", _("Fee")
    PASS_THROUGH = "PASS_THROUGH", _("Pass-through")
    INVESTIGATOR_GRANT = "INVESTIGATOR_GRANT", _("Investigator grant")


class Driver(models.TextChoices):
    """Which fact of the system counts a unit; how each is read stands in `services/drivers.py`."""

    MANUAL = "MANUAL", _("Entered by hand, month by month")
    REPORT_APPROVED = "REPORT_APPROVED", _("Visit report approved")
    VISIT_DAY_REPORTED = "VISIT_DAY_REPORTED", _("Visit day with approved report")
    REMOTE_REPORT = "REMOTE_REPORT", _("Report of a remote visit approved")
    VISIT_CONDUCTED = "VISIT_CONDUCTED", _("Monitoring visit conducted")
    SITE_ACTIVATED = "SITE_ACTIVATED", _("Site activated")
    SITE_MONTH = "SITE_MONTH", _("Month of an open site")
    STUDY_MONTH = "STUDY_MONTH", _("Month of the study")
    SUBMISSION_FILED = "SUBMISSION_FILED", _("Submission filed")
    SUBJECT_SCREENED = "SUBJECT_SCREENED", _("Subject screened")
    SUBJECT_ENROLLED = "SUBJECT_ENROLLED", _("Subject enrolled")


# What may be counted among the unblinded circle's own work; everything else is the ordinary budget's.
IN_EITHER_CIRCLE = (
    Driver.MANUAL,
    Driver.REPORT_APPROVED,
    Driver.VISIT_DAY_REPORTED,
    Driver.REMOTE_REPORT,
    Driver.VISIT_CONDUCTED,
)


@audited(called_by=("{code} {task}",))
class BudgetLine(StudyOwned):
    """
    One priced task of a budget: what it is and what counts its units, the same in every version.

    Price and number of units are agreed by version (`BudgetLineTerms`), so that units earned under one version
    are not earned again under the next. It stands still from the first version on that is signed with it.
    """

    place_from = "budget"
    view_permission = VIEW

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="lines")
    unblinded = models.BooleanField(default=False, editable=False)
    code = models.CharField(max_length=20, help_text=_("Its number in the contract, such as MON-03."))
    group = models.CharField(_("service group"), max_length=20, choices=ServiceGroup)
    task = models.CharField(max_length=200)
    unit = models.CharField(max_length=15, choices=Unit)
    kind = models.CharField(max_length=20, choices=BudgetLineKind, default=BudgetLineKind.FEE)
    driver = models.CharField(_("counted by"), max_length=20, choices=Driver, default=Driver.MANUAL)
    visit_types = ChosenField(
        models.CharField(max_length=3, choices=VisitType),
        verbose_name=_("visit types"),
        default=list,
        blank=True,
        help_text=_("Of visits and their reports; none ticked = every type."),
    )
    methods = ChosenField(
        models.CharField(max_length=10, choices=Method),
        verbose_name=_("visit methods"),
        default=list,
        blank=True,
        help_text=_("Of visits and their reports; none ticked = every method."),
    )
    countries = ChosenField(
        models.CharField(max_length=2),
        verbose_name=_("countries"),
        default=list,
        blank=True,
        help_text=_("Two letters each, separated by commas, such as ES, DE; empty = every country."),
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "code"],
                name="budgetline_code_once",
                violation_error_message=_("Another line of this budget has this code."),
            ),
            models.CheckConstraint(
                condition=Q(unblinded=False) | Q(driver__in=[one.value for one in IN_EITHER_CIRCLE]),
                name="budgetline_unblinded_counts_its_own_circle",
                violation_error_message=_(
                    "In the unblinded budget only the circle's own visits, their reports and what is entered by hand "
                    "are counted."
                ),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="keeps_its_budget", fields=["budget", "code"]),
            StandsWithVersion(
                name="stands_with_version",
                operation=pgtrigger.Update | pgtrigger.Delete,
                signed="""SELECT 1 FROM finance_budgetlineterms t JOIN finance_budgetversion v
                    ON v.id = t.budget_version_id WHERE t.line_id = OLD.id""",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.task}"

    def clean(self):
        super().clean()
        self.countries = sorted({code.strip().upper() for code in self.countries if code.strip()})
        if self.budget_id is None:  # a form says the version; the service judges again with its budget
            return
        with everything("the countries of the budget's own study"):
            known = set(
                StudyCountry.objects.filter(study=self.budget.study_id).values_list("nation_id", flat=True)
            )
        if unknown := sorted(set(self.countries) - known):
            raise ValidationError(
                {"countries": _("Not a country of this study: %(codes)s.") % {"codes": ", ".join(unknown)}}
            )


@frozen_with("budget_version")
@audited(called_by=("{line}", "{budget_version}"))
class BudgetLineTerms(StudyOwned):
    """What one version agreed of a line: its price, how many units, and from when to when."""

    place_from = "budget_version"
    view_permission = VIEW

    budget_version = models.ForeignKey(BudgetVersion, models.PROTECT, related_name="terms")
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="terms")
    unblinded = models.BooleanField(default=False, editable=False)
    unit_price = amount_field(validators=[MinValueValidator(0)])
    contracted_units = units_field(
        validators=[MinValueValidator(0)], help_text=_("0 takes the line out of this version.")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("terms of a budget line")
        verbose_name_plural = _("terms of budget lines")
        constraints = [
            models.UniqueConstraint(fields=["budget_version", "line"], name="budgetlineterms_once_a_version"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="budgetlineterms_in_order",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0, contracted_units__gte=0), name="budgetlineterms_not_negative"
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="keeps_its_line", fields=["budget_version", "line"])]

    def __str__(self):
        return f"{self.line} ({self.budget_version.label})"


@audited(called_by=("{terms}", "{month}"), removable=True)
class PlannedUnits(StudyOwned):
    """Units planned for one month, where a line is not spread evenly over its months."""

    place_from = "terms"
    view_permission = VIEW

    terms = models.ForeignKey(BudgetLineTerms, models.PROTECT, related_name="planned")
    unblinded = models.BooleanField(default=False, editable=False)
    month = models.DateField(help_text=_("Its first day."))
    units = units_field(validators=[MinValueValidator(0)])

    class Meta:
        verbose_name_plural = _("planned units")
        constraints = [
            models.UniqueConstraint(fields=["terms", "month"], name="plannedunits_once_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="plannedunits_by_month"),
        ]
        triggers = [
            StandsWithVersion(
                name="stands_with_version",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                signed="""SELECT 1 FROM finance_budgetlineterms t JOIN finance_budgetversion v
                    ON v.id = t.budget_version_id WHERE t.id IN (
                        CASE WHEN TG_OP <> 'INSERT' THEN OLD.terms_id END,
                        CASE WHEN TG_OP <> 'DELETE' THEN NEW.terms_id END)""",
            )
        ]

    def __str__(self):
        return f"{self.month:%Y-%m}: {self.units}"


@audited(called_by=("{terms}",))
class BudgetCost(StudyOwned):
    """
    What a unit costs the house: a row of its own, because whoever may see the budget does not see cost and margin.

    It is no part of what the sponsor agreed, so it may be known better later; its history keeps what was thought.
    """

    place_from = "terms"

    terms = models.OneToOneField(BudgetLineTerms, models.PROTECT, related_name="+")
    unblinded = models.BooleanField(default=False, editable=False)
    cost_per_unit = amount_field(validators=[MinValueValidator(0)])
    note = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        permissions = [("change_cost", "Estimate what a unit costs the house")]
        constraints = [
            models.CheckConstraint(condition=Q(cost_per_unit__gte=0), name="budgetcost_not_negative")
        ]

    def __str__(self):
        return _("Cost of %(terms)s") % {"terms": self.terms}

    @property
    def margin(self):
        """What is left of a unit's price."""
        return self.terms.unit_price - self.cost_per_unit
