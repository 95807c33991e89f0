"""Sign out whoever left the desk, and bring them back to the page they were on."""

import time
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from .models import SecurityEventKind
from .security import record_security_event

LAST_SEEN = "last_seen"


class IdleTimeoutMiddleware:
    """
    End a session after idle time (compliance row 33); it cannot be switched off by the user.

    What was being written is safe: forms save as you write (pages.drafts). Requests a page makes by itself
    say `X-Background: 1` and do not count as activity.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "_auth_user_id" not in request.session:
            return self.get_response(request)
        now = int(time.time())
        last_seen = request.session.get(LAST_SEEN, now)
        if now - last_seen > settings.IDLE_TIMEOUT_MINUTES * 60:
            return self._sign_out(request)
        # Once a minute is precise enough and spares a session write per request.
        stale = now - last_seen >= 60 or LAST_SEEN not in request.session
        if stale and request.headers.get("X-Background") != "1":
            request.session[LAST_SEEN] = now
        return self.get_response(request)

    @staticmethod
    def _sign_out(request):
        record_security_event(SecurityEventKind.IDLE_LOGOUT, user=request.user)
        request.signed_out_idle = True
        logout(request)
        messages.info(request, _("You were signed out after a pause. Sign in to go on where you were."))
        return to_login(request)


def to_login(request):
    """Return the redirect to the sign-in page that leads back here; a whole-page one for htmx."""
    came_from = request.headers.get("HX-Current-URL", "")
    if request.headers.get("HX-Request") and came_from:
        parts = urlsplit(came_from)
        back = parts.path + (f"?{parts.query}" if parts.query else "")
    else:
        back = request.get_full_path()
    address = f"{settings.LOGIN_URL}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=200)
        response["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)
