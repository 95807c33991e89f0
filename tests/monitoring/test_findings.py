"""Action items and deviations: lists of their own, with numbers, states and a circle of their own."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from ctms.audit.context import acting_as
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import perform
from monitoring import services
from monitoring.models import ActionItem, Deviation
from subjects.models import Subject, SubjectTransfer

from .conftest import MONDAY, TUESDAY
from .test_visits import refused_by_the_database


def item(cast, by="carla", **more):
    values = {"site": cast.madrid, "text": "File the CV", "opened_on": MONDAY, "due_on": TUESDAY, **more}
    return services.raise_action_item(actor=cast.people[by], **values)


def deviation(cast, by="carla", **more):
    values = {
        "site": cast.madrid,
        "category": "ELIGIBILITY",
        "description": "ALT above the limit",
        "occurred_on": MONDAY,
        "identified_on": TUESDAY,
        **more,
    }
    return services.raise_deviation(actor=cast.people[by], **values)


def test_numbers_run_per_site_and_do_not_betray_unblinded_items(cast):
    assert item(cast).label == "AI 1"
    assert "unblinded" in item(cast, "uma", unblinded=True).label
    assert item(cast).label == "AI 2"
    assert item(cast, "chris", site=cast.berlin).label == "AI 1"
    deviation(cast, "uma", unblinded=True)
    assert deviation(cast).label == "PD 1"


def test_items_are_raised_where_one_works_and_unblinded_ones_in_the_circle(cast, assert_sees):
    for actor, where in (("carla", cast.berlin), ("sam", cast.madrid), ("stella", cast.madrid)):
        with pytest.raises(PermissionDenied):
            item(cast, actor, site=where)
    with pytest.raises(PermissionDenied):
        item(cast, unblinded=True)
    raised = item(cast)
    assert_sees(cast.carla, visible=[raised])
    for other in ("chris", "sam", "pavel"):
        assert_sees(cast.people[other], hidden=[raised])


def test_an_item_goes_from_open_to_closed_with_what_was_done_and_may_come_back(cast):
    raised = item(cast)
    raised = perform(raised, "start", actor=cast.carla)
    with pytest.raises(TransitionRefused, match="reason"):
        perform(raised, "resolve", actor=cast.carla)
    raised = perform(raised, "resolve", actor=cast.carla, reason="The site sent the CV")
    assert raised.resolution == "The site sent the CV"
    raised = perform(raised, "close", actor=cast.carla, reason="Seen on site", happened_on=TUESDAY)
    assert (raised.status, raised.closed_on, raised.age_days(TUESDAY.replace(day=30))) == (
        "CLOSED",
        TUESDAY,
        1,
    )
    raised = perform(raised, "reopen", actor=cast.carla, reason="It was the wrong CV")
    assert (raised.status, raised.closed_on) == ("OPEN", None)


def test_an_overdue_item_is_open_and_past_its_day(cast):
    overdue, done = item(cast), item(cast)
    perform(done, "close", actor=cast.carla, reason="Done", happened_on=TUESDAY)
    later = TUESDAY.replace(day=18)
    assert list(ActionItem.objects.visible_to(cast.carla).overdue(on=later)) == [overdue]
    assert not ActionItem.objects.visible_to(cast.carla).overdue(on=TUESDAY).exists()


@pytest.mark.parametrize("name", ["Maria Lopez", "Maria", "M. L.", "2003 014", "2003-014 Maria", "<b>1</b>"])
def test_a_subject_is_a_code_and_never_a_name(cast, name):
    with pytest.raises(ValidationError, match="number"):
        deviation(cast, subject_number=name)
    assert not Deviation.objects.visible_to(cast.carla).exists()


@pytest.mark.parametrize("code", ["", "014", "2003-014", "ES03/014", "R0014"])
def test_codes_of_subjects_are_kept_as_written(cast, code):
    assert deviation(cast, subject_number=code).subject_number == code


def test_a_deviation_is_classified_in_review_by_those_who_may(cast):
    found = deviation(cast)
    with pytest.raises(PermissionDenied):
        perform(found, "review", actor=cast.carla)
    found = perform(found, "review", actor=cast.lena)
    with pytest.raises(TransitionRefused, match="important"):
        perform(found, "confirm", actor=cast.lena)
    table = Deviation._meta.db_table
    refused_by_the_database(f"UPDATE {table} SET status = 'CONFIRMED' WHERE id = %s", found.pk)
    refused_by_the_database(f"UPDATE {table} SET status = 'CLOSED' WHERE id = %s", found.pk)
    with pytest.raises(TransitionRefused, match="reason"):
        perform(found, "reject", actor=cast.lena)
    found = perform(found, "reject", actor=cast.lena, reason="The limit in force is 3.5")
    assert found.status == "NOT_A_DEVIATION"


def test_it_cannot_be_identified_before_it_occurred(cast):
    with pytest.raises(ValidationError, match="cannot have occurred later"):
        deviation(cast, occurred_on=TUESDAY, identified_on=MONDAY)
    with pytest.raises(ValidationError, match="before"):
        item(cast, opened_on=TUESDAY, due_on=MONDAY)
    # The refused ones gave their numbers back.
    assert (item(cast).number, deviation(cast).number) == (1, 1)


def test_an_item_is_closed_on_no_day_before_it_was_opened(cast):
    raised = item(cast, opened_on=TUESDAY, due_on=TUESDAY)
    with pytest.raises(TransitionRefused, match="opened on 17 Mar 2026"):
        perform(raised, "close", actor=cast.carla, reason="Seen on site", happened_on=MONDAY)
    table = ActionItem._meta.db_table
    refused_by_the_database(f"UPDATE {table} SET closed_on = '2026-03-16' WHERE id = %s", raised.pk)
    closed = perform(raised, "close", actor=cast.carla, reason="Seen on site", happened_on=TUESDAY)
    assert closed.closed_on == TUESDAY


@pytest.fixture
def subjects(cast):
    with acting_as(cast.paula, reason="The subjects of the tests"):
        return {
            number: Subject.objects.create(site=site, number=number)
            for site, number in ((cast.madrid, "2003-001"), (cast.berlin, "1001-001"))
        }


def test_a_deviation_names_a_subject_of_its_own_site(cast, subjects):
    assert deviation(cast, subject_number="2003-001").subject_number == "2003-001"
    for number in ("1001-001", "2003-999"):
        with pytest.raises(ValidationError, match=f"Site 2003 has no subject {number}") as refusal:
            deviation(cast, subject_number=number)
        assert list(refusal.value.error_dict) == ["subject_number"]
    assert deviation(cast).subject_number == ""


def test_a_change_and_the_database_ask_for_the_site_too(cast, subjects, client):
    found = deviation(cast, subject_number="2003-001")
    client.force_login(cast.carla)
    page = client.post(
        f"/deviations/{found.pk}/edit/",
        {
            "subject_number": "1001-001",
            "category": "ELIGIBILITY",
            "description": "ALT above the limit",
            "occurred_on": "2026-03-16",
            "identified_on": "2026-03-17",
            "immediate_action": "",
            "importance": "",
        },
    )
    assert page.status_code == 422
    assert "Site 2003 has no subject 1001-001" in page.content.decode()
    table = Deviation._meta.db_table
    assert "subject of its own site" in refused_by_the_database(
        f"UPDATE {table} SET subject_number = '1001-001' WHERE id = %s", found.pk
    )


def test_who_was_transferred_keeps_what_happened_at_the_former_site(cast, subjects):
    with acting_as(cast.paula, reason="Moved house"):
        SubjectTransfer.objects.create(
            subject=subjects["1001-001"],
            from_site=cast.madrid,
            to_site=cast.berlin,
            transferred_on=MONDAY,
            reason="Moved house",
        )
    assert deviation(cast, subject_number="1001-001").subject_number == "1001-001"


def test_a_deviation_raised_by_mistake_is_withdrawn_by_the_monitor_while_the_report_is_a_draft(stage, cast):
    report = stage.answered()
    mistaken = deviation(cast, report=report)
    with pytest.raises(TransitionRefused, match="reason"):
        perform(mistaken, "withdraw", actor=cast.carla)
    with pytest.raises(TransitionRefused, match="Only the monitors"):
        perform(mistaken, "withdraw", actor=cast.lena, reason="Not mine")
    withdrawn = perform(mistaken, "withdraw", actor=cast.carla, reason="Another subject's visit")
    assert withdrawn.status == "WITHDRAWN"
    assert services.contents_of(report)["deviations"] == []
    kept = deviation(cast, report=report)
    stage.signed(report, "submit", "carla")
    with pytest.raises(TransitionRefused, match="signed"):
        perform(kept, "withdraw", actor=cast.carla, reason="Too late")


def test_the_form_in_a_report_offers_the_subjects_and_chooses_no_category(stage, cast, subjects, client):
    report = stage.conducted()
    client.force_login(cast.carla)
    address = f"/monitoring-reports/{report.pk}/deviations/new/"
    page = client.get(address).content.decode()
    assert '<option value="2003-001">' in page
    assert "1001-001" not in page
    assert '<option value="" selected>Choose…</option>' in page
    written = {
        "category": "DOSING",
        "description": "Dose missed",
        "occurred_on": "2026-03-18",
        "subject_number": "",
    }
    page = client.post(address, written).content.decode()
    assert page.index("cannot have occurred later") > page.index("id_occurred_on")


def test_what_is_raised_at_a_question_names_it_and_leads_to_it_and_the_question_lists_it(stage, cast, client):
    report = stage.answered()
    client.force_login(cast.carla)
    page = client.get(f"/monitoring-reports/{report.pk}/").content.decode()
    question = services.questions_of(report)[0][0]
    anchor, address = f"question-{question.key}", f"/monitoring-reports/{report.pk}/"
    assert f'href="{address}action-items/new/?question={question.key}"' in page
    form = client.get(f"{address}action-items/new/?question={question.key}").content.decode()
    assert f'<option value="{question.key}" selected>' in form
    for kind, written in (
        ("action-items", {"text": "File the CV", "responsible": "SITE", "due_on": TUESDAY}),
        ("deviations", {"category": "CONSENT", "description": "No date", "occurred_on": MONDAY}),
    ):
        raised = client.post(f"{address}{kind}/new/", {**written, "question_key": question.key})
        assert raised.url == f"{address}#{anchor}"
    report = stage.signed(report, "submit", "carla")
    shown = client.get(address).content.decode().split(f'id="{anchor}"')[1].split('id="question-')[0]
    for one in (
        ActionItem.objects.visible_to(cast.carla).get(),
        Deviation.objects.visible_to(cast.carla).get(),
    ):
        kind = "action-items" if isinstance(one, ActionItem) else "deviations"
        assert f'href="/{kind}/{one.pk}/">{one}</a>' in shown
        own = client.get(f"/{kind}/{one.pk}/").content.decode()
        assert f'<a href="{address}#{anchor}">{question.text}</a>' in own


def test_what_is_raised_names_no_question_of_another_report(stage, cast):
    initiation, interim = stage.conducted(visit_type="SIV"), stage.conducted()
    for report, key in ((initiation, "consent_version"), (interim, "ready"), (None, "consent_version")):
        for raise_one in (item, deviation):
            with pytest.raises(ValidationError, match="no such question") as refusal:
                raise_one(cast, report=report, question_key=key)
            assert list(refusal.value.error_dict) == ["question_key"]
    kept = item(cast, report=initiation, question_key="ready"), deviation(cast, report=interim)
    assert kept[0].question_asked == "Is the site ready to screen once the green light is given?"
    for one in kept:
        table = type(one)._meta.db_table
        assert "a question of its own report" in refused_by_the_database(
            f"UPDATE {table} SET question_key = 'no_such_question' WHERE id = %s", one.pk
        )
    alone = item(cast)
    refused_by_the_database(
        f"UPDATE {ActionItem._meta.db_table} SET question_key = 'ready' WHERE id = %s", alone.pk
    )


def test_who_sees_the_item_and_not_the_report_reads_the_question_without_a_link(stage, cast, client):
    raised = item(cast, report=stage.conducted(), question_key="consent_version")
    client.force_login(cast.ingrid)
    page = client.get(f"/action-items/{raised.pk}/").content.decode()
    assert "version approved for this site" in page
    assert "#question-consent_version" not in page
