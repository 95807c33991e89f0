"""A sponsor budget on the cast's study, brought as far as a test needs it."""

import datetime
from decimal import Decimal

from ctms.access.access import forget_access
from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.signatures.proving import prove
from ctms.workflow.engine import perform
from finance import services
from finance.models import Budget, BudgetLine, BudgetLineTerms, EarnedUnit, SponsorInvoice
from studies.services.team import assign
from tests.cast import LONG_AGO, PASSWORD

START, END = datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)
# Noon in spring: every site of the cast has the same day.
NOW = datetime.datetime(2026, 6, 15, 12, tzinfo=datetime.UTC)
LINE = {
    "code": "MON-01",
    "group": "MONITORING",
    "task": "Interim monitoring visit",
    "unit": "VISIT",
    "driver": "REPORT_APPROVED",
    "visit_types": ["IMV"],
}


class Money:
    """Does what finance and the project manager would do, one step a method."""

    def __init__(self, cast):
        self.cast = cast

    def person(self, name):
        return self.cast.people[name]

    def budget(self, *, study="vel", by="paula", unblinded=False, **more):
        with acting_as(self.person(by)):
            return Budget.objects.create(
                study=self.cast.places[study], unblinded=unblinded, agreement_number="SA-2026-014", **more
            )

    def draft(self, budget, kind="EXECUTED", *, by="paula", since=START, **more):
        return services.draft_version(
            actor=self.person(by), budget=budget, kind=kind, effective_from=since, **more
        )

    def line(self, version, *, by="paula", price="2950", units="20", starts_on=START, ends_on=END, **what):
        return services.add_line(
            actor=self.person(by),
            budget_version=version,
            unit_price=Decimal(price),
            contracted_units=Decimal(units),
            starts_on=starts_on,
            ends_on=ends_on,
            **{**LINE, **what},
        )

    def signed(self, version, *, by="fiona", submitted_by="paula", agreed_on=START):
        perform(version, "submit", actor=self.person(submitted_by))
        return self.approve(version, by=by, agreed_on=agreed_on)

    def approve(self, version, *, by="fiona", agreed_on=START):
        person = self.person(by)
        return perform(
            version, "approve", actor=person, happened_on=agreed_on, proof=prove(person, password=PASSWORD)
        )

    def executed(self, **line):
        """Return the line of a budget whose contract is signed."""
        version = self.draft(self.budget())
        found = self.line(version, **line)
        self.signed(version)
        return found

    def book(self, budget, *, by="paula", now=NOW):
        return services.book_units(actor=self.person(by), budget=budget, now=now)

    def enter(self, line, quantity, *, day=datetime.date(2026, 4, 30), by="paula", reason="Timesheet"):
        return services.record_units(
            actor=self.person(by),
            line=line,
            day=day,
            quantity=Decimal(quantity),
            explanation=reason,
            on=NOW.date(),
        )

    def rows(self, line):
        with everything("the test knows every row"):
            return list(EarnedUnit.objects.filter(line=line).order_by("pk"))

    def quantities(self, line):
        return [row.quantity for row in self.rows(line)]

    def standing(self, line, *, who="paula", on=None):
        person = User.objects.get(username=who)
        return services.standing_of(person, line.budget, on or NOW.date())[line.pk]

    def terms(self, version, line):
        with everything("the test knows every row"):
            return BudgetLineTerms.objects.get(budget_version=version, line=line)

    def line_of(self, budget, code):
        with everything("the test knows every row"):
            return BudgetLine.objects.get(budget=budget, code=code)

    def invoice(
        self, budget, *, by="fiona", first=datetime.date(2026, 1, 1), last=datetime.date(2026, 12, 1)
    ):
        return services.draft_invoice(actor=self.person(by), budget=budget, period_from=first, period_to=last)

    def sent(self, invoice, *, on=datetime.date(2026, 5, 2)):
        """Take an invoice of Fiona's the whole way to the sponsor."""
        perform(invoice, "submit", actor=self.cast.fiona)
        perform(invoice, "review", actor=self.cast.paula)
        perform(invoice, "approve", actor=self.cast.felix)
        return perform(invoice, "send", actor=self.cast.fiona, happened_on=on)

    def fresh(self, invoice):
        with everything("the test knows every row"):
            return SponsorInvoice.objects.get(pk=invoice.pk)

    def circle(self):
        """Let Stella do the money of the unblinded circle."""
        assign(
            actor=User.objects.system(),
            user=self.cast.stella,
            role="finance",
            place=self.cast.vel,
            starts_on=LONG_AGO,
            trained_on=LONG_AGO,
            unblinded=True,
        )
        forget_access(self.cast.stella)
        return "stella"
