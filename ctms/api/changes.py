"""
What changed since: for whoever keeps a copy.

The event tables know when each record changed. An instant alone is no safe mark: a change that began before it may
be committed after it was asked. So there are two ways. `sync` is exact: a token that stands for the snapshot's horizon
(as the seal of the history uses it), below which nothing was still open when the token was given. `updated_since` is
convenient: an instant, from which we look back further by more than any transaction may last; some records come twice.
"""

import base64
import binascii
import json
from datetime import UTC, datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.fields import DateTimeField

from ctms.audit.horizon import snapshot_horizon
from ctms.audit.trail import AUDITED

# No transaction lasts a day; the day lets the index by instant find the few rows the token is about.
LONGEST = timedelta(days=1)
# A request ends after one minute, a job after five (settings.CELERY_TASK_TIME_LIMIT).
LOOK_BACK = timedelta(minutes=10)
FEW = 2000
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def keeps_changes(model):
    return model._meta.label in AUDITED


def new_token():
    """Return the token of this moment: give it to the client before the first row is read."""
    return _pack(snapshot_horizon(), timezone.now())


def changed_rows(rows, *, updated_since="", sync=""):
    """Keep the rows that changed; raises ValidationError at the parameter."""
    if updated_since:
        rows = with_events(rows, pgh_created_at__gte=_instant(updated_since) - LOOK_BACK)
    if sync:
        transaction, given_at = _unpack(sync)
        rows = with_events(rows, pgh_transaction__gte=transaction, pgh_created_at__gte=given_at - LONGEST)
    return rows


def with_events(rows, **condition):
    """
    Keep the rows with such an event; only the rows decide who sees what: the events give keys alone.

    Few keys are looked up by themselves: a page joins more tables than PostgreSQL reorders (join_collapse_limit), and
    would read every row to find them, a second at 300,000. Many are found on the way through the rows.
    """
    events = AUDITED[rows.model._meta.label].event_model._base_manager.filter(**condition)
    keys = events.order_by().values_list("pgh_obj_id", flat=True).distinct()
    few = list(keys[: FEW + 1])
    return rows.filter(pk__in=few if len(few) <= FEW else keys)


def _instant(text):
    try:
        found = DateTimeField(default_timezone=UTC).run_validation(text.replace(" ", "+"))
        return max(found, EARLIEST)
    except (ValidationError, OverflowError) as wrong:
        raise ValidationError(
            {"updated_since": _("Give an instant, such as 2026-03-17T14:05:00Z.")}
        ) from wrong


def _pack(transaction, given_at):
    told = json.dumps([1, transaction, int(given_at.timestamp())])
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def _unpack(token):
    try:
        kind, transaction, seconds = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        if (
            kind != 1
            or type(transaction) is not int
            or not 0 < transaction <= models.BigIntegerField.MAX_BIGINT
        ):
            raise ValueError(token)
        given_at = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OSError, OverflowError, TypeError, RecursionError, binascii.Error) as wrong:
        raise ValidationError({"sync": _("Use the token as it was given.")}) from wrong
    if transaction > snapshot_horizon():
        # The database was restored somewhere else: its transactions are counted anew.
        raise ValidationError({"sync": _("This token is from another time; read everything once more.")})
    return transaction, max(given_at, EARLIEST)
