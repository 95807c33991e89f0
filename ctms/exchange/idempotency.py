"""
Do a request once, however often it is sent.

The key is claimed, the change made and the answer kept in one transaction: a second request with the same key waits
at the unique index until the first has ended, and then finds its answer, or, when it failed, takes its place. A
refused request changed nothing and is not kept. Proof of a signature is given outside and never kept.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from .models import IdempotentAnswer

KEY = re.compile(r"[\x21-\x7e]{1,255}")
NEVER_KEPT = ("password",)


class KeyNotValid(Exception):
    """This is no key; the sentence says what one is."""


class KeyUsedOtherwise(Exception):
    """The key was sent with another request before."""


@dataclass(frozen=True)
class Asked:
    """One request with its key: whose, and what it asks."""

    person: object
    key: str
    fingerprint: str


@dataclass(frozen=True)
class Kept:
    """An answer that may be given again."""

    code: int
    body: str
    record: str = ""
    headers: dict = field(default_factory=dict)


def asked(person, key, *, method, address, reason, body):
    """
    Return the Asked of a request.

    :param body: the parsed body; a password in it is left out, and the fingerprint is keyed, so nobody guesses from it
    :raises KeyNotValid:
    """
    key = key.strip().strip('"')
    if not KEY.fullmatch(key):
        raise KeyNotValid(_("Idempotency-Key has 1 to 255 visible ASCII characters."))
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if name not in NEVER_KEPT}
    said = json.dumps([method, address.rstrip("/"), reason, body], sort_keys=True, default=str)
    fingerprint = salted_hmac(
        "ctms.exchange.idempotency", hashlib.sha256(said.encode()).hexdigest(), algorithm="sha256"
    ).hexdigest()
    return Asked(person, key, fingerprint)


def answered_before(request):
    """
    Return the Kept answer to the same request, or None.

    :raises KeyUsedOtherwise:
    """
    found = IdempotentAnswer.objects.filter(person=request.person, key=request.key, code__gt=0).first()
    if found is None:
        return None
    if found.fingerprint != request.fingerprint:
        raise KeyUsedOtherwise(
            _("This Idempotency-Key was sent with another request; give each request its own.")
        )
    return Kept(found.code, found.body, found.record, found.headers)


def once(request, work):
    """
    Return (Kept, whether it is a repeat) of `work()`, which makes the change and returns Kept; done once a key.

    What `work` raises takes the claim with it.
    """
    with transaction.atomic():
        claim = IdempotentAnswer(person=request.person, key=request.key, fingerprint=request.fingerprint)
        # Waits here while another request with this key is under way.
        IdempotentAnswer.objects.bulk_create([claim], ignore_conflicts=True)
        # A row without a code is this very claim: others become visible with their answer.
        if (kept := answered_before(request)) is not None:
            return kept, True
        done = work()
        IdempotentAnswer.objects.filter(person=request.person, key=request.key).update(
            code=done.code, body=done.body, record=done.record, headers=done.headers
        )
        return done, False
