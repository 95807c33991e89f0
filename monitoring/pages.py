"""What is seen of monitoring: visits, reports, action items, deviations, and their clocks."""

from dataclasses import dataclass

from django import forms
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from ctms.access.assignments import people
from ctms.calendar.clocks import Pace
from ctms.calendar.working_days import working_days_between
from ctms.pages.columns import Column
from ctms.pages.listing import Listing
from ctms.pages.record import Record

from . import services
from .calculations import approval_term, letter_due_on, submission_term
from .models import (
    ActionItem,
    Answer,
    AnswerValue,
    Deviation,
    DeviationStatus,
    MonitoringReport,
    MonitoringVisit,
    ReportTemplate,
    VisitMonitor,
    VisitStatus,
)
from .models.findings import STILL_OPEN
from .reports import reading

PLACE = ("study__sponsor", "site__organization", "site__country__nation")
VISIT_PLACE = tuple(f"visit__{path}" for path in PLACE)


def terms_of(visit):
    """Return the terms that run after a visit, by the calendar of the site's country."""
    report = getattr(visit, "report", None)
    if visit.status != VisitStatus.CONDUCTED or report is None:
        return []  # planned, or taken over from a time before this system
    study, country = visit.study, visit.site.calendar_country
    submitted, approved = report.submitted_on, report.approved_on
    terms = [submission_term(visit.actual_end_on, study.report_submission_days, country, submitted)]
    if submitted or approved:
        terms.append(approval_term(visit.actual_end_on, study.report_approval_days, country, approved))
    return terms


@dataclass(frozen=True)
class ShownTerm:
    """A term in a cell: how many working days are left, and the whole sentence behind it."""

    short: str
    pace_name: str
    sentence_now: str

    @property
    def pace(self):
        return self.pace_name

    def __str__(self):
        return self.short


def shown_term(term, on):
    """Return a term as a cell shows it."""
    pace = term.pace(on)
    if pace in (Pace.DONE, Pace.DONE_LATE):
        short = term.done_on.strftime("%-d %b %Y")
    elif pace is Pace.LATE:
        short = _("%(n)d WD late") % {"n": working_days_between(term.due_on, on, term.country)}
    else:
        short = _("%(n)d WD left") % {"n": term.days_left(on)}
    return ShownTerm(short, pace.value.replace(" ", "-"), term.sentence(on))


class TermColumn(Column):
    """The term that runs now on a visit or on a report's visit."""

    def value(self, record):
        visit = record if isinstance(record, MonitoringVisit) else record.visit
        terms = terms_of(visit)
        return shown_term(terms[-1], timezone.localdate()) if terms else None

    def text(self, record):
        return str(self.value(record) or "—")


class MonitorShape(serializers.Serializer):
    user = serializers.IntegerField(source="user_id")
    name = serializers.CharField(source="user.__str__")
    part = serializers.CharField()


class VisitRecord(Record):
    model, slug = MonitoringVisit, "monitoring-visits"
    fields = (
        "study",
        "site",
        Column("label", "Visit"),
        "visit_type",
        "method",
        "planned_start_on",
        "planned_end_on",
        "actual_start_on",
        "actual_end_on",
        Column("monitor_names", "Monitors"),
        "purpose",
        "unblinded",
        "status",
    )
    api_fields = (
        "study",
        "country",
        "site",
        "visit_type",
        "number",
        ("label", serializers.CharField(read_only=True)),
        "method",
        "planned_start_on",
        "planned_end_on",
        "actual_start_on",
        "actual_end_on",
        ("monitors", MonitorShape(many=True, read_only=True, source="shown_monitors")),
        ("report", serializers.IntegerField(source="report.pk", read_only=True, default=None)),
        "purpose",
        "unblinded",
        "status",
    )
    create = ("site", "visit_type", "method", "planned_start_on", "planned_end_on", "purpose", "unblinded")
    create_extra = {
        "primary_monitor": forms.ModelChoiceField(people(), label=gettext_lazy("Primary monitor")),
        "co_monitors": forms.ModelMultipleChoiceField(
            people(), label=gettext_lazy("Co-monitors"), required=False
        ),
    }
    api_create_extra = {
        "primary_monitor": serializers.PrimaryKeyRelatedField(queryset=people()),
        "co_monitors": serializers.PrimaryKeyRelatedField(queryset=people(), many=True, required=False),
    }
    create_with = staticmethod(
        lambda *, actor, **fields: services.plan_visit(actor=actor, on=timezone.localdate(), **fields)
    )
    edit = ("method", "planned_start_on", "planned_end_on", "purpose")
    edit_while = (VisitStatus.PROPOSED, VisitStatus.PLANNED, VisitStatus.CONFIRMED)
    filters = {
        "study": ["exact"],
        "country": ["exact"],
        "site": ["exact"],
        "visit_type": ["exact"],
        "status": ["exact"],
        "planned_start_on": ["gte", "lte"],
    }
    search = ("site__number", "site__organization__name", "study__protocol_number")
    related = (*PLACE, "study", "report", "country")
    template = "monitoring/visit.html"
    parts = (("monitoring.VisitMonitor", "visit"),)

    @classmethod
    def rows(cls, user):
        monitors = VisitMonitor.objects.visible_to(user).select_related("user").order_by("-part", "pk")
        return (
            super()
            .rows(user)
            .prefetch_related(Prefetch("monitors", queryset=monitors, to_attr="shown_monitors"))
        )

    @classmethod
    def terms(cls, record, on):
        return terms_of(record)

    @classmethod
    def extra_context(cls, request, record):
        letter_due = None
        if record.status in (VisitStatus.PLANNED, VisitStatus.CONFIRMED):
            letter_due = letter_due_on(
                record.planned_start_on, record.study.confirmation_letter_days, record.site.calendar_country
            )
        items = ActionItem.objects.visible_to(request.user).filter(site=record.site_id).open()
        return {"letter_due": letter_due, "open_items": items.order_by("due_on", "pk")[:20]}


class Visits(Listing):
    record, title = VisitRecord, "Monitoring visits"
    tab, tab_position, rail = "Monitoring", 50, ("Monitoring", 40)
    columns = (
        Column("label", "Visit", sort="visit_type"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        "method",
        Column("first_day", "First day", sort="planned_start_on"),
        Column("monitor_names", "Monitors"),
        TermColumn("term", "Report term", sort=""),
        "status",
    )
    order = ("-planned_start_on",)
    filters = {
        "study": ["exact"],
        "status": ["exact"],
        "visit_type": ["exact"],
        "planned_start_on": ["gte", "lte"],
    }
    search = VisitRecord.search
    empty = "Visits to the sites stand here. CRAs and clinical leads plan them."


class AnswerShape(serializers.Serializer):
    question_key = serializers.CharField()
    value = serializers.CharField()
    comment = serializers.CharField()


class ReportRecord(Record):
    model, slug = MonitoringReport, "monitoring-reports"
    fields = (
        "study",
        "site",
        "visit",
        "template",
        "submitted_on",
        "approved_on",
        "filed_as",
        "published",
        "status",
    )
    api_fields = (
        "study",
        "country",
        "site",
        "visit",
        ("visit_label", serializers.CharField(source="visit.label", read_only=True)),
        ("template", serializers.CharField(source="template.__str__", read_only=True)),
        "summary",
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
    related = (*PLACE, "study", "template", "filed_as__artifact", "country", *VISIT_PLACE)
    template = "monitoring/report.html"
    transition_templates = {"submit": "monitoring/sign.html", "approve": "monitoring/sign.html"}
    parts = (("monitoring.Answer", "report"),)

    @classmethod
    def rows(cls, user):
        answers = Answer.objects.seen_with("report", user).order_by("pk")
        return (
            super()
            .rows(user)
            .prefetch_related(Prefetch("answers", queryset=answers, to_attr="shown_answers"))
        )

    @classmethod
    def terms(cls, record, on):
        return terms_of(record.visit)

    @classmethod
    def extra_context(cls, request, record):
        writing = not services.may_write(request.user, record)
        content = record.snapshot or services.contents_of(record)
        context = {**reading(record, content), "writing": writing, "today": timezone.localdate()}
        if writing:
            context |= {
                **progress_of(record),
                "carried": services.carried_items(record),
                "raised": ActionItem.objects.visible_to(request.user)
                .filter(raised_in=record)
                .order_by("number"),
                "deviations": Deviation.objects.visible_to(request.user)
                .filter(raised_in=record)
                .order_by("number"),
            }
        context["may_open_document"] = record.filed_as is not None and request.user.has_perm(
            "documents.view_document", record.filed_as
        )
        context["may_publish"] = (
            record.status == "APPROVED"
            and not record.unblinded
            and request.user.has_perm("monitoring.publish_report", record)
        )
        return context


def progress_of(report):
    """Return the questions of a report, how many are answered, and what is left to do before it can be signed."""
    sections = _sections(report)
    every = [pair for _section, pairs in sections for pair in pairs]
    left = [
        (question.text, f"question-{question.key}")
        for question, answer in every
        if not answer.value or (answer.value == AnswerValue.NO and not answer.comment.strip())
    ]
    if not report.summary.strip():
        left.append((_("Write the summary."), "summary"))
    return {
        "sections": sections,
        "answered": sum(1 for _question, answer in every if answer.value),
        "asked": len(every),
        "left": left,
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
        TermColumn("term", "Term", sort=""),
        "published",
        "status",
    )
    filters = {"study": ["exact"], "status": ["exact"]}
    search = ReportRecord.search
    empty = "A report stands here from the day its visit was conducted."


class ActionItemRecord(Record):
    model, slug = ActionItem, "action-items"
    fields = (
        "study",
        "site",
        Column("label", "Item"),
        "text",
        "responsible",
        "opened_on",
        "due_on",
        "resolution",
        "closed_on",
        "raised_in",
        "unblinded",
        "status",
    )
    api_fields = (
        "study",
        "country",
        "site",
        "number",
        "text",
        "responsible",
        "opened_on",
        "due_on",
        "resolution",
        "closed_on",
        "raised_in",
        "unblinded",
        "status",
    )
    create = ("site", "text", "responsible", "opened_on", "due_on")
    create_with = staticmethod(services.raise_action_item)
    edit = ("text", "responsible", "due_on")
    edit_while = STILL_OPEN
    filters = {
        "study": ["exact"],
        "country": ["exact"],
        "site": ["exact"],
        "status": ["exact"],
        "responsible": ["exact"],
        "raised_in": ["exact"],
        "due_on": ["gte", "lte"],
    }
    search = ("text", "site__number")
    related = (
        *PLACE,
        "study",
        "raised_in",
        "country",
        "raised_in__visit__site__organization",
        "raised_in__visit__study",
    )


class ActionItems(Listing):
    record, title, rail = ActionItemRecord, "Action items", ("Monitoring", 42)
    tab, tab_position = "Action items", 52
    columns = (
        Column("label", "Item", sort="number"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        "text",
        "responsible",
        "opened_on",
        "due_on",
        "status",
    )
    order = ("due_on",)
    filters = {"study": ["exact"], "status": ["exact"], "responsible": ["exact"], "due_on": ["lte"]}
    search = ActionItemRecord.search
    empty = "What somebody has to do by a date stands here; raised in a visit report or added by hand."


class DeviationRecord(Record):
    model, slug = Deviation, "deviations"
    fields = (
        "study",
        "site",
        Column("label", "Deviation"),
        "subject_number",
        "category",
        "description",
        "occurred_on",
        "identified_on",
        "immediate_action",
        "importance",
        "raised_in",
        "unblinded",
        "status",
    )
    api_fields = (
        "study",
        "country",
        "site",
        "number",
        "subject_number",
        "category",
        "description",
        "occurred_on",
        "identified_on",
        "immediate_action",
        "importance",
        "raised_in",
        "unblinded",
        "status",
    )
    create = (
        "site",
        "subject_number",
        "category",
        "description",
        "occurred_on",
        "identified_on",
        "immediate_action",
    )
    create_with = staticmethod(services.raise_deviation)
    edit = (
        "subject_number",
        "category",
        "description",
        "occurred_on",
        "identified_on",
        "immediate_action",
        "importance",
    )
    edit_while = (DeviationStatus.NEW, DeviationStatus.UNDER_REVIEW)
    filters = {
        "study": ["exact"],
        "country": ["exact"],
        "site": ["exact"],
        "status": ["exact"],
        "category": ["exact"],
        "importance": ["exact"],
        "raised_in": ["exact"],
    }
    search = ("description", "subject_number", "site__number")
    related = ActionItemRecord.related


class Deviations(Listing):
    record, title, rail = DeviationRecord, "Protocol deviations", ("Monitoring", 43)
    tab, tab_position = "Deviations", 54
    columns = (
        Column("label", "Deviation", sort="number"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        "subject_number",
        "category",
        "description",
        "occurred_on",
        "importance",
        "status",
    )
    order = ("-occurred_on",)
    filters = {"study": ["exact"], "status": ["exact"], "category": ["exact"], "importance": ["exact"]}
    search = DeviationRecord.search
    empty = "Departures from the protocol stand here; subjects by number only."


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
