"""Visit reports: written, read, signed, shown to the sponsor; and the templates they are made from."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from ctms.access.parts import SeenWithRecord
from ctms.api.shapes import Made
from ctms.pages.columns import Column, as_text
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from ctms.signatures.signing import signatures_of
from monitoring import services
from monitoring.forms import PresenceForm
from monitoring.models import (
    ActionItem,
    Answer,
    AnswerValue,
    MonitoringReport,
    ReportStatus,
    ReportTemplate,
)
from monitoring.reports import reading

from .questions import at_questions, review_of, with_questions
from .terms import COUNTRY, PLACE, VISIT_PLACE, ReportTermColumn, terms_of


class AnswerShape(serializers.Serializer):
    question_key = serializers.CharField()
    value = serializers.CharField()
    comment = serializers.CharField()


class ReportRecord(Record):
    model, slug = MonitoringReport, "monitoring-reports"
    under = "monitoring-visits"
    fields = (
        "study",
        "site",
        "visit",
        "template",
        "submitted_on",
        "approved_on",
        "filed_as",
        Column("published", inside=True),
        "status",
    )
    api_fields = (
        "study",
        "country",
        "site",
        "visit",
        ("visit_label", Made("visit_type", "number", "unblinded", source="visit.label")),
        ("template", Made("title", "number")),
        "summary",
        "people_met",
        "subjects_reviewed",
        ("answers", AnswerShape(many=True, read_only=True, source="shown_answers")),
        "submitted_on",
        "approved_on",
        "filed_as",
        "unblinded",
        "published",
        "status",
    )
    filters = {
        "study": ["exact"],
        "country": ["exact"],
        "site": ["exact"],
        "visit": ["exact"],
        "status": ["exact"],
    }
    search = ("site__number", "site__organization__name", "study__protocol_number")
    find_by = ("report {visit__visit_type} {visit__number}",)
    find_words = ("site__number", "site__organization__name")
    named_with = ("visit__study", "visit__site__organization")
    related = (*PLACE, "study", "template", "filed_as__artifact", "country", *VISIT_PLACE)
    template = "monitoring/report.html"
    transition_templates = {
        "submit": "monitoring/sign.html",
        "approve": "monitoring/sign.html",
        "returned": "monitoring/return.html",
    }
    parts = (("monitoring.Answer", "report"), ("monitoring.ReviewComment", "report"))
    reads_notices = True

    @classmethod
    def rows(cls, user):
        return super().rows(user).prefetch_related(SeenWithRecord(Answer, "report", "pk"))

    @classmethod
    def terms(cls, record, on):
        return terms_of(record.visit)

    @classmethod
    def extra_context(cls, request, record):
        writing = not services.may_write(request.user, record)
        reviewing = not writing and not services.may_comment(request.user, record)
        content, returned = record.snapshot or services.contents_of(record), services.return_of(record)
        at = at_questions(request.user, record, content)
        context = {
            **reading(record, content),
            "annotated": with_questions(content, at),
            "commented": [
                (question, at[question["key"]].comments)
                for section in content["sections"]
                for question in section["questions"]
                if at[question["key"]].comments
            ],
            "writing": writing,
            "reviewing": reviewing,
            "today": timezone.localdate(),
            "signatures": standing_signatures(record),
            "returned": returned,
            "also_state": ("amber", _("Returned")) if returned and not returned.is_answered else None,
            "submission": services.last_submission(record),
            "next_waiting": next_waiting(request.user, record),
            **cls.filing_context(request.user, record),
        }
        if reviewing:
            context |= review_of(record)
        if writing:
            progress = progress_of(record)
            for _section, pairs in progress["sections"]:
                for question, _answer in pairs:
                    question.at = at[question.key]
            context |= {
                **progress,
                "carried": services.carried_items(record),
                "raised": ActionItem.objects.visible_to(request.user)
                .filter(raised_in=record)
                .order_by("number"),
                "deviations": services.raised_deviations(record).visible_to(request.user),
                "presence": PresenceForm(
                    visit=record.visit,
                    people_met=record.people_met,
                    subjects_reviewed=record.subjects_reviewed,
                ),
            }
        context["shows_visit"] = request.user.has_perm("monitoring.view_monitoringvisit", record.visit)
        context["may_publish"] = (
            record.status == "APPROVED"
            and not record.unblinded
            and request.user.has_perm("monitoring.publish_report", record)
        )
        return context

    @classmethod
    def filing_context(cls, user, record):
        """Return what is said of the PDF of an approved report: being made, or where it is filed."""
        return {
            "filing_url": reverse("report-filing", args=[record.pk]),
            "filed_words": _("Approved on %(day)s and filed.") % {"day": as_text(record.approved_on)},
            "may_open_document": may_open_document(user, record),
        }


def standing_signatures(report):
    """Return the signatures that stand under what is shown: none of a draft, the last of each meaning; else history."""
    if report.status == ReportStatus.DRAFT:
        return []
    return list({signature.meaning: signature for signature in signatures_of(report)}.values())


def may_open_document(user, record):
    """True if the person may open the document a report or letter was filed as."""
    return record.filed_as is not None and user.has_perm("documents.view_document", record.filed_as)


def next_waiting(user, record):
    """Return the report that waits longest for this person's signature beside the one they look at, or None."""
    if record.status == ReportStatus.IN_REVIEW or not user.has_perm("monitoring.approve_report", record):
        return None
    rows = services.waiting_for(user).exclude(pk=record.pk)
    return rows.select_related("visit__site__organization", "visit__study").first()


def progress_of(report):
    """Return the questions of a report, how many are answered, and what is left to do before it can be signed."""
    sections = _sections(report)
    every = [pair for _section, pairs in sections for pair in pairs]
    left = [
        (question.text, f"question-{question.key}")
        for question, answer in every
        if not answer.value or (answer.value == AnswerValue.NO and not answer.comment.strip())
    ]
    if not report.people_met.strip():
        left.insert(0, (_("Say who was met or contacted at the site."), "presence"))
    if not report.summary.strip():
        left.append((_("Write the summary."), "summary"))
    return {
        "sections": sections,
        "answered": sum(1 for _question, answer in every if answer.value),
        "asked": len(every),
        "left": left,
        "unanswered": services.unanswered_comments(report),
    }


def _sections(report):
    """Return [(section, [(question, answer)])] for writing."""
    sections: list[tuple[str, list]] = []
    for question, answer in services.questions_of(report):
        if not sections or sections[-1][0] != question.section:
            sections.append((question.section, []))
        sections[-1][1].append((question, answer))
    return sections


class Reports(Listing):
    record, title, rail = ReportRecord, "Visit reports", ("Monitoring", 41)
    columns = (
        Column("visit__label", "Report", sort=""),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        Column("visit__last_day", "Last day", sort="visit__actual_end_on"),
        "submitted_on",
        "approved_on",
        ReportTermColumn("term", "Term", sort="", inside=True),
        Column("published", inside=True),
        "status",
    )
    more_columns = (
        COUNTRY,
        Column("visit__visit_type", "Visit type"),
        Column("visit__actual_start_on", "First day"),
        "template",
    )
    filters = {
        "study": ["exact"],
        "country": ["exact"],
        "site": ["exact"],
        "status": ["exact"],
        "visit__visit_type": ["exact"],
        "submitted_on": ["gte", "lte"],
        "approved_on": ["gte", "lte"],
    }
    search = ReportRecord.search
    empty = "A report stands here from the day its visit was conducted."


class TemplateRecord(Record):
    model, slug = ReportTemplate, "report-templates"
    fields = ("title", "visit_type", "number", "status")
    filters = {"visit_type": ["exact"], "status": ["exact"]}
    template = "monitoring/template.html"

    @classmethod
    def extra_context(cls, request, record):
        return {"questions": record.questions.order_by("sequence", "pk")}


class Templates(Listing):
    record, title, rail = TemplateRecord, "Report templates", ("Administration", 90)
    columns = ("title", "visit_type", "number", "status")
    filters = {"visit_type": ["exact"], "status": ["exact"]}
