"""The Celery side: run one row, wake the rows that were missed, and promise what comes round again."""

import logging
import traceback
from contextlib import nullcontext
from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as, coming_through
from ctms.files.models import StoredFile

from .models import Job, JobState
from .queue import HANDLERS, PERIODIC, enqueue

log = logging.getLogger(__name__)
RETRY_AFTER = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
MISSED_AFTER = timedelta(seconds=20)
KEPT_FOR = timedelta(days=30)


@shared_task(name="ctms.jobs.run")
def run_job(job_id):
    """Run one job if it is still waiting and nobody else is at it. Calling it twice harms nothing."""
    if not _begin_attempt(job_id):
        return
    with coming_through("job"):
        try:
            _do(job_id)
        except Exception as failure:
            log.exception("Job %s failed", job_id)
            _after_failure(job_id, failure)


def _lock(job_id):
    due = Job.objects.filter(pk=job_id, state=JobState.WAITING, run_after__lte=timezone.now())
    return due.select_for_update(skip_locked=True).first()


@transaction.atomic
def _begin_attempt(job_id):
    """Count the attempt in a transaction of its own, so that one which kills its worker is counted too."""
    waiting = _lock(job_id)
    if waiting is None:
        return False
    waiting.attempts += 1
    handler = HANDLERS.get(waiting.name)
    if handler is None or waiting.attempts > handler.attempts:
        waiting.state = JobState.DEAD
        waiting.last_error = waiting.last_error or "Every attempt ended with its worker."
    waiting.save(update_fields=["attempts", "state", "last_error"])
    return waiting.state == JobState.WAITING


@transaction.atomic
def _do(job_id):
    """Do the work and mark it done in one transaction, under the row's lock."""
    locked = _lock(job_id)
    if locked is None:
        return
    handler = HANDLERS[locked.name]
    eyes = everything(handler.everything) if handler.everything else nullcontext()
    with acting_as(locked.asked_by, reason=locked.reason), eyes:
        result = handler.run(locked, **locked.arguments)
    if isinstance(result, StoredFile):
        locked.result_file = result
    else:
        locked.result = result
    locked.state, locked.done_at, locked.last_error = JobState.DONE, timezone.now(), ""
    locked.save(update_fields=["state", "done_at", "result", "result_file", "last_error"])


@transaction.atomic
def _after_failure(job_id, failure):
    """Plan the next attempt, or give up and keep the reason for whoever looks."""
    failed = Job.objects.select_for_update().get(pk=job_id)
    if failed.state != JobState.WAITING:
        return
    failed.last_error = "".join(traceback.format_exception_only(failure)).strip()
    if failed.attempts >= HANDLERS[failed.name].attempts:
        failed.state = JobState.DEAD
    else:
        failed.run_after = timezone.now() + RETRY_AFTER[min(failed.attempts, len(RETRY_AFTER)) - 1]
    failed.save(update_fields=["last_error", "state", "run_after"])


@shared_task(name="ctms.jobs.wake_waiting")
def wake_waiting():
    """Wake what a lost message left waiting; rows a worker is at are locked and passed over."""
    with transaction.atomic():
        missed = Job.objects.filter(state=JobState.WAITING, run_after__lte=timezone.now() - MISSED_AFTER)
        ids = list(
            missed.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True)[:200]
        )
    for job_id in ids:
        run_job.delay(job_id)


@shared_task(name="ctms.jobs.plan_due")
def plan_due():
    """Promise the jobs that come round again, each once a period however many beats there are."""
    now = timezone.now()
    for periodic in PERIODIC.values():
        seconds = int(periodic.every.total_seconds())
        period = int(now.timestamp()) // seconds
        enqueue(periodic.name, asked_by=User.objects.system(), key=f"{periodic.name}@{seconds}s/{period}",
                reason=periodic.reason)  # fmt: skip
    Job.objects.filter(
        state=JobState.DONE, done_at__lt=now - KEPT_FOR, name__in=list(PERIODIC), result_file=None
    ).delete()
