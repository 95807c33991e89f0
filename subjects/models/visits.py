"""Subject visits: what one subject is due by the schedule, and what happened. Not a monitor's visit to a site."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import ScopedQuerySet, StudyOwned, country_of_study, site_of_study
from ctms.audit.trail import audited
from studies.models import PlannedVisit

from .people import Subject


class VisitKind(models.TextChoices):
    SCHEDULED = "SCHEDULED", _("Scheduled")
    UNSCHEDULED = "UNSCHEDULED", _("Unscheduled")


class SubjectVisitStatus(models.TextChoices):
    PLANNED = "PLANNED", _("Planned")
    OCCURRED = "OCCURRED", _("Occurred")
    MISSED = "MISSED", _("Missed")
    NOT_APPLICABLE = "NOT_APPLICABLE", _("Not applicable")
    VOIDED = "VOIDED", _("Voided")


class SubjectVisitQuerySet(ScopedQuerySet):
    def occurred(self):
        return self.filter(status=SubjectVisitStatus.OCCURRED)

    def overdue(self, on):
        """Keep planned visits whose window has passed: nobody has said yet what became of them."""
        passed = Q(window_ends_on__lt=on) | Q(window_ends_on__isnull=True, target_on__lt=on)
        return self.filter(passed, status=SubjectVisitStatus.PLANNED)

    def due(self, on):
        """Keep planned visits whose window is open; without a window the day itself is meant."""
        is_open = Q(window_starts_on__lte=on, window_ends_on__gte=on)
        return self.filter(
            is_open | Q(window_ends_on__isnull=True, target_on=on), status=SubjectVisitStatus.PLANNED
        )

    def out_of_window(self):
        """Keep visits that occurred before or after their window."""
        early, late = Q(occurred_on__lt=F("window_starts_on")), Q(occurred_on__gt=F("window_ends_on"))
        return self.filter(early | late, status=SubjectVisitStatus.OCCURRED)


@audited(called_by=("{subject}", "{name}"), exclude=("fed",))
class SubjectVisit(StudyOwned):
    """
    One visit of one subject, planned from the schedule or unscheduled; once it occurred it is paid for.

    The site is the one the visit happens at: it stays when the subject is transferred later.
    """

    country = country_of_study(editable=False)
    site = site_of_study(editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="visits")
    planned_visit = models.ForeignKey(PlannedVisit, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=12, choices=VisitKind, default=VisitKind.SCHEDULED, editable=False)
    name = models.CharField(max_length=300)
    target_on = models.DateField(_("target day"), null=True, blank=True, editable=False)
    window_starts_on = models.DateField(_("window from"), null=True, blank=True, editable=False)
    window_ends_on = models.DateField(_("window to"), null=True, blank=True, editable=False)
    occurred_on = models.DateField(_("occurred"), null=True, blank=True, editable=False)
    source_key = models.CharField(max_length=120, blank=True, editable=False)
    fed = models.JSONField(default=dict, editable=False, blank=True)
    status = models.CharField(
        max_length=15, choices=SubjectVisitStatus, default=SubjectVisitStatus.PLANNED, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = SubjectVisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "planned_visit"],
                condition=Q(planned_visit__isnull=False) & ~Q(status="VOIDED"),
                name="subjectvisit_once_a_planned_visit",
                violation_error_message=_("This subject has this planned visit already."),
            ),
            models.UniqueConstraint(
                fields=["subject", "source_key"],
                condition=~Q(source_key="") & ~Q(status="VOIDED"),
                name="subjectvisit_source_key_once",
            ),
            models.CheckConstraint(
                condition=Q(status="OCCURRED", occurred_on__isnull=False)
                | Q(status__in=("MISSED", "NOT_APPLICABLE"), occurred_on__isnull=True)
                | Q(status__in=("PLANNED", "VOIDED")),
                name="subjectvisit_occurred_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(kind="SCHEDULED", planned_visit__isnull=False)
                | Q(kind="UNSCHEDULED", planned_visit__isnull=True),
                name="subjectvisit_scheduled_by_a_planned_visit",
            ),
        ]
        permissions = [("record_subjectvisit", "Record what became of a subject's visit")]
        triggers = [
            pgtrigger.ReadOnly(name="keeps_its_identity", fields=["subject", "planned_visit", "kind"]),
            # What is planned goes along when the subject is transferred; what happened stays where it did.
            pgtrigger.Protect(
                name="stays_where_it_took_place",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__status="PLANNED")
                & pgtrigger.Q(old__site__df=pgtrigger.F("new__site")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["study", "occurred_on"], condition=Q(status="OCCURRED"), name="subjectvisit_occurred"
            ),
            models.Index(fields=["window_ends_on"], condition=Q(status="PLANNED"), name="subjectvisit_due"),
            # Whoever works at six sites asks for what is due there: by the day alone, all planned visits were read.
            models.Index(
                fields=["site", "window_ends_on"],
                condition=Q(status="PLANNED"),
                name="subjectvisit_due_at_site",
            ),
            models.Index(
                fields=["study", "window_ends_on"],
                condition=Q(status="PLANNED"),
                name="subjectvisit_due_in_study",
            ),
        ]

    def __str__(self):
        return f"{self.subject}: {self.name}"

    def time_zone(self):
        return self.site.time_zone()
