"""How many subjects a study has: the numbers, who sees them, and what they never show."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.workflow.engine import adopt
from studies.models import Milestone
from subjects.models import DAY_OF_STATE, Subject
from subjects.services.enrolment import enrolled_in, enrolment_of
from subjects.services.enrolment_counts import Counts, months_of, percent, plan_line

ON = datetime.date(2026, 3, 17)
JANUARY, FEBRUARY, MARCH = (datetime.date(2026, month, 10) for month in (1, 2, 3))


def enter(cast, site, number, status, *, consented=JANUARY, randomised=None):
    """Let a subject enter as it stands, with the days that say so, the way an import does."""
    days = {"consented_on": consented, "randomised_on": randomised}
    if status in ("ON_TREATMENT", "OFF_TREATMENT", "COMPLETED", "WITHDRAWN"):
        days["first_dose_on"] = randomised
    if status != "PRE_SCREENED":
        days.setdefault(DAY_OF_STATE[status], MARCH)
    subject = Subject.objects.create(site=cast.places[site], number=number, **days)
    if status != "PRE_SCREENED":
        adopt(subject, status, actor=cast.system, reason="Taken over")
    return subject


@pytest.fixture
def enrolled(cast):
    """Nine subjects in Madrid and Berlin as far as they came, and one in Kraków."""
    cast.people["system"] = User.objects.system()
    with acting_as(cast.system, reason="Subjects of a test"):
        for site, number, status, consented, randomised in (
            ("madrid", "2003-001", "COMPLETED", JANUARY, JANUARY),
            ("madrid", "2003-002", "ON_TREATMENT", JANUARY, FEBRUARY),
            ("madrid", "2003-003", "SCREEN_FAILED", FEBRUARY, None),
            ("madrid", "2003-004", "IN_SCREENING", MARCH, None),
            ("madrid", "2003-005", "PRE_SCREENED", None, None),
            ("madrid", "2003-006", "SCREEN_FAILED", None, None),
            ("berlin", "1001-001", "OFF_TREATMENT", JANUARY, FEBRUARY),
            ("berlin", "1001-002", "WITHDRAWN", JANUARY, FEBRUARY),
            ("berlin", "1001-003", "RANDOMISED", MARCH, ON + datetime.timedelta(days=3)),
            ("krakow", "4001-001", "RANDOMISED", JANUARY, FEBRUARY),
        ):
            enter(cast, site, number, status, consented=consented, randomised=randomised)
        cast.vel.planned_enrolled = 60
        cast.vel.save()
    return cast


def test_each_number_is_what_its_sentence_says(enrolled):
    found = enrolment_of(user=enrolled.paula, study=enrolled.vel, on=ON)
    assert found.total == Counts(
        screened=7,  # not who was only pre-screened, nor who failed before consent
        screen_failed=1,
        in_screening=1,
        enrolled=4,  # not who is enrolled after the day asked about
        ongoing=3,
        off_treatment=1,
        completed=1,
        ended_early=1,
        failed_or_enrolled=5,
    )
    assert str(found.total.screen_failure_rate) == "20.0"
    assert (found.planned, found.whole) == (60, True)


def test_the_places_add_up_to_the_whole(enrolled):
    found = enrolment_of(user=enrolled.paula, study=enrolled.vel, on=ON)
    assert [(str(line.place), line.counts.screened, line.counts.enrolled) for line in found.countries] == [
        ("Germany", 3, 2),
        ("Spain", 4, 2),
    ]
    assert [line.place.number for line in found.sites] == ["1001", "2003"]
    assert sum((line.counts for line in found.sites), Counts()) == found.total
    assert "4001" not in str(found.sites), "another study's site counts nowhere"


def test_the_months_run_from_the_first_subject_to_the_day_asked_about(enrolled):
    with acting_as(enrolled.paula, reason="Agreed"):
        for kind, day in (("FIRST_SUBJECT_IN", "2026-01-01"), ("LAST_SUBJECT_IN", "2026-12-31")):
            Milestone.objects.create(
                study=enrolled.vel, kind=kind, name=kind, planned_on=day, published=kind == "FIRST_SUBJECT_IN"
            )
    months = enrolment_of(user=enrolled.paula, study=enrolled.vel, on=ON).months
    assert [(m.first.month, m.screened, m.enrolled, m.enrolled_so_far) for m in months] == [
        (1, 4, 1, 1),
        (2, 1, 3, 4),
        (3, 2, 0, 4),
    ]
    assert [m.screened_so_far for m in months] == [4, 5, 7]
    assert [m.planned_so_far for m in months] == [5, 10, 12], "a straight line to 60 at the end of the year"
    sponsored = enrolment_of(user=enrolled.sam, study=enrolled.vel, on=ON).months
    assert [m.planned_so_far for m in sponsored] == [None, None, None], "one of its ends was not published"


@pytest.mark.parametrize(
    ("who", "screened", "sites", "whole"),
    [
        ("paula", 7, ["1001", "2003"], True),
        ("sam", 7, ["1001", "2003"], True),
        ("ingrid", 7, ["1001", "2003"], True),
        ("quentin", 7, ["1001", "2003"], True),
        ("carla", 4, ["2003"], False),
        ("chris", 3, ["1001"], False),
    ],
)
def test_everybody_counts_what_lies_at_their_sites(enrolled, who, screened, sites, whole):
    found = enrolment_of(user=enrolled.people[who], study=enrolled.vel, on=ON)
    assert found.total.screened == screened
    assert [line.place.number for line in found.sites] == sites
    assert found.whole is whole
    assert (found.planned == 60) is whole, "the plan of the whole study says nothing of a part"


def test_a_sponsor_sees_numbers_and_no_subject(enrolled, assert_sees):
    with acting_as(enrolled.system, reason="To look at"):
        subject = enter(enrolled, "madrid", "2003-099", "IN_SCREENING")
    assert_sees(enrolled.sam, hidden=[subject])
    assert_sees(enrolled.paula, visible=[subject])
    assert "2003-099" not in repr(enrolment_of(user=enrolled.sam, study=enrolled.vel, on=ON))


@pytest.mark.parametrize("who", ["simone", "pavel", "stella", "tara"])
def test_who_may_not_see_enrolment_counts_nothing(enrolled, who):
    with pytest.raises(PermissionDenied):
        enrolment_of(user=enrolled.people[who], study=enrolled.vel, on=ON)
    assert enrolled.vel.pk not in enrolled_in(user=enrolled.people[who], studies=[enrolled.vel], on=ON)


def test_several_studies_are_counted_at_once(enrolled):
    studies = [enrolled.vel, enrolled.kin, enrolled.cor]
    assert enrolled_in(user=enrolled.quentin, studies=studies, on=ON) == {
        enrolled.vel.pk: 4,
        enrolled.kin.pk: 0,
        enrolled.cor.pk: 1,
    }
    assert enrolled_in(user=enrolled.sam, studies=studies, on=ON) == {enrolled.vel.pk: 4}
    assert enrolled_in(user=enrolled.carla, studies=studies, on=ON) == {enrolled.vel.pk: 2}


def test_more_sites_and_subjects_ask_no_more_queries(enrolled):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            enrolment_of(user=enrolled.fresh("paula"), study=enrolled.vel, on=ON)
        return len(asked)

    before = queries()
    with acting_as(enrolled.system, reason="More of them"):
        for n in range(12):
            enter(enrolled, "berlin", f"1001-1{n:02}", "IN_SCREENING")
    assert queries() == before <= 9


def test_a_subject_who_is_enrolled_at_consent_and_fails_counts_once(cast):
    system = cast.people["system"] = User.objects.system()
    with acting_as(system, reason="Where consent is the event"):
        cast.cor.enrolment_event = "CONSENT"
        cast.cor.full_clean()
        cast.cor.save()
        enter(cast, "krakow", "4001-001", "RANDOMISED", randomised=FEBRUARY)
        enter(cast, "krakow", "4001-002", "SCREEN_FAILED")
    total = enrolment_of(user=cast.pavel, study=cast.cor, on=ON).total
    assert (total.screened, total.enrolled, total.screen_failed, total.failed_or_enrolled) == (2, 2, 1, 2)
    assert total.screen_failure_rate == 50


def test_nothing_is_divided_by_nobody():
    assert percent(1, 4) == 25
    assert percent(0, 0) is None
    assert Counts().screen_failure_rate is None


def test_no_month_is_left_out_and_the_plan_stays_within_its_ends():
    first, later = datetime.date(2025, 11, 1), datetime.date(2026, 2, 1)
    plan = plan_line(datetime.date(2025, 12, 1), datetime.date(2026, 1, 31), 62)
    months = months_of({first: 2}, {later: 1}, on=datetime.date(2026, 3, 5), plan=plan)
    assert [m.first.month for m in months] == [11, 12, 1, 2, 3]
    assert [m.planned_so_far for m in months] == [0, 31, 62, 62, 62]
    assert months_of({}, {}, on=first) == ()
    assert plan_line(later, first, 10) is None
    assert plan_line(first, None, 10) is None
