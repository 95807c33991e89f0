"""
Whatever happens in whatever order: nothing is owed twice, totals are their lines, what is paid is never edited.

CTMS_PAYMENT_ORDERS=100 tries so many orders of twenty-five steps instead of a few.
"""

import datetime
import os
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ctms.access.scoping import everything
from ctms.workflow.engine import perform
from finance import services
from finance.models import Payable, PaymentLine, PaymentRun, Remittance

from .conftest import APRIL, JANUARY, Stage

DAYS = [JANUARY + datetime.timedelta(days=number) for number in range(1, 90, 11)]
CENT = Decimal("0.01")
HOW_MANY = int(os.environ.get("CTMS_PAYMENT_ORDERS", "6"))


def cents(value):
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def by_hand(price):
    """A visit with 20 % overhead and 10 % held back, as one would do it on paper."""
    overhead = cents(price * Decimal("0.2"))
    return price + overhead - cents((price + overhead) * Decimal("0.1"))


class Payments(RuleBasedStateMachine):
    """Remembers in plain Python what happened and what was approved, and compares after each step."""

    cast = None

    @initialize()
    def begin(self):
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.stage = Stage(self.cast)
        self.agreement = self.stage.contract(screening="480.05")
        self.stage.paying_account()
        self.prices = [(JANUARY, Decimal("480.05"))]
        self.visits, self.happened, self.approved, self.frozen = [], {}, {}, {}
        self.run = None

    def teardown(self):
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    # --- what happens at the site ---------------------------------------------------------------------

    @rule(day=st.sampled_from(DAYS))
    def a_visit_occurs(self, day):
        subject = self.stage.subject(f"2003-{len(self.happened):03}")
        visit = self.stage.visit(subject, on=day)
        self.visits.append(visit)
        self.happened[visit.pk] = day

    @precondition(lambda self: any(self.happened.values()))
    @rule(data=st.data(), void=st.booleans())
    def a_visit_does_not_stand(self, data, void):
        pk = data.draw(st.sampled_from([key for key, day in self.happened.items() if day]))
        visit = next(one for one in self.visits if one.pk == pk)
        self.stage.moved(visit, "void" if void else "reopen")
        self.happened[pk] = None
        if void:
            self.visits.remove(visit)

    @precondition(lambda self: any(self.happened[one.pk] is None for one in self.visits))
    @rule(data=st.data(), day=st.sampled_from(DAYS))
    def a_reopened_visit_occurs_after_all(self, data, day):
        visit = data.draw(st.sampled_from([one for one in self.visits if self.happened[one.pk] is None]))
        self.stage.occurred(visit, day)
        self.happened[visit.pk] = day

    # --- what people in the house do ------------------------------------------------------------------

    @precondition(lambda self: len(self.prices) < 4)
    @rule(price=st.integers(100, 99999), later=st.integers(1, 30))
    def a_new_schedule_is_approved(self, price, later):
        start, price = self.prices[-1][0] + datetime.timedelta(days=later), Decimal(price) / 100
        self.stage.schedule(self.agreement, start=start, screening=str(price))
        self.prices.append((start, price))

    @rule(times=st.integers(1, 2))
    def payables_are_generated(self, times):
        for _time in range(times):
            self.stage.accrued()
        assert not any(self.stage.accrued().values()), "generating again books nothing"
        self.what_is_booked_is_what_is_owed()

    @rule()
    def the_lead_confirms(self):
        self.stage.confirm_all()

    @precondition(lambda self: self.run is None)
    @rule()
    def a_run_is_prepared(self):
        self.run = self.stage.run()
        self.what_is_booked_is_what_is_owed()

    @precondition(lambda self: self.run is not None)
    @rule(data=st.data())
    def a_line_is_taken_out(self, data):
        lines = self.lines(self.run)
        plain = [line for line in lines if line.total > 0]
        if len(plain) > 1 and not any(line.total < 0 for line in lines):
            line = data.draw(st.sampled_from(plain))
            services.reject_line(actor=self.stage.person("felix"), line=line, reason="A query")

    @precondition(lambda self: self.run is not None)
    @rule()
    def the_run_is_approved_exported_and_paid(self):
        """Or, where something changed since, or there is nothing to pay, it is given up."""
        run, fiona = self.stage.again(self.run), self.stage.person("fiona")
        self.run = None
        stale = any(not self.is_so(line.payable) for line in self.lines(run))
        with everything("a rule is looked at"):
            refusal = services.what_is_wrong_with(run)
        if refusal:
            perform(run, "cancel", actor=fiona, reason="Something changed")
            return
        assert not stale, "what does not stand is not paid"
        run = perform(run, "submit", actor=fiona)
        run = self.stage.signed(run, "approve", "felix")
        for line in self.lines(run):
            row = line.payable
            self.frozen[row.pk] = self.facts(row)
            self.approved[row.event_key] = None if row.takes_back else (row.event_on, self.net(row.event_key))
        run = perform(run, "export", actor=fiona)
        for remittance in self.stage.remittances(run):
            if remittance.total:
                for _time in range(2):
                    services.record_payment(
                        actor=fiona, remittance=remittance, paid_on=APRIL, bank_reference="B"
                    )

    # --- what always holds ----------------------------------------------------------------------------

    @invariant()
    def totals_are_those_of_their_lines(self):
        if not hasattr(self, "stage"):
            return
        with everything("the test adds up"):
            for run in PaymentRun.objects.all():
                lines = self.lines(run)
                assert run.total == sum(line.total for line in lines)
                for remittance in Remittance.objects.filter(run=run):
                    own = [line for line in lines if line.remittance_id == remittance.pk]
                    for name in ("amount", "overhead", "holdback", "total"):
                        assert getattr(remittance, name) == sum(getattr(line, name) for line in own)

    @invariant()
    def what_was_approved_is_never_edited(self):
        for pk, facts in getattr(self, "frozen", {}).items():
            with everything("the test looks again"):
                row = Payable.objects.get(pk=pk)
            assert (row.status, self.facts(row)) == ("PAID", facts)

    def what_is_booked_is_what_is_owed(self):
        """Visit by visit: every row that stands, paid or not, makes together what the visit is worth."""
        rows = self.stage.live()
        keys = {row.event_key for row in rows} | {f"visit/{pk}" for pk, day in self.happened.items() if day}
        for key in keys:
            assert self.net(key) == self.owed(key), key
            assert (
                sum(
                    1
                    for row in rows
                    if row.event_key == key and row.status in ("ACCRUED", "ELIGIBLE", "ON_HOLD")
                )
                < 2
            )

    def owed(self, key):
        day = self.happened[int(key.partition("/")[2])]
        if day is None:
            return 0
        approved = self.approved.get(key)
        if approved and approved[0] == day:
            return approved[1]  # approved before another rate came
        return by_hand(next(price for start, price in reversed(self.prices) if start <= day))

    def net(self, key):
        return sum(row.total for row in self.stage.live() if row.event_key == key)

    def is_so(self, row):
        """Return whether a row says of its visit what is so now."""
        return row.takes_back or self.happened[row.subject_visit_id] == row.event_on

    def lines(self, run):
        with everything("the test adds up"):
            return list(PaymentLine.objects.filter(run=run).select_related("payable", "run"))

    @staticmethod
    def facts(row):
        return row.event_on, row.amount, row.overhead, row.holdback, row.total, row.payee_id, row.fee_id


def test_in_any_order_nothing_is_paid_twice_and_everything_ties(cast):
    Payments.cast = cast
    run_state_machine_as_test(
        Payments,
        settings=settings(
            max_examples=HOW_MANY,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
