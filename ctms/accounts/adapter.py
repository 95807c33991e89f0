"""How allauth behaves here: nobody signs up, password changes are remembered, lock-outs are logged."""

from allauth.account.adapter import DefaultAccountAdapter

from ctms.audit.context import acting_as

from .models import FormerPassword, SecurityEventKind
from .security import record_security_event


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def set_password(self, user, password):
        with acting_as(user, reason="Password changed by its owner"):
            if user.has_usable_password():
                FormerPassword.objects.create(user=user, password=user.password)
            super().set_password(user, password)
        record_security_event(SecurityEventKind.PASSWORD_CHANGED, user=user)

    def pre_authenticate(self, request, **credentials):
        # Raises when the login is locked; the refusal itself is worth a line.
        try:
            super().pre_authenticate(request, **credentials)
        except Exception:
            record_security_event(
                SecurityEventKind.LOCKED_OUT,
                username=str(credentials.get("username") or credentials.get("email") or ""),
            )
            raise
