"""Unblinding is one way: by the page, by a service, for the whole house and by SQL."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, connection, transaction

from ctms.access.access import access_of
from ctms.access.models import PortfolioAssignment
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from studies.models import CountryAssignment, SiteAssignment, StudyAssignment
from studies.services.team import assign, assign_everywhere, end_assignment
from tests.cast import LONG_AGO

DAY = datetime.timedelta(days=1)
LAST_YEAR = datetime.date(2025, 6, 1)
REFUSED = "nobody is blinded in it again"


def give(user, place, *, unblinded=False, starts_on=LAST_YEAR, ends_on=None, role="cra"):
    return assign(
        actor=User.objects.system(),
        user=user,
        role=role,
        place=place,
        starts_on=starts_on,
        ends_on=ends_on,
        trained_on=starts_on,
        unblinded=unblinded,
    )


def ended(assignment, on):
    return end_assignment(actor=User.objects.system(), assignment=assignment, on=on, reason="Left")


def row(model, user, place, *, unblinded, starts_on=LAST_YEAR, ends_on=None, role="cra"):
    """Write an assignment past every rule of Python."""
    from django.contrib.auth.models import Permission

    permission = Permission.objects.get(
        codename=f"act_as_{role}",
        content_type__model=place._meta.model_name,
        content_type__app_label="studies",
    )
    with acting_as(User.objects.system(), reason="attack"), transaction.atomic():
        return model.objects.create(
            user=user,
            permission=permission,
            content_object=place,
            unblinded=unblinded,
            starts_on=starts_on,
            ends_on=ends_on,
            trained_on=starts_on,
        )


@pytest.mark.parametrize("place", ["vel", "spain", "madrid"])
def test_ended_and_assigned_anew_nobody_is_blinded_again_at_any_level(cast, place):
    for inside in ("vel", "spain", "madrid"):
        user = cast.fresh("stella")
        with transaction.atomic():
            ended(give(user, cast.places[inside], unblinded=True), LAST_YEAR + 30 * DAY)
            with pytest.raises(ValidationError, match="can never be blinded"):
                give(user, cast.places[place], starts_on=LAST_YEAR + 60 * DAY)
            assert give(user, cast.places[place], unblinded=True, starts_on=LAST_YEAR + 60 * DAY).pk
            transaction.set_rollback(True)


def test_another_study_is_another_blinding(cast):
    give(cast.stella, cast.vel, unblinded=True)
    assert give(cast.stella, cast.cor).pk
    assert row(StudyAssignment, cast.stella, cast.kin, unblinded=False).pk


def test_nobody_is_let_into_the_circle_who_goes_on_working_outside_it(cast):
    blinded = give(cast.stella, cast.madrid)
    with pytest.raises(ValidationError, match="End those assignments before"):
        give(cast.stella, cast.vel, unblinded=True, starts_on=LAST_YEAR + 30 * DAY)
    ended(blinded, LAST_YEAR + 29 * DAY)
    assert give(cast.stella, cast.vel, unblinded=True, starts_on=LAST_YEAR + 30 * DAY).pk
    assert access_of(cast.fresh("stella")).is_unblinded_in(cast.vel.pk)


def test_a_role_of_the_whole_house_is_no_way_back(cast):
    with pytest.raises(ValidationError, match="can never be blinded"):
        assign_everywhere(actor=cast.ada, user=cast.uma, role="quality", starts_on=LAST_YEAR)
    with pytest.raises(ValidationError, match="works blinded"):
        assign_everywhere(
            actor=cast.ada, user=cast.carla, role="administrator", starts_on=LAST_YEAR, unblinded=True
        )
    # Ada reads everything unblinded; Quentin reads everything blinded.
    with pytest.raises(ValidationError, match="can never be blinded"):
        give(cast.ada, cast.vel, role="project_manager")
    with pytest.raises(ValidationError, match="works blinded"):
        give(cast.quentin, cast.vel, unblinded=True)
    assert assign_everywhere(
        actor=cast.ada, user=cast.uma, role="quality", starts_on=LAST_YEAR, unblinded=True
    ).pk


@pytest.mark.parametrize(
    ("model", "place"),
    [
        (StudyAssignment, "kin"),
        (CountryAssignment, "spain"),
        (SiteAssignment, "madrid"),
        (StudyAssignment, "vel"),
    ],
)
def test_the_database_refuses_what_python_forgot(cast, model, place):
    study = "kin" if place == "kin" else "vel"
    ended(give(cast.stella, cast.places[study], unblinded=True), LAST_YEAR + 30 * DAY)
    with pytest.raises(Error, match=REFUSED):
        row(
            model,
            cast.stella,
            cast.places[place],
            unblinded=False,
            starts_on=LAST_YEAR + 90 * DAY,
            role="start_up",
        )
    # What was before stays history: it ended before the circle opened.
    assert row(
        model, cast.stella, cast.places[place], unblinded=False, starts_on=LONG_AGO,
        ends_on=LAST_YEAR - DAY, role="start_up",
    ).pk  # fmt: skip


def test_the_database_lets_nobody_in_who_works_outside(cast):
    with pytest.raises(Error, match=REFUSED):
        row(StudyAssignment, cast.carla, cast.vel, unblinded=True)


def test_the_database_knows_the_roles_of_the_whole_house(cast):
    system = User.objects.system()

    def everywhere(user, *, unblinded):
        with acting_as(system, reason="attack"), transaction.atomic():
            return PortfolioAssignment.objects.create(
                user=user, role="quality", starts_on=LAST_YEAR, trained_on=LAST_YEAR, unblinded=unblinded
            )

    with pytest.raises(Error, match=REFUSED):
        everywhere(cast.uma, unblinded=False)
    with pytest.raises(Error, match=REFUSED):
        everywhere(cast.carla, unblinded=True)
    with pytest.raises(Error, match=REFUSED):
        row(SiteAssignment, cast.ada, cast.madrid, unblinded=False)
    assert everywhere(cast.uma, unblinded=True).pk


@pytest.mark.parametrize(
    "change",
    [
        "unblinded = false",
        "starts_on = starts_on + 900",
        "user_id = user_id + 1",
        "content_object_id = content_object_id + 1",
        "permission_id = permission_id + 1",
    ],
)
def test_what_an_assignment_gave_is_never_rewritten(cast, change):
    given = StudyAssignment.objects.get(user=cast.uma)
    with (
        acting_as(cast.ada, reason="attack"),
        pytest.raises(Error, match="Cannot update"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE studies_studyassignment SET {change} WHERE id = %s", [given.pk])


def test_an_end_is_never_moved_back_over_the_day_the_circle_opened(cast):
    blinded = give(cast.stella, cast.madrid, ends_on=LAST_YEAR + 10 * DAY)
    give(cast.stella, cast.vel, unblinded=True, starts_on=LAST_YEAR + 20 * DAY)
    with pytest.raises(Error, match=REFUSED), transaction.atomic():
        ended(blinded, LAST_YEAR + 30 * DAY)
    assert ended(blinded, LAST_YEAR + 5 * DAY).ends_on == LAST_YEAR + 5 * DAY
