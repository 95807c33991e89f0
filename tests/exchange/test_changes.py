"""Whoever keeps a copy learns what changed, and misses nothing that was committed late."""

import base64
import datetime
import json
import threading
from urllib.parse import urlencode

import pytest
from django.db import connections
from django.utils import timezone

from ctms.api import changes
from ctms.audit.context import acting_as
from ctms.audit.trail import AUDITED
from ctms.exchange.webhooks import snapshot_horizon
from studies.models import Milestone
from tests.cast import bring_on_stage
from tests.databases import await_horizon
from tests.exchange.conftest import Program


def names(answer):
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["results"]]


def made(cast, name, study="vel", **more):
    with acting_as(cast.quentin, reason="A milestone"):
        return Milestone.objects.create(study=cast.places[study], name=name, planned_on="2026-03-17", **more)


@pytest.fixture
def committed(committed_database, client):
    cast = bring_on_stage()
    return cast, Program(client, cast.paula), committed_database


def settle():
    """Wait until nothing is open."""
    events = AUDITED["studies.Milestone"].event_model._base_manager
    newest = events.order_by("-pgh_transaction").values_list("pgh_transaction", flat=True).first()
    await_horizon(lambda: snapshot_horizon() > newest)


def test_a_token_gives_what_changed_after_it_and_nothing_else(committed):
    cast, paula, _database = committed
    old = made(cast, "Old")
    made(cast, "Theirs", study="cor")
    settle()
    first = paula("GET", "milestones").json()
    assert names(paula("GET", f"milestones?sync={first['sync']}")) == []
    made(cast, "New")
    with acting_as(cast.paula, reason="Renamed"):
        Milestone.objects.visible_to(cast.paula).filter(pk=old.pk).update(name="Older")
    made(cast, "Theirs too", study="cor")
    assert sorted(names(paula("GET", f"milestones?sync={first['sync']}"))) == ["New", "Older"]
    settle()
    again = paula("GET", f"milestones?sync={first['sync']}").json()["sync"]
    assert names(paula("GET", f"milestones?sync={again}")) == []


def test_what_began_before_the_token_and_was_committed_after_is_not_missed(committed):
    cast, paula, _database = committed
    made(cast, "Quick")
    written, may_end = threading.Event(), threading.Event()

    def slowly():
        with acting_as(cast.lena, reason="A long import"):
            Milestone.objects.create(study=cast.vel, name="Slow", planned_on="2026-03-17")
            written.set()
            may_end.wait(20)
        connections.close_all()

    thread = threading.Thread(target=slowly)
    thread.start()
    assert written.wait(20)
    before = timezone.now()
    first = paula("GET", "milestones").json()
    assert [row["name"] for row in first["results"]] == ["Quick"]
    may_end.set()
    thread.join()
    assert "Slow" in names(paula("GET", f"milestones?sync={first['sync']}"))
    instant = urlencode({"updated_since": before.isoformat()})
    assert "Slow" in names(paula("GET", f"milestones?{instant}"))


def test_an_instant_looks_back_further_and_no_further_than_it_says(program, cast, milestone):
    paula = program("paula")
    for minutes, found in ((0, ["Kick-off"]), (9, ["Kick-off"]), (11, [])):
        instant = (timezone.now() + datetime.timedelta(minutes=minutes)).isoformat()
        assert names(paula("GET", f"milestones?{urlencode({'updated_since': instant})}")) == found, minutes
    # A plus that was not encoded arrives as a space.
    assert names(paula("GET", f"milestones?updated_since={timezone.now().isoformat()}")) == ["Kick-off"]


@pytest.mark.parametrize("few", [2000, 0])
def test_changes_are_narrowed_like_everything(program, cast, milestone, monkeypatch, few):
    monkeypatch.setattr(changes, "FEW", few)
    instant = urlencode({"updated_since": "2020-01-01T00:00:00Z"})
    for who, seen in (("paula", True), ("carla", True), ("sam", False), ("pavel", False), ("stella", False)):
        found = names(program(who)("GET", f"milestones?{instant}"))
        assert (found == ["Kick-off"]) is seen, who
    sync = program("sam")("GET", "milestones").json()["sync"]
    with acting_as(cast.paula, reason="Shown"):
        Milestone.objects.visible_to(cast.paula).filter(pk=milestone.pk).update(published=True)
    assert names(program("sam")("GET", f"milestones?sync={sync}")) == ["Kick-off"]


def test_the_token_is_the_same_on_every_page_of_one_reading(program, cast):
    for number in range(5):
        made(cast, f"M{number}")
    paula, tokens, found = program("paula"), set(), []
    path = "milestones?page_size=2"
    while path:
        page = paula("GET", path).json()
        tokens.add(page["sync"])
        found += page["results"]
        path = page["next"]
        made(cast, "meanwhile", study="cor")
    assert len(tokens) == 1
    assert len(found) == 5


@pytest.mark.parametrize(
    "query",
    [
        *("sync=x", "sync=WzEsMCwxXQ", "sync=WzEsIngiLDFd", "sync=WzIsNSwxXQ", "updated_since=yesterday"),
        *(
            "updated_since=2026-13-45T00:00:00Z",
            "updated_since=5",
            "updated_sinse=2026-01-01T00:00:00Z",
            "staus=x",
        ),
    ],
)
def test_what_is_no_mark_is_pointed_at(program, cast, query):
    answer = program("paula")("GET", f"milestones?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{query.split('=')[0]}"


def test_a_token_of_another_database_says_so(program, cast):
    token = (
        base64.urlsafe_b64encode(json.dumps([1, snapshot_horizon() + 10**9, 1]).encode()).decode().rstrip("=")
    )
    answer = program("paula")("GET", f"milestones?sync={token}")
    assert answer.status_code == 400
    assert "read everything once more" in answer.json()["errors"][0]["detail"]
