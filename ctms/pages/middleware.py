"""Refusals as pages: a sentence, the way back, the right status."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import render

from ctms.access.explain import unseen_is_refused
from ctms.accounts.idle import to_login

from .record import AccessEnded


class RefusalMiddleware:
    """Turn a refusal raised anywhere below into its page; the API has its own (api.errors)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        # Part of a page must not be replaced by the sign-in page.
        if request.htmx and response.headers.get("Location", "").startswith(settings.LOGIN_URL):
            return to_login(request)
        return response

    def process_exception(self, request, exception):
        if request.path.startswith("/api/"):
            return None
        if isinstance(exception, PermissionDenied | AccessEnded):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if unseen_is_refused(request.user):
                return render(request, "pages/not_found.html", status=404)
            return render(
                request,
                "pages/refused.html",
                {"sentence": str(exception), "back": "/", "status": 403},
                status=403,
            )
        return None
