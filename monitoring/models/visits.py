"""Monitoring visits: a monitor at, or remote with, a site."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import ScopedQuerySet, StudyOwned, country_of_study, everything, site_of_study
from ctms.audit.trail import audited

from .standing_still import StandsStillWithReport, WasThere


class VisitType(models.TextChoices):
    """The value is the field's abbreviation, which numbers the visit: IMV 4."""

    QUALIFICATION = "SQV", _("Site qualification visit")
    INITIATION = "SIV", _("Site initiation visit")
    ROUTINE = "IMV", _("Interim monitoring visit")
    CLOSE_OUT = "COV", _("Close-out visit")
    FOR_CAUSE = "FCV", _("For-cause visit")
    CO_MONITORING = "CMV", _("Co-monitoring visit")


class Method(models.TextChoices):
    ON_SITE = "ON_SITE", _("On site")
    REMOTE = "REMOTE", _("Remote")
    HYBRID = "HYBRID", _("Hybrid")
    TELEPHONE = "TELEPHONE", _("Telephone")


class VisitStatus(models.TextChoices):
    PROPOSED = "PROPOSED", _("Proposed")
    PLANNED = "PLANNED", _("Planned")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    CONDUCTED = "CONDUCTED", _("Conducted")
    CANCELLED = "CANCELLED", _("Cancelled")


class VisitQuerySet(ScopedQuerySet):
    def upcoming(self):
        return self.filter(status__in=(VisitStatus.PROPOSED, VisitStatus.PLANNED, VisitStatus.CONFIRMED))

    def of_monitor(self, user):
        return self.filter(monitors__user=user)


# A visit planned on or after its first day is recorded afterwards: nobody could have confirmed it in time. Of a visit
# of a time before the day was kept it is not known, and it counts as planned ahead.
PLANNED_AHEAD = Q(planned_on__isnull=True) | Q(planned_on__lt=F("planned_start_on"))


@audited(called_by=("{visit_type:s} {number}", "{site}"))
class MonitoringVisit(StudyOwned):
    """
    One visit of a monitor to a site; its report is a record of its own.

    The number runs per site and type and survives cancellation. Unblinded visits have numbers of their own, so
    that a gap in the others betrays nothing.
    """

    country = country_of_study(editable=False)
    site = site_of_study()
    visit_type = models.CharField(_("type"), max_length=3, choices=VisitType)
    number = models.PositiveIntegerField(editable=False)
    method = models.CharField(max_length=10, choices=Method, default=Method.ON_SITE)
    planned_start_on = models.DateField(_("planned first day"))
    planned_end_on = models.DateField(_("planned last day"))
    actual_start_on = models.DateField(_("first day"), null=True, blank=True, editable=False)
    actual_end_on = models.DateField(_("last day"), null=True, blank=True, editable=False)
    planned_on = models.DateField(_("planned on"), null=True, blank=True, editable=False)
    purpose = models.TextField(blank=True)
    unblinded = models.BooleanField(
        default=False, help_text=_("A visit blinded people must not know of, such as to the pharmacy.")
    )
    status = models.CharField(
        max_length=10, choices=VisitStatus, default=VisitStatus.PROPOSED, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "visit_type", "unblinded", "number"], name="monitoringvisit_number_once"
            ),
            models.CheckConstraint(
                condition=Q(planned_end_on__gte=F("planned_start_on")),
                name="monitoringvisit_planned_in_order",
                violation_error_message=_("The planned last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(actual_start_on__isnull=True, actual_end_on__isnull=True)
                | Q(actual_end_on__gte=F("actual_start_on")),
                name="monitoringvisit_actual_in_order",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(status="CONDUCTED") | Q(actual_end_on__isnull=False),
                name="monitoringvisit_conducted_has_its_days",
            ),
        ]
        permissions = [("move_monitoringvisit", "Plan, confirm, conduct and cancel monitoring visits")]
        triggers = [
            pgtrigger.ReadOnly(
                name="keeps_its_identity",
                fields=["site", "visit_type", "number", "unblinded", "planned_on"],
            ),
            StandsStillWithReport(
                name="stands_with_report", operation=pgtrigger.Update, report='"visit_id" = OLD."id"'
            ),
        ]
        indexes = [models.Index(fields=["planned_start_on"], name="monitoringvisit_planned")]

    def __str__(self):
        return (
            f"{self.study.protocol_number} · {self.site.number or self.site.organization.name} · {self.label}"
        )

    @property
    def label(self):
        """Return such as `IMV 4`; `IMV 1 (unblinded)` in the unblinded circle."""
        return f"{self.visit_type} {self.number}" + (_(" (unblinded)") if self.unblinded else "")

    @property
    def monitor_names(self):
        """The monitors, primary first, of a visit read with them as `shown_monitors`."""
        return [str(monitor.user) for monitor in getattr(self, "shown_monitors", ())]

    @property
    def first_day(self):
        return self.actual_start_on or self.planned_start_on

    @property
    def last_day(self):
        return self.actual_end_on or self.planned_end_on

    def was_monitored_by(self, user):
        """True if somebody is one of its monitors."""
        with everything("who monitored a visit in hand"):
            return self.monitors.filter(user=user).exists()

    @property
    def was_planned_ahead(self):
        """False if the visit was recorded on or after its first day, as far as it is known when it was planned."""
        return self.planned_on is None or self.planned_on < self.planned_start_on

    @property
    def next_letter(self):
        """Return which letter belongs to the visit's state: it is confirmed before and followed up after."""
        return _("Follow-up") if self.status == VisitStatus.CONDUCTED else _("Confirmation")

    def time_zone(self):
        return self.site.time_zone()


class Part(models.TextChoices):
    PRIMARY = "PRIMARY", _("Primary monitor")
    CO_MONITOR = "CO_MONITOR", _("Co-monitor")


@audited(called_by=("{user}", "{part}"), removable=True)
class VisitMonitor(StudyOwned):
    """Who monitors a visit; nobody of them approves its report."""

    place_from = "visit"
    view_permission = "monitoring.view_monitoringvisit"

    visit = models.ForeignKey(MonitoringVisit, models.PROTECT, related_name="monitors")
    country = country_of_study(editable=False)
    site = site_of_study(editable=False)
    unblinded = models.BooleanField(default=False, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=Part)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "user"], name="visitmonitor_once"),
            models.UniqueConstraint(
                fields=["visit"], condition=Q(part="PRIMARY"), name="visitmonitor_one_primary"
            ),
        ]
        triggers = [WasThere(name="was_there")]

    def __str__(self):
        return f"{self.user} ({self.get_part_display()})"
