"""Every address there is, asked by people it is not for."""

import os
import re

import pytest
from django.db import connection
from django.urls import URLResolver, get_resolver

from ctms.access.access import access_of
from ctms.access.roles import LABELS
from ctms.access.scoping import Scoped, everything
from ctms.api.tokens import create_token
from ctms.audit.trail import AUDITED
from ctms.pages.record import RECORDS
from tests.cast import LONG_AGO

# What anybody on the network may open, and nothing else.
PUBLIC = re.compile(
    r"^/(healthz/?|api/v1/(schema|docs)/?"
    r"|accounts/(login|logout|signup|inactive|confirm-email|login/code)\b.*"
    r"|accounts/(password/(reset|reauthenticate)|2fa/(authenticate|reauthenticate))\b.*)$"
)
SECRETS = (
    *("VEL-301", "KIN-204", "COR-207", "Northwind", "Meridian", "Chamberí", "Fließ", "Wawelem"),
    *("Velvet", "Cormorant", "Paula"),
)


def walk(resolver, prefix="/"):
    for one in resolver.url_patterns:
        route = prefix + str(one.pattern).removeprefix("^")
        if isinstance(one, URLResolver):
            yield from walk(one, route)
        else:
            yield route.rstrip("$")


ROUTES = sorted(set(walk(get_resolver())))
# By default one row a route; `CTMS_ADDRESSES=3` walks over more rows, and over those of every foreign study.
ROWS = int(os.environ.get("CTMS_ADDRESSES", "1"))


def addresses(route, rows=ROWS, keys=()):
    """Return addresses of a route with the keys of real rows in it (or these), where it takes a key."""
    address = re.sub(r"\^|\\Z|\$|/\?$", "", route)
    slug = next((d for d in RECORDS.values() if re.match(rf"^/(api/v1/)?{d.slug}/", address)), None)
    model = slug.model if slug else RECORDS["studies.Study"].model
    keys = keys or keys_of(model)[:rows] or [1]
    listing = "study-sites"
    fillers = [
        (r"<int:[a-z_]+>|\(\?P<pk>[^)]*\)", None),
        (r"<slug:tab>", listing),
        (r"<slug:[a-z_]+>|\(\?P<name>[^)]*\)", "start_up"),
        (r"<(str:)?[a-z0-9_]+>|\(\?P<[a-z0-9_]+>[^)]*\)", "1-abc"),
        (r"\.\*", "nothing-here"),
    ]
    found = []
    for key in keys:
        filled = address
        for pattern, word in fillers:
            filled = re.sub(pattern, str(key) if word is None else word, filled)
        found.append(filled.replace("\\", ""))
    return found


def keys_of(model):
    with everything("the test knows every row"):
        return list(model._base_manager.order_by("pk").values_list("pk", flat=True)[:3])


def all_addresses(rows=ROWS):
    found = sorted({address for route in ROUTES for address in addresses(route, rows)})
    assert len(found) > 80
    assert not [a for a in found if re.search(r"[<>()?*]", a)], "a route the test cannot fill"
    return found


def history_rows():
    """Return how many event rows there are of each table: the proof that nothing was changed."""
    counts = {}
    with connection.cursor() as cursor:
        for label, trail in AUDITED.items():
            cursor.execute(f"SELECT count(*) FROM {trail.event_model._meta.db_table}")
            counts[label] = cursor.fetchone()[0]
    return counts


def test_a_stranger_with_an_account_finds_nothing_at_any_address(stage, client):
    client.force_login(stage.stella)
    opened = 0
    for address in all_addresses():
        answer = client.get(address)
        assert answer.status_code < 500, (address, answer.status_code)
        body = answer.content.decode(errors="replace")
        told = [word for word in SECRETS if word in body]
        assert not told, f"{address} ({answer.status_code}) tells a stranger of {told}"
        opened += answer.status_code == 200
    assert opened > 5, "she can at least open her own pages"


def test_a_stranger_changes_nothing_at_any_address(stage, client):
    client.force_login(stage.stella)
    before = history_rows()
    for address in all_addresses(rows=1):
        for method in ("post", "patch", "delete"):
            answer = getattr(client, method)(
                address, {"name": "x", "reason": "x"}, content_type="application/json"
            )
            assert answer.status_code < 500, (method, address)
            if "logout" in address:
                client.force_login(stage.stella)
    assert history_rows() == before


def test_nobody_without_a_sign_in_gets_past_the_door(stage, client):
    for address in all_addresses():
        answer = client.get(address)
        body = answer.content.decode(errors="replace")
        assert not [word for word in SECRETS if word in body], address
        if PUBLIC.match(address):
            continue
        shut = answer.status_code in (401, 404, 405) or (
            answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/")
        )
        assert shut, f"{address} answers {answer.status_code} to anybody"


def test_what_is_public_says_nothing_of_studies_and_is_still_there(db, client):
    for address in ("/healthz", "/accounts/login/", "/api/v1/schema/", "/api/v1/docs/"):
        assert client.get(address).status_code == 200, address


def test_nobody_signs_up(db, client):
    answer = client.post("/accounts/signup/", {"username": "mallory", "password1": "Correct-Horse-7-Battery"})
    assert answer.status_code in (200, 403, 404)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_user WHERE username = 'mallory'")
        assert cursor.fetchone() == (0,)


# --- everybody, at every address, with the keys of rows that are not theirs -----------------------------------


# Whose study is nobody else's: what people of the one may never read of the other.
OF = {"vel": ("VEL-301", "Velvet"), "kin": ("KIN-204",), "cor": ("COR-207", "Cormorant")}
SEES_ALL = ("quentin", "harriet", "ada")


def foreign_studies(user):
    """Return the names of the studies a person has no assignment in."""
    grants = access_of(user).grants
    return [] if any(grant.study is None for grant in grants) else _without_grant(grants)


def _without_grant(grants):
    mine = {grant.study for grant in grants}
    with everything("the test knows every study"):
        studies = {s.protocol_number: s.pk for s in RECORDS["studies.Study"].model.objects.all()}
    return [name for name, (number, *_words) in OF.items() if studies[number] not in mine]


def declaration_at(address):
    """Return the Record whose pages or endpoint lie at an address, or None."""
    return next((d for d in RECORDS.values() if re.match(rf"^/(api/v1/)?{d.slug}/", address)), None)


def foreign_addresses(stage, studies):
    """
    Return [(address, whether the key in it is of a row in one of these studies)] of every route there is.

    The rows of one model are alike to its routes: each route takes one of the foreign studies, the next the next.
    """
    found, known = [], {}
    for route in ROUTES:
        if "logout" in route:
            continue
        declaration = declaration_at(route.replace("^", ""))
        if not re.search(r"<int:|\(\?P<pk>", route):
            found.append((addresses(route, 1)[0], False))
            continue
        model = declaration.model if declaration else RECORDS["studies.Study"].model
        if model not in known:
            scoped = issubclass(model, Scoped)
            known[model] = (
                [k for name in studies for k in rows_in(model, stage.places[name])[:1]] if scoped else []
            )
        keys, turn = known[model], len(found)
        for key in keys if ROWS > 1 or not keys else [keys[turn % len(keys)]]:
            found.append((addresses(route, keys=[key])[0], declaration is not None))
    return found


def rows_in(model, study):
    with everything("the test knows every row"):
        return [row.pk for row in model._base_manager.all() if row.place().study == study.pk]


# One person of each role, and two of the other sponsor's study; the rest of the cast has the same rights elsewhere.
ONE_OF_EACH = (
    *("paula", "lena", "carla", "sue", "tara", "fiona", "milo", "ingrid", "sam", "quentin", "harriet", "ada"),
    *("simone", "pavel"),
)


def test_one_of_each_role_is_among_them(cast):
    roles = frozenset().union(*(access_of(cast.fresh(who)).roles for who in ONE_OF_EACH))
    assert roles == set(LABELS)


@pytest.mark.parametrize("who", ONE_OF_EACH)
def test_nobody_reads_or_changes_a_study_that_is_not_theirs_at_any_address(stage, client, who):
    client.raise_request_exception = False
    client.force_login(stage.people[who])
    foreign = foreign_studies(stage.fresh(who))
    assert (not foreign) is (who in SEES_ALL)
    secrets, before, shut = [word for name in foreign for word in OF[name]], history_rows(), 0
    for address, of_foreign_row in foreign_addresses(stage, foreign):
        answer = client.get(address)
        assert answer.status_code < 500, (address, answer.status_code)
        told = [word for word in secrets if word in answer.content.decode(errors="replace")]
        assert not told, f"{address} ({answer.status_code}) tells {who} of {told}"
        if of_foreign_row:
            shut += 1
            assert answer.status_code in (403, 404, 405), (address, answer.status_code)
            _attack(client, address)
    assert history_rows() == before
    assert shut > 50 or who in SEES_ALL


def _attack(client, address):
    body = {"name": "x", "reason": "x", "system": "x", "external_id": "1", "happened_on": "2024-01-01"}
    for method in ("post", "put", "patch", "delete") if address.startswith("/api/") else ("post",):
        answer = getattr(client, method)(address, body, content_type="application/json")
        assert answer.status_code in (400, 403, 404, 405), (method, address, answer.status_code)


# --- the API, row by row -----------------------------------------------------------------------------


@pytest.fixture
def ask(client):
    def ask(user, path):
        token = create_token(user=user, name="of a test")
        return client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"})

    return ask


@pytest.mark.parametrize("who", ["carla", "uma", "sam", "simone", "pavel", "fergus"])
def test_the_api_knows_no_row_of_another_sponsors_study(stage, ask, who):
    user, asked = stage.people[who], 0
    for name in foreign_studies(stage.fresh(who)):
        for declaration in RECORDS.values():
            if not issubclass(declaration.model, Scoped):
                continue
            keys = rows_in(declaration.model, stage.places[name])
            listed = ask(user, f"{declaration.slug}?page_size=1000")
            assert listed.status_code == 200, declaration
            assert not {row["id"] for row in listed.json()["results"]} & set(keys), declaration
            for key in keys:
                asked += 1
                assert ask(user, f"{declaration.slug}/{key}").status_code == 404, declaration
    assert asked > 8


def test_the_api_gives_a_sponsor_what_was_published_to_them(stage, ask):
    names = [row["name"] for row in ask(stage.sam, "milestones").json()["results"]]
    assert names == ["Velvet published"]
    names = {row["name"] for row in ask(stage.paula, "milestones").json()["results"]}
    assert names == {"Velvet published", "Velvet unpublished"}


def test_the_history_in_the_api_is_narrowed_too(stage, ask):
    assert ask(stage.sam, "audit-events").status_code == 404
    records = {line["record"] for line in ask(stage.carla, "audit-events").json()["results"]}
    assert f"studies.StudySite/{stage.madrid.pk}" in records
    assert f"studies.StudySite/{stage.krakow.pk}" not in records
    assert f"studies.StudySite/{stage.berlin.pk}" not in records
    assert not any(record.startswith("accounts.") for record in records)
    assert LONG_AGO.year == 2024
