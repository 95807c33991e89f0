"""Who sees what: by place, by blinding, by publishing; and what forgetting to ask costs."""

import pytest

from ctms.access.scoping import ScopeNotChosen
from studies.models import Study, StudySite


def test_a_site_cra_sees_her_study_country_and_site_and_no_other(cast, assert_sees):
    assert_sees(cast.carla, visible=[cast.vel, cast.spain, cast.madrid], hidden=[cast.cor, cast.germany, cast.berlin, cast.krakow])


def test_a_project_manager_sees_all_of_her_study_and_nothing_of_another_sponsor(cast, assert_sees):
    assert_sees(cast.paula, visible=[cast.vel, cast.spain, cast.germany, cast.madrid, cast.berlin], hidden=[cast.cor, cast.krakow, cast.kin])


def test_reading_without_choosing_a_scope_is_an_exception(cast):
    with pytest.raises(ScopeNotChosen):
        list(Study.objects.all())
    with pytest.raises(ScopeNotChosen):
        StudySite.objects.filter(number="2003").exists()
