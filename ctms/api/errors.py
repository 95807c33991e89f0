"""Errors as RFC 9457 problems, with a pointer to the field."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from ctms.access.explain import unseen_is_refused
from ctms.exchange.idempotency import KeyNotValid, KeyUsedOtherwise
from ctms.exchange.identifiers import HiddenRecord, ManyRecords
from ctms.pages.record import AccessEnded
from ctms.signatures.proving import ProofRefused
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import ChangedMeanwhile

from .parsing import TooLarge

MEDIA_TYPE = "application/problem+json"
# Who sends a thousand wrong fields is not told each of them.
TOLD_AT_MOST = 50


class FieldError(serializers.Serializer):
    """One thing that is wrong with a request."""

    pointer = serializers.CharField(
        help_text="JSON pointer (RFC 6901) into the body, or `/name` of a query parameter or header; "
        "empty for the whole request."
    )
    detail = serializers.CharField(help_text="A sentence for people.")


class Problem(serializers.Serializer):
    """Why a request was refused (RFC 9457)."""

    type = serializers.CharField(help_text="`about:blank`: title and status say it.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False, help_text="A sentence for people.")
    errors = FieldError(many=True, required=False)  # type: ignore[assignment]


class VersionConflict(exceptions.APIException):
    """The record is not the one If-Match names."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = "Somebody changed this record after you read it."


def as_problem(exception, context):
    """Answer any refusal of the rules with a problem document; None lets Django answer 500."""
    if isinstance(exception, ValidationError):
        return problem(status.HTTP_400_BAD_REQUEST, "Not valid", errors=_django_errors(exception))
    if isinstance(exception, TransitionRefused):
        code = status.HTTP_409_CONFLICT if exception.conflict else status.HTTP_422_UNPROCESSABLE_ENTITY
        return problem(code, "Refused", exception.sentence)
    if isinstance(exception, ChangedMeanwhile):
        return problem(status.HTTP_412_PRECONDITION_FAILED, "Changed meanwhile", str(exception))
    if isinstance(exception, ProofRefused):
        return problem(status.HTTP_403_FORBIDDEN, "Not signed", str(exception))
    if _is_hidden_refusal(exception, context):
        exception = Http404()
    if isinstance(exception, PermissionDenied | AccessEnded):
        return problem(status.HTTP_403_FORBIDDEN, "Not allowed", str(exception) or "You may not do this.")
    if isinstance(exception, Http404 | HiddenRecord):
        return problem(status.HTTP_404_NOT_FOUND, "Not found", "There is no such record that you may see.")
    if answer := _of_exchange(exception):
        return answer
    response = exception_handler(exception, context)
    if response is None:
        return None
    return _from_framework(exception, response)


def _is_hidden_refusal(exception, context):
    refusals = PermissionDenied | AccessEnded | exceptions.PermissionDenied
    request = context.get("request")
    return isinstance(exception, refusals) and request is not None and unseen_is_refused(request.user)


def _of_exchange(exception):
    if isinstance(exception, KeyNotValid):
        errors = [{"pointer": "/Idempotency-Key", "detail": str(exception)}]
        return problem(status.HTTP_400_BAD_REQUEST, "Not valid", errors=errors)
    if isinstance(exception, KeyUsedOtherwise):
        errors = [{"pointer": "/Idempotency-Key", "detail": str(exception)}]
        return problem(status.HTTP_422_UNPROCESSABLE_ENTITY, "Key used before", str(exception), errors=errors)
    if isinstance(exception, ManyRecords):
        return problem(status.HTTP_409_CONFLICT, "Several records", str(exception))
    if isinstance(exception, RequestDataTooBig):
        return problem(status.HTTP_413_REQUEST_ENTITY_TOO_LARGE, "Too large", TooLarge.default_detail)
    return None


def _from_framework(exception, response):
    title = str(getattr(exception, "default_detail", "Refused"))
    if "{" in title:  # a sentence still to be filled in, as the detail is: the title is the name of the code
        title = HTTPStatus(response.status_code).phrase.capitalize()
    if isinstance(exception, exceptions.ValidationError):
        answer = problem(response.status_code, "Not valid", errors=_framework_errors(exception.detail))
    else:
        detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
        answer = problem(response.status_code, title.rstrip("."), str(detail))
        if isinstance(exception, exceptions.ParseError):
            answer.data["errors"] = [{"pointer": "", "detail": str(detail)}]
    for name in ("WWW-Authenticate", "Retry-After", "Allow"):
        if name in response.headers:
            answer[name] = response.headers[name]
    return answer


def problem(code, title, detail="", errors=None):
    body = {"type": "about:blank", "title": title, "status": code}
    if detail:
        body["detail"] = _sayable(detail)
    if errors:
        body["errors"] = [
            {"pointer": _sayable(error["pointer"]), "detail": _sayable(error["detail"])}
            for error in errors[:TOLD_AT_MOST]
        ]
    return Response(body, status=code, content_type=MEDIA_TYPE)


def _sayable(text):
    """Return text that can be encoded, whatever was sent and is quoted back."""
    return str(text)[:1000].encode("utf-8", "replace").decode()


def reason_missing():
    """Return the refusal of a change without its reason, naming the header that carries it."""
    sentence = _("Say why this is changed: send the header X-Change-Reason, or `reason` in the body.")
    return ValidationError({"reason": sentence})


def _django_errors(exception):
    if not hasattr(exception, "error_dict"):
        return [{"pointer": "", "detail": sentence} for sentence in exception.messages]
    return [
        {"pointer": _join("", "non_field_errors" if name == "__all__" else name), "detail": sentence}
        for name, errors in exception.message_dict.items()
        for sentence in errors
    ]


def _framework_errors(detail, pointer=""):
    if isinstance(detail, dict):
        return [e for name, part in detail.items() for e in _framework_errors(part, _join(pointer, name))]
    if isinstance(detail, list):
        found = []
        for index, part in enumerate(detail):
            nested = isinstance(part, dict | list)
            found += _framework_errors(part, f"{pointer}/{index}" if nested else pointer)
        return found
    return [{"pointer": pointer, "detail": str(detail)}]


def _join(pointer, name):
    """Return the pointer one step further down; `~` and `/` in a name are written as RFC 6901 says."""
    if name == "non_field_errors":
        return pointer
    return f"{pointer}/{str(name)[:100].replace('~', '~0').replace('/', '~1')}"


@csrf_exempt  # nothing is done here, and a program has no form to prove anything with
def json_not_found(request, exception=None):
    """Answer an unknown API address like any other missing thing."""
    body = {
        "type": "about:blank",
        "title": "Not found",
        "status": 404,
        "detail": "There is nothing at this address.",
    }
    return JsonResponse(body, status=404, content_type=MEDIA_TYPE)


def json_forbidden(request):
    """Answer what a browser sent without proof that it comes from a page of ours."""
    body = {
        "type": "about:blank",
        "title": "Not allowed",
        "status": 403,
        "detail": "Send a token, or the CSRF token of your session.",
    }
    return JsonResponse(body, status=403, content_type=MEDIA_TYPE)


def json_broken(request):
    """Answer what failed on our side; the log has the rest."""
    body = {
        "type": "about:blank",
        "title": "Server error",
        "status": 500,
        "detail": "This is our mistake; it is in the log. Nothing was changed.",
    }
    return JsonResponse(body, status=500, content_type=MEDIA_TYPE)
