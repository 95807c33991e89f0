"""How people are told: as they chose, once a day if they like, and of their duties in any case."""

import ast
import datetime
import zoneinfo

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.jobs.models import Job
from ctms.jobs.queue import enqueue
from ctms.jobs.worker import run_job
from ctms.notices import kinds
from ctms.notices.choosing import choose, how_told
from ctms.notices.digest import due_digests, morning_of
from ctms.notices.kinds import KINDS, NoticeKind, is_duty, kinds_for, notice_kind
from ctms.notices.models import How, Notice, NoticeChoice
from ctms.notices.telling import tell
from directory.models import Person
from sites.models import SiteRole, SiteStaff
from sites.reminders import GcpExpires
from studies.models import SiteAssignment
from tests.architecture.source import calls_of, house_modules
from tests.ctms.conftest import TODAY

NEWS, DUTY = "news-of-a-test", "duty-of-a-test"


@pytest.fixture(autouse=True)
def _mail_in_memory(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def _two_kinds(monkeypatch):
    for name, duty in ((NEWS, False), (DUTY, True)):
        kind = NoticeKind(name, name, duty, "studies.view_milestone")
        monkeypatch.setitem(kinds.KINDS, name, kind)


def told(person, record, *, kind=NEWS, key="1", text="“Kick-off” moved.", duty=False):
    return tell(person, about=record, kind=kind, text=text, key=key, asked_by=person, duty=duty)


def run_all(name):
    for job in Job.objects.filter(name=name, state="WAITING"):
        run_job(job.pk)
        job.refresh_from_db()
        assert job.state == "DONE", job.last_error


def morning():
    """What the beat does all day: look whose morning mail is due, and send it."""
    enqueue("notices.digest", asked_by=Notice.objects.first().user)
    run_all("notices.digest")
    run_all("notices.send_digest")


@pytest.fixture
def daily(cast):
    choose(user=cast.paula, chosen={NEWS: How.DAILY})
    with acting_as(cast.ada, reason="Where it is morning now"):
        cast.paula.time_zone = _zone_at(hour=9)
        cast.paula.save()


def _zone_at(*, hour):
    """Return a zone in which it is about this hour now."""
    now = datetime.datetime.now(datetime.UTC)
    away = (hour - now.hour + 12) % 24 - 12
    # The names of these zones count the other way round.
    return "Etc/GMT" if away == 0 else f"Etc/GMT{'-' if away > 0 else '+'}{abs(away)}"


# --- what a choice does ------------------------------------------------------------------------------


def test_who_chose_nothing_is_told_at_once(cast, milestone):
    assert told(cast.paula, milestone).how == How.AT_ONCE
    run_all("notices.send_mail")
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("how", [How.DAILY, How.IN_PRODUCT, How.MUTED])
def test_nothing_is_mailed_at_once_to_who_wants_none(cast, milestone, how):
    choose(user=cast.paula, chosen={NEWS: how})
    assert told(cast.paula, milestone).how == how
    assert told(cast.lena, milestone).how == How.AT_ONCE, "her choice is her own"
    assert Job.objects.filter(name="notices.send_mail").count() == 1


def test_what_is_muted_is_not_counted_and_stands_where_it_is_asked_for(cast, client, milestone):
    choose(user=cast.paula, chosen={NEWS: How.MUTED})
    told(cast.paula, milestone)
    client.force_login(cast.paula)
    page = client.get("/notices/").content.decode()
    assert "0 unread notices" in page
    assert "moved" not in page
    assert "moved" in client.get(f"/notices/?kind={NEWS}").content.decode()


def test_a_duty_cannot_be_muted(cast, milestone):
    with pytest.raises(ValueError, match="duty"):
        choose(user=cast.paula, chosen={NEWS: How.MUTED, DUTY: How.MUTED})
    assert not NoticeChoice.objects.exists(), "nothing of a refused choice is kept"
    NoticeChoice.objects.create(user=cast.paula, kind=DUTY, how=How.MUTED)
    assert told(cast.paula, milestone, kind=DUTY).how == How.IN_PRODUCT
    assert how_told(cast.paula, "never-declared") == How.AT_ONCE
    assert is_duty("never-declared"), "what nobody declared is not lost"
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(kind=DUTY).update(how=How.MUTED)


def test_the_last_reminder_of_a_muted_kind_is_a_duty(cast):
    with acting_as(cast.paula, reason="Her training"):
        person = Person.objects.create(given_name="Isabel", family_name="Moreno")
        SiteStaff.objects.create(
            site=cast.madrid, person=person, role=SiteRole.PRINCIPAL_INVESTIGATOR,
            starts_on=datetime.date(2025, 1, 1), gcp_expires_on=TODAY,
        )  # fmt: skip
    choose(user=cast.carla, chosen={"gcp-expires": How.MUTED})
    for days, how in ((60, How.MUTED), (0, How.IN_PRODUCT)):
        with everything("reminders read everything"):
            (due,) = GcpExpires.due(TODAY - datetime.timedelta(days=days))
        notice = told(cast.carla, due.record, kind="gcp-expires", key=due.key, text=due.text, duty=due.duty)
        assert notice.how == how, days


def test_a_later_notice_of_the_same_thing_stands_for_the_earlier_one(cast, client, milestone):
    first = told(cast.paula, milestone, key="14", text="In two weeks.")
    second = told(cast.paula, milestone, key="7", text="In a week.")
    told(cast.paula, milestone, kind=DUTY, text="Another matter.")
    first.refresh_from_db()
    assert first.followed_by == second
    unread = set(Notice.objects.unread_of(cast.paula).values_list("text", flat=True))
    assert unread == {"In a week.", "Another matter."}
    run_all("notices.send_mail")
    assert len(mail.outbox) == 2, "the overtaken one is not mailed any more"
    client.force_login(cast.paula)
    page = client.get("/notices/").content.decode()
    assert "In a week." in page
    assert "In two weeks." not in page


# --- the mail of a morning ---------------------------------------------------------------------------


def test_the_morning_mail_holds_links_once(cast, milestone, daily):
    notice = told(cast.paula, milestone)
    morning()
    morning()
    (sent,) = mail.outbox
    assert sent.to == ["paula@example.org"]
    assert f"/notices/{notice.pk}/" in sent.body
    assert "/notices/choices/" in sent.body
    for word in ("Kick-off", "VEL-301", "moved"):
        assert word not in sent.subject + sent.body
    told(cast.paula, milestone, key="2")
    morning()
    assert len(mail.outbox) == 1, "the next one is for tomorrow"
    assert Notice.objects.filter(user=cast.paula, mailed_at=None).exists()


def test_no_morning_mail_without_news(cast, client, milestone, daily):
    notice = told(cast.paula, milestone)
    client.force_login(cast.paula)
    client.get(f"/notices/{notice.pk}/")
    morning()
    assert mail.outbox == []
    assert not Job.objects.filter(name="notices.send_digest").exists()


def test_who_wants_no_mail_any_more_gets_none_of_what_waits(cast, milestone, daily):
    told(cast.paula, milestone)
    choose(user=cast.paula, chosen={NEWS: How.IN_PRODUCT})
    morning()
    assert mail.outbox == []
    assert Notice.objects.unread_of(cast.paula).exists(), "it stands in the product"


def test_the_morning_mail_is_narrowed_when_it_is_sent(cast, milestone):
    choose(user=cast.carla, chosen={NEWS: How.DAILY})
    with acting_as(cast.ada, reason="Where it is morning now"):
        cast.carla.time_zone = _zone_at(hour=9)
        cast.carla.save()
    told(cast.carla, milestone)
    with acting_as(cast.ada, reason="Moved on"):
        SiteAssignment.objects.filter(user=cast.carla).update(ends_on=datetime.date(2024, 2, 1))
    morning()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("zone", "due"),
    [("Europe/Madrid", False), ("Asia/Tokyo", True), ("America/New_York", False)],
)
def test_a_morning_begins_at_seven_where_the_person_is(cast, milestone, zone, due):
    now = datetime.datetime(2026, 3, 17, 5, 30, tzinfo=datetime.UTC)  # 6:30 in Madrid, 14:30 in Tokyo
    choose(user=cast.paula, chosen={NEWS: How.DAILY})
    told(cast.paula, milestone)
    with acting_as(cast.ada, reason="Moved house"):
        cast.paula.time_zone = zone
        cast.paula.save()
    assert [person for person, _day in due_digests(now)] == ([cast.paula] if due else [])
    an_hour_later = now + datetime.timedelta(hours=1)
    if zone == "Europe/Madrid":
        assert morning_of(cast.paula, an_hour_later) == datetime.date(2026, 3, 17)


def test_a_morning_in_an_unknown_zone_is_the_one_of_greenwich(cast):
    cast.paula.time_zone = "nowhere"
    late = datetime.datetime(2026, 3, 17, 7, 30, tzinfo=datetime.UTC)
    assert morning_of(cast.paula, late) == datetime.date(2026, 3, 17)
    assert morning_of(cast.paula, late - datetime.timedelta(hours=1)) is None


def test_every_hour_somebody_has_their_morning():
    assert {_zone_at(hour=hour) for hour in range(24)} <= zoneinfo.available_timezones()


# --- pages -------------------------------------------------------------------------------------------


def test_the_page_offers_what_the_person_can_be_told_of(cast, client):
    for who, sees, hidden in (
        ("felix", "A payment run waits for your approval", "A visit report waits for your approval"),
        ("lena", "A visit report waits for your approval", "A payment run waits for your approval"),
    ):
        client.force_login(cast.people[who])
        page = client.get("/notices/choices/").content.decode()
        assert sees in page
        assert hidden not in page
    assert kinds_for(cast.fresh("stella")) == []
    client.force_login(cast.stella)
    assert "Nothing is told" in client.get("/notices/choices/").content.decode()


def test_a_choice_is_kept_and_what_is_not_offered_is_not(cast, client):
    client.force_login(cast.paula)
    client.post("/notices/choices/", {NEWS: "MUTED", DUTY: "MUTED", "gcp-expires": "LOUD", "else": "DAILY"})
    assert list(NoticeChoice.objects.values_list("kind", "how")) == [(NEWS, "MUTED")]
    page = client.get("/notices/choices/").content.decode()
    assert f'name="{NEWS}" value="MUTED" checked' in page
    assert f'name="{DUTY}" value="MUTED"' not in page
    assert f'name="{DUTY}" value="AT_ONCE" checked' in page


def test_unread_stand_first_and_one_is_read_by_its_button(cast, client, milestone):
    old, new = told(cast.paula, milestone), told(cast.paula, milestone, kind=DUTY, text="To do.")
    hers = told(cast.lena, milestone)
    client.force_login(cast.paula)
    assert client.get(f"/notices/{new.pk}/read/").status_code == 405
    client.post(f"/notices/{new.pk}/read/")
    client.post(f"/notices/{hers.pk}/read/")
    new.refresh_from_db()
    hers.refresh_from_db()
    assert new.read_at
    assert hers.read_at is None, "nobody reads for somebody else"
    page = client.get("/notices/").content.decode()
    assert page.index("Unread") < page.index(old.text) < page.index("To do.")
    assert "Yours to do" in page


def test_a_page_of_notices_asks_as_often_for_many_as_for_one(
    cast, client, milestone, django_assert_max_num_queries
):
    client.force_login(cast.paula)
    told(cast.paula, milestone)
    client.get("/notices/")
    with django_assert_max_num_queries(30) as few:
        client.get("/notices/")
    for number in range(8):
        with acting_as(cast.paula, reason="More"):
            more = type(milestone).objects.create(study=cast.vel, name=f"Step {number}", planned_on=TODAY)
        told(cast.paula, more)
    with django_assert_max_num_queries(len(few)):
        assert client.get("/notices/").content.decode().count("moved") >= 9


# --- declarations ------------------------------------------------------------------------------------


def test_every_kind_that_is_told_is_declared():
    literal = {
        word.value.value
        for path in house_modules()
        for name, call in calls_of(path)
        if name.rsplit(".", 1)[-1] == "tell"
        for word in call.keywords
        if word.arg == "kind" and isinstance(word.value, ast.Constant)
    }
    assert len(literal) >= 4
    assert literal - set(KINDS) == set()
    assert all(str(kind.sentence) for kind in KINDS.values())


def test_a_kind_is_declared_once():
    with pytest.raises(ValueError, match="Two kinds"):
        notice_kind(NEWS, "again", duty=False, permission="studies.view_milestone")
