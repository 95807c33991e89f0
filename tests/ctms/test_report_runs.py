"""A report is run by somebody, kept as it was read, and opened by its reader alone while they may see what it shows."""

import csv
import datetime
import io
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection
from django.http import Http404
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from ctms.access.access import forget_access
from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.as_of import database_now
from ctms.audit.context import acting_as
from ctms.files.models import AccessRecord
from ctms.files.storing import read_checked
from ctms.jobs.models import Job
from ctms.jobs.worker import run_job
from ctms.notices.models import Notice
from ctms.reports.declare import REPORTS
from ctms.reports.models import ReportRun, ReportSchedule
from ctms.reports.pages import RunRecord
from ctms.reports.printing import print_run
from ctms.reports.rhythm import in_words, last_due
from ctms.reports.running import digest_of, facts_of, run_report, stands
from ctms.reports.scheduling import promise_due, schedule_report, send_report
from ctms.workflow.engine import perform
from studies.models import Milestone, StudyAssignment
from studies.services.team import assign, end_assignment
from tests.cast import LONG_AGO, bring_on_stage
from tests.monitoring.conftest import Stage, bring_investigator

MADRID = ZoneInfo("Europe/Madrid")
# A Thursday at noon in Madrid.
NOON = datetime.datetime(2026, 3, 19, 11, tzinfo=datetime.UTC)
THURSDAY = NOON.date()


@pytest.fixture(autouse=True)
def _mail_in_memory(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def kick_off(cast):
    with acting_as(cast.paula, reason="The plan"):
        return Milestone.objects.create(
            study=cast.vel, name="Kick-off", kind="KICK_OFF", planned_on=datetime.date(2025, 1, 1)
        )


def today():
    return timezone.localdate(timezone=MADRID)


def run(cast, by="paula", report="overdue", place="vel", on=None):
    return run_report(
        actor=cast.people[by], report=REPORTS[report], place=cast.places[place], on=on or today(), zone=MADRID
    )


def rows_of(run):
    return [row["cells"] for group in run.facts["content"]["groups"] for row in group["rows"]]


def printed(run):
    run_job(Job.objects.get(name="reports.print_run", arguments={"run_id": run.pk}).pk)
    with everything("the test looks at the file"):
        return ReportRun.objects.select_related("file").get(pk=run.pk)


# --- run and kept ------------------------------------------------------------------------------------


def test_a_run_keeps_who_what_of_which_day_and_what_it_said(cast, kick_off):
    made = run(cast)
    assert (made.reader, made.study, made.report, made.status_on) == (
        cast.paula,
        cast.vel,
        "overdue",
        today(),
    )
    assert [cells[0] for cells in rows_of(made)] == ["Kick-off"]
    assert stands(made)
    assert made.sha256 == digest_of(made.facts)
    with acting_as(cast.paula, reason="Held"):
        kick_off.planned_on = datetime.date(2099, 1, 1)
        kick_off.save()
    assert rows_of(RunRecord.get(cast.paula, made.pk)) == rows_of(made), "it is opened as it was"


def test_nothing_of_a_run_is_ever_changed_but_its_file_once(cast, kick_off):
    made = printed(run(cast))
    for column, value in (
        ("facts", "'{}'"),
        ("sha256", "'0'"),
        ("reader_id", str(cast.lena.pk)),
        ("file_id", "NULL"),
    ):
        with (
            pytest.raises(DatabaseError),
            acting_as(cast.ada, reason="An attack"),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE reports_reportrun SET {column} = {value} WHERE id = %s", [made.pk])
    assert stands(RunRecord.get(cast.paula, made.pk))


def test_a_day_that_lies_ahead_is_refused_and_a_day_before_the_first_record_says_so(cast, kick_off):
    with pytest.raises(ValidationError, match="lies ahead"):
        run(cast, on=today() + datetime.timedelta(days=1))
    early = run(cast, on=datetime.date(2025, 6, 1))
    assert early.facts["content"] is None
    assert "the first record of VEL-301" in early.facts["unknown"]
    assert (
        "Nothing is known" in PdfReader(io.BytesIO(read_checked(printed(early).file))).pages[0].extract_text()
    )


def test_the_same_report_of_the_same_moment_is_the_same_to_the_byte_whatever_happened_since(
    committed_database,
):
    cast = bring_on_stage()
    bring_investigator(cast)
    stage = Stage(cast)
    report = stage.answered()
    with acting_as(cast.paula, reason="The plan"):
        one = Milestone.objects.create(study=cast.vel, name="Kick-off", planned_on=datetime.date(2025, 1, 1))
    moment = database_now()

    def facts(name, place="vel", who="paula"):
        return facts_of(REPORTS[name], cast.fresh(who), cast.places[place], today(), moment, MADRID)

    asked = [(name, "vel", who) for name in REPORTS for who in ("paula", "carla", "uma")]
    asked += [(name, "madrid", "paula") for name in REPORTS if "StudySite" in REPORTS[name].levels]
    then = {each: digest_of(facts(*each)) for each in asked}
    assert len(set(then.values())) == len(asked)

    stage.signed(stage.signed(report, "submit", "carla"), "approve", "lena")
    stage.planned("uma", unblinded=True)
    with acting_as(cast.ada, reason="Renamed"):
        cast.hospital_madrid.name = "Hospital Nuevo"
        cast.hospital_madrid.save()
    with acting_as(cast.paula, reason="Agreed anew"):
        one.planned_on = datetime.date(2099, 1, 1)
        one.save()
        cast.madrid.planned_enrolled = 40
        cast.madrid.save()
    assert {each: digest_of(facts(*each)) for each in asked} == then
    moment = database_now()
    changed = {each for each in asked if digest_of(facts(*each)) != then[each]}
    told = {("overdue", "vel", "paula"), ("site-status", "vel", "carla"), ("monitoring-visits", "vel", "uma")}
    assert told <= changed


# --- who opens it ------------------------------------------------------------------------------------


def test_a_run_is_its_readers_alone(cast, kick_off, client):
    made = printed(run(cast))
    for person in ("lena", "quentin", "ada", "carla", "pavel", "sam", "stella"):
        client.force_login(cast.people[person])
        for address in ("", "pdf/", "sheet/csv/", "history/"):
            answer = client.get(f"/report-runs/{made.pk}/{address}")
            assert answer.status_code == 404, (person, address)
    client.force_login(cast.paula)
    assert "Kick-off" in client.get(f"/report-runs/{made.pk}/").content.decode()
    answer = client.get(f"/report-runs/{made.pk}/pdf/?inline")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert AccessRecord.objects.visible_to(cast.quentin).filter(kind="DOWNLOAD", user=cast.paula).exists()


def test_a_run_is_closed_once_its_reader_holds_less_than_when_it_was_made(cast, kick_off):
    made = run(cast, "lena")
    assert RunRecord.get(cast.fresh("lena"), made.pk) == made
    assign(
        actor=cast.paula, user=cast.lena, place=cast.madrid, role="cra", starts_on=today(), trained_on=today(),
        decided_on=today(),
    )  # fmt: skip
    assert RunRecord.get(cast.fresh("lena"), made.pk) == made, "more than she held is no less"
    with everything("the test ends an assignment"):
        lead = StudyAssignment.objects.get(user=cast.lena, content_object=cast.vel)
    end_assignment(
        actor=cast.paula,
        assignment=lead,
        on=today() - datetime.timedelta(days=1),
        reason="Left",
        decided_on=today(),
    )
    late = cast.fresh("lena")
    assert late.has_perm("studies.view_study", cast.vel), "she still works at its Madrid site"
    assert not RunRecord.rows(late).exists()


def test_a_report_shows_each_reader_what_they_may_see(cast):
    bring_investigator(cast)
    stage = Stage(cast)
    stage.planned()
    stage.planned("uma", unblinded=True)
    stage.planned("chris", site="berlin")

    def visits(who):
        return [(cells[0], cells[1].split(" ")[0]) for cells in rows_of(run(cast, who, "monitoring-visits"))]

    assert visits("paula") == [("IMV 1", "1001"), ("IMV 1", "2003")]
    assert visits("carla") == [("IMV 1", "2003")]
    assert visits("uma") == [("IMV 1", "1001"), ("IMV 1", "2003"), ("IMV 1 (unblinded)", "2003")]


@pytest.mark.parametrize(
    ("who", "report"),
    [("tara", "payments-statement"), ("fiona", "monitoring-visits"), ("milo", "payments-statement")],
)
def test_a_report_of_a_room_that_is_not_theirs_is_refused_with_a_sentence(cast, client, who, report):
    with pytest.raises(PermissionDenied):
        run(cast, who, report)
    client.force_login(cast.people[who])
    answer = client.get(f"/reports/{report}/")
    assert answer.status_code == 403
    assert "this is for" in answer.content.decode()
    assert report not in client.get("/report-runs/").content.decode()


def test_a_study_one_does_not_work_in_is_not_there_to_report_on(cast, client):
    for who, study in (("paula", cast.cor), ("pavel", cast.vel), ("stella", cast.vel)):
        with pytest.raises(Http404):
            run_report(
                actor=cast.people[who], report=REPORTS["overdue"], place=study, on=today(), zone=MADRID
            )
        client.force_login(cast.people[who])
        assert client.get(f"/reports/overdue/?study={study.pk}").status_code in (403, 404)
        asked = client.post(f"/reports/overdue/?study={study.pk}", {"place": "study", "on": today()})
        assert asked.status_code in (403, 404)
    with everything("the test looks for what was kept"):
        assert not ReportRun.objects.exists()


@pytest.mark.parametrize("who", ["sam", "ingrid"])
def test_people_from_outside_have_no_reports(cast, client, who):
    client.force_login(cast.people[who])
    for address in ("/report-runs/", "/report-schedules/", "/reports/overdue/", "/reports/study-status/"):
        assert client.get(address).status_code in (403, 404), address


# --- pages, PDF, sheets ------------------------------------------------------------------------------


def test_a_report_is_asked_for_on_a_page_and_stands_in_the_list_of_its_reader(cast, kick_off, client):
    client.force_login(cast.paula)
    page = client.get("/report-runs/").content.decode()
    assert "Study status" in page
    form = client.get(f"/reports/overdue/?study={cast.vel.pk}").content.decode()
    assert "The whole study" in form
    assert "2003 · " in form
    assert "4001 · " not in form, "a site of another study"
    answer = client.post(
        f"/reports/overdue/?study={cast.vel.pk}",
        {"place": f"site-{cast.madrid.pk}", "on": today().isoformat()},
    )
    made = RunRecord.rows(cast.paula).get()
    assert answer.headers["Location"] == f"/report-runs/{made.pk}/"
    assert (made.site, made.country) == (cast.madrid, cast.spain)
    assert "Nothing is overdue." in client.get(f"/report-runs/{made.pk}/").content.decode()
    of_the_site = client.get(f"/study-sites/{cast.madrid.pk}/report-runs/").content.decode()
    assert f"/report-runs/{made.pk}/" in of_the_site
    ahead = {"place": "study", "on": (today() + datetime.timedelta(days=3)).isoformat()}
    refused = client.post(f"/reports/overdue/?study={cast.vel.pk}", ahead)
    assert refused.status_code == 422
    assert "The day lies ahead." in refused.content.decode()


def test_the_study_chosen_in_the_form_is_the_one_that_runs(cast, kick_off, client):
    client.force_login(cast.quentin)
    address, day = f"/reports/overdue/?study={cast.vel.pk}", today().isoformat()
    chosen = {"study": cast.cor.pk, "place": "study", "on": day}
    look = client.post(address, chosen | {"other_places": "1"})
    assert "4001 · " in look.content.decode()
    assert not RunRecord.rows(cast.quentin).exists(), "looking for another place runs nothing"
    wrong = client.post(address, chosen | {"place": f"site-{cast.madrid.pk}"})
    assert (wrong.status_code, "Choose a place of COR-207." in wrong.content.decode()) == (422, True)
    client.post(address, chosen)
    assert RunRecord.rows(cast.quentin).get().study == cast.cor


def test_the_pdf_says_what_the_page_says_and_twice_the_same(cast, kick_off):
    made = run(cast)
    first = printed(made).file
    text = PdfReader(io.BytesIO(read_checked(first))).pages[0].extract_text()
    for words in ("Overdue list", "VEL-301", "Kick-off", "Data cut", "Paula Marsh", made.sha256):
        assert words in text, words
    assert print_run(made) == read_checked(first)
    assert printed(made).file == first, "a job that runs twice files once"


def test_a_sheet_has_days_as_days_and_numbers_as_numbers(cast, kick_off, client):
    made = run(cast)
    client.force_login(cast.paula)
    content = client.get(f"/report-runs/{made.pk}/sheet/xlsx/").content
    titles, first = list(load_workbook(io.BytesIO(content)).active.values)[:2]
    line = dict(zip(titles, first, strict=True))
    assert (line["Group"], line["What"]) == ("Milestones", "Kick-off")
    assert line["Due on"].date() == datetime.date(2025, 1, 1)
    assert line["Days late"] == (today() - datetime.date(2025, 1, 1)).days
    text = client.get(f"/report-runs/{made.pk}/sheet/csv/").content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[1][1] == "Kick-off"
    assert client.get(f"/report-runs/{made.pk}/sheet/exe/").status_code == 404
    assert AccessRecord.objects.visible_to(cast.quentin).filter(kind="EXPORT", user=cast.paula).count() == 2


# --- schedules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rhythm", "weekday", "month_day", "on", "due"),
    [
        ("WEEKLY", 3, None, "2026-03-19", "2026-03-19"),
        ("WEEKLY", 3, None, "2026-03-18", "2026-03-12"),
        ("WEEKLY", 0, None, "2026-03-22", "2026-03-16"),
        ("MONTHLY", None, 5, "2026-03-05", "2026-03-05"),
        ("MONTHLY", None, 5, "2026-03-04", "2026-02-05"),
        ("MONTHLY", None, 28, "2026-01-27", "2025-12-28"),
    ],
)
def test_a_report_is_due_on_its_day_and_late_until_it_is_sent(rhythm, weekday, month_day, on, due):
    found = last_due(rhythm, weekday, month_day, datetime.date.fromisoformat(on))
    assert found.isoformat() == due


def test_a_rhythm_has_words():
    assert in_words("WEEKLY", 3, None) == "every Thursday"
    assert in_words("MONTHLY", None, 5) == "every month on day 5"


@pytest.fixture
def weekly(cast, kick_off):
    """The overdue list of VEL-301, every Thursday, for its lead and for Madrid's monitor."""
    return schedule_report(
        actor=cast.paula, report="overdue", study=cast.vel, recipients=[cast.lena, cast.carla],
        on=LONG_AGO, rhythm="WEEKLY", weekday=3,
    )  # fmt: skip


def send_all(now=NOON):
    """Let the job come round at an instant, and all it promised be done."""
    with acting_as(User.objects.system(), reason="Scheduled reports"):
        promised = promise_due(actor=User.objects.system(), now=now)
    for name in ("reports.send", "notices.send_mail"):
        for job in Job.objects.filter(name=name, state="WAITING").order_by("pk"):
            run_job(job.pk)
    return promised


def runs():
    with everything("the test looks at every run"):
        return list(ReportRun.objects.select_related("reader").order_by("pk"))


def test_each_reader_is_sent_a_run_of_their_own_once_a_period(cast, weekly):
    assert send_all() == 2
    assert [(one.reader, one.schedule, one.status_on) for one in runs()] == [
        (cast.lena, weekly, THURSDAY - datetime.timedelta(days=1)),
        (cast.carla, weekly, THURSDAY - datetime.timedelta(days=1)),
    ]
    send_all()
    send_all(NOON + datetime.timedelta(days=2))
    assert len(runs()) == 2, "two runs of the job send once, and the days after send nothing"
    assert len(mail.outbox) == 2
    send_all(NOON + datetime.timedelta(days=7))
    assert len(runs()) == 4


def test_the_mail_has_a_link_and_no_content_and_opens_the_run(cast, weekly, client):
    send_all()
    message = next(one for one in mail.outbox if one.to == [cast.lena.email])
    for word in ("VEL-301", "Kick-off", "Overdue", "Chamberí"):
        assert word not in message.subject + message.body
    notice = Notice.objects.get(user=cast.lena)
    assert f"/notices/{notice.pk}/" in message.body
    client.force_login(cast.lena)
    answer = client.get(f"/notices/{notice.pk}/")
    assert answer.headers["Location"] == f"/report-runs/{runs()[0].pk}/"
    client.force_login(cast.carla)
    assert client.get(f"/notices/{notice.pk}/").status_code == 404


def test_who_lost_access_is_sent_nothing_and_the_owner_is_told(cast, weekly):
    with everything("the test ends an assignment"):
        lead = StudyAssignment.objects.get(user=cast.lena, content_object=cast.vel)
    end_assignment(
        actor=cast.paula,
        assignment=lead,
        on=today() - datetime.timedelta(days=1),
        reason="Left",
        decided_on=today(),
    )
    send_all()
    assert [one.reader for one in runs()] == [cast.carla]
    assert not Notice.objects.filter(user=cast.lena).exists()
    told = Notice.objects.get(user=cast.paula)
    assert "Lena Brandt may not see" in told.text
    send_all()
    assert Notice.objects.filter(user=cast.paula).count() == 1


def test_a_stopped_schedule_sends_nothing_and_neither_does_one_nobody_answers_for(cast, weekly):
    with acting_as(cast.ada, reason="Left"):
        cast.paula.is_active = False
        cast.paula.save()
    assert send_all() == 0
    with acting_as(cast.ada, reason="Back"):
        cast.paula.is_active = True
        cast.paula.save()
    perform(weekly, "stop", actor=cast.fresh("paula"), reason="The study ends")
    assert send_all() == 0
    assert runs() == []
    # A promise made before it was stopped.
    assert send_report(actor=cast.ada, schedule_id=weekly.pk, user_id=cast.lena.pk, due=THURSDAY) is None


def test_a_schedule_begins_with_its_first_day_after_it_was_made(cast, kick_off):
    schedule_report(
        actor=cast.paula, report="overdue", study=cast.vel, recipients=[cast.lena],
        on=THURSDAY + datetime.timedelta(days=1), rhythm="WEEKLY", weekday=3,
    )  # fmt: skip
    assert send_all() == 0
    assert send_all(NOON + datetime.timedelta(days=7)) == 1


@pytest.mark.parametrize("reader", ["sam", "pavel", "stella", "fiona"])
def test_nobody_is_sent_what_they_may_not_run(cast, reader):
    with pytest.raises(ValidationError, match="may not run this report"):
        schedule_report(
            actor=cast.paula, report="monitoring-visits", study=cast.vel, recipients=[cast.people[reader]],
            on=LONG_AGO, rhythm="WEEKLY", weekday=3,
        )  # fmt: skip
    with everything("the test looks for what was kept"):
        assert not ReportSchedule.objects.exists()


def test_who_does_not_answer_for_a_study_schedules_nothing(cast, client):
    for who in ("carla", "milo", "quentin"):
        with pytest.raises(PermissionDenied):
            schedule_report(
                actor=cast.people[who], report="overdue", study=cast.vel, recipients=[cast.carla],
                on=LONG_AGO, rhythm="WEEKLY", weekday=3,
            )  # fmt: skip
        client.force_login(cast.people[who])
        assert client.get("/report-schedules/new/").status_code == 403


def test_a_schedule_is_made_seen_and_stopped_on_pages(cast, client):
    client.force_login(cast.paula)
    address = f"/report-schedules/new/?study={cast.vel.pk}"
    values = {
        "study": cast.vel.pk, "report": "site-status", "rhythm": "WEEKLY", "weekday": "0",
        "recipients": [cast.lena.pk, cast.carla.pk],
    }  # fmt: skip
    wrong = client.post(address, {**values, "month_day": "3"})
    assert wrong.status_code == 422
    assert "the one that fits" in wrong.content.decode()
    answer = client.post(address, values)
    assert answer.status_code == 302, answer.content.decode()
    made = ReportSchedule.objects.visible_to(cast.paula).get()
    page = client.get(answer.headers["Location"]).content.decode()
    for words in ("Site status tracker", "every Monday", "Lena Brandt", "Carla Ruiz", "Stop sending"):
        assert words in page, words
    listed = client.get("/report-schedules/").content.decode()
    assert "every Monday" in listed
    client.force_login(cast.pavel)
    assert client.get(f"/report-schedules/{made.pk}/").status_code == 404
    forget_access(cast.carla)
    client.force_login(cast.carla)
    assert "Stop sending" not in client.get(f"/report-schedules/{made.pk}/").content.decode()


# --- the API -----------------------------------------------------------------------------------------


def test_the_api_gives_a_run_to_its_reader_and_to_nobody_else(cast, kick_off, api):
    made = run(cast)
    answer = api("paula", "get", f"report-runs/{made.pk}")
    assert answer.status_code == 200
    assert answer.json()["facts"] == made.facts
    for who in ("lena", "quentin", "ada", "sam"):
        assert api(who, "get", f"report-runs/{made.pk}").status_code == 404, who
    assert api("lena", "get", "report-runs").json()["results"] == []


def test_a_schedule_is_made_through_the_api_under_the_same_rules(cast, kick_off, api):
    asked = {
        "study": cast.vel.pk, "report": "overdue", "rhythm": "MONTHLY", "month_day": 5,
        "recipients": [cast.lena.pk],
    }  # fmt: skip
    made = api("paula", "post", "report-schedules", data=asked)
    assert made.status_code == 201, made.content
    read = api("lena", "get", f"report-schedules/{made.json()['id']}").json()
    assert [one["name"] for one in read["readers"]] == ["Lena Brandt"]
    assert api(
        "paula", "post", "report-schedules", data={**asked, "recipients": [cast.sam.pk]}
    ).status_code in (400, 422)
    assert api("carla", "post", "report-schedules", data=asked).status_code == 403
    assert api("pavel", "get", f"report-schedules/{made.json()['id']}").status_code == 404
