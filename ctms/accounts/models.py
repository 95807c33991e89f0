import hashlib
import secrets

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from ctms.audit.trail import append_only, audited
from ctms.calendar.zones import KnownZone, TimeZoneField

SYSTEM = "system"


class AccountManager(UserManager):
    def system(self):
        """Return the account that acts for jobs and moves made by time."""
        return self.get(username=SYSTEM)


@audited(called_by=("{first_name} {last_name}", "{username}"), exclude=("password", "last_login"))
class User(AbstractUser):
    """
    One person's account; never shared, re-used or deleted (21 CFR 11.100(a)): deactivated.

    Signing needs a verified identity and the person's own statement that the electronic signature is the
    equivalent of the handwritten one (11.100(b), 11.10(j)).
    """

    username = models.CharField(
        _("user name"), max_length=150, unique=True, validators=[UnicodeUsernameValidator()]
    )
    time_zone = TimeZoneField(_("time zone"), default="Europe/London")
    compact = models.BooleanField(_("compact rows"), default=False)
    identity_verified_on = models.DateField(null=True, blank=True)
    signature_statement_on = models.DateField(null=True, blank=True)

    objects = AccountManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_any_case"),
            # Django answers for a superuser before any backend is asked, so there is none.
            models.CheckConstraint(condition=Q(is_superuser=False), name="user_no_superuser"),
            models.CheckConstraint(condition=Q(is_staff=False), name="user_no_staff"),
        ]
        permissions = [("manage_users", "Manage users")]
        triggers = [KnownZone(column="time_zone")]

    def __str__(self):
        return self.get_full_name() or self.username

    @property
    def may_sign(self):
        return self.is_active and bool(self.identity_verified_on and self.signature_statement_on)


class FormerPassword(models.Model):
    """A hash of a password a person once had, so that it is not taken again."""

    user = models.ForeignKey(User, models.PROTECT, related_name="former_passwords")
    password = models.CharField(max_length=255)
    set_at = models.DateTimeField(db_default=Now())

    def __str__(self):
        return f"{self.user} {self.set_at:%Y-%m-%d}"


class SecurityEventKind(models.TextChoices):
    LOGIN = "LOGIN", _("Signed in")
    LOGIN_FAILED = "LOGIN_FAILED", _("Sign-in failed")
    LOCKED_OUT = "LOCKED_OUT", _("Locked out after repeated failures")
    LOGOUT = "LOGOUT", _("Signed out")
    IDLE_LOGOUT = "IDLE_LOGOUT", _("Signed out after idle time")
    PROOF = "PROOF", _("Identity proved for a signature")
    PROOF_FAILED = "PROOF_FAILED", _("Proof for a signature failed")
    PASSWORD_CHANGED = "PASSWORD_CHANGED", _("Password changed")
    TOKEN_CREATED = "TOKEN_CREATED", _("API token created")
    TOKEN_REVOKED = "TOKEN_REVOKED", _("API token revoked")


@append_only
class SecurityEvent(models.Model):
    """Who came, who tried, who proved: the access log (ICH E6(R3) 4.2.2(a)(i), 21 CFR 11.300(d))."""

    kind = models.CharField(max_length=20, choices=SecurityEventKind)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    username = models.CharField(max_length=150)
    address = models.CharField(max_length=64, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["user", "-at"]), models.Index(fields=["-at"])]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.username}"


class ApiToken(models.Model):
    """A bearer token of one person; only its hash is kept."""

    user = models.ForeignKey(User, models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return self.name

    @staticmethod
    def digest_of(token):
        # 256 random bits need no slow hash.
        return hashlib.sha256(token.encode()).hexdigest()

    def is_live(self, at):
        """True if it opens anything at an instant: neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > at)

    @classmethod
    def new_secret(cls):
        return f"ctms_{secrets.token_urlsafe(32)}"
