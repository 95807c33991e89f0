"""Webhooks: made, told, told again. What happened is read from the moves; nobody who makes a move knows of webhooks."""

import json
import secrets
import time
from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.access.explain import permit
from ctms.access.scoping import Scoped, everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.audit.horizon import snapshot_horizon
from ctms.audit.trail import AUDITED
from ctms.jobs.queue import enqueue
from ctms.notices.kinds import notice_kind
from ctms.notices.telling import tell
from ctms.pages.record import url_of
from ctms.workflow.models import TransitionRecord

from .events import TEST, event_of, record_behind, wants
from .models import DeliveryState, Horizon, Webhook, WebhookDelivery
from .sending import post
from .signing import secret_of, signature

PERMISSION = "exchange.change_webhook"
SEES = "exchange.view_webhook"
READER = "webhooks"
# After each failed attempt; then it is given up, a day and a half after it happened.
BACKOFF = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 480, 1440))
PAUSE_AFTER_FAILURES = timedelta(minutes=1)
AT_A_TIME = 20
FAILURES_IN_A_ROW = 2
SECONDS_IN_A_ROW = 30


# --- made by people -----------------------------------------------------------------------------------------


def create_webhook(*, actor, **values):
    """Make a webhook of one's own; it is told nothing until it has a secret."""
    permit(actor, PERMISSION)
    webhook = Webhook(owner=actor, **values)
    webhook.full_clean()
    webhook.save()
    return webhook


def make_secret(*, actor, webhook, now):
    """Give a webhook a new secret and return it: shown once, and the former signs nothing from here on."""
    permit(actor, PERMISSION)
    with acting_as(actor, reason=_("New secret")):
        locked = Webhook.objects.select_for_update().get(pk=webhook.pk)
        locked.salt, locked.secret_made_at = secrets.token_hex(16), now
        locked.save(update_fields=["salt", "secret_made_at"])
    return secret_of(locked)


def send_test(*, actor, webhook):
    """Promise a message that says it is a test."""
    permit(actor, PERMISSION)
    if not (webhook.active and webhook.salt):
        raise ValidationError(
            _("Nothing is sent to it: %(condition)s.") % {"condition": webhook.condition.lower()}
        )
    with acting_as(actor, reason=_("Test")):
        delivery = WebhookDelivery.objects.create(webhook=webhook, event=TEST)
        enqueue("exchange.send", asked_by=actor, webhook_id=webhook.pk)
    return delivery


def replay(*, actor, deliveries, now):
    """Send again what was given up, or what the receiver lost; returns how many."""
    permit(actor, PERMISSION)
    with acting_as(actor, reason=_("Replay")):
        ended = WebhookDelivery.objects.filter(pk__in=[one.pk for one in deliveries])
        ended = ended.exclude(outcome=DeliveryState.WAITING)
        webhooks = sorted(set(ended.values_list("webhook_id", flat=True)))
        count = ended.update(outcome=DeliveryState.WAITING, attempts=0, next_try_at=now, delivered_at=None)
        for webhook_id in webhooks:
            enqueue("exchange.send", asked_by=actor, webhook_id=webhook_id)
    return count


# --- collected ------------------------------------------------------------------------------------------------


def collect(*, asked_by, until=None):
    """
    Read the moves since the last time, write a delivery for each webhook that hears of one, wake what is due.

    :param until: the transaction to stop before; left out, the snapshot's horizon
    """
    # The first time all is read: what was done between a webhook's first secret and the first look is not lost.
    horizon, _new = Horizon.objects.get_or_create(reader=READER, defaults={"transaction": 0})
    horizon = Horizon.objects.select_for_update().get(pk=horizon.pk)
    until = snapshot_horizon() if until is None else until
    hearing = list(Webhook.objects.filter(active=True).exclude(salt="").select_related("owner"))
    made = _write_deliveries(hearing, horizon.transaction, until)
    horizon.transaction = max(until, horizon.transaction)
    horizon.save(update_fields=["transaction"])
    return {"made": made, "woken": _wake_due(asked_by)}


def _write_deliveries(hearing, begin, until):
    heard_since = {webhook: since for webhook in hearing if (since := _hears_since(webhook))}
    if not heard_since:
        return 0
    happened = TransitionRecord.objects.filter(transaction__gte=begin, transaction__lt=until)
    by_label = defaultdict(list)
    for move in happened.filter(at__gte=min(heard_since.values())).order_by("pk"):
        by_label[move.record.rsplit("/", 1)[0]].append(move)
    rows = []
    for webhook, since in heard_since.items():
        for moves in by_label.values():
            wanted = [
                move
                for move in moves
                if move.at >= since and wants(webhook.hears_of, event_of(move.record, move.name))
            ]
            seen = _seen(webhook, [move.record for move in wanted])
            rows += [_delivery(webhook, move) for move in wanted if move.record in seen]
    WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _hears_since(webhook):
    """Return when it was last given ears: what happened while it had no secret or was off is told to nobody later."""
    history = AUDITED[webhook._meta.label].event_model._base_manager.filter(pgh_obj=webhook.pk)
    states = history.order_by("pgh_id").values_list("active", "secret_made_at", "pgh_created_at")
    since = None
    for active, secret_made_at, at in states:
        since = (since or at) if active and secret_made_at else None
    return since


def _delivery(webhook, move):
    return WebhookDelivery(
        webhook=webhook, transition=move, event=event_of(move.record, move.name), record=move.record
    )


def _seen(webhook, records):
    """Return those records (of one kind) its owner may see now, where they may have webhooks, in its study."""
    if not records:
        return set()
    declaration, _key = record_behind(records[0])
    rows = declaration.rows(webhook.owner)
    if issubclass(declaration.model, Scoped):
        rows = rows.filter(pk__in=declaration.model.objects.visible_to(webhook.owner, SEES))
    elif not webhook.owner.has_perm(SEES):
        return set()
    keys = {record_behind(one)[1] for one in records}
    label = declaration.model._meta.label
    found = rows.filter(pk__in=keys)
    return {f"{label}/{one.pk}" for one in found if _in_study(webhook, one)}


def _in_study(webhook, record):
    if webhook.study_id is None:
        return True
    return isinstance(record, Scoped) and record.place().study == webhook.study_id


def _wake_due(asked_by):
    now = timezone.now()
    due = Q(outcome=DeliveryState.WAITING, next_try_at__lte=now, webhook__active=True)
    ids = sorted(set(WebhookDelivery.objects.filter(due).values_list("webhook_id", flat=True)))
    for webhook_id in ids:
        enqueue(
            "exchange.send",
            asked_by=asked_by,
            key=f"exchange.send/{webhook_id}/{int(now.timestamp()) // 15}",
            webhook_id=webhook_id,
        )
    return len(ids)


# --- told -----------------------------------------------------------------------------------------------------


def send_due(webhook_id):
    """
    Send what is due for one webhook, oldest first; one that does not answer is left alone for a minute.

    At least once: a worker that dies between sending and remembering sends again, under the same id.
    """
    webhook = Webhook.objects.select_related("owner").get(pk=webhook_id)
    if not (webhook.active and webhook.salt):
        return {"sent": 0}
    waiting = WebhookDelivery.objects.filter(webhook=webhook, outcome=DeliveryState.WAITING)
    due = waiting.filter(next_try_at__lte=timezone.now()).order_by("pk")
    sent, failures, began = 0, 0, time.monotonic()
    for delivery in due.select_for_update(skip_locked=True, of=("self",)).select_related("transition")[
        :AT_A_TIME
    ]:
        if failures >= FAILURES_IN_A_ROW or time.monotonic() - began > SECONDS_IN_A_ROW:
            delivery.next_try_at = timezone.now() + PAUSE_AFTER_FAILURES
            delivery.save(update_fields=["next_try_at"])
            continue
        delivered = _attempt(webhook, delivery)
        sent += delivered
        failures = 0 if delivered else failures + 1
    return {"sent": sent}


def _attempt(webhook, delivery):
    """Send one message, remember how it went; True if it was taken or is withheld."""
    if delivery.transition and delivery.record not in _seen_now(webhook, delivery):
        delivery.outcome, delivery.last_error = DeliveryState.WITHHELD, ""
        delivery.save(update_fields=["outcome", "last_error"])
        return True
    now = timezone.now()
    body = json.dumps(message_of(delivery), separators=(",", ":"))
    stamp = str(int(now.timestamp()))
    answer = post(
        webhook.url,
        body,
        {
            "Content-Type": "application/json",
            "User-Agent": "CTMS-Webhooks/1",
            "webhook-id": delivery.message_id,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(secret_of(webhook), delivery.message_id, stamp, body),
        },
    )
    delivery.attempts += 1
    delivery.last_answer, delivery.last_error = answer.status, answer.error[:300]
    if answer.accepted:
        delivery.outcome, delivery.delivered_at = DeliveryState.DELIVERED, now
    elif delivery.attempts > len(BACKOFF):
        delivery.outcome = DeliveryState.DEAD
        _tell_owner(webhook, now)
    else:
        delivery.next_try_at = now + BACKOFF[delivery.attempts - 1]
    delivery.save()
    return answer.accepted


def _seen_now(webhook, delivery):
    return _seen(webhook, [delivery.record]) if record_behind(delivery.record)[0] else set()


notice_kind(
    "webhook-given-up",
    gettext_lazy("A webhook of yours does not take its messages"),
    duty=False,
    permission="exchange.change_webhook",
)


def _tell_owner(webhook, now):
    tell(
        webhook.owner,
        about=webhook,
        kind="webhook-given-up",
        text=_("“%(name)s” does not take its messages; they wait here to be sent again.")
        % {"name": webhook.name},
        key=now.date().isoformat(),
        asked_by=User.objects.system(),
    )


def message_of(delivery):
    """Return what is told: that something happened to a record, and where to read it. No content."""
    message = {"id": delivery.message_id, "type": delivery.event}
    move = delivery.transition
    if move is None:
        return {**message, "timestamp": delivery.made_at.isoformat(), "data": {"test": True}}
    declaration, key = record_behind(delivery.record)
    with everything("the address of a page is made of a record's key alone"):
        page = url_of(declaration.model(pk=key))
    return {
        **message,
        "timestamp": move.at.isoformat(),
        "data": {
            "record": declaration.slug,
            "id": key,
            "transition": move.name,
            "happened_on": move.happened_on.isoformat() if move.happened_on else None,
            "at": move.at.isoformat(),
            "url": settings.BASE_URL + reverse(f"api-{declaration.slug}-detail", args=[key]),
            "page": settings.BASE_URL + page if page else None,
        },
    }
