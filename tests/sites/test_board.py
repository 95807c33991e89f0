"""The board: sites in the columns of their life cycle, longest first, and what blocks them."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.workflow.engine import adopt, perform
from desk.work.sites import sites_to_open
from sites.pages import board_of
from studies.models import StudySite
from studies.workflows import ACTIVATION_REQUIREMENTS, requirements_at, requirements_of

ON = datetime.date(2026, 3, 17)


def column(columns, label):
    return next(one for one in columns if one.label == label)


def moved(cast, place, *moves, on, by="paula"):
    site = cast.places[place]
    for name in moves:
        site.refresh_from_db()
        perform(site, name, actor=cast.people[by], happened_on=on, reason="x")
    return site


def taken_over(cast, place, state, on):
    with acting_as(cast.ada, reason="Taken over"):
        adopt(cast.places[place], state, actor=type(cast.ada).objects.system(), reason="x", happened_on=on)


def test_each_site_stands_where_it_is_since_the_day_it_came_there(cast):
    moved(cast, "madrid", "qualify", "select", on=ON - datetime.timedelta(days=12))
    columns = board_of(cast.fresh("paula"), cast.vel, ON)
    (card,) = column(columns, "Selected").cards
    assert (card.site, card.since, card.days) == (cast.madrid, datetime.date(2026, 3, 5), 12)
    (other,) = column(columns, "Identified").cards
    assert other.site == cast.berlin
    assert other.since is not None, "since it was put on the list"
    assert sum(one.total for one in columns) == 2
    assert "Dropped" not in [one.label for one in columns]


def test_who_stands_longest_stands_first(cast):
    taken_over(cast, "madrid", "ACTIVE", ON - datetime.timedelta(days=3))
    taken_over(cast, "berlin", "ACTIVE", ON - datetime.timedelta(days=30))
    cards = column(board_of(cast.fresh("paula"), cast.vel, ON), "Active").cards
    assert [(card.site, card.days) for card in cards] == [(cast.berlin, 30), (cast.madrid, 3)]


def test_a_site_on_its_way_to_the_green_light_says_what_blocks_it(cast, client):
    moved(cast, "madrid", "qualify", "select", "start_up", on=ON)
    client.force_login(cast.paula)
    page = client.get(f"/studies/{cast.vel.pk}/board/").content.decode()
    with everything("the test knows what is asked"):
        cast.madrid.refresh_from_db()
        missing = [one for one in requirements_at(cast.madrid) if one.stands_in_the_way]
    assert f"{len(missing)} of {len(ACTIVATION_REQUIREMENTS)} open. {missing[0].missing[0]}" in page
    assert f'href="/study-sites/{cast.madrid.pk}/activation/"' in page
    assert client.get(f"/study-sites/{cast.madrid.pk}/activation/").status_code == 200
    assert page.count("board-card-blocked") == 1, "a site that is only identified is not blocked"


def test_the_first_page_says_of_a_site_what_its_board_says(cast):
    moved(cast, "madrid", "qualify", "select", "start_up", on=ON)
    (card,) = column(board_of(cast.fresh("paula"), cast.vel, ON), "Start-up").cards
    (item,) = [
        one
        for one in sites_to_open(cast.fresh("sue"), ON).items
        if f"/study-sites/{cast.madrid.pk}/" in one.url
    ]
    assert re.fullmatch(r"\d+ of \d+ open", item.term)
    assert card.blocked.startswith(f"{item.term}. ")


def test_a_held_site_says_why(cast):
    taken_over(cast, "madrid", "ACTIVE", ON)
    perform(cast.madrid, "hold", actor=cast.paula, reason="No drug on stock", happened_on=ON)
    (card,) = column(board_of(cast.fresh("paula"), cast.vel, ON), "Enrolment hold").cards
    assert card.blocked == "Enrolment is held: No drug on stock"


def test_who_left_the_way_stands_apart_and_at_the_end(cast):
    moved(cast, "madrid", "reject", on=ON)
    last = board_of(cast.fresh("paula"), cast.vel, ON)[-1]
    assert (last.label, last.ended, [card.site for card in last.cards]) == (
        "Not selected",
        True,
        [cast.madrid],
    )


def test_everybody_sees_their_own_sites(cast, client):
    assert [card.site for one in board_of(cast.fresh("carla"), cast.vel, ON) for card in one.cards] == [
        cast.madrid
    ]
    spain = f"/study-countries/{cast.spain.pk}/board/"
    for who, status in (
        ("paula", 200),
        ("carla", 200),
        ("chris", 404),
        ("pavel", 404),
        ("stella", 404),
        ("sam", 404),
    ):
        client.force_login(cast.people[who])
        assert client.get(spain).status_code == status, who
    client.force_login(cast.fiona)
    answer = client.get(spain)
    assert answer.status_code == 403, "finance does not look at activations"
    assert "this is for" in answer.content.decode()


def test_the_number_of_a_column_opens_its_rows(cast, client):
    client.force_login(cast.paula)
    page = client.get(f"/studies/{cast.vel.pk}/board/").content.decode()
    (address,) = re.findall(
        r'<a href="(/studies/\d+/study-sites/\?status=IDENTIFIED)" aria-label="[^"]*">2</a>', page
    )
    listed = client.get(address).content.decode()
    assert set(re.findall(r'href="/study-sites/(\d+)/"', listed)) == {
        str(cast.madrid.pk),
        str(cast.berlin.pk),
    }


def test_asked_of_many_sites_each_room_answers_as_it_does_of_one(cast):
    sites = [moved(cast, name, "qualify", "select", "start_up", on=ON) for name in ("madrid", "berlin")]
    with everything("what an activation asks is looked at as a whole"):
        for site in sites:
            site.refresh_from_db()
        together = requirements_of(sites)
        assert {site.pk: requirements_at(site) for site in sites} == together
        assert all(len(standing) == len(ACTIVATION_REQUIREMENTS) for standing in together.values())


def test_the_queries_do_not_grow_with_the_sites(cast, client):
    moved(cast, "madrid", "qualify", "select", "start_up", on=ON)
    client.force_login(cast.paula)

    def queries():
        client.get(f"/studies/{cast.vel.pk}/board/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/studies/{cast.vel.pk}/board/").status_code == 200
        return len(asked)

    before = queries()
    with acting_as(cast.paula, reason="More of everything"):
        for n in range(5):
            cast.places[f"more{n}"] = StudySite.objects.create(
                country=cast.germany, organization=cast.hospital_berlin, number=f"11{n:02}"
            )
    for n in range(5):
        moved(cast, f"more{n}", "qualify", "select", "start_up", on=ON)
    assert queries() == before
    assert before < 45, before


@pytest.mark.parametrize("who", ["paula", "quentin", "lena", "sue", "ingrid"])
def test_the_tab_leads_there(cast, client, who):
    client.force_login(cast.people[who])
    with time_machine.travel(datetime.datetime(2026, 3, 17, 12, tzinfo=datetime.UTC), tick=False):
        answer = client.get(f"/studies/{cast.vel.pk}/study-sites/")
        assert f'href="/studies/{cast.vel.pk}/board/"' in answer.content.decode()
        assert client.get(f"/studies/{cast.vel.pk}/board/").status_code == 200
