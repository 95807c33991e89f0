"""The lists of monitoring: found by the number that stands on a record, by who monitors, with accents or without."""

import datetime

import pytest

from ctms.calendar.clocks import Term
from ctms.workflow.engine import perform
from desk.work.items import days_ago
from desk.work.monitoring import action_items_due, deviations_to_classify
from monitoring import services
from monitoring.pages import shown_term

from .conftest import MONDAY, TUESDAY

FAR = datetime.date(2099, 1, 5)


@pytest.fixture
def search(client, cast):
    def found(who, address):
        client.force_login(cast.people[who])
        answer = client.get(address, follow=True)
        assert answer.status_code == 200
        return answer.content.decode().split("<tbody>")[-1]

    return found


def item(cast, text="File the CV", by="carla", site="madrid", due_on=TUESDAY, **more):
    return services.raise_action_item(
        actor=cast.people[by], site=cast.places[site], text=text, opened_on=MONDAY, due_on=due_on, **more
    )


def test_visits_are_found_by_label_by_monitor_and_by_hospital_without_accents(stage, search):
    here, there = stage.planned(), stage.planned("chris", site="berlin")
    stage.planned(start=TUESDAY)
    links = {
        name: f'href="/monitoring-visits/{visit.pk}/"' for name, visit in (("ours", here), ("theirs", there))
    }
    found = search("lena", "/monitoring-visits/?q=imv+2")
    assert (links["ours"] in found, links["theirs"] in found) == (False, False)
    found = search("lena", "/monitoring-visits/?q=Vogel")
    assert (links["ours"] in found, links["theirs"] in found) == (False, True)
    found = search("lena", "/monitoring-visits/?q=clinico")
    assert (links["ours"] in found, links["theirs"] in found) == (True, False)


def test_an_unblinded_visit_is_not_found_by_who_monitors_it(stage, search):
    secret = stage.planned("uma", unblinded=True)
    for words in ("Okafor", "imv+1"):
        assert f"/monitoring-visits/{secret.pk}/" not in search("lena", f"/monitoring-visits/?q={words}")
        assert f"/monitoring-visits/{secret.pk}/" in search("ursula", f"/monitoring-visits/?q={words}")


def test_action_items_are_found_by_their_number_and_the_hospital(cast, search):
    item(cast, "File the CV")
    item(cast, "Send the log")
    found = search("carla", "/action-items/?q=AI+2")
    assert ("Send the log" in found, "File the CV" in found) == (True, False)
    assert "Send the log" in search("carla", "/action-items/?q=clinico")


def test_the_list_of_action_items_opens_with_what_is_not_closed_and_all_is_one_click_away(
    cast, search, client
):
    perform(item(cast, "File the CV"), "close", actor=cast.carla, reason="Seen", happened_on=TUESDAY)
    item(cast, "Send the log")
    assert client.get("/action-items/").status_code == 302
    found = search("carla", "/action-items/")
    assert ("Send the log" in found, "File the CV" in found) == (True, False)
    assert "File the CV" in search("carla", "/action-items/?view=all")


def test_an_item_past_its_day_is_red_and_names_who_looks_after_it(cast, search):
    item(cast)
    item(cast, "Send the log", due_on=FAR)
    found = search("lena", "/action-items/")
    assert found.count('<span class="term term-late">17 Mar 2026</span>') == 1
    assert '<span class="term term-late">5 Jan 2099</span>' not in found
    assert "Carla Ruiz" in found


def test_the_first_page_leads_to_all_of_what_it_shows_the_first_of(cast):
    for number in range(11):
        item(cast, f"Item {number}")
    section = action_items_due(cast.fresh("carla"), TUESDAY)
    assert (len(section.items), section.count, section.has_more) == (10, 11, True)
    assert section.url == "/action-items/?standing=open"
    section = deviations_to_classify(cast.fresh("lena"), TUESDAY)
    assert (section.url, section.has_more) == ("/deviations/?status=NEW&status=UNDER_REVIEW", False)


@pytest.mark.parametrize(
    ("done_on", "on", "words"),
    [
        (None, datetime.date(2026, 3, 17), "4 working days left"),
        (None, datetime.date(2026, 3, 20), "1 working day left"),
        (None, datetime.date(2026, 3, 23), "due today"),
        (None, datetime.date(2026, 3, 24), "1 working day late"),
        (TUESDAY, datetime.date(2026, 3, 24), "approved 17 Mar 2026"),
    ],
)
def test_a_term_in_a_cell_says_in_words_how_it_stands(done_on, on, words):
    term = Term("Report approved" if done_on else "Approval", MONDAY, 5, "DE", done_on)
    assert shown_term(term, on).short == words


@pytest.mark.parametrize(("days", "words"), [(0, "today"), (1, "1 day ago"), (7, "7 days ago")])
def test_how_long_ago_a_day_is_is_said_as_people_say_it(days, words):
    assert days_ago(days) == words
