"""What holds for every operation: nothing passed over in silence, tags, limits, and a description that says so."""

import json
import time

import pytest
from django.core.cache import cache
from django.test import Client

from ctms.api import throttling
from ctms.api.answering import etag_of
from ctms.pages.record import RECORDS

from .conftest import Program

UNSAFE = ("post", "put", "patch", "delete")


@pytest.fixture
def described(client, db):
    return client.get("/api/v1/schema/?format=json").json()


def operations(described):
    found = [
        (path, method, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if isinstance(operation, dict) and "operationId" in operation
    ]
    assert len(found) > 100
    return found


def test_every_operation_says_how_it_refuses_and_who_may_come(described):
    assert described["components"]["securitySchemes"]["bearer"] == {"type": "http", "scheme": "bearer"}
    for path, method, operation in operations(described):
        wanted = {"400", "401", "403", "404", "429"}
        if method in UNSAFE:
            wanted |= {"409", "412", "413", "415", "422"}
        assert wanted <= set(operation["responses"]), (path, method)
        assert {"bearer": []} in operation["security"], (path, method)
    for answer in described["components"]["responses"].values():
        assert answer["content"]["application/problem+json"]["schema"] == {
            "$ref": "#/components/schemas/Problem"
        }
    assert "Retry-After" in described["components"]["responses"]["TooMany"]["headers"]


def test_every_operation_says_what_headers_it_hears(described):
    for path, method, operation in operations(described):
        heard = {one["name"] for one in operation["parameters"] if one["in"] == "header"} if (
            "parameters" in operation
        ) else set()  # fmt: skip
        assert ("Idempotency-Key" in heard) is (method in UNSAFE), (path, method)
        if method in ("patch", "put") or (method == "post" and "/transitions/" in path):
            assert {"If-Match", "X-Change-Reason"} <= heard, (path, method)
    record = described["paths"]["/api/v1/milestones/{id}/"]["get"]
    assert {one["name"] for one in record["parameters"] if one["in"] == "header"} == {"If-None-Match"}
    assert "304" in record["responses"]
    listed = described["paths"]["/api/v1/milestones/"]["get"]
    assert {"updated_since", "sync", "cursor"} <= {one["name"] for one in listed["parameters"]}


def test_every_operation_that_may_be_repeated_is_tried_in_a_test_here(described):
    """A new kind of unsafe operation does not come without somebody looking whether its repeat is safe."""
    kinds = set()
    for path, method, _operation in operations(described):
        if method in UNSAFE:
            for declaration in RECORDS.values():
                path = path.replace(f"/api/v1/{declaration.slug}/", "/")
            kinds.add((method, path))
    assert kinds == {
        ("post", "/"),
        ("patch", "/{id}/"),
        ("post", "/{id}/transitions/{name}/"),
        ("put", "/by-external/{system}/{external_id}/"),
        ("post", "/{id}/external-identifiers/"),
        ("delete", "/{id}/external-identifiers/{identifier}/"),
        *(("post", f"/{{id}}/{what}/") for what in ("secret", "test", "replay", "content")),
    }


# --- what is sent ---------------------------------------------------------------------------------------------


def test_what_is_not_known_is_refused_and_named(program, cast, milestone):
    paula, path = program("paula"), f"milestones/{milestone.pk}"
    for method, where, body, pointer in (
        ("POST", "milestones", {"study": cast.vel.pk, "name": "x", "planed_on": "2026-03-17"}, "/planed_on"),
        ("PATCH", path, {"status": "COMPLETED", "reason": "x"}, "/status"),
        ("PATCH", path, {"a/b~c": 1, "reason": "x"}, "/a~1b~0c"),
        ("PATCH", path, {"\ud800": 1, "reason": "x"}, "/?"),
        ("POST", f"{path}/transitions/complete", {"happend_on": "2026-03-17"}, "/happend_on"),
    ):
        answer = paula(method, where, body)
        assert answer.status_code == 400, (where, answer.content)
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    milestone.refresh_from_db()
    assert (milestone.status, milestone.name) == ("PLANNED", "Kick-off")


@pytest.mark.parametrize("reason", ["\x00", "\ud800", "x" * 2001, {"a": 1}, [1]])
def test_a_reason_is_a_sentence(program, milestone, reason):
    answer = program("paula")("PATCH", f"milestones/{milestone.pk}", {"name": "B", "reason": reason})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/reason"


def test_a_reason_keeps_its_letters(program, cast, milestone):
    sentence = "Größe geändert: 大"
    done = program("paula")(
        "PATCH",
        f"milestones/{milestone.pk}",
        {"name": "B"},
        X_Change_Reason=sentence.encode().decode("latin-1"),
    )
    assert done.status_code == 200
    event = milestone.events.visible_to(cast.paula).order_by("-pgh_id").first()
    assert event.pgh_context["reason"] == sentence


def test_a_body_that_is_too_large_too_deep_or_none_is_refused(program, cast, client, settings):
    paula = program("paula")

    def post(body, kind="application/json"):
        return client.post(
            "/api/v1/milestones", body, content_type=kind, headers={"Authorization": f"Bearer {paula.token}"}
        )

    for body, kind, code in (
        (b"[" * 200_000, "application/json", 400),
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (json.dumps({"name": "x" * 6_000_000}).encode(), "application/json", 413),
        (b"<a/>", "application/xml", 415),
    ):
        answer = post(body, kind)
        assert (answer.status_code, answer["Content-Type"]) == (code, "application/problem+json"), body[:20]
        assert answer.json()["status"] == code
    assert post(b"{").json()["errors"][0]["pointer"] == ""


def test_a_reader_who_has_it_already_is_told_so(program, cast, milestone):
    paula, path = program("paula"), f"milestones/{milestone.pk}"
    tag = paula("GET", path)["ETag"]
    for header in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        answer = paula("GET", path, If_None_Match=header)
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    changed = paula("PATCH", path, {"name": "B"}, X_Change_Reason="x", If_Match=f'"other", {tag}')
    assert changed.status_code == 200
    assert paula("GET", path, If_None_Match=tag).status_code == 200
    assert paula("GET", f"study-sites/{cast.krakow.pk}", If_None_Match="*").status_code == 404


def test_a_tag_knows_when_what_is_shown_beside_the_record_is_another(cast):
    before, after = (etag_of(cast.madrid, {"id": 1, "hospital": name}) for name in ("Old name", "New name"))
    assert before != after
    assert before.split("-")[0] == after.split("-")[0]
    assert etag_of(cast.madrid, {"id": 1, "hospital": "Old name"}) == before
    assert "-" not in etag_of(cast.hospital_madrid.pk, {"a": 1})


# --- how much -------------------------------------------------------------------------------------------------


@pytest.fixture
def few(settings):
    settings.API_TOKEN_RATE, settings.API_RATE = "3/hour", "5/hour"
    cache.clear()
    yield
    cache.clear()


def test_a_token_and_a_person_have_a_limit_and_the_answer_says_what_is_left(program, few):
    paula, other, lena = program("paula"), program("paula"), program("lena")
    left = [paula("GET", "studies")["RateLimit-Remaining"] for _time in range(3)]
    assert left == ["2", "1", "0"]
    over = paula("GET", "studies")
    assert (over.status_code, over["Content-Type"]) == (429, "application/problem+json")
    assert 0 < int(over["Retry-After"]) <= 3600
    assert over["RateLimit-Limit"] == "3"
    # Her other program: four of her five were asked by the first.
    assert other("GET", "studies").status_code == 200
    assert other("GET", "studies").status_code == 429
    assert lena("GET", "studies").status_code == 200


@pytest.fixture
def no_cache(settings, monkeypatch):
    """The cache's server does not answer."""
    nobody = {"LOCATION": "redis://127.0.0.1:1/0", "OPTIONS": settings.CACHES["default"]["OPTIONS"]}
    monkeypatch.setattr(throttling, "_counting", throttling._counting.__wrapped__)
    monkeypatch.setitem(settings.CACHES, "default", settings.CACHES["default"] | nobody)


def test_with_the_cache_away_everybody_is_served_at_once_and_the_log_says_so(
    program, few, no_cache, monkeypatch, caplog
):
    monkeypatch.setitem(throttling._complained, "at", 0.0)
    paula = program("paula")
    began = time.monotonic()
    answers = [paula("GET", "studies") for _time in range(6)]
    assert time.monotonic() - began < 3, "nobody waits for a server that is away"
    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit-Limit" not in answers[0]
    assert len([one for one in caplog.records if "not counted" in one.message]) == 1


# --- what an address asks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["1001", "100000"])
def test_more_rows_than_a_page_has_are_refused_and_not_cut(program, milestone, size):
    refused = program("paula")("GET", f"milestones?page_size={size}")
    assert (refused.status_code, refused.json()["errors"]) == (
        400,
        [{"pointer": "/page_size", "detail": "Give a number from 1 to 1000."}],
    )
    assert program("paula")("GET", "milestones?page_size=1000").status_code == 200


@pytest.mark.parametrize("size", ["101", "0", "²"])
def test_a_page_of_the_history_has_a_hundred_lines_at_most(program, size):
    refused = program("paula")("GET", f"audit-events?page_size={size}")
    assert (refused.status_code, refused.json()["errors"]) == (
        400,
        [{"pointer": "/page_size", "detail": "Give a number from 1 to 100."}],
    )


def test_a_parameter_is_given_once(program, cast, milestone):
    one, other = cast.vel.pk, cast.cor.pk
    for path in ("milestones", "audit-events", "milestones/by-external/edc/1"):
        refused = program("paula")("GET", f"{path}?study={one}&study={other}")
        assert (refused.status_code, refused.json()["errors"]) == (
            400,
            [{"pointer": "/study", "detail": "Give this once."}],
        )


def test_a_parameter_that_is_not_known_is_refused_wherever_it_is_asked(program, milestone):
    one = f"milestones/{milestone.pk}"
    for asked in (
        "milestones?format=xml",
        "audit-events?format=xml",
        f"{one}?format=xml",
        f"{one}?fields=id",
    ):
        refused = program("paula")("GET", asked)
        assert refused.status_code == 400, asked
        assert refused.json()["errors"][0]["detail"] == "There is no such parameter."


# --- what is not there ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_an_unknown_address_is_a_problem_whatever_is_done_at_it(cast, method):
    answer = Program(Client(enforce_csrf_checks=True), cast.paula)(method, "milestoens/1")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_refusal_has_a_title_without_gaps(program, milestone):
    path = f"milestones/{milestone.pk}"
    refused = program("paula")("DELETE", path)
    assert (refused.status_code, refused.json()["title"]) == (405, "Method not allowed")
    assert refused.json()["detail"] == 'Method "DELETE" not allowed.'
    bare = program("paula").client.patch(
        f"/api/v1/{path}",
        b"<x/>",
        content_type="text/xml",
        headers={"Authorization": f"Bearer {program('paula').token}"},
    )
    assert (bare.status_code, "{" in bare.json()["title"]) == (415, False)
