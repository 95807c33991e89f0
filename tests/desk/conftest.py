"""Two sponsors' studies with something published, something approved, something in draft and something unblinded."""

import datetime
from decimal import Decimal

import pytest

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.files.storing import store_bytes
from ctms.jobs.models import Job
from ctms.jobs.worker import run_job
from ctms.workflow.engine import perform
from documents.models import Document, ExpectedDocument
from documents.services import bring_expectations, file_document
from documents.services import show_to_sponsor as show_document
from finance.services import book_invoice, estimate_cost, share_out
from monitoring import services
from sites.services import record_contact
from studies.models import Milestone
from subjects.models import Subject, SubjectVisit
from tests.cast import LONG_AGO
from tests.finance.budgeting import Money
from tests.finance.conftest import Stage as Payments
from tests.monitoring.conftest import Stage, bring_investigator

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"
MADE_ON = datetime.date(2026, 3, 1)


class Shown(Stage):
    """The stage of monitoring, and on it what the portal and an inspection are looked at with."""

    def file(self, study, title, *, published=False, unblinded=False, artifact="05.04.03"):
        system = User.objects.system()
        document = file_document(
            actor=system,
            study=study,
            country=None,
            site=None,
            artifact_number=artifact,
            title=title,
            document_date=MADE_ON,
            stored=store_bytes(actor=system, name=f"{title}.pdf", content=PDF + title.encode()),
            filed_on=MADE_ON,
            source=f"test/{title}",
            unblinded=unblinded,
            reason="A document of a test",
        )
        if published:
            manager = {self.cast.vel.pk: "paula", self.cast.cor.pk: "pavel"}[study.pk]
            show_document(actor=self.person(manager), document=document, shown=True, reason="Agreed")
        return document

    def draft(self, study, title):
        with acting_as(User.objects.system(), reason="A document of a test"):
            return Document.objects.create(
                study=study,
                artifact=self.final.artifact,
                title=title,
                document_date=MADE_ON,
            )

    def printed(self, report, by="carla"):
        run_job(Job.objects.get(name="monitoring.file_report", arguments={"record_id": report.pk}).pk)
        return self.report_of(report.visit, by)


@pytest.fixture
def shown(cast, monkeypatch):
    monkeypatch.setattr("monitoring.tasks.print_report", lambda report: PDF + str(report.pk).encode())
    bring_investigator(cast)
    stage = Shown(cast)
    stage.published = stage.printed(stage.approved())
    stage.published = services.show_to_sponsor(
        actor=cast.paula, report=stage.published, shown=True, reason="Agreed"
    )
    stage.approved_only = stage.printed(stage.approved())
    stage.in_draft = stage.answered()
    stage.secret = stage.signed(stage.submitted("uma", unblinded=True), "approve", "ursula")
    stage.final = stage.file(cast.vel, "Monitoring plan Alpine", published=True)
    stage.kept = stage.file(cast.vel, "Contract Basalt")
    stage.hidden = stage.file(cast.vel, "Pharmacy manual Cobalt", unblinded=True)
    stage.drafted = stage.draft(cast.vel, "Draft charter Dolomite")
    stage.theirs = stage.file(cast.cor, "Statistical plan Ebony", published=True)
    with acting_as(cast.paula, reason="The plan"):
        for name, published, baseline, planned in (
            ("First subject in Alder", True, "2026-02-01", "2026-02-13"),
            ("Database lock Birch", True, None, "2027-03-01"),
            ("Steering committee Cedar", False, None, "2026-05-01"),
        ):
            Milestone.objects.create(
                study=cast.vel, name=name, baseline_on=baseline, planned_on=planned, published=published
            )
    with acting_as(cast.pavel, reason="The plan"):
        Milestone.objects.create(
            study=cast.cor, name="Database lock Damson", planned_on="2026-08-01", published=True
        )
    return stage


class Furnished:
    """Lets every room around a study hold something: subjects, talks, letters, expected papers, payments, a budget."""

    def __init__(self, stage, cast):
        self.cast, self.stage = cast, stage
        self._subjects()
        self._site()
        self._papers()
        self._payments()
        self._budget()

    def _subjects(self):
        with acting_as(self.cast.lena, reason="As the site told us"):
            self.subject = Subject.objects.create(
                site=self.cast.madrid, number="2003-001", consented_on=MADE_ON
            )
            self.visit = SubjectVisit.objects.create(
                subject=self.subject, site=self.cast.madrid, name="Screening", kind="UNSCHEDULED"
            )

    def _site(self):
        def talk(by, unblinded):
            return record_contact(
                actor=self.cast.people[by], today=MADE_ON, site=self.cast.madrid, happened_on=MADE_ON,
                kind="TELEPHONE", with_whom="Pharmacy", topic="PRODUCT", text="Too warm", unblinded=unblinded,
            )  # fmt: skip

        self.contact, self.secret_contact = talk("carla", False), talk("uma", True)
        visit = self.stage.published.visit
        self.letter = self._letter(visit, "carla")
        with acting_as(self.cast.carla):
            self.letter.recipients = "Dr Isabel Moreno, investigator"
            self.letter.save()
        self.letter = perform(
            self.letter, "send", actor=self.cast.carla, happened_on=max(visit.last_day, self.letter.dated_on)
        )
        self.letter_in_draft = self._letter(self.stage.approved_only.visit, "carla")
        self.secret_letter = self._letter(self.stage.secret.visit, "uma")

    def _letter(self, visit, by):
        return services.write_letter(
            actor=self.cast.people[by], on=visit.last_day, visit=visit, kind="FOLLOW_UP"
        )

    def _papers(self):
        bring_expectations(self.cast.vel, on=LONG_AGO)
        with everything("what was brought"):
            rows = list(ExpectedDocument.objects.filter(study=self.cast.vel))
        self.secret_expected = [row for row in rows if row.unblinded]
        self.expected = [row for row in rows if not row.unblinded]
        assert self.expected
        assert self.secret_expected

    def _payments(self):
        pay = Payments(self.cast)
        agreement = pay.agreement()
        share_out(actor=self.cast.sue, agreement=agreement, shares=[(pay.payee(), Decimal(100))])
        schedule = pay.schedule(agreement, approved=False)
        fee = pay.fee(schedule, "INVOICED", "90", {}, name="Archive boxes")
        pay.approved_schedule(schedule)
        book_invoice(actor=self.cast.fiona, fee=fee, invoice_number="R-17", occurred_on=MADE_ON)
        pay.accrued()
        pay.confirm_all()
        pay.paying_account()
        pay.paid()
        self.payables = pay.payables()
        assert [one.status for one in self.payables] == ["PAID"]

    def _budget(self):
        money = Money(self.cast)
        line = money.executed(driver="MANUAL", visit_types=[])
        with everything("the terms of the line"):
            terms = line.terms.get()
        estimate_cost(actor=self.cast.fiona, terms=terms, cost_per_unit=Decimal("1987.65"))
        money.enter(line, "3")
        self.invoice = money.sent(money.invoice(line.budget))
        self.budget = line.budget


@pytest.fixture
def furnished(shown, cast):
    return Furnished(shown, cast)


# The rooms `furnished` fills that no sponsor enters, and those of them an inspector does not enter either.
MONEY_ROOMS = {
    *(
        "payables",
        "payees",
        "bank-accounts",
        "paying-accounts",
        "payment-runs",
        "remittances",
        "site-agreements",
    ),
    *(
        "fee-schedules",
        "fees",
        "site-invoices",
        "budgets",
        "budget-versions",
        "budget-lines",
        "budget-line-terms",
    ),
    *("budget-costs", "earned-units", "sponsor-invoices", "sponsor-invoice-lines"),
}
ROOMS_INSIDE = MONEY_ROOMS | {"contact-log", "letters", "expected-documents", "subjects", "subject-visits"}

# What of all this is nobody's business outside the house.
NOT_FOR_SPONSORS = (
    *("Contract Basalt", "Pharmacy manual Cobalt", "Draft charter Dolomite", "Steering committee Cedar"),
    *("unblinded", "Paula Marsh"),
)
MERIDIANS = ("COR-207", "Meridian", "Ebony", "Damson", "Wawelem", "4001")
NORTHWINDS = ("VEL-301", "KIN-204", "Northwind", "Alpine", "Alder", "Chamberí", "Fließ")
