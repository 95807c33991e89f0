"""A call with a site is written down in twenty seconds, corrected with a reason, and never disappears."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, connection, transaction
from django.urls import reverse

from ctms.audit.context import acting_as
from ctms.files.models import StoredFile
from ctms.jobs.models import Job
from ctms.jobs.worker import run_job
from ctms.pages.saving import change_record
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import perform
from documents.models import Artifact, Document
from monitoring import services as monitoring
from monitoring.models import ActionItem
from sites import services
from sites.models import SiteContact, SiteRole
from sites.pages import ContactRecord

from .conftest import DAY, TODAY


@pytest.fixture
def communication(cast):
    """The artifact of the reference model that relevant communication is filed under."""
    with acting_as(cast.tara):
        Artifact.objects.get_or_create(
            number="05.05.01",
            defaults={"name": "Relevant Communications", "zone": "05", "section": "05.05 General"},
        )


def row(cast, **more):
    said = {
        "contact-site": cast.madrid.pk,
        "contact-happened_on": "2026-03-16",
        "contact-kind": "TELEPHONE",
        "contact-direction": "IN",
        "contact-with_whom": "Study nurse",
        "contact-topic": "SAFETY",
        "contact-text": "A subject was taken to hospital; report follows today.",
        "place": f"StudySite/{cast.madrid.pk}",
        "back": f"/study-sites/{cast.madrid.pk}/contact-log/",
    }
    return {**said, **more}


def post(client, cast, by="carla", **more):
    client.force_login(cast.people[by])
    return client.post(reverse("contact-quick"), row(cast, **more))


# --- writing it down ---------------------------------------------------------------------------------


def test_one_row_writes_a_call_down_and_comes_back_to_where_it_stood(client, cast):
    answer = post(client, cast)
    assert answer.status_code == 302
    assert answer.url == f"/study-sites/{cast.madrid.pk}/contact-log/#quick-contact"
    contact = SiteContact.objects.visible_to(cast.carla).get()
    assert (contact.study, contact.country, contact.recorded_by) == (cast.vel, cast.spain, cast.carla)
    assert (contact.direction, contact.topic, contact.status) == ("IN", "SAFETY", "RECORDED")
    assert not contact.unblinded
    page = client.get(answer.url).content.decode()
    assert "A subject was taken to hospital" in page
    assert "quick-contact" in page
    assert "A subject was taken to hospital" in client.get(f"/study-sites/{cast.madrid.pk}/").content.decode()


def test_the_row_stands_at_site_country_and_study_for_who_keeps_a_log_there(client, cast):
    places = (
        f"/study-sites/{cast.madrid.pk}/",
        f"/study-sites/{cast.madrid.pk}/contact-log/",
        f"/study-countries/{cast.spain.pk}/contact-log/",
        f"/studies/{cast.vel.pk}/contact-log/",
        "/contact-log/",
    )
    for by, offered in (("carla", True), ("paula", True), ("sue", True), ("quentin", False)):
        client.force_login(cast.people[by])
        for address in places:
            answer = client.get(address)
            assert answer.status_code == 200
            assert ("quick-contact" in answer.content.decode()) is offered, (by, address)
    client.force_login(cast.carla)
    page = client.get(f"/studies/{cast.vel.pk}/contact-log/").content.decode()
    assert "2003" in page
    assert "1001" not in page, "a CRA is offered her own sites"


def test_what_is_missing_is_said_and_what_was_typed_is_kept(client, cast):
    answer = post(client, cast, **{"contact-topic": "", "contact-with_whom": ""})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count("This field is required.") == 2
    assert "A subject was taken to hospital" in page
    answer = post(client, cast, **{"contact-happened_on": "2999-01-01"})
    assert answer.status_code == 422
    assert "lies ahead" in answer.content.decode()
    assert not SiteContact.objects.visible_to(cast.carla).exists()


def test_nobody_is_led_elsewhere_by_the_way_back(client, cast):
    for address in ("https://evil.example.org/", "//evil.example.org", "javascript:alert(1)"):
        assert post(client, cast, back=address).url.startswith("/contact-log/")
        assert address not in post(client, cast, back=address, **{"contact-text": ""}).content.decode()


def test_another_place_cannot_be_written_about(client, cast):
    assert post(client, cast, by="chris").status_code == 404  # he does not see the site the row stood on
    assert post(client, cast, by="chris", place="").status_code == 422
    assert post(client, cast, place="User/1").status_code == 404
    with pytest.raises(PermissionDenied):
        services.record_contact(
            actor=cast.chris, today=TODAY, site=cast.madrid, happened_on=TODAY, kind="E_MAIL", with_whom="x",
            topic="OTHER", text="x",
        )  # fmt: skip
    assert not SiteContact.objects.visible_to(cast.paula).exists()


def test_words_that_name_one_of_the_staff_of_the_day_are_linked_to_them(stage, cast):
    member = stage.investigator()
    assert stage.contact(with_whom=str(member)).staff == member
    assert stage.contact(with_whom="Dr Isabel Moreno").staff == member
    assert stage.contact(with_whom="Dr Moreno's assistant").staff is None
    assert stage.contact(with_whom="Dr Isabel Moreno", happened_on=member.starts_on - DAY).staff is None


def test_what_happened_tomorrow_is_not_written_down_today(stage):
    with pytest.raises(ValidationError, match="lies ahead"):
        stage.contact(happened_on=TODAY + DAY)


# --- who sees it -------------------------------------------------------------------------------------


def test_it_is_seen_where_one_works_and_nowhere_else(stage, cast, assert_sees):
    contact = stage.contact()
    for knowing in ("carla", "paula", "lena", "sue", "tara", "quentin"):
        assert_sees(cast.people[knowing], visible=[contact])
    for other in ("chris", "pavel", "sam", "simone", "stella", "fiona"):
        assert_sees(cast.people[other], hidden=[contact])


def test_the_unblinded_log_exists_for_nobody_outside_the_circle(stage, client, cast, assert_sees):
    contact = stage.contact("uma", unblinded=True, text="Zebrafinch: kit 7 was opened.")
    assert_sees(cast.ursula, visible=[contact])
    for blinded in ("carla", "paula", "quentin", "sam"):
        assert_sees(cast.people[blinded], hidden=[contact])
    with pytest.raises(PermissionDenied):
        stage.contact("carla", unblinded=True)
    client.force_login(cast.paula)
    for address in (
        f"/study-sites/{cast.madrid.pk}/",
        f"/study-sites/{cast.madrid.pk}/contact-log/",
        "/contact-log/?q=Zebrafinch",
        "/contact-log/?export=csv",
        f"/api/v1/contact-log/?site={cast.madrid.pk}",
    ):
        page = client.get(address)
        assert page.status_code in (200, 401), address
        assert "kit 7" not in page.content.decode()
    log = client.get(f"/study-sites/{cast.madrid.pk}/contact-log/").content.decode()
    assert "nblinded" not in log, "nobody outside is asked whether a call was unblinded"
    assert client.get(ContactRecord.url(contact)).status_code == 404
    client.force_login(cast.uma)
    assert "contact-unblinded" in client.get(f"/study-sites/{cast.madrid.pk}/contact-log/").content.decode()


def test_the_circle_of_a_contact_never_changes_by_sql_either(stage, cast):
    contact = stage.contact("uma", unblinded=True)
    with acting_as(cast.uma, reason="attack"), pytest.raises(Error), transaction.atomic():
        _sql("UPDATE sites_sitecontact SET unblinded = false WHERE id = %s", contact.pk)


def _sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


# --- correcting, voiding, filing ---------------------------------------------------------------------


def test_a_correction_says_why_and_follows_the_words(stage, cast):
    member, contact = stage.investigator(), stage.contact()
    values = {"with_whom": str(member)}
    with pytest.raises(ValidationError, match="Say why"):
        change_record(ContactRecord, contact, values, actor=cast.carla)
    changed = change_record(
        ContactRecord, contact, values, actor=cast.carla, reason="It was the doctor herself"
    )
    assert changed.staff == member
    event = (
        changed.events.model.objects.visible_to(cast.carla).filter(pgh_obj=changed).order_by("pgh_id").last()
    )
    assert event.pgh_context["reason"] == "It was the doctor herself"
    with pytest.raises(PermissionDenied):
        change_record(ContactRecord, contact, {"text": "x"}, actor=cast.quentin, reason="x")


def test_it_is_voided_with_a_reason_and_stays_struck_through(stage, client, cast):
    contact = stage.contact()
    with pytest.raises(TransitionRefused, match="Give a reason"):
        perform(contact, "void", actor=cast.carla)
    contact = perform(contact, "void", actor=cast.carla, reason="Another site")
    client.force_login(cast.carla)
    page = client.get(f"/study-sites/{cast.madrid.pk}/contact-log/").content.decode()
    assert "called-off" in page
    assert contact.text in page
    with acting_as(cast.carla, reason="attack"):
        for statement in (
            "UPDATE sites_sitecontact SET text = 'x' WHERE id = %s",
            "DELETE FROM sites_sitecontact WHERE id = %s",
        ):
            with pytest.raises(Error), transaction.atomic():
                _sql(statement, contact.pk)


def test_it_is_filed_as_relevant_communication_once_and_stands_still_then(
    stage, cast, assert_sees, communication
):
    contact = perform(stage.contact(), "file", actor=cast.carla)
    job = Job.objects.get(name="sites.file_contact")
    for _again in range(2):
        Job.objects.filter(pk=job.pk).update(state="WAITING")
        run_job(job.pk)
        job.refresh_from_db()
        assert job.state == "DONE", job.last_error
    assert StoredFile.objects.count() == 1
    (document,) = Document.objects.visible_to(cast.carla)
    assert (document.artifact.number, document.document_date, document.site) == (
        "05.05.01",
        TODAY,
        cast.madrid,
    )
    assert not document.unblinded
    assert_sees(cast.chris, hidden=[document])
    with acting_as(cast.carla, reason="attack"), pytest.raises(Error), transaction.atomic():
        _sql("UPDATE sites_sitecontact SET text = 'x' WHERE id = %s", contact.pk)


def test_an_unblinded_contact_is_filed_within_its_circle(stage, cast, assert_sees, communication):
    perform(stage.contact("uma", unblinded=True), "file", actor=cast.uma)
    run_job(Job.objects.get(name="sites.file_contact").pk)
    document = Document.objects.visible_to(cast.uma).get()
    assert document.unblinded
    assert_sees(cast.paula, hidden=[document])


# --- what follows from it ----------------------------------------------------------------------------


def test_an_action_item_follows_from_a_contact_within_its_circle(stage, client, cast, assert_sees):
    open_contact, closed_contact = stage.contact(), stage.contact("uma", unblinded=True)
    for by, contact in (("carla", open_contact), ("uma", closed_contact)):
        client.force_login(cast.people[by])
        address = reverse("contact-raise-item", args=[contact.pk])
        assert address in client.get(ContactRecord.url(contact)).content.decode()
        answer = client.post(address, {"text": "Send the log", "responsible": "SITE", "due_on": "2026-03-30"})
        assert answer.status_code == 302
        item = ActionItem.objects.visible_to(cast.people[by]).get(raised_from=contact)
        assert (item.opened_on, item.unblinded) == (TODAY, contact.unblinded)
    assert_sees(cast.carla, hidden=[item])
    client.force_login(cast.quentin)
    assert client.get(reverse("contact-raise-item", args=[open_contact.pk])).status_code == 403
    client.force_login(cast.carla)
    assert client.get(reverse("contact-raise-item", args=[closed_contact.pk])).status_code == 404


def test_an_item_never_leaves_the_circle_of_its_contact_by_sql_either(stage, cast):
    contact = stage.contact("uma", unblinded=True)
    item = monitoring.raise_action_item(
        actor=cast.uma, site=cast.madrid, text="x", opened_on=TODAY, due_on=TODAY, contact=contact
    )
    with (
        acting_as(cast.uma, reason="attack"),
        pytest.raises(Error, match="in the circle"),
        transaction.atomic(),
    ):
        _sql("UPDATE monitoring_actionitem SET unblinded = false WHERE id = %s", item.pk)


def test_no_item_follows_from_a_voided_contact_or_for_another_site(stage, cast):
    contact = stage.contact()
    with pytest.raises(ValidationError, match="same site"):
        monitoring.raise_action_item(
            actor=cast.paula, site=cast.berlin, text="x", opened_on=TODAY, due_on=TODAY, contact=contact
        )
    contact = perform(contact, "void", actor=cast.carla, reason="Another site")
    with pytest.raises(ValidationError, match="that stands"):
        monitoring.raise_action_item(
            actor=cast.carla, site=cast.madrid, text="x", opened_on=TODAY, due_on=TODAY, contact=contact
        )


def test_the_names_offered_are_the_sites_own(stage, client, cast):
    stage.staff("Olga", "Sanz", SiteRole.STUDY_COORDINATOR)
    stage.staff("Petra", "Blum", SiteRole.STUDY_COORDINATOR, site=cast.berlin)
    client.force_login(cast.carla)
    page = client.get(f"/study-sites/{cast.madrid.pk}/contact-log/").content.decode()
    assert "Dr Olga Sanz, Study coordinator" in page
    assert "Blum" not in page
