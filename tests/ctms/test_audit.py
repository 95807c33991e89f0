"""Every change leaves a row that says who, why and through what; and nothing changes without."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from ctms.access.access import access_of
from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as, after_commit, coming_through, current_change, current_through
from ctms.audit.journal import newest, read_cursor, with_before
from ctms.audit.trail import AUDITED
from studies.models import Milestone, PlannedVisitActivity
from tests.ctms.conftest import refusal_of

MilestoneEvent = AUDITED["studies.Milestone"].event_model


def rows_of(record):
    with everything("the test reads the history"):
        return list(record.events.order_by("pgh_id"))


def by_model(cast, milestone):
    milestone.name = "Kick-off meeting"
    milestone.save()


def by_bulk(cast, milestone):
    with everything("the test updates in bulk"):
        Milestone.objects.filter(pk=milestone.pk).update(name="Kick-off meeting")


def by_sql(cast, milestone):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE studies_milestone SET name = 'Kick-off meeting'")


@pytest.mark.parametrize("change", [by_model, by_bulk, by_sql])
def test_a_change_by_any_way_is_remembered_with_who_why_and_through_what(cast, milestone, change):
    with coming_through("import", "192.0.2.7"), acting_as(cast.paula, reason="The sponsor asked"):
        change(cast, milestone)
    inserted, updated = rows_of(milestone)
    assert (inserted.pgh_label, inserted.name) == ("insert", "Kick-off")
    assert (updated.pgh_label, updated.name) == ("update", "Kick-off meeting")
    assert updated.pgh_context == {
        "actor": cast.paula.pk,
        "actor_name": "Paula Marsh",
        "reason": "The sponsor asked",
        "channel": "import",
        "address": "192.0.2.7",
    }
    assert inserted.pgh_context["reason"] == "The sponsor agreed"
    assert updated.study_id == cast.vel.pk
    assert updated.pgh_transaction


def test_bulk_create_and_removal_are_remembered_too(cast, plan):
    with acting_as(cast.paula, reason="In bulk"):
        made = Milestone.objects.bulk_create([Milestone(study=cast.vel, name=f"M{n}") for n in range(3)])
        crossed = plan.pk
        plan.delete()
    assert [rows_of(one)[0].pgh_context["reason"] for one in made] == ["In bulk"] * 3
    with everything("the test reads the history"):
        events = AUDITED["studies.PlannedVisitActivity"].event_model.objects.filter(pgh_obj_id=crossed)
        assert [e.pgh_label for e in events.order_by("pgh_id")] == ["insert", "delete"]


def test_an_unchanged_save_is_no_change(cast, milestone):
    with acting_as(cast.paula, reason="nothing new"):
        milestone.save()
    assert len(rows_of(milestone)) == 1


@pytest.mark.parametrize("change", [by_model, by_bulk, by_sql])
def test_a_change_that_does_not_say_who_is_refused(cast, milestone, change):
    with pytest.raises(DatabaseError, match="must say who makes it"), transaction.atomic():
        change(cast, milestone)
    milestone.refresh_from_db()
    assert milestone.name == "Kick-off"
    assert len(rows_of(milestone)) == 1


def test_regulated_rows_are_not_removed_and_their_history_is_not_touched(cast, milestone):
    with acting_as(cast.paula, reason="Away with it"):
        assert "permission denied" in refusal_of("DELETE FROM studies_milestone")
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            milestone.delete()
        for sql in ("UPDATE studies_milestoneevent SET name = 'x'", "DELETE FROM studies_milestoneevent"):
            assert "permission denied" in refusal_of(sql)
    assert Milestone.objects.visible_to(cast.paula).get() == milestone
    assert PlannedVisitActivity._meta.label in {label for label, trail in AUDITED.items() if trail.removable}


def test_two_reasons_in_one_transaction_stay_with_what_they_explain(cast, milestone):
    with acting_as(cast.paula, reason="outer"):
        by_model(cast, milestone)
        with acting_as(cast.lena, reason="inner"):
            milestone.name = "by Lena"
            milestone.save()
        milestone.name = "by Paula again"
        milestone.save()
        with acting_as(cast.lena):
            assert current_change().reason == "outer", "a consequence has the reason of its cause"
    told = [(r.pgh_context["actor_name"], r.pgh_context["reason"]) for r in rows_of(milestone)][1:]
    assert told == [("Paula Marsh", "outer"), ("Lena Brandt", "inner"), ("Paula Marsh", "outer")]
    assert current_change() is None


def _change_and_fail(cast, milestone):
    with acting_as(cast.lena, reason="lost"):
        by_model(cast, milestone)
        raise RuntimeError


def test_what_is_rolled_back_was_never_said(cast, milestone):
    with acting_as(cast.paula, reason="kept"):
        with pytest.raises(RuntimeError):
            _change_and_fail(cast, milestone)
        with everything("the test"):
            Milestone.objects.filter(pk=milestone.pk).update(published=True)
    assert [r.pgh_context["reason"] for r in rows_of(milestone)] == ["The sponsor agreed", "kept"]
    with pytest.raises(DatabaseError, match="must say who"), transaction.atomic():
        by_sql(cast, milestone)


def test_a_change_needs_a_saved_person(cast):
    with pytest.raises(ValueError, match="saved person"), acting_as(User(username="ghost")):
        raise AssertionError("never reached")


def test_an_account_is_remembered_without_its_password(cast):
    with acting_as(cast.ada, reason="Married"):
        cast.carla.last_name = "Ruiz Vega"
        cast.carla.set_password("Another-Horse-8-Battery")
        cast.carla.save()
    names = {f.name for f in AUDITED["accounts.User"].event_model._meta.fields}
    assert "last_name" in names
    assert not {"password", "last_login"} & names
    rows = AUDITED["accounts.User"].event_model.objects.filter(pgh_obj_id=cast.carla.pk).order_by("pgh_id")
    assert [r.last_name for r in rows] == ["Ruiz", "Ruiz Vega"]
    User.objects.filter(pk=cast.carla.pk).update(last_login="2026-03-17T09:00Z")  # a sign-in needs no reason
    assert rows.count() == 2


def test_the_way_in_is_named_by_the_request_and_forgotten_after_it(cast, client, milestone):
    client.force_login(cast.paula)
    client.post(f"/milestones/{milestone.pk}/transitions/set_aside/", {"reason": "Not agreed"})
    context = rows_of(milestone)[-1].pgh_context
    assert (context["channel"], context["address"]) == ("page", "127.0.0.1")
    assert current_through().channel == "command"


def test_what_follows_a_commit_is_harmless_when_it_fails(db, django_capture_on_commit_callbacks):
    done = []
    with django_capture_on_commit_callbacks(execute=True):
        after_commit(done.append, 1)
        after_commit(lambda: 1 / 0)
        after_commit(done.append, 2)
    assert done == [1, 2]


# --- the journal -------------------------------------------------------------------------------------


def test_the_journal_is_narrowed_like_everything(cast, milestone):
    def labels(person, **where):
        return {f"{line.label}/{line.event.pgh_obj_id}" for line in newest(access_of(person), **where)}

    assert f"studies.Milestone/{milestone.pk}" in labels(cast.paula)
    assert f"studies.StudySite/{cast.krakow.pk}" not in labels(cast.paula)
    assert labels(cast.stella, may_read=lambda model: False) == set()
    assert labels(cast.sam, may_read=lambda model: False) == set(), "a sponsor reads no history"
    only = labels(cast.quentin, study=cast.cor.pk)
    assert f"studies.StudySite/{cast.krakow.pk}" in only
    assert f"studies.StudySite/{cast.madrid.pk}" not in only
    assert labels(cast.paula, labels=["studies.Milestone"]) == {f"studies.Milestone/{milestone.pk}"}


def test_the_journal_pages_through_rows_of_one_instant_without_loss_or_double(cast):
    with acting_as(cast.paula, reason="An import writes them all at one instant"):
        Milestone.objects.bulk_create([Milestone(study=cast.vel, name=f"M{n}") for n in range(25)])
    whole = newest(access_of(cast.quentin), study=cast.vel.pk, limit=1000)
    assert len({line.at for line in whole}) == 1 < len({line.label for line in whole})
    paged, before = [], None
    while page := newest(access_of(cast.quentin), study=cast.vel.pk, before=before, limit=7):
        paged += page
        before = read_cursor(page[-1].cursor)
    assert [line.cursor for line in paged] == [line.cursor for line in whole]


@pytest.mark.parametrize(
    "text", ["", "x", "2026-03-17~a", "2026-03-17T10:00~a~1", "2026-03-17T10:00+00:00~a~-1", "a~b~c"]
)
def test_a_made_up_cursor_is_not_read(text):
    with pytest.raises(ValueError):
        read_cursor(text)


def test_each_line_finds_the_row_before_it(cast, milestone):
    with acting_as(cast.paula, reason="first"):
        by_model(cast, milestone)
    first, second = rows_of(milestone)
    both, label = {first.pgh_id: (first, None), second.pgh_id: (second, first)}, Milestone._meta.label
    assert with_before({label: list(both)}) == {label: both}
    assert with_before({label: [second.pgh_id]}) == {label: {second.pgh_id: (second, first)}}
    assert with_before({}) == {}


# --- commands ----------------------------------------------------------------------------------------


def test_sealing_and_verifying_say_what_they_did(committed_database, settings, tmp_path, capsys):
    settings.AUDIT_SEAL_DIR = tmp_path / "seals"
    call_command("seal_audit")
    call_command("seal_audit")
    call_command("verify_audit")
    said = capsys.readouterr().out
    assert "Sealed: 000001.seal" in said or "Nothing new" in said
    assert "every row as it was sealed" in said
