"""The import page: look first, then apply the very bytes that were looked at."""

import copy
import json

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from ctms.access.scoping import everything
from ctms.imports.kept import keep, kept
from ctms.imports.models import ImportRun
from studies.models import Study, StudyAssignment
from studies.services.team import end_assignment
from tests.cast import LONG_AGO
from tests.studies.formats.documents import as_bytes, identity_of, record, usdm_4

PAGE, APPLY = "/studies/import/", "/studies/import/apply/"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def look(client, data, name="protocol.json", **fields):
    data = data if isinstance(data, bytes) else as_bytes(data)
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data), **fields})


def apply(client, preview):
    return client.post(APPLY, {"ticket": preview.context["held"].ticket})


def row_counts():
    """How many rows every table has: what nothing written means."""
    with connection.cursor() as cursor:
        tables = sorted(
            set(connection.introspection.table_names(cursor)) - {"django_session", "accounts_securityevent"}
        )
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def retitled(document, title):
    changed = copy.deepcopy(document)
    changed["study"]["versions"][0]["titles"][0]["text"] = title
    return changed


def studies():
    with everything("a test looks at all that was written"):
        return list(Study.objects.order_by("pk"))


def registered(number, own):
    document = record(number)
    identity_of(document)["orgStudyIdInfo"] = {"id": own}
    identity_of(document)["secondaryIdInfos"] = []
    return document


@pytest.fixture
def paula(cast, client):
    client.force_login(cast.paula)
    return client


def test_the_list_of_studies_offers_the_import_to_whoever_may(cast, client):
    client.force_login(cast.paula)
    assert PAGE in client.get("/studies/").content.decode()
    client.force_login(cast.carla)
    assert PAGE not in client.get("/studies/").content.decode()


@pytest.mark.parametrize("who", ["carla", "stella", "quentin", "ada"])
def test_who_manages_no_study_imports_none(cast, client, who):
    client.force_login(cast.people[who])
    before = row_counts()
    for answer in (client.get(PAGE), look(client, usdm_4()), client.post(APPLY, {"ticket": "x"})):
        assert answer.status_code == 403
        assert "Project manager" in answer.content.decode()
    assert row_counts() == before


def test_to_a_sponsor_there_is_no_import_at_all(cast, client):
    client.force_login(cast.sam)
    before = row_counts()
    for answer in (client.get(PAGE), look(client, usdm_4()), client.post(APPLY, {"ticket": "x"})):
        assert answer.status_code == 404
        assert "Project manager" not in answer.content.decode(), "nor is it said who may"
    assert row_counts() == before


def test_the_preview_says_what_would_be_made_and_writes_nothing(paula):
    before = row_counts()
    answer = look(paula, usdm_4())
    page = answer.content.decode()
    assert answer.status_code == 200, page[:2000]
    assert "New" in page
    assert "Nothing is written yet." in page
    assert "planned visits" in page
    assert answer.context["held"].sha256 in page
    assert row_counts() == before


def test_applying_makes_the_study_with_the_file_as_the_reason_and_a_second_click_changes_nothing(cast, paula):
    preview, before = look(paula, usdm_4(), "first.json"), len(studies())
    answer = apply(paula, preview)
    assert answer.status_code == 302
    assert len(studies()) == before + 1
    study = studies()[-1]
    history = paula.get(f"/studies/{study.pk}/history/").content.decode()
    assert "first.json" in history
    counted = row_counts()
    again = apply(paula, preview)
    assert again.status_code == 302
    assert len(studies()) == before + 1
    after = row_counts()
    changed = {table for table in after if after[table] != counted[table]}
    # That the file was brought again is remembered; of the study nothing changed.
    assert changed <= {"imports_importrun", "imports_importedrecord"}
    assert "nothing changes" in paula.get(again.url).content.decode()


def test_the_same_file_again_says_that_nothing_changes(paula):
    apply(paula, look(paula, usdm_4()))
    answer = look(paula, usdm_4())
    assert "Nothing changes" in answer.content.decode()
    assert answer.context["unchanged"]


def test_a_newer_file_shows_each_field_before_and_after_and_is_the_reason(paula):
    apply(paula, look(paula, usdm_4(), "v1.json"))
    study = studies()[-1]
    title = study.title
    newer = look(paula, retitled(usdm_4(), "A title of the second version"), "v2.json")
    page = newer.content.decode()
    assert title in page
    assert "A title of the second version" in page
    assert "Brought up to date" in page
    assert studies()[-1].title == title, "looking changes nothing"
    apply(paula, newer)
    assert studies()[-1].title == "A title of the second version"
    assert "v2.json" in paula.get(f"/studies/{study.pk}/history/").content.decode()


def test_what_cannot_be_resolved_is_listed_before_and_after(paula):
    odd = usdm_4()
    odd["study"]["versions"][0]["studyDesigns"][0]["studyPhase"]["standardCode"] = {
        "code": "C0", "decode": "Phase Nine", "codeSystem": "x"
    }  # fmt: skip
    preview = look(paula, odd)
    assert "Phase Nine" in preview.content.decode()
    assert preview.context["unresolved_count"]
    answer = apply(paula, preview)
    result = paula.get(answer.url)
    page = result.content.decode()
    assert answer.url.startswith("/studies/imports/")
    assert "Phase Nine" in page
    assert "studyPhase" in page


def test_a_result_is_read_by_whoever_brought_the_file_and_nobody_else(cast, client):
    client.force_login(cast.paula)
    apply(client, look(client, [registered("NCT00000101", "MEA-101"), registered("NCT00000102", "MEA-102")]))
    run = ImportRun.objects.get()
    assert client.get(f"/studies/imports/{run.pk}/").status_code == 200
    for other in ("pavel", "ada", "stella"):
        client.force_login(cast.people[other])
        assert client.get(f"/studies/imports/{run.pk}/").status_code == 404


def test_several_records_come_in_or_one_of_them(paula):
    both = [registered("NCT00000101", "MEA-101"), registered("NCT00000102", "MEA-102")]
    before = len(studies())
    preview = look(paula, both, nct="NCT00000102")
    assert [one.result.name for one in preview.context["looked"]]
    assert len(preview.context["looked"]) == 1
    apply(paula, preview)
    assert len(studies()) == before + 1
    assert studies()[-1].protocol_number == "MEA-102"
    answer = apply(paula, look(paula, both))
    assert answer.url.startswith("/studies/imports/")
    assert len(studies()) == before + 2


@pytest.mark.parametrize(
    ("data", "sentence", "place"),
    [
        (b'{"study": \n  oops}', "not valid JSON", "line 2 column 3"),
        (b'{"hello": 1}', "", ""),
        (b"%PDF-1.7 ...", "a PDF", "byte 0"),
        (b"\xff\xfa\x00binary", "not text in UTF-8", "byte 0"),
        (b'{"usdmVersion": "9.0", "study": {"versions": []}}', "9.0", "/usdmVersion"),
        (b'{"usdmVersion": "4.0", "study": "a word"}', "", "/study"),
        (b"   ", "empty", ""),
    ],
)
def test_what_is_no_study_is_refused_with_the_place_and_nothing_is_written(paula, data, sentence, place):
    before = row_counts()
    answer = look(paula, data, "broken.json")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert place in page
    assert "Nothing was written." in page
    assert "broken.json" in page
    assert row_counts() == before


def test_fifty_megabytes_of_noise_are_refused_by_their_size(paula):
    before = row_counts()
    answer = look(paula, b"x" * (50 * 1024 * 1024))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "50.0" in page
    assert "32.0" in page
    assert row_counts() == before


def test_no_file_and_an_empty_file_are_told_at_the_field(paula):
    assert "required" in paula.post(PAGE, {}).content.decode()
    answer = look(paula, b"")
    assert answer.status_code == 422
    assert "empty" in answer.content.decode()


def test_a_number_that_is_no_registry_number_is_told_at_its_field(paula):
    answer = look(paula, record(), nct="12345")
    assert answer.status_code == 422
    assert "nct" in answer.context["form"].errors
    answer = look(paula, record("NCT00000202"), nct="NCT99999999")
    assert answer.status_code == 422
    assert "NCT99999999" in answer.content.decode()


def test_a_study_of_somebody_else_is_not_touched_or_shown(cast, client):
    client.force_login(cast.paula)
    document = usdm_4()
    apply(client, look(client, document))
    client.force_login(cast.pavel)
    before = row_counts()
    answer = look(client, retitled(document, "Another title"))
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "not assigned to" in page
    assert studies()[-1].title not in page
    assert row_counts() == before


def test_a_preview_that_is_no_longer_held_says_so(paula):
    preview = look(paula, usdm_4())
    cache.clear()
    before = row_counts()
    answer = apply(paula, preview)
    assert answer.status_code == 409
    assert "no longer held" in answer.content.decode()
    assert paula.post(APPLY, {"ticket": "\x00 ../" * 500}).status_code == 409
    assert paula.post(APPLY, {}).status_code == 409
    assert paula.get(APPLY).status_code == 405
    assert row_counts() == before


def test_a_ticket_is_its_persons_own_and_for_one_purpose(cast, client):
    client.force_login(cast.paula)
    preview = look(client, usdm_4())
    client.force_login(cast.pavel)
    before = row_counts()
    assert apply(client, preview).status_code == 409
    assert row_counts() == before
    held = keep(user=cast.paula, data=b"a", name="a", purpose="sheet")
    assert kept(user=cast.paula, ticket=held.ticket, purpose="sheet").data == b"a"
    assert kept(user=cast.paula, ticket=held.ticket, purpose="studies") is None


def test_an_import_that_came_between_is_met_as_it_stands(cast, client):
    client.force_login(cast.paula)
    first = look(client, usdm_4(), "mine.json")
    apply(client, look(client, retitled(usdm_4(), "Came between"), "between.json"))
    count = len(studies())
    assert apply(client, first).status_code == 302
    assert len(studies()) == count, "the study that was new in the preview is brought up to date instead"
    assert studies()[-1].title != "Came between"


def test_whose_right_ended_between_preview_and_apply_applies_nothing(cast, client):
    client.force_login(cast.paula)
    preview = look(client, usdm_4())
    given = StudyAssignment.objects.get(user=cast.paula)
    end_assignment(actor=cast.ada, assignment=given, on=LONG_AGO, reason="Left the house")
    before = row_counts()
    assert apply(client, preview).status_code == 403
    assert row_counts() == before


def test_a_hundred_studies_stay_readable(paula):
    many = [registered(f"NCT{number:08}", f"MEA-{number}") for number in range(100)]
    page = look(paula, json.dumps(many).encode()).content.decode()
    assert page.count('id="study-') == 100
    assert "<details open" not in page.partition('id="study-1"')[2]


def test_more_studies_than_a_request_can_carry_are_refused_with_the_other_way(paula):
    many = [registered(f"NCT{number:08}", f"MEA-{number}") for number in range(101)]
    before = row_counts()
    answer = look(paula, json.dumps(many).encode())
    assert answer.status_code == 422
    assert "101 studies" in answer.content.decode()
    assert row_counts() == before
    assert look(paula, json.dumps(many).encode(), nct="NCT00000007").status_code == 200


# --- a sheet of milestones ---------------------------------------------------------------------------

SHEET = b"Name,Planned,Site\nFirst patient in,2026-05-01,\nSite ready,2026-04-01,2003\n"


def bring_sheet(client, study, data, name="plan.csv"):
    return client.post(f"/studies/{study.pk}/milestones/import/", {"file": SimpleUploadedFile(name, data)})


def apply_sheet(client, study, preview):
    ticket = {"ticket": preview.context["held"].ticket}
    return client.post(f"/studies/{study.pk}/milestones/import/apply/", ticket)


def test_a_sheet_of_milestones_is_looked_at_and_comes_in_whole(cast, paula):
    assert "milestones/import/" in paula.get(f"/studies/{cast.vel.pk}/milestones/").content.decode()
    assert paula.get(f"/studies/{cast.vel.pk}/milestones/import/").status_code == 200
    before = row_counts()
    preview = bring_sheet(paula, cast.vel, SHEET)
    assert preview.status_code == 200
    assert "2 created" in preview.content.decode()
    assert row_counts() == before
    assert apply_sheet(paula, cast.vel, preview).status_code == 302
    page = paula.get(f"/studies/{cast.vel.pk}/milestones/").content.decode()
    assert "First patient in" in page
    assert "2 created" in page
    again = bring_sheet(paula, cast.vel, SHEET)
    assert "2 unchanged" in again.content.decode()


def test_a_sheet_with_a_wrong_row_shows_each_and_offers_nothing_to_apply(cast, paula):
    wrong = SHEET + b"Too late,31/02/2026,\nNowhere,2026-04-01,9999\n"
    before = row_counts()
    preview = bring_sheet(paula, cast.vel, wrong)
    page = preview.content.decode()
    assert preview.status_code == 422
    assert "Nothing was written" in page
    assert "/apply/" not in page
    assert apply_sheet(paula, cast.vel, preview).status_code == 422
    assert row_counts() == before


def test_what_is_no_sheet_is_refused_and_a_ticket_is_good_for_its_study_only(cast, paula):
    before = row_counts()
    answer = bring_sheet(paula, cast.vel, b"no header of ours\n1\n")
    assert answer.status_code == 422
    assert "Name" in answer.content.decode()
    assert bring_sheet(paula, cast.vel, b"x" * (11 * 1024 * 1024)).status_code == 422
    preview = bring_sheet(paula, cast.vel, SHEET)
    assert apply_sheet(paula, cast.kin, preview).status_code == 404
    cache.clear()
    assert apply_sheet(paula, cast.vel, preview).status_code == 409
    assert row_counts() == before


def test_who_plans_nothing_brings_no_sheet(cast, client):
    before = row_counts()
    for who, status in (("carla", 403), ("sam", 404), ("stella", 404), ("pavel", 404)):
        client.force_login(cast.people[who])
        assert client.get(f"/studies/{cast.vel.pk}/milestones/import/").status_code == status
        assert bring_sheet(client, cast.vel, SHEET).status_code == status
    assert row_counts() == before
