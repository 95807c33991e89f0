"""What happened is owed once, by the rate of its day; what changes afterwards is booked beside it."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from ctms.access.scoping import everything
from ctms.api.columns import columns_of, read_answers
from ctms.api.records import endpoints
from ctms.api.writing import written
from ctms.audit.context import acting_as
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import perform
from finance import services
from finance.models import Payable, PayableStatus
from monitoring import services as monitoring

from .conftest import APRIL, FEBRUARY, JANUARY, MARCH


def amounts(rows):
    return [(row.amount, row.overhead, row.holdback, row.total) for row in rows]


def listed(user, slug):
    """Return what the API's list says: read by columns, and the same as its records answer."""
    viewset = dict(endpoints())[slug]
    rows, shape = viewset.declaration.rows_answered(user), viewset.read_serializer
    assert columns_of(shape) is not None
    found = [answer for _position, answer in read_answers(shape, rows, 50, viewset.declaration.order)]
    assert found == [written(shape, row) for row in rows]
    return found


def test_an_occurred_visit_is_owed_once_however_often_the_job_runs(stage):
    stage.contract()
    stage.visit(stage.subject("2003-001"))
    assert stage.accrued()["booked"] == 1
    assert not any(stage.accrued().values())
    (payable,) = stage.payables()
    # 480 + 20 % overhead, 10 % of both held back.
    assert amounts([payable]) == [(480, 96, Decimal("57.6"), Decimal("518.4"))]
    assert (payable.status, payable.what, payable.event_on) == ("ACCRUED", "2003-001: Screening", FEBRUARY)


def test_only_what_occurred_and_has_a_fee_is_owed(stage):
    stage.contract()
    subject = stage.subject("2003-001")
    stage.visit(subject, "Day 1", on=None)
    missed = stage.visit(subject, "Week 4", on=None)
    stage.moved(missed, "miss")
    stage.visit(stage.subject("1001-001", site="berlin"))  # no agreement there
    stage.visit(subject, "Rash", unscheduled=True)
    stage.accrued()
    assert [(row.kind, row.amount) for row in stage.payables()] == [("UNSCHEDULED_VISIT", Decimal("150.55"))]


def test_a_monitoring_visit_never_pays_a_site(stage):
    stage.contract()
    carla = stage.person("carla")
    visit = monitoring.plan_visit(
        actor=carla,
        on=FEBRUARY,
        site=stage.cast.madrid,
        visit_type="IMV",
        method="ON_SITE",
        planned_start_on=FEBRUARY,
        planned_end_on=FEBRUARY,
        primary_monitor=carla,
    )
    visit = perform(visit, "confirm", actor=carla)
    monitoring.conduct_visit(actor=carla, visit=visit, started_on=FEBRUARY, ended_on=FEBRUARY)
    stage.accrued()
    assert stage.payables() == []


def test_two_payees_share_to_the_cent(stage):
    stage.contract(shares=(60, 40), screening="100.01")
    stage.visit(stage.subject("2003-001"))
    stage.accrued()
    first, second = stage.payables()
    assert (first.part, second.part, first.payee_id == second.payee_id) == (1, 2, False)
    assert (first.amount, second.amount) == (Decimal("60.01"), Decimal("40.00"))
    assert first.total + second.total == Decimal("108.01")  # 100.01 + 20.00 - 12.00


def test_the_database_refuses_a_second_row_for_an_event_and_any_other_amount(stage):
    stage.contract()
    stage.visit(stage.subject("2003-001"))
    stage.accrued()
    (row,) = stage.payables()
    with everything("raw"), acting_as(stage.person("fiona"), reason="raw"):
        copy = stage.again(row)
        copy.pk, copy._state.adding = None, True
        with pytest.raises(IntegrityError, match="payable_"), transaction.atomic():
            copy.save()
        with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
            Payable.objects.filter(pk=row.pk).update(amount=1, total=1)


def test_a_visit_that_is_reopened_or_voided_before_approval_is_owed_no_more(stage):
    stage.contract()
    first = stage.visit(stage.subject("2003-001"))
    second = stage.visit(stage.subject("2003-002"))
    stage.accrued()
    stage.moved(first, "reopen")
    stage.moved(second, "void")
    assert stage.accrued()["voided"] == 2
    assert stage.live() == []
    stage.occurred(stage.again(first), MARCH)
    stage.accrued()
    (row,) = stage.live()
    assert (row.event_on, row.adjusts) == (MARCH, None)
    assert len(stage.payables()) == 3


def test_a_visit_voided_after_payment_is_taken_back_once_and_the_paid_row_stays(stage):
    stage.contract()
    stage.paying_account()
    visit = stage.visit(stage.subject("2003-001"))
    stage.accrued()
    stage.confirm_all()
    stage.paid()
    (before,) = stage.payables()
    stage.moved(visit, "void")
    assert stage.accrued()["corrected"] == 1
    assert not any(stage.accrued().values())
    paid, correction = stage.payables()
    assert (paid.status, paid.total, paid.version) == ("PAID", before.total, before.version)
    assert (correction.adjusts_id, correction.takes_back) == (paid.pk, True)
    assert amounts([correction]) == [tuple(-value for value in amounts([paid])[0])]
    assert correction.status == "ELIGIBLE", "nobody confirms that work was not done"


def test_a_visit_paid_and_moved_to_a_day_with_another_rate_is_corrected_by_the_difference(stage):
    agreement = stage.contract()
    stage.paying_account()
    visit = stage.visit(stage.subject("2003-001"))
    stage.accrued()
    stage.confirm_all()
    stage.paid()
    stage.schedule(agreement, start=MARCH, screening="500")
    stage.accrued()
    assert len(stage.live()) == 1, "a later rate changes nothing that happened before it"
    stage.moved(visit, "reopen")
    stage.occurred(stage.again(visit), APRIL)
    stage.accrued()
    _paid, correction = stage.live()
    assert (correction.amount, correction.overhead, correction.holdback) == (20, 4, Decimal("2.4"))
    assert (correction.takes_back, correction.event_on) == (False, APRIL)


def test_the_rate_is_that_of_the_day_and_what_is_not_approved_follows_a_new_schedule(stage):
    agreement = stage.contract()
    subject = stage.subject("2003-001")
    stage.visit(subject, "Screening", on=FEBRUARY)
    stage.visit(subject, "Day 1", on=MARCH)
    stage.accrued()
    stage.confirm_all()
    stage.schedule(agreement, start=MARCH, screening="999", treatment="333.33")
    assert stage.accrued()["voided"] == 1
    screening, day_1 = stage.live()
    assert (screening.amount, day_1.amount) == (480, Decimal("333.33"))
    assert day_1.confirmed_by == stage.person("lena"), "another rate is no other work"
    assert day_1.status == "ELIGIBLE"


def test_work_before_the_schedule_is_approved_waits_and_is_rated_anew_by_it(stage):
    payee = stage.payee()
    agreement = stage.agreement(executed=False)
    services.share_out(actor=stage.person("sue"), agreement=agreement, shares=[(payee, Decimal(100))])
    draft = stage.schedule(agreement, approved=False)
    stage.visit(stage.subject("2003-001"))
    stage.accrued()
    stage.confirm_all()
    (row,) = stage.live()
    assert row.status == "ON_HOLD"
    assert row.why_on_hold == [
        "The site agreement is not fully executed.", "The fee schedule is not approved.",
    ]  # fmt: skip
    stage.executed(agreement)
    stage.approved_schedule(draft)
    stage.accrued()
    (row,) = stage.live()
    assert (row.status, row.why_on_hold) == ("ELIGIBLE", [])


def test_an_unconfirmed_account_holds_what_is_owed_until_a_second_person_confirms(stage):
    stage.contract()
    stage.visit(stage.subject("2003-001"))
    stage.accrued()
    stage.confirm_all()
    payee = stage.live()[0].payee
    change = stage.account(payee, iban="ES7921000813610123456789")
    stage.accrued()
    (row,) = stage.live()
    assert row.status == "ON_HOLD"
    assert row.why_on_hold == ["The payee's bank account waits for a second person's confirmation."]
    stage.confirmed(change)
    stage.accrued()
    assert stage.live()[0].status == "ELIGIBLE"


def test_screen_failures_are_paid_one_per_three_entered_and_instead_of_their_visits(stage):
    stage.contract(failure={"ratio_paid": 1, "ratio_per": 3})
    failed = []
    for number in (1, 2):
        subject = stage.subject(f"2003-00{number}")
        failed.append(subject)
        stage.visit(subject)
        stage.failed(subject, FEBRUARY)
    stage.accrued()
    assert {row.kind for row in stage.live()} == {"SCREEN_FAILURE"}
    assert [row.status for row in stage.live()] == ["ON_HOLD", "ON_HOLD"]
    for number in (3, 4, 5):
        stage.subject(f"2003-00{number}", randomised_on=MARCH)
    stage.accrued()
    first, second = stage.live()
    assert (first.status, second.hold_codes) == ("ACCRUED", ["RATIO"])


def test_a_cap_pays_so_many_and_no_more(stage):
    stage.contract(failure={"cap": 1})
    for number in (1, 2):
        subject = stage.subject(f"2003-00{number}")
        stage.failed(subject, FEBRUARY + datetime.timedelta(days=number))
    stage.accrued()
    by_day = sorted(stage.live(), key=lambda row: row.event_on)
    assert [row.hold_codes for row in by_day] == [[], ["CAP"]]


def test_nobody_is_paid_for_work_the_lead_did_not_confirm(stage):
    stage.contract()
    stage.visit(stage.subject("2003-001"))
    stage.accrued()
    assert stage.run().total == 0
    assert [one["reference"] for one in listed(stage.person("fiona"), "payment-runs")] == ["PAY-0001"]
    assert stage.confirm_all() == 1
    assert stage.confirm_all() == 0
    assert stage.live()[0].status == "ELIGIBLE"
    with (
        pytest.raises(IntegrityError, match="payable_paid_for_confirmed_work"),
        everything("raw"),
        acting_as(stage.person("fiona"), reason="raw"),
        transaction.atomic(),
    ):
        Payable.objects.update(confirmed_by=None)


def test_finance_holds_a_payable_with_a_reason_and_releases_it(stage):
    stage.contract()
    stage.visit(stage.subject("2003-001"))
    stage.accrued()
    stage.confirm_all()
    (row,) = stage.live()
    perform(row, "hold", actor=stage.person("fiona"), reason="Query with the site")
    stage.accrued()
    assert stage.live()[0].why_on_hold == ["Held by finance: Query with the site"]
    told = listed(stage.person("fiona"), "payables")
    assert [one["why_on_hold"] for one in told] == [["Held by finance: Query with the site"]]
    perform(row, "release", actor=stage.person("felix"), reason="Answered")
    stage.accrued()
    assert stage.live()[0].status == PayableStatus.ELIGIBLE


def test_start_up_and_an_invoice_are_owed_once_too(stage):
    agreement = stage.contract(approved=False)
    schedule = stage.payables() or None
    with everything("the test's own schedule"):
        schedule = agreement.schedules.get()
    services.add_fee(actor=stage.person("sue"), schedule=schedule, kind="START_UP", amount=Decimal(1500))
    ethics = services.add_fee(
        actor=stage.person("sue"), schedule=schedule, kind="INVOICED", name="Ethics fee", amount=Decimal(900),
        overhead_applies=False, holdback_applies=False,
    )  # fmt: skip
    stage.approved_schedule(schedule)
    services.book_invoice(
        actor=stage.person("fiona"), fee=ethics, invoice_number="=R-1", occurred_on=FEBRUARY, quantity=2
    )
    for move in ("qualify", "select", "start_up", "initiate"):
        perform(
            stage.cast.madrid,
            move,
            actor=stage.person("sue"),
            happened_on=JANUARY,
            reason="Trained elsewhere",
        )
    stage.signed_site("madrid")
    stage.accrued()
    stage.accrued()
    assert sorted((row.kind, row.amount, row.total) for row in stage.live()) == [
        ("INVOICED", 1800, 1800), ("START_UP", 1500, 1620),
    ]  # fmt: skip


def test_what_was_held_back_is_released_at_close_out_to_the_cent(stage):
    stage.contract()
    stage.paying_account()
    for number in (1, 2, 3):
        stage.visit(stage.subject(f"2003-00{number}"), "Rash", unscheduled=True)
    stage.accrued()
    stage.confirm_all()
    stage.paid()
    held = sum(row.holdback for row in stage.live())
    assert held == 3 * Decimal("18.07")
    assert not any(stage.accrued().values())
    stage.closed_site("madrid", on=MARCH)
    stage.accrued()
    released = stage.live()[-1]
    assert (released.kind, released.total, released.status) == ("HOLDBACK_RELEASE", held, "ELIGIBLE")
    assert not any(stage.accrued().values())


def test_an_invoice_that_does_not_stand_is_taken_back_after_payment(stage):
    agreement = stage.contract(approved=False)
    stage.paying_account()
    with everything("the test's own schedule"):
        schedule = agreement.schedules.get()
    fee = services.add_fee(
        actor=stage.person("sue"), schedule=schedule, kind="INVOICED", name="Archiving", amount=Decimal(400)
    )
    stage.approved_schedule(schedule)
    cost = services.book_invoice(
        actor=stage.person("fiona"), fee=fee, invoice_number="7", occurred_on=FEBRUARY
    )
    stage.accrued()
    stage.confirm_all()
    stage.paid()
    services.void_invoice(actor=stage.person("fiona"), cost=cost, reason="Billed to another study")
    stage.accrued()
    paid, correction = stage.live()
    assert (paid.status, paid.total + correction.total) == ("PAID", 0)


def test_other_shares_divide_nothing_that_was_paid(stage):
    agreement = stage.contract()
    stage.paying_account()
    stage.visit(stage.subject("2003-001"))
    stage.accrued()
    stage.confirm_all()
    stage.paid()
    first, second = stage.live()[0].payee, stage.payee("Dr Isabel Moreno")
    services.share_out(
        actor=stage.person("sue"),
        agreement=agreement,
        shares=[(first, Decimal(60)), (second, Decimal(40))],
        reason="The investigator is paid apart",
    )
    stage.visit(stage.subject("2003-002"))
    assert stage.accrued()["booked"] == 2
    assert [(row.part, row.amount, row.status) for row in stage.live()] == [
        (1, 480, "PAID"), (1, 288, "ACCRUED"), (2, 192, "ACCRUED"),
    ]  # fmt: skip


def test_a_fee_payables_are_booked_by_stays_in_its_schedule(stage):
    agreement = stage.contract(approved=False)
    stage.visit(stage.subject("2003-001"))
    stage.accrued()
    with everything("the test's own schedule"):
        fees = {
            str(fee): fee
            for fee in agreement.schedules.get().fees.select_related("schedule", "planned_visit")
        }
    with pytest.raises(TransitionRefused, match="Payables are booked by this fee"):
        services.remove_fee(actor=stage.person("sue"), fee=fees["Screening"])
    services.remove_fee(actor=stage.person("sue"), fee=fees["Week 4"])
    with everything("the test's own schedule"):
        assert agreement.schedules.get().fees.count() == 3


def test_a_hold_says_where_it_is_settled_and_offers_release_only_to_lift_a_hold_of_finance(stage, client):
    stage.contract(approved=False)
    stage.visit(stage.subject("2003-001"))
    stage.accrued()
    stage.confirm_all()
    (row,) = stage.live()
    client.force_login(stage.person("fiona"))
    page = client.get(f"/payables/{row.pk}/").content.decode()
    assert "The fee schedule is not approved." in page
    assert f'href="/fee-schedules/{row.fee.schedule_id}/"' in page.split("note-warning")[1].split("</div>")[0]
    assert "Release" not in page
