"""Other systems make and change records under their own names for them."""

import threading

import pytest
from django.db import connections
from django.test import Client

from ctms.api.tokens import create_token
from ctms.audit.context import acting_as
from ctms.audit.trail import AUDITED
from ctms.exchange.models import ExternalIdentifier
from ctms.pages.record import RECORDS
from ctms.signatures.signing import label_of
from documents.models import Artifact
from documents.services import classify_document
from monitoring.services import raise_action_item
from studies.models import Milestone, StudySite
from tests.cast import bring_on_stage
from tests.documents.conftest import File
from tests.monitoring.conftest import MONDAY, TUESDAY, Stage

SITES = "study-sites/by-external/edc"
MILESTONES = "milestones/by-external/erp"


def reason(text="From the EDC"):
    return {"X_Change_Reason": text}


def test_a_record_is_made_and_then_changed_under_its_outside_name(program, cast):
    paula = program("paula")
    assert paula("GET", f"{MILESTONES}/M-1").status_code == 404
    body = {"study": cast.vel.pk, "name": "Lock", "kind": "DATABASE_LOCK"}
    made = paula("PUT", f"{MILESTONES}/M-1", body)
    assert made.status_code == 201, made.content
    same = paula("PUT", f"{MILESTONES}/M-1", body)
    assert (same.status_code, same.json()) == (200, made.json())
    changed = paula("PUT", f"{MILESTONES}/M-1", {**body, "name": "Database lock"}, **reason())
    assert (changed.status_code, changed.json()["name"]) == (200, "Database lock")
    assert changed.json()["id"] == made.json()["id"]
    assert changed.json()["kind"] == "DATABASE_LOCK"
    read = paula("GET", f"{MILESTONES}/M-1")
    assert read.json() == changed.json()
    assert paula("GET", f"{MILESTONES}/M-1", If_None_Match=read["ETag"]).status_code == 304
    assert Milestone.objects.visible_to(cast.paula).count() == 1


def test_what_is_left_out_stays_and_what_changes_says_why(program, cast):
    paula = program("paula")
    made = paula("PUT", f"{MILESTONES}/M-1", {"study": cast.vel.pk, "name": "A", "planned_on": "2026-03-17"})
    refused = paula("PUT", f"{MILESTONES}/M-1", {"name": "B"})
    assert refused.status_code == 400
    assert "X-Change-Reason" in refused.json()["errors"][0]["detail"]
    changed = paula("PUT", f"{MILESTONES}/M-1", {"name": "B"}, If_Match=made["ETag"], **reason())
    assert (changed.json()["name"], changed.json()["planned_on"]) == ("B", "2026-03-17")
    stale = paula("PUT", f"{MILESTONES}/M-1", {"name": "C"}, If_Match=made["ETag"], **reason())
    assert stale.status_code == 412
    assert (
        paula("PUT", f"{MILESTONES}/M-2", {"study": cast.vel.pk, "name": "x"}, If_Match='"3"').status_code
        == 412
    )


def test_what_is_set_once_does_not_become_another(program, cast, milestone):
    ada, paula = program("quentin"), program("paula")
    paula("PUT", f"{MILESTONES}/M-1", {"study": cast.vel.pk, "name": "A"})
    moved = paula("PUT", f"{MILESTONES}/M-1", {"study": cast.kin.pk, "name": "A"}, **reason())
    assert [error["pointer"] for error in moved.json()["errors"]] == ["/study"]
    assert ada("PUT", f"{MILESTONES}/M-1", {"name": "x"}, **reason()).status_code == 403
    assert ada("GET", f"{MILESTONES}/M-1").json()["name"] == "A"


def test_two_studies_may_use_the_same_name_and_nobody_learns_of_the_others(program, cast):
    paula, pavel, quentin = program("paula"), program("pavel"), program("quentin")
    ours = paula("PUT", f"{MILESTONES}/7", {"study": cast.vel.pk, "name": "Ours"}).json()
    assert pavel("GET", f"{MILESTONES}/7").status_code == 404
    theirs = pavel("PUT", f"{MILESTONES}/7", {"study": cast.cor.pk, "name": "Theirs"})
    assert theirs.status_code == 201
    assert paula("GET", f"{MILESTONES}/7").json() == ours
    both = quentin("GET", f"{MILESTONES}/7")
    assert (both.status_code, "study=" in both.json()["detail"]) == (409, True)
    assert quentin("GET", f"{MILESTONES}/7?study={cast.cor.pk}").json()["name"] == "Theirs"
    wrong = pavel("PUT", f"{MILESTONES}/8?study={cast.vel.pk}", {"study": cast.cor.pk, "name": "x"})
    assert wrong.json()["errors"][0]["pointer"] == "/study"
    assert not Milestone.objects.visible_to(cast.quentin).filter(name="x").exists()


def test_a_name_of_a_record_out_of_sight_is_not_there_and_cannot_be_taken(program, cast):
    paula, carla = program("paula"), program("carla")
    berlin = f"study-sites/{cast.berlin.pk}/external-identifiers"
    assert paula("POST", berlin, {"system": "edc", "external_id": "1001"}).status_code == 201
    assert carla("GET", f"{SITES}/1001").status_code == 404
    # An item Carla would make in Madrid, under a name one of Berlin's has in the same study.
    item = {"text": "Ship the kits", "responsible": "SITE", "opened_on": "2026-03-17", "due_on": "2026-04-01"}
    berlins = program("chris")("PUT", "action-items/by-external/crm/A-1", {**item, "site": cast.berlin.pk})
    assert berlins.status_code == 201, berlins.content
    item = {**item, "site": cast.madrid.pk}
    assert carla("PUT", "action-items/by-external/crm/A-1", item).status_code == 404
    assert carla("GET", "action-items").json()["results"] == []
    assert carla("PUT", "action-items/by-external/crm/A-2", item).status_code == 201


def test_records_made_here_get_a_name_and_lose_a_wrong_one(program, cast):
    paula, path = program("paula"), f"study-sites/{cast.madrid.pk}/external-identifiers"
    made = paula("POST", path, {"system": "edc", "external_id": "ES-3"})
    assert (made.status_code, made.json()["study"]) == (201, cast.vel.pk)
    assert paula("POST", path, {"system": "edc", "external_id": "ES-3"}).json()["id"] == made.json()["id"]
    taken = paula(
        "POST",
        f"study-sites/{cast.berlin.pk}/external-identifiers",
        {"system": "edc", "external_id": "ES-3"},
    )
    assert taken.json()["errors"][0]["pointer"] == "/external_id"
    assert paula("GET", f"{SITES}/ES-3").json()["number"] == "2003"
    assert [one["external_id"] for one in paula("GET", path).json()] == ["ES-3"]
    for who, code in (("carla", 403), ("pavel", 404)):
        assert program(who)("POST", path, {"system": "x", "external_id": "1"}).status_code == code
    one = f"{path}/{made.json()['id']}"
    assert paula("DELETE", one).status_code == 400
    assert paula("DELETE", one, X_Change_Reason="Wrong site").status_code == 204
    assert paula("GET", f"{SITES}/ES-3").status_code == 404
    history = AUDITED["exchange.ExternalIdentifier"].event_model.objects.order_by("pgh_id")
    assert [(e.pgh_label, e.pgh_context["reason"]) for e in history] == [
        ("insert", ""),
        ("delete", "Wrong site"),
    ]


def test_everything_a_record_refuses_is_refused_here_and_nothing_stays(program, cast):
    paula = program("paula")
    site = {"country": cast.spain.pk, "organization": cast.hospital_berlin.pk, "number": "2003"}
    twice = paula("PUT", f"{SITES}/9", site)
    assert twice.status_code == 400
    unknown = paula("PUT", f"{SITES}/9", {**site, "number": "2004", "nummer": "x"})
    assert [error["pointer"] for error in unknown.json()["errors"]] == ["/nummer"]
    assert program("carla")("PUT", f"{SITES}/9", {**site, "number": "2004"}).status_code == 403
    for path in ("study-sites/by-external/EDC/9", f"{SITES}/{'9' * 201}", f"{SITES}/%00"):
        assert paula("PUT", path, site).status_code == 400, path
    assert not ExternalIdentifier.objects.exists()
    assert StudySite.objects.visible_to(cast.quentin).count() == 3


def test_every_record_that_is_made_or_changed_here_has_outside_names(program, cast):
    asked = 0
    for declaration in RECORDS.values():
        if declaration.create or declaration.edit:
            asked += 1
            assert program("ada")("GET", f"{declaration.slug}/by-external/edc/none").status_code == 404
    assert asked > 10


# --- the unblinded circle ---------------------------------------------------------------------------------------

VISITS = "monitoring-visits"


@pytest.fixture
def visits(cast):
    """An unblinded visit of Uma's and Carla's own, at one site."""
    stage = Stage(cast)
    return {"uma": stage.planned("uma", unblinded=True), "carla": stage.planned("carla")}


def named(program, who, visit, value="TRIAL-U1"):
    address = f"{VISITS}/{visit.pk}/external-identifiers/"
    return program(who)("POST", address, {"system": "edc", "external_id": value})


def test_a_name_of_the_circle_is_taken_and_found_outside_it_as_if_it_were_free(program, visits):
    assert named(program, "uma", visits["uma"]).status_code == 201
    assert program("carla")("GET", f"{VISITS}/by-external/edc/TRIAL-U1").status_code == 404
    taken = named(program, "carla", visits["carla"])
    free = named(program, "carla", visits["carla"], "TRIAL-U2")
    assert (taken.status_code, set(taken.json())) == (201, set(free.json()))
    assert free.status_code == 201
    found = program("carla")("GET", f"{VISITS}/by-external/edc/TRIAL-U1")
    assert found.json()["id"] == visits["carla"].pk
    changed = program("carla")(
        "PUT", f"{VISITS}/by-external/edc/TRIAL-U1", {"planned_end_on": "2026-03-18"}, **reason()
    )
    assert (changed.status_code, changed.json()["id"]) == (200, visits["carla"].pk), changed.content


def test_a_record_is_made_outside_the_circle_under_a_name_the_circle_has(program, cast, visits):
    item = {"text": "Ship the kits", "responsible": "SITE", "opened_on": "2026-03-17", "due_on": "2026-04-01"}
    item["site"] = cast.madrid.pk
    unblinded = raise_action_item(
        actor=cast.uma, site=cast.madrid, text="x", opened_on=MONDAY, due_on=TUESDAY, unblinded=True
    )
    made = program("uma")(
        "POST",
        f"action-items/{unblinded.pk}/external-identifiers/",
        {"system": "crm", "external_id": "A-1"},
    )
    assert made.status_code == 201, made.content
    answers = [
        program("carla")("PUT", f"action-items/by-external/crm/{name}", item) for name in ("A-1", "A-2")
    ]
    assert [answer.status_code for answer in answers] == [201, 201], answers[0].content


def test_who_sees_both_records_of_one_name_is_told_which_they_are(program, visits):
    for who, visit in visits.items():
        assert named(program, who, visit).status_code == 201
    for method, body in (("GET", None), ("PUT", {"purpose": "x"})):
        both = program("ursula")(method, f"{VISITS}/by-external/edc/TRIAL-U1", body, **reason())
        assert (both.status_code, both.json()["title"]) == (409, "Several records"), both.content
        for visit in visits.values():
            assert f"{visit} ({VISITS}/{visit.pk})" in both.json()["detail"]


def test_within_the_circle_and_outside_it_a_name_is_given_once(program, cast, visits):
    for visit, who in ((visits["uma"], "uma"), (visits["carla"], "carla")):
        assert named(program, who, visit).status_code == 201
        other = Stage(cast).planned(who, unblinded=visit.unblinded, visit_type="COV")
        assert named(program, who, other).json()["errors"][0]["pointer"] == "/external_id"


def test_the_database_takes_the_circle_of_a_name_from_the_record_it_names(cast, visits):
    with acting_as(cast.uma):
        made = ExternalIdentifier.objects.create(
            system="edc",
            kind="monitoring.MonitoringVisit",
            value="x",
            record=label_of(visits["uma"]),
            study=cast.vel,
            unblinded=False,
        )
    made.refresh_from_db()
    assert made.unblinded


def test_every_record_of_a_circle_lies_in_the_table_its_label_says():
    """The trigger that fills in a name's circle finds the table by the label."""
    asked = [each.model._meta for each in RECORDS.values() if hasattr(each.model, "unblinded")]
    assert len(asked) > 5
    for meta in asked:
        assert meta.db_table == meta.label_lower.replace(".", "_")


@pytest.mark.parametrize("taken", [False, True])
def test_the_names_of_a_document_go_with_it_into_the_circle(program, cast, taken):
    file = File(cast)
    document, other = file.classified(), file.classified(name="other.pdf")
    address = "documents/{}/external-identifiers/"
    given = {"system": "dms", "external_id": "D-1"}
    assert program("tara")("POST", address.format(document.pk), given).status_code == 201
    if taken:
        unblinded = file.uploaded("uma", name="code.pdf", unblinded=True)
        with acting_as(cast.ada):
            ExternalIdentifier.objects.create(
                system="dms",
                kind="documents.Document",
                value="D-1",
                record=label_of(unblinded),
                study=cast.vel,
            )
    telling = Artifact.objects.filter(unblinded_by_default=True, reference_model__status="CURRENT").first()
    classify_document(actor=cast.tara, record=document, artifact=telling)
    assert program("tara")("POST", address.format(other.pk), given).status_code == 201
    assert ExternalIdentifier.objects.filter(value="D-1", unblinded=True).count() == 1


@pytest.mark.parametrize("keys", [("same", "same"), ("one", "two")])
def test_of_two_that_bring_the_same_record_at_once_one_makes_it(committed_database, keys):
    cast = bring_on_stage()
    token, together, codes = create_token(user=cast.paula, name="x"), threading.Barrier(2), []

    def bring(key):
        together.wait()
        answer = Client().put(
            f"/api/v1/{MILESTONES}/M-1",
            {"study": cast.vel.pk, "name": "Lock"},
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
        )
        codes.append(answer.status_code)
        connections.close_all()

    threads = [threading.Thread(target=bring, args=[key]) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ([201, 201] if keys[0] == keys[1] else [200, 201])
    assert Milestone.objects.visible_to(cast.paula).count() == 1
