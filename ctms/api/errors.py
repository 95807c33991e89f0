"""Errors as RFC 9457 problems, with a pointer to the field."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, JsonResponse
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from ctms.access.explain import unseen_is_refused
from ctms.pages.record import AccessEnded
from ctms.signatures.proving import ProofRefused
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import ChangedMeanwhile


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
    if isinstance(exception, Http404):
        return problem(status.HTTP_404_NOT_FOUND, "Not found", "There is no such record that you may see.")
    response = exception_handler(exception, context)
    if response is None:
        return None
    return _from_framework(exception, response)


def _is_hidden_refusal(exception, context):
    refusals = PermissionDenied | AccessEnded | exceptions.PermissionDenied
    request = context.get("request")
    return isinstance(exception, refusals) and request is not None and unseen_is_refused(request.user)


def _from_framework(exception, response):
    title = getattr(exception, "default_detail", "Refused")
    if isinstance(exception, exceptions.ValidationError):
        answer = problem(response.status_code, "Not valid", errors=_framework_errors(exception.detail))
    else:
        detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
        answer = problem(response.status_code, str(title).rstrip("."), str(detail))
    for name in ("WWW-Authenticate", "Retry-After", "Allow"):
        if name in response.headers:
            answer[name] = response.headers[name]
    return answer


def problem(code, title, detail="", errors=None):
    body = {"type": "about:blank", "title": title, "status": code}
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = errors
    return Response(body, status=code, content_type="application/problem+json")


def _django_errors(exception):
    if not hasattr(exception, "error_dict"):
        return [{"pointer": "", "detail": sentence} for sentence in exception.messages]
    return [
        {"pointer": "" if name == "__all__" else f"/{name}", "detail": sentence}
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
    return pointer if name == "non_field_errors" else f"{pointer}/{name}"


def json_not_found(request, exception=None):
    """Answer an unknown API address like any other missing thing."""
    body = {"type": "about:blank", "title": "Not found", "status": 404}
    return JsonResponse(body, status=404, content_type="application/problem+json")
