"""
Print what is newest at once, as workers would, so that whoever opens the demo finds it.

The printers start together with the load, on the processors it leaves free: what they need is in hand when there is
something to print.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

import django
from django.utils import timezone

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as, coming_through
from ctms.jobs.models import Job, JobState
from ctms.jobs.queue import enqueue
from ctms.jobs.worker import run_job
from ctms.reports.rendering import render_pdf
from documents.services import match_expectations
from monitoring.models import MonitoringReport
from studies.models import Study

# The newest reports are printed from what was approved; the older ones came with the pages they were signed on.
PRINTED_NEWEST = 40
PRINTERS = 2
FILED = "Filed after approval"
PRINTED_BY = ("monitoring.file_report", "monitoring.file_letter", "reports.print_run")
# The words of seventeen hundred papers, and looking again at what was brought and matched: nobody waits for them.
LEFT_TO_THE_WORKER = (
    "documents.read_words",
    "documents.read_words_of",
    "documents.match_document",
    "monitoring.expect_papers",
)


@contextmanager
def printers():
    """Give processes that print; they are ready by the time the portfolio is written."""
    # A process begun anew shares no connection with this one.
    pool = ProcessPoolExecutor(
        min(PRINTERS, os.cpu_count() or 1),
        mp_context=get_context("spawn"),
        initializer=django.setup,
    )
    with pool:
        for _printer in range(PRINTERS):
            pool.submit(_get_ready)
        yield pool


def _get_ready():
    """Load what prints, and the fonts: seconds of work that need no data."""
    render_pdf("reports/page.html", {}, title="")


def print_newest(pool):
    """Promise the PDFs of the newest reports, and do what the demo has promised; the words of papers are read later."""
    system = User.objects.system()
    with coming_through("import"), acting_as(system, reason=FILED):
        with everything("the reports that have no PDF yet"):
            rows = MonitoringReport.objects.filter(status="APPROVED", filed_as=None)
            waiting = list(rows.order_by("-approved_on", "-pk"))
        for report in waiting:
            enqueue(
                "monitoring.file_report",
                asked_by=system,
                key=f"monitoring.file_report/{report.pk}/{report.version}",
                reason=FILED,
                record_id=report.pk,
            )
    printed = [pool.submit(run_job, key) for key in _waiting().filter(name__in=PRINTED_BY)]
    # Meanwhile here: everything that is not printed.
    do_waiting(leave=(*LEFT_TO_THE_WORKER, *PRINTED_BY))
    for one in printed:
        one.result()
    with everything("what was printed stands for what is expected of its visit"):
        for study in Study.objects.order_by("pk"):
            match_expectations(study, on=timezone.localdate())


def do_waiting(*, leave=()):
    """Do every job that waits, and those that follow from it."""
    for key in _waiting().exclude(name__in=leave):
        run_job(key)


def _waiting():
    """Return the keys of the jobs that are to be done by now, the first promised first."""
    waiting = Job.objects.filter(state=JobState.WAITING, run_after__lte=timezone.now())
    return waiting.order_by("pk").values_list("pk", flat=True)
