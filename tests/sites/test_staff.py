"""Who leads a site on a day."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, transaction

from ctms.audit.context import acting_as
from directory.models import Person
from sites.models import SiteRole, SiteStaff
from sites.services import principal_investigator

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
