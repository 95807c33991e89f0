"""The people at a site: who held which role on a day, with what training, for which tasks."""

from django import forms
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ctms.access.assignments import DateRange, ends_after_start
from ctms.access.scoping import ScopedQuerySet, StudyOwned, country_of_study, site_of_study
from ctms.audit.trail import audited
from directory.models import Person


class SiteRole(models.TextChoices):
    PRINCIPAL_INVESTIGATOR = "PRINCIPAL_INVESTIGATOR", _("Principal investigator")
    SUB_INVESTIGATOR = "SUB_INVESTIGATOR", _("Sub-investigator")
    STUDY_COORDINATOR = "STUDY_COORDINATOR", _("Study coordinator")
    PHARMACIST = "PHARMACIST", _("Pharmacist")
    OTHER = "OTHER", _("Other")


class Task(models.TextChoices):
    """What an investigator delegates, in the words of a delegation log (sites.md 2.6)."""

    CONSENT = "CONSENT", _("Informed consent")
    ELIGIBILITY = "ELIGIBILITY", _("Eligibility")
    EXAMINATION = "EXAMINATION", _("Physical examination")
    DISPENSING = "DISPENSING", _("Product dispensing")
    ACCOUNTABILITY = "ACCOUNTABILITY", _("Product accountability")
    BLOOD_DRAW = "BLOOD_DRAW", _("Blood draw")
    ECG = "ECG", _("ECG")
    ADVERSE_EVENTS = "ADVERSE_EVENTS", _("Adverse event assessment")
    DATA_ENTRY = "DATA_ENTRY", _("Data entry")
    QUERIES = "QUERIES", _("Queries")
    REGULATORY = "REGULATORY", _("Regulatory papers")


class TasksField(ArrayField):
    """A few of the tasks, ticked in a form."""

    def __init__(self, base_field=None, **options):
        super().__init__(base_field or models.CharField(max_length=20, choices=Task), **options)

    def deconstruct(self):
        # What the tables were is written down without this class.
        name, _path, arguments, options = super().deconstruct()
        return name, "django.contrib.postgres.fields.ArrayField", arguments, options

    def formfield(self, **options):
        return forms.MultipleChoiceField(
            label=capfirst(self.verbose_name),
            choices=Task.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


class SiteStaffQuerySet(ScopedQuerySet):
    def on(self, day):
        """Keep those who held their role on a day."""
        return self.filter(Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day)))


@audited(called_by=("{person}", "{role}"))
class SiteStaff(StudyOwned):
    """Somebody's role at a site from a day to a day: the investigator is always the one of that day."""

    country = country_of_study(editable=False)
    site = site_of_study()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=SiteRole)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    # Our tracked copy of what the investigator delegates; the log itself is the investigator's record (practice.md 15).
    tasks = TasksField(verbose_name=_("delegated tasks"), default=list, blank=True)
    cv_dated_on = models.DateField(_("CV dated"), null=True, blank=True)
    gcp_trained_on = models.DateField(_("GCP training"), null=True, blank=True)
    gcp_expires_on = models.DateField(_("GCP expires"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = SiteStaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        constraints = [
            ends_after_start("sitestaff_ends_after_start"),
            models.CheckConstraint(
                condition=Q(gcp_expires_on__isnull=True)
                | Q(gcp_trained_on__isnull=True)
                | Q(gcp_expires_on__gt=F("gcp_trained_on")),
                name="sitestaff_gcp_expires_after_training",
                violation_error_message=_("The training expires before it was held."),
            ),
            ExclusionConstraint(
                name="sitestaff_one_principal_investigator",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    (
                        DateRange(
                            "starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True)
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(role="PRINCIPAL_INVESTIGATOR"),
                violation_error_message=_("The site has another principal investigator in that period."),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.get_role_display()}"

    @property
    def task_labels(self):
        return [str(Task(code).label) for code in self.tasks]
