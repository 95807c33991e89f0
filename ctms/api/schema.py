"""The OpenAPI description says what every operation answers, refusals and headers included."""

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from ctms.audit.trail import AUDITED

from .answering import UNSAFE, Answering
from .errors import MEDIA_TYPE, Problem

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
REFUSALS = {
    400: "The request is not valid: `errors` point at what is wrong. Unknown fields and parameters are wrong too.",
    401: "No token, or one that is unknown, expired or revoked.",
    403: "The person may not do this here, or it was not signed; `detail` says who may.",
    404: "There is no such record, or none this person may see.",
    409: "The record is no longer in a state in which this may happen.",
    412: "Somebody changed the record after you read it (If-Match).",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "A rule forbids this now, or the Idempotency-Key was sent with another request.",
    429: "Too many requests; come again after Retry-After.",
}
NAMES = {
    400: "NotValid",
    401: "NotSignedIn",
    403: "NotAllowed",
    404: "NotFound",
    409: "OtherState",
    412: "ChangedMeanwhile",
    413: "TooLarge",
    415: "NotJson",
    422: "Refused",
    429: "TooMany",
}
HEADERS = {
    "RateLimit-Limit": {"description": "Requests in the running window.", "schema": NUMBER},
    "RateLimit-Remaining": {"description": "What is left of them.", "schema": NUMBER},
    "RateLimit-Reset": {"description": "Seconds until the window ends.", "schema": NUMBER},
    "Retry-After": {"description": "Seconds to wait.", "schema": NUMBER},
    "WWW-Authenticate": {"description": "Bearer", "schema": TEXT},
    "ETag": {"description": "Of the record as it is in this answer.", "schema": TEXT},
    "Idempotent-Replayed": {
        "description": "`true` when this was done before, and this is the answer given then.",
        "schema": TEXT,
    },
}
RATE = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Chosen by you for this one request: sent again within a day it does nothing and is answered the same.",
)
REASON = OpenApiParameter(
    "X-Change-Reason",
    str,
    OpenApiParameter.HEADER,
    description="Why; may also be sent as `reason`. Required once a record has left its first state.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of the record you read; 412 if it moved on. Without it the latest is changed.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The ETag you have; 304 if it is still right."
)
UPDATED_SINCE = OpenApiParameter(
    "updated_since",
    {"type": "string", "format": "date-time"},
    description="Only records changed since; looks back ten minutes further, so some come twice.",
)
SYNC = OpenApiParameter(
    "sync", str, description="Only records changed since the answer this token was given with; misses none."
)


CHANGING = ("create", "partial_update", "transition", "write_by_external")


class HouseSchema(AutoSchema):
    """What spectacular reads from the views, and what holds for all of them."""

    def get_override_parameters(self):
        return [*super().get_override_parameters(), *self._house_parameters()]

    def _house_parameters(self):
        if not isinstance(self.view, Answering):
            return []
        found, shows_one = [], self._shows_one_record()
        if self.method in UNSAFE:
            found.append(IDEMPOTENCY_KEY)
            if hasattr(self.view, "declaration"):
                found.append(REASON)
            if self._action() in CHANGING[1:]:
                found.append(IF_MATCH)
        elif shows_one:
            found.append(IF_NONE_MATCH)
        if self._action() == "list" and self.view.declaration.model._meta.label in AUDITED:
            found += [UPDATED_SINCE, SYNC]
        return found

    def _action(self):
        return getattr(self.view, "action", "")

    def _shows_one_record(self):
        return self._action() in ("retrieve", "by_external")

    def _get_response_bodies(self, *args, **kwargs):
        answers = super()._get_response_bodies(*args, **kwargs)
        if not isinstance(self.view, Answering):
            return answers
        for answer in answers.values():
            answer.setdefault("headers", {}).update(_headers(self._header_names()))
        if self._shows_one_record():
            answers["304"] = {"description": "You have it already.", "headers": _headers(["ETag"])}
        # Where spectacular keeps what is said once and named often.
        self.resolve_serializer(Problem(), "response")
        for code in self._refusal_codes():
            answers.setdefault(str(code), {"$ref": f"#/components/responses/{NAMES[code]}"})
        return dict(sorted(answers.items()))

    def _header_names(self):
        names = list(RATE)
        if self.method in UNSAFE:
            names.append("Idempotent-Replayed")
        if self._shows_one_record() or self._action() in CHANGING:
            names.append("ETag")
        return names

    def _refusal_codes(self):
        """Return the codes this operation may refuse with."""
        yield from (400, 401, 403, 404, 429)
        if self.method in UNSAFE:
            yield from (409, 412, 413, 415, 422)
        elif self._action() == "by_external":
            yield 409


def _headers(names):
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def add_shared_answers(result, generator, request, public):
    """Hook of spectacular: the refusals and headers every operation names."""
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    beside = {429: ["Retry-After", *RATE], 401: ["WWW-Authenticate"]}
    result["components"]["headers"] = HEADERS
    result["components"]["responses"] = {
        NAMES[code]: {"description": said, "content": problem, "headers": _headers(beside.get(code, RATE))}
        for code, said in REFUSALS.items()
    }
    return result
