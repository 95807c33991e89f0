"""The team of a study: who works where, who says so, and what is not told about it."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from ctms.access.access import access_of
from monitoring.services import plan_visit
from studies.models import CountryAssignment, SiteAssignment, StudyAssignment
from studies.services.roster import Standing, team_of
from studies.services.team import assign, end_assignment, open_duties, record_training
from tests.cast import LONG_AGO

TODAY = datetime.date(2026, 3, 17)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def seventeenth_of_march():
    with time_machine.travel("2026-03-17T10:00Z", tick=False):
        yield


def carlas():
    return SiteAssignment.objects.get(user__username="carla")


def assignments():
    models = (StudyAssignment, CountryAssignment, SiteAssignment)
    return sorted(str(row) for model in models for row in model.objects.values_list())


def values(cast, **changed):
    return {
        "user": cast.stella.pk,
        "role": "cra",
        "place": f"site-{cast.madrid.pk}",
        "starts_on": "2026-03-17",
        "trained_on": "2026-03-01",
        **changed,
    }


def post(client, cast, **changed):
    return client.post(f"/studies/{cast.vel.pk}/team/assign/", values(cast, **changed))


# --- reading -----------------------------------------------------------------------------------------


def test_the_team_is_a_tab_of_study_country_and_site(cast, client):
    client.force_login(cast.paula)
    for address in (
        f"/studies/{cast.vel.pk}/",
        f"/study-countries/{cast.spain.pk}/",
        f"/study-sites/{cast.madrid.pk}/",
    ):
        assert f"{address}team/" in client.get(address).content.decode()
        page = client.get(f"{address}team/").content.decode()
        assert "Carla Ruiz" in page
        assert "Paula Marsh" in page
        assert "Quentin Hale" in page
        assert "Every study" in page
    assert "Chris Vogel" in client.get(f"/studies/{cast.vel.pk}/team/").content.decode()
    assert "Chris Vogel" not in client.get(f"/study-sites/{cast.madrid.pk}/team/").content.decode()


def test_a_cra_of_one_site_sees_who_works_above_and_beside_her_there_only(cast, client):
    client.force_login(cast.carla)
    page = client.get(f"/studies/{cast.vel.pk}/team/").content.decode()
    assert "Paula Marsh" in page
    assert "Carla Ruiz" in page
    assert "Chris Vogel" not in page
    assert "Assign a person" not in page


@pytest.mark.parametrize(
    ("who", "status"), [("stella", 404), ("pavel", 404), ("simone", 404), ("sam", 404), ("quentin", 200)]
)
def test_who_may_read_the_team(cast, client, who, status):
    client.force_login(cast.people[who])
    answer = client.get(f"/studies/{cast.vel.pk}/team/")
    assert answer.status_code == status
    if status == 403:
        assert "Sponsor" in answer.content.decode()
        assert f"/studies/{cast.vel.pk}/team/" not in client.get(f"/studies/{cast.vel.pk}/").content.decode()


def test_who_is_unblinded_is_told_inside_the_circle_only(cast, client):
    for who, told in (("paula", False), ("carla", False), ("quentin", False), ("uma", True), ("ada", True)):
        client.force_login(cast.people[who])
        page = client.get(f"/studies/{cast.vel.pk}/team/").content.decode()
        assert "Uma Okafor" in page
        assert ("nblinded" in page) is told, who


def test_the_team_of_a_day_is_who_had_access_then(cast, client):
    end_assignment(actor=cast.ada, assignment=carlas(), on=TODAY, reason="Moved", decided_on=TODAY)
    assign(actor=cast.ada, user=cast.stella, role="cra", place=cast.madrid, starts_on=TODAY + DAY)
    client.force_login(cast.paula)
    page = client.get(f"/study-sites/{cast.madrid.pk}/team/?on=2026-03-17").content.decode()
    assert "Carla Ruiz" in page
    assert "Team with access on 17 Mar 2026" in page
    page = client.get(f"/study-sites/{cast.madrid.pk}/team/?on=2026-03-18").content.decode()
    assert "Carla Ruiz" not in page
    assert "Stella" not in page, "her training is not recorded, so she has no access"
    long_ago = client.get(f"/studies/{cast.vel.pk}/team/?on=2023-12-31").content.decode()
    assert "Lena Brandt" not in long_ago
    answer = client.get(f"/studies/{cast.vel.pk}/team/?on=<b>17 March")
    assert answer.status_code == 422
    assert "is no day" in answer.content.decode()
    assert "<b>17" not in answer.content.decode()


def test_each_assignment_stands_where_it_belongs(cast):
    system = type(cast.ada).objects.system()
    given = {"actor": system, "user": cast.stella, "role": "cra"}
    assign(**given, place=cast.madrid, starts_on=LONG_AGO)
    assign(**given, place=cast.spain, starts_on=TODAY + DAY, trained_on=LONG_AGO)
    assign(**given, place=cast.berlin, starts_on=LONG_AGO, ends_on=TODAY - DAY, trained_on=LONG_AGO)
    stood = {
        m.place: m.standing for m in team_of(cast.paula, cast.vel, TODAY) if m.assignment.user == cast.stella
    }
    expected = {cast.madrid: Standing.UNTRAINED, cast.spain: Standing.PLANNED, cast.berlin: Standing.ENDED}
    assert stood == expected


def test_the_number_of_queries_does_not_grow_with_the_team(cast, client, django_assert_max_num_queries):
    system = type(cast.ada).objects.system()
    for person in ("stella", "pavel", "simone"):
        for place in (cast.madrid, cast.berlin, cast.spain, cast.germany):
            assign(actor=system, user=cast.people[person], role="quality", place=place, starts_on=LONG_AGO)
    client.force_login(cast.paula)
    client.get(f"/studies/{cast.vel.pk}/team/")
    with django_assert_max_num_queries(24):
        client.get(f"/studies/{cast.vel.pk}/team/")


# --- assigning ---------------------------------------------------------------------------------------


def test_a_second_cra_is_assigned_and_sees_the_site(cast, client):
    client.force_login(cast.paula)
    assert client.get(f"/studies/{cast.vel.pk}/team/assign/").status_code == 200
    answer = post(client, cast, share_of_time="40", ends_on="2026-12-31")
    assert answer.status_code == 302, answer.content.decode()
    given = SiteAssignment.objects.get(user=cast.stella)
    assert (given.role, given.unblinded, given.share_of_time) == ("cra", False, 40)
    event = given.events.order_by("pgh_id").last()
    assert event.pgh_context["actor_name"] == "Paula Marsh"
    assert "Clinical research associate" in event.pgh_context["reason"]
    client.force_login(cast.stella)
    assert client.get(f"/study-sites/{cast.madrid.pk}/").status_code == 200
    assert client.get(f"/study-sites/{cast.berlin.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("carla", 403), ("lena", 403), ("quentin", 403), ("sam", 404), ("stella", 404), ("pavel", 404)],
)
def test_who_does_not_run_the_study_assigns_nobody(cast, client, who, status):
    client.force_login(cast.people[who])
    before = assignments()
    address = f"/studies/{cast.vel.pk}/team/"
    pk = carlas().pk
    for page in ("assign/", f"site/{pk}/end/", f"site/{pk}/training/"):
        for answer in (client.get(address + page), client.post(address + page, values(cast, reason="x"))):
            assert answer.status_code == status, page
            if status == 403:
                assert "Project manager" in answer.content.decode()
    assert assignments() == before


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"starts_on": "2026-03-16"}, "starts_on", "days that have passed"),
        ({"starts_on": ""}, "starts_on", "required"),
        ({"ends_on": "2026-03-01"}, "ends_on", "before the first"),
        ({"trained_on": "2026-03-18"}, "trained_on", "lies ahead"),
        ({"role": "administrator"}, "role", "valid choice"),
        ({"role": "emperor"}, "role", "valid choice"),
        ({"place": "study-1"}, "place", "valid choice"),
        ({"share_of_time": "140"}, "share_of_time", "100"),
        ({"user": "999999"}, "user", "valid choice"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_written(cast, client, changed, field, sentence):
    client.force_login(cast.paula)
    before = assignments()
    answer = post(client, cast, **changed)
    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors[field])
    assert assignments() == before


def test_a_place_of_another_study_is_no_choice(cast, client):
    client.force_login(cast.paula)
    answer = post(client, cast, place=f"site-{cast.krakow.pk}")
    assert answer.status_code == 422
    assert "place" in answer.context["form"].errors


def test_the_same_role_twice_at_one_time_is_refused_with_a_sentence(cast, client):
    client.force_login(cast.paula)
    answer = post(client, cast, user=cast.carla.pk)
    assert answer.status_code == 422
    assert "already holds this role here" in answer.content.decode()


def test_nobody_assigns_themselves_or_makes_an_administrator_of_one_study(cast, client):
    for person in ("paula", "ada"):
        client.force_login(cast.people[person])
        answer = post(client, cast, user=cast.people[person].pk)
        assert answer.status_code == 422, "not offered"
        with pytest.raises(PermissionDenied, match="Nobody assigns themselves"):
            assign(
                actor=cast.people[person],
                user=cast.people[person],
                role="clinical_lead",
                place=cast.vel,
                starts_on=TODAY,
            )
    with pytest.raises(ValidationError, match="whole house"):
        assign(actor=cast.paula, user=cast.stella, role="administrator", place=cast.vel, starts_on=TODAY)
    assert not access_of(cast.fresh("stella")).roles


def test_who_manages_one_country_assigns_there_and_not_above(cast, client):
    system = type(cast.ada).objects.system()
    assign(
        actor=system,
        user=cast.stella,
        role="project_manager",
        place=cast.spain,
        starts_on=TODAY,
        trained_on=TODAY,
    )
    stella = cast.fresh("stella")
    client.force_login(stella)
    page = client.get(f"/studies/{cast.vel.pk}/team/assign/").content.decode()
    assert f"site-{cast.madrid.pk}" in page
    assert "Whole study" not in page
    assert f"site-{cast.berlin.pk}" not in page
    for place in (cast.vel, cast.germany, cast.berlin):
        with pytest.raises(PermissionDenied):
            assign(actor=stella, user=cast.simone, role="cra", place=place, starts_on=TODAY)
    assert assign(actor=stella, user=cast.simone, role="cra", place=cast.madrid, starts_on=TODAY).pk


# --- the unblinded circle ----------------------------------------------------------------------------


def test_who_is_outside_the_circle_lets_nobody_in(cast, client):
    client.force_login(cast.paula)
    assert "nblinded" not in client.get(f"/studies/{cast.vel.pk}/team/assign/").content.decode()
    post(client, cast, unblinded="on")
    assert not SiteAssignment.objects.get(user=cast.stella).unblinded, "a field nobody offered is not read"
    with pytest.raises(ValidationError, match="unblinded circle"):
        assign(
            actor=cast.paula, user=cast.simone, role="cra", place=cast.madrid, starts_on=TODAY, unblinded=True
        )


def test_an_administrator_lets_somebody_into_the_circle(cast, client):
    client.force_login(cast.ada)
    assert post(client, cast, unblinded="on").status_code == 302
    assert SiteAssignment.objects.get(user=cast.stella).unblinded


def test_once_unblinded_never_blinded_again_and_the_reason_is_told_inside_the_circle_only(cast, client):
    for person, sentence in (("ada", "never be blinded"), ("paula", "an administrator can say why")):
        client.force_login(cast.people[person])
        answer = post(client, cast, user=cast.uma.pk)
        assert answer.status_code == 422
        assert sentence in str(answer.context["form"].errors["user"])
        assert ("blinded" in str(answer.context["form"].errors)) is (person == "ada")
    assert not SiteAssignment.objects.filter(user=cast.uma).exists()


# --- ending and training -----------------------------------------------------------------------------


def test_an_ended_assignment_ends_access_the_next_day_with_a_sentence(cast, client):
    client.force_login(cast.paula)
    end = f"/studies/{cast.vel.pk}/team/site/{carlas().pk}/end/"
    assert client.get(end).status_code == 200
    assert client.post(end, {"ends_on": "2026-03-17", "reason": ""}).status_code == 422
    assert client.post(end, {"ends_on": "2026-03-17", "reason": "Leaves the house"}).status_code == 302
    event = carlas().events.order_by("pgh_id").last()
    assert event.pgh_context["reason"] == "Leaves the house"
    client.force_login(cast.carla)
    assert client.get(f"/study-sites/{cast.madrid.pk}/").status_code == 200
    with time_machine.travel("2026-03-18T10:00Z", tick=False):
        client.logout()
        client.force_login(cast.carla)
        answer = client.get(f"/study-sites/{cast.madrid.pk}/")
        assert answer.status_code == 403
        assert "ended on 17 Mar 2026" in answer.content.decode()


def test_access_that_was_there_is_not_taken_back(cast, client):
    client.force_login(cast.paula)
    end = f"/studies/{cast.vel.pk}/team/site/{carlas().pk}/end/"
    answer = client.post(end, {"ends_on": "2026-03-15", "reason": "x"})
    assert answer.status_code == 422
    assert "not taken back" in str(answer.context["form"].errors["ends_on"])
    assert client.post(end, {"ends_on": "2026-03-16", "reason": "Left yesterday"}).status_code == 302
    answer = client.post(end, {"ends_on": "2026-12-31", "reason": "Back"})
    assert answer.status_code == 422
    assert "assign the person anew" in str(answer.context["form"].errors["ends_on"])


def test_what_is_still_open_is_listed_before_an_assignment_ends(cast, client):
    visit = plan_visit(
        actor=cast.paula,
        on=TODAY,
        site=cast.madrid,
        visit_type="IMV",
        method="ON_SITE",
        planned_start_on=TODAY + DAY,
        planned_end_on=TODAY + DAY,
        primary_monitor=cast.carla,
    )
    client.force_login(cast.paula)
    page = client.get(f"/studies/{cast.vel.pk}/team/site/{carlas().pk}/end/").content.decode()
    assert "1 open duty" in page
    assert str(visit) in page
    assert open_duties(of=cast.carla, place=cast.berlin, seen_by=cast.paula) == []


def test_an_unblinded_visit_is_no_duty_a_blinded_reader_is_told_of(cast):
    plan_visit(
        actor=cast.ursula,
        on=TODAY,
        site=cast.madrid,
        visit_type="IMV",
        method="ON_SITE",
        planned_start_on=TODAY + DAY,
        planned_end_on=TODAY + DAY,
        primary_monitor=cast.uma,
        unblinded=True,
    )
    assert open_duties(of=cast.uma, place=cast.vel, seen_by=cast.paula) == []
    assert len(open_duties(of=cast.uma, place=cast.vel, seen_by=cast.ursula)) == 1


def test_training_recorded_later_gives_access(cast, client):
    client.force_login(cast.paula)
    assert post(client, cast, trained_on="").status_code == 302
    given = SiteAssignment.objects.get(user=cast.stella)
    page = client.get(f"/studies/{cast.vel.pk}/team/").content.decode()
    assert "training is not recorded" in page
    assert not cast.fresh("stella").has_perm("studies.view_study")
    train = f"/studies/{cast.vel.pk}/team/site/{given.pk}/training/"
    answer = client.post(train, {"trained_on": "2026-03-20", "reason": "x"})
    assert "lies ahead" in str(answer.context["form"].errors["trained_on"])
    assert (
        client.post(train, {"trained_on": "2026-03-17", "reason": "Certificate on file"}).status_code == 302
    )
    assert cast.fresh("stella").has_perm("studies.view_study")
    answer = client.post(train, {"trained_on": "2026-03-01", "reason": "earlier"})
    assert "recorded already" in str(answer.context["form"].errors["trained_on"])
    own = StudyAssignment.objects.get(user=cast.paula)
    with pytest.raises(PermissionDenied, match="their own training"):
        record_training(actor=cast.paula, assignment=own, trained_on=TODAY, reason="x", decided_on=TODAY)


def test_an_assignment_of_another_study_is_not_found_under_this_one(cast, client):
    client.force_login(cast.paula)
    foreign = StudyAssignment.objects.get(user=cast.pavel)
    for kind in ("study", "house", "nothing"):
        address = f"/studies/{cast.vel.pk}/team/{kind}/{foreign.pk}/end/"
        answer = client.post(address, {"ends_on": "2026-03-17", "reason": "x"})
        assert answer.status_code == 404
    assert StudyAssignment.objects.get(pk=foreign.pk).ends_on is None
