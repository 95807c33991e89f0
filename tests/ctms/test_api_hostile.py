"""Whatever is sent to the API, the answer is a refusal or a result, and never an error of the server."""

import json

import pytest

from ctms.api.tokens import create_token
from ctms.pages.record import RECORDS

ODD_TEXTS = ["", "-1", "9" * 30, "abc", "\x00", "1.5", "[]", "😀", "2026-13-45", "x" * 3000]
ODD_BODIES = [
    b"",
    b"{broken",
    b"null",
    b"[]",
    b'"text"',
    b"\xff\xfe",
    json.dumps({"name": None, "text": {"a": 1}, "study": "x", "site": -5}).encode(),
    json.dumps(
        {
            "study": 10**30,
            "site": 1,
            "country": [],
            "name": "\x00",
            "label": "x" * 5000,
            "text": "\x00",
            "sequence": 10**30,
            "planned_on": "0000-00-00",
            "opened_on": "2026-01-01",
            "due_on": "2025-01-01",
            "category": "NOPE",
            "description": "d",
            "occurred_on": "2026-01-01",
            "identified_on": "2025-01-01",
            "visit_type": "IMV",
            "method": "ON_SITE",
            "planned_start_on": "2026-01-01",
            "planned_end_on": "2025-01-01",
            "primary_monitor": 10**19,
            "role": "PHARMACIST",
            "starts_on": "9999-12-31",
            "ends_on": "0001-01-01",
            "nation": "ZZ",
            "protocol_number": "x" * 99,
            "kind": "SPONSOR",
            "family_name": "x",
            "given_name": "\ud800",
            "window_before_days": -1,
            "offset_days": 2**40,
        }
    ).encode(),
]
SLUGS = sorted(declaration.slug for declaration in RECORDS.values())


@pytest.fixture
def send(cast, client):
    client.raise_request_exception = False
    tokens = {who: create_token(user=cast.people[who], name="hostile") for who in ("paula", "ada", "sam")}

    def call(who, method, path, body=b"", **query):
        return client.generic(
            method,
            f"/api/v1/{path}",
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {tokens[who]}"},
            query_params=query,
        )

    return call


@pytest.mark.parametrize("slug", SLUGS)
def test_odd_questions_get_an_answer(send, slug):
    declaration = next(one for one in RECORDS.values() if one.slug == slug)
    names = [*declaration.filters, "cursor", "page_size", "q"]
    lookups = [f"{name}__gte" for name, kinds in declaration.filters.items() if "gte" in kinds]
    for name in (*names, *lookups):
        for text in ODD_TEXTS:
            answer = send("ada", "GET", slug, **{name: text})
            assert answer.status_code in (200, 400), (slug, name, text, answer.status_code)


@pytest.mark.parametrize("slug", SLUGS)
def test_odd_records_are_refused_and_nothing_is_half_written(send, cast, slug):
    model = next(one.model for one in RECORDS.values() if one.slug == slug)
    before = model._base_manager.count()
    for body in ODD_BODIES:
        for who in ("paula", "ada", "sam"):
            for method, path in (
                ("POST", slug),
                ("PATCH", f"{slug}/1"),
                ("PUT", f"{slug}/1"),
                ("DELETE", f"{slug}/1"),
            ):
                answer = send(who, method, path, body)
                if method == "PATCH" and body == b"" and answer.status_code == 200:
                    continue  # whoever may change the record and changes nothing of it is told how it stands
                assert 400 <= answer.status_code < 500, (method, path, who, body[:80], answer.status_code)
                assert answer["Content-Type"] == "application/problem+json"
    assert model._base_manager.count() == before


@pytest.mark.parametrize("slug", SLUGS)
def test_odd_moves_are_refused(send, cast, slug):
    places = {"studies": cast.vel.pk, "study-sites": cast.madrid.pk, "study-countries": cast.spain.pk}
    pk = places.get(slug, 1)
    for name in ("approve", "nope", "adopt", "activate", "close"):
        for body in (
            b"[1]",
            b"{broken",
            b'{"happened_on": "2026-99-99"}',
            b'{"happened_on": "9999-12-31", "reason": "x", "password": "x"}',
        ):
            answer = send("paula", "POST", f"{slug}/{pk}/transitions/{name}/", body)
            assert 400 <= answer.status_code < 500, (slug, name, body, answer.status_code)
    for pk in ("0", "9" * 30, "-1", "x"):
        assert send("ada", "GET", f"{slug}/{pk}").status_code == 404
