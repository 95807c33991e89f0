"""Papers on the cast's places, brought as far as a test needs them."""

import datetime

import pytest
from django.utils import timezone

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.jobs.models import Job
from ctms.jobs.worker import run_job
from ctms.signatures.proving import prove
from ctms.workflow.engine import adopt, perform
from documents import services
from documents.models import Artifact, Document, ExpectedDocument
from tests.cast import LONG_AGO, PASSWORD
from tests.documents.papers import pdf

DAY = datetime.date(2026, 3, 16)


class File:
    """Does with papers what the people of the cast would do, one step a method."""

    def __init__(self, cast):
        self.cast = cast

    def person(self, name):
        return self.cast.people[name]

    def uploaded(self, by="tara", *, place="madrid", name="cv.pdf", content=None, **more):
        document, _note = services.upload_document(
            actor=self.person(by),
            on=DAY,
            place=self.cast.places[place],
            name=name,
            chunks=[content or pdf(f"{by} {place} {name}")],
            **more,
        )
        return document

    def classified(self, by="tara", *, number="05.02.04", document_date=DAY, **more):
        document = self.uploaded(by, **more)
        return services.classify_document(
            actor=self.person(by),
            record=document,
            artifact=artifact(number),
            document_date=document_date,
        )

    def submitted(self, by="tara", **more):
        return perform(self.classified(by, **more), "submit", actor=self.person(by))

    def reviewed(self, by="tara", reviewer="lena", **more):
        document = perform(self.submitted(by, **more), "claim", actor=self.person(reviewer))
        return perform(document, "passed", actor=self.person(reviewer))

    def approved(self, by="tara", reviewer="lena", approver="paula", **more):
        return self.approve(self.reviewed(by, reviewer, **more), approver)

    def approve(self, document, approver="paula"):
        person = self.person(approver)
        return perform(document, "approve", actor=person, proof=prove(person, password=PASSWORD))

    def again(self, document):
        with everything("a test looks at how it stands"):
            return Document.objects.select_related("study", "artifact").get(pk=document.pk)

    def site_in(self, state, site="madrid"):
        """Let a site have reached a state; what that makes due is brought."""
        place = self.cast.places[site]
        adopt(place, state, actor=User.objects.system(), reason="test", happened_on=LONG_AGO)
        services.bring_expectations(place.study, on=DAY)
        return place

    def expected(self, number, site="madrid"):
        with everything("a test looks at how it stands"):
            return ExpectedDocument.objects.select_related("artifact", "study", "site").get(
                artifact__number=number, site=self.cast.places[site]
            )

    def match(self, study="vel"):
        services.match_expectations(self.cast.places[study], on=timezone.localdate())


def artifact(number):
    return Artifact.objects.get(number=number, reference_model__status="CURRENT")


def run_promised(name):
    """Run the promised jobs of one name, as a worker would."""
    for job in Job.objects.filter(name=name, state="WAITING").order_by("pk"):
        run_job(job.pk)
        job.refresh_from_db()
        assert job.state == "DONE", job.last_error


@pytest.fixture
def tmf(cast):
    return File(cast)
