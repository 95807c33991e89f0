"""What every operation of the API does beside its own work: safe repeats, entity tags, what is left to ask."""

import hashlib
import json
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_orjson_renderer.renderers import ORJSONRenderer
from rest_framework import serializers
from rest_framework.response import Response

from ctms.exchange.events import record_behind
from ctms.exchange.idempotency import Kept, KeyNotValid, answered_before, asked, once

from .errors import VersionConflict

REASON_FIELD = serializers.CharField(allow_blank=True, max_length=2000)
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# Of an answer, these come again with its repeat.
KEPT_HEADERS = ("ETag", "Location")


class AlreadyAnswered(Exception):
    """This very request was done before."""

    def __init__(self, kept):
        super().__init__()
        self.kept = kept


class Answering:
    """Mixin of the API's views."""

    request: Any
    declaration: Any
    asked = None
    # False where the body is a stream of bytes: what is not read whole has no fingerprint.
    takes_key = True

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        key = request.headers.get("Idempotency-Key")
        if key is None or request.method not in UNSAFE:
            return
        if not self.takes_key:
            raise KeyNotValid(
                _("Idempotency-Key is not for bytes; send If-Match, which stops a second time.")
            )
        self.asked = asked(
            request.user,
            key,
            method=request.method,
            address=request.get_full_path(),
            reason=request.headers.get("X-Change-Reason", ""),
            body=request.data,
        )
        # Before anything else is looked at: a repeat needs no proof again, and no version that has passed.
        if kept := answered_before(self.asked):
            raise AlreadyAnswered(kept)

    def handle_exception(self, exc):
        if isinstance(exc, AlreadyAnswered):
            try:
                return _again(exc.kept, self.request.user)
            except Http404 as gone:
                exc = gone
        return super().handle_exception(exc)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in getattr(request, "rate", {}).items():
            response[name] = value
        return response

    def once(self, work):
        """
        Do the change and answer it; with an Idempotency-Key once, whatever the network does.

        :param work: () -> (Response, label and id of the record it shows)
        """
        if self.asked is None:
            return work()[0]

        def keep():
            response, record = work()
            body = ORJSONRenderer().render(response.data).decode()
            headers = {name: response[name] for name in KEPT_HEADERS if name in response}
            self.fresh = response
            return Kept(response.status_code, body, record, headers)

        kept, repeated = once(self.asked, keep)
        return _again(kept, self.request.user) if repeated else self.fresh


def _again(kept, user):
    """Give an answer again, unless the person may not see any more what it shows."""
    declaration, key = record_behind(kept.record)
    if declaration is None or not declaration.rows(user).filter(pk=key).exists():
        raise Http404
    response = Response(json.loads(kept.body or "null"), status=kept.code, headers=kept.headers)
    response["Idempotent-Replayed"] = "true"
    return response


def check_parameters(query, known):
    """Refuse in the address what this operation does not know, or is told twice; raises ValidationError."""
    wrong = {name: [_("There is no such parameter.")] for name in query if name not in known}
    twice = {name: [_("Give this once.")] for name in query if name in known and len(query.getlist(name)) > 1}
    if wrong or twice:
        raise serializers.ValidationError({**wrong, **twice})


# --- entity tags --------------------------------------------------------------------------------------------


def etag_of(record, body):
    """
    Return the entity tag of a record as it was shown.

    The version tells two writers apart; the digest also tells a reader when something shown with the record, such
    as the name of its hospital, is another now.
    """
    digest = hashlib.sha256(ORJSONRenderer().render(body)).hexdigest()[:12]
    version = getattr(record, "version", None)
    return f'"{digest}"' if version is None else f'"{version}-{digest}"'


def tags_in(header):
    """Return the entity tags of If-Match or If-None-Match, without their quotes."""
    return [tag.strip().removeprefix("W/").strip('"') for tag in header.split(",") if tag.strip()]


def is_unchanged(request, etag):
    """True if the client has this already (If-None-Match)."""
    tags = tags_in(request.headers.get("If-None-Match", ""))
    return "*" in tags or etag.strip('"') in tags


def expected_version(request, record):
    """
    Return the version If-Match names, None without one.

    :raises VersionConflict: it is not the record's
    """
    tags = tags_in(request.headers.get("If-Match", ""))
    if not tags or "*" in tags:
        return None
    version = str(getattr(record, "version", ""))
    if version not in [tag.split("-")[0] for tag in tags]:
        raise VersionConflict
    return int(version)


def reason_in(request):
    """Return why, from the header X-Change-Reason or the body's `reason`; raises ValidationError."""
    header = request.headers.get("X-Change-Reason", "")
    if header:
        try:
            header = header.encode("latin-1").decode()  # programs send UTF-8, WSGI reads Latin-1
        except UnicodeError:
            pass
    body = request.data.get("reason") if isinstance(request.data, dict) else None
    try:
        return REASON_FIELD.run_validation(header or body or "")
    except serializers.ValidationError as wrong:
        raise serializers.ValidationError({"reason": wrong.detail}) from wrong
