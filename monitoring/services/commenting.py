"""Comment at the questions of a report in review, send the comments with its return, answer them where they stand."""

from contextlib import contextmanager

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ctms.access.explain import why_not
from ctms.access.scoping import everything
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import holding
from monitoring.models import Answer, MonitoringReport, ReportStatus, ReviewComment, TemplateQuestion

from .templates import asks
from .writing import may_write, why_no_writer


def why_no_reviewer(actor, report):
    """Return why `actor` does not review this report, in whatever state it is, or ''."""
    if not actor.has_perm("monitoring.approve_report", report):
        return why_not(actor, "monitoring.approve_report")
    if report.visit.was_monitored_by(actor):
        return _("You monitored this visit; someone else must review its report.")
    return ""


def may_comment(actor, report):
    """Return why `actor` may not comment on this report now, or ''."""
    if refusal := why_no_reviewer(actor, report):
        return refusal
    if report.status != ReportStatus.IN_REVIEW:
        return _("Comments are written while the report is in review; it is %(state)s.") % {
            "state": report.get_status_display().lower()
        }
    return ""


def write_comment(*, actor, report, question_key, text):
    """
    Keep what a reviewer writes at a question, as it is typed; nobody is sent it before the report is returned.

    Each reviewer has one unsent comment a question; without words it is none, and is kept for the history.

    :returns: the ReviewComment, or None where there is nothing to keep
    :raises TransitionRefused: the report is not in review any more
    """
    text = text if text.strip() else ""
    with _in_turn(actor, report, why_no_reviewer, may_comment) as locked:
        if not asks(locked, question_key):
            raise ValidationError({"question_key": _("The report has no such question.")})
        own = ReviewComment.objects.visible_to(actor).filter(
            report=locked, question_key=question_key, written_by=actor, sent_at=None
        )
        comment = own.first()
        if comment is None and not text:
            return None
        comment = comment or ReviewComment(report=locked, question_key=question_key, written_by=actor)
        if comment.pk is None or comment.text != text:
            comment.text = text
            comment.full_clean(exclude=IN_HAND)
            comment.save()
    return comment


def make_comment(*, actor, report, question_key, text):
    """Write a comment that is asked for by itself, and so says something; see `write_comment`."""
    if not text.strip():
        raise ValidationError({"text": _("Say what is to be mended.")})
    return write_comment(actor=actor, report=report, question_key=question_key, text=text)


# What a comment hangs on is in hand and need not be looked for again.
IN_HAND = ("study", "country", "site", "report", "written_by", "replied_by")


def reply_to_comment(*, actor, at, comment, reply, addressed):
    """
    Keep what the author answers to a comment, and whether it is addressed.

    :param at: now
    :raises TransitionRefused: the report is not with its author, or the comment is of an earlier return
    """
    reply = reply if reply.strip() else ""
    with _in_turn(actor, comment.report, why_no_writer, may_write) as locked:
        said = ReviewComment.objects.visible_to(actor).filter(report=locked, sent_at__isnull=False)
        kept = said.filter(pk=comment.pk).first()
        if kept is None:
            raise ValidationError(_("The comment was not sent."))
        if said.filter(sent_at__gt=kept.sent_at).exists():
            raise TransitionRefused(_("It was answered before the report was returned again."), conflict=True)
        if (kept.reply, kept.addressed) != (reply, addressed):
            kept.reply, kept.addressed = reply, addressed
            kept.replied_by, kept.replied_at = actor, at
            kept.full_clean(exclude=IN_HAND)
            kept.save()
    return kept


def change_comment(*, actor, at, record, **fields):
    """Change what the person whose turn it is may change: the reviewer the words, the author the answer to them."""
    if "text" in fields:
        only_its_writer = _("Only its writer changes a comment, until it is sent.")
        if record.written_by_id != actor.pk:
            raise PermissionDenied(only_its_writer)
        if record.sent_at is not None:
            raise TransitionRefused(only_its_writer, conflict=True)
        record = write_comment(
            actor=actor, report=record.report, question_key=record.question_key, text=fields["text"]
        )
    if {"reply", "addressed"} & set(fields):
        record = reply_to_comment(
            actor=actor,
            at=at,
            comment=record,
            reply=fields.get("reply", record.reply),
            addressed=fields.get("addressed", record.addressed),
        )
    return record


@contextmanager
def _in_turn(actor, report, why_not_theirs, why_not_now):
    """
    Hold a report the actor sees while it is their turn.

    Whose it is comes first: who may never write here is not told to wait for another state.
    """
    current = MonitoringReport.objects.visible_to(actor).filter(pk=report.pk).select_related("visit").first()
    if current is None:
        raise PermissionDenied(_("There is no such report that you may see."))
    if refusal := why_not_theirs(actor, current):
        raise PermissionDenied(refusal)
    if refusal := why_not_now(actor, current):
        raise TransitionRefused(refusal, conflict=True)
    with holding(current, actor=actor) as locked:
        if refusal := why_not_now(actor, locked):
            raise TransitionRefused(refusal, conflict=True)
        yield locked


def send_comments(report, move):
    """Effect of returning: what reviewers wrote at questions goes to the author, with the answers it is about."""
    unsent = list(ReviewComment.objects.filter(report=report).unsent())
    answers = (
        {answer.question_key: answer for answer in Answer.objects.filter(report=report)} if unsent else {}
    )
    for comment in unsent:
        answer = answers[comment.question_key]
        comment.sent_at = move.at
        comment.answer_value, comment.answer_comment = answer.value, answer.comment
        comment.save()


def propose_words_of_return(report, actor):
    """Return the reason a return begins with: where comments stand at questions, that they do; else ''."""
    count = len(_questions_of(report, ReviewComment.objects.unsent()))
    if not count:
        return ""
    return ngettext(
        "See the comment at %(count)d question.", "See the comments at %(count)d questions.", count
    ) % {"count": count}


def unsent_comments(report):
    """Return [(question, [comments])] of what reviewers wrote and did not send, in the order of the report."""
    with everything("what reviewers wrote at a report in hand"):
        rows = ReviewComment.objects.filter(report=report).unsent().select_related("written_by")
        found = list(rows.order_by("pk"))
    return _by_question(report, found)


def unanswered_comments(report):
    """Return [(question, [comments])] that were sent with the last return and are neither answered nor addressed."""
    with everything("what reviewers sent of a report in hand"):
        sent = ReviewComment.objects.filter(report=report)
        last = sent.filter(sent_at__isnull=False).order_by("-sent_at").values("sent_at")[:1]
        found = list(sent.unanswered().filter(sent_at=last).order_by("pk"))
    return _by_question(report, found)


def _by_question(report, comments):
    if not comments:
        return []
    asked = TemplateQuestion.objects.filter(template=report.template_id).order_by("sequence", "pk")
    at = {question.key: (question, []) for question in asked}
    for comment in comments:
        at[comment.question_key][1].append(comment)
    return [pair for pair in at.values() if pair[1]]


def _questions_of(report, comments):
    with everything("at which questions of a report in hand something was said"):
        return set(comments.filter(report=report).values_list("question_key", flat=True))


def author_leaves_comments(report, actor):
    """Caution of submitting: the reviewer asked, and nothing says that it was heard."""
    count = len(unanswered_comments(report))
    if not count:
        return None
    return ngettext(
        "The reviewer's comment at %(count)d question is neither answered nor marked as addressed.",
        "The reviewer's comments at %(count)d questions are neither answered nor marked as addressed.",
        count,
    ) % {"count": count}


def reviewer_leaves_comments(report, actor):
    """Caution of approving: something was written to the author that they will never be sent."""
    count = len(_questions_of(report, ReviewComment.objects.unsent()))
    if not count:
        return None
    return ngettext(
        "The comment at %(count)d question was not sent to the author and will not be.",
        "The comments at %(count)d questions were not sent to the author and will not be.",
        count,
    ) % {"count": count}
