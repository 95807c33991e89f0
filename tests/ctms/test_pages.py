"""Lists, records, forms, moves and history, as people meet them."""

import pytest

from ctms.audit.context import acting_as
from studies.models import Milestone


@pytest.fixture
def milestone(cast):
    with acting_as(cast.paula):
        return Milestone.objects.create(
            study=cast.vel, name="Sponsor kick-off", kind="KICK_OFF", planned_on="2026-03-17"
        )


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/studies/", "/study-sites/", "/study-countries/", "/milestones/"),
        *("/planned-visits/", "/protocol-versions/", "/notices/", "/journal/"),
    ],
)
def test_a_page_opens_for_a_project_manager(cast, client, milestone, address):
    client.force_login(cast.paula)
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:500]


def test_a_study_shows_its_facts_and_its_tabs(cast, client, milestone):
    client.force_login(cast.paula)
    for address in ("", "study-sites/", "milestones/", "planned-visits/", "history/", "edit/"):
        answer = client.get(f"/studies/{cast.vel.pk}/{address}")
        assert answer.status_code == 200, (address, answer.content.decode()[:500])
        assert "VEL-301" in answer.content.decode()


def test_a_milestone_is_made_changed_with_a_reason_and_reached(cast, client):
    client.force_login(cast.paula)
    answer = client.post(
        "/milestones/new/",
        {
            "study": cast.vel.pk,
            "kind": "KICK_OFF",
            "name": "Kick-off",
            "planned_on": "2026-03-17",
            "planned_precision": "DAY",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    milestone = Milestone.objects.visible_to(cast.paula).get()
    edit = {
        "kind": "KICK_OFF",
        "name": "Kick-off",
        "planned_on": "2026-04-01",
        "planned_precision": "DAY",
        "version": milestone.version,
    }
    assert client.post(f"/milestones/{milestone.pk}/edit/", edit).status_code == 422
    assert (
        client.post(f"/milestones/{milestone.pk}/edit/", {**edit, "reason": "The sponsor asked"}).status_code
        == 302
    )
    # Two tabs: the second still looks at the first version.
    answer = client.post(f"/milestones/{milestone.pk}/edit/", {**edit, "name": "Other", "reason": "x"})
    assert answer.status_code == 409
    assert (
        client.post(
            f"/milestones/{milestone.pk}/transitions/complete/", {"happened_on": "2026-04-02"}
        ).status_code
        == 302
    )
    milestone = Milestone.objects.visible_to(cast.paula).get()
    assert milestone.status == "COMPLETED"
    assert str(milestone.actual_on) == "2026-04-02"
    answer = client.post(f"/milestones/{milestone.pk}/transitions/complete/", {"happened_on": "2026-04-02"})
    assert answer.status_code == 409
    page = client.get(f"/milestones/{milestone.pk}/history/").content.decode()
    assert "The sponsor asked" in page
    assert "1 Apr 2026" in page
    assert "Paula Marsh" in page


def test_a_stranger_gets_404_and_a_cra_a_refusal_with_a_sentence(cast, client, milestone):
    client.force_login(cast.stella)
    assert client.get(f"/milestones/{milestone.pk}/").status_code == 404
    client.force_login(cast.carla)
    assert client.get(f"/milestones/{milestone.pk}/").status_code == 200
    answer = client.get(f"/milestones/{milestone.pk}/edit/")
    assert answer.status_code == 403
    assert "Project manager" in answer.content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_export_holds_exactly_the_rows_on_the_page(cast, client, milestone, kind):
    client.force_login(cast.paula)
    answer = client.get(f"/milestones/?export={kind}&q=kick")
    assert answer.status_code == 200
    if kind == "csv":
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert len(lines) == 2
        assert "2026-03-17" in lines[1] or "17 Mar 2026" in lines[1]
