"""Cells that are changed where they stand: where state and role allow it, through the same door as the form."""

import datetime
import re

import pytest

from ctms.audit.context import acting_as
from ctms.pages.cells import Editing
from ctms.pages.listing import LISTINGS
from ctms.workflow.engine import perform
from studies.models import Milestone
from tests.ctms.conftest import TODAY

LATER = TODAY + datetime.timedelta(days=7)
HTMX = {"HX-Request": "true"}
SHOWN = "name,planned,slippage_days,status"


@pytest.fixture
def dates(cast):
    with acting_as(cast.paula, reason="Dates"):
        make = Milestone.objects.create
        return [
            make(study=cast.vel, name="Kick-off", planned_on=TODAY, baseline_on=TODAY, published=True),
            make(study=cast.cor, name="Coral kick-off", planned_on=TODAY),
        ]


@pytest.fixture
def cell(client, cast):
    """`cell("paula", milestone, "planned_on")` gets the form of a cell; with values it is posted."""

    def cell(who, record, name, /, headers=HTMX, **posted):
        client.force_login(cast.people[who])
        address = f"/milestones/{record.pk}/cells/{name}/"
        if posted:
            posted = {"listing": "milestones", "shown": SHOWN, **posted}
            answer = client.post(address, posted, headers=headers)
        else:
            answer = client.get(address, {"listing": "milestones", "shown": SHOWN}, headers=headers)
        return answer, answer.content.decode(errors="replace")

    return cell


def planned(record):
    return Milestone._base_manager.get(pk=record.pk).planned_on


def version(record):
    return Milestone._base_manager.get(pk=record.pk).version


def test_a_cell_offers_its_field_with_the_reason_and_the_version_that_was_seen(dates, cell):
    answer, page = cell("paula", dates[0], "planned_on")
    assert answer.status_code == 200
    assert "<html" not in page
    assert 'name="planned_on" value="2026-03-17"' in page
    assert 'name="reason"' in page
    assert f'name="version" value="{version(dates[0])}"' in page
    assert 'name="baseline_on"' not in page, "one cell, one field"


def test_a_saved_cell_gives_back_its_row_as_it_is_now(cast, dates, cell):
    kick_off = dates[0]
    answer, page = cell(
        "paula",
        kick_off,
        "planned_on",
        planned_on=LATER,
        reason="The room was taken",
        version=version(kick_off),
    )
    assert answer.status_code == 200
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("closest tr", "outerHTML")
    assert page.strip().startswith("<tr")
    assert "24 Mar 2026" in page
    assert re.search(r">7</(td|span)>|>7<", page), "what follows from it is new as well: seven days late"
    assert "VEL-301" not in page, "only the columns that were shown"
    assert planned(kick_off) == LATER


def test_without_a_reason_or_with_nonsense_the_error_stands_in_the_cell(dates, cell):
    for values, told in (
        ({"planned_on": LATER, "reason": ""}, "This field is required."),
        ({"planned_on": "soon", "reason": "x"}, "Enter a valid date."),
    ):
        answer, page = cell("paula", dates[0], "planned_on", version=version(dates[0]), **values)
        assert answer.status_code == 422
        assert told in page
        assert f'value="{values["planned_on"]}"' in page, "what was typed is still there"
    assert planned(dates[0]) == TODAY


def test_who_was_faster_is_named_and_what_was_typed_is_kept(cast, dates, cell):
    kick_off, seen = dates[0], version(dates[0])
    cell(
        "lena",
        kick_off,
        "planned_on",
        planned_on=TODAY + datetime.timedelta(days=3),
        reason="Sooner",
        version=seen,
    )
    answer, page = cell("paula", kick_off, "planned_on", planned_on=LATER, reason="Later", version=seen)
    assert answer.status_code == 409
    assert "Lena Brandt changed this record after you opened it." in page
    assert "It says now: 20 Mar 2026." in page
    assert f'value="{LATER}"' in page
    assert planned(kick_off) == TODAY + datetime.timedelta(days=3)
    now = re.search(r'name="version" value="(\d+)"', page).group(1)
    assert int(now) == version(kick_off), "the next save knows how it stands"
    cell("paula", kick_off, "planned_on", planned_on=LATER, reason="Later", version=now)
    assert planned(kick_off) == LATER


def test_what_state_or_role_forbids_is_offered_in_no_cell_and_refused_at_its_address(
    cast, dates, cell, client
):
    kick_off = dates[0]
    for who, offered in (("paula", True), ("quentin", False), ("sam", False)):
        client.force_login(cast.people[who])
        page = client.get("/milestones/").content.decode()
        assert "Kick-off" in page
        assert (f"/milestones/{kick_off.pk}/cells/planned_on/" in page) is offered, who
    assert cell("quentin", kick_off, "planned_on")[0].status_code == 403
    assert cell("sam", kick_off, "planned_on", planned_on=LATER, reason="x")[0].status_code == 404
    perform(kick_off, "complete", actor=cast.paula, happened_on=TODAY)
    answer, page = cell("paula", kick_off, "planned_on", planned_on=LATER, reason="x")
    assert answer.status_code == 409
    assert "it is not changed in that state" in page
    client.force_login(cast.paula)
    assert "/cells/" not in client.get("/milestones/").content.decode()
    assert planned(kick_off) == TODAY


def test_no_field_but_those_of_the_form_and_no_record_but_those_one_sees(dates, cell):
    kick_off, coral = dates
    for name in ("status", "actual_on", "study", "version", "pk", "nonsense"):
        assert cell("paula", kick_off, name)[0].status_code == 404, name
        assert cell("paula", kick_off, name, **{name: "1", "reason": "x"})[0].status_code == 404, name
    for who in ("paula", "stella"):
        assert cell(who, coral, "planned_on")[0].status_code == 404
        assert cell(who, coral, "planned_on", planned_on=LATER, reason="x")[0].status_code == 404
    assert planned(coral) == TODAY


def test_a_cell_writes_its_own_field_whatever_else_is_posted(dates, cell):
    kick_off = dates[0]
    cell(
        "paula", kick_off, "name", name="Kick-off meeting", planned_on=LATER, published="", reason="Its name"
    )
    kick_off.refresh_from_db()
    assert (kick_off.name, kick_off.planned_on, kick_off.published) == ("Kick-off meeting", TODAY, True)


def test_the_row_comes_back_in_a_list_of_its_own_kind_only(dates, cell):
    for listing in ("payables", "no-such-list", ""):
        answer, _page = cell("paula", dates[0], "name", name="Other", reason="x", listing=listing)
        assert answer.status_code == 404, listing
    assert Milestone._base_manager.get(pk=dates[0].pk).name == "Kick-off", "what cannot be shown is not saved"


def test_without_a_script_the_form_of_the_record_is_the_way(dates, cell):
    answer, _page = cell("paula", dates[0], "planned_on", headers={})
    assert (answer.status_code, answer["Location"]) == (302, f"/milestones/{dates[0].pk}/edit/")


def test_a_column_in_other_words_names_the_field_it_changes(cast, dates):
    editing = Editing(LISTINGS["milestones"], cast.fresh("paula"))
    by_key = {column.key: column for column in LISTINGS["milestones"].every_column()}
    assert editing.url(by_key["planned"], dates[0]) == f"/milestones/{dates[0].pk}/cells/planned_on/"
    assert editing.url(by_key["actual"], dates[0]) == ""
    assert editing.url(by_key["status"], dates[0]) == "", "a state is moved and never typed"
    lines = LISTINGS["budget-lines"]
    assert not Editing(lines, cast.fresh("paula")).fields, "asking each line would cost a query a row"


def test_whether_cells_may_be_changed_costs_no_query(cast, dates, client, django_assert_max_num_queries):
    with acting_as(cast.paula, reason="Many"):
        Milestone.objects.bulk_create([Milestone(site=cast.madrid, name=f"M{n}") for n in range(45)])
    client.force_login(cast.paula)
    client.get("/milestones/")
    with django_assert_max_num_queries(18):
        page = client.get("/milestones/").content.decode()
    assert page.count("/cells/name/") == 46


# --- beside the list ------------------------------------------------------------------------------------


def test_a_quick_look_shows_the_facts_to_who_sees_the_record(cast, dates, client):
    kick_off, coral = dates
    client.force_login(cast.sam)
    page = client.get(f"/milestones/{kick_off.pk}/look/", headers=HTMX).content.decode()
    assert "17 Mar 2026" in page
    assert "<html" not in page
    assert client.get(f"/milestones/{coral.pk}/look/", headers=HTMX).status_code == 404
    assert client.get(f"/milestones/{kick_off.pk}/look/")["Location"] == f"/milestones/{kick_off.pk}/"


def test_rows_are_compact_for_who_wants_them_so(cast, dates, client):
    client.force_login(cast.paula)
    answer = client.post("/lists/rows/", {"compact": "1", "back": "/milestones/?q=kick"})
    assert answer["Location"] == "/milestones/?q=kick"
    assert cast.fresh("paula").compact
    assert 'class="compact"' in client.get("/milestones/").content.decode()
    assert client.post("/lists/rows/", {"back": "https://evil.example"})["Location"] == "/"
    assert not cast.fresh("paula").compact
    assert not cast.fresh("lena").compact
