"""A new study is set up by a project manager: its countries, its sites, its protocol, each in its own study."""

import datetime

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory

from ctms.access.scoping import StudyOwned, everything
from ctms.audit.context import acting_as
from ctms.calendar.zones import zone_choices, zone_named
from ctms.errors import server_error
from directory.models import Country
from monitoring.models import MonitoringVisit
from monitoring.services import plan_visit
from studies.models import (
    Activity,
    Arm,
    Epoch,
    PlannedVisit,
    PlannedVisitActivity,
    ProtocolVersion,
    StudyCountry,
    StudySite,
)
from studies.services.opening import open_study
from subjects.models import Allocation, Consent, Subject, SubjectTransfer, SubjectVisit


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


# --- what belongs together lies in one study ---------------------------------------------------------


def test_the_epoch_and_version_of_another_study_are_refused_by_the_form_and_by_the_model(
    cast, client, new_study
):
    with acting_as(cast.paula):
        epoch = Epoch.objects.create(study=cast.vel, name="Screening")
        version = ProtocolVersion.objects.create(study=cast.vel, label="1.0")
    client.force_login(cast.paula)
    asked = {"study": new_study.pk, "sequence": 1, "name": "Visit 1", "epoch": epoch.pk}
    answer = client.post("/planned-visits/new/", asked | {"protocol_version": version.pk})
    assert answer.context["form"].errors == {
        "epoch": ["This epoch is of another study."],
        "protocol_version": ["This protocol version is of another study."],
    }
    with everything("whether it was saved all the same"):
        assert not PlannedVisit.objects.exists()


@pytest.fixture
def of_two_studies(cast, new_study):
    """Return {what: (a record of the new study as far as it is one, its key, a record of VEL-301)}."""
    with acting_as(cast.paula, reason="Two studies"):
        country = StudyCountry.objects.create(study=new_study, nation_id="ES")
        site = StudySite.objects.create(country=country, organization=cast.hospital_madrid, number="3001")
        subject = Subject.objects.create(site=site, number="3001-001")
        visit = PlannedVisit.objects.create(study=new_study, name="V1")
        theirs = {
            model: model.objects.create(study=cast.vel, **{name: "Theirs"})
            for model, name in (
                *((Epoch, "name"), (Arm, "name"), (Activity, "name"), (PlannedVisit, "name")),
                (ProtocolVersion, "label"),
            )
        }
    return {
        "the epoch of a planned visit": (visit, "epoch", theirs[Epoch]),
        "the protocol version of a planned visit": (visit, "protocol_version", theirs[ProtocolVersion]),
        "the heading of an activity": (Activity(study=new_study, name="A"), "group", theirs[Activity]),
        "an activity of a planned visit": (
            PlannedVisitActivity(planned_visit=visit),
            "activity",
            theirs[Activity],
        ),
        "the arm a subject is allocated to": (Allocation(subject=subject), "arm", theirs[Arm]),
        "the version a subject consents to": (
            Consent(subject=subject, signed_on="2026-03-17"),
            "protocol_version",
            theirs[ProtocolVersion],
        ),
        "the visit a subject is to make": (
            SubjectVisit(site=site, subject=subject, name="V1"),
            "planned_visit",
            theirs[PlannedVisit],
        ),
        "the site a subject is transferred to": (
            SubjectTransfer(
                subject=subject, from_site=site, transferred_on="2026-03-17", reason="Moved house"
            ),
            "to_site",
            cast.madrid,
        ),
    }


@pytest.mark.parametrize(
    "what",
    [
        "the epoch of a planned visit",
        "the protocol version of a planned visit",
        "the heading of an activity",
        "an activity of a planned visit",
        "the arm a subject is allocated to",
        "the version a subject consents to",
        "the visit a subject is to make",
        "the site a subject is transferred to",
    ],
)
def test_a_record_of_another_study_is_refused_by_model_and_database(cast, of_two_studies, what):
    record, key, theirs = of_two_studies[what]
    setattr(record, key, theirs)
    with pytest.raises(ValidationError, match="of another study"):
        record.clean_fields(exclude=())
    refused = pytest.raises(IntegrityError, match="of another study")
    with refused, acting_as(cast.paula, reason="Mixed up"), transaction.atomic():
        record.save()


def test_every_record_that_names_another_one_of_a_study_is_kept_to_its_own(db):
    """No key to a record of a study is left to the good will of a form."""
    kept = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if issubclass(model, StudyOwned)
        for field in model.kept_to_its_study()
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'pgtrigger_a_keeps_to_its%'"
        )
        guarded = {table for (table,) in cursor.fetchall()}
    assert {apps.get_model(label.rpartition(".")[0])._meta.db_table for label in kept} == guarded
    assert {
        "finance.Fee.planned_visit",
        "monitoring.ActionItem.raised_in",
        "documents.Document.replaces",
    } <= kept


def test_a_milestone_named_with_a_study_and_a_country_of_another_one_is_refused_and_not_moved(
    cast, client, new_study
):
    client.force_login(cast.paula)
    asked = {"study": new_study.pk, "country": cast.spain.pk, "kind": "KICK_OFF", "name": "Kick-off"}
    answer = client.post("/milestones/new/", asked)
    assert answer.context["form"].errors == {"country": ["This country is of another study."]}
    asked |= {"study": cast.vel.pk, "site": cast.berlin.pk}
    answer = client.post("/milestones/new/", asked)
    assert answer.context["form"].errors == {"site": ["This site is of another country."]}
    assert client.post("/milestones/new/", asked | {"country": cast.germany.pk}).status_code == 302


# --- a number that is taken --------------------------------------------------------------------------


def test_a_second_study_with_a_protocol_number_is_opened_by_who_says_that_it_is_one(cast, client):
    client.force_login(cast.paula)
    asked = {"protocol_number": "vel-301", "short_name": "Second"}
    form = client.get("/studies/new/").content.decode()
    assert "This is a second study" not in form
    answer = client.post("/studies/new/", asked)
    assert "Another study has the protocol number vel-301" in answer.content.decode()
    assert "This is a second study with this protocol number" in answer.content.decode()
    assert client.post("/studies/new/", asked | {"sponsor": cast.meridian.pk}).status_code == 422
    assert client.post("/studies/new/", asked | {"same_number": "on"}).status_code == 302
    same_sponsor = asked | {"same_number": "on", "sponsor": cast.northwind.pk}
    assert (
        "This sponsor has a study with this protocol number already."
        in client.post("/studies/new/", same_sponsor).content.decode()
    )


def test_sponsors_are_offered_before_the_hospitals(cast, client):
    client.force_login(cast.paula)
    offered = [label for _key, label in client.get("/studies/new/").context["form"].fields["sponsor"].choices]
    assert offered[1:3] == ["Meridian Biosciences", "Northwind Therapeutics"]
    assert "Klinikum am Fließ · Hospital or practice" in offered[3:]


# --- what a new study still needs --------------------------------------------------------------------


def test_a_study_in_planning_lists_its_next_steps_and_ticks_those_that_are_taken(cast, client, new_study):
    client.force_login(cast.paula)

    def steps():
        panels = client.get(f"/studies/{new_study.pk}/").context["panels"]
        return next(panel["steps"] for panel in panels if "steps" in panel)

    assert [(step.words, step.is_done) for step in steps()] == [
        ("Countries", False),
        ("Sites", False),
        ("Protocol version", False),
        ("Schedule of visits", False),
        ("Milestones", False),
        ("Team: somebody beside you", False),
        ("Sponsor budget", False),
    ]
    for step in steps():
        assert client.get(step.url).status_code == 200, step.words
    with acting_as(cast.paula):
        StudyCountry.objects.create(study=new_study, nation_id="ES")
    assert [step.words for step in steps() if step.is_done] == ["Countries"]
    assert steps()[0].url == f"/studies/{new_study.pk}/study-countries/"


def test_a_monitor_is_shown_no_steps_of_setting_up(cast, client):
    client.force_login(cast.carla)
    assert not [
        panel for panel in client.get(f"/studies/{cast.vel.pk}/").context["panels"] if "steps" in panel
    ]


# --- the next visit of a site ------------------------------------------------------------------------


def test_a_site_shows_its_next_visit_and_where_one_is_planned(cast, client):
    client.force_login(cast.carla)
    page = client.get(f"/study-sites/{cast.madrid.pk}/").content.decode()
    assert "No visit is planned." in page
    assert f"/monitoring-visits/new/?site={cast.madrid.pk}" in page
    far = datetime.date.today() + datetime.timedelta(days=30)
    visit = plan_visit(
        actor=cast.carla,
        on=datetime.date.today(),
        site=cast.madrid,
        visit_type="SQV",
        method="ON_SITE",
        planned_start_on=far,
        planned_end_on=far,
        primary_monitor=cast.carla,
    )
    assert (
        f'href="/monitoring-visits/{visit.pk}/"'
        in client.get(f"/study-sites/{cast.madrid.pk}/").content.decode()
    )
    client.force_login(cast.tara)
    assert "/monitoring-visits/new/" not in client.get(f"/study-sites/{cast.madrid.pk}/").content.decode()


def test_what_is_wrong_about_two_days_stands_under_the_later_one(cast):
    site = cast.madrid
    visit = MonitoringVisit(site=site, planned_start_on="2026-03-17", planned_end_on="2026-03-16")
    with pytest.raises(ValidationError) as refused:
        visit.full_clean()
    assert "planned_end_on" in refused.value.error_dict
    assert "__all__" not in refused.value.error_dict
