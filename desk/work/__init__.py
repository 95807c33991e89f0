"""Your work: what waits for a person, section by section, most urgent first."""

from . import money, monitoring, papers, sites, studies, subjects
from .items import Section, WorkItem

__all__ = ["SECTIONS", "Section", "WorkItem", "work_of"]

SECTIONS = [
    monitoring.reports_to_approve,
    monitoring.reports_to_write,
    monitoring.letters_to_send,
    money.runs_to_approve,
    papers.papers_to_review,
    papers.papers_returned,
    monitoring.visits_ahead,
    subjects.visits_to_answer,
    monitoring.action_items_due,
    monitoring.deviations_to_classify,
    sites.sites_to_open,
    studies.milestones_due,
    money.payables_to_confirm,
    papers.papers_late,
    studies.studies_of,
    monitoring.reports_shown,
]


def work_of(user, on):
    """Return the sections of a person's first page that concern their roles."""
    return [section for build in SECTIONS if (section := build(user, on)) is not None]
