"""The report of a monitoring visit: answers, summary, and the snapshot that is signed and filed."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import ScopedQuerySet, StudyOwned, country_of_study, everything, site_of_study
from ctms.audit.trail import audited
from ctms.workflow.triggers import frozen_with
from documents.models import Document

from .standing_still import StandsStillWithReport
from .templates import ReportTemplate
from .visits import MonitoringVisit


class ReportStatus(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    IN_REVIEW = "IN_REVIEW", _("In review")
    APPROVED = "APPROVED", _("Approved")


class ReportQuerySet(ScopedQuerySet):
    def of_monitor(self, user):
        return self.filter(visit__monitors__user=user)


@audited(called_by=("{visit}",))
class MonitoringReport(StudyOwned):
    """
    What was seen at a visit, written by its monitor and approved by somebody else.

    It exists from the day the visit was conducted, so that it can be late. On submission its content is frozen
    into the snapshot: what the author signs, what the approver sees and signs, and what the PDF is made of.
    """

    place_from = "visit"
    final_states = (ReportStatus.APPROVED.value,)

    visit = models.OneToOneField(MonitoringVisit, models.PROTECT, related_name="report")
    country = country_of_study(editable=False)
    site = site_of_study(editable=False)
    unblinded = models.BooleanField(default=False, editable=False)
    template = models.ForeignKey(ReportTemplate, models.PROTECT, related_name="+", editable=False)
    summary = models.TextField(blank=True)
    people_met = models.TextField(
        _("people met"),
        blank=True,
        help_text=_("Who was met or contacted at the site: one a line, with the role."),
    )
    subjects_reviewed = models.TextField(blank=True, help_text=_("Numbers, one a line."))
    submitted_on = models.DateField(null=True, blank=True, editable=False)
    approved_on = models.DateField(null=True, blank=True, editable=False)
    snapshot = models.JSONField(_("content as signed"), null=True, blank=True, editable=False)
    filed_as = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    published = models.BooleanField(_("shown to the sponsor"), default=False, editable=False)
    status = models.CharField(max_length=10, choices=ReportStatus, default=ReportStatus.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(published=False) | (Q(status="APPROVED") & Q(unblinded=False)),
                name="monitoringreport_published_is_approved_and_blind_safe",
                violation_error_message=_("Only approved, blind-safe reports are shown to the sponsor."),
            ),
            models.CheckConstraint(
                condition=~Q(status="APPROVED") | Q(snapshot__isnull=False),
                name="monitoringreport_approved_has_its_snapshot",
            ),
        ]
        permissions = [
            ("write_report", "Write the report of an own visit"),
            ("submit_report", "Sign and submit the report of an own visit"),
            ("approve_report", "Sign and approve a report, or return it"),
            ("publish_report", "Show an approved report to the sponsor"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="keeps_its_visit", fields=["visit", "template"]),
            # The approver signs what the author signed: between the two only returning opens it again.
            pgtrigger.Protect(
                name="stands_in_review",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status="IN_REVIEW")
                & ~pgtrigger.Q(new__status="DRAFT")
                & (
                    pgtrigger.Q(old__summary__df=pgtrigger.F("new__summary"))
                    | pgtrigger.Q(old__people_met__df=pgtrigger.F("new__people_met"))
                    | pgtrigger.Q(old__subjects_reviewed__df=pgtrigger.F("new__subjects_reviewed"))
                    | pgtrigger.Q(old__snapshot__df=pgtrigger.F("new__snapshot"))
                    | pgtrigger.Q(old__submitted_on__df=pgtrigger.F("new__submitted_on"))
                ),
            ),
        ]

    def __str__(self):
        return _("Report of %(visit)s") % {"visit": self.visit}

    def time_zone(self):
        return self.site.time_zone()

    @property
    def waits_for_pdf(self):
        return self.status == ReportStatus.APPROVED and self.filed_as_id is None

    def as_signed(self):
        """
        Return what a signature covers: the frozen facts, and the rows they were taken from; not state and version.

        Items and deviations live on after the report, so of them the snapshot alone is signed.
        """
        with everything("the parts of a report in hand"):
            answers = {a.question_key: [a.value, a.comment] for a in Answer.objects.filter(report=self)}
        signed = {
            "scheme": "monitoring-report/1",
            "content": self.snapshot,
            "answers": answers,
            "summary": self.summary,
            "template": self.template_id,
            "visit": self.visit_id,
            "days": [self.visit.actual_start_on, self.visit.actual_end_on],
        }
        if self.snapshot and "people_met" in self.snapshot:
            # Reports signed before these were asked for stand as they were signed.
            signed |= {"people_met": self.people_met, "subjects_reviewed": self.subjects_reviewed}
        return signed


class AnswerValue(models.TextChoices):
    YES = "YES", _("Yes")
    NO = "NO", _("No")
    NOT_APPLICABLE = "NOT_APPLICABLE", _("Not applicable")
    NOT_REVIEWED = "NOT_REVIEWED", _("Not reviewed")


@frozen_with("report")
@audited(called_by=("to {question_key}",))
class Answer(StudyOwned):
    """The answer to one question of a report, saved as typed."""

    place_from = "report"
    view_permission = "monitoring.view_monitoringreport"

    report = models.ForeignKey(MonitoringReport, models.PROTECT, related_name="answers")
    country = country_of_study(editable=False)
    site = site_of_study(editable=False)
    unblinded = models.BooleanField(default=False, editable=False)
    question_key = models.SlugField(max_length=60)
    value = models.CharField(max_length=15, choices=AnswerValue, blank=True)
    comment = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "question_key"], name="answer_once_a_question")
        ]
        triggers = [
            StandsStillWithReport(
                name="stands_with_report",
                operation=pgtrigger.Update | pgtrigger.Delete,
                report='"id" = OLD."report_id"',
            )
        ]

    def __str__(self):
        return f"{self.question_key}: {self.get_value_display() or '—'}"

    @property
    def choices(self):
        return AnswerValue.choices
