"""What a load balancer is told, and the pages for what is missing or broken."""

import pytest
from celery import current_app
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from ctms import errors, health


def test_all_is_well_when_database_and_broker_answer(db, client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "broker": "ok"}
    assert "no-store" in answer["Cache-Control"]
    assert client.get("/healthz/").status_code == 200
    assert client.post("/healthz").status_code == 405


@pytest.mark.parametrize("part", ["database", "broker"])
def test_a_part_that_is_away_is_named_and_nothing_more_is_said(db, client, monkeypatch, part):
    def away():
        raise OSError("connection to 10.0.0.7 refused")

    monkeypatch.setattr(health, f"_{part}_answers", away)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()[part] == "away"
    assert answer.json()["status"] == "away"
    assert "10.0.0.7" not in answer.content.decode()


def test_the_broker_is_really_asked(db, client, monkeypatch):
    asked = []

    def connection_for_write(**how):
        asked.append(how)
        raise OSError("no broker there")

    monkeypatch.setattr(current_app, "connection_for_write", connection_for_write, raising=False)
    assert client.get("/healthz").status_code == 503
    assert asked


def test_a_database_that_answers_nonsense_is_away(db, client, monkeypatch):
    monkeypatch.setattr(health, "_database_answers", lambda: False)
    assert client.get("/healthz").json()["database"] == "away"


@pytest.mark.parametrize(
    ("handler", "status"), [(errors.not_found, 404), (errors.bad_request, 400), (errors.server_error, 500)]
)
def test_each_error_has_its_page(db, handler, status):
    request = RequestFactory().get("/nowhere/")
    answer = handler(request)
    assert answer.status_code == status
    assert b"<html" in answer.content


def test_a_refusal_page_says_why(db):
    request = RequestFactory().get("/nowhere/")
    answer = errors.forbidden(request, PermissionDenied("You are not the sponsor."))
    assert answer.status_code == 403
    assert "You are not the sponsor." in answer.content.decode()


def test_an_unknown_address_is_a_page_for_people_and_a_problem_for_programs(cast, client):
    client.force_login(cast.paula)
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert b"<html" in answer.content
    answer = client.get("/api/v1/no-such-thing/")
    assert answer.status_code == 404
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not found",
        "status": 404,
        "detail": "There is nothing at this address.",
    }
    assert answer["Content-Type"] == "application/problem+json"
    assert errors.not_found(RequestFactory().get("/api/v2/")).status_code == 404
