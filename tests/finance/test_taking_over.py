"""What sites were paid before this system comes in as paid, with the days and the people of then."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.signatures.signing import signatures_of
from ctms.workflow.engine import transitions_of
from finance import services
from finance.models import Payable, PaymentRun
from tests.finance.conftest import APRIL, FEBRUARY, MARCH

PAID = datetime.date(2026, 3, 20)
WHY = "Opening balance"


def take_over(stage, cast, actor, **more):
    values = {"period_to": FEBRUARY, "approved_on": MARCH, "paid_on": PAID} | more
    return services.take_over_run(
        actor=actor,
        study=cast.vel,
        currency="EUR",
        prepared_by=cast.people["fiona"],
        approved_by=cast.people["felix"],
        reason=WHY,
        **values,
    )


@pytest.fixture
def paid(stage, cast):
    """Return the run of what happened until February; what happened in April is still owed."""
    stage.contract()
    stage.paying_account()
    subject = stage.subject("2003-001")
    stage.visit(subject, on=FEBRUARY)
    stage.visit(subject, "Day 1", on=APRIL)
    with acting_as(cast.people["paula"], reason=WHY):
        services.accrue(actor=cast.people["fiona"], study=cast.vel)
        return take_over(stage, cast, cast.people["paula"])


def test_the_run_and_what_it_paid_stand_as_paid_on_the_days_of_then(paid, cast):
    run = PaymentRun.objects.visible_to(cast.people["fiona"]).get(pk=paid.pk)
    assert (run.status, run.approved_on, run.exported_on) == ("PAID", MARCH, MARCH)
    assert [(row.target, row.happened_on) for row in transitions_of(run)] == [
        ("APPROVED", MARCH),
        ("EXPORTED", MARCH),
        ("PAID", PAID),
    ]
    with everything("a test looks at the rows"):
        remittance = run.remittances.get()
        rows = Payable.objects.filter(study=cast.vel).order_by("event_on")
        assert [(row.event_on, row.status) for row in rows if row.subject_visit_id] == [
            (FEBRUARY, "PAID"),
            (APRIL, "ACCRUED"),
        ]
    assert (remittance.status, remittance.paid_on, remittance.total) == ("PAID", PAID, run.total)
    assert not signatures_of(run).exists()


def test_what_was_paid_is_not_owed_again(paid, cast):
    done = services.accrue(actor=cast.people["fiona"], study=cast.vel)
    assert not done["booked"] + done["corrected"] + done["voided"]


def test_nothing_to_pay_makes_no_run_and_it_is_for_who_takes_a_study_over(stage, cast):
    assert take_over(stage, cast, cast.people["paula"]) is None
    with pytest.raises(PermissionDenied):
        take_over(stage, cast, cast.people["fiona"])
