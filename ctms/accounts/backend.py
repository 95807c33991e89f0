"""Who signs in by name and password."""

from allauth.account.auth_backends import AuthenticationBackend


class SignInBackend(AuthenticationBackend):
    """
    Knows who somebody is, and nothing of what they may do.

    Django asks every backend for permissions, and this one's parent looks for them in groups and on the account,
    where the house keeps none: two queries a request, and a way to rights that no assignment shows.
    """

    def has_perm(self, user_obj, perm, obj=None):
        return False

    def has_module_perms(self, user_obj, app_label):
        return False

    def get_all_permissions(self, user_obj, obj=None):
        return set()
