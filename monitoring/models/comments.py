"""What a reviewer says at a question of a report, and what its author answers."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import ScopedQuerySet, StudyOwned, country_of_study, site_of_study
from ctms.audit.trail import audited
from ctms.workflow.triggers import REFUSED, frozen_with

from .reports import AnswerValue, MonitoringReport
from .templates import NamesAQuestionOfItsReport


class CommentQuerySet(ScopedQuerySet):
    def shown_to(self, user):
        """Keep what a person is shown: what was sent; to whoever may review the report also what was not sent yet."""
        reviewed = self.visible_to(user, "monitoring.approve_report").exclude(
            report__visit__monitors__user=user
        )
        return self.visible_to(user).filter(Q(sent_at__isnull=False) | Q(pk__in=reviewed.values("pk")))

    def unsent(self):
        return self.filter(sent_at=None).exclude(text="")

    def saying_something(self):
        """Leave out those whose words were taken back before they were sent: they are kept for the history."""
        return self.exclude(text="")

    def unanswered(self):
        return self.filter(sent_at__isnull=False, reply="", addressed=False)


class SaidInItsTurn(pgtrigger.Trigger):
    """Written and sent while the report is in review; answered while it is back with its author, and once."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    declare = [("turn", "TEXT")]

    def get_func(self, model):
        return f"""
            SELECT status INTO turn FROM {MonitoringReport._meta.db_table} WHERE id = NEW.report_id;
            IF TG_OP = 'INSERT' THEN
                IF turn <> 'IN_REVIEW' OR NEW.sent_at IS NOT NULL THEN
                    RAISE EXCEPTION 'A comment is written while the report is in review.' {REFUSED};
                END IF;
                RETURN NEW;
            END IF;
            IF (NEW.text, NEW.sent_at, NEW.answer_value, NEW.answer_comment)
                IS DISTINCT FROM (OLD.text, OLD.sent_at, OLD.answer_value, OLD.answer_comment)
                AND (turn <> 'IN_REVIEW' OR OLD.sent_at IS NOT NULL) THEN
                RAISE EXCEPTION 'A comment that was sent no longer changes.' {REFUSED};
            END IF;
            IF (NEW.reply, NEW.addressed, NEW.replied_by_id, NEW.replied_at)
                IS DISTINCT FROM (OLD.reply, OLD.addressed, OLD.replied_by_id, OLD.replied_at)
                AND (turn <> 'DRAFT' OR OLD.sent_at IS NULL OR EXISTS (
                    SELECT 1 FROM {model._meta.db_table} AS later
                    WHERE later.report_id = OLD.report_id AND later.sent_at > OLD.sent_at)) THEN
                RAISE EXCEPTION 'A comment is answered while the report is back with its author.' {REFUSED};
            END IF;
            RETURN NEW;
        """  # noqa: S608 - made of declarations, never of input


@frozen_with("report")
@audited(called_by=("on {question_key}", "{written_by}"))
class ReviewComment(StudyOwned):
    """
    What a reviewer says at one question, sent with the return of the report, and the author's answer to it.

    It belongs to the report and to its history, but not to what is signed and printed. What was not sent yet is kept
    from the page of the author, not from the history: nothing in it is secret, it is only not finished.
    """

    place_from = "report"
    view_permission = "monitoring.view_monitoringreport"

    report = models.ForeignKey(MonitoringReport, models.PROTECT, related_name="review_comments")
    country = country_of_study(editable=False)
    site = site_of_study(editable=False)
    unblinded = models.BooleanField(default=False, editable=False)
    question_key = models.SlugField(_("question"), max_length=60)
    text = models.TextField(_("comment"), blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The answer as it was when the report was returned: what the comment is about.
    answer_value = models.CharField(
        _("answer when returned"), max_length=15, choices=AnswerValue, blank=True, editable=False
    )
    answer_comment = models.TextField(_("comment to the answer when returned"), blank=True, editable=False)
    reply = models.TextField(blank=True)
    addressed = models.BooleanField(default=False)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    replied_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "question_key", "written_by"],
                condition=Q(sent_at__isnull=True),
                name="reviewcomment_one_unsent",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | ~Q(text=""), name="reviewcomment_sent_says_something"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=False)
                | Q(reply="", addressed=False, replied_by=None, replied_at=None, answer_value=""),
                name="reviewcomment_answered_once_sent",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="keeps_its_question", fields=["report", "question_key", "written_by"]),
            NamesAQuestionOfItsReport(name="d_names_a_question_of_its_report"),
            SaidInItsTurn(name="e_said_in_its_turn"),
        ]

    def __str__(self):
        return f"{self.question_key}: {self.text}"

    @property
    def says_something(self):
        return bool(self.text)

    @property
    def is_answered(self):
        return bool(self.addressed or self.reply)

    @property
    def answer_then(self):
        """The answer the comment is about, in words."""
        return said_of(self.get_answer_value_display(), self.answer_comment)


def said_of(answer, comment):
    """Return an answer and its comment in one line, as the report's readers know them."""
    return ": ".join(part for part in (str(answer), comment.strip()) if part)
