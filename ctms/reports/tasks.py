"""Print what was run, and send what is due."""

from datetime import date, timedelta

from django.utils import timezone

from ctms.files.storing import store_bytes
from ctms.jobs.queue import comes_round, job

from .models import ReportRun
from .printing import print_run
from .scheduling import promise_due, send_report


@job("reports.print_run", everything="a run is printed of its own frozen facts")
def print_kept(promised, run_id):
    """Make the PDF of a run and keep it with the run; a second time it is there already."""
    run = ReportRun.objects.select_for_update(of=("self",)).get(pk=run_id)
    if run.file_id is None:
        name = f"{run.report}-{run.facts['study']}-{run.status_on.isoformat()}.pdf"
        run.file = store_bytes(
            actor=promised.asked_by, name=name, content=print_run(run), content_type="application/pdf"
        )
        run.save(update_fields=["file"])
    return {"file": run.file_id}


@job("reports.send_due", as_person=True)
def send_due(promised):
    """Promise each reader what is due today."""
    return {"due": promise_due(actor=promised.asked_by, now=timezone.now())}


@job("reports.send", as_person=True)
def send_one(promised, schedule_id, user_id, due):
    """Make and send one reader's run, with what that reader may see."""
    run = send_report(
        actor=promised.asked_by, schedule_id=schedule_id, user_id=user_id, due=date.fromisoformat(due)
    )
    return {"run": run.pk if run else None}


comes_round("reports.send_due", every=timedelta(minutes=10), reason="Scheduled reports")
