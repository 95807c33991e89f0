"""Your work: what waits for a person, section by section, most urgent first."""

from . import money, monitoring, papers, sites, studies, subjects
from .figures import figures_of, open_reports_of
from .items import Section, Table, WorkItem

__all__ = ["SECTIONS", "TABLES", "Section", "Table", "WorkItem", "figures_of", "open_reports_of", "work_of"]

TABLES = [
    sites.own_sites,
    sites.start_up_by_country,
    money.money_owed,
]

SECTIONS = [
    money.decisions_waiting,
    monitoring.reports_to_approve,
    monitoring.reports_to_write,
    monitoring.letters_to_send,
    money.runs_to_approve,
    papers.papers_to_review,
    papers.inbox,
    papers.papers_returned,
    monitoring.visits_ahead,
    subjects.visits_to_answer,
    monitoring.action_items_due,
    monitoring.deviations_to_classify,
    sites.sites_to_open,
    studies.slipped_this_week,
    studies.milestones_due,
    monitoring.important_deviations,
    papers.quality_issues_open,
    money.payables_to_confirm,
    money.invoices_unpaid,
    papers.papers_about_to_expire,
    papers.papers_late,
    monitoring.reports_shown,
]


def work_of(user, on):
    """Return the tables and the sections of a person's first page that concern their roles."""
    sections = [section for build in SECTIONS if (section := build(user, on)) is not None]
    return {
        "tables": [table for build in TABLES if (table := build(user, on)) is not None],
        "sections": sections,
        "quiet": [section for section in sections if not section.items],
    }
