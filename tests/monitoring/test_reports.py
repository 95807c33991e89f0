"""The report: written by its monitors, signed by the author, approved by somebody else, then it stands still."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from ctms.signatures.proving import Proof, prove
from ctms.signatures.signing import signatures_of, verify
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import perform, transitions_of
from ctms.workflow.models import TransitionRecord
from monitoring import services
from monitoring.models import ActionItem, Answer, MonitoringReport, MonitoringVisit
from tests.cast import PASSWORD

from .conftest import MONDAY, TUESDAY
from .test_visits import refused_by_the_database


def test_submitting_names_the_questions_that_are_not_answered(stage, cast):
    report = stage.conducted()
    questions = [question for question, _answer in services.questions_of(report)]
    services.save_summary(actor=cast.carla, report=report, summary="Short")
    for question in questions[1:]:
        stage.answer(report, question.key)
    with pytest.raises(TransitionRefused) as refusal:
        stage.signed(report, "submit", "carla")
    assert questions[0].text in refusal.value.sentence
    assert questions[1].text not in refusal.value.sentence
    assert stage.report_of(report.visit).status == "DRAFT"
    assert not signatures_of(report).exists()


def test_a_no_needs_a_comment_and_a_report_its_summary(stage, cast):
    report = stage.answered()
    stage.answer(report, "eligibility", "NO")
    with pytest.raises(TransitionRefused, match=r"without a comment.*criteria"):
        stage.signed(report, "submit", "carla")
    stage.answer(report, "eligibility", "NO", "Subject 2003-014 had an ALT above the limit.")
    services.save_summary(actor=cast.carla, report=report, summary="  ")
    with pytest.raises(TransitionRefused, match="summary"):
        stage.signed(report, "submit", "carla")


def test_only_the_monitors_of_the_visit_write_and_submit(stage, cast):
    report = stage.answered(others=["lena"])
    stage.answer(report, "eligibility", "NOT_REVIEWED", by="lena")
    for outsider in ("chris", "paula", "uma", "sam"):
        with pytest.raises(PermissionDenied):
            stage.answer(report, "eligibility", "NO", by=outsider)
    with pytest.raises(TransitionRefused, match="monitor of this visit"):
        stage.signed(report, "submit", "ursula")
    kept = Answer.objects.visible_to(cast.carla).get(report=report, question_key="eligibility")
    assert kept.value == "NOT_REVIEWED"


def test_the_author_signs_and_the_approver_is_none_of_the_monitors(stage, cast):
    report = stage.submitted(others=["lena"])
    with pytest.raises(TransitionRefused, match="You monitored this visit"):
        stage.signed(report, "approve", "lena")
    with pytest.raises(TransitionRefused, match="You monitored this visit"):
        perform(report, "returned", actor=cast.lena, reason="I would rather write it again")
    with pytest.raises(PermissionDenied):
        stage.signed(report, "approve", "carla")
    report = stage.signed(report, "approve", "ursula")
    assert [(s.get_meaning_display(), s.signer_name) for s in signatures_of(report)] == [
        ("Authored", "Carla Ruiz"),
        ("Approved", "Ursula Keller"),
    ]
    assert report.approved_on == timezone.now().astimezone(report.time_zone()).date()


def test_nobody_signs_without_fresh_proof_of_their_own(stage, cast):
    report = stage.submitted()
    stale = Proof(cast.lena.pk, "password", timezone.now() - timezone.timedelta(seconds=61))
    of_another = prove(cast.ursula, password=PASSWORD)
    for proof in (None, stale, of_another):
        with pytest.raises(TransitionRefused, match="Sign with your password"):
            perform(report, "approve", actor=cast.lena, proof=proof)
    assert stage.report_of(report.visit).status == "IN_REVIEW"
    assert signatures_of(report).count() == 1


def test_returning_asks_for_a_reason_and_the_author_signs_again(stage, cast):
    report = stage.submitted()
    with pytest.raises(TransitionRefused, match="reason"):
        perform(report, "returned", actor=cast.lena)
    report = perform(report, "returned", actor=cast.lena, reason="Say more about consent")
    assert (report.status, report.snapshot, report.submitted_on) == ("DRAFT", None, None)
    stage.answer(report, "consent_version", "NO", "One subject signed version 2.")
    report = stage.signed(stage.signed(report, "submit", "carla"), "approve", "lena")
    told = [(line.name, line.reason) for line in transitions_of(report)]
    assert told == [("submit", ""), ("returned", "Say more about consent"), ("submit", ""), ("approve", "")]
    first, second, approval = signatures_of(report)
    assert not verify(first, report).stands
    assert verify(second, report).stands
    assert verify(approval, report).stands


def test_a_double_click_approves_once(stage, cast):
    report = stage.approved()
    with pytest.raises(TransitionRefused, match=r"approved.*by Lena Brandt") as refusal:
        stage.signed(report, "approve", "lena")
    assert refusal.value.conflict
    assert signatures_of(report).filter(meaning="APPROVED").count() == 1
    assert (
        TransitionRecord.objects.filter(
            record=f"monitoring.MonitoringReport/{report.pk}", name="approve"
        ).count()
        == 1
    )


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_from_the_authors_signature_on_nothing_written_changes(stage, cast, state):
    report = getattr(stage, state)()
    with pytest.raises(TransitionRefused):
        stage.answer(report, "eligibility", "NO", "Late idea")
    with pytest.raises(TransitionRefused):
        services.save_summary(actor=cast.carla, report=report, summary="Another")
    reports, answers, visits = (model._meta.db_table for model in (MonitoringReport, Answer, MonitoringVisit))
    refused_by_the_database(f"UPDATE {reports} SET summary = 'x' WHERE id = %s", report.pk)
    refused_by_the_database(f"UPDATE {reports} SET snapshot = '{{}}' WHERE id = %s", report.pk)
    refused_by_the_database(f"UPDATE {answers} SET value = 'NO' WHERE report_id = %s", report.pk)
    refused_by_the_database(f"DELETE FROM {answers} WHERE report_id = %s", report.pk)
    refused_by_the_database(
        f"UPDATE {visits} SET actual_start_on = '2026-03-15' WHERE id = %s", report.visit_id
    )


def test_the_database_refuses_states_out_of_order_and_any_touch_of_memory(stage):
    draft = stage.conducted()
    reports = MonitoringReport._meta.db_table
    refused_by_the_database(f"UPDATE {reports} SET status = 'APPROVED' WHERE id = %s", draft.pk)
    report = stage.approved()
    assert "cannot move" in refused_by_the_database(
        f"UPDATE {reports} SET status = 'DRAFT' WHERE id = %s", report.pk
    )
    refused_by_the_database(f"DELETE FROM {reports} WHERE id = %s", report.pk)
    refused_by_the_database("UPDATE signatures_signature SET signer_name = 'x'")
    refused_by_the_database("DELETE FROM signatures_signature")
    refused_by_the_database("UPDATE workflow_transitionrecord SET reason = 'x'")
    refused_by_the_database("UPDATE monitoring_monitoringreportevent SET summary = 'x'")
    refused_by_the_database("DELETE FROM monitoring_answerevent")


def test_the_report_stands_while_its_items_live_on(stage, cast):
    report = stage.answered()
    item = services.raise_action_item(
        actor=cast.carla,
        site=cast.madrid,
        text="File the CV",
        opened_on=TUESDAY,
        due_on=TUESDAY,
        report=report,
    )
    report = stage.signed(stage.signed(report, "submit", "carla"), "approve", "lena")
    perform(item, "close", actor=cast.carla, reason="Seen on site", happened_on=TUESDAY)
    report = stage.report_of(report.visit)
    assert report.snapshot["action_items"][0]["state"] == "Open"
    assert all(verify(signature, report).stands for signature in signatures_of(report))


def test_no_item_is_slipped_into_a_report_that_is_signed(stage, cast):
    report = stage.submitted()
    with pytest.raises(Exception, match="draft"):
        services.raise_action_item(
            actor=cast.carla, site=cast.madrid, text="Late", opened_on=TUESDAY, due_on=TUESDAY, report=report
        )
    assert not ActionItem.objects.visible_to(cast.carla).exists()


def test_the_investigator_is_the_one_of_the_visits_first_day(stage):
    assert stage.submitted().snapshot["investigator"] == "Dr Isabel Moreno"
    assert stage.submitted(start=TUESDAY, end=TUESDAY).snapshot["investigator"] == "Dr Pablo Vidal"


def test_open_items_of_earlier_visits_come_first_oldest_first_with_their_age(stage, cast):
    earlier = stage.conducted()
    for text, day in (("Newer", TUESDAY), ("Older", MONDAY)):
        services.raise_action_item(
            actor=cast.carla, site=cast.madrid, text=text, opened_on=day, due_on=TUESDAY, report=earlier
        )
    hidden = stage.conducted("uma", unblinded=True)
    services.raise_action_item(
        actor=cast.uma, site=cast.madrid, text="Kits", opened_on=MONDAY, due_on=TUESDAY, report=hidden
    )
    later_on = TUESDAY.replace(day=27)
    later = stage.submitted(start=later_on, end=later_on)
    assert [(item["text"], item["age_days"]) for item in later.snapshot["carried_items"]] == [
        ("Older", 11),
        ("Newer", 10),
    ]
    assert not services.carried_items(earlier)


def test_the_sponsor_sees_a_report_once_it_is_approved_and_published(stage, cast, assert_sees):
    report = stage.submitted()
    with pytest.raises(Exception, match="approved"):
        services.show_to_sponsor(actor=cast.paula, report=report, shown=True, reason="Asked for")
    report = stage.signed(report, "approve", "lena")
    assert_sees(cast.sam, hidden=[report])
    with pytest.raises(PermissionDenied):
        services.show_to_sponsor(actor=cast.carla, report=report, shown=True, reason="Asked for")
    services.show_to_sponsor(actor=cast.paula, report=report, shown=True, reason="Agreed with the sponsor")
    assert_sees(cast.sam, visible=[report])
    assert_sees(cast.simone, hidden=[report])
    services.show_to_sponsor(actor=cast.paula, report=report, shown=False, reason="Published by mistake")
    assert_sees(cast.sam, hidden=[report])


def test_answers_are_in_the_history_as_typed(stage, cast):
    report = stage.conducted()
    for comment in ("one", "two"):
        stage.answer(report, "eligibility", "NO", comment)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT comment FROM monitoring_answerevent"
            " WHERE question_key = 'eligibility' AND report_id = %s ORDER BY pgh_id",
            [report.pk],
        )
        assert [row[0] for row in cursor.fetchall()] == ["", "one", "two"]
