"""The portfolio: who sees which studies in it, that its numbers equal their rows, and when a study is at risk."""

import datetime
import re
from decimal import Decimal

import pytest
from django.utils import timezone

from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.workflow.engine import adopt
from desk.portfolio import judging, views
from desk.portfolio.reading import gravest_first, rows_of, studies_in_portfolio
from finance.services import Worth, standing_of, worth_of
from monitoring.models import Deviation
from monitoring.services.figures import MonitoringFigures, figures_by, late_reports
from studies.models import Milestone, Study
from studies.services.plan_standing import MOVED_WITHIN_DAYS, moved_since
from subjects.models import Subject
from subjects.services.enrolment import StudyEnrolment

ON = datetime.date(2026, 6, 1)


def portfolio(user, on=ON):
    return {row.study.protocol_number: row for row in rows_of(user, studies_in_portfolio(user), on)}


@pytest.mark.parametrize(
    ("who", "numbers"),
    [
        ("paula", {"VEL-301"}),
        ("pavel", {"COR-207"}),
        ("carla", {"VEL-301"}),
        ("quentin", {"VEL-301", "KIN-204", "COR-207"}),
        ("stella", set()),
    ],
)
def test_everybody_sees_their_own_studies_and_no_others(cast, client, who, numbers):
    assert set(portfolio(cast.people[who])) == numbers
    client.force_login(cast.people[who])
    page = client.get("/portfolio/").content.decode()
    for number in ("VEL-301", "KIN-204", "COR-207"):
        assert (f"<strong>{number}</strong>" in page) is (number in numbers)


@pytest.mark.parametrize("who", ["sam", "simone", "ingrid"])
def test_people_from_outside_have_no_portfolio(cast, client, who):
    client.force_login(cast.people[who])
    assert client.get("/portfolio/").status_code == 404
    assert client.get("/workload/").status_code in (403, 404)


def test_money_is_shown_to_those_who_may_see_the_budget_only(shown, furnished, cast):
    assert portfolio(cast.paula)["VEL-301"].money is not None
    assert portfolio(cast.carla)["VEL-301"].money is None
    assert portfolio(cast.milo)["VEL-301"].money is None


def test_unblinded_work_counts_for_its_circle_only(shown, cast):
    shown.submitted("uma", unblinded=True)
    blinded, circle = (
        figures_by(cast.fresh(who), "study", [cast.vel.pk], ON)[cast.vel.pk] for who in ("lena", "ursula")
    )
    assert circle.reports_open == blinded.reports_open + 1


@pytest.fixture
def enrolled(cast):
    with acting_as(cast.paula, reason="The plan"):
        Study.objects.filter(pk=cast.vel.pk).visible_to(cast.paula).update(planned_enrolled=100)
        for kind, day in (("FIRST_SUBJECT_IN", "2026-01-01"), ("LAST_SUBJECT_IN", "2026-12-31")):
            Milestone.objects.create(
                study=cast.vel, kind=kind, name=kind.title(), baseline_on=day, planned_on=day
            )
    system = User.objects.system()
    with acting_as(system, reason="As the sites told us"):
        for site, number, day in (
            (cast.madrid, "2003-001", "2026-03-02"),
            (cast.madrid, "2003-002", "2026-05-04"),
            (cast.berlin, "1001-001", "2026-05-05"),
            (cast.berlin, "1001-002", "2026-06-30"),
        ):
            on = datetime.date.fromisoformat(day)
            subject = Subject.objects.create(site=site, number=number, consented_on=on, randomised_on=on)
            adopt(subject, "RANDOMISED", actor=system, reason="Taken over")
    return cast


def test_enrolment_counts_to_the_day_and_stands_beside_the_plan_to_date(enrolled):
    cast = enrolled
    found = portfolio(cast.fresh("paula"))["VEL-301"].enrolment
    assert (found.enrolled, found.planned) == (3, 100)
    # Day 152 of 365.
    assert found.planned_so_far == round(100 * 152 / 365)
    assert found.recent == (0, 0, 1, 0, 2, 0)


def test_whoever_sees_one_site_learns_neither_the_plan_nor_the_other_sites(enrolled):
    found = portfolio(enrolled.fresh("carla"))["VEL-301"].enrolment
    assert (found.enrolled, found.planned, found.planned_so_far) == (2, None, None)


def test_the_number_of_queries_does_not_grow_with_the_studies(
    cast, django_assert_num_queries, django_assert_max_num_queries
):
    user = cast.fresh("quentin")
    studies = studies_in_portfolio(user)
    with django_assert_max_num_queries(20) as three:
        rows_of(user, studies, ON)
    one_user = cast.fresh("quentin")
    one = studies_in_portfolio(one_user)[:1]
    with django_assert_num_queries(len(three)):
        rows_of(one_user, one, ON)


def test_the_next_date_says_how_far_it_was_moved_within_four_weeks(cast):
    with acting_as(cast.paula, reason="The plan"):
        milestone = Milestone.objects.create(
            study=cast.vel,
            kind="LAST_SUBJECT_IN",
            name="Last subject in",
            planned_on=datetime.date(2026, 9, 1),
        )
    assert portfolio(cast.fresh("paula"))["VEL-301"].moved_days == 0, "it was not planned yet four weeks ago"
    # What was planned at a moment is what the history tells of it; everything in a test happens at one moment.
    ahead = timezone.now() + datetime.timedelta(days=1)
    milestone.planned_on = datetime.date(2026, 9, 15)
    assert moved_since(cast.paula, [milestone], ahead) == {milestone.pk: 14}
    long_ago = ahead - datetime.timedelta(days=90)
    assert moved_since(cast.paula, [milestone], long_ago) == {milestone.pk: 14}, "since it was first planned"
    assert moved_since(cast.pavel, [milestone], ahead) == {}
    month_on = timezone.localdate() + datetime.timedelta(days=MOVED_WITHIN_DAYS + 1)
    (row,) = rows_of(cast.fresh("paula"), studies_in_portfolio(cast.fresh("paula")), month_on)
    assert row.moved_days == 0, "planned four weeks ago as it is planned now"


def test_deviations_are_counted_by_the_month_they_occurred_in_and_by_who_sees_them(cast):
    with acting_as(cast.lena, reason="Found at the sites"):
        for number, site, day, status, unblinded in (
            (1, cast.madrid, "2026-05-04", "NEW", False),
            (2, cast.madrid, "2026-05-20", "NEW", True),
            (3, cast.berlin, "2026-06-01", "NEW", False),
            (4, cast.madrid, "2025-11-30", "NEW", False),
        ):
            Deviation.objects.create(
                site=site, number=number, category="DOSING", description="Late", unblinded=unblinded,
                occurred_on=day, identified_on=day, status=status,
            )  # fmt: skip
        mistaken = Deviation.objects.create(
            site=cast.madrid, number=5, category="DOSING", description="Raised by mistake",
            occurred_on="2026-05-05", identified_on="2026-05-05",
        )  # fmt: skip
        Deviation.objects.filter(pk=mistaken.pk).visible_to(cast.lena).update(status="WITHDRAWN")
    counted = {who: portfolio(cast.fresh(who))["VEL-301"].deviations for who in ("lena", "carla", "ursula")}
    assert counted == {
        "lena": [0, 0, 0, 0, 1, 1],
        "carla": [0, 0, 0, 0, 1, 0],
        "ursula": [0, 0, 0, 0, 2, 1],
    }


def test_what_is_earned_is_shown_by_month_to_who_sees_the_budget(shown, furnished, cast):
    row = portfolio(cast.paula)["VEL-301"]
    assert sum(row.money.by_month.values()) == row.money.earned
    assert row.money.earned > 0
    # The portfolio reads less than the page of the budget, and says the same.
    assert row.money == worth_of(row.money.budget, standing_of(cast.paula, row.money.budget, ON))
    assert "Earned in each of the last months" in row.money_trend
    assert portfolio(cast.carla)["VEL-301"].money_trend == ""


def test_the_gravest_study_stands_first(cast):
    with acting_as(cast.pavel, reason="The plan"):
        Milestone.objects.create(
            study=cast.cor,
            kind="DATABASE_LOCK",
            name="Database lock",
            baseline_on="2026-02-01",
            planned_on="2026-05-01",
        )
    user = cast.fresh("quentin")
    rows = gravest_first(rows_of(user, studies_in_portfolio(user), ON))
    assert rows[0].study == cast.cor
    assert rows[0].worst.tone == "red"
    assert "31 days past its day" in rows[0].worst.sentence


def test_a_house_with_more_studies_than_a_page_is_told_what_is_counted(cast, client, monkeypatch):
    client.force_login(cast.quentin)
    whole = client.get("/portfolio/").content.decode()
    assert "Counts and order below are of these." not in whole
    monkeypatch.setattr(views, "ON_A_PAGE", 1)
    page = " ".join(client.get("/portfolio/?page=2").content.decode().split())
    assert "Studies 2 to 2 of 3, by their numbers." in page
    assert "All 1</a>" in page


# --- when what is judged how ------------------------------------------------------------------------------


def gate(baseline, planned):
    return Milestone(name="Database lock", baseline_on=baseline, planned_on=planned)


@pytest.mark.parametrize(
    ("days", "tone"), [(-5, "green"), (0, "green"), (1, "amber"), (30, "amber"), (31, "red")]
)
def test_time_is_judged_by_the_days_after_the_baseline(days, tone):
    baseline = datetime.date(2026, 9, 1)
    assert judging.judge_time(gate(baseline, baseline + datetime.timedelta(days)), ON).tone == tone


def test_a_date_without_a_baseline_is_not_judged():
    assert judging.judge_time(gate(None, datetime.date(2026, 9, 1)), ON).tone == "grey"


@pytest.mark.parametrize(("enrolled", "tone"), [(90, "green"), (89, "amber"), (75, "amber"), (74, "red")])
def test_enrolment_is_judged_by_the_plan_to_date(enrolled, tone):
    assert judging.judge_enrolment(StudyEnrolment(enrolled, 150, 100, ())).tone == tone


def test_enrolment_without_a_plan_is_not_judged():
    assert judging.judge_enrolment(StudyEnrolment(5, None, None, ())).tone == "grey"


@pytest.mark.parametrize(("late", "tone"), [(0, "green"), (1, "amber"), (3, "amber"), (4, "red")])
def test_monitoring_is_judged_by_its_late_reports(late, tone):
    assert judging.judge_monitoring(MonitoringFigures(reports_open=9, reports_late=late)).tone == tone


@pytest.mark.parametrize(
    ("earned", "at_risk", "tone"),
    [(60, 0, "green"), (61, 0, "amber"), (71, 0, "red"), (10, 1, "amber")],
)
def test_money_is_judged_by_how_far_it_runs_ahead_of_the_subjects(earned, at_risk, tone):
    class Euro:
        currency = "EUR"

    money = Worth(Euro(), Decimal(100), Decimal(earned), Decimal(at_risk))
    assert judging.judge_money(money, StudyEnrolment(50, 100, None, ())).tone == tone


def test_late_reports_are_those_the_number_counts(shown, cast):
    far = datetime.date(2027, 1, 1)
    user = cast.fresh("lena")
    late = late_reports(user, far)
    assert shown.in_draft in late
    assert shown.published not in late
    assert figures_by(user, "study", [cast.vel.pk], far)[cast.vel.pk].reports_late == len(late)


# --- why a study has its colour --------------------------------------------------------------------------


def planned(study, by, name, baseline, day, **more):
    with acting_as(by, reason="The plan"):
        return Milestone.objects.create(study=study, name=name, baseline_on=baseline, planned_on=day, **more)


def test_a_study_without_any_date_ahead_is_not_on_plan(cast):
    row = portfolio(cast.paula)["VEL-301"]
    assert (row.worst.tone, str(row.worst.word)) == ("grey", "Not assessed")
    assert [str(one) for one in row.reasons] == [
        "No open milestone has a planned day: there is no plan to be on."
    ]
    planned(cast.vel, cast.paula, "Database lock", "2026-09-01", "2026-09-01", kind="DATABASE_LOCK")
    assert portfolio(cast.fresh("paula"))["VEL-301"].worst.tone == "green"


def test_the_portfolio_the_first_page_and_the_study_say_why(cast, client):
    day = datetime.date.today() + datetime.timedelta(days=90)
    before = day - datetime.timedelta(days=21)
    planned(cast.vel, cast.paula, "Database lock", before, day, kind="DATABASE_LOCK")
    client.force_login(cast.paula)
    for address in ("/portfolio/", "/", f"/studies/{cast.vel.pk}/"):
        page = client.get(address).content.decode()
        assert "At risk" in page
        assert ">Database lock is planned 21 days after its baseline.<" in page or (
            "</span> Database lock is planned 21 days after its baseline." in page
        ), address


def test_the_reasons_stand_in_the_order_of_their_gravity():
    assert judging.reasons_of(
        [
            judging.Judgement("amber", "a little"),
            judging.Judgement("green", "fine"),
            judging.Judgement("red", "very"),
        ]
    ) == ["very", "a little"]


def test_people_from_outside_read_no_judgement_on_a_study(cast, client):
    client.force_login(cast.ingrid)
    assert "How the study stands" not in client.get(f"/studies/{cast.vel.pk}/").content.decode()
    client.force_login(cast.paula)
    assert "How the study stands" in client.get(f"/studies/{cast.vel.pk}/").content.decode()


def test_the_plan_is_defined_by_the_day_it_is_measured_at(enrolled, client):
    cast = enrolled
    with acting_as(cast.paula, reason="It slips"):
        Milestone.objects.filter(study=cast.vel).visible_to(cast.paula).filter(kind="LAST_SUBJECT_IN").update(
            planned_on="2027-12-31"
        )
    found = portfolio(cast.fresh("paula"))["VEL-301"].enrolment
    assert found.planned_so_far == round(100 * 152 / 365), "a day that moves moves no baseline"
    client.force_login(cast.paula)
    for address in ("/portfolio/", f"/studies/{cast.vel.pk}/enrolment/"):
        assert "each at its baseline" in client.get(address).content.decode()


def test_the_open_sites_and_the_subjects_of_a_row_open_what_is_counted(enrolled, client):
    cast = enrolled
    client.force_login(cast.paula)
    page = client.get("/portfolio/").content.decode()
    assert f'href="/studies/{cast.vel.pk}/enrolment/"' in page
    assert "<dt>Sites open</dt>" in page
    address, opened = re.search(r'href="(/studies/\d+/study-sites/\?[^"]+)">(\d+) of \d+<', page).groups()
    rows = client.get(address.replace("&amp;", "&")).content.decode()
    assert re.search(rf">{opened} rows?<", rows)
    assert "status=ACTIVE" in address
    client.force_login(cast.tara)
    assert f'href="/studies/{cast.vel.pk}/enrolment/"' not in client.get("/portfolio/").content.decode()
