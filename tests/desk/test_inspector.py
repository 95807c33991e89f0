"""An inspector reads one study for a while: what is final, with its history; and every look is logged."""

import datetime
import re

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from ctms.access.access import Grant, access_of, may_know
from ctms.access.explain import people_who_may
from ctms.access.roles import FINAL_ONLY, FROM_OUTSIDE, PORTFOLIO_ROLES, ROLES, TIME_BOXED
from ctms.access.scoping import Scoped, everything, scope_of
from ctms.api.tokens import create_token
from ctms.audit.context import acting_as
from ctms.audit.trail import AUDITED
from ctms.files.models import AccessKind, AccessRecord
from ctms.pages.record import RECORDS
from ctms.workflow.engine import perform
from monitoring.models import Answer, MonitoringReport, VisitLetter
from studies.models import ProtocolVersion, StudyAssignment
from studies.services.team import assign
from tests.cast import FAR_AHEAD, LONG_AGO

from .conftest import MERIDIANS, MONEY_ROOMS, ROOMS_INSIDE

DRAFTS = ("Draft charter Dolomite",)


@pytest.fixture
def look(client, cast):
    def look(who, address):
        client.force_login(cast.people[who])
        answer = client.get(address)
        return answer.status_code, re.sub(r"\s+", " ", answer.content.decode(errors="replace"))

    return look


@pytest.fixture
def ask(client, cast):
    def ask(who, path):
        token = create_token(user=cast.people[who], name="of a test")
        client.logout()
        return client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"})

    return ask


def views(user):
    return list(AccessRecord._base_manager.filter(user=user, kind=AccessKind.VIEW).order_by("pk"))


# --- the role ----------------------------------------------------------------------------------------


def test_the_role_reads_and_nothing_else_sees_no_money_and_is_never_given_everywhere():
    for role in TIME_BOXED:
        assert all(".view_" in permission for permission in ROLES[role])
        assert not [p for p in ROLES[role] if p.startswith("finance.") or p == "audit.view_access"]
    assert not TIME_BOXED & PORTFOLIO_ROLES
    assert FINAL_ONLY <= FROM_OUTSIDE


def test_an_inspection_has_a_last_day(cast):
    given = {"actor": cast.ada, "user": cast.stella, "role": "inspector", "place": cast.vel}
    days = {"starts_on": timezone.localdate(), "trained_on": timezone.localdate()}
    with pytest.raises(ValidationError, match="give its last day"):
        assign(**given, **days)
    made = assign(**given, **days, ends_on=FAR_AHEAD)
    assert access_of(cast.fresh("stella")).time_boxed_only
    with (
        pytest.raises(IntegrityError, match="has a last day"),
        transaction.atomic(),
        acting_as(cast.ada, reason="Longer"),
    ):
        StudyAssignment.objects.filter(pk=made.pk).update(ends_on=None)
    carlas = assign(**(given | {"role": "medical_monitor"}), **days)
    assert carlas.ends_on is None, "a colleague's assignment needs none"


def test_the_account_opens_nothing_after_its_last_day(shown, client, cast):
    with acting_as(cast.ada, reason="Two weeks"):
        StudyAssignment.objects.filter(user=cast.ingrid).update(ends_on=timezone.localdate())
    client.force_login(cast.ingrid)
    assert client.get(f"/inspection/{cast.vel.pk}/").status_code == 200
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1), tick=False):
        client.force_login(cast.ingrid)
        assert client.get(f"/inspection/{cast.vel.pk}/").status_code == 404
        ended = client.get(f"/documents/{shown.final.pk}/")
        assert ended.status_code == 403
        assert "Your assignment (Inspector) here ended on" in ended.content.decode()


# --- what is seen ------------------------------------------------------------------------------------


def test_nothing_in_draft_is_seen_and_everything_final_is(shown, cast, assert_sees):
    assert_sees(
        cast.ingrid,
        visible=[shown.published, shown.approved_only, shown.final, shown.kept, shown.published.visit],
        hidden=[shown.in_draft, shown.drafted, shown.hidden, shown.secret, shown.theirs],
    )
    answers = Answer.objects.visible_to(cast.ingrid)
    assert set(answers.values_list("report", flat=True)) == {shown.published.pk, shown.approved_only.pk}
    assert cast.ingrid.has_perm("monitoring.view_monitoringreport", shown.published)
    assert not cast.ingrid.has_perm("monitoring.view_monitoringreport", shown.in_draft)
    with everything("an answer of each"):
        of_draft = Answer.objects.filter(report=shown.in_draft).select_related("report").first()
        of_final = Answer.objects.filter(report=shown.published).select_related("report").first()
    assert cast.ingrid.has_perm("monitoring.view_monitoringreport", of_final)
    assert not cast.ingrid.has_perm("monitoring.view_monitoringreport", of_draft)
    assert_sees(cast.carla, visible=[shown.in_draft, of_draft])


def test_the_history_of_a_final_record_is_whole_and_of_a_draft_there_is_none(shown, cast, look, ask):
    events = AUDITED["monitoring.MonitoringReport"].event_model
    told = events.objects.visible_to(cast.ingrid, "audit.view_history")
    assert set(told.values_list("pgh_obj", flat=True)) == {shown.published.pk, shown.approved_only.pk}
    assert told.filter(status="DRAFT").exists(), "how it came about is part of it"
    answers = AUDITED["monitoring.Answer"].event_model.objects.visible_to(cast.ingrid, "audit.view_history")
    assert set(answers.values_list("report", flat=True)) == {shown.published.pk, shown.approved_only.pk}
    status, page = look("ingrid", f"/monitoring-reports/{shown.published.pk}/history/")
    assert (status, "Carla Ruiz" in page) == (200, True)
    journal = look("ingrid", "/journal/")[1] + ask("ingrid", "audit-events?page_size=100").content.decode()
    assert not [word for word in (*DRAFTS, "Cobalt", *MERIDIANS) if word in journal]
    assert f"monitoring.MonitoringReport/{shown.in_draft.pk}" not in journal


def test_no_address_leads_an_inspector_to_a_draft_an_unblinded_row_or_another_study(
    furnished, look, ask, cast
):
    looked, hidden, read = 0, set(), set()
    for declaration in RECORDS.values():
        if not issubclass(declaration.model, Scoped):
            continue
        with everything("the test knows every row"):
            rows = list(declaration.model._base_manager.order_by("pk"))
        scope = scope_of(declaration.model)
        grant = Grant("inspector", study=cast.vel.pk)
        listed = {row["id"] for row in ask("ingrid", f"{declaration.slug}?page_size=1000").json()["results"]}
        for row in rows:
            with everything("what ought to be"):
                sees = (
                    declaration.view_permission() in ROLES["inspector"]
                    and grant.covers(row.place())
                    and may_know(grant, scope, row)
                )
            in_list = declaration.rows(cast.ingrid).filter(pk=row.pk).exists()
            assert in_list is sees or declaration.slug == "planned-visits", row
            assert (row.pk in listed) is in_list, row
            assert ask("ingrid", f"{declaration.slug}/{row.pk}").status_code == (200 if in_list else 404), row
            if not declaration.api_only:
                assert look("ingrid", declaration.url(row))[0] == (200 if in_list else 404), row
            looked += not in_list
            (read if in_list else hidden).add(declaration.slug)
    assert looked > 30
    assert hidden >= MONEY_ROOMS
    assert not read & MONEY_ROOMS, "nothing of the money"
    assert read >= ROOMS_INSIDE - MONEY_ROOMS


def test_the_rooms_inside_show_an_inspector_what_is_final_and_blind_safe(furnished, cast, assert_sees, look):
    assert_sees(
        cast.ingrid,
        visible=[
            *(furnished.letter, furnished.contact, furnished.subject, furnished.visit),
            *furnished.expected,
        ],
        hidden=[
            *(furnished.letter_in_draft, furnished.secret_letter, furnished.secret_contact),
            *furnished.secret_expected,
            *(furnished.budget, furnished.invoice, *furnished.payables),
        ],
    )
    assert_sees(cast.carla, visible=[furnished.letter_in_draft])
    for address in (
        "/letters/",
        "/letters/?export=csv",
        f"/monitoring-visits/{furnished.letter_in_draft.visit_id}/",
    ):
        assert f"/letters/{furnished.letter_in_draft.pk}/" not in look("ingrid", address)[1], address
    assert f"/letters/{furnished.letter.pk}/" in look("ingrid", "/letters/")[1]
    assert look("ingrid", f"/studies/{cast.vel.pk}/budget/")[0] in (403, 404)


def test_a_protocol_in_draft_is_nobodys_from_outside(cast, assert_sees):
    with acting_as(cast.paula, reason="Version 2"):
        draft = ProtocolVersion.objects.create(study=cast.vel, label="2.0")
    for who in ("ingrid", "sam"):
        assert_sees(cast.people[who], hidden=[draft])
    assert_sees(cast.carla, visible=[draft])
    effective = perform(draft, "make_effective", actor=cast.paula, happened_on=LONG_AGO)
    for who in ("ingrid", "sam"):
        assert_sees(cast.people[who], visible=[effective])


def test_the_visit_of_a_report_in_draft_does_not_lead_to_it(shown, look, cast):
    link = f'href="/monitoring-reports/{shown.in_draft.pk}/"'
    visit = f"/monitoring-visits/{shown.in_draft.visit_id}/"
    assert link in look("carla", visit)[1]
    status, page = look("ingrid", visit)
    assert (status, link in page) == (200, False)


def test_an_inspector_changes_nothing(shown, client, cast):
    client.force_login(cast.ingrid)
    for address in (
        *(
            f"/studies/{cast.vel.pk}/edit/",
            f"/documents/{shown.final.pk}/publish/",
            "/monitoring-visits/new/",
        ),
        *(f"/monitoring-reports/{shown.published.pk}/publish/", f"/studies/{cast.vel.pk}/team/assign/"),
    ):
        assert client.post(address, {"reason": "x"}).status_code == 403, address


def test_who_is_named_for_a_record_may_know_of_it(shown, cast):
    view, today = "monitoring.view_monitoringreport", timezone.localdate()
    assert cast.ingrid in people_who_may(view, shown.published, today)
    assert cast.ingrid not in people_who_may(view, shown.in_draft, today)
    assert cast.sam in people_who_may(view, shown.published, today)
    assert cast.sam not in people_who_may(view, shown.approved_only, today)
    assert cast.paula not in people_who_may(view, shown.secret, today)


def test_an_inspector_let_into_the_circle_reads_what_is_unblinded_there(shown, cast, look, assert_sees):
    assign(
        actor=cast.ada, user=cast.stella, role="inspector", place=cast.vel, starts_on=LONG_AGO,
        trained_on=LONG_AGO, ends_on=FAR_AHEAD, unblinded=True,
    )  # fmt: skip
    assert_sees(cast.fresh("stella"), visible=[shown.secret, shown.hidden], hidden=[shown.in_draft])
    assert look("stella", f"/documents/{shown.hidden.pk}/")[0] == 200
    look("stella", "/documents/?q=Cobalt")
    opened = AccessRecord.objects.visible_to(cast.ada).filter(user=cast.stella)
    assert {one.unblinded for one in opened} == {True}
    # Who is blinded does not learn from the log what was opened there.
    assert not AccessRecord.objects.visible_to(cast.paula).filter(user=cast.stella).exists()
    assert "Cobalt" not in look("paula", "/access-records/")[1]
    assert "Cobalt" in look("ada", "/access-records/")[1]


# --- the way in --------------------------------------------------------------------------------------


def test_an_inspector_lands_at_the_study_with_its_trial_master_file_by_zone(shown, client, cast):
    client.force_login(cast.ingrid)
    assert client.get("/").headers["Location"] == "/inspection/"
    assert client.get("/inspection/").headers["Location"] == f"/inspection/{cast.vel.pk}/"
    page = client.get(f"/inspection/{cast.vel.pk}/").content.decode()
    zone = shown.final.artifact.zone_label
    for word in ("Monitoring plan Alpine", "Contract Basalt", "31 Dec 2099", zone, "who had access on a day"):
        assert word in page, word
    assert not [word for word in (*DRAFTS, "Cobalt", *MERIDIANS) if word in page]
    for listing in ("monitoring-visits", "action-items", "deviations", "study-sites"):
        assert f"/studies/{cast.vel.pk}/{listing}/" in page
    assert f"/monitoring-reports/?study={cast.vel.pk}" in page


def test_documents_are_found_by_words_of_their_title_and_by_zone(shown, look, cast):
    address, zone = f"/inspection/{cast.vel.pk}/", shown.final.artifact.zone_number
    found = look("ingrid", f"{address}?q=basalt contract")[1]
    assert ("Contract Basalt" in found, "Alpine" in found) == (True, False)
    assert "Contract Basalt" in look("ingrid", f"{address}?zone={zone}&page=99")[1]
    assert "is found like this" in look("ingrid", f"{address}?zone=99")[1]
    assert "is found like this" in look("ingrid", f"{address}?q=Dolomite")[1]


def test_only_who_inspects_a_study_begins_there(shown, look, cast):
    for who in ("paula", "sam", "quentin", "stella"):
        assert look(who, f"/inspection/{cast.vel.pk}/")[0] == 404
    assert look("ingrid", f"/inspection/{cast.cor.pk}/")[0] == 404


def test_who_had_access_on_a_day_names_ended_and_inspecting_people(shown, look, cast):
    page = look("ingrid", f"/studies/{cast.vel.pk}/team/")[1]
    assert "Ingrid Sand" in page
    with acting_as(cast.ada, reason="Left"):
        StudyAssignment.objects.filter(user=cast.milo).update(ends_on=datetime.date(2025, 6, 30))
    at_that_time = look("paula", f"/studies/{cast.vel.pk}/team/?on=2025-06-30")[1]
    later = look("paula", f"/studies/{cast.vel.pk}/team/?on=2025-07-01")[1]
    assert ("Milo Andersen" in at_that_time, "Ingrid Sand" in at_that_time) == (True, True)
    assert ("Milo Andersen" in later, "Ingrid Sand" in later) == (False, True)


# --- logged ------------------------------------------------------------------------------------------


def test_every_page_and_every_answer_is_logged(shown, client, cast):
    client.force_login(cast.ingrid)
    report = f"/monitoring-reports/{shown.published.pk}/"
    for address in (
        f"/inspection/{cast.vel.pk}/",
        report,
        f"{report}history/",
        "/documents/?q=plan",
        "/journal/",
    ):
        assert client.get(address).status_code == 200, address
    assert client.get(f"/monitoring-reports/{shown.in_draft.pk}/").status_code == 404
    token = create_token(user=cast.ingrid, name="of a test")
    client.logout()
    for path in ("documents", f"documents/{shown.kept.pk}"):
        client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"})
    seen = views(cast.ingrid)
    assert [one.record for one in seen] == [
        f"studies.Study/{cast.vel.pk}",
        f"monitoring.MonitoringReport/{shown.published.pk}",
        f"monitoring.MonitoringReport/{shown.published.pk}",
        "/documents/",
        "/journal/",
        "/api/v1/documents",
        f"documents.Document/{shown.kept.pk}",
    ]
    assert {(one.study_id, one.role, one.address) for one in seen} == {
        (cast.vel.pk, "inspector", "127.0.0.1")
    }
    assert "/documents/?q=plan" in seen[3].detail
    assert "Contract Basalt" in seen[-1].detail


def test_what_cannot_be_logged_is_not_shown(shown, client, cast, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("the log is full")

    monkeypatch.setattr("ctms.pages.viewed.log_access", broken)
    client.raise_request_exception = False
    client.force_login(cast.ingrid)
    for address in (f"/documents/{shown.final.pk}/", f"/api/v1/documents/{shown.final.pk}"):
        answer = client.get(address)
        assert answer.status_code == 500
        assert "Alpine" not in answer.content.decode()
    client.force_login(cast.paula)
    assert client.get(f"/documents/{shown.final.pk}/").status_code == 200


def test_an_export_is_logged_with_its_study(shown, client, cast):
    client.force_login(cast.ingrid)
    assert client.get("/documents/?export=csv").status_code == 200
    (one,) = AccessRecord._base_manager.filter(user=cast.ingrid)
    assert (one.kind, one.study_id, one.role) == ("EXPORT", cast.vel.pk, "inspector")


def test_quality_and_the_manager_read_what_was_opened_and_nobody_else(shown, look, cast):
    look("ingrid", f"/documents/{shown.kept.pk}/")
    look("simone", f"/documents/{shown.theirs.pk}/")
    for who in ("paula", "quentin", "ada"):
        status, page = look(who, "/access-records/?role=inspector")
        assert status == 200
        assert "Contract Basalt" in page, who
        assert "Contract Basalt" in look(who, "/access-records/?role=inspector&export=csv")[1]
    assert "Ebony" in look("quentin", "/access-records/")[1]
    assert "Ebony" not in look("paula", "/access-records/")[1]
    assert (
        "Ebony" in look("pavel", "/access-records/")[1],
        "Basalt" in look("pavel", "/access-records/")[1],
    ) == (
        True,
        False,
    )
    day = timezone.localdate().isoformat()
    assert "Basalt" in look("paula", f"/access-records/?at__date__gte={day}&q=ingrid")[1]
    assert "Basalt" not in look("paula", "/access-records/?at__date__lte=2026-01-01")[1]
    for who in ("ingrid", "carla", "stella", "lena"):
        assert look(who, "/access-records/")[0] == 403, who
    assert look("sam", "/access-records/")[0] == 404


def test_final_states_are_states_of_their_models():
    declared = [t.model for t in AUDITED.values() if getattr(t.model, "final_states", ())]
    assert {MonitoringReport, VisitLetter} <= set(declared)
    for model in declared:
        states = {value for value, _label in model._meta.get_field("status").choices}
        assert set(model.final_states) <= states, model
        assert scope_of(AUDITED[model._meta.label].event_model).final == (
            ("pgh_obj__status", model.final_states),
        )
