"""The records a person opened last: what a search offers before anything is typed."""

import logging

from django.core.cache import cache

from ctms.pages.record import RECORDS

from .asking import Found, line_of

log = logging.getLogger(__name__)
KEPT = 8
KEPT_FOR = 60 * 60 * 24 * 30


class OpenedMiddleware:
    """Remember which records a person opens: keys only, for themselves, in the cache; losing them harms nothing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        match = request.resolver_match
        if request.method == "GET" and response.status_code == 200 and match and match.url_name:
            slug, is_record, _end = match.url_name.partition("-record")
            if is_record and not _end and "pk" in match.kwargs and request.user.is_authenticated:
                remember(request.user, slug, match.kwargs["pk"])
        return response


def remember(user, slug, pk):
    """Put a record before those the person opened earlier."""
    label = next((label for label, one in RECORDS.items() if one.slug == slug), None)
    if label is None:
        return
    kept = [(label, pk), *(one for one in _keys(user) if one != (label, pk))][:KEPT]
    try:
        cache.set(_key(user), kept, KEPT_FOR)
    except Exception as failure:  # any cache trouble: a record is opened all the same
        log.warning("What was opened is not remembered: %s", failure)


def latest(user) -> list[Found]:
    """Return the lines of the records a person opened last, as far as they still see them."""
    keys, lines = _keys(user), {}
    for label in {label for label, _pk in keys}:
        declaration = RECORDS.get(label)
        if declaration is not None:
            wanted = [pk for one, pk in keys if one == label]
            for record in declaration.rows(user).filter(pk__in=wanted):
                lines[label, record.pk] = line_of(user, declaration, record)
    return [lines[key] for key in keys if key in lines]


def _keys(user):
    try:
        return cache.get(_key(user), [])
    except Exception as failure:  # any cache trouble: the search works without
        log.warning("What was opened cannot be read: %s", failure)
        return []


def _key(user):
    return f"opened/{user.pk}"
