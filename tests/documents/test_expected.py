"""Expected documents appear when what makes them due has happened, once, and papers stand for them."""

import datetime
import random

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import adopt, perform
from documents import services
from documents.calculations import (
    Completeness,
    Condition,
    Event,
    Facts,
    Held,
    Wanted,
    completeness,
    days_late,
    match,
)
from documents.models import ExpectedDocument, StudyExpectation, TmfPlace
from studies.models import StudyIdentifier
from studies.workflows import ACTIVATION_REQUIREMENTS
from tests.cast import LONG_AGO

from .conftest import DAY, artifact, run_promised
from .papers import pdf

EUROPE, AMERICA = Facts(frozenset({"ES"})), Facts(frozenset({"US"}), under_ind=True)


def numbers(rows):
    return sorted(row.artifact.number for row in rows)


def at(place):
    with everything("a test"):
        return list(ExpectedDocument.objects.filter(site=place).select_related("artifact").order_by("pk"))


def test_nothing_is_expected_of_a_site_nobody_selected(tmf, cast):
    services.bring_expectations(cast.vel, on=DAY)
    assert at(cast.madrid) == []
    tmf.site_in("SELECTED")
    assert "05.02.04" in numbers(at(cast.madrid))
    assert "05.02.18" not in numbers(at(cast.madrid)), "the signature sheet comes with the initiation"


def test_europe_expects_one_decision_and_others_the_committee_at_the_site(tmf, cast):
    with acting_as(cast.paula, reason="x"):
        from directory.models import Country, Organization
        from studies.models import StudyCountry, StudySite

        states = StudyCountry.objects.create(study=cast.vel, nation=Country.objects.get(pk="US"))
        boston = StudySite.objects.create(
            country=states,
            organization=Organization.objects.create(name="Harbor", kind="HOSPITAL"),
            number="9001",
        )
        StudyIdentifier.objects.create(study=cast.vel, kind="IND", value="IND 1")
    cast.places["boston"] = boston
    tmf.site_in("SELECTED")
    tmf.site_in("SELECTED", "boston")
    for country in (cast.spain, states):
        adopt(country, "START_UP", actor=User.objects.system(), reason="test")
    services.bring_expectations(cast.vel, on=DAY)
    assert "04.01.02" not in numbers(at(cast.madrid))
    assert {"05.02.08", "05.02.10"}.isdisjoint(numbers(at(cast.madrid)))
    assert {"04.01.02", "05.02.08", "05.02.10"} <= set(numbers(at(boston)))
    with everything("a test"):
        labels = dict(
            ExpectedDocument.objects.filter(artifact__number="03.01.02").values_list(
                "country__nation", "label"
            )
        )
    assert labels == {"ES": "Decision of the member state", "US": "Regulatory Authority Decision"}


def test_an_unblinded_expectation_exists_for_its_circle_only(cast, assert_sees):
    adopt(cast.vel, "START_UP", actor=User.objects.system(), reason="test")
    services.bring_expectations(cast.vel, on=DAY)
    plan = ExpectedDocument.objects.visible_to(cast.ursula).get(artifact__number="06.03.02")
    assert_sees(cast.uma, visible=[plan])
    for blinded in ("paula", "tara", "quentin", "carla"):
        assert_sees(cast.people[blinded], hidden=[plan])


def test_a_site_that_was_dropped_is_asked_for_nothing_more_and_keeps_what_came(tmf, cast):
    tmf.site_in("START_UP")
    tmf.approved()
    tmf.match()
    perform(cast.madrid, "drop", actor=cast.paula, reason="Withdrew")
    services.bring_expectations(cast.vel, on=DAY)
    states = {row.artifact.number: row.status for row in at(cast.madrid)}
    assert states.pop("05.02.04") == "FULFILLED"
    assert set(states.values()) == {"NOT_APPLICABLE"}


def test_a_move_of_a_site_promises_that_its_documents_are_brought(cast):
    for move, more in (("qualify", {}), ("select", {"happened_on": LONG_AGO})):
        perform(cast.madrid, move, actor=cast.paula, **more)
    run_promised("documents.bring_for_site")
    row = next(row for row in at(cast.madrid) if row.artifact.number == "05.02.04")
    assert row.due_on == LONG_AGO + datetime.timedelta(days=30)
    assert at(cast.berlin) == []


STEPS = ("country", "select", "initiate", "bring", "bring_site", "approve", "void")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(STEPS), repeats=st.lists(st.sampled_from(["bring", "bring_site"]), max_size=3))
def test_in_whatever_order_and_how_often_it_is_brought_the_rows_are_the_same(tmf, cast, order, repeats):
    from django.db import transaction

    class Back(Exception):
        pass

    found = []
    for steps in (STEPS, [*order, *repeats]):
        try:
            with transaction.atomic():
                _play(tmf, cast, steps)
                with everything("a test"):
                    found.append(
                        sorted(
                            ExpectedDocument.objects.values_list(
                                "key", "artifact__number", "due_on", "status", "gate", "country", "site"
                            ),
                            key=repr,
                        )
                    )
                raise Back
        except Back:
            pass
    assert found[0] == found[1]
    assert len(found[0]) > 8


def _play(tmf, cast, steps):
    system = User.objects.system()
    site, document = cast.madrid, None
    states = iter(("SELECTED", "INITIATED"))
    for step in steps:
        if step == "country":
            cast.spain.status = "PLANNED"
            adopt(cast.spain, "START_UP", actor=system, reason="test", happened_on=LONG_AGO)
        elif step in ("select", "initiate"):
            _site_to(site, next(states), system)
        elif step == "bring":
            services.bring_expectations(cast.vel, on=DAY)
        elif step == "bring_site":
            services.bring_expectations(cast.vel, sources={f"studies.StudySite/{site.pk}"}, on=DAY)
        elif step == "approve":
            document = document or tmf.approved(content=pdf("CV"))
        elif step == "void" and document is not None:
            perform(document, "void", actor=cast.paula, reason="test")
    services.bring_expectations(cast.vel, on=DAY)
    if "void" in steps and document is not None and tmf.again(document).status == "APPROVED":
        perform(document, "void", actor=cast.paula, reason="test")
        services.match_expectations(cast.vel, on=DAY)


def _site_to(site, state, system):
    from ctms.workflow.models import TransitionRecord

    if state == "SELECTED":
        adopt(site, "SELECTED", actor=system, reason="test", happened_on=LONG_AGO)
    else:
        perform(site, "start_up", actor=system)
        perform(site, "initiate", actor=system, happened_on=LONG_AGO, reason="Trained elsewhere")
    assert TransitionRecord.objects.filter(record=f"studies.StudySite/{site.pk}").exists()


def test_an_approved_paper_fulfils_and_a_voided_one_does_not_any_more(tmf, cast):
    tmf.site_in("SELECTED")
    document = tmf.approved()
    run_promised("documents.match_document")
    assert tmf.expected("05.02.04").status == "FULFILLED"
    assert tmf.again(document).expected == tmf.expected("05.02.04")
    perform(document, "void", actor=cast.paula, reason="Wrong person")
    run_promised("documents.match_document")
    assert tmf.expected("05.02.04").status == "EXPECTED"


def test_a_paper_on_its_way_is_received_and_not_yet_there(tmf, cast):
    tmf.site_in("SELECTED")
    expected = tmf.expected("05.02.04")
    document = tmf.uploaded(expected=expected)
    assert (document.artifact.number, document.site) == ("05.02.04", cast.madrid)
    run_promised("documents.match_document")
    assert tmf.expected("05.02.04").status == "RECEIVED"
    perform(document, "void", actor=cast.tara, reason="Wrong")
    run_promised("documents.match_document")
    assert tmf.expected("05.02.04").status == "EXPECTED"


def test_a_paper_of_another_site_fulfils_nothing_here(tmf, cast):
    tmf.site_in("SELECTED")
    tmf.approved(place="berlin")
    tmf.match()
    assert tmf.expected("05.02.04").status == "EXPECTED"


def test_a_new_version_under_way_leaves_it_fulfilled(tmf, cast):
    tmf.site_in("SELECTED")
    former = tmf.approved()
    tmf.match()
    services.begin_new_version(actor=cast.carla, document=tmf.again(former))
    tmf.match()
    assert tmf.expected("05.02.04").status == "FULFILLED"


def test_only_somebody_else_than_who_added_it_says_it_does_not_apply(tmf, cast):
    expected = services.expect_by_hand(
        actor=cast.tara,
        study=cast.vel,
        site=cast.madrid,
        artifact=artifact("05.05.01"),
        label="Letter",
        due_on=DAY,
    )
    with pytest.raises(TransitionRefused, match="You added this expectation"):
        perform(expected, "set_aside", actor=cast.tara, reason="Not needed")
    with pytest.raises(TransitionRefused, match="reason"):
        perform(expected, "set_aside", actor=cast.paula)
    with pytest.raises(PermissionDenied):
        perform(expected, "set_aside", actor=cast.carla, reason="x")
    assert perform(expected, "set_aside", actor=cast.paula, reason="Not needed").status == "NOT_APPLICABLE"


def test_nobody_types_that_something_is_there(tmf, cast):
    tmf.site_in("SELECTED")
    expected = tmf.expected("05.02.04")
    for move in ("fulfil", "receive", "miss"):
        with pytest.raises(PermissionDenied):
            perform(expected, move, actor=cast.tara)


def test_where_the_file_is_elsewhere_a_reference_fulfils(tmf, cast):
    tmf.site_in("SELECTED")
    expected = tmf.expected("05.02.04")
    filed = {"filed_system": "Vault", "filed_number": "V-1", "filed_on": DAY}
    with pytest.raises(TransitionRefused, match="kept here"):
        services.fulfil_by_reference(actor=cast.tara, expected=expected, **filed)
    with acting_as(cast.tara, reason="Contract"):
        TmfPlace.objects.create(study=cast.vel, home="SPONSOR", system="Vault", starts_on=LONG_AGO)
    with pytest.raises(TransitionRefused, match="under which number"):
        perform(expected, "filed_elsewhere", actor=cast.tara)
    services.fulfil_by_reference(actor=cast.tara, expected=tmf.expected("05.02.04"), **filed)
    assert tmf.expected("05.02.04").status == "FULFILLED"
    tmf.match()
    assert tmf.expected("05.02.04").status == "FULFILLED", "matching does not take a reference back"


def test_the_place_of_the_file_names_its_system(cast):
    with pytest.raises(ValidationError, match="Name the system"):
        TmfPlace(study=cast.vel, home="OTHER", starts_on=DAY).full_clean()


def test_activation_names_each_missing_document_and_stops_naming_it(tmf, cast):
    requirement = next(one for one in ACTIVATION_REQUIREMENTS if one.title == "Essential documents")
    with everything("the guard reads like this"):
        unknown = requirement.missing(cast.madrid)
    assert len(unknown) == 1, "nothing is listed yet, so nothing is known to be there"
    assert "not listed yet" in unknown[0]
    tmf.site_in("SELECTED")
    with everything("the guard reads like this"):
        before = requirement.missing(cast.madrid)
    assert "Principal Investigator Curriculum Vitae (05.02.04) is missing." in before
    document = tmf.reviewed()
    services.match_expectations(cast.vel, on=DAY)
    tmf.approve(document)
    tmf.match()
    with everything("the guard reads like this"):
        after = requirement.missing(cast.madrid)
        other = requirement.missing(cast.berlin)
    assert set(before) - set(after) == {"Principal Investigator Curriculum Vitae (05.02.04) is missing."}
    assert other == unknown, "nobody has listed what is expected of Berlin"
    assert requirement.tab == "expected-documents"


def test_a_study_asks_for_letters_and_does_without_another_paper(tmf, cast):
    services.ask_otherwise(
        actor=cast.paula,
        study=cast.vel,
        rule_key="clinical-trial-agreement",
        wanted=False,
        why="Sponsor files it",
    )
    with pytest.raises(ValidationError, match="no such rule"):
        services.ask_otherwise(actor=cast.paula, study=cast.vel, rule_key="nope", wanted=True, why="x")
    with pytest.raises(PermissionDenied):
        services.ask_otherwise(actor=cast.carla, study=cast.vel, rule_key="protocol", wanted=False, why="x")
    tmf.site_in("SELECTED")
    assert "05.02.12" not in numbers(at(cast.madrid))
    assert StudyExpectation.objects.visible_to(cast.tara).count() == 1


# --- plain values ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "facts", "holds"),
    [
        (Condition(), EUROPE, True),
        (Condition(in_countries="EU_EEA"), EUROPE, True),
        (Condition(in_countries="EU_EEA"), AMERICA, False),
        (Condition(not_in_countries="ONE_DECISION"), Facts(frozenset({"GB"})), False),
        (Condition(in_countries="US CH"), AMERICA, True),
        (Condition(phases="II III"), Facts(phase="III"), True),
        (Condition(phases="II III"), Facts(phase="I"), False),
        (Condition(masking="OPEN"), EUROPE, False),
        (Condition(masking="MASKED"), EUROPE, True),
        (Condition(investigational_new_drug="YES"), EUROPE, False),
        (Condition(investigational_new_drug="YES"), AMERICA, True),
    ],
)
def test_conditions(condition, facts, holds):
    assert condition.holds(facts) is holds


def test_completeness_counts_what_is_due_and_nothing_is_not_everything():
    day, before, after = DAY, DAY - datetime.timedelta(1), DAY + datetime.timedelta(1)
    rows = [
        ("FULFILLED", before),
        ("NOT_APPLICABLE", before),
        ("RECEIVED", before),
        ("EXPECTED", before),
        ("FULFILLED", before),
        ("EXPECTED", day),
        ("FULFILLED", after),
        ("EXPECTED", None),
    ]
    assert completeness(rows, day) == Completeness(3, 5, 2)  # the worked example: 3 of 5
    assert str(completeness(rows, day)) == "3 of 5"
    nothing = completeness([("EXPECTED", after)], day)
    assert (nothing.assessed, str(nothing)) == (False, "not assessed")
    assert [days_late(status, due, day) for status, due in rows] == [0, 0, 1, 1, 0, 0, 0, 0]


def test_a_document_stands_for_one_and_for_the_first_that_still_needs_it():
    wanted = [
        Wanted(1, "05.02.07", (1, 2), number=2),
        Wanted(2, "05.02.07", (1, 2)),
        Wanted(3, "05.02.07", (1, 3)),
    ]
    held = [Held(pk, "05.02.07", (1, 2), approved=True) for pk in (10, 11, 12, 13)]
    found = match(wanted, held)
    assert found.taken == {10: 1, 11: 1, 12: 2}
    assert found.approved == {1: 2, 2: 1}


def test_a_document_about_a_visit_stands_for_that_visit_only_and_blinding_never_mixes():
    wanted = [
        Wanted(1, "05.04.03", (1, 2), source="visit/1"),
        Wanted(2, "05.04.03", (1, 2), source="visit/2"),
    ]
    assert match(wanted, [Held(9, "05.04.03", (1, 2), about="visit/2", approved=True)]).taken == {9: 2}
    assert match(wanted, [Held(9, "05.04.03", (1, 2), approved=True)]).taken == {}
    assert (
        match(wanted, [Held(9, "05.04.03", (1, 2), about="visit/1", approved=True, unblinded=True)]).taken
        == {}
    )


@given(
    st.lists(
        st.builds(Wanted, st.integers(1, 30), st.sampled_from("AB"), st.just((1, 1))),
        unique_by=lambda w: w.pk,
    ),
    st.lists(
        st.builds(Held, st.integers(1, 30), st.sampled_from("AB"), st.just((1, 1)), approved=st.booleans()),
        unique_by=lambda h: h.pk,
    ),
    st.randoms(),
)
def test_matching_does_not_depend_on_the_order_it_is_told_in(wanted, held, chance: random.Random):
    first = match(wanted, held)
    shuffled_wanted, shuffled_held = wanted[:], held[:]
    chance.shuffle(shuffled_wanted)
    chance.shuffle(shuffled_held)
    assert match(shuffled_wanted, shuffled_held) == first
    assert len(set(first.taken)) == len(first.taken)
    assert all(count <= 1 for count in first.approved.values())


def test_the_event_says_when_the_rule_does_not():
    from documents.calculations import due_day

    event = Event("VISIT_CONDUCTED", "v/1", DAY, 1, due_on=DAY + datetime.timedelta(21))
    assert due_day(event, None) == DAY + datetime.timedelta(21)
    assert due_day(event, 10) == DAY + datetime.timedelta(10)
