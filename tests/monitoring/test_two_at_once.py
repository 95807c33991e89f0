"""Two real connections, and the owner at work with the triggers off."""

import threading

import pytest
from django.db import connections

from ctms.jobs.models import Job
from ctms.jobs.worker import run_job
from ctms.signatures.proving import prove
from ctms.signatures.signing import signatures_of, verify
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import perform
from tests.cast import PASSWORD, bring_on_stage

from .conftest import Stage, bring_investigator


@pytest.fixture
def committed(committed_database):
    """Return (database, stage) where commits are real."""
    cast = bring_on_stage()
    bring_investigator(cast)
    return committed_database, Stage(cast)


def test_two_people_approve_at_the_same_moment_and_one_is_told_who_was_first(committed):
    _database, stage = committed
    report = stage.submitted()
    together, outcomes = threading.Barrier(2), {}

    def approve(name):
        person = stage.person(name)
        proof = prove(person, password=PASSWORD)
        together.wait()
        try:
            perform(report, "approve", actor=person, proof=proof)
            outcomes[name] = "approved"
        except TransitionRefused as refusal:
            outcomes[name] = refusal.sentence
        finally:
            connections.close_all()

    people = [threading.Thread(target=approve, args=(name,)) for name in ("lena", "ursula")]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=30)
    winner = next(name for name, outcome in outcomes.items() if outcome == "approved")
    loser = next(name for name in outcomes if name != winner)
    assert str(stage.person(winner)) in outcomes[loser]
    assert [s.signer for s in signatures_of(report).filter(meaning="APPROVED")] == [stage.person(winner)]
    assert Job.objects.filter(name="monitoring.file_report").count() == 1


def test_a_report_approved_while_the_broker_is_away_is_filed_once_it_is_back(committed, monkeypatch):
    _database, stage = committed

    def no_broker(*_arguments, **_options):
        raise OSError("Connection refused")

    monkeypatch.setattr("celery.current_app.send_task", no_broker)
    report = stage.approved()
    promised = Job.objects.get(name="monitoring.file_report")
    assert (report.status, promised.state, promised.attempts) == ("APPROVED", "WAITING", 0)
    run_job(promised.pk)
    assert stage.report_of(report.visit).filed_as is not None


AN_ANSWER = "report_id = {report} AND question_key = 'eligibility'"
ALTERED = {
    "an answer": f"UPDATE monitoring_answer SET value = 'NO' WHERE {AN_ANSWER}",
    "a comment": f"UPDATE monitoring_answer SET comment = 'x' WHERE {AN_ANSWER}",
    "an answer taken out": f"DELETE FROM monitoring_answer WHERE {AN_ANSWER}",
    "the summary": "UPDATE monitoring_monitoringreport SET summary = 'x' WHERE id = {report}",
    "the snapshot": (
        'UPDATE monitoring_monitoringreport SET snapshot = snapshot || \'{{"site": "9"}}\' WHERE id = {report}'
    ),
    "the days": "UPDATE monitoring_monitoringvisit SET actual_start_on = '2026-03-15' WHERE id = {visit}",
}


@pytest.mark.parametrize("what", ALTERED)
def test_what_the_owner_alters_with_the_triggers_off_breaks_both_signatures(committed, what):
    database, stage = committed
    report = stage.approved()
    assert all(verify(signature, report).stands for signature in signatures_of(report))
    tables = ("monitoring_answer", "monitoring_monitoringreport", "monitoring_monitoringvisit")
    with database.owner_connection() as owner, owner.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(ALTERED[what].format(report=report.pk, visit=report.visit_id))
        assert cursor.rowcount == 1
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    owner.close()
    altered = stage.report_of(report.visit)
    assert [verify(signature, altered).stands for signature in signatures_of(altered)] == [False, False]
