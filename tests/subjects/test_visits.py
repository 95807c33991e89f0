"""A subject's visits are planned by the protocol version consented to, and say how they lie to their windows."""

import datetime

import pytest

from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.pages.columns import as_text
from ctms.workflow.declare import TransitionRefused
from studies.models import PlannedVisit
from subjects import services
from subjects.calculations import Standing, Window, disorder_of, reference_day, standing_on, window_of
from subjects.models import SubjectVisit
from tests.subjects.conftest import DAY, after


def planned(clinic, name, offset, version, **more):
    with acting_as(User.objects.system(), reason="An amendment"):
        return PlannedVisit.objects.create(
            study=clinic.cast.vel,
            sequence=90,
            name=name,
            offset_days=offset,
            protocol_version=version,
            **more,
        )


def test_a_window_that_is_not_stated_is_not_nought():
    assert window_of(DAY, 14, 3, None) == Window(after(14), after(11), after(14))
    assert window_of(DAY, 14, 0, 0) == Window(after(14), after(14), after(14))
    assert window_of(DAY, 14, None, None) == Window(after(14), None, None)
    assert window_of(DAY, None, 3, 3) == window_of(None, 14, 3, 3) == Window()


def test_the_reference_day_is_the_first_dose_else_randomisation_else_presumed_from_consent():
    days = {"consented_on": DAY, "randomised_on": after(10), "first_dose_on": after(12)}
    assert reference_day(**days, offsets=[-14, 0]) == after(12)
    assert reference_day(**{**days, "first_dose_on": None}, offsets=[-14, 0]) == after(10)
    consented = {"consented_on": DAY, "randomised_on": None, "first_dose_on": None}
    assert reference_day(**consented, offsets=[-1, -14, None, 7]) == after(14)
    assert reference_day(**consented, offsets=[0, 7]) is None


def test_days_out_of_order_are_named():
    assert disorder_of({"consented_on": DAY, "first_dose_on": DAY, "ended_on": after(1)}) == ""
    told = disorder_of({"consented_on": DAY, "first_dose_on": after(-1)})
    assert told == "The first dose (1 Mar 2026) lies before the consent (2 Mar 2026)."


def test_consent_plans_the_screening_visits_and_randomisation_all_others(clinic):
    subject = clinic.consented()
    visits = clinic.visits(subject)
    assert {name: visit.target_on for name, visit in visits.items()} == {"Screening": DAY}
    assert (visits["Screening"].window_starts_on, visits["Screening"].window_ends_on) == (DAY, after(13))
    subject = clinic.move(subject, "randomise", happened_on=after(10))
    visits = clinic.visits(subject)
    assert {name: visit.target_on for name, visit in visits.items()} == {
        "Screening": after(-4),
        "Day 1": after(10),
        "Week 2": after(24),
        "Week 4": after(38),
        "Follow-up": after(66),
    }
    assert visits["Follow-up"].window_ends_on is None
    clinic.move(subject, "start_treatment", happened_on=after(12))
    assert clinic.visits(subject)["Week 2"].target_on == after(26), "the first dose is the reference day"


@pytest.mark.parametrize(
    ("day", "standing"),
    [(24, Standing.EARLY), (25, Standing.IN_WINDOW), (31, Standing.IN_WINDOW), (32, Standing.LATE)],
)
def test_a_visit_lies_in_its_window_or_says_how_it_does_not(clinic, day, standing):
    visit = clinic.visits(clinic.treated())["Week 2"]
    visit = clinic.move(visit, "occur", happened_on=after(day))
    assert standing_on(visit, after(200)) is standing
    out = SubjectVisit.objects.visible_to(clinic.person("carla")).out_of_window()
    assert (visit in out) is (standing is not Standing.IN_WINDOW)


def test_what_nobody_answered_is_not_missed(clinic):
    visit = clinic.visits(clinic.treated())["Week 2"]
    rows = SubjectVisit.objects.visible_to(clinic.person("carla"))
    for on, standing in (
        (24, Standing.AHEAD),
        (25, Standing.DUE),
        (31, Standing.DUE),
        (32, Standing.NOT_ANSWERED),
    ):
        assert standing_on(visit, after(on)) is standing
        assert (visit in rows.due(after(on))) is (standing is Standing.DUE)
        assert (visit in rows.overdue(after(on))) is (standing is Standing.NOT_ANSWERED)
    with pytest.raises(TransitionRefused, match="reason"):
        clinic.move(visit, "miss")
    visit = clinic.move(visit, "miss", reason="Ill at home")
    assert standing_on(visit, after(40)) is Standing.MISSED
    assert clinic.move(visit, "occur", happened_on=after(29)).status == "OCCURRED"


def test_a_visit_is_reopened_corrected_and_voided_with_a_reason(clinic):
    subject = clinic.treated()
    visit = clinic.move(clinic.visits(subject)["Week 2"], "occur", happened_on=after(28))
    visit = clinic.move(visit, "correct_day", happened_on=after(29), reason="Source corrected")
    assert (visit.status, visit.occurred_on) == ("OCCURRED", after(29))
    visit = clinic.move(visit, "reopen", reason="Another subject's visit")
    assert (visit.status, visit.occurred_on) == ("PLANNED", None)
    assert clinic.move(visit, "void", reason="Entered twice").status == "VOIDED"


def test_the_form_that_corrects_a_day_begins_with_the_day_recorded_which_is_no_correction(clinic, client):
    subject = clinic.treated()
    visit = clinic.move(clinic.visits(subject)["Week 2"], "occur", happened_on=after(28))
    client.force_login(clinic.person("carla"))
    address = f"/subject-visits/{visit.pk}/transitions/correct_day/"
    asked = client.get(address).content.decode()
    assert f'name="happened_on" value="{after(28)}"' in asked
    assert f"Recorded so far: {as_text(after(28))}." in asked
    same = client.post(address, {"happened_on": after(28), "reason": "Source corrected"})
    assert same.status_code == 409
    assert "That is the day recorded already" in same.content.decode()


def test_no_visit_lies_before_consent_or_after_death(clinic):
    subject = clinic.treated()
    with pytest.raises(TransitionRefused, match="before the consent"):
        clinic.move(clinic.visits(subject)["Screening"], "occur", happened_on=after(-1))
    visit = clinic.visits(subject)["Week 2"]
    clinic.move(subject, "die", happened_on=after(27))
    reopened = clinic.move(visit, "reopen", reason="Was it before?")
    with pytest.raises(TransitionRefused, match="death"):
        clinic.move(reopened, "occur", happened_on=after(28))


def test_an_unscheduled_visit_is_recorded_where_the_subject_is(clinic, cast, assert_sees):
    subject = clinic.treated()
    visit = services.add_visit(actor=cast.carla, subject=subject, name="Rash", occurred_on=after(20))
    assert (visit.kind, visit.status, visit.planned_visit, visit.site) == (
        "UNSCHEDULED",
        "OCCURRED",
        None,
        cast.madrid,
    )
    assert_sees(cast.fiona, visible=[visit])
    assert_sees(cast.chris, hidden=[visit])


def test_a_new_version_moves_only_what_is_ahead(clinic):
    old = planned(clinic, "Week 6", 42, clinic.version)
    planned(clinic, "Week 1 (new)", 7, clinic.amended)
    planned(clinic, "Week 7", 49, clinic.amended)
    subject = clinic.treated()
    assert "Week 6" in clinic.visits(subject)
    assert "Week 7" not in clinic.visits(subject)
    services.record_consent(
        actor=clinic.person("carla"),
        subject=subject,
        form_version="ES 2.0",
        protocol_version=clinic.amended,
        signed_on=after(30),
    )
    visits = clinic.visits(subject)
    assert visits["Week 6"].status == "NOT_APPLICABLE"
    assert visits["Week 7"].target_on == after(14 + 49)
    assert "Week 1 (new)" not in visits, "it lay before the consent to its version"
    assert visits["Week 2"].status == "PLANNED"
    assert old.protocol_version == clinic.version


def test_reconsent_is_required_done_or_not_applicable(clinic, cast):
    first, second = clinic.treated("2003-001"), clinic.treated("2003-002")
    asked = [
        services.record_consent(
            actor=cast.carla, subject=subject, form_version="ES 2.0", protocol_version=clinic.amended
        )
        for subject in (first, second)
    ]
    assert [consent.status for consent in asked] == ["REQUIRED", "REQUIRED"]
    with pytest.raises(TransitionRefused, match="first consent"):
        clinic.move(asked[0], "sign", happened_on=after(-5))
    assert clinic.move(asked[0], "sign", happened_on=after(30)).signed_on == after(30)
    assert clinic.move(asked[1], "set_aside", reason="The committee asks for none").status == "NOT_APPLICABLE"


def test_today_is_the_sites_today(clinic, cast):
    """The day after tomorrow is nobody's today; the engine asks the site's clock."""
    subject = clinic.treated()
    far = datetime.date.today() + datetime.timedelta(days=2)
    with pytest.raises(TransitionRefused, match="future"):
        clinic.move(clinic.visits(subject)["Week 2"], "occur", happened_on=far)
