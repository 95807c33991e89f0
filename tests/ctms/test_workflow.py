"""Moves: declared once, performed in one place, refused with a sentence, and held by the database too."""

import datetime
import threading

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.utils import timezone

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.jobs.models import Job
from ctms.signatures.models import Meaning, Signature
from ctms.signatures.proving import Proof, prove
from ctms.workflow.declare import Transition, TransitionRefused, Workflow, flow_with, flows_of, is_frozen
from ctms.workflow.engine import ChangedMeanwhile, adopt, holding, offers, perform, transitions_of
from ctms.workflow.models import TransitionRecord
from studies.models import Milestone, Study, StudySite
from studies.workflows import ACTIVATION_REQUIREMENTS, ActivationRequirement, SiteFlow, StudyFlow
from tests.cast import LONG_AGO, PASSWORD, bring_on_stage
from tests.ctms.conftest import refusal_of


def state(record):
    record.refresh_from_db()
    return record.status


@pytest.fixture
def refused():
    """Return a check that a move is refused with a sentence and that nothing was changed by it."""

    def check(record, name, *, match, error=TransitionRefused, **how):
        before, moves = state(record), TransitionRecord.objects.count()
        with pytest.raises(error, match=match) as told:
            perform(record, name, **how)
        assert state(record) == before
        assert TransitionRecord.objects.count() == moves
        return told.value

    return check


def test_a_move_is_made_and_remembered(cast):
    done = perform(cast.madrid, "qualify", actor=cast.paula)
    assert state(cast.madrid) == done.status == "UNDER_QUALIFICATION"
    (row,) = transitions_of(cast.madrid)
    assert (row.name, row.source, row.target) == ("qualify", "IDENTIFIED", "UNDER_QUALIFICATION")
    assert (row.actor, row.actor_name, row.channel) == (cast.paula, "Paula Marsh", "command")
    assert str(row) == "Begin qualification: Paula Marsh"
    assert row.signature is None


def test_a_move_needs_the_permission_where_the_record_lies(cast, refused):
    for person in (cast.carla, cast.sam, cast.stella, cast.pavel, cast.quentin, cast.ada):
        refused(cast.madrid, "qualify", actor=person, error=PermissionDenied, match="this is for")


def test_a_move_starts_from_its_source_and_says_who_was_there_first(cast, refused):
    told = refused(cast.madrid, "select", actor=cast.paula, happened_on=LONG_AGO, match="now identified")
    assert told.conflict
    perform(cast.madrid, "qualify", actor=cast.lena)
    told = refused(cast.madrid, "qualify", actor=cast.paula, match="Begin qualification by Lena Brandt")
    assert told.conflict
    assert "no longer possible" in told.sentence


def test_a_guard_stops_a_move_with_its_sentence(cast, refused):
    for name in ("qualify", "select", "start_up"):
        perform(cast.madrid, name, actor=cast.paula, happened_on=LONG_AGO)
    with acting_as(cast.paula, reason="No number yet"):
        cast.madrid.refresh_from_db()
        cast.madrid.number = ""
        cast.madrid.save()
    told = refused(cast.madrid, "initiate", actor=cast.paula, happened_on=LONG_AGO, match="no site number")
    assert not told.conflict


def test_what_upper_apps_require_stops_the_green_light(cast, initiated, refused, monkeypatch):
    monkeypatch.setattr(
        "studies.workflows.activating.ACTIVATION_REQUIREMENTS",
        [ActivationRequirement("Agreement", lambda site: ["The contract is missing."])],
    )
    proof = prove(cast.paula, password=PASSWORD)
    refused(
        initiated,
        "activate",
        actor=cast.paula,
        happened_on=LONG_AGO,
        proof=proof,
        match="The contract is missing",
    )
    assert isinstance(ACTIVATION_REQUIREMENTS, list)


def test_a_reason_is_asked_where_one_is_due(cast, refused):
    refused(cast.vel, "cancel", actor=cast.paula, reason="   ", match="Give a reason")
    perform(cast.vel, "cancel", actor=cast.paula, reason="The sponsor withdrew")
    assert state(cast.vel) == "CANCELLED"
    assert transitions_of(cast.vel).get().reason == "The sponsor withdrew"


def test_a_date_in_the_world_is_asked_and_does_not_lie_ahead(cast, refused, milestone):
    refused(milestone, "complete", actor=cast.paula, match="Give the date: Actual date")
    ahead = timezone.localdate() + datetime.timedelta(days=2)
    refused(milestone, "complete", actor=cast.paula, happened_on=ahead, match="lies in the future")
    perform(milestone, "complete", actor=cast.paula, happened_on=LONG_AGO)
    milestone.refresh_from_db()
    assert (milestone.status, milestone.actual_on) == ("COMPLETED", LONG_AGO)
    assert transitions_of(milestone).get().happened_on == LONG_AGO


def test_today_is_judged_where_the_record_lies(cast):
    """At 12:30 UTC it is tomorrow in Auckland, and still today in Madrid."""
    with acting_as(cast.paula, reason="Two sites"):
        at_home = Milestone.objects.create(site=cast.madrid, name="in Madrid")
        cast.berlin.zone = "Pacific/Auckland"
        cast.berlin.save()
        far = Milestone.objects.create(site=cast.berlin, name="in Auckland")
    with time_machine.travel("2026-11-20T12:30Z"):
        tomorrow = datetime.date(2026, 11, 21)
        with pytest.raises(TransitionRefused, match="future"):
            perform(at_home, "complete", actor=cast.paula, happened_on=tomorrow)
        perform(far, "complete", actor=cast.paula, happened_on=tomorrow)
    assert state(far) == "COMPLETED"
    assert state(at_home) == "PLANNED"


def test_a_signed_move_needs_a_fresh_proof_of_the_very_person(cast, initiated, refused):
    def activate(proof, match="Sign with your password"):
        refused(initiated, "activate", actor=cast.paula, happened_on=LONG_AGO, proof=proof, match=match)

    activate(None)
    activate(prove(cast.lena, password=PASSWORD))
    activate(Proof(cast.paula.pk, "password", timezone.now() - datetime.timedelta(seconds=61)))
    assert not Signature.objects.exists()
    perform(
        initiated,
        "activate",
        actor=cast.paula,
        happened_on=LONG_AGO,
        proof=prove(cast.paula, password=PASSWORD),
    )
    assert state(initiated) == "ACTIVE"
    assert transitions_of(initiated).last().signature.meaning == Meaning.APPROVED


def test_a_version_that_moved_on_is_a_conflict(cast, milestone):
    seen = milestone.version
    with acting_as(cast.lena, reason="Meanwhile"):
        milestone.name = "Kick-off meeting"
        milestone.save()
    with pytest.raises(ChangedMeanwhile, match="after you opened it"):
        perform(milestone, "complete", actor=cast.paula, happened_on=LONG_AGO, version=seen)
    assert state(milestone) == "PLANNED"
    perform(milestone, "complete", actor=cast.paula, happened_on=LONG_AGO, version=milestone.version)
    assert state(milestone) == "COMPLETED"


def test_the_system_moves_without_a_role_and_nobody_else_does_by_time(cast, monkeypatch):
    by_time = Transition(
        "By time", "IDENTIFIED", "UNDER_QUALIFICATION", "studies.move_studysite", by_time=True
    )
    by_time.__set_name__(SiteFlow, "qualify")
    monkeypatch.setattr(SiteFlow, "qualify", by_time)
    with pytest.raises(PermissionDenied):
        perform(cast.madrid, "qualify", actor=cast.paula)
    assert "qualify" not in {offer.transition.name for offer in offers(cast.madrid, cast.paula)}
    perform(cast.madrid, "qualify", actor=User.objects.system())
    assert state(cast.madrid) == "UNDER_QUALIFICATION"


def test_a_move_promises_its_jobs_once(cast, monkeypatch):
    promising = Transition(
        "Go", "IDENTIFIED", "UNDER_QUALIFICATION", "studies.move_studysite", jobs=("audit.seal",)
    )
    promising.__set_name__(SiteFlow, "qualify")
    monkeypatch.setattr(SiteFlow, "qualify", promising)
    perform(cast.madrid, "qualify", actor=cast.paula, reason="at once")
    job = Job.objects.get(name="audit.seal")
    assert job.arguments == {"record_id": cast.madrid.pk}
    assert job.asked_by == cast.paula
    assert job.reason == "Go: at once"
    assert job.key.startswith(f"audit.seal/{cast.madrid.pk}/")


def test_what_is_offered_says_what_stops_it(cast):
    with acting_as(cast.paula):
        perform(cast.vel, "start_up", actor=cast.paula)
        cast.vel.refresh_from_db()
    found = {offer.transition.name: offer.refusal for offer in offers(cast.vel, cast.paula)}
    assert found["open_recruitment"] == "The study has no effective protocol version."
    assert found["cancel"] == ""
    assert found["hold_enrolment"] == ""
    assert "close" not in found
    assert offers(cast.vel, cast.carla) == []


# --- adoption ----------------------------------------------------------------------------------------


def test_what_comes_from_elsewhere_enters_with_its_past(cast):
    with acting_as(cast.paula, reason="protocol.json"):
        site = StudySite.objects.create(country=cast.spain, organization=cast.hospital_berlin, number="77")
        adopt(site, "ACTIVE", actor=cast.paula, reason="protocol.json", happened_on=LONG_AGO)
    assert state(site) == "ACTIVE"
    row = transitions_of(site).get()
    assert (row.name, row.reason, row.happened_on) == ("adopt", "protocol.json", LONG_AGO)


def test_what_comes_from_elsewhere_tells_of_the_states_it_passed(cast):
    passed = [("SELECTED", LONG_AGO), ("INITIATED", LONG_AGO + datetime.timedelta(days=90))]
    with acting_as(cast.paula, reason="the former system"):
        site = StudySite.objects.create(country=cast.spain, organization=cast.hospital_berlin, number="78")
        opened = LONG_AGO + datetime.timedelta(days=100)
        adopt(site, "ACTIVE", actor=cast.paula, reason="the former system", happened_on=opened, passed=passed)
    assert [(row.source, row.target, row.happened_on) for row in transitions_of(site)] == [
        ("IDENTIFIED", "SELECTED", LONG_AGO),
        ("SELECTED", "INITIATED", LONG_AGO + datetime.timedelta(days=90)),
        ("INITIATED", "ACTIVE", opened),
    ]
    with acting_as(cast.paula, reason="the former system"):
        site = StudySite.objects.create(country=cast.spain, organization=cast.hospital_berlin, number="79")
        with pytest.raises(TransitionRefused, match="lies in the future"):
            adopt(
                site, "ACTIVE", actor=cast.paula, reason="x", passed=[("SELECTED", datetime.date(2999, 1, 1))]
            )


def test_adoption_is_for_declared_states_and_permitted_people(cast):
    with acting_as(cast.paula, reason="file"):
        study = Study.objects.create(protocol_number="NEW-1", short_name="New", sponsor=cast.northwind)
        with pytest.raises(TransitionRefused, match="cannot be taken over as Archived"):
            adopt(study, "ARCHIVED", actor=cast.paula, reason="file")
        site = StudySite.objects.create(country=cast.spain, organization=cast.hospital_berlin)
        with pytest.raises(PermissionDenied):
            adopt(site, "ACTIVE", actor=cast.carla, reason="file")
    assert state(study) == "PLANNING"
    assert state(site) == "IDENTIFIED"


def test_adoption_is_for_rows_of_the_same_transaction_by_raw_sql_too(committed_database):
    cast = bring_on_stage()
    with acting_as(cast.paula, reason="A past nobody had"):
        said = refusal_of("UPDATE studies_studysite SET status = 'ACTIVE' WHERE id = %s", cast.madrid.pk)
        assert "cannot move from IDENTIFIED to ACTIVE" in said
        # Neither does a look-alike of the history in a temporary table help.
        refusal_of(
            "CREATE TEMP TABLE studies_studysiteevent AS SELECT %s::bigint AS pgh_obj_id, 'insert' AS pgh_label, "
            "pg_current_xact_id()::text::bigint AS pgh_transaction",
            cast.madrid.pk,
        )
        said = refusal_of("UPDATE studies_studysite SET status = 'ACTIVE' WHERE id = %s", cast.madrid.pk)
        assert "cannot move from IDENTIFIED to ACTIVE" in said
    assert state(cast.madrid) == "IDENTIFIED"


# --- the second wall ---------------------------------------------------------------------------------


def test_the_database_knows_the_declared_moves(committed_database):
    cast = bring_on_stage()
    with acting_as(cast.paula, reason="past the engine"):
        for target in ("RECRUITING", "CLOSED", "ARCHIVED", "NONSENSE"):
            said = refusal_of("UPDATE studies_study SET status = %s WHERE id = %s", target, cast.vel.pk)
            assert f"cannot move from PLANNING to {target}" in said
        assert refusal_of("UPDATE studies_study SET status = 'START_UP' WHERE id = %s", cast.vel.pk) == ""
        assert "begins as PLANNED, not COMPLETED" in refusal_of(
            "INSERT INTO studies_milestone (study_id, kind, name, planned_precision, actual_precision, published, "
            "source_key, status, version, actual_on) VALUES "
            "(%s, 'OTHER', 'Lie', 'DAY', 'DAY', false, '', 'COMPLETED', 0, '2026-01-01')",
            cast.vel.pk,
        )
    assert not Milestone.objects.visible_to(cast.paula).exists()


def archive(cast, study):
    """Bring a study to its end, past everything that would stop it: the test is about the end."""
    for name in ("start_up", "terminate", "begin_close_out", "close", "archive"):
        perform(study, name, actor=cast.pavel, reason="The end", happened_on=LONG_AGO)
    study.refresh_from_db()


@pytest.fixture
def archived(cast):
    with everything("to close the site"):
        perform(cast.krakow, "reject", actor=cast.pavel, reason="The end")
    archive(cast, cast.cor)
    return cast.cor


def test_an_archived_study_stands_still_by_raw_sql_too(cast, archived):
    assert is_frozen(archived)
    assert state(archived) == "ARCHIVED"
    with acting_as(cast.pavel, reason="after the end"):
        assert "no longer changes" in refusal_of(
            "UPDATE studies_study SET title = 'x' WHERE id = %s", archived.pk
        )
        assert refusal_of("UPDATE studies_study SET title = title WHERE id = %s", archived.pk) == ""
        with (
            pytest.raises(TransitionRefused, match="no longer changes") as told,
            holding(archived, actor=cast.pavel),
        ):
            raise AssertionError("never reached")
    assert told.value.conflict


def test_after_its_first_state_a_record_changes_with_a_reason_only(cast, initiated):
    with acting_as(cast.paula):
        said = refusal_of("UPDATE studies_studysite SET number = '9' WHERE id = %s", initiated.pk)
        assert "that is INITIATED needs a reason" in said
    with acting_as(cast.paula, reason="Renumbered"):
        assert refusal_of("UPDATE studies_studysite SET number = '9' WHERE id = %s", initiated.pk) == ""
    initiated.refresh_from_db()
    assert initiated.number == "9"


def test_holding_a_record_counts_what_is_done_to_its_parts(cast):
    before = cast.vel.version
    with holding(cast.vel, actor=cast.paula, version=before) as held:
        assert held == cast.vel
    cast.vel.refresh_from_db()
    assert cast.vel.version == before + 1
    with pytest.raises(ChangedMeanwhile), holding(cast.vel, actor=cast.paula, version=before):
        raise AssertionError("never reached")


# --- declarations ------------------------------------------------------------------------------------


def test_a_model_has_one_workflow_a_field_and_no_transition_of_another(cast):
    with pytest.raises(TypeError, match="Two workflows"):
        type("Second", (Workflow,), {"model": Study, "first": "PLANNING"})
    assert [flow.field for flow in flows_of(Study)] == ["status", "hold"]
    assert flow_with(Study, "resume").field == "hold"
    with pytest.raises(LookupError, match=r"studies\.Study has no transition fly"):
        perform(cast.vel, "fly", actor=cast.paula)


def test_states_have_words_and_colours():
    assert StudyFlow.state_label("START_UP") == "Start-up"
    assert StudyFlow.state_label("?") == "?"
    assert (StudyFlow.tone("PLANNING"), StudyFlow.tone("START_UP"), StudyFlow.tone("CANCELLED")) == (
        *("grey", "blue", "red"),
    )


# --- two at once -------------------------------------------------------------------------------------


def test_of_two_who_make_the_same_move_at_once_one_wins_and_the_other_is_told(committed_database):
    cast = bring_on_stage()
    begin, told, done = threading.Barrier(2), [], []

    def move(person):
        begin.wait(timeout=10)
        try:
            done.append(perform(cast.madrid, "qualify", actor=person))
        except TransitionRefused as refusal:
            told.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=move, args=(person,)) for person in (cast.paula, cast.lena)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len(done) == 1
    assert len(told) == 1
    assert told[0].conflict
    assert "Begin qualification by" in told[0].sentence
    assert transitions_of(cast.madrid).count() == 1
