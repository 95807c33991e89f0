"""Units earned: each from a fact, once however often the books are made, taken back by a row and never by an edit."""

import datetime
import threading
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.jobs.models import Job
from ctms.jobs.queue import enqueue
from ctms.jobs.worker import run_job
from ctms.workflow.engine import adopt, perform
from directory.models import Organization
from documents.models import Artifact, Document
from finance.models import EarnedUnit
from finance.pages.earned import source_record
from finance.services.drivers import house_day
from monitoring.models import MonitoringReport
from studies.models import StudyCountry, StudySite
from subjects.models import Subject
from tests.cast import bring_on_stage
from tests.finance.budgeting import Money
from tests.monitoring.conftest import Stage, bring_investigator


@pytest.fixture
def money(cast):
    return Money(cast)


@pytest.fixture
def stage(cast):
    bring_investigator(cast)
    return Stage(cast)


def today():
    return timezone.now()


def long_line(money, **what):
    """Return a line whose period holds today, whenever the test runs."""
    return money.executed(starts_on=datetime.date(2025, 1, 1), ends_on=datetime.date(2029, 12, 31), **what)


def filed(report):
    """Let the worker print and file an approved report; returns its document."""
    for promised in Job.objects.filter(name="monitoring.file_report", state="WAITING"):
        run_job(promised.pk)
    with everything("the test knows every row"):
        return MonitoringReport.objects.get(pk=report.pk).filed_as


def test_a_monitoring_visits_approved_report_is_one_earned_unit_however_often_the_job_runs(
    money, stage, cast
):
    line = long_line(money)
    report = stage.submitted()
    assert money.book(line.budget, now=today()) == []
    report = stage.signed(report, "approve", "lena")
    for _again in range(3):
        promised = enqueue("finance.book_earned_units", asked_by=User.objects.system())
        run_job(promised.pk)
        assert Job.objects.get(pk=promised.pk).state == "DONE"
    money.book(line.budget, now=today())
    (row,) = money.rows(line)
    assert (row.quantity, row.day, row.source) == (
        1,
        report.approved_on,
        f"monitoring.MonitoringReport/{report.pk}",
    )
    assert row.month == report.approved_on.replace(day=1)
    assert source_record(cast.paula, row) == report
    with acting_as(cast.paula, reason="attack"), pytest.raises(DatabaseError), transaction.atomic():
        EarnedUnit.objects.create(
            line=line, month=row.month, day=row.day, quantity=1, source=row.source, booked_on=row.day
        )


def test_a_visit_conducted_or_a_report_in_review_earns_nothing_on_a_line_of_approved_reports(money, stage):
    line = long_line(money)
    stage.submitted()
    stage.conducted(start=datetime.date(2026, 3, 18), end=datetime.date(2026, 3, 18))
    assert money.book(line.budget, now=today()) == []


def test_when_the_filed_report_is_voided_its_unit_is_taken_back_by_a_row(money, stage, cast):
    line = long_line(money)
    document = filed(stage.approved())
    money.book(line.budget, now=today())
    perform(document, "void", actor=cast.paula, reason="Filed under the wrong site")
    money.book(line.budget, now=today())
    money.book(line.budget, now=today())
    first, back = money.rows(line)
    assert (first.quantity, back.quantity, back.corrects_id, back.source) == (1, -1, first.pk, first.source)
    assert back.explanation
    assert back.day == house_day(today())
    assert money.standing(line).total.earned_units == 0


def test_a_row_once_booked_is_never_edited_or_removed(money, stage, cast):
    line = long_line(money)
    row = money.enter(line, "2")
    for change in (
        lambda: EarnedUnit.objects.filter(pk=row.pk).update(quantity=9),
        lambda: EarnedUnit.objects.filter(pk=row.pk).delete(),
    ):
        with (
            acting_as(cast.fiona, reason="attack"),
            everything("the test attacks"),
            pytest.raises(DatabaseError),
            transaction.atomic(),
        ):
            change()
    assert money.quantities(line) == [2]


def test_visit_type_method_and_country_decide_what_a_line_counts(money, stage, cast):
    version = money.draft(money.budget())
    period = {"starts_on": datetime.date(2025, 1, 1), "ends_on": datetime.date(2029, 12, 31)}
    lines = {
        code: money.line(version, code=code, **period, **what)
        for code, what in {
            "SPAIN": {"countries": ["ES"]},
            "GERMANY": {"countries": ["DE"]},
            "INITIATION": {"visit_types": ["SIV"]},
            "DAYS": {"unit": "VISIT_DAY", "driver": "VISIT_DAY_REPORTED"},
            "REMOTE": {"driver": "REMOTE_REPORT"},
            "VISITS": {"driver": "VISIT_CONDUCTED", "visit_types": []},
        }.items()
    }
    stage.approved()  # Madrid, two days, on site
    stage.conducted("chris", site="berlin", visit_type="SIV")
    money.book(version.budget, now=today())
    counted = {code: money.quantities(line) for code, line in lines.items()}
    assert counted == {
        "SPAIN": [1],
        "GERMANY": [],
        "INITIATION": [],
        "DAYS": [2],
        "REMOTE": [],
        "VISITS": [1, 1],
    }


def test_what_happened_before_a_lines_first_day_is_not_this_budgets(money, stage):
    stage.approved()
    # At the site it may be tomorrow already.
    later = timezone.localdate() + datetime.timedelta(days=2)
    line = money.executed(starts_on=later, ends_on=datetime.date(2029, 12, 31))
    assert money.book(line.budget, now=today()) == []


def test_what_was_earned_on_a_change_order_the_sponsor_did_not_want_stays_and_is_at_risk(money, stage, cast):
    contract = long_line(money, visit_types=["SIV"])
    change = money.draft(
        contract.budget, "CHANGE_ORDER", since=datetime.date(2026, 7, 1), change_reason="OTHER"
    )
    line = money.line(change, code="MON-02", price="1000", starts_on=datetime.date(2025, 1, 1))
    stage.approved()
    money.book(line.budget, now=today())
    perform(change, "withdraw", actor=cast.paula, reason="The sponsor did not want it")
    money.book(line.budget, now=today())
    assert money.quantities(line) == [1]
    standing = money.standing(line)
    assert (standing.at_risk_units, standing.at_risk_value) == (1, 1000)


def test_a_job_and_a_button_at_the_same_moment_book_a_unit_once(committed_database):
    cast = bring_on_stage()
    bring_investigator(cast)
    money = Money(cast)
    line = long_line(money)
    Stage(cast).approved()
    together, booked = threading.Barrier(2), []

    def book():
        together.wait()
        try:
            booked.append(len(money.book(line.budget, now=today())))
        finally:
            connections.close_all()

    people = [threading.Thread(target=book) for _each in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=30)
    assert sorted(booked) == [0, 1]
    assert money.quantities(line) == [1]


# --- months, sites and their time zones --------------------------------------------------------------


def active(cast, site, *moves):
    """Take a site over as active, then move it: (transition, day)."""
    system = User.objects.system()
    with acting_as(system, reason="Taken over"):
        fresh = StudySite.objects.create(
            country=site.country, organization=site.organization, number=f"{site.number}9", zone=site.zone
        )
        adopt(fresh, "ACTIVE", actor=system, reason="Taken over", happened_on=moves[0][1])
    for name, day in moves[1:]:
        fresh = perform(fresh, name, actor=system, reason="As agreed", happened_on=day)
    return fresh


def by_month(money, line):
    return {row.month.strftime("%Y-%m"): row.quantity for row in money.rows(line)}


def test_a_site_month_is_earned_pro_rata_when_it_is_over_and_a_hold_does_not_end_it(money, cast):
    line = money.executed(driver="SITE_MONTH", unit="SITE_MONTH", price="460", visit_types=[])
    active(
        cast,
        cast.madrid,
        ("adopt", datetime.date(2026, 3, 16)),
        ("hold", datetime.date(2026, 4, 2)),
        ("resume", datetime.date(2026, 4, 20)),
        ("close_enrolment", datetime.date(2026, 4, 28)),
        ("close", datetime.date(2026, 5, 10)),
    )
    money.book(line.budget)
    assert by_month(money, line) == {
        "2026-03": Decimal("0.5161"),
        "2026-04": Decimal(1),
        "2026-05": Decimal("0.3226"),
    }


def test_a_month_that_is_not_over_there_is_not_earned_yet(money, cast):
    with acting_as(cast.paula):
        country = StudyCountry.objects.create(study=cast.vel, nation_id="AU")
        sydney = StudySite(
            country=country,
            organization=Organization.objects.create(name="Harbour Clinic", kind="HOSPITAL"),
            number="700",
            zone="Australia/Sydney",
        )
    line = money.executed(driver="SITE_MONTH", unit="SITE_MONTH", visit_types=[])
    since = datetime.date(2026, 3, 1)
    active(cast, sydney, ("adopt", since))
    active(cast, cast.madrid, ("adopt", since))
    # The 31st of March, 15:00 UTC: April in Sydney, still March in Madrid.
    money.book(line.budget, now=datetime.datetime(2026, 3, 31, 15, tzinfo=datetime.UTC))
    assert [row.label.split(" · ")[0] for row in money.rows(line)] == ["7009"]
    money.book(line.budget, now=datetime.datetime(2026, 3, 31, 23, tzinfo=datetime.UTC))
    assert len(money.rows(line)) == 2


def test_a_closing_day_learned_late_shortens_its_month_by_a_row_of_today(money, cast):
    line = money.executed(driver="SITE_MONTH", unit="SITE_MONTH", visit_types=[])
    site = active(cast, cast.madrid, ("adopt", datetime.date(2026, 4, 1)))
    money.book(line.budget, now=datetime.datetime(2026, 5, 2, 12, tzinfo=datetime.UTC))
    assert money.quantities(line) == [1]
    for name, day in (("close_enrolment", 10), ("close", 15)):
        site = perform(
            site,
            name,
            actor=User.objects.system(),
            reason="Told late",
            happened_on=datetime.date(2026, 4, day),
        )
    money.book(line.budget)
    whole, correction = money.rows(line)
    assert (whole.quantity, correction.quantity) == (1, Decimal("-0.5"))
    assert (correction.month, correction.corrects_id) == (datetime.date(2026, 6, 1), whole.pk)


def test_activation_study_months_and_submissions_count_once(money, cast):
    version = money.draft(money.budget())
    lines = {
        code: money.line(version, code=code, visit_types=[], **what)
        for code, what in {
            "ACTIVATION": {"driver": "SITE_ACTIVATED"},
            "MONTHS": {"driver": "STUDY_MONTH", "starts_on": datetime.date(2026, 4, 16)},
            "SUBMISSIONS": {"driver": "SUBMISSION_FILED"},
            "ENROLLED": {"driver": "SUBJECT_ENROLLED"},
            "SCREENED": {"driver": "SUBJECT_SCREENED"},
        }.items()
    }
    active(cast, cast.madrid, ("adopt", datetime.date(2026, 2, 3)), ("hold", datetime.date(2026, 3, 1)),
           ("resume", datetime.date(2026, 3, 9)))  # fmt: skip
    system = User.objects.system()
    with acting_as(system, reason="Taken over"):
        artifact, _new = Artifact.objects.get_or_create(
            number="04.01.01", defaults={"name": "Submission", "zone": "04", "section": "04.01"}
        )
        document = Document.objects.create(
            study=cast.vel, artifact=artifact, title="Submission ES", document_date=datetime.date(2026, 2, 1)
        )
        adopt(document, "APPROVED", actor=system, reason="Filed", happened_on=datetime.date(2026, 2, 1))
        for number, state, consented, randomised in (
            ("014", "RANDOMISED", 3, 9),
            ("015", "IN_SCREENING", 5, None),
        ):
            subject = Subject.objects.create(
                site=cast.madrid,
                number=f"2003-{number}",
                consented_on=datetime.date(2026, 3, consented),
                randomised_on=datetime.date(2026, 3, randomised) if randomised else None,
            )
            adopt(subject, state, actor=system, reason="Taken over")
    for _again in range(2):
        money.book(version.budget)
    assert {code: money.quantities(line) for code, line in lines.items()} == {
        "ACTIVATION": [1],
        "MONTHS": [Decimal("0.5"), 1],
        "SUBMISSIONS": [1],
        "ENROLLED": [1],
        "SCREENED": [1, 1],
    }
    perform(document, "void", actor=cast.tara, reason="Wrong country")
    money.book(version.budget)
    assert money.quantities(lines["SUBMISSIONS"]) == [1, -1]


# --- by hand -----------------------------------------------------------------------------------------


def test_units_by_hand_need_a_reason_a_past_day_and_the_right(money, cast):
    line = money.executed(driver="MANUAL", unit="HOUR", visit_types=[])
    with pytest.raises(ValidationError, match="by hand"):
        money.enter(line, "4", reason="  ")
    with pytest.raises(ValidationError, match="future"):
        money.enter(line, "4", day=datetime.date(2026, 6, 16))
    with pytest.raises(ValidationError, match="no entry"):
        money.enter(line, "0")
    for outsider in ("lena", "carla", "quentin", "sam", "pavel"):
        with pytest.raises(PermissionDenied):
            money.enter(line, "4", by=outsider)
    money.enter(line, "4")
    money.enter(line, "-1.5", reason="Counted twice")
    money.book(line.budget)
    assert money.quantities(line) == [4, Decimal("-1.5")]


def test_only_those_who_change_the_budget_book(money, cast):
    line = money.executed()
    for outsider in ("lena", "carla", "quentin", "sam", "pavel", "ingrid"):
        with pytest.raises(PermissionDenied):
            money.book(line.budget, by=outsider)
