"""The pages of subjects: what they show, to whom, and at what cost."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from subjects.models import Subject
from tests.subjects.conftest import DAY, after
from tests.subjects.files import sdtm, sheets


def matrix(client, cast, **query):
    answer = client.get(f"/studies/{cast.vel.pk}/subject-matrix/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_matrix_shows_subjects_by_visits_with_words_and_links(clinic, cast, client):
    subject = clinic.treated()
    visit = clinic.move(clinic.visits(subject)["Week 2"], "occur", happened_on=after(32))
    client.force_login(cast.carla)
    text = matrix(client, cast)
    assert f'href="/subjects/{subject.pk}/"' in text
    assert f'href="/subject-visits/{visit.pk}/"' in text
    assert "late" in text
    assert "3 Apr 2026" in text
    assert "No subject is shown" in matrix(client, cast, status="DIED")
    client.force_login(cast.chris)
    assert subject.number not in matrix(client, cast)
    client.force_login(cast.sam)
    assert client.get(f"/studies/{cast.vel.pk}/subject-matrix/").status_code == 404


def test_the_matrix_costs_the_same_however_many_there_are(clinic, cast, client):
    client.force_login(cast.lena)
    clinic.treated("2003-001")
    matrix(client, cast)
    with CaptureQueriesContext(
        connection,
    ) as few:
        matrix(client, cast)
    for number in range(2, 14):
        clinic.treated(f"2003-{number:03}")
    with CaptureQueriesContext(connection) as many:
        matrix(client, cast)
    assert len(many) == len(few)
    assert len(many) <= 25


def test_a_day_is_entered_from_the_subjects_page(clinic, cast, client):
    subject = clinic.treated()
    visit = clinic.visits(subject)["Week 2"]
    client.force_login(cast.carla)
    page = client.get(f"/subjects/{subject.pk}/").content.decode()
    assert f"/subject-visits/{visit.pk}/day/" in page
    answer = client.post(f"/subject-visits/{visit.pk}/day/", {"happened_on": after(28).isoformat()})
    assert answer.url == f"/subjects/{subject.pk}/"
    assert clinic.visits(subject)["Week 2"].occurred_on == after(28)
    again = client.post(f"/subject-visits/{visit.pk}/day/", {"happened_on": after(28).isoformat()})
    assert again.status_code == 409
    client.force_login(cast.quentin)
    other = clinic.visits(subject)["Week 4"]
    assert client.post(f"/subject-visits/{other.pk}/day/", {"happened_on": "2026-04-13"}).status_code == 403
    client.force_login(cast.chris)
    assert client.post(f"/subject-visits/{other.pk}/day/", {"happened_on": "2026-04-13"}).status_code == 404


def test_a_subject_is_registered_and_consents_by_form(clinic, cast, client):
    client.force_login(cast.carla)
    answer = client.post("/subjects/new/", {"site": cast.madrid.pk, "number": "Maria Lopez"})
    assert answer.status_code == 422
    assert "names stay at the site" in answer.content.decode()
    client.post("/subjects/new/", {"site": cast.madrid.pk, "number": "2003-001"})
    subject = Subject.objects.visible_to(cast.carla).get(number="2003-001")
    address = f"/subjects/{subject.pk}/transitions/consent/"
    assert "Record consent" in client.get(address).content.decode()
    client.post(
        address,
        {"signed_on": DAY.isoformat(), "form_version": "ES 1.0", "protocol_version": clinic.version.pk},
    )
    subject = clinic.again(subject)
    assert (subject.status, subject.consented_on) == ("IN_SCREENING", DAY)
    assert "ES 1.0" in client.get(f"/subjects/{subject.pk}/").content.decode()
    assert client.get(address).status_code == 409


def test_visits_are_listed_by_how_they_stand(clinic, cast, client):
    clinic.move(clinic.visits(clinic.treated())["Week 2"], "occur", happened_on=after(32))
    client.force_login(cast.carla)
    for standing, shown, hidden in (
        ("out_of_window", "Week 2", "Week 4"),
        ("overdue", "Week 4", "Week 2"),
    ):
        text = client.get("/subject-visits/", {"standing": standing}).content.decode()
        assert f">{shown}</a>" in text
        assert f">{hidden}</a>" not in text


def uploads(files):
    return [SimpleUploadedFile(one.name, one.data) for one in files]


@pytest.mark.parametrize("files", [sheets("csv"), sdtm("json")])
def test_files_are_looked_at_and_then_applied(clinic, cast, client, files):
    client.force_login(cast.lena)
    base = f"/studies/{cast.vel.pk}/subjects/bring/"
    assert "Bring subjects" in client.get(base).content.decode()
    preview = client.post(base, {"brought": uploads(files)})
    text = preview.content.decode()
    assert preview.status_code == 200, text
    assert "Nothing is written yet" in text
    assert "3 created" in text
    assert not Subject.objects.visible_to(cast.lena).exists()
    ticket = text.split('name="ticket" value="')[1].split('"')[0]
    assert client.post(f"{base}apply/", {"ticket": ticket}).status_code == 302
    assert Subject.objects.visible_to(cast.lena).count() == 3
    assert client.post(f"{base}apply/", {"ticket": "nonsense"}).status_code == 409


def test_what_cannot_be_read_is_refused_with_a_sentence(clinic, cast, client):
    client.force_login(cast.lena)
    base = f"/studies/{cast.vel.pk}/subjects/bring/"
    for content in (b"", b"\x00\x01", b'{"a": 1}', b"Name,Site\nMaria,2003\n"):
        answer = client.post(base, {"brought": [SimpleUploadedFile("x.csv", content)]})
        assert answer.status_code == 422
    client.force_login(cast.paula)
    assert client.get(base).status_code == 403
    client.force_login(cast.stella)
    assert client.get(base).status_code == 404


def test_the_api_makes_and_moves_a_subject(clinic, cast, client):
    client.force_login(cast.carla)
    made = client.post(
        "/api/v1/subjects/",
        {"site": cast.madrid.pk, "number": "2003-001", "consented_on": DAY.isoformat()},
        content_type="application/json",
    )
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    refused = client.post(
        "/api/v1/subjects/", {"site": cast.madrid.pk, "number": "Maria"}, content_type="application/json"
    )
    assert refused.status_code in (400, 422)
    moved = client.post(
        f"/api/v1/subjects/{key}/transitions/fail_screening/",
        {"happened_on": after(3).isoformat(), "choice": "EXCLUSION_MET"},
        content_type="application/json",
    )
    assert moved.json()["status"] == "SCREEN_FAILED", moved.content
    assert moved.json()["screen_failure_reason"] == "EXCLUSION_MET"


def test_a_studys_first_page_says_how_many_are_enrolled_and_opens_them(clinic, cast, client):
    subject = clinic.treated()
    clinic.consented("2003-099")
    tile = re.compile(r'href="(/studies/\d+/subjects/[^"]*)"[^>]*><span class="tile-number">(\d+)</span>')
    for who in ("paula", "carla"):
        client.force_login(cast.people[who])
        page = client.get(f"/studies/{cast.vel.pk}/").content.decode()
        (url, number) = tile.search(page).groups()
        assert number == "1"
        rows = client.get(url).content.decode()
        assert subject.number in rows
        assert "2003-099" not in rows
        assert ("enrolled at your sites" in page) is (who == "carla")
    client.force_login(cast.tara)
    page = client.get(f"/studies/{cast.vel.pk}/").content.decode()
    assert "subjects enrolled" not in page, "who keeps papers is told nothing of enrolment"
