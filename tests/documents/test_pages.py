"""The pages of the file: the next step is on the screen, and every number opens its rows."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.files.models import AccessRecord
from ctms.workflow.engine import adopt, perform
from desk.work import figures_of
from documents import services
from documents.models import Document, ExpectedDocument, TmfPlace
from tests.cast import PASSWORD

from .conftest import DAY, artifact, run_promised
from .papers import pdf


def page_of(client, person, address, **query):
    client.force_login(person)
    answer = client.get(address, query)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def rows_in(page):
    return int(re.search(r"(\d+) rows?<", page).group(1))


def test_the_numbers_of_the_tmf_page_are_the_rows_they_open(cast, client, tmf):
    tmf.site_in("INITIATED")
    adopt(
        cast.spain, "OPEN", actor=User.objects.system(), reason="test", happened_on=datetime.date(2025, 1, 7)
    )
    adopt(
        cast.vel,
        "START_UP",
        actor=User.objects.system(),
        reason="test",
        happened_on=datetime.date(2025, 1, 7),
    )
    services.bring_expectations(cast.vel, on=DAY)
    tmf.approved()
    tmf.match()
    page = page_of(client, cast.tara, f"/studies/{cast.vel.pk}/tmf/")
    cells = re.findall(r'href="(/stud[^"]*standing=due&amp;zone=\d\d)"[^>]*>(\d+)/(\d+)</a>', page)
    assert len(cells) >= 3
    for address, settled, due in cells:
        listed = page_of(client, cast.tara, address.replace("&amp;", "&"))
        assert rows_in(listed) == int(due)
        there = page_of(
            client, cast.tara, address.replace("&amp;", "&").replace("standing=due", "standing=settled")
        )
        assert rows_in(there) == int(settled)
    assert sum(int(settled) for _address, settled, _due in cells) == 1
    late = int(re.search(r'standing=late"><span class="tile-number">(\d+)<', page).group(1))
    assert (
        rows_in(page_of(client, cast.tara, f"/studies/{cast.vel.pk}/expected-documents/", standing="late"))
        == late
    )


def test_with_nothing_due_it_is_not_assessed(cast, client):
    page = page_of(client, cast.paula, f"/studies/{cast.vel.pk}/tmf/")
    assert "not assessed" in page
    assert "100" not in re.sub(r"<[^>]*>", "", page)


def test_everybody_sees_the_numbers_of_their_own_sites(cast, client, tmf):
    tmf.site_in("SELECTED")
    tmf.site_in("SELECTED", "berlin")
    assert "1001 · Klinikum" not in page_of(client, cast.carla, f"/studies/{cast.vel.pk}/tmf/")
    assert "1001 · Klinikum" in page_of(client, cast.tara, f"/studies/{cast.vel.pk}/tmf/")
    client.force_login(cast.chris)
    assert client.get(f"/study-sites/{cast.madrid.pk}/tmf/").status_code == 404
    client.force_login(cast.sam)
    assert client.get(f"/studies/{cast.vel.pk}/tmf/").status_code == 404, "outside, a refusal is an absence"


def test_an_unblinded_expectation_changes_no_number_a_blinded_person_sees(cast, client, tmf):
    adopt(
        cast.vel, "START_UP", actor=User.objects.system(), reason="t", happened_on=datetime.date(2025, 1, 7)
    )
    services.bring_expectations(cast.vel, on=DAY)
    today = timezone.localdate()
    blinded = services.completeness_of(cast.tara, cast.vel, today)[1]
    circle = services.completeness_of(cast.ursula, cast.vel, today)[1]
    assert circle.due == blinded.due + 1
    assert "06.03.02" not in page_of(client, cast.tara, f"/studies/{cast.vel.pk}/expected-documents/")


def test_the_review_queue_holds_what_waits_and_not_ones_own_duty(cast, client, tmf):
    document = tmf.submitted("carla")
    assert document.title in page_of(client, cast.tara, "/review-queue/")
    assert services.review_queue_of(cast.tara).count() == 1
    assert services.review_queue_of(cast.paula).count() == 0, "it is not yet hers to approve"
    own = tmf.submitted("tara", name="own.pdf")
    assert own not in services.review_queue_of(cast.tara)
    claimed = perform(document, "claim", actor=cast.lena)
    assert claimed not in services.review_queue_of(cast.tara)
    reviewed = perform(claimed, "passed", actor=cast.lena)
    assert reviewed in services.review_queue_of(cast.paula)
    client.force_login(cast.carla)
    assert client.get("/review-queue/").status_code == 403


def test_the_number_of_the_review_queue_opens_the_documents_that_wait_for_the_reader(cast, client, tmf):
    waiting, claimed = tmf.submitted("carla", name="waiting.pdf"), tmf.submitted("carla", name="claimed.pdf")
    perform(claimed, "claim", actor=cast.lena)
    user, today = cast.fresh("tara"), timezone.localdate()
    tile = next(one for one in figures_of(user, today, None) if "review queue" in one.words)
    assert (tile.number, tile.words) == ("1", "document in your review queue")
    assert rows_in(page_of(client, cast.tara, tile.url)) == 1
    assert rows_in(page_of(client, cast.tara, "/review-queue/")) == 2, "what others review is still found"
    assert waiting in services.review_queue_of(user)


def test_late_ones_are_those_of_the_places_one_brings_papers_to(cast, tmf):
    tmf.site_in("SELECTED")
    on = timezone.localdate()
    assert services.late_expected_of(cast.carla, on).count() > 3
    assert not services.late_expected_of(cast.chris, on).exists()
    assert not services.late_expected_of(cast.quentin, on).exists()
    assert not services.late_expected_of(cast.carla, datetime.date(2024, 1, 1)).exists()


def test_classifying_on_the_page_takes_over_what_is_expected(cast, client, tmf):
    tmf.site_in("SELECTED")
    expected, document = tmf.expected("05.02.04"), tmf.uploaded("carla", place="madrid")
    client.force_login(cast.carla)
    form = client.get(f"/documents/{document.pk}/edit/").content.decode()
    assert f'<option value="{expected.pk}">05.02.04' in form
    answer = client.post(
        f"/documents/{document.pk}/edit/",
        {
            "expected": expected.pk,
            "document_date": "2026-03-16",
            "version": document.version,
            "site": cast.madrid.pk,
        },
        follow=True,
    )
    assert "is classified" in answer.content.decode()
    document = tmf.again(document)
    assert (document.artifact.number, document.expected_id) == ("05.02.04", expected.pk)
    stale = client.post(f"/documents/{document.pk}/edit/", {"title": "x", "version": 0})
    assert stale.status_code == 409


def test_returning_asks_what_is_wrong(cast, client, tmf):
    document = perform(tmf.submitted("carla"), "claim", actor=cast.tara)
    client.force_login(cast.tara)
    address = f"/documents/{document.pk}/transitions/returned/"
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"issues": ["OTHER"]}).status_code == 422
    answer = client.post(address, {"issues": ["ILLEGIBLE", "MISSING_PAGE"], "comment": "Page 2"}, follow=True)
    page = answer.content.decode()
    assert "Not legible" in page
    assert "Page missing" in page
    assert tmf.again(document).status == "RETURNED"
    client.force_login(cast.carla)
    assert client.get(address).status_code == 403


def test_the_approver_signs_on_the_page(cast, client, tmf):
    document = tmf.reviewed("carla", "tara")
    client.force_login(cast.paula)
    address = f"/documents/{document.pk}/transitions/approve/"
    assert client.post(address, {"proof": "wrong"}).status_code == 422
    client.post(address, {"proof": PASSWORD})
    assert tmf.again(document).status == "APPROVED"


def test_each_version_is_handed_out_and_remembered(cast, client, tmf):
    document = tmf.approved()
    with everything("a test"):
        first = document.versions.order_by("pk").first()
    client.force_login(cast.carla)
    assert client.get(f"/documents/{document.pk}/file/{first.pk}/").status_code == 200
    with everything("the log of who took what, in full"):
        taken = AccessRecord.objects.filter(user=cast.carla, record=f"documents.Document/{document.pk}")
        assert taken.count() == 1
    assert client.get(f"/documents/{document.pk}/file/999999/").status_code == 404
    client.force_login(cast.chris)
    assert client.get(f"/documents/{document.pk}/file/{first.pk}/").status_code == 404


def test_an_expected_document_takes_its_file(cast, client, tmf):
    tmf.site_in("SELECTED")
    expected = tmf.expected("05.02.12")
    client.force_login(cast.carla)
    assert "Upload the document" in client.get(f"/expected-documents/{expected.pk}/").content.decode()
    client.post(
        f"/expected-documents/{expected.pk}/upload/", {"file": SimpleUploadedFile("cta.pdf", pdf("CTA"))}
    )
    document = Document.objects.visible_to(cast.carla).get()
    assert (document.expected_id, document.artifact.number) == (expected.pk, "05.02.12")
    run_promised("documents.match_document")
    assert tmf.expected("05.02.12").status == "RECEIVED"
    client.force_login(cast.chris)
    assert client.post(f"/expected-documents/{expected.pk}/upload/", {}).status_code == 404


def test_filed_elsewhere_is_asked_where_the_file_is_elsewhere(cast, client, tmf):
    tmf.site_in("SELECTED")
    expected = tmf.expected("05.02.12")
    address = f"/expected-documents/{expected.pk}/transitions/filed_elsewhere/"
    client.force_login(cast.tara)
    assert client.get(address).status_code == 409
    with acting_as(cast.tara, reason="Contract"):
        TmfPlace.objects.create(study=cast.vel, home="SPONSOR", system="Vault", starts_on=DAY)
    assert 'value="Vault"' in client.get(address).content.decode()
    client.post(address, {"filed_system": "Vault", "filed_number": "V-9", "filed_on": "2026-03-16"})
    assert tmf.expected("05.02.12").status == "FULFILLED"
    assert "Filed in Vault under V-9" in client.get(f"/expected-documents/{expected.pk}/").content.decode()


def test_who_keeps_the_file_says_where_it_is(cast, client):
    client.force_login(cast.paula)
    answer = client.post(
        "/tmf-places/new/",
        {"study": cast.vel.pk, "home": "SPONSOR", "system": "Vault", "starts_on": "2026-01-02"},
    )
    assert answer.status_code == 302, answer.content.decode()
    assert TmfPlace.objects.visible_to(cast.carla).get().system == "Vault"
    assert "with the sponsor (Vault)" in page_of(client, cast.carla, f"/studies/{cast.vel.pk}/tmf/")
    client.force_login(cast.carla)
    assert client.get("/tmf-places/new/").status_code == 403


@pytest.mark.parametrize(
    "address",
    ["/documents/", "/expected-documents/", "/review-queue/", "/artifacts/", "/reference-models/",
     "/expectation-rules/", "/quality-issues/", "/tmf-places/", "/study-expectations/", "/documents/new/"],
)  # fmt: skip
def test_every_list_opens_and_says_what_belongs_there(cast, client, address):
    assert "<h1" in page_of(client, cast.tara, address)


def test_the_number_of_queries_does_not_grow_with_the_rows(cast, client, tmf, django_assert_max_num_queries):
    tmf.site_in("INITIATED")
    for number in range(12):
        tmf.classified("tara", name=f"{number}.pdf")
    client.force_login(cast.tara)
    client.get("/documents/")
    for address in ("/documents/", "/expected-documents/", f"/studies/{cast.vel.pk}/tmf/"):
        with django_assert_max_num_queries(40):
            client.get(address)


# --- the API ---------------------------------------------------------------------------------------------


def test_a_document_is_made_filled_and_approved_through_the_api(cast, client):
    client.force_login(cast.carla)
    made = client.post(
        "/api/v1/documents/",
        {"study": cast.vel.pk, "site": cast.madrid.pk, "artifact": artifact("05.02.04").pk, "title": "CV Dr Moreno",
         "document_date": "2026-03-16"},
        content_type="application/json",
    )  # fmt: skip
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    address, json = f"/api/v1/documents/{key}", {"content_type": "application/json"}
    refused = client.post(
        f"{address}/content/?name=cv.exe", b"MZ" + b"\0" * 60, content_type="application/octet-stream"
    )
    assert refused.status_code == 400
    assert "cv.exe" in refused.content.decode()
    nameless = client.post(f"{address}/content/", pdf(), content_type="application/pdf")
    assert nameless.status_code == 400
    filled = client.post(
        f"{address}/content/?name=cv.pdf",
        pdf("api"),
        content_type="application/pdf",
        headers={"If-Match": made["ETag"]},
    )
    assert filled.status_code == 201, filled.content
    assert filled.json()["version_number"] == "0.1"
    stale = client.post(
        f"{address}/content/?name=cv.pdf",
        pdf("b"),
        content_type="application/pdf",
        headers={"If-Match": made["ETag"]},
    )
    assert stale.status_code == 412
    assert client.post(f"{address}/transitions/submit/", {}, **json).status_code == 200
    late = client.post(f"{address}/content/?name=cv.pdf", pdf("late"), content_type="application/pdf")
    assert late.status_code == 409
    client.force_login(cast.chris)
    assert (
        client.post(f"{address}/content/?name=cv.pdf", pdf(), content_type="application/pdf").status_code
        == 404
    )
    client.force_login(cast.tara)
    assert client.post(f"{address}/transitions/claim/", {}, **json).status_code == 200
    assert client.post(f"{address}/transitions/passed/", {}, **json).status_code == 200
    client.force_login(cast.paula)
    approved = client.post(
        f"{address}/transitions/approve/", {"password": PASSWORD}, content_type="application/json"
    )
    assert approved.json()["status"] == "APPROVED"
    assert [one["number"] for one in approved.json()["versions"]] == ["1.0", "0.1"]


def test_expected_documents_and_artifacts_are_read_through_the_api(cast, client, tmf):
    tmf.site_in("SELECTED")
    client.force_login(cast.carla)
    rows = client.get("/api/v1/expected-documents/", {"site": cast.madrid.pk, "gate": "ACTIVATION"}).json()[
        "results"
    ]
    assert {"05.02.04", "05.02.12"} <= {row["artifact_number"] for row in rows}
    (cv,) = client.get("/api/v1/artifacts/", {"number": "05.02.04"}).json()["results"]
    assert (cv["zone_number"], cv["at_site"]) == ("05", True)
    made = client.post(
        "/api/v1/expected-documents/",
        {"study": cast.vel.pk, "site": cast.madrid.pk, "artifact": cv["id"], "label": "CV of Dr X"},
        content_type="application/json",
    )
    assert made.status_code == 403
    client.force_login(cast.sue)
    made = client.post(
        "/api/v1/expected-documents/",
        {"study": cast.vel.pk, "site": cast.madrid.pk, "artifact": cv["id"], "label": "CV of Dr X"},
        content_type="application/json",
    )
    assert made.status_code == 201, made.content
    assert ExpectedDocument.objects.visible_to(cast.carla).get(label="CV of Dr X").level == "SITE"


def test_files_are_dropped_where_one_may_bring_papers_and_nowhere_else(cast, client):
    address = f"/study-sites/{cast.madrid.pk}/documents/"
    assert f'name="place" value="site-{cast.madrid.pk}"' in page_of(client, cast.carla, address)
    for reader in ("quentin", "milo"):
        assert "data-drop" not in page_of(client, cast.people[reader], address)
    assert "data-drop" not in page_of(client, cast.carla, f"/studies/{cast.vel.pk}/documents/")
    assert "data-drop" in page_of(client, cast.tara, f"/studies/{cast.vel.pk}/documents/")


def test_the_file_is_browsed_by_zone_and_each_number_opens_as_many_papers(tmf, cast, client):
    tmf.approved()
    client.force_login(cast.tara)
    page = client.get(f"/studies/{cast.vel.pk}/tmf/").content.decode()
    shelf = page.split("What is filed")[1].split("</section>")[0]
    url, zone, count = re.search(r'href="([^"]+)">(\d\d [^<]+)</a>.*?(\d+) document', shelf).groups()
    rows = client.get(url.replace("&amp;", "&")).context["page"].paginator.count
    assert (rows, zone.startswith("05 ")) == (int(count), True)
    client.force_login(cast.pavel)
    assert client.get(f"/studies/{cast.vel.pk}/tmf/").status_code == 404


def test_a_paper_is_not_dated_after_the_day_its_file_was_brought(tmf, cast):
    document = tmf.uploaded("carla")
    values = {"actor": cast.carla, "record": document, "artifact": artifact("05.02.04")}
    with pytest.raises(ValidationError, match="after the one on which the file was brought"):
        services.classify_document(**values, document_date=DAY + datetime.timedelta(days=2))
    made = services.classify_document(**values, document_date=DAY + datetime.timedelta(days=1))
    assert made.document_date == DAY + datetime.timedelta(days=1), "it is tomorrow already in Sydney"


def test_quality_assurance_sees_open_issues_first_and_has_a_way_to_the_journal(cast, client, tmf):
    document = perform(tmf.submitted("carla"), "claim", actor=cast.lena)
    services.raise_issue(actor=cast.lena, on=DAY, document=document, reason="WRONG_VERSION")
    home = page_of(client, cast.quentin, "/")
    assert "Quality issues not settled" in home
    assert f"Wrong version: {document.title}" in home
    assert 'href="/journal/">Journal</a>' in home[home.index("<main") :]
    assert rows_in(page_of(client, cast.quentin, "/quality-issues/", standing="open")) == 1
    assert "Quality issues not settled" not in page_of(client, cast.paula, "/"), "she settles none"
