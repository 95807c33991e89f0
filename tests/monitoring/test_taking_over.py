"""A visit of a time before this system comes in with its days, its report and its letters; nobody signs it here."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.jobs.models import Job
from ctms.signatures.signing import signatures_of
from ctms.workflow.engine import transitions_of
from monitoring import services
from monitoring.models import MonitoringReport, VisitLetter
from monitoring.pages import letter_terms_of, terms_of

FIRST, LAST = datetime.date(2025, 6, 3), datetime.date(2025, 6, 4)
SUBMITTED, APPROVED, SENT = datetime.date(2025, 6, 12), datetime.date(2025, 6, 20), datetime.date(2025, 6, 17)
WHY = "The former system"


def visit_of(cast, actor, **more):
    return services.take_over_visit(
        actor=actor,
        site=cast.madrid,
        visit_type="IMV",
        method="ON_SITE",
        first_day=FIRST,
        last_day=LAST,
        monitors=[cast.carla],
        reason=WHY,
        **more,
    )


@pytest.fixture
def report(stage, cast):
    """Return the report of a visit taken over, in the transaction it is taken over in."""
    with acting_as(cast.paula, reason=WHY):
        visit = visit_of(cast, cast.paula)
        begun = services.take_over_report(
            actor=cast.paula,
            visit=visit,
            answers={"data_entry": ("NO", "Nine days behind")},
            summary="Three subjects seen.",
            reason=WHY,
        )
        services.raise_action_item(
            actor=cast.carla,
            site=visit.site,
            report=begun,
            text="Enter the visits",
            opened_on=LAST,
            due_on=LAST + datetime.timedelta(days=30),
        )
        return services.take_over_approval(
            actor=cast.paula, report=begun, submitted_on=SUBMITTED, approved_on=APPROVED, reason=WHY
        )


def test_its_report_stands_approved_on_the_day_it_was_with_what_was_found(report, cast):
    kept = MonitoringReport.objects.visible_to(cast.lena).get(pk=report.pk)
    assert (kept.status, kept.submitted_on, kept.approved_on) == ("APPROVED", SUBMITTED, APPROVED)
    assert kept.snapshot["action_items"][0]["text"] == "Enter the visits"
    answers = [one for section in kept.snapshot["sections"] for one in section["questions"]]
    assert {one["answer"] for one in answers} == {"Yes", "No"}
    assert [(row.name, row.target, row.happened_on) for row in transitions_of(kept)] == [
        ("adopt", "APPROVED", APPROVED)
    ]


def test_nobody_has_signed_it_here_and_no_job_prints_it(report):
    assert not signatures_of(report).exists()
    assert not Job.objects.filter(name="monitoring.file_report").exists()


def test_it_no_longer_changes(report):
    with (
        pytest.raises(IntegrityError, match="no longer changes"),
        acting_as(User.objects.system(), reason="Later"),
        everything("a test"),
        transaction.atomic(),
    ):
        MonitoringReport.objects.filter(pk=report.pk).update(summary="Another")


def test_a_letter_comes_in_as_sent_and_answered_on_its_days(stage, cast):
    with acting_as(cast.paula, reason=WHY):
        visit = visit_of(cast, cast.paula)
        letter = services.take_over_letter(
            actor=cast.paula,
            visit=visit,
            kind="FOLLOW_UP",
            written_by=cast.carla,
            dated_on=SENT,
            sent_on=SENT,
            acknowledged_on=APPROVED,
            reason=WHY,
        )
    kept = VisitLetter.objects.visible_to(cast.carla).get(pk=letter.pk)
    assert (kept.status, kept.sent_on, kept.acknowledged_on) == ("ACKNOWLEDGED", SENT, APPROVED)
    assert kept.snapshot["recipients"] == ["Dr Isabel Moreno, Principal investigator"]
    assert [row.target for row in transitions_of(kept)] == ["SENT", "ACKNOWLEDGED"]


def test_without_a_report_it_is_counted_and_nothing_of_it_is_due(stage, cast):
    with acting_as(cast.paula, reason=WHY):
        visit = visit_of(cast, cast.paula)
    visit.shown_letters = []
    assert terms_of(visit) == []
    assert letter_terms_of(visit) == []
    later = stage.planned()
    assert later.number == visit.number + 1


def test_it_is_for_who_takes_a_study_over_and_within_their_circle(stage, cast):
    for actor, unblinded in ((cast.carla, False), (cast.paula, True)):
        with pytest.raises(PermissionDenied):
            visit_of(cast, actor, unblinded=unblinded)
