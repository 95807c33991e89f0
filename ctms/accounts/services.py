"""Give accounts, know who stands behind them, and take them away: never deleted, never given twice."""

import secrets
import string

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from ctms.audit.context import acting_as

from .models import SYSTEM, ApiToken, SecurityEventKind, User
from .security import record_security_event

PERMISSION = "accounts.manage_users"
# Letters and digits that are not taken for one another when read aloud or copied by hand.
_READABLE = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))


def create_account(*, actor, username, first_name, last_name, email, time_zone):
    """
    Make an account and return it with its first password, which is shown once and not kept.

    It gives no access: that is what an assignment does. It signs nothing either: see verify_identity.

    :raises ValidationError: with the field, such as: the user name was given before
    """
    _permit(actor)
    user = User(
        username=username, first_name=first_name, last_name=last_name, email=email, time_zone=time_zone
    )
    password = new_password()
    user.set_password(password)
    with acting_as(actor, reason=_("New account")):
        # 21 CFR 11.100(a): a name belongs to one person for ever, whatever became of the account.
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(
                {"username": _("This user name was given before; names are never given twice.")}
            )
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError(
                {"email": _("Another account has this e-mail address; accounts are not shared.")}
            )
        user.full_clean()
        user.save()
    return user, password


def new_password():
    """Return a password nobody would guess, in groups that can be read out."""
    return "-".join("".join(secrets.choice(_READABLE) for _place in range(5)) for _group in range(4))


def verify_identity(*, actor, user, verified_on, statement_on, reason, decided_on):
    """
    Record that somebody's identity was verified and their signature statement is here: from then on they may sign.

    :param reason: how it was verified, and where the statement is on file
    :param decided_on: the day this is recorded
    :raises ValidationError: with the field
    """
    _permit(actor, user)
    for name, day in (("verified_on", verified_on), ("statement_on", statement_on)):
        if day > decided_on:
            raise ValidationError({name: _("This day lies ahead.")})
    if not user.former_passwords.exists():
        # 21 CFR 11.200(a)(2): whoever gave the first password could sign with it.
        raise ValidationError(
            _("%(name)s has not chosen a password of their own yet; somebody else knows the first one.")
            % {"name": user}
        )
    return _change(actor, user, reason, identity_verified_on=verified_on, signature_statement_on=statement_on)


def deactivate(*, actor, user, reason):
    """Shut an account: its person is signed out with their next click, its tokens are revoked."""
    _permit(actor, user)
    with acting_as(actor, reason=reason):
        changed = _change(actor, user, reason, is_active=False)
        for token in ApiToken.objects.filter(user=user, revoked_at=None).order_by("pk"):
            _revoke(token)
    return changed


def reactivate(*, actor, user, reason):
    """Open an account again for the same person."""
    _permit(actor, user)
    return _change(actor, user, reason, is_active=True)


def _change(actor, user, reason, **values):
    if not reason.strip():
        raise ValidationError({"reason": _("Say why this is changed.")})
    with acting_as(actor, reason=reason):
        locked = User.objects.select_for_update().get(pk=user.pk)
        for name, value in values.items():
            setattr(locked, name, value)
        locked.full_clean()
        locked.save(update_fields=list(values))
    return locked


def _permit(actor, user=None):
    if not actor.has_perm(PERMISSION):
        raise PermissionDenied(_("Only an administrator manages accounts."))
    if user is None:
        return
    if user.username == SYSTEM:
        raise PermissionDenied(_("This account acts for the system itself and stays as it is."))
    if user == actor:
        # 21 CFR 11.200(a)(3): misuse takes two.
        raise PermissionDenied(_("Nobody manages their own account; another administrator does."))


# --- tokens ------------------------------------------------------------------------------------------------


def create_token(*, user, name, expires_at=None):
    """Make a token for a person and return its secret, which is shown once and not kept."""
    secret = ApiToken.new_secret()
    ApiToken.objects.create(user=user, name=name, digest=ApiToken.digest_of(secret), expires_at=expires_at)
    record_security_event(SecurityEventKind.TOKEN_CREATED, user=user, detail=name)
    return secret


def revoke_token(*, actor, token):
    """Let a token open nothing any more: its own person's."""
    if token.user_id != actor.pk:
        raise PermissionDenied(_("This token is somebody else's."))
    _revoke(token)


def _revoke(token):
    # Revoked once: a second click leaves the first instant.
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=Now()):
        record_security_event(SecurityEventKind.TOKEN_REVOKED, user=token.user, detail=token.name)
