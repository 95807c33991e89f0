"""Forms and what saves them: drafts, reasons, versions, scope, history in words."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from ctms.audit.context import acting_as
from ctms.jobs.queue import enqueue
from ctms.jobs.worker import run_job
from ctms.pages.drafts import KEPT_FOR, LONGEST
from ctms.pages.history import history_of
from ctms.pages.models import Draft
from ctms.pages.record import RECORDS
from ctms.pages.saving import OutOfSight, change_record, create_record
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import ChangedMeanwhile, perform
from studies.models import Milestone, PlannedVisit, Study, StudySite
from tests.cast import LONG_AGO
from tests.ctms.conftest import TODAY

MILESTONES = RECORDS["studies.Milestone"]
FORM = {"kind": "KICK_OFF", "name": "Kick-off", "planned_on": "2026-03-17", "planned_precision": "DAY"}


@pytest.fixture
def paula(client, cast):
    client.force_login(cast.paula)
    return client


# --- drafts ------------------------------------------------------------------------------------------


def keep(client, path, **values):
    return client.post("/drafts/", {"draft_path": path, **values})


def test_what_is_written_is_kept_and_comes_back(paula, milestone, cast):
    edit = f"/milestones/{milestone.pk}/edit/"
    assert (
        keep(paula, edit, name="Kick-off in Mad", password="secret", csrfmiddlewaretoken="x").status_code
        == 204
    )
    assert keep(paula, edit, name="Kick-off in Madrid").status_code == 204
    draft = Draft.objects.get()
    assert draft.values == {"name": ["Kick-off in Madrid"]}
    assert str(draft) == f"Paula Marsh: {edit}"
    assert "Kick-off in Madrid" in paula.get(edit).content.decode()
    paula.force_login(cast.lena)
    assert "Kick-off in Madrid" not in paula.get(edit).content.decode(), "a draft is its writer's alone"


def test_a_draft_outlives_the_session_and_ends_with_the_save(client, cast, milestone, settings):
    settings.IDLE_TIMEOUT_MINUTES = 20
    edit = f"/milestones/{milestone.pk}/edit/"
    with time_machine.travel("2026-03-17T09:00Z", tick=False) as clock:
        client.force_login(cast.paula)
        client.get(edit)
        keep(client, edit, name="Half a sentence")
        clock.shift(30 * 60)
        assert client.get(edit).status_code == 302
        client.force_login(cast.paula)
        assert "Half a sentence" in client.get(edit).content.decode()
        saved = client.post(edit, {**FORM, "reason": "Said so", "version": milestone.version})
    assert saved.status_code == 302
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "sent", [{}, {"draft_path": "elsewhere"}, {"draft_path": "/milestones/new/", "name": "x" * (LONGEST + 1)}]
)
def test_what_is_no_draft_is_not_kept(paula, sent):
    assert paula.post("/drafts/", sent).status_code == 400
    assert paula.get("/drafts/").status_code == 405
    assert not Draft.objects.exists()


def test_drafts_nobody_came_back_for_are_thrown_away(paula, cast):
    keep(paula, "/milestones/new/", name="old")
    keep(paula, "/milestones/new/?study=1", name="new")
    old = Draft.objects.get(path="/milestones/new/")
    Draft.objects.filter(pk=old.pk).update(saved_at=old.saved_at - KEPT_FOR - datetime.timedelta(days=1))
    run_job(enqueue("pages.purge_drafts", asked_by=cast.paula).pk)
    assert [draft.path for draft in Draft.objects.all()] == ["/milestones/new/?study=1"]


# --- making ------------------------------------------------------------------------------------------


def test_a_form_offers_only_what_the_person_sees(paula, cast):
    page = paula.get("/milestones/new/").content.decode()
    assert "VEL-301" in page
    assert "Chamberí" in page
    assert "COR-207" not in page
    assert "Wawelem" not in page
    answer = paula.post("/milestones/new/", {**FORM, "study": cast.cor.pk})
    assert answer.status_code == 422
    assert not Milestone.objects.visible_to(cast.pavel).exists()


def test_a_record_is_made_only_where_the_person_may(cast):
    values = {"study": cast.cor, "name": "Elsewhere"}
    with pytest.raises(PermissionDenied):
        create_record(MILESTONES, values, actor=cast.paula)
    with pytest.raises(PermissionDenied):
        create_record(MILESTONES, values | {"study": cast.vel}, actor=cast.carla)
    with pytest.raises(ValidationError):
        create_record(MILESTONES, {"study": cast.vel, "name": ""}, actor=cast.paula)
    assert not Milestone.objects.visible_to(cast.quentin).exists()
    made = create_record(MILESTONES, {"site": cast.madrid, "name": "Here"}, actor=cast.paula)
    assert made.study == cast.vel


def test_who_may_not_make_one_is_told_so_before_writing(client, cast):
    client.force_login(cast.carla)
    answer = client.get("/milestones/new/")
    assert answer.status_code == 403
    assert "Project manager" in answer.content.decode()


def test_a_new_study_is_its_makers(cast, paula):
    answer = paula.post("/studies/new/", {"protocol_number": "NEW-1", "short_name": "New", "title": "x"})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    study = Study.objects.visible_to(cast.fresh("paula")).get(protocol_number="NEW-1")
    assert cast.fresh("paula").has_perm("studies.move_study", study)
    again = paula.post("/studies/new/", {"protocol_number": "new-1", "short_name": "Again"})
    assert again.status_code == 422
    assert "protocol number already" in again.content.decode()


# --- changing ----------------------------------------------------------------------------------------


def test_a_change_of_a_saved_record_says_why(cast, milestone):
    with pytest.raises(ValidationError, match="Say why"):
        change_record(MILESTONES, milestone, {"name": "B"}, actor=cast.paula, reason=" ")
    changed = change_record(MILESTONES, milestone, {"name": "B"}, actor=cast.paula, reason="Renamed")
    assert changed.name == "B"
    same = change_record(MILESTONES, milestone, {"name": "B"}, actor=cast.paula)
    assert same.version == changed.version, "what is the same needs no reason and is no change"


def test_a_change_is_refused_by_role_version_and_state_and_leaves_all_as_it_was(cast, milestone):
    def change(actor=cast.paula, **more):
        return change_record(MILESTONES, milestone, {"name": "B"}, actor=actor, reason="x", **more)

    with pytest.raises(PermissionDenied, match="Project manager"):
        change(cast.carla)
    with pytest.raises(ChangedMeanwhile):
        change(version=milestone.version + 1)
    perform(milestone, "complete", actor=cast.paula, happened_on=LONG_AGO)
    with pytest.raises(TransitionRefused, match="not changed in that state") as told:
        change()
    assert told.value.conflict
    milestone.refresh_from_db()
    assert milestone.name == "Kick-off"


def test_a_record_that_no_longer_changes_says_so_on_its_page(paula, cast, milestone):
    perform(milestone, "set_aside", actor=cast.paula, reason="No meeting")
    answer = paula.get(f"/milestones/{milestone.pk}/edit/")
    assert answer.status_code == 409
    assert "not changed in that state" in answer.content.decode()


def test_what_only_the_database_refuses_is_a_sentence_too(cast, monkeypatch):
    """Two people at once both pass the check; the second meets the constraint itself."""
    monkeypatch.setattr(StudySite, "full_clean", lambda site: None)
    sites = RECORDS["studies.StudySite"]
    with pytest.raises(ValidationError) as refused:
        change_record(sites, cast.berlin, {"number": "2003"}, actor=cast.paula, reason="Renumbered")
    assert refused.value.messages == ["There is such a record already."]
    cast.berlin.refresh_from_db()
    assert cast.berlin.number == "1001"


def test_nobody_saves_a_record_out_of_their_own_sight(cast, plan):
    visit = plan.planned_visit
    declaration = RECORDS["studies.PlannedVisit"]
    with pytest.raises(OutOfSight, match="nothing was saved"):
        change_record(declaration, visit, {"retired": True}, actor=cast.paula, reason="Old")
    assert not PlannedVisit.objects.visible_to(cast.paula).get().retired


def test_two_tabs_do_not_overwrite_each_other(paula, cast, milestone):
    edit = f"/milestones/{milestone.pk}/edit/"
    with acting_as(cast.lena, reason="Meanwhile"):
        Milestone.objects.visible_to(cast.lena).filter(pk=milestone.pk).update(name="Lena's")
    answer = paula.post(edit, {**FORM, "name": "Paula's", "reason": "x", "version": milestone.version})
    assert answer.status_code == 409
    assert "after you opened it" in answer.content.decode()
    milestone.refresh_from_db()
    assert milestone.name == "Lena's"


# --- moves on pages ----------------------------------------------------------------------------------


def test_a_move_on_a_page_is_asked_refused_and_done(paula, cast, milestone):
    page = f"/milestones/{milestone.pk}/transitions/complete/"
    assert "Actual date" in paula.get(page).content.decode()
    ahead = paula.post(page, {"happened_on": "2099-01-01"})
    assert ahead.status_code == 409
    assert "future" in ahead.content.decode()
    assert paula.post(page, {"happened_on": ""}).status_code in (200, 422)
    stale = paula.post(page, {"happened_on": "2026-01-01", "version": milestone.version + 5})
    assert stale.status_code == 409
    assert "Look at it again" in stale.content.decode()
    milestone.refresh_from_db()
    assert milestone.status == "PLANNED"
    assert paula.post(page, {"happened_on": "2026-01-01"}).status_code == 302
    assert paula.get(page).status_code == 409, "a second tab finds it done"
    assert paula.get(f"/milestones/{milestone.pk}/transitions/fly/").status_code == 404


def test_a_move_that_is_not_ones_own_is_refused_with_a_sentence(client, cast, milestone):
    with acting_as(cast.paula, reason="Agreed"):
        milestone.published = True
        milestone.save()
    move = f"/milestones/{milestone.pk}/transitions/complete/"
    client.force_login(cast.fiona)
    answer = client.post(move, {"happened_on": "2026-01-01"})
    assert answer.status_code == 403
    assert "You are here as Finance specialist" in answer.content.decode()
    client.force_login(cast.sam)
    answer = client.post(move, {"happened_on": "2026-01-01"})
    assert answer.status_code == 404, "a sponsor is not told what others may do to it"
    assert "Project manager" not in answer.content.decode()


# --- history -----------------------------------------------------------------------------------------


def test_history_tells_in_words_who_did_what_and_why(cast, milestone):
    with acting_as(cast.lena, reason="The sponsor asked"):
        milestone.planned_on = TODAY + datetime.timedelta(days=14)
        milestone.country = cast.spain
        milestone.published = True
        milestone.save()
    perform(milestone, "complete", actor=cast.paula, happened_on=LONG_AGO)
    entries = history_of(MILESTONES, milestone, cast.paula)
    assert [entry.what for entry in entries[-2:]] == ["Changed", "Created"]
    changed = entries[-2]
    assert (changed.who, changed.reason) == ("Lena Brandt", "The sponsor asked")
    assert {(c.label, c.before, c.after) for c in changed.changes} == {
        ("Planned", "17 Mar 2026", "31 Mar 2026"),
        ("Country", "—", "Spain"),
        ("Shown to the sponsor", "No", "Yes"),
    }
    move = next(entry for entry in entries if entry.what == "Record actual date")
    assert (move.who, move.happened_on) == ("Paula Marsh", LONG_AGO)
    kinds = {c.label: c.after for c in entries[-1].changes}
    assert kinds["Kind"] == "Sponsor kick-off meeting"
    assert kinds["Study"] == "VEL-301"


def test_a_record_the_reader_may_not_see_stays_a_number_in_history(cast, milestone):
    with acting_as(cast.paula, reason="Of Berlin, then of nobody in particular"):
        milestone.site = cast.berlin
        milestone.save()
        milestone.site = milestone.country = None
        milestone.save()

    def told(person):
        return [
            c.after for e in history_of(MILESTONES, milestone, person) for c in e.changes if c.label == "Site"
        ]

    assert "1001 · Klinikum am Fließ" in told(cast.paula)
    assert f"#{cast.berlin.pk}" in told(cast.carla)
    assert not any("Fließ" in words for words in told(cast.carla))


def test_parts_are_told_with_their_record(cast, plan):
    entries = history_of(RECORDS["studies.Study"], cast.vel, cast.paula)
    parts = [entry.of for entry in entries if entry.of]
    assert parts
    assert parts[0].startswith("Study identifier")


def test_history_is_for_who_may_read_it(client, cast, milestone):
    client.force_login(cast.carla)
    assert "Paula Marsh" in client.get(f"/milestones/{milestone.pk}/history/").content.decode()
    with acting_as(cast.paula, reason="Agreed"):
        milestone.published = True
        milestone.save()
    client.force_login(cast.sam)
    assert client.get(f"/milestones/{milestone.pk}/").status_code == 200
    answer = client.get(f"/milestones/{milestone.pk}/history/")
    assert answer.status_code == 404
    assert "Paula Marsh" not in answer.content.decode()


def test_the_journal_page_is_narrowed_and_paged(client, cast, milestone):
    client.force_login(cast.paula)
    page = client.get("/journal/").content.decode()
    assert "Kick-off" in page
    assert "COR-207" not in page
    assert client.get(f"/journal/?study={cast.vel.pk}").status_code == 200
    assert client.get("/journal/?before=nonsense&study=x").status_code == 200
    client.force_login(cast.sam)
    assert client.get("/journal/").status_code == 404
    client.force_login(cast.stella)
    assert client.get("/journal/").status_code == 403
