"""What is taken and what is not: each refusal is a sentence that names the file, and nothing of it is kept."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from ctms.access.scoping import everything
from ctms.files.models import StoredFile
from ctms.files.storing import read_checked
from ctms.workflow.engine import perform
from documents import services
from documents.formats.kind import KindRefused, kind_of
from documents.models import Document, DocumentVersion
from documents.services import uploading

from .conftest import DAY, artifact
from .papers import archive, docx, pdf, xlsx

REFUSED = [
    ("empty.pdf", b"", "empty.pdf is empty"),
    ("setup.exe", b"MZ\x90\x00" + b"\x00" * 60, "kind that is not taken"),
    ("cv.pdf", b"MZ\x90\x00" + b"\x00" * 60, "is called .pdf and is none"),
    ("cv.pdf", archive(readme__txt="x"), "is called .pdf and is none: it holds application/zip"),
    ("papers.zip", archive(a="x"), "kind that is not taken"),
    ("cv.docx", archive(a="x"), "is called .docx and is none"),
    ("cv.docx", b"PK\x03\x04 broken", "is damaged"),
    ("cv.docx", docx("x", word__vbaProject_bin=b"\x00"), "holds a program"),
    ("page.html", b"<html><script>alert(1)</script></html>", "kind that is not taken"),
    ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind that is not taken"),
    ("script.txt", b"#!/bin/sh\nrm -rf /\n", "is called .txt and is none"),
    ("noise.csv", bytes(range(256)) * 8, "is called .csv and is none"),
    ("picture.png", pdf(), "is called .png and is none: it holds pdf"),
    ("data.xml", b"not xml", "is called .xml and is none"),
    ("nothing", b"\x01\x02\x03\x04" * 40, "kind that is not taken"),
]


@pytest.mark.parametrize(("name", "content", "sentence"), REFUSED)
def test_what_is_not_taken_is_refused_with_a_sentence_and_leaves_nothing(tmf, cast, name, content, sentence):
    (result,) = services.upload_documents(
        actor=cast.tara, on=DAY, place=cast.madrid, files=[(name, [content] if content else [])]
    )
    assert sentence in result.refusal
    assert name in result.refusal
    assert result.document is None
    assert not Document.objects.visible_to(cast.tara).exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("a.pdf", pdf(), "application/pdf"),
        ("a.docx", docx("x"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", xlsx(["x"]), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.PNG", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "image/png"),
        ("a.jpeg", b"\xff\xd8\xff\xe0" + b"\x00" * 40, "image/jpeg"),
        ("a.tif", b"II*\x00" + b"\x00" * 40, "image/tiff"),
        ("a.txt", "Señor Ñandú".encode(), "text/plain"),
        ("a.csv", b"a;b\n1;2\n", "text/csv"),
        ("a.eml", b"From: a@example.org\nSubject: x\n\nBody\n", "message/rfc822"),
        ("a.xml", b"<?xml version='1.0'?><a/>", "application/xml"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 80, "application/msword"),
        ("a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 80, "application/vnd.ms-outlook"),
    ],
)
def test_what_is_taken_is_known_by_its_bytes(tmf, cast, name, content, content_type):
    document = tmf.uploaded(name=name, content=content)
    version = DocumentVersion.objects.visible_to(cast.carla).select_related("file").get(document=document)
    assert version.file.content_type == content_type
    assert read_checked(version.file) == content
    assert (version.number, document.title) == ("0.1", "a")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\cv.txt", "cv.txt"),
        ("cv\u202etxt.fdp.txt", "cvtxt.fdp.txt"),
        ("cv\r\nSet-Cookie: a.txt", "cvSet-Cookie: a.txt"),
        ("\x00\x01", "unnamed file"),
        ("a" * 400 + ".txt", "a" * 188 + ".txt"),
        ("  Lebenslauf   Dr. Müller .txt", "Lebenslauf Dr. Müller .txt"),
    ],
)
def test_names_lose_folders_and_tricks(sent, kept):
    assert uploading.plain_name(sent) == kept


def test_many_files_are_looked_at_one_by_one(cast):
    results = services.upload_documents(
        actor=cast.tara,
        on=DAY,
        place=cast.madrid,
        files=[("a.pdf", [pdf("a")]), ("b.exe", [b"MZ" + b"\x00" * 50]), ("c.pdf", [pdf("c")])],
    )
    assert [bool(one.document) for one in results] == [True, False, True]
    assert Document.objects.visible_to(cast.tara).filter(status="DRAFT", artifact=None).count() == 2


def test_more_than_the_most_is_refused_before_all_of_it_has_come(cast, monkeypatch):
    monkeypatch.setattr(uploading, "LARGEST_BYTES", 1000)
    taken = []

    def chunks():
        for number in range(100):
            taken.append(number)
            yield b"%PDF-1.4" + b"x" * 492

    (result,) = services.upload_documents(
        actor=cast.tara, on=DAY, place=cast.madrid, files=[("big.pdf", chunks())]
    )
    assert "big.pdf is larger than" in result.refusal
    assert len(taken) == 3
    assert not StoredFile.objects.exists()


def test_the_same_file_twice_at_a_place_is_named_and_elsewhere_noted(tmf, cast):
    content = pdf("the same")
    tmf.uploaded(name="first.pdf", content=content)
    again, elsewhere = (
        services.upload_documents(actor=cast.tara, on=DAY, place=place, files=[("x.pdf", [content])])[0]
        for place in (cast.madrid, cast.berlin)
    )
    assert again.refusal == "x.pdf is here already: “first”, version 0.1."
    assert elsewhere.document is not None
    assert "lies elsewhere too: first" in elsewhere.note


def test_of_two_same_files_in_one_go_one_is_taken(cast):
    results = services.upload_documents(
        actor=cast.tara, on=DAY, place=cast.madrid, files=[("a.pdf", [pdf()]), ("b.pdf", [pdf()])]
    )
    assert [bool(one.document) for one in results] == [True, False]


def test_a_double_a_person_may_not_see_is_not_betrayed(tmf, cast):
    content = pdf("kit list")
    tmf.uploaded("uma", content=content, unblinded=True)
    (result,) = services.upload_documents(
        actor=cast.carla, on=DAY, place=cast.madrid, files=[("kit.pdf", [content])]
    )
    assert (result.refusal, result.note, bool(result.document)) == ("", "", True)


def test_a_voided_paper_is_no_double(tmf, cast):
    document = tmf.uploaded(content=pdf("x"))
    perform(document, "void", actor=cast.tara, reason="Twice")
    assert tmf.uploaded(content=pdf("x")).status == "DRAFT"


@pytest.mark.parametrize("by", ["chris", "quentin", "sam", "ada", "stella", "pavel", "ingrid", "milo"])
def test_who_has_no_part_in_the_file_of_a_site_uploads_nothing_there(cast, by):
    with pytest.raises(PermissionDenied):
        services.upload_documents(
            actor=cast.people[by], on=DAY, place=cast.madrid, files=[("a.pdf", [pdf()])]
        )
    with everything("a test"):
        assert not Document.objects.exists()


def test_unblinded_papers_are_brought_by_their_circle_and_seen_by_it(tmf, cast, assert_sees):
    with pytest.raises(PermissionDenied):
        tmf.uploaded("carla", unblinded=True)
    document = tmf.uploaded("uma", unblinded=True)
    version = DocumentVersion.objects.visible_to(cast.uma).get()
    assert_sees(cast.ursula, visible=[document, version])
    for blinded in ("carla", "tara", "paula", "quentin"):
        assert_sees(cast.people[blinded], hidden=[document, version])


def test_a_paper_that_tells_the_treatment_goes_to_the_circle_whoever_classifies_it(tmf, cast, assert_sees):
    document = tmf.uploaded("carla", name="accountability.pdf")
    version = DocumentVersion.objects.visible_to(cast.carla).get()
    services.classify_document(
        actor=cast.carla, record=document, artifact=artifact("06.01.05"), document_date=DAY
    )
    for blinded in ("carla", "tara", "paula"):
        assert_sees(cast.people[blinded], hidden=[document, version])
    assert_sees(cast.ursula, visible=[document, version])
    # It was brought as blind-safe: the lines of that time say so, and are told to nobody blinded either.
    with everything("a test"):
        lines = [*document.events.all(), *version.events.all()]
    assert {line.unblinded for line in lines} == {False, True}
    assert_sees(cast.fresh("ursula"), visible=lines)
    for blinded in ("carla", "tara", "paula", "quentin"):
        assert_sees(cast.fresh(blinded), hidden=lines)


def test_in_an_open_study_nothing_is_unblinded_by_default(tmf, cast, assert_sees):
    from ctms.audit.context import acting_as

    with acting_as(cast.paula, reason="Open label"):
        cast.vel.masking = "NONE"
        cast.vel.save()
    document = tmf.classified("carla", number="06.01.05")
    assert_sees(cast.carla, visible=[document])


def test_a_paper_moves_with_its_parts_to_the_site_it_belongs_to(tmf, cast, assert_sees):
    document = tmf.uploaded("tara", place="vel")
    version = DocumentVersion.objects.visible_to(cast.tara).get()
    assert_sees(cast.carla, hidden=[document, version])
    services.classify_document(actor=cast.tara, record=document, site=cast.madrid)
    assert_sees(cast.carla, visible=[document, version])
    assert_sees(cast.chris, hidden=[document, version])


def test_a_site_of_another_study_is_refused(tmf, cast):
    with pytest.raises(Exception, match="place of another study"):
        services.classify_document(actor=cast.tara, record=tmf.uploaded(), site=cast.krakow)


def test_without_a_title_it_gets_the_usual_one(tmf, cast):
    document = services.classify_document(
        actor=cast.tara, record=tmf.uploaded(), title="", artifact=artifact("05.02.04"), document_date=DAY
    )
    assert document.title == "Principal Investigator Curriculum Vitae (2003 · Hospital Clínico de Chamberí)"


def test_the_page_takes_many_files_without_javascript(client, cast):
    client.force_login(cast.tara)
    answer = client.post(
        "/documents/new/",
        {
            "place": f"site-{cast.madrid.pk}",
            "files": [
                SimpleUploadedFile("a.pdf", pdf("a")),
                SimpleUploadedFile("b.pdf", pdf("b")),
                SimpleUploadedFile("c.zip", archive(a="b")),
            ],
        },
        follow=True,
    )
    page = answer.content.decode()
    assert "2 files are in the inbox." in page
    assert "c.zip is of a kind that is not taken" in page
    assert answer.request["PATH_INFO"] == f"/study-sites/{cast.madrid.pk}/documents/"
    assert ">a</a>" in page


def test_the_page_offers_only_places_one_may_bring_papers_to(client, cast):
    client.force_login(cast.chris)
    page = client.get("/documents/new/").content.decode()
    assert "Klinikum am Fließ" in page
    assert "Chamberí" not in page
    answer = client.post(
        "/documents/new/",
        {"place": f"site-{cast.madrid.pk}", "files": [SimpleUploadedFile("a.pdf", pdf("a"))]},
    )
    assert answer.status_code == 422
    client.force_login(cast.sam)
    assert client.get("/documents/new/").status_code == 404, "from outside a refusal is an absence"


def test_a_kind_is_looked_at_within_its_first_bytes_and_the_stream_is_left_at_its_beginning():
    import io

    stream = io.BytesIO(pdf())
    assert kind_of("x.pdf", stream).extension == "pdf"
    assert stream.tell() == 0
    with pytest.raises(KindRefused):
        kind_of("x.png", stream)
    assert stream.tell() == 0
