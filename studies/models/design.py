"""The protocol's plan: arms, epochs, the schedule of planned visits and their activities."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import StudyOwned
from ctms.audit.trail import audited


class PlanRow(StudyOwned):
    """
    A line of the plan, in its order. `key` is its identity in the file it came from.

    Nothing is deleted: a line a newer protocol no longer has is `retired`, because subjects were seen by it.
    """

    view_permission = "studies.view_plan"
    change_permission = "studies.change_plan"
    seen_from_below = True
    always_published = True

    key = models.CharField(max_length=200, blank=True, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=300)
    label = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    retired = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def __str__(self):
        return self.label or self.name


def once_by_key(model):
    return models.UniqueConstraint(fields=["study", "key"], condition=~Q(key=""), name=f"{model}_key_once")


@audited(called_by=("{label}", "{name}"))
class Arm(PlanRow):
    kind = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [once_by_key("arm")]


@audited(called_by=("{label}", "{name}"))
class Epoch(PlanRow):
    kind = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [once_by_key("epoch")]


@audited(called_by=("{label}", "{name}"))
class Activity(PlanRow):
    """A line of the schedule of activities; a group is a heading other lines stand under."""

    group = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    is_group = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "activities"
        constraints = [once_by_key("activity")]


@audited(called_by=("{label}", "{name}"))
class PlannedVisit(PlanRow):
    """
    A visit of the protocol: one scheduled instance, days from the reference day, and how far it may lie off.

    `offset_days` is None where the file's timing could not be resolved; a window that is None was not stated,
    0 allows no deviation.
    """

    epoch = models.ForeignKey(Epoch, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=30, blank=True)
    contact_modes = models.CharField(max_length=100, blank=True)
    settings = models.CharField(_("settings"), max_length=200, blank=True)
    offset_days = models.IntegerField(_("day from reference day"), null=True, blank=True)
    window_before_days = models.PositiveIntegerField(_("window before (days)"), null=True, blank=True)
    window_after_days = models.PositiveIntegerField(_("window after (days)"), null=True, blank=True)
    activities = models.ManyToManyField(Activity, through="PlannedVisitActivity", related_name="+")
    # The version that asks for the visit; None = every version does.
    protocol_version = models.ForeignKey(
        "studies.ProtocolVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [once_by_key("plannedvisit")]

    @property
    def window(self):
        """Return such as `−3 / +7`, in days, or '' where none is stated."""
        if self.window_before_days is None and self.window_after_days is None:
            return ""
        before, after = self.window_before_days, self.window_after_days
        return f"{f'−{before}' if before else 0} / {f'+{after}' if after else 0}"

    @property
    def activity_names(self):
        """The activities in schedule order, as prefetched into `shown_crosses`."""
        return [cross.activity.name for cross in getattr(self, "shown_crosses", ())]

    @property
    def activity_ids(self):
        return [cross.activity_id for cross in getattr(self, "shown_crosses", ())]

    @property
    def activity_count(self):
        return len(getattr(self, "shown_crosses", ()))


@audited(called_by=("{planned_visit}", "{activity}"), removable=True)
class PlannedVisitActivity(StudyOwned):
    """An activity done at a planned visit: one cross in the schedule of activities."""

    place_from = "planned_visit"
    view_permission = "studies.view_plan"
    seen_from_below = True
    always_published = True

    planned_visit = models.ForeignKey(PlannedVisit, models.PROTECT, related_name="crosses")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["planned_visit", "activity"], name="plannedvisitactivity_once")
        ]

    def __str__(self):
        return f"{self.planned_visit}: {self.activity}"


@audited(called_by=("{level}", "{measure}"))
class Outcome(StudyOwned):
    """What the study measures, and when."""

    view_permission = "studies.view_plan"
    seen_from_below = True
    always_published = True

    class Level(models.TextChoices):
        PRIMARY = "PRIMARY", _("Primary")
        SECONDARY = "SECONDARY", _("Secondary")
        OTHER = "OTHER", _("Other")

    level = models.CharField(max_length=10, choices=Level)
    sequence = models.PositiveIntegerField(default=0)
    measure = models.TextField()
    time_frame = models.TextField(blank=True)
    description = models.TextField(blank=True)
    retired = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "level", "sequence"], name="outcome_place_once")
        ]

    def __str__(self):
        return self.measure
