"""Whether a row is of the unblinded circle is a column for who may see such rows, and for nobody else."""

import csv
import io

import pytest

from ctms.access.access import access_of
from ctms.pages.columns import BLINDING, columns_for
from ctms.pages.listing import LISTINGS
from studies.services.team import assign
from tests.cast import LONG_AGO

pytestmark = pytest.mark.django_db

VISITS, BUDGETS = LISTINGS["monitoring-visits"], LISTINGS["budgets"]


def heads_exported(client, address):
    content = client.get(address).content.decode("utf-8-sig")
    return next(csv.reader(io.StringIO(content)))


def test_the_circle_is_told_of_each_row_and_the_blinded_have_no_such_column(house, cast, client):
    for who, told in (("uma", True), ("ursula", True), ("ada", True), ("carla", False), ("quentin", False)):
        client.force_login(cast.people[who])
        for address in (
            "/monitoring-visits/",
            "/documents/",
            "/contact-log/",
            f"/studies/{cast.vel.pk}/documents/",
        ):
            assert ("Unblinded" in heads_exported(client, f"{address}?export=csv")) is told, (who, address)
            assert (">Unblinded<" in client.get(address).content.decode()) is told, (who, address)


def test_the_column_is_not_to_be_had_by_asking_for_it(house, cast, client):
    client.force_login(cast.carla)
    for asked in ("columns=label,unblinded", "sort=unblinded"):
        page = client.get(f"/monitoring-visits/?{asked}").content.decode()
        assert ">Unblinded<" not in page
        assert heads_exported(client, f"/monitoring-visits/?{asked}&export=csv").count("Unblinded") == 0


def test_who_is_unblinded_in_a_role_that_sees_no_such_rows_is_blinded_here(house, cast):
    """Stella monitors COR-207 in its circle and manages VEL-301 outside of it: budgets are the manager's to see."""
    system = type(cast.stella).objects.system()
    given = {"actor": system, "user": cast.stella, "starts_on": LONG_AGO, "trained_on": LONG_AGO}
    assign(**given, role="cra", place=cast.cor, unblinded=True)
    assign(**given, role="project_manager", place=cast.vel)
    stella = cast.fresh("stella")
    assert access_of(stella).is_in_a_circle

    def shown(listing):
        return {column.path for column in columns_for(stella, listing.every_column(), listing.model())}

    assert BLINDING in shown(VISITS)
    assert BLINDING not in shown(BUDGETS)


def test_rows_that_are_never_unblinded_have_no_such_column_for_anybody():
    assert BLINDING not in {column.path for column in LISTINGS["milestones"].every_column()}
