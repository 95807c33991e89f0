from datetime import timedelta

from django.utils import timezone

from ctms.jobs.models import Job, JobState
from ctms.jobs.queue import comes_round, job

from .models import DeliveryState, IdempotentAnswer, WebhookDelivery
from .webhooks import collect, send_due

ANSWERS_KEPT = timedelta(hours=24)
DELIVERIES_KEPT = timedelta(days=90)
JOBS_KEPT = timedelta(days=7)


@job("exchange.collect", everything="each move is shown to a webhook only if its owner sees the record")
def collect_moves(promised):
    """Look what happened, and wake what is due."""
    return collect(asked_by=promised.asked_by)


comes_round("exchange.collect", every=timedelta(minutes=1), reason="Webhooks")


@job("exchange.send", everything="each message is sent only if its owner sees the record at this moment")
def send(promised, webhook_id):
    """Send what is due for one webhook."""
    return send_due(webhook_id)


@job("exchange.purge", everything="what is purged is nobody's record")
def purge(promised):
    """Forget answers after a day, messages that ended after three months."""
    now = timezone.now()
    answers, _each = IdempotentAnswer.objects.filter(at__lt=now - ANSWERS_KEPT).delete()
    ended = WebhookDelivery.objects.exclude(outcome=DeliveryState.WAITING)
    deliveries, _each = ended.filter(made_at__lt=now - DELIVERIES_KEPT).delete()
    Job.objects.filter(name="exchange.send", state=JobState.DONE, done_at__lt=now - JOBS_KEPT).delete()
    return {"answers": answers, "deliveries": deliveries}


comes_round("exchange.purge", every=timedelta(hours=1), reason="Upkeep of the exchange with other systems")
