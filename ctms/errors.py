"""The pages for what is not there and what went wrong."""

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from ctms.api.errors import json_broken, json_forbidden, json_not_found


def absent(request, **parts):
    """Answer at an address that a library has and this product does not."""
    return not_found(request)


def not_found(request, exception=None):
    if request.path.startswith("/api/"):
        return json_not_found(request, exception)
    return render(request, "pages/not_found.html", status=404)


def forbidden(request, exception=None):
    return render(
        request,
        "pages/refused.html",
        {"sentence": str(exception or ""), "back": "/", "status": 403},
        status=403,
    )


def not_from_here(request, reason=""):
    """Answer a form that does not prove it is ours: its page is older than the sign-in, or cookies are off."""
    if request.path.startswith("/api/"):
        return json_forbidden(request)
    return render(request, "pages/not_from_here.html", {"back": _page_before(request)}, status=403)


def _page_before(request):
    """Return the page of ours a form was sent from, else the first one."""
    before = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
    return before if before and ours else "/"


def bad_request(request, exception=None):
    return render(request, "pages/bad_request.html", status=400)


def server_error(request):
    if request.path.startswith("/api/"):
        return json_broken(request)
    # No context processors: whatever failed may fail there again.
    context = {"reading": request.method in ("GET", "HEAD")}
    return HttpResponseServerError(render_to_string("pages/server_error.html", context))
