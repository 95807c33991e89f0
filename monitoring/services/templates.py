"""One approved template a type: approving the next supersedes it; and what the one of a report asks."""

from ctms.workflow.engine import perform
from monitoring.models import ReportTemplate, TemplateQuestion, TemplateStatus


def supersede_former_template(template, move):
    """Effect of approving a template: the one in force until now steps back first."""
    former = ReportTemplate.objects.filter(
        visit_type=template.visit_type, status=TemplateStatus.APPROVED
    ).first()
    if former is not None:
        perform(former, "supersede", actor=move.actor, reason=f"Superseded by version {template.number}")


def asks(report, question_key):
    """True if a report has a question of this key."""
    return TemplateQuestion.objects.filter(template=report.template_id, key=question_key).exists()
