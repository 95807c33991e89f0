"""A signature: who proved to be whom, bound to exactly what was signed."""

import datetime

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.utils import timezone

from ctms.accounts.models import SecurityEvent, SecurityEventKind
from ctms.audit.context import acting_as
from ctms.signatures.models import Meaning, Signature
from ctms.signatures.proving import Proof, ProofRefused, prove, prove_by_sign_in
from ctms.signatures.signing import canonical, sign, signatures_of, verify
from studies.models import Milestone
from tests.cast import PASSWORD, bring_on_stage
from tests.ctms.conftest import refusal_of

NOW = datetime.datetime(2026, 3, 17, 9, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _no_earlier_failures():
    cache.clear()


def events_of(user):
    return list(SecurityEvent.objects.filter(user=user).order_by("pk").values_list("kind", "detail"))


# --- proof -------------------------------------------------------------------------------------------


def test_the_right_password_proves_and_is_remembered(cast):
    proof = prove(cast.paula, password=PASSWORD)
    assert (proof.user_id, proof.method) == (cast.paula.pk, "password")
    assert events_of(cast.paula) == [("PROOF", "password")]


@pytest.mark.parametrize("secret", ["", "wrong", "123456"])
def test_a_wrong_secret_proves_nothing_and_is_remembered(cast, secret):
    with pytest.raises(ProofRefused, match="Nothing was signed"):
        prove(cast.paula, password=secret)
    assert events_of(cast.paula) == [("PROOF_FAILED", "")]


def test_after_five_failures_nobody_looks_any_more(cast):
    for _ in range(5):
        with pytest.raises(ProofRefused, match="not your password"):
            prove(cast.paula, password="wrong")
    with pytest.raises(ProofRefused, match="Too many failed attempts"):
        prove(cast.paula, password=PASSWORD)
    assert len(events_of(cast.paula)) == 5
    assert prove(cast.lena, password=PASSWORD), "one person's failures lock nobody else"
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=16)):
        assert prove(cast.paula, password=PASSWORD)


def test_a_success_forgets_the_failures_before_it(cast):
    for _ in range(4):
        with pytest.raises(ProofRefused):
            prove(cast.paula, password="wrong")
    prove(cast.paula, password=PASSWORD)
    for _ in range(4):
        with pytest.raises(ProofRefused, match="not your password"):
            prove(cast.paula, password="wrong")


@pytest.mark.parametrize("field", ["identity_verified_on", "signature_statement_on"])
def test_who_is_not_enabled_for_signing_cannot_prove(cast, field):
    with acting_as(cast.ada, reason="Not verified"):
        setattr(cast.paula, field, None)
        cast.paula.save()
    assert not cast.paula.may_sign
    with pytest.raises(ProofRefused, match="not yet enabled"):
        prove(cast.paula, password=PASSWORD)
    with pytest.raises(ProofRefused):
        prove_by_sign_in(cast.paula, signed_in_at=timezone.now())
    assert "PROOF" not in [kind for kind, _ in events_of(cast.paula)]


def test_a_code_of_the_authenticator_proves_once(cast):
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(cast.paula, secret)
    assert get_adapter()
    assert Authenticator.objects.filter(user=cast.paula).exists()
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))
    assert prove(cast.paula, password=code).method == "totp"
    with pytest.raises(ProofRefused):
        prove(cast.paula, password=code)
    with pytest.raises(ProofRefused):
        prove(cast.lena, password=code)


def test_a_fresh_sign_in_at_the_identity_provider_proves_and_a_stale_one_does_not(cast):
    with time_machine.travel(NOW, tick=False):
        assert (
            prove_by_sign_in(cast.paula, signed_in_at=NOW - datetime.timedelta(seconds=60)).method == "oidc"
        )
        with pytest.raises(ProofRefused, match="Sign in again"):
            prove_by_sign_in(cast.paula, signed_in_at=NOW - datetime.timedelta(seconds=61))
    assert events_of(cast.paula) == [("PROOF", "oidc"), ("PROOF_FAILED", "oidc")]


def test_a_proof_lives_a_minute():
    proof = Proof(1, "password", NOW)
    assert proof.is_fresh(NOW + datetime.timedelta(seconds=60))
    assert not proof.is_fresh(NOW + datetime.timedelta(seconds=61))


def test_a_failed_proof_is_remembered_though_the_move_is_refused(cast, initiated, client):
    client.force_login(cast.paula)
    page = f"/study-sites/{initiated.pk}/transitions/activate/"
    answer = client.post(page, {"happened_on": "2026-01-01", "proof": "wrong"})
    assert answer.status_code == 422
    assert "Nothing was signed" in answer.content.decode()
    initiated.refresh_from_db()
    assert initiated.status == "INITIATED"
    assert not Signature.objects.exists()
    assert SecurityEvent.objects.filter(kind=SecurityEventKind.PROOF_FAILED, user=cast.paula).count() == 1


# --- signature ---------------------------------------------------------------------------------------


class Signable:
    """What a signed record is to a signature: a label, a key and its content."""

    _meta = Milestone._meta
    pk = 7

    def __init__(self, **content):
        self.content = content

    def as_signed(self):
        return self.content


def signed(cast, **content):
    record = Signable(**content)
    return record, sign(
        record,
        signer=cast.paula,
        meaning=Meaning.APPROVED,
        proof=Proof(cast.paula.pk, "password", NOW),
        content=record.as_signed(),
    )


def test_content_is_one_text_whatever_its_order():
    day = datetime.date(2026, 3, 17)
    assert canonical({"b": [1, "é"], "a": day}) == canonical({"a": day, "b": [1, "é"]})
    assert canonical({"b": [1, "é"], "a": day}) == '{"a":"2026-03-17","b":[1,"é"]}'


def test_a_signature_keeps_name_meaning_time_and_content(cast):
    record, signature = signed(cast, number="2003", on=datetime.date(2026, 3, 17))
    signature.refresh_from_db()
    assert str(signature) == "Approved by Paula Marsh"
    assert signature.method == "password"
    assert signature.content == '{"number":"2003","on":"2026-03-17"}'
    assert len(signature.content_sha256) == 64
    assert signature.signed_at
    assert list(signatures_of(record)) == [signature]
    assert verify(signature, record).stands


def test_the_printed_name_stays_what_it_was(cast):
    _record, signature = signed(cast, a=1)
    with acting_as(cast.ada, reason="Married"):
        cast.paula.last_name = "Marsh-Hill"
        cast.paula.save()
    signature.refresh_from_db()
    assert signature.signer_name == "Paula Marsh"


def test_a_changed_record_breaks_its_signature_and_says_where(cast):
    record, signature = signed(cast, number="2003", name="Madrid")
    record.content = {"number": "2004", "name": "Madrid", "new": True}
    verdict = verify(signature, record)
    assert not verdict.stands
    assert "changed after this signature" in verdict.sentence
    assert verdict.differences == ("new", "number")


def test_a_signature_altered_in_the_database_is_known_by_its_hash(committed_database):
    cast = bring_on_stage()
    record, signature = signed(cast, number="2003")
    assert "permission denied" in refusal_of("UPDATE signatures_signature SET content = '{}'")
    connection = committed_database.owner_connection()
    with connection, connection.cursor() as cursor:
        cursor.execute("ALTER TABLE signatures_signature DISABLE TRIGGER USER")
        cursor.execute("""UPDATE signatures_signature SET content = '{"number":"2004"}'""")
    connection.close()
    signature.refresh_from_db()
    record.content = {"number": "2004"}
    verdict = verify(signature, record)
    assert not verdict.stands
    assert "its hash differs" in verdict.sentence


def test_the_green_light_of_a_site_is_signed_over_its_content(cast, activated):
    (signature,) = signatures_of(activated)
    assert verify(signature, activated).stands
    assert signature.signer == cast.paula
    with acting_as(cast.paula, reason="Renumbered"):
        activated.number = "2999"
        activated.save()
    verdict = verify(signature, activated)
    assert not verdict.stands
    assert verdict.differences == ("number",)
