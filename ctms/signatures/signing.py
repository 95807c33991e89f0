"""Bind a signature to content, and check later that the content is still what was signed."""

import hashlib
import json
from dataclasses import dataclass

from django.core.serializers.json import DjangoJSONEncoder

from .models import Signature


def canonical(content):
    """Return content as one unambiguous text: sorted keys, no spaces, dates in ISO form."""
    return json.dumps(
        content, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def label_of(record):
    return f"{record._meta.label}/{record.pk}"


def sign(record, *, signer, meaning, proof, content):
    """
    Write the signature of `signer` over `content`, the record's `as_signed()` (21 CFR 11.70).

    """
    text = canonical(content)
    return Signature.objects.create(
        record=label_of(record),
        signer=signer,
        signer_name=signer.get_full_name() or signer.username,
        meaning=meaning,
        method=proof.method,
        content=text,
        content_sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def signatures_of(record):
    return Signature.objects.filter(record=label_of(record)).order_by("pk")


@dataclass(frozen=True)
class Verdict:
    """
    Whether a signature still stands, and if not, what differs.

    :param reopened: the record was opened again by a move of its own: what it says now is not what was signed,
        and does not claim to be
    """

    stands: bool
    sentence: str
    differences: tuple[str, ...] = ()
    reopened: bool = False


def verify(signature, record):
    """Compare what was signed with its own hash and with what the record says now."""
    if hashlib.sha256(signature.content.encode()).hexdigest() != signature.content_sha256:
        return Verdict(False, "The stored content is not what was signed: its hash differs.")
    signed, now = json.loads(signature.content), json.loads(canonical(record.as_signed()))
    if signed == now:
        return Verdict(True, "The record is exactly what was signed.")
    different = tuple(sorted(key for key in signed.keys() | now.keys() if signed.get(key) != now.get(key)))
    return Verdict(False, "The record was changed after this signature.", different)
