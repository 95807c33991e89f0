"""Two sponsors' studies with something published, something approved, something in draft and something unblinded."""

import datetime

import pytest

from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.files.storing import store_bytes
from ctms.jobs.models import Job
from ctms.jobs.worker import run_job
from documents.models import Document
from documents.services import file_document
from documents.services import show_to_sponsor as show_document
from monitoring import services
from studies.models import Milestone
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


# What of all this is nobody's business outside the house.
NOT_FOR_SPONSORS = (
    *("Contract Basalt", "Pharmacy manual Cobalt", "Draft charter Dolomite", "Steering committee Cedar"),
    *("unblinded", "Paula Marsh"),
)
MERIDIANS = ("COR-207", "Meridian", "Ebony", "Damson", "Wawelem", "4001")
NORTHWINDS = ("VEL-301", "KIN-204", "Northwind", "Alpine", "Alder", "Chamberí", "Fließ")
