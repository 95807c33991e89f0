"""Prove who is signing, before the deed and in a transaction of its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from ctms.accounts.models import SecurityEvent, SecurityEventKind
from ctms.accounts.security import record_security_event

TRIES = 5
LOCKED_FOR = timedelta(minutes=15)


class ProofRefused(Exception):
    """The person could not prove to be who signs; the sentence is fit for them."""


@dataclass(frozen=True)
class Proof:
    """Fresh evidence that `user_id` is at the keyboard; good for one minute and this person only."""

    user_id: int
    method: str
    at: datetime

    def is_fresh(self, now):
        return now - self.at <= timedelta(seconds=settings.PROOF_LIFETIME_SECONDS)


def prove(actor, *, password=""):
    """
    Check the password, or the code of the person's authenticator app, and return a Proof.

    Success and failure are remembered even when the signature then fails (compliance rows 22, 31). The
    second component of 21 CFR 11.200(a)(1)(i) is the signed-in account itself.

    :raises ProofRefused: with a sentence; after five failures for fifteen minutes without looking
    """
    if not actor.may_sign:
        raise ProofRefused(
            _(
                "Your account is not yet enabled for signing: your identity must be verified "
                "and your statement recorded."
            )
        )
    if _failures_in_a_row(actor) >= TRIES:
        raise ProofRefused(_("Too many failed attempts. Try again in a quarter of an hour."))
    method = _method(actor, password)
    if not method:
        record_security_event(SecurityEventKind.PROOF_FAILED, user=actor)
        raise ProofRefused(_("That is not your password or code. Nothing was signed."))
    record_security_event(SecurityEventKind.PROOF, user=actor, detail=method)
    return Proof(actor.pk, method, timezone.now())


def _failures_in_a_row(actor):
    """
    Count the recent failures since the last success, in the access log itself.

    Not in the cache: who signs must not depend on a server that may be away, nor the lock on one that forgets.
    """
    log = SecurityEvent.objects.filter(user=actor, at__gt=timezone.now() - LOCKED_FOR)
    proved = log.filter(kind=SecurityEventKind.PROOF).order_by("-pk").values_list("pk", flat=True).first()
    return log.filter(kind=SecurityEventKind.PROOF_FAILED, pk__gt=proved or 0).count()


def _method(actor, secret):
    if not secret:
        return ""
    if secret.isdigit() and len(secret) == 6 and _right_code(actor, secret):
        return "totp"
    return "password" if actor.check_password(secret) else ""


def _right_code(actor, code):
    authenticator = Authenticator.objects.filter(user=actor, type=Authenticator.Type.TOTP).first()
    return bool(authenticator and authenticator.wrap().validate_code(code))


def prove_by_sign_in(actor, *, signed_in_at):
    """Return a Proof from a fresh sign-in at the identity provider (auth_time), for people without a password."""
    proof = Proof(actor.pk, "oidc", signed_in_at)
    if not actor.may_sign or not proof.is_fresh(timezone.now()):
        record_security_event(SecurityEventKind.PROOF_FAILED, user=actor, detail="oidc")
        raise ProofRefused(_("Sign in again to sign."))
    record_security_event(SecurityEventKind.PROOF, user=actor, detail="oidc")
    return proof
