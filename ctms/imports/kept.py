"""
A file between its preview and its import: the very bytes, for an hour, in the cache and in no record.

They are found again by a ticket made of the bytes' SHA-256, the name they came under and what they are for, and
only by the person who brought them. Bringing the file a second time would do as well, but then what is applied
could be another file than the one that was looked at.
"""

import hashlib
import zlib
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

KEPT_FOR = timedelta(hours=1)


class NotKept(Exception):
    """The file cannot be held for its preview; the message is a sentence."""


@dataclass(frozen=True)
class KeptFile:
    """What was looked at, and what will be imported."""

    ticket: str
    name: str
    data: bytes
    sha256: str
    choice: str


def keep(*, user, data, name, purpose, choice=""):
    """
    Hold the bytes of a file for its person, and return them with their ticket.

    :param purpose: what the file is for, so that a ticket is good for nothing else
    :param choice: what else was chosen, such as one study of the file
    """
    sha256 = hashlib.sha256(data).hexdigest()
    ticket = hashlib.sha256("\0".join((purpose, sha256, name, choice)).encode()).hexdigest()
    held = {
        "name": name,
        "data": zlib.compress(data, 1),
        "sha256": sha256,
        "choice": choice,
        "purpose": purpose,
    }
    try:
        cache.set(_key(user, ticket), held, KEPT_FOR.total_seconds())
    except (RedisError, OSError) as away:
        raise NotKept(_("The file cannot be held for its preview just now. Try again in a minute.")) from away
    return KeptFile(ticket, name, data, sha256, choice)


def kept(*, user, ticket, purpose):
    """Return the file this person brought under the ticket, or None when the hour is over."""
    try:
        held = cache.get(_key(user, ticket))
    except (RedisError, OSError):
        return None
    if held is None or held["purpose"] != purpose:
        return None
    data = zlib.decompress(held["data"])
    if hashlib.sha256(data).hexdigest() != held["sha256"]:
        return None
    return KeptFile(ticket, held["name"], data, held["sha256"], held["choice"])


def _key(user, ticket):
    # What a browser sends is of any length and spelling; a cache key is not.
    return f"kept-file/{user.pk}/{hashlib.sha256(ticket.encode()).hexdigest()}"
