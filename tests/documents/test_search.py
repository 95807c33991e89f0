"""The words of what was uploaded are found by whoever may read it, and by nobody else."""

import io
import zipfile

import pypdf
import pytest

from ctms.access.scoping import everything
from documents import services
from documents.formats import words
from documents.models import DocumentText

from .conftest import DAY, artifact, run_promised
from .papers import WORD, docx, pdf, xlsx


def found(client, person, text):
    client.force_login(person)
    page = client.get("/documents/", {"q": text}).content.decode()
    return "0 rows" not in page


def encrypted():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf("secret")))
    writer.encrypt("password", algorithm="RC4-128")
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def empty_page():
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def bomb():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        with file.open("word/document.xml", "w", force_zip64=True) as part:
            for _block in range(125):
                part.write(b" " * 1024 * 1024)
    return held.getvalue()


LAUGHS = (
    '<!DOCTYPE w [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    f"<w:document {WORD}><w:body><w:p><w:r><w:t>&c;</w:t></w:r></w:p></w:body></w:document>"
)


@pytest.mark.parametrize(
    ("content", "extension", "text", "note"),
    [
        (pdf("Curriculum vitae of Isabel"), "pdf", "Curriculum vitae of Isabel", ""),
        (docx("Confi", "dential agreement"), "docx", "Confidential agreement", ""),
        (xlsx(["Kit", 12], ["Lot", "A7"]), "xlsx", "Kit 12 Lot A7", ""),
        (b"\xef\xbb\xbfSe\xc3\xb1or", "txt", "Señor", ""),
        ("Müller".encode("cp1252"), "txt", "Müller", ""),
        ("wide".encode("utf-16"), "txt", "wide", ""),
        (b"a,b\n1,2\n", "csv", "a b 1 2", ""),
        (b"Subject: Approval\nFrom: a@example.org\n\nDear Dr", "eml", "Approval a@example.org Dear Dr", ""),
        (b"<a>one<b>two</b></a>", "xml", "one two", ""),
        (encrypted(), "pdf", "", words.ENCRYPTED),
        (empty_page(), "pdf", "", words.PICTURES),
        (b"%PDF-1.7 nothing else", "pdf", "", words.UNREADABLE),
        (b"\x89PNG", "png", "", words.PICTURES),
        (b"x", "msg", "", words.NO_WORDS),
        (bomb(), "docx", "", words.TOO_LARGE),
        (b"PK", "docx", "", words.UNREADABLE),
        (docx(document="<broken"), "docx", "", words.UNREADABLE),
        (b"null\x00inside", "txt", "null inside", ""),
    ],
)
def test_words_are_read_or_it_is_said_why_not(content, extension, text, note):
    read = words.words_of(content, extension)
    assert (" ".join(read.text.split()), read.note) == (text, note)


def test_entities_are_not_blown_up():
    read = words.words_of(docx(document=LAUGHS), "docx")
    assert "lol" not in read.text


def test_there_is_an_end_to_the_words():
    read = words.words_of(b"word " * 200_000, "txt")
    assert len(read.text) <= words.MOST_CHARACTERS
    assert words.words_of(b"x" * 5000, "txt").text == ""


def test_words_in_a_paper_are_found_by_who_may_read_it(cast, client, tmf):
    tmf.uploaded("tara", content=pdf("Hemodialysis at Chamberi"), name="scan0001.pdf")
    run_promised("documents.read_words")
    assert found(client, cast.carla, "hemodialysis")
    assert found(client, cast.carla, "scan0001"), "the title is searched as before"
    assert not found(client, cast.carla, "transplantation")
    assert not found(client, cast.chris, "hemodialysis"), "another site's CRA"
    assert not found(client, cast.sam, "hemodialysis"), "the sponsor: it was not published"


def test_blinded_people_find_nothing_by_the_words_of_unblinded_papers(cast, client, tmf):
    tmf.uploaded("uma", content=pdf("Kit 4711 is placebo"), unblinded=True)
    run_promised("documents.read_words")
    assert found(client, cast.ursula, "placebo")
    for blinded in ("carla", "tara", "paula", "quentin"):
        assert not found(client, cast.people[blinded], "placebo")
        assert not DocumentText.objects.visible_to(cast.people[blinded]).exists()


def test_words_go_to_the_circle_with_their_paper(cast, client, tmf):
    document = tmf.uploaded("carla", content=pdf("Shipment of active kits"))
    run_promised("documents.read_words")
    assert found(client, cast.tara, "active kits")
    services.classify_document(
        actor=cast.carla, record=document, artifact=artifact("06.01.04"), document_date=DAY
    )
    assert not found(client, cast.tara, "active kits")
    assert found(client, cast.ursula, "active kits")


def test_the_api_searches_the_words_too(cast, client, tmf):
    document = tmf.uploaded("tara", content=pdf("Hemodialysis"))
    run_promised("documents.read_words")
    client.force_login(cast.carla)
    answer = client.get("/api/v1/documents/", {"q": "hemodialysis"}).json()
    assert [row["id"] for row in answer["results"]] == [document.pk]


def test_mended_content_replaces_the_words(cast, tmf):
    document = tmf.uploaded("tara", content=pdf("first words"))
    run_promised("documents.read_words")
    services.replace_content(
        actor=cast.tara, on=DAY, document=document, name="b.pdf", chunks=[pdf("second words")]
    )
    run_promised("documents.read_words")
    with everything("a test"):
        assert DocumentText.objects.get(document=document).text == "second words"


def test_a_paper_without_words_says_so_on_its_page(cast, client, tmf):
    document = tmf.uploaded("tara", content=encrypted())
    run_promised("documents.read_words")
    client.force_login(cast.carla)
    assert "It is encrypted" in client.get(f"/documents/{document.pk}/").content.decode()


@pytest.mark.parametrize("text", ["'", '"unclosed', "a & | ! b", "\\", "()", "%", "-", "<->", "x" * 3000])
def test_any_search_is_answered(cast, client, text):
    client.force_login(cast.carla)
    assert client.get("/documents/", {"q": text}).status_code == 200
