"""Say who acts, why and through what; the history triggers write it into every event row."""

import json
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass

from django.db import connection, transaction

SETTING = "pghistory.context_metadata"


@dataclass(frozen=True)
class Through:
    """The way a change came in: `channel` is page, api, command, job or import."""

    channel: str = "command"
    address: str = ""


@dataclass(frozen=True)
class Change:
    """What one history row says about its cause."""

    actor: int
    actor_name: str
    reason: str
    channel: str
    address: str


_through: ContextVar[Through] = ContextVar("through", default=Through())  # noqa: B039 - it is frozen
_change: ContextVar[Change | None] = ContextVar("change", default=None)


def current_change():
    """Return the change being written, or None outside `acting_as`."""
    return _change.get()


def current_through():
    return _through.get()


@contextmanager
def coming_through(channel, address=""):
    """Name the way in for everything written inside the block."""
    token = _through.set(Through(channel, address))
    try:
        yield
    finally:
        _through.reset(token)


@contextmanager
def acting_as(actor, *, reason=""):
    """
    Open one transaction in which `actor` may write audited records, for one reason.

    The context is a transaction-local setting, so it works behind a transaction-pooling PgBouncer and a
    second reason in the same transaction never overwrites what was already written for the first.
    """
    if actor.pk is None:
        raise ValueError("A change needs a saved person as its actor.")
    through = _through.get()
    outer = _change.get()
    # A consequence inside a change with a reason has that reason, unless it names its own.
    reason = reason.strip() or (outer.reason if outer else "")
    change = Change(
        actor.pk, actor.get_full_name() or actor.get_username(), reason, through.channel, through.address
    )
    with transaction.atomic():
        if change == outer:
            # What is written already says who and why.
            yield change
            return
        _write(change)
        token = _change.set(change)
        try:
            yield change
        finally:
            _change.reset(token)
        _write(outer)


def _write(change):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(%s, %s, true)", [SETTING, json.dumps(asdict(change)) if change else ""]
        )


class ThroughMiddleware:
    """A request comes through the page or the API, from an address."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        channel = "api" if request.path.startswith("/api/") else "page"
        with coming_through(channel, request.META.get("REMOTE_ADDR", "")):
            return self.get_response(request)


def after_commit(action, *arguments):
    """Run `action` once the change is safe; if it fails, that is logged and never raised."""

    # No partial: Django logs the function's __qualname__, which a partial lacks, and so raises after all.
    def call():
        action(*arguments)

    transaction.on_commit(call, robust=True)
