"""A reviewer comments where the answer stands; the author answers there, and the reviewer reads both."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone

from ctms.api.tokens import create_token
from ctms.signatures.proving import prove
from ctms.signatures.signing import signatures_of, verify
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import perform, transitions_of
from monitoring import services
from monitoring.models import ReviewComment
from monitoring.reports import reading
from tests.cast import PASSWORD

from .conftest import TUESDAY
from .test_visits import refused_by_the_database

WORDS = "Which version did they sign?"
REPLY = "Version 3, see the consent log."
AT, ELSEWHERE = "consent_version", "eligibility"
TABLE = ReviewComment._meta.db_table


def commented(report, by, text=WORDS, key=AT):
    return services.write_comment(actor=by, report=report, question_key=key, text=text)


def returned(report, by, reason="See the comment at 1 question."):
    return perform(report, "returned", actor=by, reason=reason)


def replied(comment, by, reply=REPLY, addressed=True):
    return services.reply_to_comment(
        actor=by, at=timezone.now(), comment=comment, reply=reply, addressed=addressed
    )


def page_of(client, person, report, move=""):
    client.force_login(person)
    address = f"/monitoring-reports/{report.pk}/" + (f"transitions/{move}/" if move else "")
    return client.get(address).content.decode()


def at_its_question(page, key=AT):
    """Return what a page shows from one question to the next."""
    return page.split(f'id="question-{key}"')[1].split('id="question-')[0]


@pytest.fixture
def back(stage, cast):
    """The report that was returned with one comment, and the comment."""
    report = stage.submitted()
    commented(report, cast.lena)
    return returned(report, cast.lena), ReviewComment.objects.visible_to(cast.carla).get()


def test_a_reviewer_comments_at_a_question_while_reading_and_it_is_kept_as_typed(stage, client, cast):
    report = stage.submitted()
    page = page_of(client, cast.lena, report)
    assert "Comment on this answer" in at_its_question(page)
    assert "no part of what is signed" in page
    answer = client.post(
        f"/monitoring-reports/{report.pk}/comments/{AT}/", {"text": WORDS}, headers={"HX-Request": "true"}
    )
    assert "Comments at 1 question, not sent yet" in answer.content.decode()
    assert WORDS in at_its_question(page_of(client, cast.lena, report))
    commented(report, cast.lena, "Another thought")
    assert [one.text for one in ReviewComment.objects.visible_to(cast.lena)] == ["Another thought"]


def test_nobody_but_a_reviewer_of_the_report_comments_and_only_while_it_is_in_review(stage, cast):
    report = stage.submitted(others=["lena"])
    for outsider in ("carla", "lena", "paula", "sam"):
        with pytest.raises(PermissionDenied):
            commented(report, cast.people[outsider])
    assert commented(report, cast.ursula).text == WORDS
    draft = stage.answered(start=TUESDAY, end=TUESDAY)
    with pytest.raises(TransitionRefused, match="while the report is in review"):
        commented(draft, cast.lena)


def test_what_is_not_sent_is_shown_to_reviewers_and_not_to_the_author(stage, client, cast):
    report = stage.submitted()
    commented(report, cast.lena)
    assert WORDS not in page_of(client, cast.carla, report).split("Latest history")[0]
    assert f"{cast.lena}, not sent yet:" in at_its_question(page_of(client, cast.ursula, report))
    assert not ReviewComment.objects.shown_to(cast.carla).exists()


def test_returning_sends_the_comments_and_the_author_reads_them_where_she_answers(back, client, cast):
    report, comment = back
    assert comment.answer_then == "Yes"
    assert transitions_of(report).last().reason == "See the comment at 1 question."
    shown = at_its_question(page_of(client, cast.carla, report))
    assert "Lena Brandt, " in shown
    assert WORDS in shown
    assert 'name="reply"' in shown
    assert WORDS not in at_its_question(page_of(client, cast.carla, report), ELSEWHERE)


def test_a_return_with_comments_alone_begins_with_the_sentence_that_counts_them(stage, client, cast):
    report = stage.submitted()
    assert "See the comment" not in page_of(client, cast.lena, report, "returned")
    for key in (AT, ELSEWHERE):
        commented(report, cast.lena, key=key)
    page = page_of(client, cast.lena, report, "returned")
    assert "See the comments at 2 questions.</textarea>" in page
    # The report is there while the reason is written.
    assert (
        page.index(WORDS) < page.index("What the author is to mend") < page.index('aria-label="The report"')
    )


def test_a_return_without_comments_still_says_why(stage, cast):
    report = stage.submitted()
    commented(report, cast.lena, "  ")
    assert not ReviewComment.objects.visible_to(cast.lena).exists()
    with pytest.raises(TransitionRefused, match="reason"):
        perform(report, "returned", actor=cast.lena)


def test_the_author_answers_at_the_question_and_marks_it_addressed(back, client, cast):
    report, comment = back
    page = page_of(client, cast.carla, report)
    assert "neither answered nor marked as addressed" in page
    answer = client.post(
        f"/monitoring-reports/{report.pk}/replies/{comment.pk}/",
        {"reply": REPLY, "addressed": "1"},
        headers={"HX-Request": "true"},
    )
    assert "neither answered nor marked as addressed" not in answer.content.decode()
    comment.refresh_from_db()
    assert (comment.reply, comment.addressed, comment.replied_by) == (REPLY, True, cast.carla)


def test_only_the_monitors_of_the_visit_answer(back, cast):
    _report, comment = back
    for outsider in ("lena", "chris", "paula", "uma"):
        with pytest.raises(PermissionDenied):
            replied(comment, cast.people[outsider])


def test_on_the_second_submission_comment_reply_and_both_answers_stand_at_the_question(
    back, stage, client, cast
):
    report, comment = back
    stage.answer(report, AT, "NO", "One subject signed version 2.")
    replied(comment, cast.carla)
    stage.signed(report, "submit", "carla")
    shown = at_its_question(page_of(client, cast.lena, report))
    for words in (WORDS, "Carla Ruiz, ", REPLY, "Addressed"):
        assert words in shown
    then, now = shown.split("Answer when returned")[1].split("Answer now")
    assert "Yes" in then
    assert "No: One subject signed version 2." in now
    assert "Comment on this answer" in shown


def test_who_submits_without_an_answer_to_a_comment_says_why(back, stage, cast):
    report, comment = back
    with pytest.raises(TransitionRefused, match="comment at 1 question is neither answered"):
        stage.signed(report, "submit", "carla")
    proof = prove(cast.carla, password=PASSWORD)
    again = perform(report, "submit", actor=cast.carla, proof=proof, reason="Answered by telephone.")
    assert again.status == "IN_REVIEW"
    returned(again, cast.lena)
    replied(comment, cast.carla)
    assert stage.signed(report, "submit", "carla").status == "IN_REVIEW"


def test_who_approves_with_comments_that_were_not_sent_says_why(stage, cast):
    report = stage.submitted()
    commented(report, cast.lena)
    with pytest.raises(TransitionRefused, match="comment at 1 question was not sent"):
        stage.signed(report, "approve", "lena")
    commented(report, cast.lena, "")
    assert stage.signed(report, "approve", "lena").status == "APPROVED"


def test_a_comment_never_sent_is_no_part_of_the_approved_page_and_stays_in_the_history(stage, client, cast):
    report = stage.submitted()
    commented(report, cast.lena)
    proof = prove(cast.lena, password=PASSWORD)
    perform(report, "approve", actor=cast.lena, proof=proof, reason="Settled by telephone.")
    for reviewer in (cast.lena, cast.ursula):
        page = page_of(client, reviewer, report)
        assert WORDS not in page.split("Latest history")[0]
    assert WORDS in client.get(f"/monitoring-reports/{report.pk}/history/").content.decode()


def test_each_return_has_comments_of_its_own_and_what_was_answered_stands(back, stage, cast):
    report, first = back
    replied(first, cast.carla)
    report = stage.signed(report, "submit", "carla")
    second = commented(report, cast.lena, "And who checked it?")
    report = returned(report, cast.lena)
    with pytest.raises(TransitionRefused, match="before the report was returned again"):
        replied(first, cast.carla, "Something else")
    assert replied(second, cast.carla, "I did.").reply == "I did."
    told = ReviewComment.objects.visible_to(cast.carla).order_by("pk")
    assert [(one.text, one.reply) for one in told] == [(WORDS, REPLY), ("And who checked it?", "I did.")]


def test_an_approved_report_keeps_them_beside_what_was_signed_and_nothing_of_them_is_printed(
    back, stage, client, cast
):
    report, comment = back
    replied(comment, cast.carla)
    report = stage.signed(stage.signed(report, "submit", "carla"), "approve", "lena")
    page = page_of(client, cast.carla, report)
    article, kept = page.split('id="review-comments"')
    assert WORDS not in article.split('aria-label="The report"')[1]
    assert WORDS in kept
    assert "no part of the signed report or of its PDF" in kept
    assert all(verify(one, report).stands for one in signatures_of(report).order_by("-pk")[:2])
    assert WORDS not in str(report.as_signed())
    printed = render_to_string("reports/_monitoring_report_body.html", reading(report, report.snapshot))
    assert "approved for this site" in printed
    assert WORDS not in printed
    with pytest.raises(TransitionRefused):
        replied(comment, cast.carla, "Late idea")


def test_the_database_knows_whose_turn_it_is_and_removes_nothing(back, stage, cast):
    report, comment = back
    said = "'A comment that was sent'"
    assert "no longer changes" in refused_by_the_database(
        f"UPDATE {TABLE} SET text = {said} WHERE id = %s", comment.pk
    )
    refused_by_the_database(f"UPDATE {TABLE} SET sent_at = NULL WHERE id = %s", comment.pk)
    refused_by_the_database(f"UPDATE {TABLE} SET question_key = %s WHERE id = %s", ELSEWHERE, comment.pk)
    refused_by_the_database(f"DELETE FROM {TABLE} WHERE id = %s", comment.pk)
    again = (
        f"INSERT INTO {TABLE} (study_id, country_id, site_id, unblinded, report_id, question_key, text,"
        " written_by_id, answer_value, answer_comment, reply, addressed)"
        f" SELECT study_id, country_id, site_id, unblinded, report_id, %s, 'x', written_by_id, '', '', '', false"
        f" FROM {TABLE} WHERE id = %s"
    )
    assert "while the report is in review" in refused_by_the_database(again, AT, comment.pk)
    replied(comment, cast.carla)
    report = stage.signed(report, "submit", "carla")
    assert "a question of its own report" in refused_by_the_database(again, "no_such_question", comment.pk)
    assert "back with its author" in refused_by_the_database(
        f"UPDATE {TABLE} SET reply = 'x' WHERE id = %s", comment.pk
    )
    stage.signed(report, "approve", "lena")
    assert "no longer changes" in refused_by_the_database(
        f"UPDATE {TABLE} SET addressed = false WHERE id = %s", comment.pk
    )


def test_what_was_typed_and_answered_is_in_the_history_of_the_report(back, client, cast):
    report, comment = back
    replied(comment, cast.carla)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT text, reply FROM {TABLE.removesuffix('comment')}commentevent ORDER BY pgh_id")
        assert cursor.fetchall() == [(WORDS, ""), (WORDS, ""), (WORDS, REPLY)]
    client.force_login(cast.lena)
    told = client.get(f"/monitoring-reports/{report.pk}/history/").content.decode()
    assert "Review comment on consent_version" in told
    assert REPLY in told


def test_comments_of_an_unblinded_report_exist_for_its_circle_alone(stage, cast, assert_sees):
    report = stage.submitted("uma", unblinded=True)
    comment = commented(report, cast.ursula)
    assert_sees(cast.uma, visible=[comment])
    for blinded in ("carla", "lena", "paula"):
        assert_sees(cast.people[blinded], hidden=[comment])
        assert not ReviewComment.objects.shown_to(cast.people[blinded]).exists()


def test_a_sponsor_who_reads_the_report_reads_no_comment_of_its_review(
    back, stage, client, cast, assert_sees
):
    report, comment = back
    replied(comment, cast.carla)
    report = stage.signed(stage.signed(report, "submit", "carla"), "approve", "lena")
    services.show_to_sponsor(actor=cast.paula, report=report, shown=True, reason="Agreed with the sponsor")
    assert_sees(cast.sam, visible=[report], hidden=[comment])
    page = page_of(client, cast.sam, report)
    assert "The site conducts the study well." in page
    assert WORDS not in page
    assert REPLY not in page


@pytest.fixture
def asked(client, cast):
    """Return a function that asks the API for comments as somebody."""
    tokens = {}

    def ask(method, who, address="", body=None):
        if who not in tokens:
            tokens[who] = create_token(user=cast.people[who], name="of a test")
        return getattr(client, method)(
            f"/api/v1/review-comments/{address}",
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {tokens[who]}"},
        )

    return ask


def test_a_program_comments_and_answers_by_the_same_rules(stage, asked, cast):
    report = stage.submitted()
    body = {"report": report.pk, "question_key": AT, "text": WORDS}
    assert asked("post", "carla", body=body).status_code == 403
    assert asked("post", "lena", body={**body, "question_key": "no_such_question"}).status_code == 400
    made = asked("post", "lena", body=body)
    assert made.status_code == 201
    key = f"{made.json()['id']}/"
    assert asked("get", "carla", key).status_code == 404
    assert asked("patch", "lena", key, {"text": f"{WORDS} Please."}).status_code == 200
    returned(report, cast.lena)
    assert asked("patch", "lena", key, {"text": "x"}).status_code == 409
    answered = asked("patch", "carla", key, {"reply": REPLY, "addressed": True})
    assert answered.status_code == 200
    told = answered.json()
    assert (told["text"], told["reply"], told["answer_value"]) == (f"{WORDS} Please.", REPLY, "YES")
    assert told["written_by_name"] == "Lena Brandt"
    listed = asked("get", "carla", f"?report={report.pk}&question_key={AT}").json()["results"]
    assert listed == [told]


def test_whose_turn_it_never_is_is_told_so_and_not_to_wait_for_another_state(back, stage, asked, cast):
    report, comment = back
    replied(comment, cast.carla)
    stage.signed(report, "submit", "carla")
    for body in ({"reply": "x"}, {"text": "x"}):
        refused = asked("patch", "milo", f"{comment.pk}/", body)
        assert (refused.status_code, refused.json()["title"]) == (403, "Not allowed"), body
    late = asked("patch", "carla", f"{comment.pk}/", {"reply": "x"})
    assert (late.status_code, "in review" in late.json()["detail"]) == (409, True)
    draft = stage.answered(start=TUESDAY, end=TUESDAY)
    body = {"report": draft.pk, "question_key": AT, "text": "x"}
    assert asked("post", "milo", body=body).status_code == 403
    assert asked("post", "lena", body=body).status_code == 409


def test_a_comment_whose_words_are_taken_back_is_in_the_history_and_no_longer_in_the_list(
    stage, client, asked, cast
):
    report = stage.submitted()
    body = {"report": report.pk, "question_key": AT, "text": WORDS}
    key = f"{asked('post', 'lena', body=body).json()['id']}/"
    assert [one["text"] for one in asked("get", "lena").json()["results"]] == [WORDS]
    cleared = asked("patch", "lena", key, {"text": ""})
    assert (cleared.status_code, cleared.json()["text"]) == (200, "")
    for reviewer in ("lena", "ursula"):
        assert asked("get", reviewer).json()["results"] == []
        assert asked("get", reviewer, key).status_code == 404
    client.force_login(cast.lena)
    assert WORDS in client.get(f"/monitoring-reports/{report.pk}/history/").content.decode()
    assert asked("post", "lena", body={**body, "text": " "}).json()["errors"][0]["pointer"] == "/text"
    again = asked("patch", "lena", key, {"text": "Another thought"})
    assert again.status_code == 200
    assert [one["text"] for one in asked("get", "lena").json()["results"]] == ["Another thought"]


def test_a_reviewer_is_told_that_the_history_tells_of_comments_at_once(stage, client, cast):
    report = stage.submitted()
    assert "the report and its history, which tells of them at once" in page_of(client, cast.lena, report)
    commented(report, cast.lena)
    client.force_login(cast.carla)
    assert WORDS in client.get(f"/monitoring-reports/{report.pk}/history/").content.decode()
