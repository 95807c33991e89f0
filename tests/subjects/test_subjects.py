"""Subjects are numbers; their days drive their states, in order, and what was wrong is put right by a move."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, InternalError, transaction

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.signatures.signing import label_of
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import offers
from ctms.workflow.models import TransitionRecord
from subjects import services
from subjects.models import Consent, Subject, SubjectVisit
from subjects.workflows.people import SubjectFlow
from tests.subjects.conftest import DAY, after


@pytest.mark.parametrize(
    "number",
    [
        "María García",
        "Maria.Garcia1",
        "Lopez7",
        "MG",
        "maria@example.org",
        "1961-04-09",
        "19610409",
        "09.04.1961",
        "09APR1961",
        "+34600111222",
        "0034600111222",
        "0600111222",
        "12345678Z",
        "123-45-6789",
        "80010112345",
        "x" * 31 + "1",
        "",
    ],
)
def test_what_names_a_person_is_no_subject_number(clinic, number):
    with pytest.raises(ValidationError) as refused:
        clinic.registered(number)
    assert "number" in refused.value.message_dict


@pytest.mark.parametrize(
    "number",
    ["2003-001", "001", "0007", "S-2003/14", "E7801001", "01-701-1015", "SUBJ001", "sub-012", "20030114"],
)
def test_numbers_are_kept_as_in_the_edc(clinic, number):
    assert clinic.registered(number).number == number


def test_a_number_is_used_once_in_a_study_and_never_again(clinic, cast):
    first = clinic.registered("2003-001")
    with pytest.raises(ValidationError, match="never used again"):
        clinic.registered("2003-001", "chris", site="berlin")
    with acting_as(cast.carla, reason="A slip of the hand"):
        first.number = "2003-002"
        first.full_clean()
        first.save()
    with pytest.raises(ValidationError, match="never used again"):
        clinic.registered("2003-001")
    assert clinic.registered("2003-003").pk


def test_who_works_at_the_site_registers_and_sees_and_nobody_else(clinic, cast, assert_sees):
    for who, site in (("carla", "berlin"), ("chris", "madrid"), ("stella", "madrid"), ("sam", "madrid")):
        with pytest.raises(PermissionDenied):
            clinic.registered("2003-009", who, site=site)
    subject = clinic.consented()
    visit = clinic.visits(subject)["Screening"]
    for who in ("carla", "lena", "paula", "quentin", "fiona", "ingrid"):
        assert_sees(cast.people[who], visible=[subject, visit])
    for who in ("chris", "sam", "pavel", "simone", "stella", "fergus"):
        assert_sees(cast.people[who], hidden=[subject, visit])


def test_a_subject_goes_from_number_to_completion_by_its_days(clinic):
    subject = clinic.registered()
    assert (subject.status, subject.enrolled_on) == ("PRE_SCREENED", None)
    subject = clinic.move(subject, "consent", happened_on=DAY)
    assert (subject.status, subject.consented_on, subject.enrolled_on) == ("IN_SCREENING", DAY, None)
    subject = clinic.move(subject, "randomise", happened_on=after(14))
    assert (subject.status, subject.enrolled_on) == ("RANDOMISED", after(14))
    subject = clinic.move(subject, "start_treatment", happened_on=after(15))
    subject = clinic.move(
        subject, "end_treatment", happened_on=after(60), choice="ADVERSE_EVENT", reason="Rash"
    )
    assert (subject.status, subject.treatment_end_reason) == ("OFF_TREATMENT", "ADVERSE_EVENT")
    subject = clinic.move(subject, "complete", happened_on=after(90))
    assert (subject.status, subject.ended_on, subject.enrolled_on) == ("COMPLETED", after(90), after(14))


def test_a_reason_comes_from_its_list(clinic):
    subject = clinic.consented()
    for wrong in ({}, {"reason": "ALT too high"}, {"choice": "BAD_LUCK"}):
        with pytest.raises(TransitionRefused, match="list"):
            clinic.move(subject, "fail_screening", happened_on=after(5), **wrong)
    failed = clinic.move(subject, "fail_screening", happened_on=after(5), choice="EXCLUSION_MET")
    assert (failed.status, failed.screen_failure_reason) == ("SCREEN_FAILED", "EXCLUSION_MET")


@pytest.mark.parametrize(
    ("end", "choice", "state", "why"),
    [
        ("withdraw", "WITHDRAWAL_BY_SUBJECT", "WITHDRAWN", "WITHDRAWAL_BY_SUBJECT"),
        ("lose", "", "LOST_TO_FOLLOW_UP", "LOST_TO_FOLLOW_UP"),
        ("die", "", "DIED", "DEATH"),
    ],
)
def test_leaving_has_its_kind_day_and_reason_and_nothing_more_is_due(clinic, end, choice, state, why):
    subject = clinic.move(clinic.treated(), end, happened_on=after(40), choice=choice)
    assert (subject.status, subject.end_reason, subject.ended_on) == (state, why, after(40))
    visits = clinic.visits(subject)
    assert visits["Follow-up"].status == "NOT_APPLICABLE"
    assert visits["Week 2"].status == "PLANNED", "what was due before is still to be answered"


def test_days_stay_in_order_and_out_of_the_future(clinic, cast):
    subject = clinic.consented()
    with pytest.raises(TransitionRefused, match="lies before the consent"):
        clinic.move(subject, "randomise", happened_on=after(-1))
    with pytest.raises(TransitionRefused, match="future"):
        clinic.move(subject, "randomise", happened_on=datetime.date(2199, 1, 1))
    for day, before in (("screen_failed_on", "fail"), ("first_dose_on", "dose")):
        with acting_as(cast.carla, reason=before), pytest.raises(IntegrityError), transaction.atomic():
            Subject.objects.visible_to(cast.carla).filter(pk=subject.pk).update(**{day: after(-9)})


def test_a_state_without_its_day_is_refused_by_the_database(clinic, cast):
    subject = clinic.treated()
    for change in ({"first_dose_on": None}, {"ended_on": after(99)}, {"screen_failed_on": after(99)}):
        with acting_as(cast.carla, reason="By hand"), pytest.raises(IntegrityError), transaction.atomic():
            Subject.objects.visible_to(cast.carla).filter(pk=subject.pk).update(**change)


def test_nobody_consents_before_the_green_light_or_at_a_site_that_does_not_screen(clinic, cast):
    TransitionRecord.objects.create(
        record=label_of(cast.madrid), field="status", name="activate", label="Activate site", source="INITIATED",
        target="ACTIVE", actor=cast.paula, actor_name="Paula Marsh", channel="page", happened_on=after(1),
    )  # fmt: skip
    with pytest.raises(ValidationError, match="green light"):
        clinic.consented()
    assert clinic.consented(on=after(1)).status == "IN_SCREENING"
    clinic.move(cast.madrid, "hold", "lena", reason="Too fast", happened_on=after(2))
    with pytest.raises(ValidationError, match="only an active site"):
        clinic.consented("2003-002", on=after(3))


def test_a_wrong_day_is_corrected_by_a_move_with_its_reason(clinic, cast):
    subject = clinic.randomised()
    with pytest.raises(TransitionRefused, match="reason"):
        clinic.move(subject, "correct_randomisation", happened_on=after(12))
    subject = clinic.move(subject, "correct_randomisation", happened_on=after(12), reason="Source corrected")
    assert (subject.status, subject.randomised_on, subject.enrolled_on) == (
        "RANDOMISED",
        after(12),
        after(12),
    )
    assert clinic.visits(subject)["Week 2"].target_on == after(26)
    subject = clinic.move(subject, "correct_consent", happened_on=after(-1), reason="Source corrected")
    with everything("the consents as they stand"):
        consents = list(
            Consent.objects.filter(subject=subject).order_by("pk").values_list("status", "signed_on")
        )
    assert consents == [("VOIDED", DAY), ("SIGNED", after(-1))]
    assert subject.consented_on == after(-1)


def test_every_day_a_subject_has_is_corrected_from_the_day_recorded(clinic, client):
    subject = clinic.move(clinic.treated(), "withdraw", happened_on=after(40), choice="PHYSICIAN_DECISION")
    client.force_login(clinic.person("carla"))
    corrections = {
        name: move for name, move in SubjectFlow.transitions().items() if name.startswith("correct_")
    }
    for name, move in corrections.items():
        if subject.status not in move.sources:
            continue
        asked = client.get(f"/subjects/{subject.pk}/transitions/{name}/").content.decode()
        recorded = getattr(subject, move.corrects)
        shown = f'name="happened_on" value="{recorded}"' if recorded else "No day is recorded so far."
        assert shown in asked, name
        if recorded:
            with pytest.raises(TransitionRefused, match="recorded already"):
                clinic.move(subject, name, happened_on=recorded, reason="Source corrected")


def test_a_wrong_state_is_taken_back_step_by_step(clinic):
    subject = clinic.move(clinic.treated(), "die", happened_on=after(20))
    assert {o.transition.name for o in offers(subject, clinic.person("carla"))} >= {"return_to_treatment"}
    assert "return_to_follow_up" not in {o.transition.name for o in offers(subject, clinic.person("carla"))}
    subject = clinic.move(subject, "return_to_treatment", reason="Another subject's report")
    assert (subject.status, subject.ended_on, subject.end_reason) == ("ON_TREATMENT", None, "")
    assert clinic.visits(subject)["Follow-up"].status == "PLANNED"
    subject = clinic.move(subject, "take_back_first_dose", reason="Not dosed")
    subject = clinic.move(subject, "take_back_randomisation", reason="Not randomised")
    assert set(clinic.visits(subject)) == {"Screening"}
    assert (subject.status, subject.enrolled_on) == ("IN_SCREENING", None)
    subject = clinic.move(subject, "take_back_consent", reason="Wrong subject")
    assert (subject.status, subject.consented_on, clinic.visits(subject)) == ("PRE_SCREENED", None, {})
    with everything("the consents as they stand"):
        assert not Consent.objects.filter(subject=subject, status="SIGNED").exists()
    with pytest.raises(TransitionRefused):
        clinic.move(subject, "return_to_treatment", reason="Never ended")


def test_a_screen_failure_comes_again_under_a_new_number(clinic):
    failed = clinic.move(
        clinic.consented(), "fail_screening", happened_on=after(3), choice="INCLUSION_NOT_MET"
    )
    again = clinic.consented("2003-002", on=after(20), screened_before_as=failed)
    assert (again.screened_before_as, again.status) == (failed, "IN_SCREENING")
    with pytest.raises(ValidationError, match="screen failure"):
        clinic.registered("2003-003", screened_before_as=again)


def test_a_transferred_subject_keeps_number_and_past_and_goes_on_elsewhere(clinic, cast, assert_sees):
    subject = clinic.randomised()
    done = clinic.move(clinic.visits(subject)["Screening"], "occur", happened_on=after(1))
    with pytest.raises(PermissionDenied):
        services.transfer_subject(
            actor=cast.carla, subject=subject, to_site=cast.berlin, transferred_on=after(20), reason="Moved"
        )
    services.transfer_subject(
        actor=cast.lena, subject=subject, to_site=cast.berlin, transferred_on=after(20), reason="Moved"
    )
    subject = clinic.again(subject)
    assert (subject.number, subject.site, subject.country) == ("2003-001", cast.berlin, cast.germany)
    visits = clinic.visits(subject)
    assert (visits["Screening"].site, visits["Week 4"].site) == (cast.madrid, cast.berlin)
    with everything("the consent went along"):
        consents = Consent.objects.filter(subject=subject).order_by("pk")
        assert {consent.site for consent in consents} == {cast.berlin}
        assert [consent.status for consent in consents] == ["SIGNED", "REQUIRED"], (
            "the new site has its own form"
        )
    assert_sees(cast.chris, visible=[subject, visits["Week 4"]], hidden=[done])
    assert_sees(cast.carla, visible=[done], hidden=[subject, visits["Week 4"]])
    with acting_as(cast.lena, reason="By hand"), pytest.raises(InternalError), transaction.atomic():
        SubjectVisit.objects.visible_to(cast.lena).filter(pk=done.pk).update(site=cast.berlin)


def test_the_event_that_counts_stands_once_somebody_is_counted(clinic, cast):
    cast.vel.enrolment_event = "CONSENT"
    cast.vel.full_clean()
    cast.vel.enrolment_event = "RANDOMISATION"
    clinic.randomised()
    cast.vel.enrolment_event = "CONSENT"
    with pytest.raises(ValidationError, match="no longer changes"):
        cast.vel.full_clean()
    with acting_as(cast.paula, reason="By hand"), pytest.raises(IntegrityError), transaction.atomic():
        cast.vel.save()


def test_the_enrolment_day_is_the_day_of_the_event_whoever_writes(clinic, cast):
    subject = clinic.randomised()
    with acting_as(cast.carla, reason="By hand"):
        Subject.objects.visible_to(cast.carla).filter(pk=subject.pk).update(enrolled_on=None)
    assert clinic.again(subject).enrolled_on == after(14)
