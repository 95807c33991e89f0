"""The demo's file has something of everything, and is made quickly."""

import time

import pytest
from django.utils import timezone

from ctms.access.scoping import everything
from ctms.accounts.models import User
from desk.demo import load
from desk.demo.papers import play
from desk.demo.stage import Stage
from documents.models import Document, ExpectedDocument


@pytest.fixture
def on_stage(db, settings, tmp_path, monkeypatch):
    """Return the demo's stage as `load` leaves it for its chapters."""
    settings.VAR = tmp_path
    kept = []
    played = Stage.play

    def play_and_keep(stage):
        played(stage)
        kept.append(stage)

    monkeypatch.setattr(Stage, "play", play_and_keep)
    load()
    return kept[0]


def test_there_are_papers_in_every_state_and_it_takes_little_time(on_stage):
    from ctms.audit.context import acting_as

    with everything("the demo"), acting_as(User.objects.system(), reason="Demo"):
        if not ExpectedDocument.objects.exists():
            began = time.monotonic()
            play(on_stage)
            print(f"papers took {time.monotonic() - began:.1f} s")
            assert time.monotonic() - began < 30
        states = set(Document.objects.values_list("status", flat=True))
        assert states >= {"DRAFT", "SUBMITTED", "IN_REVIEW", "REVIEWED", "RETURNED", "APPROVED"}
        assert set(ExpectedDocument.objects.values_list("status", flat=True)) == {
            *("EXPECTED", "RECEIVED", "FULFILLED", "NOT_APPLICABLE")
        }
        late = ExpectedDocument.objects.late(timezone.localdate())
        assert 3 <= late.filter(study__protocol_number="VEL-301").count() <= 40
        assert ExpectedDocument.objects.filter(filed_system="Corvia eTMF", status="FULFILLED").count() > 5
