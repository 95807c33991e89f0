import pytest

from ctms.api.tokens import create_token
from ctms.audit.context import acting_as
from studies.models import Milestone


@pytest.fixture
def api(client, cast):
    def call(who, method, path, **options):
        token = create_token(user=cast.people[who], name="test")
        body = {"content_type": "application/json"} if method != "get" else {}
        return getattr(client, method)(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}", **options.pop("headers", {})}, **body, **options)

    return call


def test_every_endpoint_lists_for_a_project_manager(api, client):
    for slug in ("studies", "arms", "epochs", "planned-visits", "milestones", "study-countries", "study-sites", "audit-events"):
        answer = api("paula", "get", f"{slug}?study=1" if slug != "studies" else slug)
        assert answer.status_code == 200, (slug, answer.content)
        assert "results" in answer.json()


def test_a_site_is_read_and_moved(api, cast):
    answer = api("paula", "get", f"study-sites/{cast.madrid.pk}")
    assert answer.json()["number"] == "2003" and answer.json()["country_code"] == "ES"
    moved = api("paula", "post", f"study-sites/{cast.madrid.pk}/transitions/qualify/", data={})
    assert moved.status_code == 200, moved.content
    assert moved.json()["status"] == "UNDER_QUALIFICATION"
    again = api("paula", "post", f"study-sites/{cast.madrid.pk}/transitions/qualify/", data={})
    assert again.status_code == 409


def test_the_schema_is_open_api_3_1(client, db):
    answer = client.get("/api/v1/schema/?format=json")
    assert answer.status_code == 200
    assert client.get("/api/v1/docs/").status_code == 200
    assert client.get("/healthz").status_code == 200
