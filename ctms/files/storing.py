"""Put bytes away under their digest, and hand them out checked and logged."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable
from typing import IO

import puremagic
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from ctms.access.access import access_of
from ctms.access.scoping import Scoped
from ctms.audit.context import current_through

from .models import AccessKind, AccessRecord, StoredFile


class FileDamaged(Exception):
    """The stored bytes are not those that were put away; nothing is handed out."""


class FileTooLarge(Exception):
    """What is sent has more bytes than are taken; nothing was put away."""

    def __init__(self, most):
        super().__init__(f"More than {most} bytes.")
        self.most = most


SPOOLED_IN_MEMORY = 1024 * 1024


def store_stream(
    *,
    actor,
    name: str,
    chunks: Iterable[bytes],
    at_most: int,
    look: Callable[[IO[bytes], str], str],
):
    """
    Put away what comes in chunks and return its StoredFile; no more than a chunk is ever in memory.

    :param look: called with (the open file, its SHA-256) before it is kept; returns its media type, or raises to
        refuse it
    :raises FileTooLarge: as soon as there are more than `at_most` bytes
    """
    digest, size = hashlib.sha256(), 0
    with tempfile.SpooledTemporaryFile(max_size=SPOOLED_IN_MEMORY) as spooled:
        for chunk in chunks:
            size += len(chunk)
            if size > at_most:
                raise FileTooLarge(at_most)
            digest.update(chunk)
            spooled.write(chunk)
        spooled.seek(0)
        content_type = look(spooled, digest.hexdigest())
        stored = StoredFile(
            name=name, content_type=content_type, size=size, sha256=digest.hexdigest(), stored_by=actor
        )
        if not default_storage.exists(stored.key):
            spooled.seek(0)
            default_storage.save(stored.key, File(spooled, name=stored.key))
    stored.save()
    return stored


def store_bytes(*, actor, name, content, content_type=""):
    """Put `content` away and return its StoredFile; the type is sniffed where none is given."""
    digest = hashlib.sha256(content).hexdigest()
    stored = StoredFile(
        name=name,
        content_type=content_type or sniffed_type(content),
        size=len(content),
        sha256=digest,
        stored_by=actor,
    )
    if not default_storage.exists(stored.key):
        default_storage.save(stored.key, ContentFile(content))
    stored.save()
    return stored


def sniffed_type(content):
    """Return the media type the bytes themselves say, or application/octet-stream."""
    try:
        return puremagic.from_string(content, mime=True) or "application/octet-stream"
    except (puremagic.PureError, ValueError):
        return "application/octet-stream"


def read_checked(stored):
    """Return the bytes of a stored file, or raise FileDamaged (compliance row 48)."""
    try:
        with default_storage.open(stored.key) as handle:
            content = handle.read()
    except FileNotFoundError as missing:
        raise FileDamaged(f"{stored.name} is not in the file store.") from missing
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise FileDamaged(f"{stored.name} is not what was stored: its SHA-256 differs.")
    return content


def hand_out(*, user, stored, record, inline=False):
    """Return the response with a record's file; the caller has checked that the record is the person's to see."""
    content = read_checked(stored)
    log_access(AccessKind.DOWNLOAD, user=user, record=record, detail=f"{stored.name} {stored.sha256}")
    response = HttpResponse(content, content_type=stored.content_type)
    # Only what a browser cannot be tricked with is shown in place.
    safe_inline = inline and stored.content_type == "application/pdf"
    response["Content-Disposition"] = content_disposition_header(not safe_inline, stored.name) or "attachment"
    response["X-Content-SHA256"] = stored.sha256
    response["Cache-Control"] = "private, no-store"
    return response


def log_access(kind, *, user, record, detail="", study=None):
    """
    Remember that content left the system, or that somebody from outside was shown it.

    :param record: the record that was opened, or the name of a list or page
    :param study: id of the study a list was narrowed to; without one, a person from outside is logged in each
        of the studies they look into
    """
    access = access_of(user)
    if isinstance(record, Scoped):
        label, studies = f"{record._meta.label}/{record.pk}", [record.place().study]
        unblinded = getattr(record, "unblinded", False)
    else:
        label = record if isinstance(record, str) else f"{record._meta.label}/{record.pk}"
        studies = [study] if study is not None else access.outside_studies() or [None]
        # A list may hold what blinded people must not know of.
        unblinded = access.is_in_a_circle
    for one in studies:
        AccessRecord.objects.create(
            kind=kind,
            user=user,
            role=access.outside_role(one),
            study_id=one,
            record=label,
            unblinded=unblinded,
            detail=detail[:400],
            address=current_through().address,
        )
