"""How much a token, and a person over all their tokens, may ask; the answer says what is left."""

import logging
import time

from django.conf import settings
from django.core.cache import cache
from rest_framework.throttling import BaseThrottle

from ctms.accounts.models import ApiToken

log = logging.getLogger(__name__)
SECONDS = {"sec": 1, "min": 60, "hour": 3600}
_complained = {"at": 0.0}


class Throttle(BaseThrottle):
    """
    Fixed windows, counted in the cache: first the token's, then the person's.

    With the cache away nobody is counted and everybody served: a visit report is not lost to a counter.
    """

    def allow_request(self, request, view):
        now, self.waiting = time.time(), None
        left = []
        for name, rate in self._buckets(request):
            allowed, seconds = _parsed(rate)
            used = _count(name, seconds, now)
            if used is None:
                return True
            left.append((allowed - used, allowed, seconds - now % seconds))
        if not left:
            return True
        # What runs out first is what the client has to know.
        remaining, allowed, reset = min(left)
        request.rate = {
            "RateLimit-Limit": str(allowed),
            "RateLimit-Remaining": str(max(0, int(remaining))),
            "RateLimit-Reset": str(int(reset) + 1),
        }
        if remaining < 0:
            self.waiting = max(reset for over, _allowed, reset in left if over < 0)
        return remaining >= 0

    def wait(self):
        return self.waiting

    def _buckets(self, request):
        if not request.user.is_authenticated:
            return
        if isinstance(request.auth, ApiToken):
            yield f"token/{request.auth.pk}", settings.API_TOKEN_RATE
        yield f"person/{request.user.pk}", settings.API_RATE


def _parsed(rate):
    number, period = rate.split("/")
    return int(number), SECONDS[period]


def _count(name, seconds, now):
    """Return how often this was asked in the running window, this time included; None without a cache."""
    key = f"api-rate/{name}/{int(now) // seconds}"
    try:
        try:
            return cache.incr(key)
        except ValueError:  # the first of its window
            return 1 if cache.add(key, 1, timeout=seconds + 5) else cache.incr(key)
    except Exception as failure:  # whatever the cache's client raises when the server is away
        if now - _complained["at"] > SECONDS["min"]:
            _complained["at"] = now
            log.warning("Requests to the API are not counted: %s", failure)
        return None
