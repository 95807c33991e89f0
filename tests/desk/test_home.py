"""Each person's first page: what stands on it, that its numbers open their rows, and what stays hidden."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.pages.saving import change_record
from ctms.workflow.engine import adopt, perform
from desk.work import figures_of, open_reports_of, work_of
from desk.workload.reading import MOST_SITES, NEW_FOR_DAYS, Load, workload_of
from studies.models import Milestone, StudySite
from studies.pages import MilestoneRecord
from studies.services.plan_standing import slipped_since
from studies.services.team import assign
from studies.workflows.study import every_milestone_is_settled, every_site_is_closed
from tests.cast import LONG_AGO as SINCE

FAR = datetime.date(2027, 1, 1)
LONG_AGO = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)


def titles(cast, who):
    work = work_of(cast.fresh(who), FAR)
    return {one.title for one in (*work["tables"], *work["sections"])}


@pytest.mark.parametrize(
    ("who", "there", "away"),
    [
        (
            "paula",
            {"Decisions that wait for you", "Slipped this week", "Milestones"},
            {"Your open sites", "Owed to sites"},
        ),
        (
            "carla",
            {"Your open sites", "Reports to write", "Letters to send"},
            {"Slipped this week", "Reports to approve"},
        ),
        ("lena", {"Reports to approve", "Slipped this week"}, {"Your open sites"}),
        ("sue", {"Start-up by country", "Sites to open"}, {"Owed to sites"}),
        ("tara", {"Documents to review", "Documents that are late"}, {"Reports to write"}),
        (
            "fiona",
            {"Owed to sites", "Payments that wait for you", "Sponsor invoices not paid"},
            {"Your open sites"},
        ),
        ("milo", {"Deviations to classify", "Important deviations not closed"}, {"Milestones"}),
        ("quentin", {"Important deviations not closed", "Slipped this week"}, {"Reports to write"}),
        ("harriet", {"Slipped this week"}, {"Deviations to classify", "Reports to write"}),
    ],
)
def test_everybody_begins_with_what_is_theirs_to_do(cast, who, there, away):
    found = titles(cast, who)
    assert there <= found
    assert not away & found


@pytest.mark.parametrize(
    "who", ["paula", "carla", "lena", "sue", "tara", "fiona", "milo", "quentin", "harriet"]
)
def test_every_number_on_the_first_page_opens_a_page_its_reader_may_open(shown, furnished, cast, client, who):
    client.force_login(cast.people[who])
    page = client.get("/").content.decode()
    main = page[page.index("<main") :]
    addresses = {found.replace("&amp;", "&") for found in re.findall(r'href="(/[^"#]*)"', main)}
    assert addresses
    for address in sorted(addresses):
        assert client.get(address).status_code == 200, address


def test_the_number_of_late_reports_equals_the_rows_it_opens(shown, cast, client):
    client.force_login(cast.lena)
    tile = next(
        one
        for one in figures_of(
            cast.fresh("lena"),
            datetime.date.today(),
            open_reports_of(cast.fresh("lena"), datetime.date.today()),
        )
        if "standing=late" in one.url
    )
    page = client.get(tile.url).content.decode()
    rows = int(re.search(r'class="count" role="status">(\d+) row', page)[1])
    assert rows == int(tile.number)


def test_a_milestone_that_was_moved_later_has_slipped_with_its_reason(cast):
    with acting_as(cast.paula):
        moved, earlier = (
            Milestone.objects.create(study=cast.vel, name=name, planned_on="2026-09-01")
            for name in ("Last subject in", "Interim review")
        )
    change_record(
        MilestoneRecord,
        moved,
        {"planned_on": datetime.date(2026, 9, 15)},
        actor=cast.paula,
        reason="Slow summer",
    )
    change_record(
        MilestoneRecord,
        earlier,
        {"planned_on": datetime.date(2026, 8, 1)},
        actor=cast.paula,
        reason="Good news",
    )
    (slip,) = slipped_since(cast.fresh("paula"), LONG_AGO)
    assert (slip.milestone, slip.days, slip.reason) == (moved, 14, "Slow summer")
    assert slip.before == datetime.date(2026, 9, 1)
    assert slipped_since(cast.fresh("pavel"), LONG_AGO) == []


def test_what_is_moved_back_to_its_day_has_not_slipped(cast):
    with acting_as(cast.paula):
        milestone = Milestone.objects.create(study=cast.vel, name="Last subject in", planned_on="2026-09-01")
    for day in (datetime.date(2026, 9, 15), datetime.date(2026, 9, 1)):
        milestone = change_record(
            MilestoneRecord, milestone, {"planned_on": day}, actor=cast.paula, reason="To and fro"
        )
    assert slipped_since(cast.fresh("paula"), LONG_AGO) == []


def test_the_workload_counts_the_sites_and_reports_of_each_monitor(shown, cast, client):
    client.force_login(cast.lena)
    page = client.get("/workload/").content.decode()
    assert "Carla Ruiz" in page
    client.force_login(cast.carla)
    answer = client.get("/workload/")
    assert answer.status_code == 403


def test_very_many_studies_are_compared_in_the_portfolio_and_not_on_the_first_page(cast, client, monkeypatch):
    client.force_login(cast.quentin)
    assert 'class="table rows-open portfolio"' in client.get("/").content.decode()
    monkeypatch.setattr("desk.views.STUDIES_COMPARED", 2)
    page = client.get("/").content.decode()
    assert 'class="table rows-open portfolio"' not in page
    assert "too many to stand here" in page
    assert 'href="/portfolio/"' in page


def test_a_project_managers_late_reports_are_counted_once(shown, cast, client):
    client.force_login(cast.paula)
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/").content.decode()
    counting = [
        one for one in asked if one["sql"].startswith('SELECT "monitoring_monitoringreport"."study_id"')
    ]
    assert 'class="table rows-open portfolio"' in page
    assert len(counting) == 1


def test_the_first_of_very_many_sites_say_of_how_many_and_open_them_all(cast, client, monkeypatch):
    hospital = cast.madrid.organization
    with acting_as(cast.paula, reason="Opened"):
        for number in ("2101", "2102", "2103"):
            site = StudySite.objects.create(country=cast.spain, organization=hospital, number=number)
            assign(actor=cast.ada, user=cast.carla, role="cra", place=site, starts_on=SINCE, trained_on=SINCE)
    for site in StudySite.objects.visible_to(cast.fresh("carla")):
        adopt(site, "ACTIVE", actor=User.objects.system(), reason="test")
    client.force_login(cast.carla)
    assert "The first" not in client.get("/").content.decode(), "all of them are shown"
    monkeypatch.setattr("desk.work.sites.MOST_SITES", 3)
    page = client.get("/").content.decode()
    assert "The first 3 of 4." in page
    address = re.search(r'<a href="([^"]*)">All 4</a>', page)[1].replace("&amp;", "&")
    assert re.search(r'role="status">4 rows', client.get(address).content.decode())


# --- who carries how much ----------------------------------------------------------------------------


def loads(user, on):
    return {load.person.username: load for load in workload_of(user, on)}


def test_a_monitor_carries_the_sites_in_start_up_too_and_the_number_opens_them(cast, client):
    today = datetime.date.today()
    assert cast.madrid.status == "IDENTIFIED"
    assert loads(cast.lena, today)["carla"].sites == 1
    client.force_login(cast.lena)
    page = client.get("/workload/").content.decode()
    address = f"/study-sites/?carried_by={cast.carla.pk}"
    assert page.count(address) == 2, "the name and the number"
    listed = client.get(address)
    assert [site.pk for site in listed.context["page"].object_list] == [cast.madrid.pk]
    assert client.get(f"/action-items/?carried_by={cast.carla.pk}").status_code == 200
    perform(cast.madrid, "reject", actor=cast.paula, reason="No patients")
    assert "carla" not in loads(cast.fresh("lena"), today)


def test_whoever_sees_no_workload_asks_for_nobodys_sites(cast, client):
    client.force_login(cast.carla)
    answer = client.get(f"/study-sites/?carried_by={cast.chris.pk}")
    assert "carried_by" in answer.context["chosen"].ignored


def test_too_many_sites_and_a_new_monitor_are_marked_with_their_threshold():
    on = datetime.date(2026, 6, 1)
    heavy = Load(None, sites=MOST_SITES + 1, began_on=datetime.date(2020, 1, 1))
    assert [word for word, _tone, _why in heavy.marks(on)] == ["Overloaded"]
    assert str(heavy.marks(on)[0][2]) == "Overloaded: more than 8 sites."
    usual = Load(None, sites=MOST_SITES, began_on=on - datetime.timedelta(days=NEW_FOR_DAYS))
    assert usual.marks(on) == []
    fresh = Load(None, sites=2, began_on=on - datetime.timedelta(days=NEW_FOR_DAYS - 1))
    assert [word for word, _tone, _why in fresh.marks(on)] == ["New"]


def tile_of(cast, who, part):
    """Return the tile of a person's first page whose address holds this part."""
    today = datetime.date.today()
    user = cast.fresh(who)
    return next(
        one
        for one in figures_of(user, today, open_reports_of(user, today))
        if part in f"{one.url} {one.words}"
    )


def counted_rows(client, address):
    page = client.get(address).content.decode()
    return int(re.search(r'class="count" role="status">(\d+) row', page)[1])


def test_a_milestone_due_today_is_neither_counted_as_past_its_day_nor_opened_as_one(cast, client):
    today = datetime.date.today()
    with acting_as(cast.paula):
        for name, days in (("Due today", 0), ("Due yesterday", 1)):
            Milestone.objects.create(
                study=cast.vel, name=name, planned_on=today - datetime.timedelta(days=days)
            )
    client.force_login(cast.paula)
    tile = tile_of(cast, "paula", "past its planned day")
    assert (tile.number, counted_rows(client, tile.url)) == ("1", 1)
    assert "Due yesterday" in client.get(tile.url).content.decode()
    page = client.get(f"/studies/{cast.vel.pk}/").content.decode()
    address, title, number, words = re.search(
        r'href="([^"]*standing=overdue)" title="([^"]+)"><span class="tile-number">(\d+)</span><span>([^<]*)',
        page,
    ).groups()
    assert (number, words, title) == ("1", tile.words, tile.definition), "one word and one rule on both pages"
    assert counted_rows(client, address) == 1


def test_every_tile_of_lateness_says_what_it_counts(cast):
    assert "due day has passed" in tile_of(cast, "tara", "expected-documents").definition


def test_one_of_a_kind_is_told_as_one(cast):
    found = []
    for name in ("Interim review", "Last subject in"):
        with acting_as(cast.paula):
            Milestone.objects.create(study=cast.vel, name=name, planned_on=FAR)
        with everything("what a study may not be closed for is a rule of every room"):
            found.append(every_milestone_is_settled(cast.vel, cast.paula))
    assert found[0] == "1 milestone has neither an actual date nor a reason why it does not apply."
    assert found[1].startswith("2 milestones have neither an actual date")
    with everything("what a study may not be closed for is a rule of every room"):
        assert every_site_is_closed(cast.cor, cast.pavel) == "1 site is not closed."
