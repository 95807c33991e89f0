"""The Enrolment tab: numbers that equal their rows, a forecast where there is enough, and who sees what."""

import datetime
import html
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.workflow.engine import adopt
from studies.models import Milestone, StudySite
from subjects.models import Subject
from subjects.services.enrolment_over_time import enrolment_over_time
from subjects.services.projecting import last_subject_in

NOW = datetime.datetime(2026, 3, 17, 12, tzinfo=datetime.UTC)
ON = NOW.date()


@pytest.fixture
def enrolled(cast):
    """Madrid and Berlin active since October: eight and six enrolled, two and one failed; sixty are planned."""
    system = cast.people["system"] = User.objects.system()
    with acting_as(system, reason="Subjects of a test"):
        cast.vel.planned_enrolled = 60
        cast.vel.save()
        for place in ("madrid", "berlin"):
            adopt(
                cast.places[place], "ACTIVE", actor=system, reason="x", happened_on=datetime.date(2025, 10, 1)
            )
        for place, count, failures in (("madrid", 8, 2), ("berlin", 6, 1)):
            for n in range(count):
                enter(cast, place, f"{place}-{n}", "RANDOMISED", randomised_on=month(n % 5, 12))
            for n in range(failures):
                enter(cast, place, f"{place}-f{n}", "SCREEN_FAILED", screen_failed_on=month(n, 20))
        for kind, day in (("FIRST_SUBJECT_IN", "2025-11-01"), ("LAST_SUBJECT_IN", "2026-10-31")):
            Milestone.objects.create(study=cast.vel, kind=kind, name=kind, planned_on=day)
    return cast


def month(number, day):
    """Return a day of the months from November 2025 on."""
    number += 10
    return datetime.date(2025 + number // 12, number % 12 + 1, day)


def enter(cast, place, number, state, **days):
    reason = {"screen_failure_reason": "INCLUSION_NOT_MET"} if state == "SCREEN_FAILED" else {}
    subject = Subject.objects.create(
        site=cast.places[place], number=number, consented_on=datetime.date(2025, 10, 20), **days, **reason
    )
    adopt(subject, state, actor=cast.system, reason="Taken over")


@pytest.fixture
def page(client, cast):
    def look(who, address, status=200):
        client.force_login(cast.people[who])
        with time_machine.travel(NOW, tick=False):
            answer = client.get(address)
        assert answer.status_code == status, (who, address)
        return answer.content.decode()

    return look


def rows_in(page):
    return int(re.search(r'role="status"[^>]*>\s*(\d+) ', page).group(1))


def test_it_says_how_many_of_how_many_and_when_the_last_may_be_in(enrolled, page):
    text = " ".join(page("paula", f"/studies/{enrolled.vel.pk}/enrolment/").split())
    assert '<span class="tile-number">14</span><span>enrolled of 60 planned</span>' in text
    assert "screen failures, 3 of 17" in text
    forecast = enrolment_over_time(user=enrolled.fresh("paula"), place=enrolled.vel, on=ON).forecast
    words = [f"{day:%-d %b %Y}" for day in forecast.last_in]
    assert (
        f"{words[1]}</span><span>last subject in (P50), between {words[0]} (P10) and {words[2]} (P90)" in text
    )
    assert "Anisimov and Fedorov 2007" in text


def test_every_point_opens_as_many_subjects_as_it_says(enrolled, page):
    text = page("paula", f"/studies/{enrolled.vel.pk}/enrolment/")
    marks = re.findall(r'<a href="([^"]*)" class="mark" aria-label="(.*?): (\d+)"', text)
    assert len(marks) == 5 + 2, "five months with subjects, two with failures"
    for address, what, number in marks:
        assert rows_in(page("paula", html.unescape(address))) == int(number), what
    assert marks[4][1:] == ("Enrolled so far, 17 Mar 2026", "14")


def test_the_whole_and_its_countries_add_up(enrolled):
    found = enrolment_over_time(user=enrolled.fresh("paula"), place=enrolled.vel, on=ON)
    assert sum(found.failed.values()) == 3
    for day, count in found.so_far.items():
        assert sum(counts[day] for counts in found.by_country.values()) == count
    spain = enrolment_over_time(user=enrolled.fresh("paula"), place=enrolled.spain, on=ON)
    assert (spain.enrolled, spain.planned, spain.plan) == (8, None, None)
    assert spain.no_forecast == "There is no forecast: how many are planned is not said."


def test_it_is_stacked_by_country_where_asked(enrolled, page):
    text = page("paula", f"/studies/{enrolled.vel.pk}/enrolment/?show=countries")
    assert "1 Germany" in text
    assert "2 Spain" in text
    assert "2 Spain" not in page("paula", f"/studies/{enrolled.vel.pk}/enrolment/")
    assert "By country" not in page("paula", f"/study-countries/{enrolled.spain.pk}/enrolment/")


def test_whoever_sees_a_part_counts_a_part_and_gets_no_forecast(enrolled, page):
    text = page("carla", f"/studies/{enrolled.vel.pk}/enrolment/")
    assert "Counted are the sites you work at, not the whole." in text
    assert '<span class="tile-number">8</span>' in text
    assert "There is no forecast for a part of the sites." in text
    assert "Germany" not in text
    assert "of 60 planned" not in text


@pytest.mark.parametrize(
    ("who", "status"),
    [("lena", 200), ("fiona", 200), ("quentin", 200), ("ingrid", 200), ("uma", 200), ("tara", 403), ("sam", 404),
     ("simone", 404), ("pavel", 404), ("stella", 404)],
)  # fmt: skip
def test_it_is_for_who_works_with_subjects(enrolled, page, who, status):
    page(who, f"/studies/{enrolled.vel.pk}/enrolment/", status)


def test_nothing_is_foretold_of_too_few(cast, page):
    with acting_as(cast.paula, reason="A plan"):
        cast.vel.planned_enrolled = 60
        cast.vel.save()
    text = page("paula", f"/studies/{cast.vel.pk}/enrolment/")
    assert "No forecast before 10 are enrolled." in text
    assert "Nobody is enrolled yet." in text


def test_a_planned_activation_counts_and_a_held_site_does_not(enrolled):
    before = enrolment_over_time(user=enrolled.fresh("paula"), place=enrolled.vel, on=ON).forecast
    with acting_as(enrolled.paula, reason="One more site"):
        site = StudySite.objects.create(
            country=enrolled.germany, organization=enrolled.hospital_berlin, number="1002"
        )
        Milestone.objects.create(
            study=enrolled.vel,
            site=site,
            kind="SITE_ACTIVATED",
            name="Site activated",
            planned_on="2026-05-01",
        )
    after = enrolment_over_time(user=enrolled.fresh("paula"), place=enrolled.vel, on=ON).forecast
    assert (before.opening, after.opening, after.recruiting) == (0, 1, 2)
    assert after.last_in[1] < before.last_in[1]


def test_the_plan_projects_the_last_subject_for_the_house_and_for_nobody_outside(enrolled, page):
    middle = enrolment_over_time(user=enrolled.fresh("paula"), place=enrolled.vel, on=ON).forecast.last_in[1]
    assert last_subject_in(enrolled.fresh("paula"), enrolled.vel, ON) == {"LAST_SUBJECT_IN": middle}
    assert last_subject_in(enrolled.fresh("sam"), enrolled.vel, ON) == {}
    assert f"projected {middle:%-d %b %Y}" in page("paula", f"/studies/{enrolled.vel.pk}/plan/")


def test_the_queries_do_not_grow_with_sites_and_subjects(enrolled, client):
    client.force_login(enrolled.paula)
    address = f"/studies/{enrolled.vel.pk}/enrolment/"

    def queries():
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    before = queries()
    with acting_as(enrolled.system, reason="More of everything"):
        for n in range(5):
            enrolled.places[f"more{n}"] = site = StudySite.objects.create(
                country=enrolled.germany, organization=enrolled.hospital_berlin, number=f"11{n:02}"
            )
            adopt(site, "ACTIVE", actor=enrolled.system, reason="x", happened_on=datetime.date(2025, 10, 1))
            enter(enrolled, f"more{n}", f"more-{n}", "RANDOMISED", randomised_on=month(1, 3))
    assert queries() == before
    assert before < 50, before
