"""Promise a job, and wake a worker once the promise is safe."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from celery import current_app
from django.core.cache import cache

from ctms.audit.context import after_commit

from .models import Job

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Handler:
    """How a job of one name is run, and with whose eyes it reads."""

    name: str
    run: Callable
    everything: str
    attempts: int


@dataclass(frozen=True)
class Periodic:
    """A job that comes round again; `reason` is what its changes will say."""

    name: str
    every: timedelta
    reason: str


HANDLERS: dict[str, Handler] = {}
PERIODIC: dict[str, Periodic] = {}


def comes_round(name, *, every, reason):
    """Declare that the job `name` is due once in each period `every` (a timedelta)."""
    PERIODIC[name] = Periodic(name, every, reason)


def job(name, *, everything="", as_person=False, attempts=5):
    """
    Decorator: this function does the jobs called `name`; it gets the Job and its arguments as keywords.

    :param everything: why it may read across all studies; or
    :param as_person: it sees what the person who asked sees
    """
    if bool(everything) == as_person:
        raise ValueError(f"{name}: say either why it reads everything or that it reads as the person.")

    def register(function):
        if name in HANDLERS:
            raise ValueError(f"Two handlers for {name}.")
        HANDLERS[name] = Handler(name, function, everything, attempts)
        return function

    return register


def enqueue(name, *, asked_by, key=None, reason="", run_after=None, **arguments):
    """
    Write the promise of a job into the caller's transaction; with a `key` only once.

    :returns: the Job; the one already there when the key is known
    """
    fields = {"name": name, "arguments": arguments, "asked_by": asked_by, "reason": reason[:400]}
    if run_after is not None:
        fields["run_after"] = run_after
    if key is None:
        promised, new = Job.objects.create(**fields), True
    else:
        promised, new = Job.objects.get_or_create(key=key, defaults=fields)
    if new:
        after_commit(wake, promised.pk)
    return promised


def wake(job_id):
    """Tell a worker; if the broker is away the row waits until beat finds it."""
    try:
        current_app.send_task("ctms.jobs.run", (job_id,), retry=False)
    except Exception as failure:  # any broker trouble: logged, never raised
        log.warning("No worker could be woken for job %s: %s", job_id, failure)


def report_progress(promised, done, total):
    """Say how far a job is; readable while its transaction is still open, so it lives in the cache."""
    cache.set(promised.progress_key, (done, total), timeout=3600)


def progress_of(promised):
    """Return (done, total) of a running job, or None."""
    return cache.get(promised.progress_key)
