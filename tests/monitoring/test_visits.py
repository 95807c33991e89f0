"""Visits: their numbers, their monitors, their two circles, and when their reports begin to exist."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, connection, transaction
from django.utils import timezone

from ctms.accounts.models import User
from ctms.api.tokens import create_token
from ctms.audit.context import acting_as
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import perform, transitions_of
from monitoring import services
from monitoring.models import Answer, MonitoringReport, MonitoringVisit, VisitMonitor
from tests.cast import FAR_AHEAD

from .conftest import MONDAY, PLANNED_ON, TUESDAY


def refused_by_the_database(statement, *values):
    """Run one statement as the application's role, outside all of our code; return what the database said."""
    with connection.cursor() as cursor:
        with (
            acting_as(User.objects.system(), reason="raw"),
            pytest.raises(Error) as refusal,
            transaction.atomic(),
        ):
            cursor.execute(statement, values)
        return str(refusal.value)


def test_a_number_survives_the_cancellation_of_its_visit(stage, cast):
    first = stage.planned()
    perform(first, "cancel", actor=cast.carla, reason="The site has flu")
    assert (first.label, stage.planned().label) == ("IMV 1", "IMV 2")
    again = perform(first, "reinstate", actor=cast.carla, reason="Cancelled by mistake")
    assert (again.label, again.status) == ("IMV 1", "PLANNED")
    assert stage.planned(visit_type="SIV").label == "SIV 1"
    assert stage.planned("chris", site="berlin").label == "IMV 1"


def test_a_cancelled_visit_says_why_and_has_no_report(stage, cast):
    visit = stage.planned()
    with pytest.raises(TransitionRefused, match="reason"):
        perform(visit, "cancel", actor=cast.carla)
    perform(visit, "cancel", actor=cast.carla, reason="The site cancelled at the door")
    assert not MonitoringReport.objects.visible_to(cast.carla).filter(visit=visit).exists()


def test_numbers_do_not_betray_unblinded_visits(stage, cast):
    stage.planned()
    hidden = stage.planned("uma", unblinded=True)
    assert stage.planned().label == "IMV 2"
    assert hidden.number == 1
    assert hidden.label != "IMV 1"


def test_blinded_people_do_not_see_an_unblinded_visit_nor_anything_of_it(stage, cast, assert_sees):
    report = stage.answered("uma", unblinded=True)
    item = services.raise_action_item(
        actor=cast.uma,
        site=cast.madrid,
        text="Relabel kits",
        opened_on=TUESDAY,
        due_on=TUESDAY,
        report=report,
    )
    deviation = services.raise_deviation(
        actor=cast.uma, site=cast.madrid, category="PRODUCT", description="Kit of the other arm", occurred_on=MONDAY,
        identified_on=TUESDAY, subject_number="2003-014", report=report,
    )  # fmt: skip
    parts = [
        VisitMonitor.objects.visible_to(cast.uma).get(visit=report.visit),
        Answer.objects.visible_to(cast.uma).filter(report=report).first(),
    ]
    everything = [report.visit, report, item, deviation, *parts]
    for knowing in ("uma", "ursula", "ada"):
        assert_sees(cast.people[knowing], visible=everything)
    for blinded in ("paula", "lena", "carla", "quentin", "sam", "stella"):
        assert_sees(cast.people[blinded], hidden=everything)
        for record in (report.visit, report, item, deviation):
            view = f"monitoring.view_{record._meta.model_name}"
            assert not cast.people[blinded].has_perm(view, record)
    assert not cast.lena.has_perm("monitoring.approve_report", report)
    assert cast.ursula.has_perm("monitoring.approve_report", report)


def test_only_the_unblinded_plan_unblinded_visits_and_only_the_unblinded_monitor_them(stage, cast):
    with pytest.raises(PermissionDenied):
        stage.planned("carla", unblinded=True)
    with pytest.raises(ValidationError, match="Carla Ruiz"):
        stage.planned("uma", others=["carla"], unblinded=True)
    assert not MonitoringVisit.objects.visible_to(cast.ada).exists()


def test_a_monitor_works_at_the_site_on_the_day(stage, cast):
    with pytest.raises(ValidationError, match="Chris Vogel"):
        stage.planned("carla", others=["chris"])
    with pytest.raises(ValidationError, match="Paula Marsh"):
        stage.planned("paula")


def test_a_visit_never_changes_its_circle(stage):
    visit = stage.planned("uma", unblinded=True)
    table = MonitoringVisit._meta.db_table
    refused_by_the_database(f"UPDATE {table} SET unblinded = false WHERE id = %s", visit.pk)


def test_the_report_exists_from_the_day_the_visit_was_conducted_and_once(stage, cast):
    visit = stage.planned()
    perform(visit, "confirm", actor=cast.carla)
    assert not MonitoringReport.objects.visible_to(cast.carla).exists()
    conducted = services.conduct_visit(actor=cast.carla, visit=visit, started_on=MONDAY, ended_on=TUESDAY)
    assert (conducted.actual_start_on, conducted.actual_end_on) == (MONDAY, TUESDAY)
    report = stage.report_of(visit)
    assert report.status == "DRAFT"
    assert report.template.visit_type == "IMV"
    assert 12 <= Answer.objects.visible_to(cast.carla).filter(report=report).count() <= 16
    with pytest.raises(TransitionRefused, match="no longer possible"):
        services.conduct_visit(actor=cast.carla, visit=visit, started_on=MONDAY, ended_on=TUESDAY)
    assert MonitoringReport.objects.visible_to(cast.carla).count() == 1


def test_a_visit_is_not_conducted_in_the_future_nor_backwards(stage, cast):
    visit = stage.planned()
    tomorrow = datetime.datetime.now(visit.time_zone()).date() + datetime.timedelta(days=1)
    with pytest.raises(ValidationError, match="future"):
        services.conduct_visit(actor=cast.carla, visit=visit, started_on=MONDAY, ended_on=tomorrow)
    with pytest.raises(ValidationError, match="before"):
        services.conduct_visit(actor=cast.carla, visit=visit, started_on=TUESDAY, ended_on=MONDAY)
    visit = MonitoringVisit.objects.visible_to(cast.carla).get(pk=visit.pk)
    assert (visit.status, visit.actual_start_on, visit.actual_end_on) == ("PLANNED", None, None)


def test_who_was_there_stays_who_was_there(stage, cast):
    visit = stage.planned(others=["lena"])
    before = MonitoringVisit.objects.visible_to(cast.carla).get(pk=visit.pk)
    services.conduct_visit(actor=cast.carla, visit=visit, started_on=MONDAY, ended_on=TUESDAY)
    # The second looks at the visit as it was before: what it is now decides.
    for seen in (before, stage.report_of(visit).visit):
        with pytest.raises((ValidationError, TransitionRefused)):
            services.change_monitors(
                actor=cast.paula,
                on=PLANNED_ON,
                visit=seen,
                primary_monitor=cast.carla,
                reason="Lena wants to approve",
            )
    table = VisitMonitor._meta.db_table
    refused_by_the_database(f"DELETE FROM {table} WHERE visit_id = %s", visit.pk)
    refused_by_the_database(
        f"UPDATE {table} SET user_id = %s WHERE visit_id = %s AND part <> 'PRIMARY'", cast.paula.pk, visit.pk
    )


def test_monitors_change_with_a_reason_before_the_visit(stage, cast):
    visit = stage.planned()
    services.change_monitors(
        actor=cast.paula,
        on=PLANNED_ON,
        visit=visit,
        primary_monitor=cast.lena,
        co_monitors=[cast.carla],
        reason="Hand-over",
    )
    named = VisitMonitor.objects.visible_to(cast.paula).filter(visit=visit).order_by("pk")
    assert [(str(m.user), m.part) for m in named] == [
        ("Lena Brandt", "PRIMARY"),
        ("Carla Ruiz", "CO_MONITOR"),
    ]


def test_the_database_lets_no_visit_skip_a_state(stage):
    visit = stage.planned()
    table = MonitoringVisit._meta.db_table
    said = refused_by_the_database(f"UPDATE {table} SET status = 'PROPOSED' WHERE id = %s", visit.pk)
    assert "cannot move from PLANNED to PROPOSED" in said


def test_the_choice_of_monitors_names_only_those_who_monitor_in_ones_own_studies(client, cast):
    client.force_login(cast.carla)
    choices = client.get("/monitoring-visits/new/").context["form"].fields["primary_monitor"].queryset
    assert {cast.carla, cast.chris} <= set(choices)
    assert not {cast.sam, cast.simone, cast.pavel, cast.stella, cast.paula} & set(choices)


def test_the_days_of_a_conducted_visit_are_corrected_with_a_reason_and_its_terms_follow(stage, cast):
    report = stage.conducted()
    before = services.terms_of(report.visit)[-1].due_on
    with pytest.raises(TransitionRefused, match="reason"):
        services.correct_days(
            actor=cast.carla, visit=report.visit, started_on=MONDAY, ended_on=MONDAY, reason=""
        )
    visit = services.correct_days(
        actor=cast.carla, visit=report.visit, started_on=MONDAY, ended_on=MONDAY, reason="One day only"
    )
    assert (visit.actual_start_on, visit.actual_end_on, visit.status) == (MONDAY, MONDAY, "CONDUCTED")
    assert services.terms_of(visit)[-1].due_on < before
    last = transitions_of(visit).last()
    assert (last.label, last.reason, last.happened_on) == ("Correct the days", "One day only", MONDAY)


def test_a_letter_not_sent_says_the_corrected_days_and_keeps_what_was_written(stage, cast):
    report = stage.conducted()
    letter = services.write_letter(actor=cast.carla, on=TUESDAY, visit=report.visit, kind="FOLLOW_UP")
    with acting_as(cast.carla):
        letter.body = f"{letter.body}Please greet the pharmacist."
        letter.save()
    assert "from 16 Mar 2026 to 17 Mar 2026" in letter.body
    services.correct_days(
        actor=cast.carla, visit=report.visit, started_on=TUESDAY, ended_on=TUESDAY, reason="Train was late"
    )
    letter.refresh_from_db()
    assert "on 17 Mar 2026" in letter.body
    assert "16 Mar" not in letter.body
    assert letter.body.endswith("Please greet the pharmacist.")


def test_once_the_report_is_submitted_the_days_stand(stage, cast, client):
    report = stage.submitted()
    with pytest.raises(TransitionRefused, match="does not apply"):
        services.correct_days(
            actor=cast.carla, visit=report.visit, started_on=MONDAY, ended_on=MONDAY, reason="Too late"
        )
    client.force_login(cast.carla)
    assert "Correct the days" not in client.get(f"/monitoring-visits/{report.visit_id}/").content.decode()


def test_the_correction_is_offered_on_the_page_and_says_when_the_report_is_due(stage, cast, client):
    report = stage.conducted()
    client.force_login(cast.carla)
    address = f"/monitoring-visits/{report.visit_id}/transitions/correct_days/"
    assert address in client.get(f"/monitoring-visits/{report.visit_id}/").content.decode()
    wrong = client.post(address, {"started_on": TUESDAY, "ended_on": MONDAY, "reason": "Mistyped"})
    assert "The last day lies before the first." in wrong.content.decode()
    done = client.post(
        address, {"started_on": MONDAY, "ended_on": MONDAY, "reason": "Mistyped"}, follow=True
    ).content.decode()
    assert "The visit took place on 16 Mar 2026. Its report is due" in done


def test_a_form_for_a_visit_begins_with_the_cra_who_fills_it_and_asks_the_blinded_nothing_of_blinding(
    cast, client
):
    client.force_login(cast.carla)
    page = client.get("/monitoring-visits/new/").content.decode()
    assert f'<option value="{cast.carla.pk}" selected>' in page
    assert 'name="unblinded"' not in page
    client.force_login(cast.uma)
    assert 'name="unblinded"' in client.get("/monitoring-visits/new/").content.decode()
    client.force_login(cast.lena)
    assert (
        f'<option value="{cast.lena.pk}" selected>'
        not in client.get("/monitoring-visits/new/").content.decode()
    )


def form_of(cast, day):
    return {
        "site": cast.madrid.pk,
        "visit_type": "IMV",
        "method": "ON_SITE",
        "planned_start_on": day.isoformat(),
        "planned_end_on": "",
        "purpose": "",
        "primary_monitor": cast.carla.pk,
    }


def test_a_visit_without_a_last_day_is_over_on_the_day_it_begins(cast, client):
    client.force_login(cast.carla)
    written = form_of(cast, FAR_AHEAD)
    page = client.post("/monitoring-visits/new/", {**written, "co_monitors": [cast.carla.pk]})
    assert "Carla Ruiz is the primary monitor already." in page.content.decode()
    assert client.post("/monitoring-visits/new/", written).status_code == 302
    visit = MonitoringVisit.objects.visible_to(cast.carla).get()
    assert visit.planned_end_on == visit.planned_start_on


def test_a_first_day_already_past_is_said_at_its_field_and_saving_again_means_it(cast, client):
    client.force_login(cast.carla)
    written = form_of(cast, TUESDAY)
    answer = client.post("/monitoring-visits/new/", written)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.index('id="id_planned_start_on_error"') < page.index("17 Mar 2026 is already past.")
    assert "Save again if that is right" in page
    assert not MonitoringVisit.objects.visible_to(cast.carla).exists()
    carried = {one.html_name: one.value() for one in answer.context["form"].hidden_fields()}
    assert client.post("/monitoring-visits/new/", {**written, **carried}).status_code == 302
    assert MonitoringVisit.objects.visible_to(cast.carla).get().status == "PLANNED"


def test_a_doubt_said_of_one_day_is_said_again_of_another(cast, client):
    client.force_login(cast.carla)
    answer = client.post("/monitoring-visits/new/", form_of(cast, TUESDAY))
    carried = {one.html_name: one.value() for one in answer.context["form"].hidden_fields()}
    years_before = {**form_of(cast, TUESDAY.replace(year=2020)), **carried}
    answer = client.post("/monitoring-visits/new/", years_before)
    assert answer.status_code == 422
    assert "17 Mar 2020 is already past." in answer.content.decode()
    assert not MonitoringVisit.objects.visible_to(cast.carla).exists()
    carried = {one.html_name: one.value() for one in answer.context["form"].hidden_fields()}
    assert client.post("/monitoring-visits/new/", {**years_before, **carried}).status_code == 302


def test_today_and_what_lies_ahead_are_planned_without_a_question(cast, client):
    client.force_login(cast.carla)
    for day in (timezone.localdate(), FAR_AHEAD):
        assert client.post("/monitoring-visits/new/", form_of(cast, day)).status_code == 302


def test_a_program_that_plans_a_day_already_past_says_that_it_knows(cast, client):
    token = create_token(user=cast.carla, name="of a test")
    headers = {"Authorization": f"Bearer {token}"}
    written = {**form_of(cast, TUESDAY), "planned_end_on": "2026-03-17"}

    def planned(**more):
        body = {**written, **more}
        return client.post(
            "/api/v1/monitoring-visits/", body, content_type="application/json", headers=headers
        )

    refused = planned()
    assert refused.status_code == 400
    assert "17 Mar 2026 is already past." in str(refused.json())
    assert planned(already_past=True).status_code == 201


def test_a_visit_whose_day_has_come_is_recorded_before_it_is_confirmed(stage, cast, client):
    past, ahead = stage.planned(), stage.planned(start=FAR_AHEAD, end=FAR_AHEAD)
    client.force_login(cast.carla)
    for visit, first in ((past, "Record as conducted"), (ahead, "Confirm visit")):
        page = client.get(f"/monitoring-visits/{visit.pk}/").content.decode()
        assert page.count("btn-primary") == 1
        assert first in page.split("btn-primary")[1][:120]


def test_nobody_outside_of_every_circle_is_told_that_a_visit_is_not_unblinded(stage, cast, client):
    visit = stage.planned()
    for person, told in ((cast.carla, False), (cast.ursula, True)):
        client.force_login(person)
        page = client.get(f"/monitoring-visits/{visit.pk}/").content.decode()
        assert ("<dt>Unblinded</dt>" in page) is told
