"""Write the access log, whatever happens to the transaction of the one who tried."""

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from ctms.audit.context import current_through

from .models import SecurityEvent, SecurityEventKind, User


def record_security_event(kind, *, user=None, username="", detail=""):
    """Add one line to the access log."""
    known = user if user is not None and user.pk else None
    return SecurityEvent.objects.create(
        kind=kind,
        user=known,
        username=(known.username if known else username)[:150],
        address=current_through().address,
        detail=detail[:200],
    )


def on_login(sender, request, user, **kwargs):
    record_security_event(SecurityEventKind.LOGIN, user=user)


def on_logout(sender, request, user, **kwargs):
    if user is not None and not getattr(request, "signed_out_idle", False):
        record_security_event(SecurityEventKind.LOGOUT, user=user)


def on_login_failed(sender, credentials, **kwargs):
    username = str(credentials.get("username") or credentials.get("login") or "")
    record_security_event(
        SecurityEventKind.LOGIN_FAILED,
        user=User.objects.filter(username__iexact=username).first(),
        username=username,
    )


def listen():
    """Hear Django's own sign-in signals: the only announcements there are of these events."""
    user_logged_in.connect(on_login, dispatch_uid="security_login")
    user_logged_out.connect(on_logout, dispatch_uid="security_logout")
    user_login_failed.connect(on_login_failed, dispatch_uid="security_login_failed")
