"""A conducted visit makes its report due; filing it fulfils that, and nobody blinded hears of an unblinded one."""

from ctms.calendar.working_days import add_working_days
from ctms.jobs.models import Job
from ctms.jobs.worker import run_job
from ctms.workflow.engine import perform
from documents import services as documents
from documents.models import ExpectedDocument
from monitoring import services
from studies.models import Study
from tests.cast import LONG_AGO

from .conftest import MONDAY, TUESDAY


def run_promised(*names):
    for name in names:
        for job in Job.objects.filter(name=name, state="WAITING").order_by("pk"):
            run_job(job.pk)
            job.refresh_from_db()
            assert job.state == "DONE", job.last_error


def expected(cast, who="carla"):
    return list(
        ExpectedDocument.objects.visible_to(cast.people[who])
        .filter(source__startswith="monitoring.")
        .select_related("artifact")
        .order_by("pk")
    )


def test_the_report_is_expected_from_the_visit_on_and_not_before(stage, cast):
    visit = stage.planned()
    run_promised("monitoring.expect_papers")
    assert expected(cast) == []
    perform(visit, "confirm", actor=cast.carla)
    report = stage.conducted(start=visit.planned_start_on, end=TUESDAY)
    run_promised("monitoring.expect_papers")
    (row,) = expected(cast)
    assert (row.artifact.number, row.status, row.site) == ("05.04.03", "EXPECTED", cast.madrid)
    assert row.due_on == add_working_days(TUESDAY, cast.vel.report_approval_days, "ES")
    assert row.label == f"Visit report: {report.visit.label}"
    assert expected(cast, "chris") == []


def test_filing_the_report_fulfils_its_row_and_no_other_visits(stage, cast):
    stage.conducted()
    report = stage.approved()
    run_promised("monitoring.expect_papers", "monitoring.file_report", "documents.match_document")
    states = {row.source: row.status for row in expected(cast)}
    assert states.pop(f"monitoring.MonitoringVisit/{report.visit_id}") == "FULFILLED"
    assert list(states.values()) == ["EXPECTED"]


def test_a_report_filed_before_it_was_expected_fulfils_all_the_same(stage, cast):
    stage.approved()
    run_promised("monitoring.file_report", "documents.match_document")
    assert expected(cast) == []
    run_promised("monitoring.expect_papers")
    assert [row.status for row in expected(cast)] == ["FULFILLED"]


def test_an_unblinded_visit_makes_due_what_only_its_circle_sees(stage, cast):
    stage.conducted("uma", unblinded=True)
    run_promised("monitoring.expect_papers")
    assert len(expected(cast, "ursula")) == 1
    for blinded in ("carla", "paula", "tara", "quentin"):
        assert expected(cast, blinded) == []


def test_letters_are_expected_where_the_study_asks_for_them(stage, cast):
    documents.ask_otherwise(
        actor=cast.paula, study=cast.vel, rule_key="visit-follow-up-letter", wanted=True, why="Agreed plan"
    )
    stage.conducted()
    documents.bring_expectations(Study.objects.visible_to(cast.paula).get(pk=cast.vel.pk), on=LONG_AGO)
    assert [row.label for row in expected(cast)] == ["Follow-up letter: IMV 1", "Visit report: IMV 1"]
    report = stage.approved()
    run_promised("monitoring.expect_papers", "monitoring.file_report", "documents.match_document")
    of_the_visit = [
        row
        for row in expected(cast)
        if row.source.startswith(f"monitoring.MonitoringVisit/{report.visit_id}")
    ]
    assert {row.label.split(":")[0]: row.status for row in of_the_visit} == {
        "Visit report": "FULFILLED",
        "Follow-up letter": "EXPECTED",
    }


def test_what_is_expected_follows_the_corrected_days(stage, cast):
    report = stage.conducted()
    run_promised("monitoring.expect_papers")
    services.correct_days(
        actor=cast.carla, visit=report.visit, started_on=MONDAY, ended_on=MONDAY, reason="One day only"
    )
    run_promised("monitoring.expect_papers")
    (row,) = expected(cast)
    assert row.due_on == add_working_days(MONDAY, cast.vel.report_approval_days, "ES")
