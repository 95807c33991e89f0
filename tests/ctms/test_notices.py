"""Telling people: once each, only of what they see, by mail without content."""

import datetime

import pytest
from django.core import mail

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.jobs.models import Job
from ctms.jobs.queue import enqueue
from ctms.jobs.worker import run_job
from ctms.notices.models import Notice
from ctms.notices.reminders import Reminder
from ctms.notices.telling import record_of, sees, shown_to, tell
from studies.models import SiteAssignment
from studies.reminders import MilestoneDue
from tests.ctms.conftest import TODAY


@pytest.fixture(autouse=True)
def _mail_in_memory(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def tell_of(record, person, key="late"):
    return tell(person, about=record, kind="test", text="“Kick-off” is late.", key=key, asked_by=person)


def run_mail():
    for job in Job.objects.filter(name="notices.send_mail"):
        run_job(job.pk)


def test_a_person_is_told_once(cast, milestone):
    first = tell_of(milestone, cast.paula)
    assert first
    assert tell_of(milestone, cast.paula) is None
    assert tell_of(milestone, cast.paula, key="later")
    assert tell_of(milestone, cast.lena)
    assert Notice.objects.count() == 3
    assert str(first) == "“Kick-off” is late."
    assert record_of(first) == milestone


def test_nobody_is_told_of_what_they_do_not_see(cast, milestone):
    for person in (cast.stella, cast.sam, cast.pavel):
        assert tell_of(milestone, person) is None
    with acting_as(cast.ada, reason="Left"):
        cast.lena.is_active = False
        cast.lena.save()
    assert tell_of(milestone, cast.lena) is None
    assert not Notice.objects.exists()
    assert not Job.objects.exists()
    assert sees(cast.stella, cast.northwind), "the directory lies in no study"


def test_the_mail_is_a_link_and_no_content(cast, milestone):
    notice = tell_of(milestone, cast.paula)
    run_mail()
    run_mail()
    (sent,) = mail.outbox
    assert sent.to == ["paula@example.org"]
    assert f"/notices/{notice.pk}/" in sent.body
    for word in ("Kick-off", "VEL-301", "late"):
        assert word not in sent.subject + sent.body
    notice.refresh_from_db()
    assert notice.mailed_at


def test_who_sees_it_no_more_when_the_mail_goes_out_gets_none(cast, milestone):
    notice = tell_of(milestone, cast.carla)
    with acting_as(cast.ada, reason="Moved on"):
        SiteAssignment.objects.filter(user=cast.carla).update(ends_on=datetime.date(2024, 2, 1))
    run_mail()
    assert mail.outbox == []
    assert shown_to(cast.fresh("carla"), [notice]) == []


def test_who_has_no_address_is_told_in_the_product_only(cast, milestone):
    with acting_as(cast.ada, reason="No mail"):
        cast.paula.email = ""
        cast.paula.save()
    assert tell_of(milestone, cast.paula)
    assert not Job.objects.exists()


# --- pages -------------------------------------------------------------------------------------------


def test_a_notice_leads_to_its_record_and_is_read_by_that(cast, client, milestone):
    notice = tell_of(milestone, cast.paula)
    client.force_login(cast.paula)
    assert "is late" in client.get("/notices/").content.decode()
    answer = client.get(f"/notices/{notice.pk}/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/milestones/{milestone.pk}/"
    notice.refresh_from_db()
    first_read = notice.read_at
    assert first_read
    client.get(f"/notices/{notice.pk}/")
    notice.refresh_from_db()
    assert notice.read_at == first_read


def test_a_notice_is_opened_by_nobody_else_and_not_after_access_ended(cast, client, milestone):
    notice = tell_of(milestone, cast.carla)
    client.force_login(cast.paula)
    assert client.get(f"/notices/{notice.pk}/").status_code == 404
    with acting_as(cast.ada, reason="Moved on"):
        SiteAssignment.objects.filter(user=cast.carla).update(ends_on=datetime.date(2024, 2, 1))
    client.force_login(cast.carla)
    assert client.get(f"/notices/{notice.pk}/").status_code == 404
    assert "is late" not in client.get("/notices/").content.decode()
    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_of_mine_are_read_at_once_and_nobody_elses(cast, client, milestone):
    mine, hers = tell_of(milestone, cast.paula), tell_of(milestone, cast.lena)
    client.force_login(cast.paula)
    assert client.get("/notices/read/").status_code == 405
    assert client.post("/notices/read/").status_code == 302
    mine.refresh_from_db()
    hers.refresh_from_db()
    assert mine.read_at
    assert hers.read_at is None


# --- reminders ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days_before", "stage"),
    [(15, None), (14, "14"), (8, "14"), (7, "7"), (0, "7"), (-1, "late"), (-30, "late")],
)
def test_a_milestone_reminds_in_stages(cast, milestone, days_before, stage):
    with everything("reminders read everything"):
        due = list(MilestoneDue.due(TODAY - datetime.timedelta(days=days_before)))
    if stage is None:
        assert due == []
        return
    (one,) = due
    assert one.key == f"{stage}/2026-03-17"
    assert one.record == milestone
    assert {str(p) for p in one.people} == {"Paula Marsh", "Lena Brandt", "Ursula Keller"}
    assert ("no actual date" in one.text) is (stage == "late")


def test_reminding_twice_tells_once_and_a_new_date_reminds_anew(cast, milestone):
    def remind():
        job = enqueue("notices.remind", asked_by=type(cast.paula).objects.system())
        run_job(job.pk)
        job.refresh_from_db()
        assert job.state == "DONE", job.last_error
        return job.result["told"]

    with acting_as(cast.paula, reason="Long past"):
        milestone.planned_on = datetime.date(2024, 5, 1)
        milestone.save()
    assert (remind(), remind()) == (3, 0)
    assert set(Notice.objects.values_list("user__username", flat=True)) == {"paula", "lena", "ursula"}
    with acting_as(cast.paula, reason="Planned anew"):
        milestone.planned_on = datetime.date(2024, 6, 1)
        milestone.save()
    assert remind() == 3


def test_a_reminder_that_does_not_say_what_is_due_is_not_one():
    with pytest.raises(NotImplementedError):
        Reminder.due(TODAY)
