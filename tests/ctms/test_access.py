"""Who sees what: by place, by blinding, by publishing; and what forgetting to ask costs."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from ctms.access.access import Access, Grant, access_of, read_access
from ctms.access.assignments import people
from ctms.access.backend import RoleBackend
from ctms.access.explain import ended_assignment, people_who_may, why_not
from ctms.access.models import PortfolioAssignment
from ctms.access.scoping import ScopeNotChosen, everything, scope_of
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from documents.models import Artifact, Document
from studies.models import Milestone, SiteAssignment, Study, StudyAssignment, StudyParty, StudySite
from studies.services.team import assign, assign_everywhere, end_assignment
from tests.cast import LONG_AGO
from tests.ctms.conftest import TODAY, refusal_of


def test_a_site_cra_sees_her_study_country_and_site_and_no_other(cast, assert_sees):
    assert_sees(
        cast.carla,
        visible=[cast.vel, cast.spain, cast.madrid],
        hidden=[cast.cor, cast.germany, cast.berlin, cast.krakow],
    )


def test_a_project_manager_sees_all_of_her_study_and_nothing_of_another_sponsor(cast, assert_sees):
    assert_sees(
        cast.paula,
        visible=[cast.vel, cast.spain, cast.germany, cast.madrid, cast.berlin],
        hidden=[cast.cor, cast.krakow, cast.kin],
    )


def test_reading_without_choosing_a_scope_is_an_exception(cast):
    with pytest.raises(ScopeNotChosen):
        list(Study.objects.all())
    with pytest.raises(ScopeNotChosen):
        StudySite.objects.filter(number="2003").exists()


# --- place -------------------------------------------------------------------------------------------


def test_a_country_assignment_reaches_its_sites_and_not_the_neighbours(cast, assert_sees):
    system = type(cast.stella).objects.system()
    assign(
        actor=system, user=cast.stella, role="cra", place=cast.spain, starts_on=LONG_AGO, trained_on=LONG_AGO
    )
    assert_sees(
        cast.fresh("stella"),
        visible=[cast.vel, cast.spain, cast.madrid],
        hidden=[cast.germany, cast.berlin, cast.cor, cast.krakow],
    )


def test_a_portfolio_role_sees_every_study_and_a_stranger_none(cast, assert_sees):
    places = [cast.vel, cast.kin, cast.cor, cast.madrid, cast.krakow]
    assert_sees(cast.quentin, visible=places)
    assert_sees(cast.ada, visible=places)
    assert_sees(cast.stella, hidden=places)


def test_what_lies_above_a_site_is_seen_only_where_the_model_says_so(cast, assert_sees):
    with acting_as(cast.paula, reason="Dates of three levels"):
        rows = {
            "study": Milestone.objects.create(study=cast.vel, name="of the study"),
            "spain": Milestone.objects.create(country=cast.spain, name="of Spain"),
            "madrid": Milestone.objects.create(site=cast.madrid, name="of Madrid"),
            "germany": Milestone.objects.create(country=cast.germany, name="of Germany"),
            "berlin": Milestone.objects.create(site=cast.berlin, name="of Berlin"),
        }
    assert_sees(
        cast.carla,
        visible=[rows["study"], rows["spain"], rows["madrid"]],
        hidden=[rows["germany"], rows["berlin"]],
    )
    assert not Document.seen_from_below
    artifact = Artifact.objects.order_by("pk").first()
    with acting_as(cast.paula, reason="Filed for the study"):
        above = Document.objects.create(study=cast.vel, artifact=artifact, title="Plan", document_date=TODAY)
        at_site = Document.objects.create(
            site=cast.madrid, artifact=artifact, title="Log", document_date=TODAY
        )
    assert_sees(cast.carla, visible=[at_site], hidden=[above])
    assert_sees(cast.paula, visible=[at_site, above])


def test_a_permission_holds_where_the_assignment_lies(cast):
    assert cast.paula.has_perm("studies.move_studysite", cast.madrid)
    assert not cast.paula.has_perm("studies.move_studysite", cast.krakow)
    assert not cast.carla.has_perm("studies.move_studysite", cast.madrid)
    assert cast.carla.has_perm("studies.complete_milestone", cast.madrid)
    assert not cast.carla.has_perm("studies.complete_milestone", cast.berlin)
    assert not AnonymousUser().has_perm("studies.view_study", cast.vel)


def test_has_perm_asks_no_query_once_the_grants_are_known(cast, django_assert_num_queries):
    person = cast.fresh("paula")
    with django_assert_num_queries(1):
        access_of(person)
    with django_assert_num_queries(0):
        assert person.has_perm("studies.move_studysite", cast.madrid)
        assert not person.has_perm("studies.move_studysite", cast.krakow)


def test_who_is_deactivated_may_nothing(cast):
    with acting_as(cast.ada, reason="Left the house"):
        cast.paula.is_active = False
        cast.paula.save()
    person = cast.fresh("paula")
    assert not person.has_perm("studies.view_study", cast.vel)
    assert not Study.objects.visible_to(person).exists()
    assert not RoleBackend().has_perm(person, "studies.view_study")
    assert read_access(person, TODAY) == Access()
    assert person not in people()
    assert cast.lena in people()


def test_the_backend_signs_nobody_in():
    assert RoleBackend().authenticate(None, username="paula", password="x") is None
    assert RoleBackend().get_user(1) is None


# --- blinding ----------------------------------------------------------------------------------------


@pytest.fixture
def two_documents(cast):
    artifact = Artifact.objects.order_by("pk").first()
    with acting_as(cast.ursula, reason="One safe, one not"):
        make = Document.objects.create
        safe = make(site=cast.madrid, artifact=artifact, title="Letter", document_date=TODAY)
        secret = make(
            site=cast.madrid, artifact=artifact, title="Allocation", document_date=TODAY, unblinded=True
        )
    return safe, secret


def test_unblinded_rows_are_seen_by_unblinded_people_only(cast, two_documents, assert_sees):
    safe, secret = two_documents
    for person in (cast.uma, cast.ursula, cast.ada):
        assert_sees(person, visible=[safe, secret])
    for person in (cast.paula, cast.lena, cast.carla, cast.quentin):
        assert_sees(person, visible=[safe], hidden=[secret])
        assert not person.has_perm("documents.view_document", secret)
    assert cast.uma.has_perm("documents.view_document", secret)


def test_two_grants_do_not_add_up_to_one(cast, two_documents, assert_sees):
    """Unblinded in one study and blinded at a site of another does not make unblinded there."""
    safe, secret = two_documents
    system = type(cast.stella).objects.system()
    given = {"actor": system, "user": cast.stella, "starts_on": LONG_AGO, "trained_on": LONG_AGO}
    assign(**given, role="cra", place=cast.cor, unblinded=True)
    assign(**given, role="cra", place=cast.madrid)
    person = cast.fresh("stella")
    assert_sees(person, visible=[safe, cast.krakow], hidden=[secret, cast.berlin])
    assert access_of(person).is_unblinded_in(cast.cor.pk)
    assert not access_of(person).is_unblinded_in(cast.vel.pk)
    assert not access_of(person).allows_at("documents.view_document", secret.place(), unblinded=True)


def test_who_was_unblinded_is_never_blinded_again_in_that_study(cast):
    system = type(cast.uma).objects.system()
    given = {"actor": system, "user": cast.uma, "role": "clinical_lead", "starts_on": LONG_AGO}
    with pytest.raises(ValidationError, match="can never be blinded"):
        assign(**given, place=cast.berlin)
    assert not SiteAssignment.objects.filter(user=cast.uma).exists()
    assert assign(**given, place=cast.krakow).pk, "in another study she may be"


# --- publishing --------------------------------------------------------------------------------------


def test_a_sponsor_sees_what_was_published_and_nothing_that_was_not(
    cast, milestone, two_documents, assert_sees
):
    safe, _secret = two_documents
    assert_sees(cast.sam, visible=[cast.vel, cast.madrid], hidden=[milestone, safe, cast.cor, cast.kin])
    with acting_as(cast.paula, reason="Agreed with the sponsor"):
        milestone.published = True
        milestone.save()
    assert_sees(cast.sam, visible=[milestone], hidden=[safe])
    assert_sees(cast.simone, hidden=[milestone, cast.vel])
    assert cast.sam.has_perm("studies.view_milestone", milestone)


def test_a_model_that_says_nothing_of_publishing_shows_a_sponsor_nothing(cast, plan):
    assert scope_of(Document).publishing.name == "BY_ROW"
    assert scope_of(Study).publishing.name == "ALWAYS"
    never = Grant(role="sponsor", study=cast.vel.pk)
    party = scope_of(StudyParty)
    assert party.publishing.name == "NEVER"
    nothing = Access((never,)).rows(party, ("studies.view_study",))
    assert str(nothing) == "(AND: ('pk__in', []))"


# --- time --------------------------------------------------------------------------------------------


def grant(cast, **period):
    system = type(cast.stella).objects.system()
    return assign(actor=system, user=cast.stella, role="cra", place=cast.madrid, **period)


@pytest.mark.parametrize(
    ("on", "seen"), [("2026-02-28", False), ("2026-03-01", True), ("2026-03-31", True), ("2026-04-01", False)]
)
def test_access_begins_and_ends_with_its_dates(cast, on, seen):
    grant(cast, starts_on=datetime.date(2026, 3, 1), ends_on=datetime.date(2026, 3, 31), trained_on=LONG_AGO)
    with time_machine.travel(f"{on}T12:00Z"):
        assert StudySite.objects.visible_to(cast.fresh("stella")).exists() is seen


def test_there_is_no_access_before_training_is_recorded(cast):
    given = grant(cast, starts_on=LONG_AGO)
    assert not StudySite.objects.visible_to(cast.fresh("stella")).exists()
    with acting_as(cast.ada, reason="Training recorded"):
        given.trained_on = LONG_AGO
        given.save()
    assert StudySite.objects.visible_to(cast.fresh("stella")).get() == cast.madrid


def test_an_ended_assignment_says_so_where_the_record_was(cast, client):
    given = grant(cast, starts_on=LONG_AGO, trained_on=LONG_AGO)
    end_assignment(actor=cast.ada, assignment=given, on=datetime.date(2026, 3, 31), reason="Moved on")
    with time_machine.travel("2026-04-02T09:00Z"):
        client.force_login(cast.stella)
        answer = client.get(f"/study-sites/{cast.madrid.pk}/")
        assert answer.status_code == 403
        assert (
            "Your assignment (Clinical research associate) here ended on 31 Mar 2026."
            in answer.content.decode()
        )
        assert client.get(f"/study-sites/{cast.krakow.pk}/").status_code == 404
    day = datetime.date(2026, 4, 2)
    see = "studies.view_studysite"
    assert "ended on 31 Mar 2026" in ended_assignment(cast.stella, cast.madrid, see, day)
    for record, permission, on in (
        (cast.krakow, see, day),
        (cast.madrid, "finance.view_budget", day),  # never theirs to see
        (cast.madrid, see, datetime.date(2026, 3, 31)),  # its last day
    ):
        assert ended_assignment(cast.stella, record, permission, on) == ""


def test_the_same_role_twice_at_one_time_is_refused_by_form_and_database(cast):
    given = SiteAssignment.objects.get(user=cast.carla)
    with pytest.raises(ValidationError, match="already holds this role here"):
        assign(actor=cast.ada, user=cast.carla, role="cra", place=cast.madrid, starts_on=TODAY)
    twin = SiteAssignment(
        user=cast.carla, permission=given.permission, content_object=cast.madrid, starts_on=TODAY
    )
    with pytest.raises(IntegrityError), acting_as(cast.ada, reason="past the form"):
        twin.save()
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        acting_as(cast.ada, reason="ends before it starts"),
    ):
        SiteAssignment.objects.filter(pk=given.pk).update(ends_on=datetime.date(2020, 1, 1))
    assert SiteAssignment.objects.filter(user=cast.carla).count() == 1


# --- who gives ---------------------------------------------------------------------------------------


def test_only_who_runs_a_study_puts_people_to_work_in_it(cast):
    given = {"user": cast.stella, "role": "cra", "starts_on": LONG_AGO, "trained_on": LONG_AGO}
    with pytest.raises(PermissionDenied, match="Clinical research associate; this is for: Project manager"):
        assign(actor=cast.carla, place=cast.madrid, **given)
    with pytest.raises(PermissionDenied):
        assign(actor=cast.paula, place=cast.krakow, **given)
    with pytest.raises(ValidationError, match="no role emperor"):
        assign(actor=cast.paula, place=cast.madrid, **(given | {"role": "emperor"}))
    assert not SiteAssignment.objects.filter(user=cast.stella).exists()
    assert assign(actor=cast.paula, place=cast.madrid, **given).role == "cra"


def test_who_may_is_named_with_blinding_in_mind(cast, two_documents):
    safe, secret = two_documents
    names = [str(p) for p in people_who_may("documents.view_document", safe, TODAY)]
    assert {"Carla Ruiz", "Paula Marsh", "Uma Okafor", "Quentin Hale"} <= set(names)
    assert names == sorted(names)
    assert "Chris Vogel" not in names
    assert "Pavel Novak" not in names
    assert {str(p) for p in people_who_may("documents.view_document", secret, TODAY)} == {
        *("Uma Okafor", "Ursula Keller", "Ada Lind")
    }


def test_a_refusal_says_who_one_is_and_who_may(cast):
    assert why_not(cast.carla, "studies.move_study") == (
        "You are here as Clinical research associate; this is for: Project manager."
    )
    assert why_not(cast.stella, "studies.move_study").startswith("You are here as no role")
    assert why_not(cast.paula, "studies.burn_study") == "Nobody has the right to do this."


def test_assignments_have_words(cast):
    assert str(StudyAssignment.objects.get(user=cast.paula)) == "Project manager VEL-301"
    assert str(PortfolioAssignment.objects.get(user=cast.quentin)) == "Quality assurance, every study"
    with pytest.raises(ValidationError):
        assign_everywhere(actor=cast.ada, user=cast.stella, role="cra", starts_on=LONG_AGO)


# --- place is the database's to fill -----------------------------------------------------------------


def test_raw_sql_cannot_lie_about_a_place(cast):
    with acting_as(cast.paula, reason="raw"):
        said = refusal_of(
            "INSERT INTO studies_milestone (study_id, country_id, site_id, kind, name, planned_precision, "
            "actual_precision, published, source_key, status, version) VALUES "
            "(%s, %s, %s, 'OTHER', 'Lie', 'DAY', 'DAY', false, '', 'PLANNED', 0)",
            cast.cor.pk,
            cast.poland.pk,
            cast.madrid.pk,
        )
        assert said == ""
        told = Milestone.objects.visible_to(cast.paula).get(name="Lie")
        assert (told.study, told.country, told.site) == (cast.vel, cast.spain, cast.madrid)
        assert refusal_of("UPDATE studies_milestone SET study_id = %s", cast.cor.pk) == ""
        told.refresh_from_db()
    assert told.study == cast.vel
    assert not Milestone.objects.visible_to(cast.pavel).exists()


def test_a_temporary_table_cannot_lie_about_a_place(cast):
    with acting_as(cast.paula, reason="raw"):
        assert (
            refusal_of(
                "CREATE TEMP TABLE studies_studysite AS SELECT id, %s::bigint AS study_id, %s::bigint AS country_id "
                "FROM public.studies_studysite",
                cast.cor.pk,
                cast.poland.pk,
            )
            == ""
        )
        told = Milestone(site=cast.madrid, name="Lie")
        told.save()
        assert refusal_of("DROP TABLE pg_temp.studies_studysite") == ""
        told.refresh_from_db()
    assert (told.study, told.country) == (cast.vel, cast.spain)


def test_a_site_stays_in_its_country_and_a_country_in_its_study(cast):
    with acting_as(cast.paula, reason="raw"):
        assert "Cannot update" in refusal_of(
            "UPDATE studies_studysite SET country_id = %s WHERE id = %s", cast.germany.pk, cast.madrid.pk
        )
        assert "Cannot update" in refusal_of(
            "UPDATE studies_studycountry SET study_id = %s WHERE id = %s", cast.cor.pk, cast.spain.pk
        )
    cast.madrid.country = cast.germany
    with pytest.raises(DatabaseError, match="Cannot update"), acting_as(cast.paula, reason="by the model"):
        cast.madrid.save()
    cast.madrid.refresh_from_db()
    assert (cast.madrid.country, cast.madrid.study) == (cast.spain, cast.vel)


def test_every_change_counts_as_a_version_whoever_makes_it(cast, milestone):
    before = milestone.version
    with acting_as(cast.paula, reason="twice"):
        assert refusal_of("UPDATE studies_milestone SET name = 'a', version = 77") == ""
        with everything("the test updates in bulk"):
            Milestone.objects.filter(pk=milestone.pk).update(name="b")
    milestone.refresh_from_db()
    assert milestone.version == before + 2


def test_what_lies_above_ones_place_is_seen_and_never_changed(cast, assert_sees):
    """A project manager of one site reads the study's header; the study is not hers to change or to move."""
    given = {"user": cast.stella, "role": "project_manager", "starts_on": LONG_AGO, "trained_on": LONG_AGO}
    assign(actor=User.objects.system(), place=cast.madrid, **given)
    stella = cast.fresh("stella")
    assert_sees(stella, visible=[cast.vel, cast.spain, cast.madrid], hidden=[cast.germany, cast.berlin])
    assert stella.has_perm("studies.view_study", cast.vel)
    assert stella.has_perm("studies.change_studysite", cast.madrid)
    for permission in (
        "studies.change_study",
        "studies.move_study",
        "studies.change_plan",
        "studies.change_team",
    ):
        assert not stella.has_perm(permission, cast.vel), permission
    assert not Study.objects.visible_to(stella, "studies.change_study").exists()
    assert StudySite.objects.visible_to(stella, "studies.change_studysite").count() == 1
