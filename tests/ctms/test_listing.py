"""Lists: narrowed, filtered, sorted, cut, exported; never more than the person sees."""

import csv
import datetime
import io
import re
from decimal import Decimal

import pytest
from django.http import QueryDict
from openpyxl import load_workbook

from ctms.audit.context import acting_as
from ctms.files.models import AccessKind, AccessRecord
from ctms.jobs.models import Job
from ctms.jobs.worker import run_job
from ctms.money.amounts import plain
from ctms.pages import export, listing
from ctms.pages.columns import Column, as_column, as_text
from ctms.pages.export import cell, harmless
from ctms.pages.listing import LISTINGS, BoundedPaginator, Listing, tabs
from ctms.pages.record import Record
from ctms.pages.views import chosen_rows
from studies.models import Milestone
from tests.ctms.conftest import TODAY

DAY = datetime.timedelta(days=1)


@pytest.fixture
def dates(cast):
    """Milestones: three of VEL-301, one of them published, and one of COR-207."""
    with acting_as(cast.paula, reason="Dates"):
        make = Milestone.objects.create
        return [
            make(study=cast.vel, name="Kick-off", planned_on=TODAY, published=True),
            make(study=cast.vel, name="=1+1", planned_on=TODAY + DAY),
            make(site=cast.madrid, name="Initiation", planned_on=TODAY + 2 * DAY),
            make(study=cast.cor, name="Coral kick-off", planned_on=TODAY),
        ]


@pytest.fixture
def opened(client, cast):
    def opened(who, address, **headers):
        client.force_login(cast.people[who])
        answer = client.get(address, headers=headers)
        return answer, answer.content.decode(errors="replace")

    return opened


def rows_of(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def names(person, query):
    return [milestone.name for milestone in chosen_rows(LISTINGS["milestones"], person, QueryDict(query))]


# --- rows --------------------------------------------------------------------------------------------


def test_a_list_shows_what_the_person_sees(dates, opened):
    for who, shown, hidden in (
        ("paula", ["Kick-off", "Initiation"], ["Coral"]),
        ("carla", ["Kick-off", "Initiation"], ["Coral"]),
        ("chris", ["Kick-off"], ["Initiation", "Coral"]),
        ("sam", ["Kick-off"], ["Initiation", "Coral"]),
        ("pavel", ["Coral kick-off"], ["Initiation", "VEL-301"]),
    ):
        answer, page = opened(who, "/milestones/")
        assert answer.status_code == 200
        assert all(word in page for word in shown), who
        assert not any(word in page for word in hidden), who


def test_a_list_is_opened_by_who_may_see_such_records_at_all(opened):
    answer, page = opened("stella", "/milestones/")
    assert answer.status_code == 403
    assert "You are here as no role" in page


def test_rows_are_filtered_searched_and_sorted(cast, dates):
    assert names(cast.paula, "") == ["Kick-off", "=1+1", "Initiation"]
    assert names(cast.paula, "sort=-planned") == ["Initiation", "=1+1", "Kick-off"]
    assert names(cast.paula, "sort=name") == ["=1+1", "Initiation", "Kick-off"]
    assert names(cast.paula, "sort=nonsense,-name") == ["Kick-off", "Initiation", "=1+1"]
    assert names(cast.paula, "q=kick") == ["Kick-off"]
    assert names(cast.paula, f"planned_on__gte={TODAY + DAY}") == ["=1+1", "Initiation"]
    assert names(cast.paula, "status=COMPLETED") == []
    assert names(cast.paula, "status=NONSENSE") == [], (
        "a filter that cannot be read shows nothing, not everything"
    )
    assert names(cast.paula, f"study={cast.cor.pk}") == [], "a study one does not see is no choice"


def test_what_is_filtered_by_stands_above_the_list_and_is_taken_away_one_by_one(cast, dates, opened):
    _answer, page = opened("paula", f"/milestones/?status=PLANNED&study={cast.vel.pk}&q=kick&page=2")
    for word in ("Planned", "VEL-301", "kick"):
        assert word in page
    assert f"study={cast.vel.pk}&amp;q=kick" in page, "the address without the status"
    _answer, page = opened("paula", f"/milestones/?study={cast.cor.pk}")
    assert "COR-207" not in page
    assert "Coral" not in page


def test_htmx_gets_the_table_alone(dates, opened):
    answer, page = opened("paula", "/milestones/", **{"HX-Request": "true", "HX-Target": "listing"})
    assert answer.status_code == 200
    assert "Kick-off" in page
    assert "<html" not in page
    _answer, whole = opened("paula", "/milestones/", **{"HX-Request": "true", "HX-Boosted": "true"})
    assert "<html" in whole


def test_a_place_has_its_own_rows_and_no_others(cast, dates, opened):
    for address, shown, hidden in (
        (f"/study-sites/{cast.madrid.pk}/milestones/", "Initiation", "Kick-off"),
        (f"/studies/{cast.vel.pk}/milestones/", "Kick-off", "Coral"),
        (f"/study-countries/{cast.germany.pk}/milestones/", "Milestones", "Initiation"),
    ):
        answer, page = opened("paula", address)
        assert answer.status_code == 200
        assert shown in page
        assert hidden not in page
    assert opened("paula", f"/studies/{cast.cor.pk}/milestones/")[0].status_code == 404
    assert opened("paula", f"/studies/{cast.vel.pk}/no-such-tab/")[0].status_code == 404


def test_a_list_counts_to_ten_thousand_and_no_further(cast, dates, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(listing, "COUNTED_UP_TO", 2)
    rows = Milestone.objects.visible_to(cast.paula).order_by("pk")
    paginator = BoundedPaginator(rows, 50)
    with django_assert_num_queries(1) as asked:
        assert (paginator.count, paginator.shown_count) == (3, "2+")
    assert "LIMIT 3" in asked.captured_queries[0]["sql"]
    assert BoundedPaginator(rows.filter(name="Kick-off"), 50).shown_count == "1"
    assert BoundedPaginator([1, 2], 50).count == 2


def test_tabs_stand_in_their_order():
    positions = [one.tab_position for one in tabs()]
    assert positions == sorted(positions)
    assert len(positions) >= 3


def test_two_declarations_of_one_thing_are_a_mistake():
    with pytest.raises(TypeError, match="Two listings called milestones"):
        type("Again", (Listing,), {"record": LISTINGS["milestones"].record})
    with pytest.raises(TypeError, match="Two records"):
        type("Again", (Record,), {"model": Milestone, "slug": "again"})


def test_the_queries_of_a_list_do_not_grow_with_its_rows(cast, dates, client, django_assert_max_num_queries):
    with acting_as(cast.paula, reason="Many"):
        Milestone.objects.bulk_create([Milestone(site=cast.madrid, name=f"M{n}") for n in range(60)])
    client.force_login(cast.paula)
    client.get("/milestones/")
    with django_assert_max_num_queries(16):
        assert client.get("/milestones/").status_code == 200


# --- exports -----------------------------------------------------------------------------------------


def test_an_export_holds_the_rows_of_the_page_with_numbers_and_dates_as_such(cast, dates, opened):
    answer, text = opened("paula", "/milestones/?export=csv&sort=name")
    assert answer["Content-Disposition"] == 'attachment; filename="milestones.csv"'
    head, *lines = rows_of(text)
    assert [line[0] for line in lines] == ["'=1+1", "Initiation", "Kick-off"]
    assert lines[2][head.index("Planned")] in ("2026-03-17", "17 Mar 2026")
    answer, _text = opened("paula", "/milestones/?export=xlsx&q=init")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["Initiation"]
    assert sheet.freeze_panes == "A2"
    told = AccessRecord._base_manager.filter(kind=AccessKind.EXPORT, user=cast.paula).order_by("pk")
    assert [row.detail for row in told] == ["3 rows ?sort=name", "1 rows ?q=init"]


def test_an_export_of_a_place_stays_in_it(cast, dates, opened):
    _answer, text = opened("paula", f"/study-sites/{cast.madrid.pk}/milestones/?export=csv")
    assert [line[0] for line in rows_of(text)[1:]] == ["Initiation"]
    assert f"place=site%2F{cast.madrid.pk}" in AccessRecord._base_manager.get().detail


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_words_a_spreadsheet_would_run_are_made_harmless(start):
    assert harmless(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"
    assert harmless("a=b") == "a=b"
    assert harmless("") == ""


def test_a_cell_is_a_number_a_date_or_harmless_words(cast, dates):
    first, second, third, _ = dates
    assert cell(as_column("planned_on"), first) == TODAY
    assert cell(as_column("name"), second) == "'=1+1"
    assert cell(as_column("status"), first) == "Planned"
    assert cell(as_column("published"), first) == "Yes"
    assert cell(as_column("baseline_on"), first) == ""
    assert cell(Column("study__report_submission_days"), first) == 8
    assert cell(Column("site__country__nation"), third) == "Spain"


def test_a_long_export_is_a_job_that_sees_what_the_person_sees(cast, dates, client, monkeypatch):
    monkeypatch.setattr("ctms.pages.views.AT_ONCE", 1)
    client.force_login(cast.paula)
    answer = client.get("/milestones/?export=csv&sort=name")
    job = Job.objects.get(name="pages.export")
    assert answer.status_code == 302
    assert answer["Location"] == f"/exports/{job.pk}/"
    assert client.get(f"/exports/{job.pk}/").status_code == 200
    assert client.get(f"/exports/{job.pk}/file/").status_code == 404, "not made yet"
    run_job(job.pk)
    assert client.get(f"/exports/{job.pk}/", headers={"HX-Request": "true"}).status_code == 200
    made = client.get(f"/exports/{job.pk}/file/")
    assert [line[0] for line in rows_of(made.content.decode())[1:]] == ["'=1+1", "Initiation", "Kick-off"]
    client.force_login(cast.lena)
    for address in (f"/exports/{job.pk}/", f"/exports/{job.pk}/file/"):
        assert client.get(address).status_code == 404, "what somebody else asked for is not mine"


def test_a_long_export_says_how_far_it_is(cast, monkeypatch):
    with acting_as(cast.paula, reason="Many"):
        Milestone.objects.bulk_create([Milestone(study=cast.vel, name=f"M{n}") for n in range(1001)])
    told = []
    rows = Milestone.objects.visible_to(cast.paula).order_by("pk")
    export.write_rows(LISTINGS["milestones"], rows, "csv", progress=told.append)
    assert told == [500, 1000]


# --- words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "—"),
        ("", "—"),
        (True, "Yes"),
        (False, "No"),
        (datetime.date(2026, 3, 17), "17 Mar 2026"),
        (datetime.datetime(2026, 3, 17, 13, 5, tzinfo=datetime.UTC), "17 Mar 2026 14:05 CET"),
        (1234567, "1234567"),
        ([1, "a"], "1, a"),
        ([], "—"),
        ("text", "text"),
    ],
)
def test_a_value_reads_the_same_everywhere(value, words):
    assert as_text(value) == words


@pytest.mark.parametrize(
    ("stored", "written"),
    [("2250.0000", "2250"), ("309.3700", "309.37"), ("0.5000", "0.5"), ("2000", "2000")],
)
def test_a_number_is_written_as_a_person_would(stored, written):
    assert plain(Decimal(stored)) == written


def test_a_column_whose_path_breaks_off_is_empty(cast, dates):
    first = dates[0]
    column = Column("site__country__nation")
    assert (column.value(first), column.text(first), column.tone(first)) == (None, "—", "")
    assert Column("slippage_days").field(Milestone) is None
    assert Column("slippage_days").sort_path(Milestone) == ""
    assert Column("site__number").title(Milestone) == "Site number"


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("carla", "/monitoring-visits/"),
        ("ada", "/user-accounts/"),
        ("ada", "/security-log/"),
        ("carla", "/search/"),
    ],
)
def test_no_search_takes_more_than_an_address_holds(client, cast, who, address):
    client.force_login(cast.people[who])
    page = client.get(address).content.decode()
    fields = [tag for tag in re.findall(r"<input[^>]*>", page) if ' name="q"' in tag]
    assert len(fields) >= 2  # its own and that of the dialog
    assert all('maxlength="200"' in tag for tag in fields)
