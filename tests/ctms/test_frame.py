"""The frame: which part of the work a page belongs to, the dates that stay in sight, what stands below a record."""

import re

import pytest

from ctms.audit.context import acting_as
from ctms.pages.frame import PLACE_PAGES
from ctms.pages.listing import LISTINGS
from ctms.pages.record import RECORDS
from directory.models import Organization, Person
from sites.models import SiteStaff
from studies.models import Milestone
from studies.services.plan_standing import reached_and_next


def tabs_shown(page):
    """Return the tabs marked as the reader's own, the part of the work first."""
    found = re.findall(r'<nav class="tabs[^>]*>(.*?)</nav>', page, re.S)
    return [re.findall(r"<a [^>]*aria-current[^>]*>([^<]+)</a>", nav) for nav in found]


@pytest.fixture
def gates(cast):
    with acting_as(cast.paula):
        return [
            Milestone.objects.create(
                study=cast.vel, kind=kind, name=name, planned_on=day, baseline_on="2026-01-01"
            )
            for kind, name, day in (
                ("DATABASE_LOCK", "Database lock", "2027-05-01"),
                ("FIRST_SUBJECT_IN", "First subject in", "2026-01-15"),
                ("OTHER", "Newsletter", "2026-01-10"),
            )
        ]


def test_every_record_says_under_which_tab_or_list_it_belongs():
    places = set(LISTINGS) | {name for _position, name, *_rest in PLACE_PAGES}
    wrong = [one.slug for one in RECORDS.values() if one.under and one.under not in places]
    assert not wrong


def test_a_record_without_a_tab_of_its_own_shows_the_part_of_the_work_it_belongs_to(cast, client, gates):
    client.force_login(cast.paula)
    assert tabs_shown(client.get(f"/milestones/{gates[0].pk}/").content.decode()) == [
        ["Plan"],
        ["Milestones"],
    ]
    page = client.get(f"/study-countries/{cast.spain.pk}/").content.decode()
    assert re.search(r'rail-heading" href="/study-sites/" data-open', page)


def test_the_header_of_a_study_says_its_gates_and_how_far_they_slipped(cast, client, gates):
    client.force_login(cast.paula)
    for address in (f"/studies/{cast.vel.pk}/study-sites/", f"/milestones/{gates[2].pk}/"):
        page = client.get(address).content.decode()
        dates = re.search(r'<ul class="place-dates".*?</ul>', page, re.S).group()
        assert re.findall(r'">([^<]+)</a>', dates) == ["First subject in", "Database lock"]
        assert "+14 d" in dates
    client.force_login(cast.pavel)
    assert "place-dates" not in client.get(f"/studies/{cast.cor.pk}/").content.decode()


def test_what_matters_is_the_date_reached_last_and_those_that_come_next():
    early = Milestone(name="a", status="COMPLETED", actual_on="2026-01-01")
    late = Milestone(name="b", status="COMPLETED", actual_on="2026-02-01")
    ahead = [Milestone(name=name, status="PLANNED") for name in "cde"]
    assert [str(one) for one in reached_and_next([early, late, *ahead], 3)] == ["b", "c", "d"]
    assert [str(one) for one in reached_and_next([early, late], 3)] == ["b"]


def test_an_organization_shows_its_sites_to_whom_they_are_shown(cast, client):
    organization = Organization.objects.get(pk=cast.madrid.organization_id)
    client.force_login(cast.paula)
    page = client.get(f"/organizations/{organization.pk}/").content.decode()
    assert f'href="/study-sites/{cast.madrid.pk}/"' in page
    client.force_login(cast.pavel)
    assert (
        f'href="/study-sites/{cast.madrid.pk}/"'
        not in client.get(f"/organizations/{organization.pk}/").content.decode()
    )


def test_a_person_shows_the_sites_they_worked_at(cast, client):
    with acting_as(cast.paula):
        person = Person.objects.create(given_name="Lena", family_name="Vogel")
        SiteStaff.objects.create(site=cast.madrid, person=person, role="COORDINATOR", starts_on="2026-01-01")
    client.force_login(cast.paula)
    page = client.get(f"/people/{person.pk}/").content.decode()
    assert re.search(r"<h2[^>]*>Site staff <span class=\"count-badge\">1</span>", page)
