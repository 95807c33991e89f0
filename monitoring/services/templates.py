"""One approved template a type: approving the next supersedes it."""

from ctms.workflow.engine import perform
from monitoring.models import ReportTemplate, TemplateStatus


def supersede_former_template(template, move):
    """Effect of approving a template: the one in force until now steps back first."""
    former = ReportTemplate.objects.filter(
        visit_type=template.visit_type, status=TemplateStatus.APPROVED
    ).first()
    if former is not None:
        perform(former, "supersede", actor=move.actor, reason=f"Superseded by version {template.number}")
