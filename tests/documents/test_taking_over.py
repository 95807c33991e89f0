"""Papers of a time before this system come in by the hundred: once each, with their days, and their words later."""

import datetime
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.jobs.models import Job
from ctms.jobs.worker import run_job
from documents import services
from documents.models import Document, DocumentText, ExpectedDocument, TmfPlace
from tests.documents.papers import pdf

from .conftest import DAY

DATED, FILED = datetime.date(2025, 5, 2), datetime.date(2025, 5, 20)


def paper(cast, number, **more):
    values = {
        "study": cast.vel,
        "country": cast.spain,
        "site": cast.madrid,
        "artifact_number": "05.02.04",
        "title": f"CV {number}",
        "document_date": DATED,
        "filed_on": FILED,
        "name": f"cv{number}.pdf",
        "content": pdf(f"Curriculum vitae {number}"),
        "source": f"former/{number}",
    }
    return services.Paper(**values | more)


def take_over(papers):
    return services.file_documents(actor=User.objects.system(), papers=papers, reason="The former system")


def test_each_is_filed_once_for_its_source_however_often_it_comes(cast):
    papers = [paper(cast, 1), paper(cast, 2)]
    assert sorted(take_over(papers)) == ["former/1", "former/2"]
    assert sorted(take_over([*papers, paper(cast, 3)])) == ["former/3"]
    rows = Document.objects.visible_to(cast.paula).order_by("source")
    assert [(row.title, row.status, row.site_id) for row in rows] == [
        (f"CV {number}", "APPROVED", cast.madrid.pk) for number in (1, 2, 3)
    ]
    with everything("a test looks at the version"):
        version = rows.first().versions.get()
    assert (version.number, version.filed_on) == ("1.0", FILED)


def test_one_job_reads_the_words_of_all_of_them(cast):
    take_over([paper(cast, number) for number in range(5)])
    promised = Job.objects.get(name="documents.read_words_of")
    assert len(promised.arguments["record_ids"]) == 5
    run_job(promised.pk)
    with everything("a test looks at the words"):
        assert DocumentText.objects.filter(text__contains="Curriculum vitae").count() == 5


def test_what_is_unblinded_is_seen_by_its_circle_only(cast):
    take_over([replace(paper(cast, 1), unblinded=True)])
    assert not Document.objects.visible_to(cast.paula).exists()
    assert Document.objects.visible_to(cast.uma).count() == 1


def test_only_the_house_itself_files_like_this(cast):
    with pytest.raises(PermissionDenied):
        services.file_documents(actor=cast.paula, papers=[paper(cast, 1)], reason="By hand")
    assert not Document.objects.visible_to(cast.paula).exists()


def test_many_are_fulfilled_by_reference_where_the_file_lies_elsewhere(cast):
    services.bring_expectations(cast.vel, on=DAY)
    with everything("a test looks at what is expected"):
        rows = list(ExpectedDocument.objects.filter(study=cast.vel, unblinded=False).order_by("pk")[:3])
    with acting_as(cast.tara, reason="It lies with the sponsor"):
        TmfPlace.objects.create(study=cast.vel, home="SPONSOR", system="Their file", starts_on=DATED)
    references = [(row, "Their file", f"N-{row.pk}", FILED) for row in rows]
    services.fulfil_all_by_reference(actor=cast.tara, references=references)
    kept = ExpectedDocument.objects.visible_to(cast.tara).filter(pk__in=[row.pk for row in rows])
    assert {(row.status, row.filed_number) for row in kept} == {("FULFILLED", f"N-{row.pk}") for row in rows}
