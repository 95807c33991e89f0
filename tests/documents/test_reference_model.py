"""The workbook of the TMF Reference Model comes in whole or not at all, and says what differs."""

import io
from pathlib import Path

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from ctms.accounts.models import User
from ctms.workflow.engine import perform
from documents.formats.reference_model import WorkbookRefused, read_workbook
from documents.models import Artifact, Document, ReferenceModel
from documents.services import load_reference_model
from launcher.paths import ROOT

FOLDER = ROOT.parent / "shared" / "data" / "tmf"
HEADINGS = (
    "Zone #", "Zone Name", "Section #", "Section Name", "Artifact #", "Artifact name",
    "Core or Recommended for inclusion", "Unique ID Number", "Sponsor Document", "Investigator Document",
    "Trial Level Document ", "Trial Level MILESTONE/EVENT", "Country/ Region Level Document",
    "Country Level MILESTONE/EVENT", "Site Level Document", "Site Level MILESTONE/EVENT", "Dating Convention",
)  # fmt: skip


def book(*rows, version="Version 4.0", headings=HEADINGS, title="V 4.0 Clean"):
    """Return a small workbook of the model's shape."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = title
    sheet.append(["TMF Reference Model", version])
    sheet.append([])
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def row(number, name, *, required="Core", unique=1, trial="", country="", site="X", zone=None, section=None):
    zone = zone or str(int(number[:2]))
    section = section or f"{int(number[:2])}.{number[3:5]}"
    return (
        zone, "Site Management", section, "Site Set-up", number, name, required, unique, "X", "NO", trial,
        "#2 Clinical Infrastructure Ready", country, "", site, "", "Version Date",
    )  # fmt: skip


@pytest.fixture
def workbook():
    found = sorted(FOLDER.glob("Version_3.3.1*.xlsx"))
    if not found:
        pytest.skip("the published workbook is not on this machine")
    return Path(found[0])


def load(data, name="model.xlsx", **more):
    return load_reference_model(actor=User.objects.system(), data=data, file_name=name, **more)


def test_the_list_that_comes_with_the_product_is_whole_and_hides_what_tells_the_treatment(db):
    rows = Artifact.objects.filter(reference_model__status="CURRENT")
    assert rows.count() == 250
    assert len(set(rows.values_list("zone_number", flat=True))) == 11
    assert sorted(rows.filter(unblinded_by_default=True).values_list("number", flat=True)) == [
        *("06.01.04", "06.01.05", "06.01.06", "06.03.01", "06.03.02", "06.03.03", "11.02.03", "11.02.04")
    ]
    cv = rows.get(number="05.02.04")
    assert (cv.zone_label, cv.section_label, cv.levels) == (
        "05 Site Management",
        "05.02 Site Set-up",
        ["Site"],
    )


def test_the_published_workbook_says_what_is_here_and_loading_it_twice_changes_nothing(db, workbook):
    data = workbook.read_bytes()
    first = load(data, workbook.name, dry_run=True)
    assert (first.version, first.artifacts, first.created) == ("3.3.1", 250, 0)
    assert first.warnings == []
    assert Artifact.objects.exclude(trial_milestone="").count() == 0, "a rehearsal writes nothing"
    assert load(data, workbook.name).updated == 250, "milestones and dating come with the workbook"
    milestones = set(Artifact.objects.values_list("trial_milestone", flat=True))
    assert "02 Clinical Infrastructure Ready" in milestones
    assert not any(one.startswith("#") for one in milestones)
    again = load(data, workbook.name)
    assert again.unchanged
    assert ReferenceModel.objects.get().source_sha256 == again.sha256
    assert Artifact.objects.filter(unblinded_by_default=True).count() == 8


def test_a_changed_copy_of_the_workbook_is_a_version_of_its_own_and_tells_what_changed(db, workbook):
    changed = openpyxl.load_workbook(workbook)
    sheet = changed["V 3.3.1 Clean"]
    sheet["H1"] = "Version 3.4.0"
    at = {sheet.cell(r, 5).value: r for r in range(4, sheet.max_row + 1)}
    sheet.cell(at["05.02.04"], 6).value = "Investigator CV "
    sheet.cell(at["05.02.05"], 9).value = "Recommended"
    sheet.cell(at["05.02.06"], 21).value = "x"
    sheet.cell(at["01.01.20"], 5).value = "01.01.21"
    sheet.delete_rows(at["11.05.04"])
    held = io.BytesIO()
    changed.save(held)
    report = load(held.getvalue(), "v34.xlsx")
    assert (report.is_new, report.created, report.compared_with) == (True, 249, "3.3.1")
    assert report.renamed == [
        "01.01.20 Operational Oversight → 01.01.21 Operational Oversight",
        "05.02.04 Principal Investigator Curriculum Vitae → Investigator CV",
    ]
    assert report.requiredness == ["05.02.05 Sub-Investigator Curriculum Vitae: core → recommended"]
    assert report.moved == ["05.02.06 Other Curriculum Vitae: site → trial, site"]
    assert report.dropped == ["11.05.04 Filenote"]
    assert report.added == []
    assert ReferenceModel.objects.get(status="CURRENT").version_label == "3.3.1", "a person puts it in use"
    assert (
        Artifact.objects.filter(reference_model__version_label="3.4.0", number="06.03.01")
        .get()
        .unblinded_by_default
    )


def test_putting_a_version_in_use_retires_the_former_and_leaves_what_was_filed(cast):
    from .test_documents import file

    document = file(cast)
    load(book(row("05.02.04", "CV"), row("05.04.03", "Visit report")))
    with pytest.raises(PermissionDenied):
        perform(ReferenceModel.objects.get(version_label="4.0"), "put_in_use", actor=cast.carla, reason="x")
    perform(ReferenceModel.objects.get(version_label="4.0"), "put_in_use", actor=cast.tara, reason="Agreed")
    assert dict(ReferenceModel.objects.values_list("version_label", "status")) == {
        "3.3.1": "RETIRED",
        "4.0": "CURRENT",
    }
    kept = (
        Document.objects.visible_to(cast.carla)
        .select_related("artifact__reference_model")
        .get(pk=document.pk)
    )
    assert kept.artifact.reference_model.version_label == "3.3.1"
    assert (
        file(cast, source="test/9", content=b"%PDF-1.7 other").artifact.reference_model.version_label == "4.0"
    )


def test_a_class_may_be_called_a_record_group(db):
    headings = tuple(h.replace("Artifact", "Record Group") for h in HEADINGS)
    load(book(row("05.02.04", "CV"), headings=headings))
    assert ReferenceModel.objects.get(version_label="4.0").artifact_word == "record group"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "no Excel workbook"),
        (b"PK\x03\x04 broken", "no Excel workbook"),
        (b"a;b\n1;2", "no Excel workbook"),
        (book(row("05.02.04", "CV"), headings=("a", "b", "c")), "No sheet has the headings"),
        (book(row("05.02.04", "CV"), title="Markup"), "No sheet has the headings"),
        (book(row("05.02.04", "CV"), version="Draft"), "does not say its version"),
        (book(), "holds no artifact"),
        (book(row("5.2.4", "CV", zone="5", section="5.02")), "is no artifact number"),
        (book(row("05.02.04", "CV"), row("05.02.04", "Again")), "stands twice"),
        (book(row("05.02.04", "")), "has no name"),
        (book(row("05.02.04", "CV", zone="6", section="6.02")), "stands in zone 06"),
        (book(row("05.02.04", "CV", unique="many")), "no unique number"),
    ],
)
def test_a_workbook_with_a_fault_is_refused_with_a_sentence_and_nothing_is_written(db, data, sentence):
    before = Artifact.objects.count()
    with pytest.raises(WorkbookRefused, match=sentence):
        load(data)
    assert (Artifact.objects.count(), ReferenceModel.objects.count()) == (before, 1)


def test_the_zone_written_as_a_number_is_read_as_it_is_meant():
    read = read_workbook(book(row("05.10.04", "CV", section="5.1")))
    assert (read.artifacts[0].zone_number, read.artifacts[0].section_number) == ("05", "05.10")
    assert read.artifacts[0].trial_milestone == "02 Clinical Infrastructure Ready"


@pytest.mark.parametrize("by", ["carla", "paula", "quentin", "sam", "stella"])
def test_who_does_not_keep_the_model_loads_none(cast, client, by):
    with pytest.raises(PermissionDenied):
        load_reference_model(actor=cast.people[by], data=book(row("05.02.04", "CV")), file_name="x.xlsx")
    client.force_login(cast.people[by])
    assert client.get("/artifacts/import/").status_code == (404 if by == "sam" else 403)


def test_the_page_shows_first_and_loads_then(cast, client):
    client.force_login(cast.tara)
    upload = SimpleUploadedFile("v4.xlsx", book(row("05.02.04", "Investigator CV")))
    page = client.post("/artifacts/import/", {"file": upload}).content.decode()
    assert "Nothing is written yet." in page
    assert "Principal Investigator Curriculum Vitae → Investigator CV" in page
    assert ReferenceModel.objects.count() == 1
    ticket = page.split('name="ticket" value="')[1].split('"')[0]
    answer = client.post("/artifacts/import/apply/", {"ticket": ticket}, follow=True)
    assert "Version 4.0: 1 artifacts new, 0 changed." in answer.content.decode()
    answer = client.post("/artifacts/import/apply/", {"ticket": ticket}, follow=True)
    assert "Nothing changes" in answer.content.decode()
    bad = client.post("/artifacts/import/", {"file": SimpleUploadedFile("v4.xlsx", b"PK\x03\x04")})
    assert bad.status_code == 422
    assert "Nothing was written." in bad.content.decode()


def test_the_command_tells_what_it_did_and_what_it_refuses(db, tmp_path, capsys):
    good, bad = tmp_path / "v4.xlsx", tmp_path / "bad.xlsx"
    good.write_bytes(book(row("05.02.04", "CV")))
    bad.write_bytes(b"nothing")
    call_command("import_tmf_model", str(good), "--dry-run")
    assert "This was a dry run" in capsys.readouterr().out
    assert ReferenceModel.objects.count() == 1
    call_command("import_tmf_model", str(good))
    assert "Version 4.0: 1 artifacts, 1 new, 0 changed." in capsys.readouterr().out
    with pytest.raises(CommandError) as refused:
        call_command("import_tmf_model", str(bad))
    assert refused.value.returncode == 1
    with pytest.raises(CommandError) as missing:
        call_command("import_tmf_model", str(tmp_path / "none.xlsx"))
    assert missing.value.returncode == 2


def test_documents_are_classified_by_the_version_in_use_only(cast, client, tmf):
    load(book(row("05.02.04", "CV of another version")))
    document = tmf.uploaded("tara")
    client.force_login(cast.tara)
    page = client.get(f"/documents/{document.pk}/edit/").content.decode()
    assert "05.02.04 Principal Investigator Curriculum Vitae" in page
    assert "CV of another version" not in page
