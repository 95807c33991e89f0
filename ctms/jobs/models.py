from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class JobState(models.TextChoices):
    WAITING = "WAITING", "Waiting"
    DONE = "DONE", "Done"
    DEAD = "DEAD", "Given up"


class Job(models.Model):
    """
    A piece of work promised in the transaction that caused it.

    A worker holds the row's lock while it works and marks it done in the same transaction as the work's own
    writes: a worker that is killed leaves the row waiting, never half done. `attempts` is counted before,
    in a transaction of its own, so that a job that kills its worker ends as dead instead of forever.
    """

    name = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    key = models.CharField(
        max_length=200, null=True, blank=True, unique=True, help_text="the same work only once"
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    run_after = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    result = models.JSONField(null=True, blank=True)
    result_file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["run_after"], condition=Q(state="WAITING"), name="job_waiting")]

    def __str__(self):
        return f"{self.name} #{self.pk}"

    @property
    def progress_key(self):
        return f"job-progress-{self.pk}"
