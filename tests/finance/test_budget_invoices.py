"""Invoices to the sponsor: from what is earned, never more without a sentence, past two people and then standing."""

import datetime
import threading
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connections, transaction

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import perform
from finance import services
from finance.models import SponsorInvoice, SponsorInvoiceLine
from finance.services import unbilled_of
from tests.cast import bring_on_stage
from tests.finance.budgeting import Money


@pytest.fixture
def money(cast):
    return Money(cast)


def lines_of(invoice):
    with everything("the test knows every row"):
        return list(SponsorInvoiceLine.objects.filter(invoice=invoice).order_by("month", "pk"))


def test_a_draft_holds_what_is_earned_and_not_billed_in_its_months(money, cast):
    line = money.executed(driver="MANUAL", visit_types=[])
    money.enter(line, "2", day=datetime.date(2026, 3, 10))
    money.enter(line, "1", day=datetime.date(2026, 4, 10))
    money.enter(line, "1", day=datetime.date(2026, 6, 10))
    invoice = money.invoice(line.budget, last=datetime.date(2026, 4, 1))
    told = [(one.month.month, one.units, one.amount) for one in lines_of(invoice)]
    assert told == [(3, 2, 5900), (4, 1, 2950)]
    assert invoice.total == 8850
    assert [cell.month.month for cell in unbilled_of(cast.fiona, line.budget)] == [6]
    assert money.standing(line).total.invoiced_units == 0, "a draft is no invoice yet"
    with pytest.raises(ValidationError, match="Nothing is earned"):
        money.invoice(line.budget, last=datetime.date(2026, 4, 1))
    with everything("the test knows every row"):
        assert SponsorInvoice.objects.count() == 1, "an empty draft is not kept"


def test_an_invoice_goes_past_the_project_manager_and_a_second_of_finance(money, cast):
    line = money.executed(driver="MANUAL", visit_types=[])
    money.enter(line, "2")
    invoice = money.invoice(line.budget)
    with pytest.raises(PermissionDenied):
        perform(invoice, "submit", actor=cast.paula)
    perform(invoice, "submit", actor=cast.fiona)
    with pytest.raises(PermissionDenied):
        perform(invoice, "review", actor=cast.fiona)
    perform(invoice, "review", actor=cast.paula)
    with pytest.raises(TransitionRefused, match="someone else"):
        perform(invoice, "approve", actor=cast.fiona)
    invoice = perform(invoice, "approve", actor=cast.felix)
    assert invoice.number == "VEL-301-001"
    invoice = perform(invoice, "send", actor=cast.fiona, happened_on=datetime.date(2026, 5, 2))
    assert invoice.due_on == datetime.date(2026, 6, 1)
    assert invoice.age_days(datetime.date(2026, 7, 18)) == 47
    assert money.standing(line).total.invoiced_value == 5900
    assert money.standing(line).total.unbilled_value == 0
    perform(
        invoice, "dispute", actor=cast.fiona, reason="The sponsor counts one", happened_on=invoice.sent_on
    )
    invoice = perform(invoice, "settle", actor=cast.fiona, reason="Agreed", happened_on=invoice.sent_on)
    invoice = perform(invoice, "pay", actor=cast.fiona, happened_on=invoice.sent_on)
    assert invoice.age_days(datetime.date(2026, 7, 18)) is None


def test_more_than_was_earned_is_not_billed_without_a_sentence(money, cast):
    line = money.executed(driver="MANUAL", visit_types=[])
    money.enter(line, "2")
    invoice = money.invoice(line.budget)
    (row,) = lines_of(invoice)
    row = services.change_line(actor=cast.fiona, record=row, units=Decimal(3))
    assert row.amount == 8850
    with pytest.raises(TransitionRefused, match=r"More is invoiced than earned.*MON-01"):
        perform(invoice, "submit", actor=cast.fiona)
    services.change_line(
        actor=cast.fiona, record=row, beyond_earned="Paid in advance as the contract says, 4.2"
    )
    assert perform(invoice, "submit", actor=cast.fiona).status == "PM_REVIEW"


def test_what_was_taken_back_meanwhile_stops_the_invoice_on_its_way(money, cast):
    line = money.executed(driver="MANUAL", visit_types=[])
    money.enter(line, "2")
    invoice = money.invoice(line.budget)
    perform(invoice, "submit", actor=cast.fiona)
    money.enter(line, "-1", reason="Counted twice")
    with pytest.raises(TransitionRefused, match="More is invoiced than earned"):
        perform(invoice, "review", actor=cast.paula)


def test_units_taken_back_after_sending_are_credited_with_the_next_invoice(money, cast):
    line = money.executed(driver="MANUAL", visit_types=[])
    money.enter(line, "2")
    money.sent(money.invoice(line.budget))
    money.enter(line, "-1", day=datetime.date(2026, 6, 1), reason="Counted twice")
    credit = money.invoice(line.budget)
    assert credit.total == -2950
    money.sent(credit)
    total = money.standing(line).total
    assert (total.earned_value, total.invoiced_value) == (2950, 2950)


def test_a_sent_invoice_stands_and_a_void_one_frees_what_it_billed(money, cast):
    line = money.executed(driver="MANUAL", visit_types=[])
    money.enter(line, "2")
    invoice = money.invoice(line.budget)
    perform(invoice, "void", actor=cast.fiona, reason="Wrong period")
    again = money.sent(money.invoice(line.budget))
    (row,) = lines_of(again)
    with pytest.raises(TransitionRefused, match="no longer changes"):
        services.change_line(actor=cast.fiona, record=row, units=Decimal(1))
    with (
        acting_as(cast.fiona, reason="attack"),
        everything("the test attacks"),
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):
        SponsorInvoiceLine.objects.filter(pk=row.pk).update(amount=1)
    assert money.fresh(again).total == 5900


def test_a_line_of_another_budget_is_refused(money, cast):
    line = money.executed(driver="MANUAL", visit_types=[])
    money.enter(line, "2")
    invoice = money.invoice(line.budget)
    other = money.line(money.draft(money.budget(study="cor", by="pavel"), by="pavel"), by="pavel")
    row = SponsorInvoiceLine(
        invoice=invoice, line=other, month=datetime.date(2026, 4, 1), units=1, unit_price=1, amount=1
    )
    with pytest.raises(ValidationError, match="another budget"):
        row.full_clean()


def test_two_people_drafting_at_once_do_not_bill_the_same_unit_twice(committed_database):
    money = Money(bring_on_stage())
    line = money.executed(driver="MANUAL", visit_types=[])
    money.enter(line, "2")
    together, outcomes = threading.Barrier(2), {}

    def draft(name):
        together.wait()
        try:
            money.invoice(line.budget, by=name)
            outcomes[name] = "drafted"
        except ValidationError as refusal:
            outcomes[name] = " ".join(refusal.messages)
        finally:
            connections.close_all()

    people = [threading.Thread(target=draft, args=(name,)) for name in ("fiona", "felix")]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=30)
    assert sorted(outcomes.values()) == ["Nothing is earned and unbilled in these months.", "drafted"]
