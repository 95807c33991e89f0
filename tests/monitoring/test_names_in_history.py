"""The history and the journal call what they tell of by names a reader knows, and ask no question a row for them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ctms.audit.trail import AUDITED
from ctms.pages.history import Naming, history_of, keys_called_by, name_in
from ctms.pages.journal import told_lines
from ctms.pages.record import RECORDS
from monitoring import services
from monitoring.models import MonitoringReport, VisitMonitor
from tests.monitoring.conftest import PLANNED_ON

pytestmark = pytest.mark.django_db

VISITS, REPORTS = RECORDS["monitoring.MonitoringVisit"], RECORDS["monitoring.MonitoringReport"]


def parts_told(declaration, record, person):
    return {entry.of for entry in history_of(declaration, record, person) if entry.of}


def test_the_history_of_a_visit_names_its_monitors_and_that_of_a_report_its_questions(stage, cast):
    report = stage.answered(others=["lena"])
    assert parts_told(VISITS, report.visit, cast.paula) == {
        "Visit monitor Carla Ruiz · Primary monitor",
        "Visit monitor Lena Brandt · Co-monitor",
    }
    keys = {question.key for question, _answer in services.questions_of(report)}
    assert parts_told(REPORTS, report, cast.paula) == {f"Answer to {key}" for key in keys}


def test_a_monitor_who_was_taken_off_the_visit_is_still_named(stage, cast):
    visit = stage.planned(others=["lena"])
    services.change_monitors(
        actor=cast.paula, on=PLANNED_ON, visit=visit, primary_monitor=cast.carla, co_monitors=[], reason="Ill",
    )  # fmt: skip
    removed = {entry.of for entry in history_of(VISITS, visit, cast.paula) if entry.what == "Removed"}
    assert "Visit monitor Lena Brandt · Co-monitor" in removed


def test_every_line_of_the_journal_has_a_name(stage, cast):
    stage.approved()
    lines = told_lines(cast.quentin, limit=1000, named=True)
    names = {(told.label, told.record_name) for told in lines}
    assert {label for label, _name in names} >= {
        "monitoring.VisitMonitor",
        "sites.SiteStaff",
        "studies.StudySite",
    }
    assert [name for name in names if "#" in name[1]] == []
    assert ("monitoring.MonitoringVisit", "IMV 1 · 2003 · Hospital Clínico de Chamberí") in names


def test_the_history_of_two_monitors_asks_as_often_as_that_of_one(stage, cast):
    alone, accompanied = stage.planned(), stage.planned(others=["lena"])
    asked = []
    history_of(VISITS, alone, cast.quentin)  # what Quentin may see is read once
    for visit in (alone, accompanied):
        with CaptureQueriesContext(connection) as queries:
            assert parts_told(VISITS, visit, cast.quentin)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_a_line_is_not_called_by_a_record_its_reader_may_not_see(stage, cast):
    report = stage.conducted("uma", unblinded=True)
    trail = AUDITED[MonitoringReport._meta.label]
    event = trail.event_model._base_manager.filter(pgh_obj_id=report.pk).latest("pgh_id")
    for person, name in ((cast.uma, "VEL-301 · 2003 · IMV 1 (unblinded)"), (cast.paula, f"#{report.pk}")):
        naming = Naming(person)
        naming.learn(keys_called_by(MonitoringReport, event))
        assert name_in(MonitoringReport, event, naming) == name
    assert not VisitMonitor.objects.visible_to(cast.paula).filter(visit=report.visit).exists()


def test_the_content_a_signature_froze_is_told_in_words_and_not_in_a_machines(stage, cast, client):
    report = stage.approved()
    told = [
        change.after
        for entry in history_of(REPORTS, report, cast.paula)
        for change in entry.changes
        if change.label == "Content as signed"
    ]
    assert told == ["Kept as it stood"]
    client.force_login(cast.paula)
    page = client.get(f"/monitoring-reports/{report.pk}/history/").content.decode()
    assert "Kept as it stood" in page
    assert "{&#x27;" not in page
