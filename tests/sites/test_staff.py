"""Who leads a site on a day."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, transaction

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from directory.models import Person
from sites.models import SiteRole, SiteStaff
from sites.reminders import GcpExpires
from sites.services import principal_investigator, replace_principal_investigator

FIRST = datetime.date(2025, 1, 1)
HANDED_OVER = datetime.date(2026, 3, 17)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def people(cast):
    with acting_as(cast.paula):
        moreno = Person.objects.create(title="Dr", given_name="Isabel", family_name="Moreno")
        vidal = Person.objects.create(title="Dr", given_name="Pablo", family_name="Vidal")
        lead(cast, moreno, FIRST, HANDED_OVER - DAY)
        lead(cast, vidal, HANDED_OVER, None)
    return moreno, vidal


def lead(cast, person, starts_on, ends_on, role=SiteRole.PRINCIPAL_INVESTIGATOR):
    return SiteStaff.objects.create(
        site=cast.madrid, person=person, role=role, starts_on=starts_on, ends_on=ends_on
    )


def test_the_principal_investigator_is_the_one_of_the_day(cast, people):
    moreno, vidal = people
    assert principal_investigator(cast.madrid, HANDED_OVER - DAY) == moreno
    assert principal_investigator(cast.madrid, HANDED_OVER) == vidal
    assert principal_investigator(cast.madrid, FIRST - DAY) is None
    assert principal_investigator(cast.berlin, HANDED_OVER) is None


def test_a_site_has_one_principal_investigator_at_a_time(cast, people):
    moreno, _vidal = people
    with acting_as(cast.paula):
        second = SiteStaff(
            site=cast.madrid, person=moreno, role=SiteRole.PRINCIPAL_INVESTIGATOR, starts_on=HANDED_OVER
        )
        with pytest.raises(ValidationError, match="another principal investigator"):
            second.full_clean()
        with pytest.raises(Error), transaction.atomic():
            second.save()
        lead(cast, moreno, HANDED_OVER, None, role=SiteRole.SUB_INVESTIGATOR)


def test_staff_is_seen_where_one_works_and_kept_by_the_cra(cast, people, assert_sees):
    rows = list(SiteStaff.objects.visible_to(cast.carla))
    assert len(rows) == 2
    for knowing in ("carla", "paula", "quentin"):
        assert_sees(cast.people[knowing], visible=rows)
    for other in ("chris", "pavel", "sam", "stella"):
        assert_sees(cast.people[other], hidden=rows)
    assert cast.carla.has_perm("sites.change_sitestaff", rows[0])
    assert not cast.quentin.has_perm("sites.change_sitestaff", rows[0])


# --- replacing the investigator ----------------------------------------------------------------------


def replaced(cast, person, starts_on, by="carla", reason="Moved to another hospital"):
    return replace_principal_investigator(
        actor=cast.people[by], site=cast.madrid, person=person, starts_on=starts_on, reason=reason
    )


def new_person(cast, given="Rosa", family="Gil"):
    with acting_as(cast.paula):
        return Person.objects.create(title="Dr", given_name=given, family_name=family)


def test_a_new_investigator_leads_from_the_day_without_gap_or_overlap(cast, people):
    _moreno, vidal = people
    day = HANDED_OVER + 30 * DAY
    new = replaced(cast, new_person(cast), day)
    assert principal_investigator(cast.madrid, day - DAY) == vidal
    assert principal_investigator(cast.madrid, day) == new.person
    assert new.ends_on is None
    former = SiteStaff.objects.visible_to(cast.carla).get(person=vidal)
    assert former.ends_on == day - DAY
    for row in (former, new):
        events = row.events.model.objects.visible_to(cast.carla).filter(pgh_obj=row)
        assert events.order_by("pgh_id").last().pgh_context["reason"] == "Moved to another hospital"


def test_a_sub_investigator_who_takes_over_is_one_no_longer(cast, people):
    person = new_person(cast)
    with acting_as(cast.paula):
        lead(cast, person, FIRST, None, role=SiteRole.SUB_INVESTIGATOR)
    day = HANDED_OVER + 30 * DAY
    replaced(cast, person, day)
    rows = SiteStaff.objects.visible_to(cast.carla).filter(person=person)
    assert [(row.role, row.ends_on) for row in rows.order_by("pk")] == [
        ("SUB_INVESTIGATOR", day - DAY),
        ("PRINCIPAL_INVESTIGATOR", None),
    ]


def test_what_would_leave_a_gap_or_meet_another_is_refused_and_nothing_is_written(cast, people):
    _moreno, vidal = people
    person = new_person(cast)
    for day, who, sentence in (
        (FIRST, person, "from a later day already"),
        (HANDED_OVER, person, "from a later day already"),
        (HANDED_OVER + DAY, vidal, "leads the site already"),
    ):
        with pytest.raises(ValidationError, match=sentence):
            replaced(cast, who, day)
    with acting_as(cast.paula, reason="Left"):
        row = SiteStaff.objects.visible_to(cast.paula).get(person=vidal)
        row.ends_on = HANDED_OVER + DAY
        row.save()
    with pytest.raises(ValidationError, match="there would be a gap"):
        replaced(cast, person, HANDED_OVER + 9 * DAY)
    assert SiteStaff.objects.visible_to(cast.carla).count() == 2


def test_who_keeps_no_staff_replaces_nobody(cast, people, client):
    person = new_person(cast)
    for by in ("quentin", "chris", "tara"):
        with pytest.raises(PermissionDenied):
            replaced(cast, person, HANDED_OVER + DAY, by=by)
    address = f"/study-sites/{cast.madrid.pk}/principal-investigator/"
    client.force_login(cast.quentin)
    assert client.get(address).status_code == 403
    client.force_login(cast.carla)
    assert address in client.get(f"/study-sites/{cast.madrid.pk}/site-staff/").content.decode()
    answer = client.post(address, {"person": person.pk, "starts_on": "2026-03-17", "reason": "Left"})
    assert answer.status_code == 422
    assert "from a later day already" in answer.content.decode()
    answer = client.post(address, {"person": person.pk, "starts_on": "2026-05-04", "reason": "Left"})
    assert answer.status_code == 302
    assert principal_investigator(cast.madrid, datetime.date(2026, 5, 4)) == person


def test_the_staff_tab_tells_who_led_the_site_on_a_day(cast, people, client):
    client.force_login(cast.carla)
    address = f"/study-sites/{cast.madrid.pk}/site-staff/"
    before = client.get(f"{address}?on=2026-03-16").content.decode()
    assert "Principal investigator on 16 Mar 2026: <strong>Dr Isabel Moreno</strong>" in before
    assert "Vidal" not in before
    after = client.get(f"{address}?on=2026-03-17").content.decode()
    assert "<strong>Dr Pablo Vidal</strong>" in after
    assert "Moreno" not in after
    assert (
        "Nobody was principal investigator on 31 Dec 2024"
        in client.get(f"{address}?on=2024-12-31").content.decode()
    )
    assert client.get(f"{address}?on=soon").status_code == 200


# --- qualification -----------------------------------------------------------------------------------


def test_tasks_and_training_are_kept_with_the_role(cast, people, client):
    row = SiteStaff.objects.visible_to(cast.carla).get(person=people[1])
    client.force_login(cast.carla)
    values = {
        "role": row.role,
        "starts_on": row.starts_on.isoformat(),
        "tasks": ["CONSENT", "ELIGIBILITY"],
        "gcp_trained_on": "2025-02-01",
        "gcp_expires_on": "2025-01-01",
        "reason": "Delegation log of March",
    }
    answer = client.post(f"/site-staff/{row.pk}/edit/", values)
    assert answer.status_code == 422
    assert "expires before it was held" in answer.content.decode()
    values["gcp_expires_on"] = "2028-02-01"
    assert client.post(f"/site-staff/{row.pk}/edit/", values).status_code == 302
    row.refresh_from_db()
    assert row.tasks == ["CONSENT", "ELIGIBILITY"]
    page = client.get(f"/site-staff/{row.pk}/").content.decode()
    assert "Informed consent, Eligibility" in page
    assert client.post(f"/site-staff/{row.pk}/edit/", {**values, "tasks": ["SURGERY"]}).status_code == 422


@pytest.mark.parametrize(
    ("days", "stage"), [(120, None), (90, "90"), (61, "90"), (60, "60"), (30, "30"), (0, "0"), (-5, "0")]
)
def test_training_that_runs_out_is_told_in_time(cast, people, days, stage):
    on = HANDED_OVER + 10 * DAY
    row = SiteStaff.objects.visible_to(cast.carla).get(person=people[1])
    with acting_as(cast.paula, reason="Certificate"):
        row.gcp_expires_on = on + days * DAY
        row.save()
    with everything("reminders are looked for as the system"):
        found = list(GcpExpires.due(on))
    if stage is None:
        assert found == []
        return
    (due,) = found
    assert due.key == f"{stage}/{row.gcp_expires_on.isoformat()}"
    assert cast.carla in due.people
    assert cast.chris not in due.people
    assert ("expired" if days < 0 else "expires") in due.text
