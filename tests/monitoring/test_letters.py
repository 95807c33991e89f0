"""A visit is confirmed and followed up by letter: written by its monitor, kept as it was sent, filed once."""

import datetime
import io

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, connection, transaction
from pypdf import PdfReader

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.calendar.clocks import Pace
from ctms.files.models import StoredFile
from ctms.files.storing import read_checked
from ctms.jobs.models import Job
from ctms.jobs.worker import run_job
from ctms.pages.saving import change_record
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import perform
from desk.work.monitoring import letters_to_send
from directory.models import Person
from documents.models import Document, DocumentVersion
from monitoring import services
from monitoring.calculations import confirmation_term, follow_up_term
from monitoring.models import VisitLetter
from monitoring.pages import VisitLetterRecord, VisitRecord
from monitoring.reports import print_letter
from sites.models import SiteRole, SiteStaff
from tests.cast import FAR_AHEAD

from .conftest import MONDAY, PLANNED_ON, TUESDAY
from .test_visits import refused_by_the_database

SENT_ON = datetime.date(2026, 3, 20)


def letter_of(visit, kind="CONFIRMATION", by=None, on=PLANNED_ON):
    return services.write_letter(actor=by, on=on, visit=visit, kind=kind)


def sent(letter, by, on=PLANNED_ON):
    return perform(letter, "send", actor=by, happened_on=on)


def filed(letter, by, times=1):
    job = Job.objects.get(name="monitoring.file_letter", arguments={"record_id": letter.pk})
    for _again in range(times):
        Job.objects.filter(pk=job.pk).update(state="WAITING")
        run_job(job.pk)
        job.refresh_from_db()
        assert job.state == "DONE", job.last_error
    return VisitLetter.objects.visible_to(by).get(pk=letter.pk)


@pytest.fixture
def coordinator(cast):
    with acting_as(cast.paula):
        person = Person.objects.create(given_name="Olga", family_name="Sanz")
        SiteStaff.objects.create(
            site=cast.madrid,
            person=person,
            role=SiteRole.STUDY_COORDINATOR,
            starts_on=datetime.date(2025, 1, 1),
        )


@pytest.fixture
def confirmation(stage, cast, coordinator):
    services.raise_action_item(
        actor=cast.carla, site=cast.madrid, text="File the CV of the sub-investigator",
        opened_on=PLANNED_ON, due_on=TUESDAY,
    )  # fmt: skip
    services.raise_action_item(
        actor=cast.carla, site=cast.madrid, text="Order new couriers", responsible="CRO",
        opened_on=PLANNED_ON, due_on=TUESDAY,
    )  # fmt: skip
    return letter_of(stage.planned(), by=cast.carla)


# --- what is written ---------------------------------------------------------------------------------


def test_a_confirmation_begins_with_the_facts_of_the_site_and_the_visit(confirmation, cast):
    letter = confirmation
    assert (letter.status, letter.dated_on, letter.subject) == (
        "DRAFT",
        PLANNED_ON,
        "VEL-301, site 2003: IMV 1",
    )
    assert letter.recipients == "Dr Isabel Moreno, Principal investigator"
    assert letter.copies_to == "Olga Sanz, Study coordinator"
    for words in (
        "Dear Dr Moreno,",
        "Days: 16 Mar 2026 to 17 Mar 2026",
        "How: on site",
        "From us: Carla Ruiz",
        "- File the CV of the sub-investigator (due 17 Mar 2026; our number AI 1)",
    ):
        assert words in letter.body
    assert "couriers" not in letter.body, "what is ours to do is not told to the site"
    assert "\n\n\n" not in letter.body
    assert "{" not in letter.body


def test_a_follow_up_names_the_days_that_were_and_the_investigator_of_the_letters_day(stage, cast):
    visit = stage.conducted().visit
    letter = letter_of(visit, "FOLLOW_UP", by=cast.carla, on=SENT_ON)
    assert "Dear Dr Vidal," in letter.body
    assert "from 16 Mar 2026 to 17 Mar 2026" in letter.body
    assert "No point is open after the visit." in letter.body


@pytest.mark.parametrize("visit_type", ["SQV", "SIV", "IMV", "COV", "FCV", "CMV"])
def test_every_type_of_visit_has_its_words(stage, cast, visit_type):
    visit = stage.planned(visit_type=visit_type)
    body = letter_of(visit, by=cast.carla).body
    assert visit.get_visit_type_display().lower() in body
    assert body.count("Dear ") == 1


def test_a_letter_is_written_when_its_visit_is_there(stage, cast):
    planned = stage.planned()
    with pytest.raises(ValidationError, match="once the visit took place"):
        letter_of(planned, "FOLLOW_UP", by=cast.carla)
    letter_of(planned, by=cast.carla)
    with pytest.raises(ValidationError, match="has this letter already"):
        letter_of(planned, by=cast.carla)
    conducted = stage.conducted().visit
    with pytest.raises(ValidationError, match="while it is planned"):
        letter_of(conducted, by=cast.carla)
    # Before its report is approved, or even written (practice.md).
    assert letter_of(conducted, "FOLLOW_UP", by=cast.carla, on=SENT_ON).pk


def test_only_who_writes_letters_there_writes_one(stage, cast):
    visit = stage.planned()
    for other in ("chris", "quentin", "sue", "paula", "sam"):
        with pytest.raises(PermissionDenied):
            letter_of(visit, by=cast.people[other])


def test_a_draft_is_changed_and_a_letter_without_recipient_is_not_sent(confirmation, cast):
    letter = change_record(VisitLetterRecord, confirmation, {"recipients": "  "}, actor=cast.carla)
    with pytest.raises(TransitionRefused, match="to whom"):
        sent(letter, cast.carla)
    letter = change_record(VisitLetterRecord, letter, {"recipients": "Dr Moreno"}, actor=cast.carla)
    assert sent(letter, cast.carla).snapshot["recipients"] == ["Dr Moreno"]


# --- what was sent -----------------------------------------------------------------------------------


def test_what_was_sent_stands_still_in_python_and_in_sql(confirmation, cast):
    letter = sent(confirmation, cast.carla)
    assert (letter.status, letter.sent_on, letter.sent_by) == ("SENT", PLANNED_ON, cast.carla)
    with pytest.raises(TransitionRefused, match="no longer changes"):
        change_record(VisitLetterRecord, letter, {"body": "x"}, actor=cast.carla, reason="x")
    with acting_as(cast.carla, reason="attack"):
        for change in ("body = 'x'", "snapshot = '{}'", "sent_on = '2026-03-03'", "recipients = 'x'"):
            with pytest.raises(Error, match="no longer changes"), transaction.atomic():
                _sql(f"UPDATE monitoring_visitletter SET {change} WHERE id = %s", letter.pk)
        with pytest.raises(Error), transaction.atomic():
            _sql("DELETE FROM monitoring_visitletter WHERE id = %s", letter.pk)


def _sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_dates_that_cannot_have_been_are_refused(stage, cast):
    letter = letter_of(stage.planned(), by=cast.carla)
    with pytest.raises(TransitionRefused, match="dated after the day"):
        sent(letter, cast.carla, on=PLANNED_ON - datetime.timedelta(days=1))
    with pytest.raises(TransitionRefused, match="in the future"):
        sent(letter, cast.carla, on=datetime.date(2999, 1, 1))
    follow_up = letter_of(stage.conducted().visit, "FOLLOW_UP", by=cast.carla, on=PLANNED_ON)
    with pytest.raises(TransitionRefused, match="not sent before the visit's last day"):
        sent(follow_up, cast.carla, on=MONDAY)
    follow_up = sent(follow_up, cast.carla, on=SENT_ON)
    with pytest.raises(TransitionRefused, match="before it was sent"):
        perform(follow_up, "acknowledge", actor=cast.carla, happened_on=TUESDAY)
    done = perform(follow_up, "acknowledge", actor=cast.carla, happened_on=SENT_ON)
    assert (done.status, done.acknowledged_on) == ("ACKNOWLEDGED", SENT_ON)


def test_a_letter_of_a_visit_that_was_called_off_is_not_sent(stage, cast):
    visit = stage.planned()
    letter = letter_of(visit, by=cast.carla)
    perform(visit, "cancel", actor=cast.carla, reason="The investigator is ill")
    with pytest.raises(TransitionRefused, match="cancelled"):
        sent(letter, cast.carla)


def test_another_is_written_after_one_was_voided(confirmation, cast):
    letter = sent(confirmation, cast.carla)
    with pytest.raises(TransitionRefused, match="Give a reason"):
        perform(letter, "void", actor=cast.carla)
    perform(letter, "void", actor=cast.carla, reason="Wrong day")
    again = letter_of(letter.visit, by=cast.carla)
    assert again.pk != letter.pk
    assert VisitLetter.objects.visible_to(cast.carla).count() == 2


# --- what is filed -----------------------------------------------------------------------------------


def test_it_is_filed_with_the_visits_own_artifact_by_its_own_date_and_once(confirmation, cast):
    letter = filed(sent(confirmation, cast.carla, on=SENT_ON), cast.carla, times=3)
    (document,) = Document.objects.visible_to(cast.carla)
    assert letter.filed_as == document
    assert (document.artifact.number, document.document_date, document.status) == (
        "05.04.03",
        PLANNED_ON,
        "APPROVED",
    )
    assert (document.study, document.country, document.site) == (cast.vel, cast.spain, cast.madrid)
    assert StoredFile.objects.count() == 1
    version = DocumentVersion.objects.visible_to(cast.carla).get()
    text = " ".join(
        " ".join(page.extract_text().split())
        for page in PdfReader(io.BytesIO(read_checked(version.file))).pages
    )
    for words in (
        "Dear Dr Moreno",
        "VEL-301 · Site 2003 · IMV 1",
        "2 Mar 2026",
        "Carla Ruiz",
        "Page 1 of 1",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("visit_type", "artifact"),
    [("SQV", "05.01.04"), ("SIV", "05.03.01"), ("COV", "05.04.08"), ("FCV", "05.04.05"), ("CMV", "05.04.05")],
)
def test_both_letters_of_a_visit_go_where_its_report_goes(stage, cast, visit_type, artifact):
    visit = stage.conducted(visit_type=visit_type).visit
    letter = sent(letter_of(visit, "FOLLOW_UP", by=cast.carla, on=SENT_ON), cast.carla, on=SENT_ON)
    assert filed(letter, cast.carla).filed_as.artifact.number == artifact


def test_printed_twice_it_is_the_same_and_comes_from_what_was_sent(confirmation, cast):
    letter = sent(confirmation, cast.carla)
    before = print_letter(letter)
    with acting_as(cast.ada, reason="Married"):
        cast.carla.last_name = "Someone Else"
        cast.carla.save()
    assert print_letter(VisitLetter.objects.visible_to(cast.lena).get(pk=letter.pk)) == before


def test_a_letter_voided_before_the_worker_came_is_not_filed(confirmation, cast):
    letter = sent(confirmation, cast.carla)
    perform(letter, "void", actor=cast.carla, reason="Wrong day")
    assert filed(letter, cast.carla).filed_as is None
    assert not Document.objects.visible_to(cast.carla).exists()


# --- who knows of it ---------------------------------------------------------------------------------


def test_an_unblinded_letter_exists_for_nobody_outside_the_circle(stage, client, cast, assert_sees):
    visit = stage.planned("uma", unblinded=True)
    with pytest.raises(PermissionDenied):
        letter_of(visit, by=cast.carla)
    letter = letter_of(visit, by=cast.uma)
    assert letter.unblinded
    letter = change_record(VisitLetterRecord, letter, {"recipients": "The pharmacist"}, actor=cast.uma)
    letter = filed(sent(letter, cast.uma), cast.uma)
    assert_sees(cast.ursula, visible=[letter, letter.filed_as])
    for blinded in ("carla", "lena", "paula", "quentin", "sam"):
        assert_sees(cast.people[blinded], hidden=[letter, letter.filed_as])
    client.force_login(cast.paula)
    assert client.get(f"/letters/{letter.pk}/").status_code == 404
    for address in ("/letters/", "/letters-due/", "/letters/?export=csv"):
        page = client.get(address).content.decode()
        assert "unblinded" not in page
        assert "IMV" not in page


def test_an_unblinded_letter_goes_to_the_pharmacy_and_past_the_investigator(stage, cast, coordinator):
    visit = stage.planned("uma", unblinded=True)
    letter = letter_of(visit, by=cast.uma)
    assert (letter.recipients, letter.copies_to) == ("", "")
    assert letter.body.startswith("Dear Colleague,")
    with acting_as(cast.paula):
        person = Person.objects.create(given_name="Nuria", family_name="Vega")
        SiteStaff.objects.create(
            site=cast.madrid, person=person, role=SiteRole.PHARMACIST, starts_on=PLANNED_ON
        )
    perform(letter, "void", actor=cast.uma, reason="Written before the pharmacist was known")
    letter = letter_of(visit, by=cast.uma)
    assert letter.recipients == "Nuria Vega, Pharmacist"
    assert letter.body.startswith("Dear Nuria Vega,")


def test_an_unblinded_item_is_not_told_in_a_blinded_letter(stage, cast):
    services.raise_action_item(
        actor=cast.uma, site=cast.madrid, text="Zebrafinch kit 7", opened_on=PLANNED_ON, due_on=TUESDAY,
        unblinded=True,
    )  # fmt: skip
    assert "Zebrafinch" not in letter_of(stage.planned(), by=cast.carla).body
    assert "Zebrafinch" in letter_of(stage.planned("uma", unblinded=True), by=cast.uma).body


def test_a_letter_is_seen_where_one_works_and_never_by_the_sponsor(confirmation, cast, assert_sees):
    for knowing in ("carla", "lena", "paula", "quentin", "tara"):
        assert_sees(cast.people[knowing], visible=[confirmation])
    for other in ("chris", "pavel", "sam", "simone", "stella", "ingrid"):
        assert_sees(cast.people[other], hidden=[confirmation])


def test_an_inspector_sees_a_letter_once_it_was_sent(confirmation, cast, assert_sees):
    letter = sent(confirmation, cast.carla)
    assert_sees(cast.ingrid, visible=[letter])
    assert_sees(cast.sam, hidden=[letter])


# --- clocks, pages and lists -------------------------------------------------------------------------


def test_the_terms_count_working_days_of_the_site():
    before = confirmation_term(MONDAY, 5, "ES", None)
    assert before.due_on == datetime.date(2026, 3, 9)
    assert before.pace(datetime.date(2026, 3, 2)) is Pace.ON_TIME
    assert before.pace(datetime.date(2026, 3, 9)) is Pace.DUE_SOON
    assert before.pace(datetime.date(2026, 3, 10)) is Pace.LATE
    assert before.sentence(datetime.date(2026, 3, 2)) == (
        "Confirmation letter: 5 working days left, due Mon 9 Mar 2026 (ES calendar)"
    )
    assert "1 working days late" in before.sentence(datetime.date(2026, 3, 10))
    done = confirmation_term(MONDAY, 5, "ES", datetime.date(2026, 3, 10))
    assert done.pace(MONDAY) is Pace.DONE_LATE
    assert follow_up_term(TUESDAY, 10, "ES", None).due_on == datetime.date(2026, 3, 31)


def shown(visit, cast, by="carla"):
    record = VisitRecord.get(cast.people[by], visit.pk)
    return [term.label for term in VisitRecord.terms(record, TUESDAY)]


def test_the_visit_tells_which_letter_it_waits_for(stage, cast):
    visit = stage.planned()
    assert shown(visit, cast) == ["Confirmation letter"]
    sent(letter_of(visit, by=cast.carla), cast.carla)
    assert shown(visit, cast) == ["Confirmation letter sent"]
    conducted = stage.conducted().visit
    assert shown(conducted, cast) == ["Follow-up letter", "Report"]
    sent(letter_of(conducted, "FOLLOW_UP", by=cast.carla, on=SENT_ON), cast.carla, on=SENT_ON)
    assert shown(conducted, cast) == ["Follow-up letter sent", "Report"]


def test_the_follow_up_term_is_the_studys_setting(stage, cast):
    visit = stage.conducted().visit
    with acting_as(cast.paula, reason="Monitoring plan"):
        cast.vel.refresh_from_db()
        cast.vel.follow_up_letter_days = 3
        cast.vel.save()
    term = VisitRecord.terms(VisitRecord.get(cast.carla, visit.pk), TUESDAY)[0]
    assert term.due_on == datetime.date(2026, 3, 20)


def test_one_click_on_the_visit_writes_the_letter(stage, client, cast):
    visit = stage.planned()
    client.force_login(cast.carla)
    page = client.get(f"/monitoring-visits/{visit.pk}/").content.decode()
    assert "Write confirmation letter" in page
    assert "Write follow-up letter" not in page
    answer = client.post("/letters/new/", {"visit": visit.pk, "kind": "CONFIRMATION"})
    letter = VisitLetter.objects.visible_to(cast.carla).get()
    assert answer.url == f"/letters/{letter.pk}/"
    page = client.get(answer.url).content.decode()
    assert "Dear " in page
    assert "Record as sent" in page
    page = client.get(f"/monitoring-visits/{visit.pk}/").content.decode()
    assert "Go on writing" in page
    client.force_login(cast.quentin)
    page = client.get(f"/monitoring-visits/{visit.pk}/").content.decode()
    assert "Write " not in page
    assert client.get(f"/letters/{letter.pk}/").status_code == 200
    assert client.get(f"/letters/{letter.pk}/transitions/send/").status_code == 403


def test_the_sending_page_shows_the_letter_and_keeps_the_day(confirmation, client, cast):
    client.force_login(cast.carla)
    address = f"/letters/{confirmation.pk}/transitions/send/"
    page = client.get(address).content.decode()
    assert "Dear Dr Moreno" in page
    answer = client.post(
        address,
        {
            "happened_on": "2026-03-05",
            "method": "E_MAIL",
            "version": str(confirmation.version),
            "reason": "",
        },
    )
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "being made" in page
    filed(confirmation, cast.carla)
    assert "Open the PDF" in client.get(answer.url).content.decode()


def test_what_waits_to_be_sent_stands_in_one_list_and_late_is_a_filter(stage, client, cast):
    waiting = stage.planned()
    done = stage.planned(start=MONDAY, end=MONDAY)
    sent(letter_of(done, by=cast.carla), cast.carla)
    later = stage.planned(start=datetime.date(2026, 6, 15), end=datetime.date(2026, 6, 15))
    behind = stage.conducted().visit
    stage.planned("chris", site="berlin")
    client.force_login(cast.carla)
    with time_machine.travel("2026-03-12T10:00Z", tick=False):
        page = client.get("/letters-due/").content.decode()
        late = client.get("/letters-due/?late=yes").content.decode()
    for visit, waits, is_late in (
        (waiting, True, True),
        (done, False, False),
        (later, True, False),
        (behind, True, False),
    ):
        link = f'href="/monitoring-visits/{visit.pk}/"'
        assert (link in page) is waits, visit
        assert (link in late) is is_late, visit
    assert "1001" not in page


def test_a_letter_comes_through_the_api_under_the_same_rules(stage, client, cast):
    from ctms.api.tokens import create_token

    visit = stage.planned()

    def post(who):
        secret = create_token(user=cast.people[who], name="test")
        return client.post(
            "/api/v1/letters/",
            {"visit": visit.pk, "kind": "CONFIRMATION"},
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )

    assert post("quentin").status_code == 403
    assert post("chris").status_code == 400
    made = post("carla")
    assert made.status_code == 201
    assert made.json()["status"] == "DRAFT"
    assert made.json()["recipients"].startswith("Dr ")
    with everything("the test counts"):
        assert VisitLetter.objects.count() == 1


def test_before_it_is_sent_it_is_copied_and_seen_as_the_pdf_it_will_be(confirmation, client, cast):
    client.force_login(cast.carla)
    page = client.get(f"/letters/{confirmation.pk}/").content.decode()
    assert 'data-copies="#letter"' in page
    preview = client.get(f"/letters/{confirmation.pk}/preview/")
    assert (preview["Content-Type"], preview.content[:5]) == ("application/pdf", b"%PDF-")
    client.force_login(cast.chris)
    assert client.get(f"/letters/{confirmation.pk}/preview/").status_code == 404


def test_the_sending_page_asks_by_which_way_it_went(confirmation, client, cast):
    client.force_login(cast.carla)
    answered = client.post(
        f"/letters/{confirmation.pk}/transitions/send/",
        {"happened_on": "2026-03-05", "method": "COURIER", "version": confirmation.version},
        follow=True,
    )
    assert "Recorded as sent" in answered.content.decode()
    confirmation.refresh_from_db()
    assert (confirmation.status, confirmation.method) == ("SENT", "COURIER")


def test_the_box_of_the_text_is_as_high_as_a_page(confirmation, client, cast):
    client.force_login(cast.carla)
    assert (
        'name="body" cols="40" rows="20"' in client.get(f"/letters/{confirmation.pk}/edit/").content.decode()
    )


def test_a_confirmation_written_after_the_day_asks_for_no_other_day(stage, cast):
    letter = services.write_letter(actor=cast.carla, on=TUESDAY, visit=stage.planned(), kind="CONFIRMATION")
    assert "no longer suit" not in letter.body


def recorded_afterwards(cast, *, on):
    """Return a visit of the Monday and Tuesday that was planned on a day, whatever day that is."""
    return services.plan_visit(
        actor=cast.carla,
        on=on,
        site=cast.madrid,
        visit_type="IMV",
        method="ON_SITE",
        planned_start_on=MONDAY,
        planned_end_on=TUESDAY,
        primary_monitor=cast.carla,
        already_past=True,
    )


def test_no_confirmation_is_due_of_a_visit_planned_on_or_after_its_first_day(cast, client):
    before, same, after = (
        recorded_afterwards(cast, on=MONDAY + datetime.timedelta(days=days)) for days in (-1, 0, 5)
    )
    client.force_login(cast.carla)
    for visit, is_due in ((before, True), (same, False), (after, False)):
        read = VisitRecord.get(cast.carla, visit.pk)
        assert bool(services.letter_terms_of(read)) is is_due
        page = client.get(f"/monitoring-visits/{visit.pk}/").content.decode()
        assert ("Confirmation letter:" in page) is is_due
        listed = client.get("/letters-due/").content.decode()
        assert (f'href="/monitoring-visits/{visit.pk}/"' in listed) is is_due
    waiting = [item.url for item in letters_to_send(cast.carla, MONDAY).items]
    assert waiting == [f"/monitoring-visits/{before.pk}/"]


def test_a_visit_recorded_afterwards_and_moved_ahead_is_to_be_confirmed(cast):
    visit = recorded_afterwards(cast, on=TUESDAY)
    change_record(
        VisitRecord,
        visit,
        {"planned_start_on": FAR_AHEAD, "planned_end_on": FAR_AHEAD},
        actor=cast.carla,
        reason="Put off",
        version=visit.version,
    )
    (term,) = services.letter_terms_of(VisitRecord.get(cast.carla, visit.pk))
    assert term.label == "Confirmation letter"


def test_the_day_a_visit_was_planned_is_never_another(cast):
    visit = recorded_afterwards(cast, on=TUESDAY)
    said = refused_by_the_database(
        "UPDATE monitoring_monitoringvisit SET planned_on = %s WHERE id = %s", PLANNED_ON, visit.pk
    )
    assert "Cannot update rows" in said
