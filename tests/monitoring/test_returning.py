"""A report that was returned says so to its author, and what became of it to its reviewer."""

import pytest

from ctms.notices.models import Notice
from ctms.workflow.engine import perform
from desk.work.monitoring import reports_to_write
from monitoring import services
from tests.cast import PASSWORD

from .conftest import TUESDAY

WORDS = "Say which version the subjects signed."


@pytest.fixture
def returned(stage, cast):
    return perform(stage.submitted(), "returned", actor=cast.lena, reason=WORDS)


def shown(client, person, report, move=""):
    client.force_login(person)
    address = f"/monitoring-reports/{report.pk}/" + (f"transitions/{move}/" if move else "")
    return client.get(address).content.decode()


def test_the_author_reads_on_top_who_returned_it_and_why(returned, client, cast):
    page = shown(client, cast.carla, returned)
    assert "Returned by Lena Brandt" in page
    assert page.index(WORDS) < page.index("Who was met, what was reviewed")
    assert '<span class="state state-amber">Returned</span>' in page


def test_whoever_reads_the_returned_report_is_told_as_well(returned, client, cast):
    page = shown(client, cast.lena, returned)
    assert page.index("Returned by Lena Brandt") < page.index('aria-label="The report"')


def test_the_first_page_of_its_author_says_that_it_came_back(returned, stage, cast):
    stage.conducted(start=TUESDAY)
    details = [item.detail for item in reports_to_write(cast.fresh("carla"), TUESDAY).items]
    assert sorted(details) == ["VEL-301", "VEL-301 · returned by Lena Brandt"]


def test_the_answer_of_the_author_and_what_was_altered_stand_on_top_for_the_reviewer(
    returned, stage, client, cast
):
    stage.answer(returned, "consent_version", "NO", "One subject signed version 2.")
    client.force_login(cast.carla)
    assert "Your words to the reviewer" in shown(client, cast.carla, returned, "submit")
    answered = client.post(
        f"/monitoring-reports/{returned.pk}/transitions/submit/",
        {"reason": "They signed version 3, see consent.", "proof": PASSWORD},
        follow=True,
    )
    assert "Submitted to Lena Brandt" in answered.content.decode()
    page = shown(client, cast.lena, returned)
    assert page.index("Submitted again by Carla Ruiz") < page.index('aria-label="The report"')
    for words in (
        "They signed version 3, see consent.",
        WORDS,
        "Changed since the return",
        "No: One subject signed version 2.",
    ):
        assert words in page
    assert "They signed version 3, see consent." in shown(client, cast.lena, returned, "approve")


def test_only_what_is_not_as_it_was_is_listed_as_altered(returned, stage, cast):
    assert services.return_of(returned).altered == []
    stage.answer(returned, "consent_version", "NO", "One subject signed version 2.")
    services.save_summary(actor=cast.carla, report=returned, summary="Another summary.")
    altered = services.return_of(stage.report_of(returned.visit)).altered
    assert [(one.before, one.now) for one in altered] == [
        ("Yes", "No: One subject signed version 2."),
        ("The site conducts the study well.", "Another summary."),
    ]


def test_its_history_says_that_it_was_opened_again_and_raises_no_alarm(returned, stage, client, cast):
    def history():
        client.force_login(cast.lena)
        return client.get(f"/monitoring-reports/{returned.pk}/history/").content.decode()

    stage.answer(returned, "consent_version", "NO", "One subject signed version 2.")
    assert "opened again after this signature" in history()
    assert "was changed after this signature" not in history()
    stage.signed(stage.report_of(returned.visit), "submit", "carla")
    assert "The record is exactly what was signed" in history()
    assert "was changed after this signature" not in history()


def test_the_last_return_is_what_counts(returned, stage, cast):
    stage.answer(returned, "consent_version", "NO", "One subject signed version 2.")
    again = perform(
        stage.signed(returned, "submit", "carla"), "returned", actor=cast.lena, reason="And the dates?"
    )
    found = services.return_of(again)
    assert (found.by.reason, found.is_answered, found.altered) == ("And the dates?", False, [])


def test_an_approved_report_tells_of_no_return(returned, stage, client, cast):
    report = stage.signed(stage.signed(returned, "submit", "carla"), "approve", "lena")
    assert services.return_of(report) is None
    assert "Returned by" not in shown(client, cast.lena, report).split("Latest history")[0]


def test_opening_the_report_reads_what_was_told_of_it(returned, client, cast):
    label = f"monitoring.MonitoringReport/{returned.pk}"
    for person, key in ((cast.carla, "mine"), (cast.lena, "hers")):
        Notice.objects.create(user=person, key=key, kind="report-returned", record=label, text="Returned")
    shown(client, cast.carla, returned)
    assert list(Notice.objects.filter(read_at=None).values_list("user__username", flat=True)) == ["lena"]


def test_the_words_of_a_first_submission_reach_the_reviewer(stage, client, cast):
    report = stage.answered()
    client.force_login(cast.carla)
    client.post(
        f"/monitoring-reports/{report.pk}/transitions/submit/",
        {"reason": "Consent is the point.", "proof": PASSWORD},
    )
    assert "Consent is the point." in shown(client, cast.lena, report).split('aria-label="The report"')[0]


def test_the_reviewer_is_led_to_the_report_that_waits_next(stage, client, cast):
    first, second = stage.submitted(), stage.submitted(start=TUESDAY)
    client.force_login(cast.lena)
    answered = client.post(
        f"/monitoring-reports/{first.pk}/transitions/approve/", {"proof": PASSWORD}, follow=True
    ).content.decode()
    assert "Approved and signed." in answered
    assert f'href="/monitoring-reports/{second.pk}/">Next report to approve' in answered
    assert "Next report to approve" not in shown(client, cast.carla, first)


def test_the_line_of_the_pdf_asks_until_it_is_filed(stage, client, cast):
    report = stage.approved()
    client.force_login(cast.lena)
    address = f"/monitoring-reports/{report.pk}/filing/"
    assert f'hx-get="{address}"' in shown(client, cast.lena, report)
    assert "being made" in client.get(address).content.decode()


def test_a_signature_of_the_version_returned_does_not_stand_beside_the_draft(returned, stage, client, cast):
    said = '<p class="signature"><strong>Authored</strong>'
    assert said not in shown(client, cast.carla, returned)
    stage.signed(returned, "submit", "carla")
    assert shown(client, cast.carla, returned).count(said) == 1
