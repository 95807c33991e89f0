"""Days far from any trial and texts of a book's length are refused at their field, whoever sends them."""

import datetime
import time

import pytest

from ctms.access.plausible import LONGEST_TEXT
from ctms.calendar.working_days import add_working_days, subtract_working_days, working_days_between
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import perform
from studies.models import Milestone

FORM = {"kind": "KICK_OFF", "name": "Kick-off", "planned_on": "2026-03-17", "planned_precision": "DAY"}
SENTENCE = "Give a day from 1900 to 2099."


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2100-01-01", "9999-12-31"])
def test_a_mistyped_century_is_refused_by_page_and_api(cast, client, day):
    client.force_login(cast.paula)
    page = client.post("/milestones/new/", {**FORM, "study": cast.vel.pk, "planned_on": day})
    assert page.status_code == 422
    assert page.context["form"].errors["planned_on"] == [SENTENCE]
    sent = {"study": cast.vel.pk, "name": "Kick-off", "planned_on": day}
    answer = client.post("/api/v1/milestones/", sent, content_type="application/json")
    assert answer.json()["errors"] == [{"pointer": "/planned_on", "detail": SENTENCE}]
    assert not Milestone.objects.visible_to(cast.paula).exists()


def test_a_move_is_dated_within_living_memory(cast, milestone):
    with pytest.raises(TransitionRefused, match="Give a day from 1900"):
        perform(milestone, "complete", actor=cast.paula, happened_on=datetime.date(1026, 3, 17))


def test_a_text_of_a_books_length_is_refused_at_its_field(cast, client):
    client.force_login(cast.paula)
    sent = {"protocol_number": "LONG-1", "short_name": "Long", "title": "a" * (LONGEST_TEXT + 1)}
    page = client.post("/studies/new/", sent)
    assert page.status_code == 422
    assert "has 20001 characters" in page.context["form"].errors["title"][0]


def test_working_days_are_counted_over_centuries_at_once_and_never_fall_off_the_calendar():
    first, last = datetime.date.min, datetime.date.max
    assert subtract_working_days(first, 5, "ES") == first
    assert subtract_working_days(datetime.date(1, 1, 20), 5, "ES") == first
    assert add_working_days(last, 5, "ES") == last
    began = time.monotonic()
    many = working_days_between(datetime.date(2026, 3, 17), datetime.date(2099, 12, 31), "ES")
    assert working_days_between(datetime.date(2026, 3, 17), datetime.date(2099, 12, 31), "ES") == many
    assert time.monotonic() - began < 3
    assert 17_500 < many < 19_300


def test_whoever_is_in_no_circle_finds_no_field_of_blinding_in_the_api(cast, client):
    told = {}
    for who in ("carla", "uma"):
        client.force_login(cast.people[who])
        sent = {"site": cast.madrid.pk, "unblinded": True}
        answer = client.post("/api/v1/monitoring-visits/", sent, content_type="application/json")
        told[who] = [one["detail"] for one in answer.json()["errors"] if one["pointer"] == "/unblinded"]
    assert told == {"carla": ["There is no such field to set here."], "uma": []}
