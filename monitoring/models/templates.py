"""Report templates: drafted, approved, superseded; pinned by the reports that were made from them."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from ctms.audit.trail import audited
from ctms.workflow.triggers import REFUSED, frozen_with

from .visits import VisitType


class TemplateStatus(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    APPROVED = "APPROVED", _("Approved")
    SUPERSEDED = "SUPERSEDED", _("Superseded")


@audited(called_by=("{title} v{number}",))
class ReportTemplate(models.Model):
    """A version of the questions for one type of visit."""

    visit_type = models.CharField(max_length=3, choices=VisitType)
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(max_length=200)
    status = models.CharField(
        max_length=10, choices=TemplateStatus, default=TemplateStatus.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    view_permission = "monitoring.view_reporttemplate"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit_type", "number"], name="reporttemplate_version_once"),
            models.UniqueConstraint(
                fields=["visit_type"],
                condition=models.Q(status="APPROVED"),
                name="reporttemplate_one_approved",
            ),
        ]
        permissions = [("manage_templates", "Draft and approve report templates")]

    def __str__(self):
        return f"{self.title} v{self.number}"


@frozen_with("template")
@audited(called_by=("{key}", "{text}"), removable=True)
class TemplateQuestion(models.Model):
    """A question; its key stays the same in every version, so that answers can be compared and carried."""

    template = models.ForeignKey(ReportTemplate, models.PROTECT, related_name="questions")
    key = models.SlugField(max_length=60)
    section = models.CharField(max_length=100)
    sequence = models.PositiveIntegerField()
    text = models.CharField(max_length=400)
    guidance = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering = ["sequence", "pk"]
        constraints = [models.UniqueConstraint(fields=["template", "key"], name="templatequestion_key_once")]

    def __str__(self):
        return self.text


class NamesAQuestionOfItsReport(pgtrigger.Trigger):
    """
    Refuse a row that names a question its report does not ask.

    :param report: the column of the row that says which report it belongs to
    """

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def __init__(self, *, name, report="report_id"):
        super().__init__(name=name)
        self.report = report

    def get_func(self, model):
        # The report's table by name: its model stands above this one.
        return f"""
            IF NEW.question_key <> '' AND NOT EXISTS (
                SELECT 1 FROM {TemplateQuestion._meta.db_table} AS question
                JOIN monitoring_monitoringreport AS report ON report.template_id = question.template_id
                WHERE report.id = NEW.{self.report} AND question.key = NEW.question_key) THEN
                RAISE EXCEPTION 'A % names a question of its own report.', TG_TABLE_NAME
                    {REFUSED};
            END IF;
            RETURN NEW;
        """  # noqa: S608 - made of declarations, never of input
