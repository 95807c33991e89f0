"""Days to the green light: what a site took from step to step, the median of a country, and the sites behind each."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.workflow.engine import adopt
from desk.work.sites import start_up_by_country
from sites.services.start_up import CYCLE, STEPS, by_country, middle_of, ways_of
from studies.models import StudySite

pytestmark = pytest.mark.django_db

BEGUN = datetime.date(2026, 1, 5)


def days(number):
    return BEGUN + datetime.timedelta(days=number)


@pytest.fixture
def spanish(cast):
    """`spanish("2011", 30, 45)`: a site selected on the first day, initiated and released so many days later."""
    system = type(cast.ada).objects.system()

    def spanish(number, initiated, released, selected=0, country=None):
        with acting_as(cast.paula, reason="Taken over"):
            site = StudySite.objects.create(
                study=cast.vel,
                country=country or cast.spain,
                organization=cast.hospital_madrid,
                number=number,
            )
            passed = [("SELECTED", days(selected)), ("START_UP", None), ("INITIATED", days(initiated))]
            adopt(
                site, "ACTIVE", actor=system, reason="Taken over", passed=passed, happened_on=days(released)
            )
        return site

    return spanish


def medians(page):
    """Return {country: [what stands in its cells]} of the first table."""
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', page.split('id="sites"')[0], re.S)
    cells = [
        [" ".join(re.sub("<[^>]+>", " ", c).split()) for c in re.split(r"<td[^>]*>", row)] for row in rows
    ]
    return {name: rest for name, *rest in cells}


def test_a_country_has_the_median_of_its_sites_and_each_figure_opens_them(cast, client, spanish):
    three = [spanish("2011", 30, 45), spanish("2012", 10, 100), spanish("2013", 20, 60)]
    german = spanish("1011", 40, 50, country=cast.germany)
    client.force_login(cast.sue)
    address = f"/studies/{cast.vel.pk}/start-up/"
    page = client.get(address).content.decode()
    assert medians(page) == {
        "Germany": ["40 1 site", "10 1 site", "50 1 site"],
        "Spain": ["20 3 sites", "40 3 sites", "60 3 sites"],
        "All countries": ["25 4 sites", "27.5 4 sites", "55 4 sites"],
    }
    opened = f"{address}?country={cast.spain.pk}&amp;step=cycle#sites"
    assert f'href="{opened}"' in page
    rows = client.get(opened.replace("&amp;", "&")).content.decode().split('id="sites"')[1]
    assert "Selection to green light: Spain" in rows
    longest_first = [three[1], three[2], three[0]]
    assert re.findall(r'<th scope="row"><a href="/study-sites/(\d+)/"', rows) == [
        str(s.pk) for s in longest_first
    ]
    assert f"/study-sites/{german.pk}/" not in rows


def test_a_step_that_has_not_ended_or_whose_days_contradict_counts_for_nothing(cast, spanish):
    fine, backwards = spanish("2011", 30, 45), spanish("2012", 10, 5, selected=20)
    with everything("the ways of the sites of a test"):
        ways = {way.site: way for way in ways_of([fine, backwards, cast.madrid])}
    assert [ways[fine].took(step) for step in STEPS] == [30, 15, 45]
    assert [ways[backwards].took(step) for step in STEPS] == [None, None, None]
    assert [ways[cast.madrid].took(step) for step in STEPS] == [None, None, None]
    middle = middle_of(ways.values(), CYCLE)
    assert (str(middle), middle.sites) == ("45", 1)
    assert str(middle_of([ways[cast.madrid]], CYCLE)) == "—"


def test_the_first_page_of_who_opens_sites_says_the_same_median_and_leads_to_its_sites(cast, client, spanish):
    spanish("2011", 30, 45)
    spanish("2012", 10, 100)
    table = start_up_by_country(cast.fresh("sue"), BEGUN)
    assert table.headings[-1].definition == CYCLE.definition
    spain = next(row for row in table.rows if row[0].text == "VEL-301 · Spain")
    assert spain[-1].text == "72.5 days (2 sites)"
    client.force_login(cast.sue)
    assert "Selection to green light: Spain" in client.get(spain[-1].url).content.decode()
    germany = next(row for row in table.rows if row[0].text == "VEL-301 · Germany")
    assert (germany[-1].text, germany[-1].url) == ("—", "")


def test_everybody_sees_the_days_of_their_own_sites(cast, client, spanish):
    spanish("1011", 40, 50, country=cast.germany)
    address = f"/studies/{cast.vel.pk}/start-up/"
    for who, status in (("paula", 200), ("pavel", 404), ("sam", 404), ("stella", 404)):
        client.force_login(cast.people[who])
        assert client.get(address).status_code == status, who
    client.force_login(cast.carla)
    page = client.get(f"/study-countries/{cast.spain.pk}/start-up/").content.decode()
    assert "Germany" not in page.split('id="main"')[1]
    with everything("the test knows every site"):
        assert by_country(ways_of(list(StudySite.objects.filter(study=cast.vel))))[cast.germany.pk]


def test_the_page_asks_as_often_for_many_sites_as_for_few(cast, client, spanish):
    client.force_login(cast.paula)
    address, asked = f"/studies/{cast.vel.pk}/start-up/", []
    client.get(address)
    for _round in range(2):
        for number in range(4):
            spanish(f"21{len(asked)}{number}", 30 + number, 50 + number)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        asked.append(len(queries))
    assert asked[0] == asked[1]


@pytest.mark.parametrize("asked", ["country=999999", "country=x", "step=nothing", "country=&step="])
def test_an_address_that_asks_for_what_is_not_there_shows_all(cast, client, spanish, asked):
    site = spanish("2011", 30, 45)
    client.force_login(cast.paula)
    page = client.get(f"/studies/{cast.vel.pk}/start-up/?{asked}").content.decode()
    assert f"/study-sites/{site.pk}/" in page.split('id="sites"')[1]
