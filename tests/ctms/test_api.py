"""The API: the same records, rules and refusals as the pages, said in the ways programs expect."""

import base64
import datetime
import json
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from ctms.accounts.models import ApiToken, SecurityEvent, User
from ctms.api.tokens import create_token
from ctms.api.urls import Description
from ctms.audit.context import acting_as
from studies.models import Activity, Milestone, SiteAssignment, StudyAssignment
from tests.cast import LONG_AGO, PASSWORD

HUGE = "9" * 30


def test_every_endpoint_lists_for_a_project_manager(api, client):
    for slug in (
        *("studies", "arms", "epochs", "planned-visits", "milestones"),
        *("study-countries", "study-sites", "audit-events"),
    ):
        answer = api("paula", "get", f"{slug}?study=1" if slug != "studies" else slug)
        assert answer.status_code == 200, (slug, answer.content)
        assert "results" in answer.json()


def test_a_site_is_read_and_moved(api, cast):
    answer = api("paula", "get", f"study-sites/{cast.madrid.pk}")
    assert answer.json()["number"] == "2003"
    assert answer.json()["country_code"] == "ES"
    moved = api("paula", "post", f"study-sites/{cast.madrid.pk}/transitions/qualify/", data={})
    assert moved.status_code == 200, moved.content
    assert moved.json()["status"] == "UNDER_QUALIFICATION"
    again = api("paula", "post", f"study-sites/{cast.madrid.pk}/transitions/qualify/", data={})
    assert again.status_code == 409


def test_the_schema_is_open_api_3_1(client, db):
    answer = client.get("/api/v1/schema/?format=json")
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")
    assert client.get("/api/v1/docs/").status_code == 200
    assert client.get("/healthz").status_code == 200


def test_whoever_asks_first_for_the_description_decides_nothing_of_it(client, monkeypatch):
    monkeypatch.setattr(Description, "kept", {})
    first = client.get("/api/v1/schema/?format=json&version=mallory&lang=de").content
    assert b"mallory" not in first
    assert client.get("/api/v1/schema/?format=json").content == first
    monkeypatch.setattr(Description, "kept", {})
    assert client.get("/api/v1/schema/?format=json").content == first


def test_today_is_where_the_person_is_and_moments_are_in_utc_for_every_program(api, cast):
    far = "Pacific/Kiritimati" if timezone.now().hour >= 10 else "Pacific/Pago_Pago"
    there = timezone.localdate(timezone=ZoneInfo(far))
    assert there != timezone.localdate(timezone=datetime.UTC)
    with acting_as(cast.ada, reason="She travels"):
        User.objects.filter(pk=cast.paula.pk).update(time_zone=far)
    made = api(
        "paula", "post", "studies", data={"protocol_number": "NEW-1", "short_name": "New", "title": "x"}
    )
    assert made.status_code == 201, made.content
    assert StudyAssignment.objects.get(user=cast.paula, content_object=made.json()["id"]).starts_on == there
    told = api("paula", "get", f"audit-events?study={made.json()['id']}").json()["results"]
    assert told
    assert {each["at"][-1] for each in told} == {"Z"}


# --- tokens ------------------------------------------------------------------------------------------


def ask(client, secret, path="studies"):
    return client.get(f"/api/v1/{path}", headers={"Authorization": secret})


def test_a_token_opens_what_its_person_may_see(cast, client):
    secret = create_token(user=cast.paula, name="integration")
    answer = ask(client, f"Bearer {secret}")
    assert [row["protocol_number"] for row in answer.json()["results"]] == ["VEL-301"]
    assert ask(client, f"bearer {secret}").status_code == 200
    event = SecurityEvent.objects.get(kind="TOKEN_CREATED")
    assert (event.user, event.detail) == (cast.paula, "integration")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer a b", "Bearer ctms_wrong", "Bearer ÿ", "Basic cGF1bGE6eA=="]
)
def test_without_a_right_token_nothing_opens(cast, client, header):
    answer = ask(client, header)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"
    assert "VEL-301" not in answer.content.decode()


def test_a_token_ends_by_date_by_revoking_and_with_its_person(cast, client):
    hour = datetime.timedelta(hours=1)
    expired = create_token(user=cast.paula, name="old", expires_at=timezone.now() - hour)
    live = create_token(user=cast.paula, name="live", expires_at=timezone.now() + hour)
    assert ask(client, f"Bearer {expired}").status_code == 401
    assert ask(client, f"Bearer {live}").status_code == 200
    ApiToken.objects.filter(name="live").update(revoked_at=timezone.now())
    assert ask(client, f"Bearer {live}").status_code == 401
    lasting = create_token(user=cast.lena, name="lasting")
    with acting_as(cast.ada, reason="Left"):
        cast.lena.is_active = False
        cast.lena.save()
    assert ask(client, f"Bearer {lasting}").status_code == 401


def test_a_token_is_made_on_the_command_line_for_people_only(cast, client, capsys):
    call_command("create_token", "PAULA", name="nightly")
    assert ask(client, f"Bearer {capsys.readouterr().out.strip()}").status_code == 200
    for nobody in ("nobody", "system"):
        with pytest.raises(CommandError, match="no active person"):
            call_command("create_token", nobody)


def test_a_session_serves_the_api_too_and_writes_need_its_token_against_forgery(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.paula)
    assert client.get("/api/v1/studies").status_code == 200
    answer = client.post(
        f"/api/v1/study-sites/{cast.madrid.pk}/transitions/qualify", {}, content_type="application/json"
    )
    assert answer.status_code == 403
    cast.madrid.refresh_from_db()
    assert cast.madrid.status == "IDENTIFIED"


# --- reading -----------------------------------------------------------------------------------------


def test_what_is_not_ones_own_is_not_there(api, cast, milestone):
    for path in (
        f"studies/{cast.cor.pk}",
        f"study-sites/{cast.krakow.pk}",
        "studies/0",
        f"studies/{HUGE}",
        "studies/x",
    ):
        answer = api("paula", "get", path)
        assert answer.status_code == 404, path
        assert answer["Content-Type"] == "application/problem+json"
    assert api("stella", "get", f"milestones/{milestone.pk}").status_code == 404
    assert api("carla", "get", f"milestones/{milestone.pk}").status_code == 200


def test_an_ended_assignment_says_so(api, cast):
    with acting_as(cast.ada, reason="Moved on"):
        SiteAssignment.objects.filter(user=cast.carla).update(ends_on=datetime.date(2024, 3, 31))
    answer = api("carla", "get", f"study-sites/{cast.madrid.pk}")
    assert answer.status_code == 403
    assert "ended on 31 Mar 2024" in answer.json()["detail"]


def test_filters_narrow_and_a_key_nobody_sees_finds_nothing(api, cast, milestone):
    def found(query):
        return [row["id"] for row in api("paula", "get", f"milestones?{query}").json()["results"]]

    assert found(f"study={cast.vel.pk}") == [milestone.pk]
    assert found(f"study={cast.cor.pk}") == found("study=999999999") == []
    assert found("status=COMPLETED") == []
    answer = api("paula", "get", "milestones?status=NONSENSE")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/status"
    assert api("paula", "get", f"milestones?study={HUGE}").status_code == 400


@pytest.fixture
def activities(cast):
    """Forty lines of the plan that all stand at the same position."""
    with acting_as(cast.paula, reason="Plan"):
        return Activity.objects.bulk_create(
            [Activity(study=cast.vel, name=f"A{n}", key=f"k{n}") for n in range(40)]
        )


def pages(api, path):
    found, steps = [], 0
    while path:
        answer = api("paula", "get", path)
        assert answer.status_code == 200, answer.content
        found.append([row["id"] for row in answer.json()["results"]])
        path = (answer.json()["next"] or "").removeprefix("http://testserver/api/v1/")
        steps += 1
        assert steps < 50
    return found


def test_pages_are_complete_and_none_is_given_twice_while_rows_are_added(api, cast, activities):
    found = pages(api, "activities?page_size=7")
    assert [len(page) for page in found] == [7] * 5 + [5]
    flat = [pk for page in found for pk in page]
    assert flat == sorted({one.pk for one in activities})
    first = api("paula", "get", "activities?page_size=39").json()
    with acting_as(cast.paula, reason="Meanwhile"):
        Activity.objects.create(study=cast.vel, name="between", key="new", sequence=0)
    following = first["next"].removeprefix("http://testserver/api/v1/")
    rest = [row["name"] for row in api("paula", "get", following).json()["results"]]
    assert rest == ["A39", "between"]


@pytest.mark.parametrize("size", ["0", "-1", "x", "1.5", HUGE])
def test_a_page_has_a_size(api, size):
    answer = api("paula", "get", f"activities?page_size={size}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/page_size"


def token(values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        *(
            "x",
            "!!!!",
            "AAAA",
            token({"a": 1}),
            token([1]),
            token(["x", "y", "z"]),
            token([None, None, None]),
        ),
        *(token([10**30, 0, 0]), token([[1], 2, 3]), token([1, 2, 3, 4])),
    ],
)
def test_a_made_up_cursor_is_an_error_and_nothing_else(api, activities, cursor):
    answer = api("paula", "get", f"activities?cursor={cursor}")
    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"][0]["pointer"] == "/cursor"


def test_the_history_is_paged_and_narrowed(api, cast, activities):
    answer = api("paula", "get", f"audit-events?study={cast.vel.pk}&page_size=30")
    first = answer.json()
    assert len(first["results"]) == 30
    following = api("paula", "get", first["next"].removeprefix("http://testserver/api/v1/")).json()
    assert not {row["id"] for row in first["results"]} & {row["id"] for row in following["results"]}
    line = next(row for row in first["results"] if row["record"].startswith("studies.Activity/"))
    assert (line["actor"], line["reason"], line["what"], line["channel"]) == (
        *("Paula Marsh", "Plan", "Created", "command"),
    )
    assert {"field": "Study", "before": "—", "after": "VEL-301"} in line["changes"]
    for wrong in ("study=x", f"study={HUGE}", "cursor=x", "page_size=x"):
        assert api("paula", "get", f"audit-events?{wrong}").status_code == 400, wrong
    assert api("sam", "get", "audit-events").status_code == 404
    assert api("stella", "get", "audit-events").status_code == 403


# --- writing -----------------------------------------------------------------------------------------


def test_a_record_is_made_with_the_same_checks_as_on_its_page(api, cast):
    made = api(
        "paula", "post", "milestones", data={"study": cast.vel.pk, "name": "Lock", "kind": "DATABASE_LOCK"}
    )
    assert made.status_code == 201, made.content
    assert made["ETag"].startswith(f'"{made.json()["version"]}-')
    assert made["Location"].endswith(f"/api/v1/milestones/{made.json()['id']}")
    row = Milestone.objects.visible_to(cast.paula).get()
    assert (row.pk, row.study) == (made.json()["id"], cast.vel)
    event = row.events.visible_to(cast.paula).get()
    assert (event.pgh_context["actor_name"], event.pgh_context["channel"]) == ("Paula Marsh", "api")


def test_what_is_wrong_is_pointed_at(api, cast):
    answer = api("paula", "post", "milestones", data={"study": cast.vel.pk, "name": "", "planned_on": "soon"})
    assert answer.status_code == 400
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/name", "/planned_on"}
    answer = api("paula", "post", "milestones", data={"study": cast.cor.pk, "name": "x"})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/study"]
    answer = api("paula", "post", "milestones", data=[1])
    assert answer.status_code == 400
    assert not Milestone.objects.visible_to(cast.quentin).exists()


def test_a_rule_of_the_model_points_at_its_field(api, cast):
    site = {"country": cast.spain.pk, "organization": cast.hospital_berlin.pk, "number": "2003"}
    answer = api("paula", "post", "study-sites", data=site)
    assert answer.status_code == 400
    assert "Another site of this study has this number." in answer.content.decode()


def test_who_may_not_is_told_who_may(api, cast, milestone):
    for method, path in (("post", "milestones"), ("patch", f"milestones/{milestone.pk}")):
        answer = api("carla", method, path, data={"study": cast.vel.pk, "name": "x", "reason": "x"})
        assert answer.status_code == 403, answer.content
        assert "this is for" in answer.json()["detail"]
    milestone.refresh_from_db()
    assert milestone.name == "Kick-off"


def test_a_change_says_why_and_which_version_it_means(api, cast, milestone):
    path = f"milestones/{milestone.pk}"
    read = api("paula", "get", path)
    etag = read["ETag"]
    answer = api("paula", "patch", path, data={"name": "B"})
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/reason"
    assert "X-Change-Reason" in error["detail"]
    answer = api(
        "paula", "patch", path, data={"name": "B"}, headers={"X-Change-Reason": "Renamed", "If-Match": etag}
    )
    assert answer.status_code == 200
    assert answer.json()["name"] == "B"
    assert answer["ETag"] != etag
    for stale in (etag, f"W/{etag}", '"nonsense"'):
        late = api("paula", "patch", path, data={"name": "C", "reason": "x"}, headers={"If-Match": stale})
        assert late.status_code == 412, stale
    assert (
        api("paula", "patch", path, data={"name": "C", "reason": "x"}, headers={"If-Match": "*"}).status_code
        == 200
    )
    reasons = (
        milestone.events.visible_to(cast.paula)
        .order_by("pgh_id")
        .values_list("pgh_context__reason", flat=True)
    )
    assert list(reasons)[1:] == ["Renamed", "x"]


def test_a_record_in_a_state_that_does_not_change_is_a_conflict(api, cast, milestone):
    path = f"milestones/{milestone.pk}"
    done = api("paula", "post", f"{path}/transitions/complete", data={"happened_on": str(LONG_AGO)})
    assert done.json()["actual_on"] == str(LONG_AGO)
    answer = api("paula", "patch", path, data={"name": "x", "reason": "x"})
    assert answer.status_code == 409
    for method in ("put", "delete"):
        answer = api("paula", method, path, data={})
        assert answer.status_code == 405
        assert "GET" in answer["Allow"]
    assert Milestone.objects.visible_to(cast.paula).get().name == "Kick-off"


def test_moves_are_offered_refused_and_made(api, cast, milestone):
    offers = {o["name"]: o for o in api("paula", "get", f"studies/{cast.vel.pk}/transitions").json()}
    assert offers["cancel"] == {
        "name": "cancel",
        "label": "Cancel study",
        "refusal": "",
        "needs_reason": True,
        "signed": False,
    }
    path = f"studies/{cast.vel.pk}/transitions"
    answer = api("paula", "post", f"{path}/cancel", data={})
    assert (answer.status_code, answer.json()["detail"]) == (422, "Give a reason.")
    assert api("paula", "post", f"{path}/fly", data={}).status_code == 404
    assert api("carla", "post", f"{path}/cancel", data={"reason": "x"}).status_code == 403
    stale = api("paula", "post", f"{path}/cancel", data={"reason": "x"}, headers={"If-Match": '"77"'})
    assert stale.status_code == 412
    cast.vel.refresh_from_db()
    assert cast.vel.status == "PLANNING"
    done = api("paula", "post", f"{path}/cancel", data={}, headers={"X-Change-Reason": "Withdrawn"})
    assert done.json()["status"] == "CANCELLED"


def test_a_signed_move_asks_for_the_password(api, cast, initiated):
    path = f"study-sites/{initiated.pk}/transitions/activate"
    for secret in ("", "wrong"):
        answer = api("paula", "post", path, data={"happened_on": str(LONG_AGO), "password": secret})
        assert (answer.status_code, answer.json()["title"]) == (403, "Not signed")
    initiated.refresh_from_db()
    assert initiated.status == "INITIATED"
    answer = api("paula", "post", path, data={"happened_on": str(LONG_AGO), "password": PASSWORD})
    assert answer.status_code == 200, answer.content
    assert answer.json()["status"] == "ACTIVE"


def test_an_unknown_address_and_a_body_that_is_none(api, client, cast):
    answer = api("paula", "get", "no/such/thing")
    assert answer.status_code == 404
    assert answer.json()["title"] == "Not found"
    secret = create_token(user=cast.paula, name="x")
    headers = {"Authorization": f"Bearer {secret}"}
    answer = client.post("/api/v1/milestones", "{", content_type="application/json", headers=headers)
    assert answer.status_code == 400
    answer = client.post("/api/v1/milestones", "<a/>", content_type="application/xml", headers=headers)
    assert answer.status_code == 415
    assert answer["Content-Type"] == "application/problem+json"
