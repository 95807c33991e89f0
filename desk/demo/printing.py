"""Print what is newest at once, as a worker would, so that whoever opens the demo finds it."""

from django.utils import timezone

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as, coming_through
from ctms.jobs.models import Job, JobState
from ctms.jobs.queue import enqueue
from ctms.jobs.worker import run_job
from monitoring.models import MonitoringReport

from .stage import SOURCE

# The newest reports are printed from what was approved; the older ones came with the pages they were signed on.
PRINTED_NEWEST = 8
# The words of seventeen hundred papers: a few jobs, and nobody waits for them.
LEFT_TO_THE_WORKER = ("documents.read_words_of",)


def print_newest():
    """Promise the PDFs of the newest reports, and do what the demo has promised; the words of papers are read later."""
    system = User.objects.system()
    with coming_through("import"), acting_as(system, reason=SOURCE):
        with everything("the reports that have no PDF yet"):
            rows = MonitoringReport.objects.filter(status="APPROVED", filed_as=None)
            waiting = list(rows.order_by("-approved_on", "-pk"))
        for report in waiting:
            enqueue(
                "monitoring.file_report",
                asked_by=system,
                key=f"monitoring.file_report/{report.pk}/{report.version}",
                reason=SOURCE,
                record_id=report.pk,
            )
    do_waiting(leave=LEFT_TO_THE_WORKER)


def do_waiting(*, leave=()):
    """Do every job that waits, and those that follow from it."""
    waiting = Job.objects.filter(state=JobState.WAITING, run_after__lte=timezone.now()).exclude(
        name__in=leave
    )
    for key in waiting.order_by("pk").values_list("pk", flat=True):
        run_job(key)
