"""What stands at a question of a report beside its answer: what was raised there, and what its reviewers said."""

from dataclasses import dataclass, field

from django.utils import timezone

from ctms.api.shapes import NameOf
from ctms.pages.record import Record
from monitoring import services
from monitoring.models import ReportStatus, ReviewComment, said_of


@dataclass
class AtQuestion:
    """
    What one reader is shown at one question.

    :ivar now: the answer in words
    :ivar comments: those sent, oldest first; `waits` says of each whether it may be answered now
    :ivar own: the reader's own comment that is not sent yet, or None
    :ivar others: what other reviewers wrote and did not send yet
    """

    now: str = ""
    raised: list = field(default_factory=list)
    comments: list[ReviewComment] = field(default_factory=list)
    own: ReviewComment | None = None
    others: list[ReviewComment] = field(default_factory=list)


def at_questions(user, report, content):
    """Return {question key: AtQuestion} of a report the person sees, whose contents are `content`."""
    raised = services.raised_at_questions(user, report)
    found = {
        question["key"]: AtQuestion(
            said_of(question["answer"], question["comment"]), raised.get(question["key"], [])
        )
        for section in content["sections"]
        for question in section["questions"]
    }
    comments = list(
        ReviewComment.objects.shown_to(user)
        .filter(report=report)
        .select_related("written_by", "replied_by")
        .order_by("sent_at", "pk")
    )
    last = max((one.sent_at for one in comments if one.sent_at), default=None)
    for comment in comments:
        at = found[comment.question_key]
        comment.waits = report.status == ReportStatus.DRAFT and comment.sent_at == last
        if comment.sent_at is not None:
            at.comments.append(comment)
        elif comment.written_by_id == user.pk:
            at.own = comment
        elif comment.text:
            at.others.append(comment)
    return found


def with_questions(content, at):
    """Return the contents of a report with what stands at its questions; what is signed is left as it is."""
    return {
        **content,
        "sections": [
            {
                **section,
                "questions": [{**question, "at": at[question["key"]]} for question in section["questions"]],
            }
            for section in content["sections"]
        ],
    }


def review_of(report):
    """Return what the bar of a review says: at how many questions comments stand that are not sent."""
    return {"unsent": services.unsent_comments(report)}


class ReviewCommentRecord(Record):
    """Comments for programs; people find them in the report they belong to."""

    model, slug, api_only = ReviewComment, "review-comments", True
    add_permission = "monitoring.approve_report"
    # Reviewer and author write in turns: the service says whose it is.
    change_permission = "monitoring.view_monitoringreport"
    api_fields = (
        "study",
        "country",
        "site",
        "report",
        "question_key",
        "text",
        "written_by",
        ("written_by_name", NameOf(source="written_by")),
        "sent_at",
        "answer_value",
        "answer_comment",
        "reply",
        "addressed",
        "replied_by",
        "replied_at",
        "unblinded",
    )
    create = ("report", "question_key", "text")
    create_with = staticmethod(services.make_comment)
    edit = ("text", "reply", "addressed")
    change_with = staticmethod(
        lambda *, actor, record, **fields: services.change_comment(
            actor=actor, at=timezone.now(), record=record, **fields
        )
    )
    filters = {
        "study": ["exact"],
        "country": ["exact"],
        "site": ["exact"],
        "report": ["exact"],
        "question_key": ["exact"],
        "addressed": ["exact"],
    }

    related = ("written_by",)

    @classmethod
    def rows(cls, user):
        return ReviewComment.objects.shown_to(user).select_related(*cls.related).order_by(*cls.order)

    @classmethod
    def rows_answered(cls, user):
        return cls.rows(user).saying_something()

    @classmethod
    def needs_reason(cls, record):
        """A comment is written and answered as an answer is: its words are the reason."""
        return False
