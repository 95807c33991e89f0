"""A site is released by a second person, once nothing stands in the way, and what was checked is signed."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, connection, transaction

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.signatures.proving import prove
from ctms.signatures.signing import signatures_of, verify
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import adopt, perform
from documents.models import ExpectedDocument
from documents.services import bring_expectations
from monitoring.models import MonitoringVisit
from sites import services
from sites.models import ActivationWaiver
from studies.models import StudySite
from studies.workflows import ACTIVATION_REQUIREMENTS, requirements_at
from tests.cast import LONG_AGO, PASSWORD
from tests.documents.conftest import File
from tests.documents.papers import pdf
from tests.finance.conftest import Stage as Contracts

from .conftest import DAY, TODAY

SIV = "Initiation visit conducted and reported"
# What the rooms of the agreements and of the documents ask: their own tests look at it, and one test here at all.
ELSEWHERE = ("Site agreement", "Essential documents")


def in_the_way(site):
    with everything("a test looks at what an activation asks"):
        return {one.requirement.title: one.missing for one in requirements_at(site) if one.stands_in_the_way}


def waived(stage, cast, by="sue"):
    return services.ask_for_waiver(
        actor=cast.people[by], site=stage.madrid, requirement=SIV, reason="Trained remotely by the sponsor"
    )


def signed(waiver, by):
    return perform(waiver, "approve", actor=by, proof=prove(by, password=PASSWORD))


@pytest.fixture
def rooms_below(monkeypatch):
    """Ask only what the rooms of sites and monitoring ask."""
    below = [one for one in ACTIVATION_REQUIREMENTS if one.title not in ELSEWHERE]
    assert len(below) == len(ACTIVATION_REQUIREMENTS) - len(ELSEWHERE)
    monkeypatch.setattr("studies.workflows.activating.ACTIVATION_REQUIREMENTS", below)


# --- what is asked -----------------------------------------------------------------------------------


def test_each_room_names_what_is_missing_until_it_is_mended(rooms_below, stage, cast):
    site = stage.initiated()
    assert {"Principal investigator", "Effective protocol version", SIV} <= set(in_the_way(site))
    with pytest.raises(TransitionRefused, match="No principal investigator"):
        stage.activate()
    stage.investigator()
    assert "Principal investigator" not in in_the_way(site)
    stage.effective_protocol()
    assert set(in_the_way(site)) == {SIV}
    visit = stage.initiation_visit(submitted=False)
    assert in_the_way(site)[SIV] == ("The report of the initiation visit is not submitted.",)
    assert visit.status == "PLANNED"


def test_an_investigator_who_leaves_or_is_yet_to_come_does_not_lead_the_site(stage, cast):
    site = stage.initiated()
    stage.investigator("Old", "Lead", ends_on=TODAY)
    stage.investigator("New", "Lead", starts_on=TODAY + 40_000 * DAY)
    assert "Principal investigator" in in_the_way(site)


def test_an_unblinded_initiation_visit_initiates_nobody_blinded(stage, cast):
    site = stage.initiated()
    stage.initiation_visit(unblinded=True)
    assert in_the_way(site)[SIV] == ("No initiation visit was conducted.",)


def test_a_visit_taken_over_has_its_report_elsewhere(stage, cast):
    system = type(cast.ada).objects.system()
    with acting_as(system, reason="Taken over"):
        visit = MonitoringVisit.objects.create(
            site=cast.madrid, visit_type="SIV", number=1, method="ON_SITE", planned_start_on=TODAY,
            planned_end_on=TODAY, actual_start_on=TODAY, actual_end_on=TODAY,
        )  # fmt: skip
        adopt(visit, "CONDUCTED", actor=system, reason="Taken over", happened_on=TODAY)
    assert SIV not in in_the_way(stage.initiated())


def test_the_requirements_of_all_rooms_stand_together_until_each_is_met(stage, cast):
    """An agreement, essential documents, an investigator, a protocol and an initiation: none replaces another."""
    site, papers, contracts = stage.initiated(), File(cast), Contracts(cast)
    bring_expectations(site.study, on=LONG_AGO)
    everything_asked = {"Principal investigator", "Effective protocol version", SIV, *ELSEWHERE}
    assert set(in_the_way(site)) == everything_asked
    for mend, title in (
        (stage.investigator, "Principal investigator"),
        (stage.effective_protocol, "Effective protocol version"),
        (stage.initiation_visit, SIV),
        (lambda: contracts.agreement(site="madrid"), "Site agreement"),
        (lambda: essential_documents_arrive(papers, site), "Essential documents"),
    ):
        with pytest.raises(TransitionRefused):
            stage.activate()
        assert title in in_the_way(site)
        mend()
        everything_asked.discard(title)
        assert set(in_the_way(site)) == everything_asked
    site = stage.activate()
    assert site.status == "ACTIVE"
    assert {one["title"] for one in site.green_light["requirements"] if one["met"]} >= {SIV, *ELSEWHERE}


def essential_documents_arrive(papers, site):
    """Approve a paper for whatever an activation waits for; one place's papers do not serve another's."""
    for _round in range(3):
        with everything("a test looks at what an activation asks"):
            missing = [
                (row.artifact.number, place_of(row))
                for row in ExpectedDocument.objects.filter(gate="ACTIVATION", study=site.study_id)
                .outstanding()
                .select_related("artifact", "study", "country", "site")
                if row.site_id in (None, site.pk) and row.country_id in (None, site.country_id)
            ]
        if not missing:
            return
        for number, place in missing:
            papers.approved(
                number=number, place=place, content=pdf(f"{number} {place}"), name=f"{number}.pdf"
            )
        papers.match()


def place_of(row):
    return "madrid" if row.site_id else "spain" if row.country_id else "vel"


# --- the green light ---------------------------------------------------------------------------------


def test_the_green_light_keeps_and_signs_what_was_checked(rooms_below, stage, cast):
    stage.ready()
    site = stage.activate()
    assert site.status == "ACTIVE"
    kept = {one["title"]: one["met"] for one in site.green_light["requirements"]}
    assert all(kept[title] for title in (SIV, "Principal investigator", "Site number"))
    assert site.green_light["on"] == TODAY.isoformat()
    (signature,) = signatures_of(site)
    assert SIV in signature.content
    assert verify(signature, site).stands
    # What changes at the site afterwards does not touch what was signed.
    stage.cast.madrid.refresh_from_db()
    services.replace_principal_investigator(
        actor=cast.carla, site=site, person=stage.person("Pablo", "Vidal"), starts_on=TODAY, reason="Retired"
    )
    assert verify(signature, StudySite.objects.visible_to(cast.paula).get(pk=site.pk)).stands


def test_what_was_checked_is_never_rewritten_by_sql_either(rooms_below, stage, cast):
    stage.ready()
    site = stage.activate()
    with acting_as(cast.paula, reason="attack"):
        for value in ("NULL", "'{}'"):
            with pytest.raises(Error, match="Cannot update"), transaction.atomic():
                _sql(f"UPDATE studies_studysite SET green_light = {value} WHERE id = %s", site.pk)


def _sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_who_recorded_the_initiation_does_not_release_the_site(stage, cast):
    stage.investigator()
    stage.effective_protocol()
    stage.initiation_visit()
    stage.initiated(by="paula")
    with pytest.raises(TransitionRefused, match="somebody else releases"):
        stage.activate(by="paula")
    with pytest.raises(PermissionDenied):
        stage.activate(by="sue")


# --- the tab -----------------------------------------------------------------------------------------


def test_the_tab_says_what_is_missing_where_it_is_mended_and_who_releases(rooms_below, stage, client, cast):
    site = stage.initiated()
    client.force_login(cast.sue)
    page = client.get(f"/study-sites/{site.pk}/activation/").content.decode()
    assert "No principal investigator leads the site" in page
    assert f'href="/study-sites/{site.pk}/site-staff/"' in page
    assert f'href="/study-sites/{site.pk}/monitoring-visits/"' in page
    assert "Paula Marsh" in page
    assert "transitions/activate/" not in page, "a start-up specialist releases nothing"
    assert page.count("Ask for a waiver") == 1, "an investigator and a protocol are never waived"
    overview = client.get(f"/study-sites/{site.pk}/").content.decode()
    assert "No principal investigator leads the site" in overview
    client.force_login(cast.paula)
    page = client.get(f"/study-sites/{site.pk}/activation/").content.decode()
    assert "Activate site" in page
    assert "disabled" in page
    stage.investigator()
    stage.effective_protocol()
    stage.initiation_visit()
    page = client.get(f"/study-sites/{site.pk}/activation/").content.decode()
    assert f'href="/study-sites/{site.pk}/transitions/activate/"' in page
    assert "Ask for a waiver" not in page


def test_afterwards_it_says_when_by_whom_and_on_what(rooms_below, stage, client, cast):
    stage.ready()
    site = stage.activate()
    client.force_login(cast.carla)
    page = client.get(f"/study-sites/{site.pk}/activation/").content.decode()
    assert "Released to screen subjects on 17 Mar 2026." in page
    assert "Signed by Paula Marsh" in page
    assert SIV in page
    assert signatures_of(site).get().content_sha256 in page


def test_the_tab_is_a_sites_own_and_not_the_sponsors(stage, client, cast):
    client.force_login(cast.carla)
    assert "/activation/" in client.get(f"/study-sites/{cast.madrid.pk}/").content.decode()
    assert "/activation/" not in client.get(f"/studies/{cast.vel.pk}/").content.decode()
    assert client.get(f"/study-sites/{cast.berlin.pk}/activation/").status_code == 404
    # A sponsor has the portal: what the house does at its sites is not there at all.
    client.force_login(cast.sam)
    assert client.get(f"/study-sites/{cast.madrid.pk}/activation/").status_code == 404


# --- waivers -----------------------------------------------------------------------------------------


def test_a_waiver_is_asked_by_one_signed_by_another_and_stands_with_the_green_light(
    rooms_below, stage, client, cast
):
    stage.investigator()
    stage.effective_protocol()
    site = stage.initiated()
    waiver = waived(stage, cast)
    assert SIV in in_the_way(site), "asked is not approved"
    waiver = signed(waiver, cast.lena)
    assert (waiver.status, waiver.approved_by) == ("APPROVED", cast.lena)
    assert verify(signatures_of(waiver).get(), waiver).stands
    assert not in_the_way(site)
    site = stage.activate()
    kept = next(one for one in site.green_light["requirements"] if one["title"] == SIV)
    assert not kept["met"]
    assert kept["waiver"] == "Waived by Lena Brandt: Trained remotely by the sponsor"
    assert "Waived by Lena Brandt" in signatures_of(site).get().content
    client.force_login(cast.quentin)
    page = client.get(f"/study-sites/{site.pk}/activation/").content.decode()
    assert "Waived by Lena Brandt: Trained remotely by the sponsor" in page
    with pytest.raises(TransitionRefused, match="nothing is left to waive"):
        perform(waiver, "withdraw", actor=cast.sue, reason="Too late")


def test_nobody_approves_the_waiver_they_asked_for(stage, cast):
    stage.initiated()
    waiver = waived(stage, cast, by="lena")
    with pytest.raises(TransitionRefused, match="somebody else approves"):
        signed(waiver, cast.lena)
    with pytest.raises(PermissionDenied):
        signed(waiver, cast.sue)
    themselves = (
        "UPDATE sites_activationwaiver SET approved_by_id = asked_by_id, status = 'APPROVED' WHERE id = %s"
    )
    with (
        acting_as(cast.lena, reason="attack"),
        pytest.raises(Error, match="two_people"),
        transaction.atomic(),
    ):
        _sql(themselves, waiver.pk)
    assert perform(waiver, "decline", actor=cast.paula, reason="Train them first").status == "DECLINED"


def test_what_is_met_never_waived_or_unknown_is_not_waived(stage, cast):
    stage.initiated()

    def ask(requirement, by="sue"):
        services.ask_for_waiver(actor=cast.people[by], site=stage.madrid, requirement=requirement, reason="x")

    for requirement, sentence in (
        ("Principal investigator", "No site is released without"),
        ("Site number", "No site is released without"),
        ("A parking lot", "no such thing"),
    ):
        with pytest.raises(ValidationError, match=sentence):
            ask(requirement)
    with pytest.raises(PermissionDenied):
        ask(SIV, by="carla")
    ask(SIV)
    with pytest.raises(ValidationError, match="asked or approved already"):
        ask(SIV)
    stage.initiation_visit()
    with pytest.raises(ValidationError, match="nothing to waive"):
        ask(SIV)


def test_a_withdrawn_waiver_stands_in_the_way_again(stage, cast):
    site = stage.initiated()
    waiver = signed(waived(stage, cast), cast.paula)
    assert SIV not in in_the_way(site)
    perform(waiver, "withdraw", actor=cast.sue, reason="The visit is planned after all")
    assert SIV in in_the_way(site)
    assert ActivationWaiver.objects.visible_to(cast.carla).get().status == "WITHDRAWN"


def test_a_waiver_is_seen_where_one_works(stage, cast, assert_sees):
    stage.initiated()
    waiver = waived(stage, cast)
    for knowing in ("sue", "paula", "carla", "quentin"):
        assert_sees(cast.people[knowing], visible=[waiver])
    for other in ("chris", "pavel", "sam", "stella"):
        assert_sees(cast.people[other], hidden=[waiver])


# --- before the initiation is recorded ---------------------------------------------------------------


@pytest.fixture
def started(stage, cast):
    """The Madrid site in start-up."""
    for name in ("qualify", "select", "start_up"):
        perform(stage.madrid, name, actor=cast.sue, happened_on=TODAY)
    return stage.madrid


def test_an_initiation_without_a_visit_asks_why_it_is_recorded_all_the_same(started, stage, cast, client):
    client.force_login(cast.sue)
    address = f"/study-sites/{started.pk}/transitions/initiate/"
    page = client.get(address).content.decode()
    assert "No initiation visit was conducted." in page
    assert "whoever records the initiation cannot release the site" in page
    silent = client.post(address, {"happened_on": str(TODAY)})
    assert silent.context["form"].errors["reason"] == ["This field is required."]
    with pytest.raises(TransitionRefused, match=r"No initiation visit was conducted\. Say why"):
        perform(started, "initiate", actor=cast.sue, happened_on=TODAY)
    client.post(address, {"happened_on": str(TODAY), "reason": "Trained by telephone"})
    assert stage.madrid.status == "INITIATED"


def test_an_initiation_after_its_visit_asks_for_no_reason(started, stage, cast):
    stage.initiation_visit(submitted=False)
    perform(started, "initiate", actor=cast.sue, happened_on=TODAY)
    assert stage.madrid.status == "INITIATED"


def test_the_only_one_who_can_release_a_site_is_told_so_before_recording_its_initiation(
    started, stage, cast, client
):
    stage.initiation_visit()
    client.force_login(cast.paula)
    page = client.get(f"/study-sites/{started.pk}/transitions/initiate/").content.decode()
    assert "You are the only one who can release this site" in page
    activation = client.get(f"/study-sites/{started.pk}/activation/").content.decode()
    assert "Can release: Paula Marsh" in activation
    perform(
        started, "initiate", actor=cast.paula, happened_on=TODAY, reason="A second manager joins next week"
    )
    activation = client.get(f"/study-sites/{started.pk}/activation/").content.decode()
    assert "Can release: nobody holds that right here yet" in activation
