"""A request with an Idempotency-Key is done once, whatever the network does to it."""

import datetime
import threading

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from ctms.accounts.models import SecurityEvent, User
from ctms.api.tokens import create_token
from ctms.audit.context import acting_as
from ctms.exchange.models import IdempotentAnswer
from ctms.exchange.tasks import purge
from ctms.jobs.models import Job
from ctms.workflow.engine import perform
from studies.models import Milestone, StudyAssignment
from tests.cast import LONG_AGO, PASSWORD, bring_on_stage

WRONG = "Not-The-Password-1"


def count():
    return Milestone.objects.visible_to(User.objects.get(username="quentin")).count()


def test_the_same_request_again_makes_nothing_and_is_answered_the_same(program, cast):
    paula, body = program("paula"), {"study": cast.vel.pk, "name": "Lock"}
    first = paula("POST", "milestones", body, Idempotency_Key="a1")
    assert (first.status_code, "Idempotent-Replayed" in first) == (201, False)
    for path in ("milestones", "milestones/"):
        again = paula("POST", path, body, Idempotency_Key="a1")
        assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
        assert again.json() == first.json()
        assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert count() == 1
    other = paula("POST", "milestones", body, Idempotency_Key="a2")
    assert other.json()["id"] != first.json()["id"]
    assert count() == 2


def test_a_key_belongs_to_one_request_and_one_person(program, cast, milestone):
    paula, lena = program("paula"), program("lena")
    body = {"study": cast.vel.pk, "name": "Lock"}
    assert paula("POST", "milestones", body, Idempotency_Key="k").status_code == 201
    for method, path, other in (
        ("POST", "milestones", {**body, "name": "Other"}),
        ("POST", "study-countries", body),
        ("PATCH", f"milestones/{milestone.pk}", body),
    ):
        refused = paula(method, path, other, Idempotency_Key="k")
        assert refused.status_code == 422, path
        assert refused.json()["errors"][0]["pointer"] == "/Idempotency-Key"
    assert lena("POST", "milestones", body, Idempotency_Key="k").status_code == 201
    assert count() == 3


@pytest.mark.parametrize("key", ["", " ", "with space", "x" * 256, "ü"])
def test_a_key_that_is_none_is_refused_and_nothing_done(program, cast, key):
    answer = program("paula")("POST", "milestones", {"study": cast.vel.pk, "name": "x"}, Idempotency_Key=key)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/Idempotency-Key"
    assert count() == 0


def test_a_refused_request_is_not_remembered_and_may_be_sent_right(program, cast):
    paula = program("paula")
    assert paula("POST", "milestones", {"name": "x"}, Idempotency_Key="k").status_code == 400
    assert not IdempotentAnswer.objects.exists()
    made = paula("POST", "milestones", {"study": cast.vel.pk, "name": "x"}, Idempotency_Key="k")
    assert made.status_code == 201
    assert "Idempotent-Replayed" not in made


def test_what_failed_on_our_side_left_nothing_and_is_tried_again(program, cast, monkeypatch, client):
    client.raise_request_exception = False
    paula, body = program("paula"), {"study": cast.vel.pk, "name": "Lock"}
    with monkeypatch.context() as broken:
        broken.setattr("ctms.api.records.RecordViewSet._shown", lambda *a, **k: 1 / 0)
        failed = paula("POST", "milestones", body, Idempotency_Key="k")
    assert failed.status_code == 500
    assert failed["Content-Type"] == "application/problem+json"
    assert count() == 0
    assert paula("POST", "milestones", body, Idempotency_Key="k").status_code == 201
    assert count() == 1


def test_a_repeat_of_a_change_does_not_stumble_over_its_own_version(program, milestone):
    paula, path = program("paula"), f"milestones/{milestone.pk}"
    headers = {"If_Match": paula("GET", path)["ETag"], "X_Change_Reason": "Renamed", "Idempotency_Key": "k"}
    first = paula("PATCH", path, {"name": "B"}, **headers)
    again = paula("PATCH", path, {"name": "B"}, **headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again["ETag"] == first["ETag"]
    headers["Idempotency_Key"] = "other"
    assert paula("PATCH", path, {"name": "B"}, **headers).status_code == 412


@pytest.fixture
def initiated(cast, monkeypatch):
    monkeypatch.setattr("studies.workflows.activating.ACTIVATION_REQUIREMENTS", [])
    for name in ("qualify", "select", "start_up", "initiate"):
        perform(cast.madrid, name, actor=cast.sue, happened_on=LONG_AGO, reason="Trained elsewhere")
    return cast.madrid


def test_a_signed_move_is_signed_once_and_its_password_is_nowhere(program, initiated):
    paula, path = program("paula"), f"study-sites/{initiated.pk}/transitions/activate"
    wrong = paula("POST", path, {"happened_on": str(LONG_AGO), "password": WRONG}, Idempotency_Key="k")
    assert wrong.status_code == 403
    assert SecurityEvent.objects.filter(kind="PROOF_FAILED").count() == 1
    body = {"happened_on": str(LONG_AGO), "password": PASSWORD}
    signed = paula("POST", path, body, Idempotency_Key="k")
    assert (signed.status_code, signed.json()["status"]) == (200, "ACTIVE")
    proofs = SecurityEvent.objects.filter(kind="PROOF").count()
    for secret in (PASSWORD, WRONG, ""):
        again = paula("POST", path, {**body, "password": secret}, Idempotency_Key="k")
        assert (again.status_code, again["Idempotent-Replayed"]) == (200, "true"), secret
    assert SecurityEvent.objects.filter(kind="PROOF").count() == proofs
    kept = IdempotentAnswer.objects.values().get()
    assert PASSWORD not in str(kept)
    other_day = paula("POST", path, {**body, "happened_on": "2024-01-02"}, Idempotency_Key="k")
    assert other_day.status_code == 422


def test_a_repeat_shows_nothing_its_person_may_no_longer_see(program, cast):
    paula, body = program("paula"), {"study": cast.vel.pk, "name": "Lock"}
    assert paula("POST", "milestones", body, Idempotency_Key="k").status_code == 201
    with acting_as(cast.ada, reason="Left the study"):
        StudyAssignment.objects.filter(user=cast.paula).update(ends_on=datetime.date(2024, 3, 31))
    again = paula("POST", "milestones", body, Idempotency_Key="k")
    assert again.status_code == 404
    assert "Lock" not in again.content.decode()


def test_answers_are_forgotten_after_a_day(program, cast):
    paula, body = program("paula"), {"study": cast.vel.pk, "name": "Lock"}
    for key in ("old", "new"):
        paula("POST", "milestones", body, Idempotency_Key=key)
    day = datetime.timedelta(hours=24, minutes=1)
    IdempotentAnswer.objects.filter(key="old").update(at=timezone.now() - day)
    purge(Job(name="exchange.purge"))
    assert list(IdempotentAnswer.objects.values_list("key", flat=True)) == ["new"]
    assert "Idempotent-Replayed" not in paula("POST", "milestones", body, Idempotency_Key="old")


def test_of_two_at_once_one_does_it_and_the_other_gets_its_answer(committed_database):
    cast = bring_on_stage()
    token, together, answers = create_token(user=cast.paula, name="x"), threading.Barrier(4), []

    def send():
        together.wait()
        answer = Client().post(
            "/api/v1/milestones",
            {"study": cast.vel.pk, "name": "Lock"},
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "same"},
        )
        answers.append((answer.status_code, answer.get("Idempotent-Replayed"), answer.json()["id"]))
        connections.close_all()

    threads = [threading.Thread(target=send) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {code for code, _again, _pk in answers} == {201}
    assert sorted(again or "" for _code, again, _pk in answers) == ["", "true", "true", "true"]
    assert len({pk for _code, _again, pk in answers}) == 1
    assert count() == 1
