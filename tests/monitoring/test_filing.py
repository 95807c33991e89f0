"""An approved report is printed from its snapshot and filed once, however often the job runs."""

import io
import re

import pytest
from pypdf import PdfReader

from ctms.files.models import StoredFile
from ctms.files.storing import read_checked
from ctms.jobs.models import Job
from ctms.jobs.worker import run_job
from ctms.signatures.signing import signatures_of
from documents.models import Document, DocumentVersion
from monitoring import services
from monitoring.models import MonitoringReport
from monitoring.reports import print_letter, print_report

from .conftest import MONDAY, TUESDAY


def promised(report):
    return Job.objects.get(name="monitoring.file_report", arguments={"record_id": report.pk})


def filed(stage, **more):
    report = stage.approved(**more)
    run_job(promised(report).pk)
    assert promised(report).state == "DONE", promised(report).last_error
    return stage.report_of(report.visit, more.get("by", "carla"))


def test_the_report_is_filed_at_the_site_under_its_artifact_with_the_visits_first_day(stage, cast):
    report = filed(stage)
    document = Document.objects.visible_to(cast.carla).get(pk=report.filed_as_id)
    version = DocumentVersion.objects.visible_to(cast.carla).get(document=document)
    assert (document.artifact.number, document.document_date, document.status) == (
        "05.04.03",
        MONDAY,
        "APPROVED",
    )
    assert (document.study, document.country, document.site) == (cast.vel, cast.spain, cast.madrid)
    assert version.number == "1.0"
    assert version.sha256 == version.file.sha256
    assert read_checked(version.file).startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("visit_type", "artifact"),
    [("SQV", "05.01.04"), ("SIV", "05.03.01"), ("COV", "05.04.08"), ("FCV", "05.04.05"), ("CMV", "05.04.05")],
)
def test_each_type_goes_to_its_own_artifact(stage, visit_type, artifact):
    assert filed(stage, visit_type=visit_type).filed_as.artifact.number == artifact


def test_the_job_files_once_however_often_it_runs(stage, cast):
    report = filed(stage)
    job = promised(report)
    Job.objects.filter(pk=job.pk).update(state="WAITING")
    run_job(job.pk)
    assert promised(report).state == "DONE"
    assert (
        Document.objects.visible_to(cast.carla).count()
        == DocumentVersion.objects.visible_to(cast.carla).count()
        == 1
    )
    assert StoredFile.objects.count() == 1


def test_a_job_that_fails_half_way_leaves_nothing_and_the_next_attempt_files(stage, cast, monkeypatch):
    report = stage.approved()
    job = promised(report)
    with monkeypatch.context() as patched:
        patched.setattr("monitoring.tasks.file_document", lambda **_: 1 / 0)
        run_job(job.pk)
    assert promised(report).state == "WAITING"
    assert "ZeroDivisionError" in promised(report).last_error
    assert not StoredFile.objects.exists()
    assert not Document.objects.visible_to(cast.carla).exists()
    Job.objects.filter(pk=job.pk).update(run_after=job.created_at)
    run_job(job.pk)
    assert stage.report_of(report.visit).filed_as is not None


def test_printed_twice_it_is_the_same_document(stage):
    report = stage.approved()
    assert print_report(report) == print_report(report)


def test_the_print_comes_from_the_snapshot_and_not_from_what_was_renamed_since(stage, cast):
    from ctms.audit.context import acting_as

    report = stage.approved()
    before = print_report(report)
    with acting_as(cast.ada, reason="Married"):
        cast.carla.last_name = "Someone Else"
        cast.carla.save()
        cast.hospital_madrid.name = "Renamed Hospital"
        cast.hospital_madrid.save()
    assert print_report(MonitoringReport.objects.visible_to(cast.lena).get(pk=report.pk)) == before


def places_of_words(pdf):
    """Return [(the words, how far from the left they begin)] of all pages, in points."""
    found = []

    def note(text, page_at, text_at, _font, _size):
        if text.strip():
            found.append((text.strip(), text_at[4] * page_at[0] + text_at[5] * page_at[2] + page_at[4]))

    for page in PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(visitor_text=note)
    return found


def test_a_word_without_end_pushes_no_column_off_the_sheet(stage, cast):
    report = stage.answered()
    endless = "https://portal.example.com/" + "x" * 300
    stage.answer(report, "eligibility", "NO", endless)
    common = {"actor": cast.carla, "site": cast.madrid, "report": report}
    services.raise_action_item(text=f"Read {endless}", opened_on=TUESDAY, due_on=TUESDAY, **common)
    services.raise_deviation(
        category="OTHER", description=endless, occurred_on=TUESDAY, identified_on=TUESDAY, **common
    )
    services.save_summary(actor=cast.carla, report=report, summary=endless)
    report = stage.signed(stage.signed(stage.report_of(report.visit), "submit", "carla"), "approve", "lena")
    placed = places_of_words(print_report(report))
    said = {words for words, _left in placed}
    assert {"Responsible", "Due", "State", "Occurred", "Importance"} <= said
    wide = 595 - 45  # A4 less the margin
    assert [words for words, left in placed if left > wide - 20] == []


def test_a_word_without_end_is_broken_at_the_edge_of_a_letter(stage, cast):
    letter = services.write_letter(actor=cast.carla, on=TUESDAY, visit=stage.planned(), kind="CONFIRMATION")
    letter.body = "x" * 300
    lines = [words for words, _left in places_of_words(print_letter(letter)) if "xxx" in words]
    assert sum(map(len, lines)) == 300
    assert max(map(len, lines)) < 150


def test_the_pdf_holds_both_signatures_pages_template_and_is_tagged_pdf_a(stage, cast):
    report = stage.answered()
    stage.answer(report, "eligibility", "NO", "<b>Subject 2003-014</b> & the ALT")
    services.raise_action_item(
        actor=cast.carla,
        site=cast.madrid,
        text="File the CV of Dr Żółć",
        opened_on=TUESDAY,
        due_on=TUESDAY,
        report=report,
    )
    report = stage.signed(stage.signed(report, "submit", "carla"), "approve", "lena")
    pdf = PdfReader(io.BytesIO(print_report(report)))
    pages = [" ".join(page.extract_text().split()) for page in pdf.pages]
    text = " ".join(pages)
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
    assert "VEL-301 · Site 2003 · Dr Isabel Moreno · IMV 1" in text
    assert "<b>Subject 2003-014</b> & the ALT" in text
    assert "File the CV of Dr Żółć" in text
    assert re.search(r"Authored by Carla Ruiz \d+ \w{3} \d{4} \d\d:\d\d CES?T \(\d\d:\d\d UTC\)", text)
    assert re.search(r"Approved by Lena Brandt \d+ \w{3} \d{4} \d\d:\d\d CES?T \(\d\d:\d\d UTC\)", text)
    assert signatures_of(report).last().content_sha256 in text.replace(" ", "")
    assert "Interim monitoring visit report v1" in text
    described = pdf.trailer["/Root"]["/Metadata"].get_data().decode()
    assert re.search(r"part[>=\"]+3", described)
    assert re.search(r"conformance[>=\"]+A", described)
    root = pdf.trailer["/Root"]
    assert root["/Lang"]
    assert "/StructTreeRoot" in root
    assert root["/MarkInfo"]["/Marked"]
    assert pdf.metadata.title == "VEL-301 · Site 2003 · Dr Isabel Moreno · IMV 1"


def test_an_unblinded_report_is_filed_unblinded_and_never_published(stage, cast, assert_sees):
    report = stage.signed(stage.submitted("uma", unblinded=True), "approve", "ursula")
    run_job(promised(report).pk)
    document = stage.report_of(report.visit, "uma").filed_as
    version = DocumentVersion.objects.visible_to(cast.uma).get(document=document)
    assert_sees(cast.ursula, visible=[document, version])
    for blinded in ("carla", "lena", "paula", "quentin", "sam"):
        assert_sees(cast.people[blinded], hidden=[document, version])
    with pytest.raises(Exception, match="blind-safe"):
        services.show_to_sponsor(actor=_unblinded_manager(cast), report=report, shown=True, reason="x")


def _unblinded_manager(cast):
    from ctms.accounts.models import User
    from studies.services.team import assign
    from tests.cast import LONG_AGO

    assign(
        actor=User.objects.system(), user=cast.ursula, role="project_manager", place=cast.vel, starts_on=LONG_AGO,
        trained_on=LONG_AGO, unblinded=True,
    )  # fmt: skip
    return cast.fresh("ursula")


def test_a_report_published_before_it_is_filed_shows_its_document_too(stage, cast, assert_sees):
    report = stage.approved()
    services.show_to_sponsor(actor=cast.paula, report=report, shown=True, reason="Agreed")
    run_job(promised(report).pk)
    assert_sees(cast.sam, visible=[stage.report_of(report.visit).filed_as])
