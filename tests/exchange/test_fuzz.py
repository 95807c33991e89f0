"""The API, asked from its own description by several people: never an error of the server, and no foreign row.

One example an operation by default, asked by the one who may change most and by one of the others in turn;
`CTMS_FUZZ=50` looks harder and asks as everybody.
"""

import json
import os
from collections import Counter
from itertools import cycle
from urllib.parse import urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from ctms.api.tokens import create_token

EXAMPLES = int(os.environ.get("CTMS_FUZZ", "1"))
# Who may change most; and who sponsors, monitors, pays and administers.
FIRST = "paula"
OTHERS = ("sam", "carla", "fiona", "ada")
SEED = 20260317


@pytest.fixture
def described(client, db):
    answer = client.get("/api/v1/schema/?format=json")
    return schemathesis.openapi.from_dict(answer.json())


def operations(described):
    found = [operation.ok() for operation in described.get_all_operations()]
    assert len(found) > 100
    return found


def keys(cast):
    """Return real keys to put where the description says only `integer`: half the questions hit a record."""
    return [cast.vel.pk, cast.cor.pk, cast.madrid.pk, cast.krakow.pk, cast.spain.pk, 1, 2]


def test_no_question_breaks_the_server(described, cast, client):
    client.raise_request_exception = False
    tokens = {who: create_token(user=cast.people[who], name="fuzz") for who in (FIRST, *OTHERS)}
    real, broken, codes = keys(cast), [], Counter()
    others = cycle(OTHERS)
    for operation in operations(described):

        @seed(SEED)
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(), pick=st.randoms(use_true_random=False))
        def ask(case, pick):
            for who in tokens if EXAMPLES > 1 else (FIRST, next(others)):
                answer = send(client, tokens[who], case, pick, real)
                codes[answer.status_code] += 1
                if answer.status_code >= 500:
                    broken.append((who, case.method, case.formatted_path, str(case.body)[:300], case.query))
                elif answer.status_code >= 400:
                    assert answer["Content-Type"] == "application/problem+json", case.formatted_path
                    assert answer.json()["status"] == answer.status_code

        ask()
    assert broken == []
    assert codes.total() > 500
    assert {200, 400, 403, 404} <= set(codes), codes


def send(client, token, case, pick, real):
    """Send a generated case through Django's client, with a real key in its address now and then."""
    wanted = case.as_transport_kwargs(base_url="http://testserver")
    path = urlsplit(wanted["url"]).path
    if pick.random() < 0.5:
        parts = path.split("/")
        path = "/".join(str(pick.choice(real)) if part.lstrip("-").isdigit() else part for part in parts)
    body = wanted.get("json", wanted.get("data", ""))
    headers = {name: str(value) for name, value in (case.headers or {}).items()}
    headers.pop("Authorization", None)
    return client.generic(
        case.method,
        path,
        body if isinstance(body, bytes) else json.dumps(body).encode("utf-8", "surrogatepass"),
        content_type="application/json",
        query_params={k: v for k, v in (case.query or {}).items() if v is not None},
        headers={**headers, "Authorization": f"Bearer {token}"},
    )
