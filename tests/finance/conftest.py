"""Agreements, payees and subjects of the cast's sites, brought as far as a test of payments needs them."""

import datetime
from decimal import Decimal

import pytest

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.signatures.proving import prove
from ctms.workflow.engine import adopt, perform
from directory.models import Country
from finance import services
from finance.models import (
    Payable,
    Payee,
    PayingAccount,
    Remittance,
    SiteAgreement,
)
from studies.models import PlannedVisit
from studies.workflows import ACTIVATION_REQUIREMENTS
from subjects import services as subjects
from subjects.models import SubjectVisit
from tests.cast import PASSWORD

JANUARY = datetime.date(2026, 1, 1)
RANDOMISED = datetime.date(2026, 1, 15)
FEBRUARY = datetime.date(2026, 2, 2)
MARCH = datetime.date(2026, 3, 2)
APRIL = datetime.date(2026, 4, 1)
# Examples of the IBAN registry and their like: valid digits, no account of anybody.
IBANS = {
    "ES": "ES9121000418450200051332",
    "DE": "DE89370400440532013000",
    "PL": "PL61109010140000071219812874",
}
PARTIES = "Northwind Therapeutics\nHospital Clínico de Chamberí\nDr Isabel Moreno"


class Stage:
    """Does what the people of the cast would do, one step a method."""

    def __init__(self, cast):
        self.cast, self.visits, self.screening = cast, {}, {}
        with acting_as(cast.paula):
            for sequence, (name, offset) in enumerate((("Screening", -14), ("Day 1", 0), ("Week 4", 28)), 1):
                self.visits[name] = PlannedVisit.objects.create(
                    study=cast.vel, sequence=sequence, name=name, offset_days=offset
                )

    def person(self, name):
        return self.cast.people[name]

    # --- contracts ------------------------------------------------------------------------------------

    def agreement(self, *, site="madrid", by="sue", currency="EUR", executed=True, **fields):
        fields = {"overhead_percent": Decimal(20), "holdback_percent": Decimal(10)} | fields
        with acting_as(self.person(by)):
            agreement = SiteAgreement(
                site=self.cast.places[site], currency=currency, parties=PARTIES, **fields
            )
            agreement.full_clean()
            agreement.save()
        return self.executed(agreement, by) if executed else agreement

    def executed(self, agreement, by="sue", on=JANUARY):
        for move in ("send", "negotiate", "agree", "sign_first", "execute"):
            agreement = perform(agreement, move, actor=self.person(by), happened_on=on)
        return agreement

    def payee(self, name="Fundación Chamberí", *, site="madrid", confirmed=True, currency="EUR", minimum=0):
        where = self.cast.places[site]
        with acting_as(self.person("fiona")):
            payee = Payee(
                site=where,
                legal_name=name,
                nation=where.country.nation,
                currency=currency,
                minimum_amount=minimum,
            )
            payee.full_clean()
            payee.save()
        account = self.account(payee)
        if confirmed:
            self.confirmed(account)
        return payee

    def account(self, payee, by="fiona", iban="", **fields):
        code = payee.site.country.nation_id
        if code not in IBANS:
            fields = {"account_number": "000123456789", "routing_number": "021000021"} | fields
        return services.propose_account(
            actor=self.person(by),
            payee=payee,
            holder=payee.legal_name,
            iban=iban or ("" if fields else IBANS[code]),
            bank_nation=Country.objects.get(pk=code),
            **fields,
        )

    def confirmed(self, account, by="felix"):
        return perform(account, "confirm", actor=self.person(by), reason="Called back on the known number")

    def schedule(
        self,
        agreement,
        *,
        start=JANUARY,
        screening="480",
        treatment="300",
        failure=None,
        approved=True,
        **more,
    ):
        schedule = services.draft_schedule(
            actor=self.person("sue"), agreement=agreement, effective_from=start, **more
        )
        prices = {"Screening": screening, "Day 1": treatment, "Week 4": treatment}
        with everything("the test's own fees"):
            old = {fee.planned_visit_id: fee for fee in schedule.fees.all()}
        for name, price in prices.items():
            self.fee(schedule, "PLANNED_VISIT", price, old, planned_visit=self.visits[name])
        if None not in old:
            self.fee(schedule, "UNSCHEDULED_VISIT", "150.55", {})
            if failure is not None:
                self.fee(schedule, "SCREEN_FAILURE", screening, {}, **failure)
        return self.approved_schedule(schedule) if approved else schedule

    def fee(self, schedule, kind, amount, old, *, planned_visit=None, **more):
        fee = old.get(planned_visit.pk if planned_visit else None)
        if fee is None:
            return services.add_fee(
                actor=self.person("sue"), schedule=schedule, kind=kind, amount=Decimal(amount),
                planned_visit=planned_visit, **more,
            )  # fmt: skip
        with acting_as(self.person("sue"), reason="Another price"):
            fee.amount = Decimal(amount)
            fee.save()
        return fee

    def approved_schedule(self, schedule, by="felix"):
        return self.signed(schedule, "approve", by)

    def signed(self, record, move, by):
        person = self.person(by)
        return perform(record, move, actor=person, proof=prove(person, password=PASSWORD))

    def contract(self, *, site="madrid", shares=(100,), **more):
        """Return a site's agreement in force, with confirmed payees and an approved schedule."""
        payees = [self.payee(f"Payee {number} of {site}", site=site) for number, _ in enumerate(shares, 1)]
        agreement = self.agreement(site=site)
        services.share_out(
            actor=self.person("sue"),
            agreement=agreement,
            shares=[(payee, Decimal(percent)) for payee, percent in zip(payees, shares, strict=True)],
        )
        self.schedule(agreement, **more)
        return agreement

    def paying_account(self, currency="EUR"):
        with acting_as(self.person("fiona")):
            return PayingAccount.objects.create(
                study=self.cast.vel,
                holder="Northwind CRO trust",
                currency=currency,
                iban=IBANS["DE"],
                bic="COBADEFFXXX",
            )

    # --- what happens at the site ---------------------------------------------------------------------

    def site(self, name):
        """Return a site that screens; the first time it enters as one, the way an import brings it."""
        if name not in self.screening:
            system, site = User.objects.system(), self.again(self.cast.places[name])
            adopt(site, "ACTIVE", actor=system, reason="The sites of the tests screen")
            self.screening[name] = self.again(site)
        return self.screening[name]

    def subject(self, number, *, site="madrid", randomised_on=None):
        """Register a subject with its consent, which plans its screening visit."""
        subject = subjects.add_subject(
            actor=self.person("lena"), site=self.site(site), number=number, consented_on=JANUARY
        )
        return self.randomised(subject, randomised_on) if randomised_on else subject

    def randomised(self, subject, on=RANDOMISED):
        return perform(subject, "randomise", actor=self.person("lena"), happened_on=on)

    def failed(self, subject, on):
        return self.moved(subject, "fail_screening", happened_on=on, choice="INCLUSION_NOT_MET")

    def visit(self, subject, name="Screening", *, on=FEBRUARY, unscheduled=False):
        """Let a subject come to a visit, or leave it planned; to those of treatment it comes randomised."""
        if unscheduled:
            return subjects.add_visit(actor=self.person("lena"), subject=subject, name=name, occurred_on=on)
        visit = self.planned(subject, name)
        if visit is None:
            self.randomised(subject)
            visit = self.planned(subject, name)
        return self.occurred(visit, on) if on else visit

    def planned(self, subject, name):
        with everything("the test looks at all"):
            return SubjectVisit.objects.filter(subject=subject, name=name, status="PLANNED").first()

    def occurred(self, visit, on=FEBRUARY):
        return perform(visit, "occur", actor=self.person("lena"), happened_on=on)

    def moved(self, record, move, **more):
        return perform(record, move, actor=self.person("lena"), reason="As the site told us", **more)

    def signed_site(self, name, on=FEBRUARY):
        """Give a site its green light."""
        person = self.person("paula")
        return perform(
            self.again(self.cast.places[name]),
            "activate",
            actor=person,
            happened_on=on,
            proof=prove(person, password=PASSWORD),
        )

    def closed_site(self, name, on):
        for move in ("close_enrolment", "close"):
            perform(self.site(name), move, actor=self.person("sue"), happened_on=on, reason="It ended")

    # --- money ----------------------------------------------------------------------------------------

    def accrued(self, by="fiona"):
        return services.accrue(actor=self.person(by), study=self.cast.vel)

    def payables(self, **conditions):
        with everything("the test looks at all"):
            return list(Payable.objects.filter(**conditions).order_by("pk"))

    def live(self):
        return [row for row in self.payables() if row.status != "VOIDED"]

    def confirm_all(self, by="lena", on=MARCH):
        with everything("the test confirms all"):
            waiting = list(Payable.objects.to_confirm())
        return services.confirm_payables(actor=self.person(by), payables=waiting, on=on)

    def run(self, by="fiona", **more):
        return services.prepare_run(
            actor=self.person(by), study=self.cast.vel, currency="EUR", period_to=APRIL, **more
        )

    def submitted(self, by="fiona", **more):
        return perform(self.run(by, **more), "submit", actor=self.person(by))

    def approved(self, by="felix", **more):
        return self.signed(self.submitted(**more), "approve", by)

    def exported(self, by="fiona", **more):
        return perform(self.approved(**more), "export", actor=self.person(by))

    def remittances(self, run):
        with everything("the test looks at all"):
            return list(
                Remittance.objects.filter(run=run).select_related("run__study", "payee").order_by("sequence")
            )

    def paid(self, **more):
        run = self.exported(**more)
        for remittance in self.remittances(run):
            if remittance.total:
                services.record_payment(
                    actor=self.person("fiona"), remittance=remittance, paid_on=APRIL, bank_reference="B-1"
                )
        return self.again(run)

    def again(self, record):
        with everything("the test looks again"):
            return type(record).objects.get(pk=record.pk)


@pytest.fixture
def stage(cast, monkeypatch):
    # What other rooms ask before a site is activated is tested there.
    ours = [one for one in ACTIVATION_REQUIREMENTS if one.title == "Site agreement"]
    monkeypatch.setattr("studies.workflows.activating.ACTIVATION_REQUIREMENTS", ours)
    return Stage(cast)
