"""The Plan tab: milestones on a time axis, folded by level, each leading to its record; who sees which."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ctms.audit.context import acting_as
from ctms.workflow.engine import perform
from studies.models import Milestone, StudySite
from studies.services.projecting import PROJECTIONS

ON = datetime.datetime(2026, 3, 17, 12, tzinfo=datetime.UTC)


@pytest.fixture
def planned(cast):
    """Milestones of the study, of Spain and of Madrid; one published, one that does not apply."""
    rows = (
        ("Alder kick-off", {}, "2026-01-10", "2026-01-20", True),
        ("Birch lock", {}, "2026-09-01", "2026-09-30", False),
        ("Cedar approval", {"country": cast.spain}, None, "2026-04-01", False),
        ("Dogwood activation", {"country": cast.spain, "site": cast.madrid}, None, "2026-05-01", False),
        ("Elm activation", {"country": cast.germany, "site": cast.berlin}, None, "2026-05-02", False),
        ("Fir set aside", {}, None, "2026-06-01", False),
    )
    with acting_as(cast.paula, reason="The plan of a test"):
        found = {
            name.split()[0].lower(): Milestone.objects.create(
                study=cast.vel, name=name, baseline_on=baseline, planned_on=day, published=shown, **place
            )
            for name, place, baseline, day, shown in rows
        }
    perform(found["fir"], "set_aside", actor=cast.paula, reason="Not in this study")
    return found


@pytest.fixture
def page(client, cast):
    def look(who, address, status=200):
        client.force_login(cast.people[who])
        with time_machine.travel(ON, tick=False):
            answer = client.get(address)
        assert answer.status_code == status, address
        return answer.content.decode()

    return look


def drawn(page):
    """Return the names in the drawing, in their order."""
    svg = re.search(r'<svg.*?role="group".*?</svg>', page, re.S).group()
    return re.findall(r"<text[^>]*>(?:<title>.*?</title>)?([A-Z][a-z]+) (?:kick|lock|appr|activ|set)", svg)


def test_it_unfolds_from_the_study_to_its_sites(planned, page, cast):
    address = f"/studies/{cast.vel.pk}/plan/"
    assert drawn(page("paula", f"{address}?level=study")) == ["Alder", "Birch"]
    assert drawn(page("paula", address)) == ["Alder", "Birch", "Cedar"]
    assert drawn(page("paula", f"{address}?level=site")) == ["Alder", "Birch", "Elm", "Cedar", "Dogwood"]
    assert drawn(page("paula", f"/study-countries/{cast.spain.pk}/plan/")) == ["Cedar", "Dogwood"]
    assert drawn(page("paula", f"/study-sites/{cast.madrid.pk}/plan/")) == ["Dogwood"]
    assert drawn(page("paula", f"{address}?level=nonsense")) == ["Alder", "Birch", "Cedar"]


def test_every_line_opens_its_milestone_and_says_how_it_stands(planned, page, cast):
    text = page("paula", f"/studies/{cast.vel.pk}/plan/")
    links = dict(re.findall(r'<a href="(/milestones/\d+/)" class="mark" aria-label="([^"]*)"', text))
    assert links[f"/milestones/{planned['alder'].pk}/"] == (
        "Alder kick-off, past its planned day, baseline 10 Jan 2026, planned 20 Jan 2026, 10 days after baseline"
    )
    for address in links:
        page("paula", address)
    assert f"/milestones/{planned['fir'].pk}/" not in text, "what does not apply is not drawn"
    assert '<td class="number">10</td>' in text, "the table says the same"


def test_what_somebody_does_not_see_is_not_on_their_axis(planned, page, cast):
    text = page("carla", f"/studies/{cast.vel.pk}/plan/?level=site")
    assert "Dogwood" in text
    assert "Elm" not in text, "Berlin is not hers"
    published = page("sam", f"/studies/{cast.vel.pk}/plan/?level=site")
    assert "Alder" in published
    assert not [name for name in ("Birch", "Cedar", "Dogwood", "Elm") if name in published]
    for who, status in (("pavel", 404), ("stella", 404), ("simone", 404)):
        page(who, f"/studies/{cast.vel.pk}/plan/", status)


def test_a_projected_day_stands_beside_the_planned_one(planned, page, cast, monkeypatch):
    with acting_as(cast.paula, reason="The plan of a test"):
        Milestone.objects.create(
            study=cast.vel,
            kind="LAST_SUBJECT_IN",
            name="Last subject in",
            baseline_on="2026-08-01",
            planned_on="2026-08-01",
        )
    day = datetime.date(2026, 8, 31)
    monkeypatch.setattr(
        "studies.services.projecting.PROJECTIONS", [lambda user, study, on: {"LAST_SUBJECT_IN": day}]
    )
    assert PROJECTIONS, "whoever counts subjects answers in the product"
    text = page("paula", f"/studies/{cast.vel.pk}/plan/")
    assert "projected 31 Aug 2026, 30 days after baseline" in text


def test_an_empty_plan_says_who_adds_to_it(page, cast):
    assert "Project managers and clinical leads add them" in page("paula", f"/studies/{cast.vel.pk}/plan/")


def test_the_queries_do_not_grow_with_the_milestones(planned, client, cast):
    client.force_login(cast.paula)
    address = f"/studies/{cast.vel.pk}/plan/?level=site"

    def queries():
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    before = queries()
    with acting_as(cast.paula, reason="More of everything"):
        for n in range(6):
            site = StudySite.objects.create(
                country=cast.germany, organization=cast.hospital_berlin, number=f"11{n:02}"
            )
            Milestone.objects.create(study=cast.vel, site=site, name=f"Site {n}", planned_on="2026-06-01")
    assert queries() == before
    assert before < 45, before
