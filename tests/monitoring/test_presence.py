"""A report names whom its monitors met at the site, and may say which subjects they reviewed."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from ctms.audit.context import acting_as
from ctms.signatures.signing import signatures_of, verify
from ctms.workflow.declare import TransitionRefused
from monitoring import services
from monitoring.models import MonitoringReport, MonitoringVisit
from monitoring.reports import reading
from subjects.models import Subject
from tests.cast import FAR_AHEAD

from .conftest import MONDAY, TUESDAY
from .test_visits import refused_by_the_database

LATER, FAR = datetime.date(2026, 3, 20), datetime.date(2026, 4, 20)
MORENO = "Dr Isabel Moreno, Principal investigator"
VIDAL = "Dr Pablo Vidal, Principal investigator"


def named(report, by, **more):
    values = {"people_met": f"{MORENO}\nOlga Sanz, Study coordinator", "subjects_reviewed": "", **more}
    return services.name_people_met(actor=by, report=report, **values)


def test_the_people_of_the_sites_days_are_offered_with_their_roles(stage):
    assert services.who_may_be_met(stage.planned()) == [MORENO, VIDAL]


def test_conducting_asks_who_was_met_and_the_report_keeps_it(stage, cast, client):
    visit = stage.planned()
    client.force_login(cast.carla)
    address = f"/monitoring-visits/{visit.pk}/transitions/conduct/"
    page = client.get(address).content.decode()
    assert MORENO in page
    assert 'name="people"' in page
    client.post(
        address,
        {
            "started_on": MONDAY,
            "ended_on": TUESDAY,
            "people": [VIDAL],
            "others": "Olga Sanz, Study coordinator",
            "subjects_reviewed": "2003-001, 2003-002",
        },
    )
    report = stage.report_of(visit)
    assert report.people_met == f"{VIDAL}\nOlga Sanz, Study coordinator"
    content = services.contents_of(report)
    assert content["people_met"] == [VIDAL, "Olga Sanz, Study coordinator"]
    assert content["subjects_reviewed"] == ["2003-001", "2003-002"]


def test_a_report_that_names_nobody_is_not_submitted(stage, cast):
    report = named(stage.answered(), cast.carla, people_met=" ")
    with pytest.raises(TransitionRefused, match="who was met or contacted"):
        stage.signed(report, "submit", "carla")


def test_the_form_of_the_report_keeps_what_is_ticked_and_typed(stage, cast, client):
    report = stage.conducted()
    client.force_login(cast.carla)
    page = client.get(f"/monitoring-reports/{report.pk}/").content.decode()
    assert f'value="{MORENO}" ' in page
    answer = client.post(
        f"/monitoring-reports/{report.pk}/presence/",
        {"people": [MORENO, VIDAL], "others": "", "subjects_reviewed": "2003-001\n2003-001"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    report = stage.report_of(report.visit)
    assert (report.people_met, report.subjects_reviewed) == (f"{MORENO}\n{VIDAL}", "2003-001")


def test_subjects_reviewed_are_subjects_of_the_site_and_never_names(stage, cast):
    report = stage.conducted()
    with pytest.raises(ValidationError, match="names stay at the site"):
        named(report, cast.carla, subjects_reviewed="Garcia")
    with acting_as(cast.paula, reason="A subject of the tests"):
        Subject.objects.create(site=cast.madrid, number="2003-001")
    with pytest.raises(ValidationError, match="no subject 2003-002"):
        named(report, cast.carla, subjects_reviewed="2003-001 2003-002")
    assert named(report, cast.carla, subjects_reviewed="2003-001").subjects_reviewed == "2003-001"


def test_what_is_signed_names_them_on_page_and_paper_and_no_longer_changes(stage, cast):
    report = named(stage.answered(), cast.carla, subjects_reviewed="2003-001")
    report = stage.signed(report, "submit", "carla")
    printed = render_to_string("reports/_monitoring_report_body.html", reading(report, report.snapshot))
    for words in ("Met or contacted", MORENO, "Olga Sanz, Study coordinator", "2003-001"):
        assert words in printed
    with pytest.raises(TransitionRefused):
        named(report, cast.carla)
    table = MonitoringReport._meta.db_table
    for column in ("people_met", "subjects_reviewed"):
        refused_by_the_database(f"UPDATE {table} SET {column} = 'Somebody' WHERE id = %s", report.pk)


def test_a_report_signed_before_this_was_asked_stands_as_it_was_signed(stage, monkeypatch):
    asked_now = services.reports.contents_of
    older = ("people_met", "subjects_reviewed")
    monkeypatch.setattr(
        services.reports,
        "contents_of",
        lambda report: {name: value for name, value in asked_now(report).items() if name not in older},
    )
    report = stage.approved()
    assert all(verify(signature, report).stands for signature in signatures_of(report))
    assert not set(older) & set(report.as_signed())
    printed = render_to_string("reports/_monitoring_report_body.html", reading(report, report.snapshot))
    assert "Met or contacted" not in printed


def test_the_follow_up_letter_says_whom_we_met_what_we_reviewed_and_what_we_found(stage, cast):
    report = named(stage.answered(), cast.carla, subjects_reviewed="2003-001")
    stage.answer(report, "consent_version", "NO", "One subject signed version 2.")
    services.raise_deviation(
        actor=cast.carla,
        site=cast.madrid,
        report=report,
        category="DOSING",
        description="Dose taken twice",
        occurred_on=MONDAY,
        identified_on=TUESDAY,
        subject_number="2003-001",
    )
    for text, due in (("File the CV", TUESDAY), ("Send the log", FAR)):
        services.raise_action_item(
            actor=cast.carla, site=cast.madrid, text=text, opened_on=MONDAY, due_on=due
        )
    letter = services.write_letter(actor=cast.carla, on=LATER, visit=report.visit, kind="FOLLOW_UP")
    for words in (
        f"We met: {MORENO}; Olga Sanz, Study coordinator",
        "Subjects reviewed: 2003-001",
        "No. One subject signed version 2.",
        "- Subject 2003-001, dosing, 16 Mar 2026: Dose taken twice (our number PD 1)",
        "past the day they were due",
        "- File the CV (was due 17 Mar 2026; our number AI 1)",
        "- Send the log (due 20 Apr 2026; our number AI 2)",
    ):
        assert words in letter.body


def test_a_day_ahead_and_a_number_of_no_subject_are_said_at_their_fields_in_one_answer(stage, cast, client):
    visit = stage.planned()
    client.force_login(cast.carla)
    address = f"/monitoring-visits/{visit.pk}/transitions/conduct/"
    written = {
        "started_on": "2026-03-16",
        "ended_on": FAR_AHEAD.isoformat(),
        "subjects_reviewed": "<script>",
        "version": visit.version,
    }
    answer = client.post(address, written)
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert set(errors) == {"ended_on", "subjects_reviewed"}
    assert errors["ended_on"] == ["The date lies in the future."]
    assert answer.context["refusal"] == ""
    assert visit_of(visit, cast.carla).status == "PLANNED"


def test_the_service_says_all_that_is_wrong_at_once_as_well(stage, cast):
    with pytest.raises(ValidationError) as refusal:
        services.conduct_visit(
            actor=cast.carla,
            visit=stage.planned(),
            started_on=FAR_AHEAD,
            ended_on=FAR_AHEAD,
            subjects_reviewed="<script>",
        )
    assert set(refusal.value.error_dict) == {"started_on", "ended_on", "subjects_reviewed"}


def visit_of(visit, by):
    return MonitoringVisit.objects.visible_to(by).get(pk=visit.pk)
