"""The monitoring calendar: who is where in which week, whose report is overdue, and whose visits nobody sees."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ctms.workflow.engine import perform
from monitoring.pages.calendar import state_of_visit
from tests.monitoring.conftest import MONDAY, TUESDAY

WEEK = datetime.timedelta(weeks=1)


@pytest.fixture
def page(client, cast):
    def look(who, address, status=200, on=TUESDAY):
        client.force_login(cast.people[who])
        with time_machine.travel(
            datetime.datetime(on.year, on.month, on.day, 12, tzinfo=datetime.UTC), tick=False
        ):
            answer = client.get(address)
        assert answer.status_code == status, (who, address)
        return answer.content.decode()

    return look


def marks(page):
    """Return {address: the sentence} of the marks."""
    return dict(re.findall(r'<a href="([^"]*)" class="mark" aria-label="([^"]*)"', page))


def test_a_visit_stands_in_its_week_and_opens(stage, page, cast):
    visit = stage.planned(start=MONDAY + WEEK, end=TUESDAY + WEEK)
    text = page("paula", f"/studies/{cast.vel.pk}/calendar/")
    assert marks(text) == {
        f"/monitoring-visits/{visit.pk}/": f"IMV 1, {cast.madrid}, 23 Mar 2026 – 24 Mar 2026: planned"
    }
    page("paula", f"/monitoring-visits/{visit.pk}/")
    assert re.search(r'<th scope="row">Carla Ruiz</th><td>23 Mar 2026 – 24 Mar 2026</td>', text)
    assert f"{cast.vel}, IMV 1" in page("paula", "/monitoring/calendar/"), "of all studies it names the study"


def test_every_monitor_of_a_visit_has_a_line(stage, page, cast):
    stage.planned(others=("lena",))
    text = page("paula", f"/study-countries/{cast.spain.pk}/calendar/")
    assert text.count('<th scope="row">Carla Ruiz</th>') == 1
    assert text.count('<th scope="row">Lena Brandt</th>') == 1


def test_the_mark_says_how_the_visit_and_its_report_stand(stage, cast):
    paula = cast.fresh("paula")
    planned = stage.planned(start=MONDAY + 4 * WEEK, end=MONDAY + 4 * WEEK)
    assert state_of_visit(paula, planned, TUESDAY) == "planned"
    assert state_of_visit(paula, planned, MONDAY + 5 * WEEK) == "passed"
    draft = stage.conducted().visit
    assert state_of_visit(paula, draft, TUESDAY + WEEK) == "to write"
    assert state_of_visit(paula, draft, TUESDAY + 4 * WEEK) == "overdue"
    waiting = stage.submitted(start=MONDAY - WEEK, end=MONDAY - WEEK).visit
    assert state_of_visit(paula, waiting, TUESDAY - WEEK) == "in review"
    assert state_of_visit(paula, waiting, TUESDAY + 10 * WEEK) == "overdue", "its approval is past its term"
    cancelled = perform(planned, "cancel", actor=cast.carla, reason="The site asked")
    assert state_of_visit(paula, cancelled, TUESDAY) == "cancelled"


def test_an_approved_report_is_done_however_late_it_was(stage, cast):
    visit = stage.approved(start=MONDAY - 30 * WEEK, end=MONDAY - 30 * WEEK).visit
    assert state_of_visit(cast.fresh("paula"), visit, TUESDAY) == "done"


def test_an_inspector_is_told_of_no_draft(stage, cast):
    visit = stage.conducted().visit
    assert state_of_visit(cast.fresh("ingrid"), visit, TUESDAY + 4 * WEEK) == "done"


def test_visits_outside_of_the_weeks_are_left_out_and_overdue_ones_are_named_below(stage, page, cast):
    old = stage.conducted(start=MONDAY - 8 * WEEK, end=MONDAY - 8 * WEEK).visit
    far = stage.planned(start=MONDAY + 13 * WEEK, end=MONDAY + 13 * WEEK)
    edge = stage.planned(start=MONDAY + 12 * WEEK, end=MONDAY + 12 * WEEK)
    text = page("paula", f"/studies/{cast.vel.pk}/calendar/")
    assert list(marks(text)) == [f"/monitoring-visits/{edge.pk}/"]
    assert f"/monitoring-visits/{far.pk}/" not in text
    overdue = text.split("Reports overdue from before these weeks")[1]
    assert f"/monitoring-visits/{old.pk}/" in overdue


def test_an_unblinded_visit_is_seen_by_its_circle_alone(stage, page, cast):
    visit = stage.planned("uma", unblinded=True)
    address = f"/monitoring-visits/{visit.pk}/"
    for who in ("uma", "ursula"):
        assert address in marks(page(who, f"/studies/{cast.vel.pk}/calendar/")), who
    for who in ("paula", "lena", "carla", "quentin", "ingrid"):
        for where in (f"/studies/{cast.vel.pk}/calendar/", "/monitoring/calendar/"):
            text = page(who, where)
            assert address not in text, (who, where)
            assert "Uma Okafor" not in text, (who, where)


def test_everybody_sees_the_visits_of_their_own_places(stage, page, cast):
    madrid, berlin = stage.planned(), stage.planned("chris", site="berlin")
    both = {f"/monitoring-visits/{one.pk}/" for one in (madrid, berlin)}
    assert set(marks(page("quentin", "/monitoring/calendar/"))) == both
    assert set(marks(page("carla", "/monitoring/calendar/"))) == {f"/monitoring-visits/{madrid.pk}/"}
    assert marks(page("pavel", "/monitoring/calendar/")) == {}
    page("chris", f"/study-countries/{cast.spain.pk}/calendar/", 404)
    page("fiona", "/monitoring/calendar/", 403)
    for who in ("sam", "stella"):
        page(who, f"/studies/{cast.vel.pk}/calendar/", 404)
    page("sam", "/monitoring/calendar/", 404)


def test_the_rail_leads_there(page, stage):
    assert 'href="/monitoring/calendar/"' in page("carla", "/monitoring-visits/")
    assert 'href="/monitoring/calendar/"' not in page("fiona", "/studies/")


def test_the_queries_do_not_grow_with_the_visits(stage, client, cast):
    client.force_login(cast.paula)
    stage.planned()

    def queries():
        with time_machine.travel(datetime.datetime(2026, 3, 17, 12, tzinfo=datetime.UTC), tick=False):
            client.get("/monitoring/calendar/")
            with CaptureQueriesContext(connection) as asked:
                assert client.get("/monitoring/calendar/").status_code == 200
        return len(asked)

    before = queries()
    for n in range(4):
        stage.planned(start=MONDAY + n * WEEK, end=MONDAY + n * WEEK)
        stage.planned("chris", site="berlin", start=MONDAY + n * WEEK, end=MONDAY + n * WEEK)
    assert queries() == before
    assert before < 40, before
