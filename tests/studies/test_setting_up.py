"""A new study is set up by a project manager: its countries, its sites, its protocol, each in its own study."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory

from ctms.audit.context import acting_as
from ctms.calendar.zones import zone_choices, zone_named
from ctms.errors import server_error
from directory.models import Country
from studies.models import Epoch, PlannedVisit, ProtocolVersion, StudyCountry, StudySite
from studies.services.opening import open_study


def test_a_time_zone_of_a_site_is_chosen_and_never_typed(cast, client):
    client.force_login(cast.paula)
    form = client.get("/study-sites/new/").content.decode()
    assert '<option value="Europe/Madrid">' in form
    assert "The zone of its country" in form
    asked = {"country": cast.spain.pk, "organization": cast.hospital_madrid.pk, "number": "2009"}
    answer = client.post("/study-sites/new/", asked | {"zone": "Madrid"})
    assert "Madrid is not one of the available choices" in answer.content.decode()
    assert client.post("/study-sites/new/", asked | {"zone": "Atlantic/Canary"}).status_code == 302
    site = StudySite.objects.visible_to(cast.paula).get(number="2009")
    assert str(site.time_zone()) == "Atlantic/Canary"


def test_a_zone_nobody_knows_is_refused_by_the_model_and_by_the_database(cast):
    cast.madrid.zone = "Madrid"
    with pytest.raises(ValidationError, match="Madrid is no time zone"):
        cast.madrid.full_clean()
    spain = Country.objects.get(pk="ES")
    for record, field in ((cast.madrid, "zone"), (spain, "time_zone"), (cast.paula, "time_zone")):
        refused = pytest.raises(IntegrityError, match="Madrid is no time zone")
        with refused, acting_as(cast.paula, reason="Typed"), transaction.atomic():
            type(record)._base_manager.filter(pk=record.pk).update(**{field: "Madrid"})


def test_a_zone_stored_wrongly_long_ago_keeps_no_page_from_being_read(cast):
    cast.madrid.zone = "Madrid"
    assert cast.madrid.time_zone() == cast.spain.nation.zone
    assert str(zone_named("../etc/passwd")) == "UTC"
    assert str(zone_named("Europe/Madrid")) == "Europe/Madrid"


def test_every_zone_that_is_offered_is_one_the_database_knows(cast):
    offered = [zone for zone, _label in zone_choices()]
    assert len(offered) > 400
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_timezone_names WHERE name = ANY(%s)", [offered])
        assert {name for (name,) in cursor.fetchall()} == set(offered)


def test_an_error_page_says_that_nothing_was_saved_only_where_something_was_to_be():
    asked = RequestFactory()
    assert "could not be shown" in server_error(asked.get("/studies/")).content.decode()
    assert "Nothing was saved" not in server_error(asked.get("/studies/")).content.decode()
    assert "Nothing was saved by this step" in server_error(asked.post("/studies/")).content.decode()


# --- the first country, the first site --------------------------------------------------------------


@pytest.fixture
def new_study(cast):
    return open_study(
        actor=cast.paula, on=datetime.date(2026, 3, 2), protocol_number="FRS-101", short_name="F"
    )


def test_a_new_study_leads_to_its_first_country_and_then_to_its_first_site(cast, client, new_study):
    client.force_login(cast.paula)
    overview = client.get(f"/studies/{new_study.pk}/").content.decode()
    assert f'href="/studies/{new_study.pk}/study-countries/"' in overview
    assert f"/study-countries/new/?study={new_study.pk}" in overview
    sites = client.get(f"/studies/{new_study.pk}/study-sites/").content.decode()
    assert sites.count("Add a country</a>") == 2, "in the title line, and where the list is empty"
    form = f"/study-countries/new/?study={new_study.pk}"
    assert "FRS-101" in client.get(form).content.decode()
    client.post(form, {"study": new_study.pk, "nation": "ES"})
    countries = client.get(f"/studies/{new_study.pk}/study-countries/").content.decode()
    assert "Spain" in countries
    sites = client.get(f"/studies/{new_study.pk}/study-sites/").content.decode()
    assert sites.count("Add a country</a>") == 1
    assert sites.count("Add a site</a>") == 2


def test_whoever_may_not_add_a_country_is_led_to_no_form(cast, client):
    client.force_login(cast.carla)
    assert "Add a country" not in client.get(f"/studies/{cast.vel.pk}/").content.decode()
    assert "Add a country" not in client.get(f"/studies/{cast.vel.pk}/study-sites/").content.decode()
    assert client.get(f"/study-countries/new/?study={cast.vel.pk}").status_code == 403


def test_the_search_finds_how_to_add_a_country_in_the_study_that_is_named(cast, client):
    client.force_login(cast.paula)
    found = client.get("/search/", {"q": "VEL-301 add country"}).content.decode()
    assert f"/study-countries/new/?study={cast.vel.pk}" in found
    assert (
        f"/study-sites/new/?study={cast.vel.pk}"
        in client.get("/search/", {"q": "VEL-301 add site"}).content.decode()
    )


def test_only_a_study_has_a_tab_of_countries(cast, client):
    client.force_login(cast.paula)
    assert client.get(f"/studies/{cast.vel.pk}/study-countries/").status_code == 200
    assert client.get(f"/study-sites/{cast.madrid.pk}/study-countries/").status_code == 404
    assert "Countries</a>" not in client.get(f"/study-sites/{cast.madrid.pk}/study-sites/").content.decode()


# --- a form knows its study --------------------------------------------------------------------------


def test_a_site_added_inside_a_study_is_offered_the_countries_of_that_study_only(cast, client, new_study):
    client.force_login(cast.paula)
    with acting_as(cast.paula):
        ours = StudyCountry.objects.create(study=new_study, nation_id="ES")
    page = client.get(f"/studies/{new_study.pk}/study-sites/").content.decode()
    assert (
        f"/study-sites/new/?back=%2Fstudies%2F{new_study.pk}%2Fstudy-sites%2F&amp;study={new_study.pk}"
        in page
    )
    address = f"/study-sites/new/?study={new_study.pk}"
    answer = client.get(address)
    assert list(answer.context["form"].fields["country"].queryset) == [ours]
    assert answer.context["study"] == new_study, "the header of the study stays"
    asked = {"organization": cast.hospital_madrid.pk, "number": "3001", "zone": ""}
    refused = client.post(address, asked | {"country": cast.spain.pk})
    assert "not one of the available choices" in refused.content.decode()
    assert refused.context["study"] == new_study
    assert client.post(address, asked | {"country": ours.pk}).status_code == 302


def test_outside_of_a_study_equal_names_are_told_apart_by_their_study(cast, client, new_study):
    client.force_login(cast.paula)
    with acting_as(cast.paula):
        StudyCountry.objects.create(study=new_study, nation_id="ES")
    answer = client.get("/study-sites/new/")
    offered = {label for _key, label in answer.context["form"].fields["country"].choices}
    assert {"FRS-101 · Spain", "VEL-301 · Spain", "VEL-301 · Germany"} <= offered
    assert answer.context["last_study"] is None, "no study is named above a form that is in none"


def test_who_works_in_one_study_reads_its_number_in_no_choice(cast, client):
    client.force_login(cast.lena)
    offered = [
        label for _key, label in client.get("/study-sites/new/").context["form"].fields["country"].choices
    ]
    assert "Spain" in offered


def test_a_study_the_person_does_not_see_opens_no_form_and_no_header(cast, client):
    client.force_login(cast.paula)
    answer = client.get(f"/study-sites/new/?study={cast.cor.pk}")
    assert "COR-207" not in answer.content.decode()
    assert cast.poland not in answer.context["form"].fields["country"].queryset


def test_a_record_is_changed_among_the_records_of_its_own_study(cast, client, new_study):
    with acting_as(cast.paula):
        epoch = Epoch.objects.create(study=cast.vel, name="Screening")
        Epoch.objects.create(study=new_study, name="Screening")
        visit = PlannedVisit.objects.create(study=cast.vel, name="V1", epoch=epoch)
    client.force_login(cast.paula)
    form = client.get(f"/planned-visits/{visit.pk}/edit/").context["form"]
    assert list(form.fields["epoch"].queryset) == [epoch]


def test_a_list_filtered_to_one_study_makes_the_next_record_in_that_study(cast, client):
    client.force_login(cast.paula)
    assert f"study={cast.vel.pk}" in client.get(f"/study-sites/?study={cast.vel.pk}").context["new_url"]


# --- the effective protocol --------------------------------------------------------------------------


def test_the_way_to_an_effective_protocol_leads_from_the_activation_and_the_overview_to_the_form(
    cast, client
):
    client.force_login(cast.paula)
    new = f"/protocol-versions/new/?study={cast.vel.pk}"
    for address in (
        f"/studies/{cast.vel.pk}/",
        f"/study-sites/{cast.madrid.pk}/",
        f"/study-sites/{cast.madrid.pk}/activation/",
    ):
        assert new in client.get(address).content.decode(), address
    answer = client.get(f"{new}&back=/study-sites/{cast.madrid.pk}/activation/")
    assert answer.context["study"] == cast.vel
    client.post(new, {"study": cast.vel.pk, "label": "1.0"})
    draft = ProtocolVersion.objects.visible_to(cast.paula).get()
    page = client.get(f"/study-sites/{cast.madrid.pk}/activation/").content.decode()
    assert new not in page
    assert f'href="/protocol-versions/{draft.pk}/"' in page
    assert "Make Protocol 1.0 effective" in page


def test_a_monitor_is_offered_no_protocol_version_to_add(cast, client):
    client.force_login(cast.carla)
    for address in (f"/studies/{cast.vel.pk}/", f"/study-sites/{cast.madrid.pk}/activation/"):
        assert "/protocol-versions/new/" not in client.get(address).content.decode()
