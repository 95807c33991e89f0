from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import ScopedQuerySet, StudyOwned, country_of_study, site_of_study
from ctms.audit.trail import audited
from ctms.calendar.partial_dates import PartialDate, Precision


class MilestoneStatus(models.TextChoices):
    PLANNED = "PLANNED", _("Planned")
    COMPLETED = "COMPLETED", _("Completed")
    NOT_APPLICABLE = "NOT_APPLICABLE", _("Not applicable")


class MilestoneKind(models.TextChoices):
    """The milestones the house plans by (planning.md 1.7); OTHER carries its own name."""

    CONTRACT_SIGNED = "CONTRACT_SIGNED", _("Contract signed")
    KICK_OFF = "KICK_OFF", _("Sponsor kick-off meeting")
    PROTOCOL_APPROVAL = "PROTOCOL_APPROVAL", _("Final protocol approved")
    PROTOCOL_EFFECTIVE = "PROTOCOL_EFFECTIVE", _("Protocol effective")
    MONITORING_PLAN = "MONITORING_PLAN", _("Monitoring plan approved")
    PUBLIC_REGISTRATION = "PUBLIC_REGISTRATION", _("Public registration")
    REGISTRY_FIRST_SUBMITTED = "REGISTRY_FIRST_SUBMITTED", _("First submitted to the registry")
    REGISTRY_FIRST_POSTED = "REGISTRY_FIRST_POSTED", _("First posted in the registry")
    FIRST_SUBMISSION = "FIRST_SUBMISSION", _("First regulatory submission")
    FIRST_APPROVAL = "FIRST_APPROVAL", _("First regulatory approval")
    STUDY_START = "STUDY_START", _("Study start")
    FIRST_SITE_ACTIVATED = "FIRST_SITE_ACTIVATED", _("First site activated")
    FIRST_SUBJECT_IN = "FIRST_SUBJECT_IN", _("First subject in")
    LAST_SUBJECT_IN = "LAST_SUBJECT_IN", _("Last subject in")
    PRIMARY_COMPLETION = "PRIMARY_COMPLETION", _("Primary completion")
    LAST_SUBJECT_LAST_VISIT = "LAST_SUBJECT_LAST_VISIT", _("Last subject last visit")
    STUDY_COMPLETION = "STUDY_COMPLETION", _("Study completion")
    DATABASE_LOCK = "DATABASE_LOCK", _("Database lock")
    CLINICAL_STUDY_REPORT = "CLINICAL_STUDY_REPORT", _("Clinical study report final")
    RESULTS_FIRST_POSTED = "RESULTS_FIRST_POSTED", _("Results first posted")
    SITE_INITIATION = "SITE_INITIATION", _("Site initiation visit")
    SITE_ACTIVATED = "SITE_ACTIVATED", _("Site activated")
    OTHER = "OTHER", _("Other")


class MilestoneQuerySet(ScopedQuerySet):
    def open(self):
        return self.filter(status=MilestoneStatus.PLANNED)

    def overdue(self, on):
        return self.open().filter(planned_on__lt=on)


@audited(called_by=("{name}",))
class Milestone(StudyOwned):
    """
    A date the study is steered by: agreed (baseline), intended (planned), happened (actual).

    Its pace is computed from the dates and never typed. A date may be known to the month only.
    """

    seen_from_below = True

    country = country_of_study(null=True, blank=True)
    site = site_of_study(null=True, blank=True)
    kind = models.CharField(max_length=40, choices=MilestoneKind, default=MilestoneKind.OTHER)
    name = models.CharField(max_length=200)
    planned_on = models.DateField(_("planned"), null=True, blank=True)
    planned_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    baseline_on = models.DateField(_("baseline"), null=True, blank=True)
    actual_on = models.DateField(_("actual"), null=True, blank=True, editable=False)
    actual_precision = models.CharField(
        max_length=5, choices=Precision, default=Precision.DAY, editable=False
    )
    published = models.BooleanField(_("shown to the sponsor"), default=False)
    source_key = models.CharField(max_length=200, blank=True, editable=False)
    status = models.CharField(
        max_length=20, choices=MilestoneStatus, default=MilestoneStatus.PLANNED, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "study", "source_key", name="milestone_source_key_once", condition=~Q(source_key="")
            ),
            models.CheckConstraint(
                condition=~Q(status="COMPLETED") | Q(actual_on__isnull=False),
                name="milestone_completed_has_its_date",
            ),
        ]
        permissions = [("complete_milestone", "Record that a milestone was reached")]
        indexes = [
            # The list stands in the order of planned dates: of everything, and of one study.
            models.Index(fields=["planned_on", "id"], name="milestone_by_day"),
            models.Index(
                fields=["study", "planned_on", "id"],
                include=["status", "published"],
                name="milestone_by_study_and_day",
            ),
            models.Index(fields=["planned_on"], condition=Q(status="PLANNED"), name="milestone_open_planned"),
        ]

    def __str__(self):
        return self.name

    def time_zone(self):
        where = self.site or self.country
        return where.time_zone() if where else None

    @property
    def planned(self):
        return PartialDate(self.planned_on, Precision(self.planned_precision)) if self.planned_on else None

    @property
    def actual(self):
        return PartialDate(self.actual_on, Precision(self.actual_precision)) if self.actual_on else None

    @property
    def slippage_days(self):
        """Calendar days the milestone lies after its baseline; None without one."""
        reached = self.actual_on or self.planned_on
        return (reached - self.baseline_on).days if reached and self.baseline_on else None
