"""Work outside the request: promised in the transaction, done once, tried again, given up in the end."""

import datetime
import subprocess
import sys
import threading

import pytest
import time_machine
from django.db import connections, transaction
from django.utils import timezone

from ctms.access.scoping import ScopeNotChosen
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.files.models import StoredFile
from ctms.files.storing import store_bytes
from ctms.jobs import queue, worker
from ctms.jobs.models import Job, JobState
from ctms.jobs.queue import HANDLERS, PERIODIC, comes_round, enqueue, job, progress_of, report_progress
from ctms.jobs.worker import plan_due, run_job, wake_waiting
from ctms.numbering.models import Series
from launcher.paths import ROOT
from studies.models import StudySite
from tests.cast import bring_on_stage


@pytest.fixture
def done(monkeypatch):
    """A handler `test.work` for the time of a test; returns the list of what was done."""
    monkeypatch.setattr(queue, "HANDLERS", dict(HANDLERS))
    monkeypatch.setattr(worker, "HANDLERS", queue.HANDLERS)
    found = []

    @job("test.work", everything="a test", attempts=3)
    def work(promised, *, word="", fail=False):
        found.append(word)
        if fail:
            raise RuntimeError(f"cannot {word}")
        return {"word": word}

    return found


@pytest.fixture
def woken(monkeypatch):
    """The jobs a worker was woken for."""
    found = []
    monkeypatch.setattr(
        "ctms.jobs.queue.current_app.send_task", lambda name, args, **how: found.append(args[0])
    )
    return found


def promise(cast, **more):
    return enqueue("test.work", asked_by=cast.paula, **more)


def again(promised):
    promised.refresh_from_db()
    return promised


# --- promising ---------------------------------------------------------------------------------------


def test_a_worker_is_woken_when_the_promise_is_safe_and_not_before(
    cast, done, woken, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        promised = promise(cast, word="a")
        assert woken == []
    assert woken == [promised.pk]
    assert str(promised) == f"test.work #{promised.pk}"


def test_a_promise_is_taken_back_with_its_transaction(committed_database, done, woken):
    cast = bring_on_stage()
    with transaction.atomic():
        promise(cast)
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert woken == []


def test_the_same_work_is_promised_once(cast, done, woken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first, second = promise(cast, key="x"), promise(cast, key="x", word="other")
    assert first == second
    assert Job.objects.count() == 1
    assert woken == [first.pk]
    assert promise(cast) != promise(cast), "without a key every promise is another one"


def test_with_the_broker_away_nothing_is_raised_and_the_row_is_found_later(
    cast, done, settings, django_capture_on_commit_callbacks, monkeypatch
):
    def away(*args, **how):
        raise OSError("no route to the broker")

    monkeypatch.setattr("ctms.jobs.queue.current_app.send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        promised = promise(cast, word="late")
    assert again(promised).state == JobState.WAITING
    woken = []
    monkeypatch.setattr(run_job, "delay", woken.append)
    wake_waiting()
    assert woken == [], "only what was missed, not what was promised this moment"
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=25)):
        wake_waiting()
    assert woken == [promised.pk]


def test_a_handler_says_with_whose_eyes_it_reads_and_there_is_one_a_name(done):
    for how in ({}, {"everything": "both", "as_person": True}):
        with pytest.raises(ValueError, match="say either"):
            job("test.other", **how)
    with pytest.raises(ValueError, match="Two handlers"):
        job("test.work", as_person=True)(print)


# --- doing -------------------------------------------------------------------------------------------


def test_a_job_is_done_once_however_often_it_is_run(cast, done):
    promised = promise(cast, word="a", reason="because")
    run_job(promised.pk)
    run_job(promised.pk)
    assert done == ["a"]
    assert (again(promised).state, promised.result, promised.attempts) == (JobState.DONE, {"word": "a"}, 1)
    assert promised.done_at


def test_a_job_waits_for_its_hour(cast, done):
    promised = promise(cast, run_after=timezone.now() + datetime.timedelta(hours=1))
    run_job(promised.pk)
    assert done == []
    assert again(promised).attempts == 0
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=2)):
        run_job(promised.pk)
    assert len(done) == 1


def test_a_failed_job_is_tried_again_later_and_given_up_in_the_end(cast, done, caplog):
    promised, now = promise(cast, word="fly", fail=True), timezone.now()
    waits = []
    for attempt in range(1, 4):
        with time_machine.travel(now, tick=False):
            run_job(promised.pk)
            again(promised)
            assert (promised.attempts, promised.last_error) == (attempt, "RuntimeError: cannot fly")
            waits.append((promised.run_after - timezone.now()).total_seconds())
            run_job(promised.pk)
            assert again(promised).attempts == attempt, "not before its time"
        now += datetime.timedelta(hours=1)
    assert waits[:2] == [10, 60]
    assert promised.state == JobState.DEAD
    with time_machine.travel(now):
        run_job(promised.pk)
    assert done == ["fly"] * 3
    assert "Job" in caplog.text


def test_a_failure_takes_back_what_the_job_wrote(cast, done, monkeypatch):
    @job("test.half", everything="a test")
    def half(promised):
        with acting_as(promised.asked_by):
            StudySite.objects.filter(pk=cast.madrid.pk).update(number="9")
        raise RuntimeError("half way")

    promised = enqueue("test.half", asked_by=cast.paula, reason="half")
    run_job(promised.pk)
    cast.madrid.refresh_from_db()
    assert cast.madrid.number == "2003"
    assert again(promised).last_error == "RuntimeError: half way"


def test_a_job_nobody_can_do_is_given_up(cast, done):
    promised = enqueue("test.unknown", asked_by=cast.paula)
    run_job(promised.pk)
    assert again(promised).state == JobState.DEAD


def test_a_job_that_kills_its_worker_every_time_is_given_up(cast, done, monkeypatch):
    promised = promise(cast)
    monkeypatch.setattr(worker, "_do", lambda job_id: None)  # killed: neither done nor failed
    for _ in range(4):
        run_job(promised.pk)
    assert again(promised).state == JobState.DEAD
    assert promised.last_error == "Every attempt ended with its worker."


def test_what_a_job_changes_says_that_a_job_did_it_for_whom_and_why(cast, done):
    @job("test.change", everything="a test")
    def change(promised):
        StudySite.objects.filter(pk=cast.madrid.pk).update(number="9")

    run_job(enqueue("test.change", asked_by=cast.paula, reason="Renumbering").pk)
    context = cast.madrid.events.visible_to(cast.paula).order_by("-pgh_id").first().pgh_context
    assert (context["actor_name"], context["reason"], context["channel"]) == (
        "Paula Marsh",
        "Renumbering",
        "job",
    )


def test_as_a_person_a_job_sees_what_they_see(cast, done):
    @job("test.look", as_person=True)
    def look(promised):
        with pytest.raises(ScopeNotChosen):
            StudySite.objects.count()
        return sorted(site.number for site in StudySite.objects.visible_to(promised.asked_by))

    seen = {who: enqueue("test.look", asked_by=cast.people[who]) for who in ("carla", "paula", "stella")}
    for promised in seen.values():
        run_job(promised.pk)
    assert {who: again(p).result for who, p in seen.items()} == {
        "carla": ["2003"],
        "paula": ["1001", "2003"],
        "stella": [],
    }


def test_a_job_may_leave_a_file_and_say_how_far_it_is(cast, done):
    @job("test.file", as_person=True)
    def make(promised):
        report_progress(promised, 5, 10)
        return store_bytes(actor=promised.asked_by, name="a.txt", content=b"words")

    promised = enqueue("test.file", asked_by=cast.paula)
    assert progress_of(promised) is None
    run_job(promised.pk)
    assert again(promised).result_file == StoredFile.objects.get()
    assert promised.result is None
    assert progress_of(promised) == (5, 10)


def test_two_workers_do_not_do_the_same_job(committed_database, monkeypatch):
    cast = bring_on_stage()
    monkeypatch.setattr(queue, "HANDLERS", dict(HANDLERS))
    monkeypatch.setattr(worker, "HANDLERS", queue.HANDLERS)
    started, go_on, done = threading.Event(), threading.Event(), []

    @job("test.slow", everything="a test")
    def slow(promised):
        done.append(1)
        started.set()
        go_on.wait(timeout=10)

    promised = enqueue("test.slow", asked_by=cast.paula)

    def first():
        run_job(promised.pk)
        connections.close_all()

    thread = threading.Thread(target=first)
    thread.start()
    assert started.wait(timeout=10)
    run_job(promised.pk)  # the second finds the row locked and leaves it
    go_on.set()
    thread.join(timeout=10)
    assert done == [1]
    assert again(promised).state == JobState.DONE


KILLED = """
import django, os, signal; django.setup()
from ctms.jobs.queue import job
from ctms.jobs.worker import run_job
from ctms.numbering.models import Series
@job("test.killed", everything="a test")
def work(promised):
    Series.next_of("killed")
    os.kill(os.getpid(), signal.SIGKILL)
run_job(int(os.environ["JOB"]))
"""


def test_a_worker_killed_in_the_middle_leaves_nothing_half_done_and_the_job_waiting(
    committed_database, monkeypatch
):
    cast = bring_on_stage()
    promised = enqueue("test.killed", asked_by=cast.paula)
    environment = committed_database.environment | {"JOB": str(promised.pk)}
    ended = subprocess.run([sys.executable, "-c", KILLED], env=environment, cwd=ROOT, capture_output=True)
    assert ended.returncode == -9, ended.stderr.decode()[-500:]
    assert (again(promised).state, promised.attempts) == (JobState.WAITING, 1)
    monkeypatch.setattr(queue, "HANDLERS", dict(HANDLERS))
    monkeypatch.setattr(worker, "HANDLERS", queue.HANDLERS)
    job("test.killed", everything="a test")(lambda promised: Series.next_of("killed"))
    run_job(promised.pk)
    run_job(promised.pk)
    assert (again(promised).state, promised.result, promised.attempts) == (JobState.DONE, 1, 2)


# --- coming round ------------------------------------------------------------------------------------


def test_what_comes_round_is_promised_once_a_period(cast, done, monkeypatch):
    monkeypatch.setattr(queue, "PERIODIC", {})
    monkeypatch.setattr(worker, "PERIODIC", queue.PERIODIC)
    comes_round("test.work", every=datetime.timedelta(hours=1), reason="each hour")
    for clock, expected in (("09:05", 1), ("09:06", 1), ("09:59", 1), ("10:00", 2)):
        with time_machine.travel(f"2026-03-17T{clock}Z"):
            plan_due()
        assert Job.objects.filter(name="test.work").count() == expected, clock
    assert {j.asked_by for j in Job.objects.all()} == {User.objects.system()}
    assert {j.reason for j in Job.objects.all()} == {"each hour"}


def test_what_came_round_long_ago_is_forgotten_and_other_work_is_not(cast, done, monkeypatch):
    old = timezone.now() - datetime.timedelta(days=40)
    for name in ("audit.seal", "test.work"):
        Job.objects.create(name=name, asked_by=cast.paula, state=JobState.DONE, done_at=old)
    assert "audit.seal" in PERIODIC
    plan_due()
    assert not Job.objects.filter(name="audit.seal", done_at=old).exists()
    assert Job.objects.filter(name="test.work", done_at=old).exists()


def test_the_upkeep_of_the_kernel_runs(committed_database, settings, tmp_path):
    settings.AUDIT_SEAL_DIR = tmp_path / "seals"
    cast = bring_on_stage()
    sealed = enqueue("audit.seal", asked_by=cast.paula)
    run_job(sealed.pk)
    assert again(sealed).result == {"seal": "000001.seal"}
