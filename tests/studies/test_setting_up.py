"""A new study is set up by a project manager: its countries, its sites, its protocol, each in its own study."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory

from ctms.audit.context import acting_as
from ctms.calendar.zones import zone_choices, zone_named
from ctms.errors import server_error
from directory.models import Country
from studies.models import StudySite


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
