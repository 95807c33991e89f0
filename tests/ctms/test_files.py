"""Stored bytes: named by their content, checked when handed out, and who had them is known."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from ctms.files.models import AccessKind, AccessRecord, StoredFile
from ctms.files.storing import FileDamaged, hand_out, log_access, read_checked, sniffed_type, store_bytes

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"


@pytest.fixture
def stored(cast, settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path), "base_url": None},
        }
    }
    return store_bytes(actor=cast.paula, name="report.pdf", content=PDF)


def damage(stored):
    default_storage.delete(stored.key)
    default_storage.save(stored.key, ContentFile(PDF + b"!"))


def test_bytes_are_kept_under_their_digest(stored, cast):
    digest = hashlib.sha256(PDF).hexdigest()
    assert (stored.sha256, stored.size, stored.content_type) == (digest, len(PDF), "application/pdf")
    assert stored.key == f"{digest[:2]}/{digest[2:4]}/{digest}"
    assert str(stored) == "report.pdf"
    assert read_checked(stored) == PDF


def test_the_same_bytes_twice_are_one_file_with_two_records(stored, cast):
    again = store_bytes(actor=cast.lena, name="copy.pdf", content=PDF, content_type="text/plain")
    assert again.key == stored.key
    assert again.pk != stored.pk
    assert again.content_type == "text/plain"
    assert len(default_storage.listdir(stored.key.rsplit("/", 1)[0])[1]) == 1


@pytest.mark.parametrize(("content", "kind"), [(PDF, "application/pdf"), (b"", "application/octet-stream")])
def test_the_type_is_what_the_bytes_say(content, kind):
    assert sniffed_type(content) == kind


def test_a_damaged_or_missing_file_is_never_handed_out(stored, cast):
    damage(stored)
    with pytest.raises(FileDamaged, match="SHA-256 differs"):
        hand_out(user=cast.paula, stored=stored, record="documents.Document/1")
    default_storage.delete(stored.key)
    with pytest.raises(FileDamaged, match="not in the file store"):
        read_checked(stored)
    assert not AccessRecord._base_manager.exists()


def test_handing_out_is_remembered(stored, cast):
    answer = hand_out(user=cast.carla, stored=stored, record=cast.madrid)
    assert answer.content == PDF
    assert answer["X-Content-SHA256"] == stored.sha256
    assert answer["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert answer["Cache-Control"] == "private, no-store"
    had = AccessRecord._base_manager.get()
    assert (had.kind, had.user, had.record) == (
        AccessKind.DOWNLOAD,
        cast.carla,
        f"studies.StudySite/{cast.madrid.pk}",
    )
    assert stored.sha256 in had.detail
    assert str(had) == f"Download studies.StudySite/{cast.madrid.pk} by Carla Ruiz"


@pytest.mark.parametrize(
    ("kind", "inline"), [("application/pdf", True), ("text/html", False), ("image/svg+xml", False)]
)
def test_only_a_pdf_is_shown_in_place(stored, cast, kind, inline):
    stored.content_type = kind
    answer = hand_out(user=cast.paula, stored=stored, record="x", inline=True)
    assert answer["Content-Disposition"].startswith("inline" if inline else "attachment")


def test_what_was_stored_and_who_had_it_does_not_change(stored, cast):
    log_access(AccessKind.EXPORT, user=cast.paula, record="milestones", detail="x" * 500)
    assert len(AccessRecord._base_manager.get().detail) == 400
    for rows in (StoredFile.objects.all(), AccessRecord._base_manager.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(id=99)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
    assert StoredFile.objects.get() == stored
