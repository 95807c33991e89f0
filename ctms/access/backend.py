"""Django's has_perm, answered from assignments alone."""

from .access import access_of
from .scoping import Scoped


class RoleBackend:
    """Answer `user.has_perm(permission, record)` from the person's live grants, without a query."""

    def authenticate(self, request, **credentials):
        return None

    def get_user(self, user_id):
        return None

    def has_perm(self, user, permission, record=None):
        if not (user.is_authenticated and user.is_active):
            return False
        if record is None or not isinstance(record, Scoped):
            return access_of(user).anywhere(permission)
        return access_of(user).allows(permission, record)
