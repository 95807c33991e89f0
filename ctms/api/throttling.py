"""How much a token, and a person over all their tokens, may ask; the answer says what is left."""

import logging
import time
from functools import cache

import redis
from django.conf import settings
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
        buckets = [(name, *_parsed(rate)) for name, rate in self._buckets(request)]
        used = _count([(name, seconds) for name, _allowed, seconds in buckets], now) if buckets else None
        if used is None:
            return True
        left = [
            (allowed - count, allowed, seconds - now % seconds)
            for (_name, allowed, seconds), count in zip(buckets, used, strict=True)
        ]
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


# Counts a request in each window, and lets the window end by itself: all of it in one round trip.
COUNT = """
local used = {}
for place, key in ipairs(KEYS) do
    used[place] = redis.call('INCR', key)
    if used[place] == 1 then redis.call('EXPIRE', key, ARGV[place]) end
end
return used
"""


@cache
def _counting():
    """Return the script of the cache's server, by a client of its own: Django's asks twice for every count."""
    kept = settings.CACHES["default"]
    # By a pool of ours: with the client's own, a server that is away is tried again for seconds.
    pool = redis.ConnectionPool.from_url(kept["LOCATION"], **kept["OPTIONS"])
    return redis.Redis(connection_pool=pool).register_script(COUNT)


def _count(names, now):
    """
    Return how often each was asked in its running window, this time included; None without a server.

    :param names: [(name, seconds of its window)]
    """
    try:
        return _counting()(
            keys=[f"api-rate/{name}/{int(now) // seconds}" for name, seconds in names],
            args=[seconds + 5 for _name, seconds in names],
        )
    except redis.RedisError as failure:
        if now - _complained["at"] > SECONDS["min"]:
            _complained["at"] = now
            log.warning("Requests to the API are not counted: %s", failure)
        return None
