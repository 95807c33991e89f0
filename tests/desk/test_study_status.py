"""A study's week on one page: every figure counted by hand, told to whoever may see it, with what changed and comes."""

import datetime
import io
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from ctms.audit.as_of import database_now
from ctms.audit.context import acting_as
from ctms.reports.declare import REPORTS, Cut
from ctms.reports.models import ReportRun
from ctms.reports.printing import print_run
from ctms.reports.running import facts_of
from ctms.workflow.engine import perform
from desk.reports.changes import changes_between
from desk.reports.on_record import record_of
from desk.reports.study_status import dates_that_matter
from documents.models import ExpectedDocument
from documents.services import completeness_of
from monitoring import services
from studies.models import Milestone
from subjects.models import Subject
from subjects.services.enrolment import count_subjects, enrolment_of
from subjects.services.enrolment_counts import Counts
from tests.cast import bring_on_stage
from tests.documents.conftest import artifact
from tests.finance.budgeting import Money
from tests.monitoring.conftest import Stage, bring_investigator
from tests.subjects.conftest import Clinic, after

MADRID = ZoneInfo("Europe/Madrid")
# Two weeks and a day after the visit of the stage (16 and 17 Mar 2026), a month after the clinic opened.
ON = datetime.date(2026, 4, 1)


class Week:
    """VEL-301 with subjects at two sites, visits, findings, papers and a budget."""

    def __init__(self, cast):
        self.cast = cast
        bring_investigator(cast)
        self.clinic, self.stage, self.money = Clinic(cast), Stage(cast), Money(cast)
        with acting_as(cast.paula, reason="The plan"):
            cast.vel.planned_enrolled = 20
            cast.vel.planned_sites = 3
            cast.vel.save()
            for kind, baseline, planned in (
                ("FIRST_SUBJECT_IN", "2026-03-01", "2026-03-12"),
                ("LAST_SUBJECT_IN", "2026-06-08", "2026-06-30"),
                ("DATABASE_LOCK", None, "2026-12-01"),
                ("OTHER", None, "2026-04-10"),
            ):
                name = dict(Milestone._meta.get_field("kind").choices)[kind]
                Milestone.objects.create(
                    study=cast.vel, kind=kind, name=str(name), baseline_on=baseline, planned_on=planned
                )
        self.subjects()
        self.monitored()
        self.papers()

    def subjects(self):
        clinic = self.clinic
        clinic.randomised("2003-001", on=after(14))
        clinic.randomised("2003-002", on=after(20))
        failed = clinic.consented("2003-003", on=after(3))
        clinic.move(failed, "fail_screening", happened_on=after(9), choice="INCLUSION_NOT_MET")
        clinic.consented("2003-004", on=after(5))
        clinic.randomised("1001-001", by="chris", site="berlin", on=after(12))

    def monitored(self):
        cast = self.cast
        self.stage.approved()
        self.late = self.stage.conducted("chris", site="berlin", start=after(7), end=after(7))
        self.stage.planned(start=datetime.date(2026, 4, 9), end=datetime.date(2026, 4, 9))
        self.stage.submitted("uma", unblinded=True)
        for due in ("2026-03-20", "2026-04-10"):
            services.raise_action_item(
                actor=cast.carla, site=cast.madrid, text="Send the log", opened_on=after(1),
                due_on=datetime.date.fromisoformat(due),
            )  # fmt: skip
        for importance in ("IMPORTANT", "NOT_IMPORTANT", ""):
            deviation = services.raise_deviation(
                actor=cast.carla, site=cast.madrid, category="WINDOW", description="Too late",
                occurred_on=after(2), identified_on=after(4),
            )  # fmt: skip
            if importance:
                with acting_as(cast.milo, reason="Classified"):
                    deviation.importance = importance
                    deviation.save()
                perform(perform(deviation, "review", actor=cast.milo), "confirm", actor=cast.milo)

    def papers(self):
        with acting_as(self.cast.tara, reason="Expected"):
            for due in ("2026-03-01", "2026-03-31", "2026-04-01", "2026-04-08", None):
                ExpectedDocument.objects.create(
                    study=self.cast.vel, site=self.cast.madrid, artifact=artifact("05.02.04"), due_on=due
                )

    def facts(self, who="paula", name="study-status", on=ON, place="vel"):
        user = self.cast.fresh(who)
        return facts_of(REPORTS[name], user, self.cast.places[place], on, database_now(), MADRID)["content"]

    def figures(self, who="paula"):
        return {
            row["label"]: row["value"] for section in self.facts(who)["sections"] for row in section["rows"]
        }


@pytest.fixture
def week(cast):
    return Week(cast)


def test_every_figure_is_what_one_counts_by_hand(week):
    figures = week.figures()
    assert figures["Enrolled of planned"] == "3/20 (15.0 %)"
    # From 1 Mar to 8 Jun are 100 days for 20 subjects; 1 Apr is the 32nd.
    assert figures["Enrolled of the plan to date"] == "3/6"
    assert figures["Screened"] == "5"
    assert figures["Screen failures"] == "1/4 (25.0 %)"
    assert figures["Opened of planned"] == "2/3"
    assert figures["Active"] == "2"
    assert figures["Visits conducted"] == "2"
    # Chris's visit of 9 Mar had until 19 Mar; Carla's report is approved.
    assert figures["Reports late of open"] == "1/1"
    assert figures["Deviations not settled of all"] == "1/3"
    assert figures["Important of classified"] == "1/2"
    assert figures["Action items overdue of open"] == "1/2"
    assert figures["On file of due"] == "0/2"
    assert figures["Late"] == "2"
    assert "Earned of contracted" not in figures, "there is no budget yet"


def test_the_figures_are_those_of_the_pages(week):
    cast = week.cast
    subjects = Subject.objects.visible_to(cast.paula).filter(study=cast.vel)
    today = enrolment_of(user=cast.fresh("paula"), study=cast.vel, on=ON)
    assert sum(count_subjects(subjects, ON).values(), Counts()) == today.total
    assert count_subjects(subjects, ON) == {one.place.pk: one.counts for one in today.sites}
    _zones, total = completeness_of(cast.fresh("paula"), cast.vel, ON)
    cut = Cut(cast.fresh("paula"), ON, database_now(), cast.vel.pk)
    record = record_of(cut)
    assert record.completeness == total
    assert record.completeness_at(cast.madrid) == total
    assert record.plan.by(ON) == 6


def test_the_dates_that_matter_stand_with_their_slippage(week):
    dates = week.facts()["dates"]
    assert [(one["name"], one["slippage"], one["late"]) for one in dates] == [
        ("First subject in", 11, True),
        ("Last subject in", 22, False),
        ("Database lock", None, False),
    ]
    plan = [
        Milestone(kind="STUDY_COMPLETION", name="end"),
        Milestone(kind="PRIMARY_COMPLETION", name="primary"),
        Milestone(kind="DATABASE_LOCK", name="not ours", status="NOT_APPLICABLE"),
    ]
    for number, one in enumerate(plan):
        one.pk = number
    assert [one.name for one in dates_that_matter(plan)] == ["primary"]


def test_the_dates_that_matter_have_behind_them_those_that_slipped_most():
    day = datetime.date(2026, 9, 1)
    plan = [
        Milestone(pk=number, kind=kind, name=name, baseline_on=day, planned_on=day + datetime.timedelta(slip))
        for number, (kind, name, slip) in enumerate(
            [
                ("DATABASE_LOCK", "lock", 0),
                ("OTHER", "a little", 1),
                ("OTHER", "most", 40),
                ("OTHER", "more", 21),
                ("OTHER", "not at all", 0),
            ]
        )
    ]
    plan.append(Milestone(pk=9, kind="OTHER", name="done", status="COMPLETED", baseline_on=day,
                          actual_on=day + datetime.timedelta(90)))  # fmt: skip
    assert [one.name for one in dates_that_matter(plan)] == ["lock", "most", "more"]


def test_each_reader_gets_the_rooms_and_rows_they_see(week):
    assert week.figures("carla")["Screened"] == "4"
    assert week.figures("carla")["Enrolled"] == "2", (
        "a part of the sites is compared with no plan of the whole"
    )
    assert week.figures("carla")["Visits conducted"] == "1"
    assert week.facts("carla")["enrolment"] is None
    assert week.figures("uma")["Visits conducted"] == "3", "the unblinded circle counts its own"
    titles = [section["title"] for section in week.facts("tara")["sections"]]
    assert titles == ["Sites", "Monitoring", "Deviations and action items", "Trial master file"]
    assert [section["title"] for section in week.facts("fiona")["sections"]][:2] == ["Enrolment", "Sites"]
    assert "Monitoring" not in str(week.facts("fiona")["sections"])


def test_money_is_told_to_whoever_sees_it_and_of_the_circle_to_the_circle(week):
    line = week.money.executed(price="1000", units="20")
    circle = week.money.circle()
    version = week.money.draft(week.money.budget(unblinded=True, by=circle), by=circle)
    week.money.line(version, by=circle, price="7000", units="2", driver="MANUAL", visit_types=[])
    week.money.enter(line, 3, day=datetime.date(2026, 3, 31))
    week.money.enter(line, 4, day=ON + datetime.timedelta(days=1))
    figures = week.figures("paula")
    assert figures["Earned of contracted"] == "3,000.00 EUR / 20,000.00 EUR", (
        "what is earned after the day is not in it"
    )
    assert "Earned of contracted (unblinded)" not in figures
    assert "Earned of contracted (unblinded)" in week.figures(circle)
    for who in ("carla", "tara", "milo"):
        assert not [label for label in week.figures(who) if "Earned" in label], who


def test_what_comes_in_two_weeks_is_listed_with_its_day(week):
    ahead = week.facts()["ahead"]
    assert ahead["until"] == "2026-04-15"
    assert [(one["on"], one["what"].split(" · ")[0]) for one in ahead["items"]] == [
        ("2026-04-09", "IMV 2"),
        ("2026-04-10", "Other"),
    ]
    assert ahead["due"] == ["Expected documents falling due: 2.", "Action items falling due: 1."]


def test_what_changed_is_told_from_two_records_of_the_study(committed_database):
    # As the tests' sites are taken over in the transaction they are made in.
    with transaction.atomic():
        week = Week(bring_on_stage())
    cast = week.cast

    def record(who="paula"):
        return record_of(Cut(cast.fresh(who), ON, database_now(), cast.vel.pk))

    before, carlas = record(), record("carla")
    assert list(changes_between(before, record())) == []
    week.clinic.randomised("1001-002", by="chris", site="berlin", on=after(15))
    with acting_as(cast.paula, reason="Agreed"):
        last = Milestone.objects.visible_to(cast.paula).get(kind="LAST_SUBJECT_IN")
        last.planned_on = datetime.date(2026, 7, 10)
        last.save()
    perform(cast.madrid, "hold", actor=cast.sue, happened_on=ON, reason="Staff")
    told = list(changes_between(before, record()))
    assert told == [
        "Last subject in: moved from 30 Jun 2026 to 10 Jul 2026 (+10 days).",
        "2003 · Hospital Clínico de Chamberí: Active → Enrolment hold.",
        "+1 enrolled (3 → 4).",
        "+1 screened (5 → 6).",
    ]
    assert not [one for one in changes_between(carlas, record("carla")) if "enrolled" in one], (
        "Berlin is not hers"
    )


def test_a_week_before_the_first_record_is_not_said_to_have_been_empty(week):
    changes = week.facts()["changes"]
    assert changes["sentences"] == []
    assert "nothing of this study was on record" in changes["unknown"]


def test_it_is_one_page_even_when_much_happened(week):
    facts = facts_of(
        REPORTS["study-status"], week.cast.fresh("paula"), week.cast.vel, ON, database_now(), MADRID
    )
    content = facts["content"]
    content["changes"] = {
        "since": "2026-03-25", "unknown": "", "more": 12,
        "sentences": ["2003 · Hospital Clínico de Chamberí: Under qualification → Enrolment closed."] * 6,
    }  # fmt: skip
    content["ahead"]["items"] = [
        {
            "on": "2026-04-09",
            "what": "IMV 12 (unblinded) · 2003 · Hospital Clínico de Chamberí · Carla Ruiz",
            "url": "",
        }
    ] * 6
    content["ahead"]["more"] = 30
    money = {"label": "Earned of contracted", "value": "1,234,567.00 EUR / 9,876,543.00 EUR", "late": False}
    content["sections"].append(
        {"title": "Sponsor budget", "rows": [{**money, "definition": "Units at their price.", "url": ""}] * 3}
    )
    for state in (
        "Identified",
        "Under qualification",
        "Selected",
        "Start-up",
        "Initiated",
        "Closed",
        "Dropped",
    ):
        content["sections"][1]["rows"].append(
            {"label": state, "value": "12", "definition": "", "url": "", "late": False}
        )
    run = ReportRun(pk=1, report="study-status", facts=facts, sha256="0" * 64, status_on=ON)
    pages = PdfReader(io.BytesIO(print_run(run))).pages
    assert len(pages) == 1
    text = pages[0].extract_text()
    for words in ("Study status", "VEL-301", "3/20 (15.0 %)", "and 12 more", "Data cut"):
        assert words in text, words


def test_the_page_shows_it_with_links_and_the_sheet_has_every_figure(week, client):
    cast = week.cast
    client.force_login(cast.paula)
    address = f"/reports/study-status/?study={cast.vel.pk}"
    answer = client.post(
        address, {"place": "study", "on": database_now().astimezone(MADRID).date().isoformat()}
    )
    page = client.get(answer.headers["Location"]).content.decode()
    assert f'<a href="/studies/{cast.vel.pk}/subjects/">3/20 (15.0 %)' in page
    assert "What the figures mean" in page
    sheet = client.get(f"{answer.headers['Location']}sheet/csv/").content.decode()
    assert "Screen failures,1/4 (25.0 %),Screen failures ÷ (screen failures + enrolled)" in sheet


@pytest.mark.parametrize(("report", "queries"), [("study-status", 34), ("site-status", 36), ("overdue", 33)])
def test_the_number_of_queries_does_not_grow_with_the_rows(week, report, queries):
    def asked():
        reader = week.cast.fresh("paula")
        with CaptureQueriesContext(connection) as captured:
            facts_of(REPORTS[report], reader, week.cast.vel, ON, database_now(), MADRID)
        return len(captured)

    few = asked()
    for number in range(5, 9):
        week.clinic.randomised(f"2003-00{number}", on=after(14))
        week.stage.conducted()
    assert asked() == few == queries


# --- the other two reports over every room -----------------------------------------------------------


def lines(content):
    titles = [column["title"] for column in content["columns"]]
    return [
        dict(zip(titles, row["cells"], strict=True)) for group in content["groups"] for row in group["rows"]
    ]


def test_the_site_tracker_has_a_row_a_site_with_the_investigator_of_the_day(week):
    berlin, madrid = lines(week.facts(name="site-status"))
    assert berlin["Site"] == "1001 · Klinikum am Fließ"
    assert (berlin["Investigator"], berlin["Enrolled"], berlin["Last visit"]) == ("", 1, "2026-03-09")
    assert madrid["Investigator"] == "Dr Pablo Vidal"
    assert (madrid["State"], madrid["Effective state"]) == ("Active", "Active")
    assert (madrid["Screened"], madrid["SF"], madrid["Enrolled"]) == (4, 1, 2)
    assert (madrid["Last visit"], madrid["Next visit"]) == ("2026-03-17", "2026-04-09")
    assert (madrid["Open items"], madrid["Overdue"], madrid["TMF"]) == (2, 1, "0/2")
    on_monday = lines(week.facts(name="site-status", on=datetime.date(2026, 3, 16)))[1]
    assert on_monday["Investigator"] == "Dr Isabel Moreno"
    (hers,) = lines(week.facts("carla", "site-status"))
    assert hers["Site"].startswith("2003")
    (no_subjects, _other) = lines(week.facts("tara", "site-status"))
    assert no_subjects["Screened"] is None, "a dash, not nought: she does not see subjects"


def test_a_hold_of_the_study_holds_its_sites(week):
    perform(week.cast.vel, "hold_enrolment", actor=week.cast.paula, reason="Safety", happened_on=ON)
    states = [one["Effective state"] for one in lines(week.facts(name="site-status"))]
    assert states == ["Enrolment hold (study)", "Enrolment hold (study)"]


def test_the_overdue_list_names_what_where_whose_and_how_long(week):
    found = {
        (one["What"].split(":")[0], one["Place"].split(" ")[0], one["Owner"], one["Days late"])
        for one in lines(week.facts(name="overdue"))
    }
    assert ("Report · IMV 1", "1001", "Chris Vogel", 13) in found
    assert ("AI 1", "2003", "Site", 12) in found
    assert ("First subject in", "VEL-301", "", 20) in found
    assert [days for what, _where, _owner, days in found if "05.02.04" in what].sort() is None
    assert not [what for what, *_rest in found if "unblinded" in what]
    assert [what for what, *_rest in _rows(week, "uma") if "unblinded" in what], (
        "her own report is late as well"
    )
    assert not [where for _what, where, *_rest in _rows(week, "carla") if where == "1001"]


def _rows(week, who):
    return [tuple(one.values()) for one in lines(week.facts(who, "overdue"))]
