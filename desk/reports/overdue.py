"""Overdue list: whatever is past its day, with its days and its owner, the longest first."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.pages.record import url_of
from ctms.reports.declare import Report, ReportColumn, iso, table_of
from documents.calculations import days_late
from monitoring.models import STILL_OPEN, Responsible, VisitStatus
from monitoring.reports.visit_tracker import late_terms
from studies.models import MilestoneStatus

from .on_record import record_of

COLUMNS = (
    ReportColumn(gettext_lazy("What")),
    ReportColumn(gettext_lazy("Place")),
    ReportColumn(
        gettext_lazy("Owner"),
        "text",
        gettext_lazy(
            "The primary monitor of visits, reports and letters; who is responsible for an item. Milestones and "
            "documents have none on record."
        ),
    ),
    ReportColumn(
        gettext_lazy("Due on"), "day", gettext_lazy("The last day; terms run in the site's working days.")
    ),
    ReportColumn(gettext_lazy("Days late"), "late", gettext_lazy("Calendar days since the due day.")),
)


@dataclass(frozen=True)
class Overdue:
    """One thing past its day."""

    what: str
    place: str
    owner: str
    due_on: date
    url: str


class OverdueList(Report):
    name = "overdue"
    title = gettext_lazy("Overdue list")
    what_for = gettext_lazy(
        "Reports, letters, action items, documents, milestones and visits past their day."
    )
    permission = "studies.view_milestone"
    position = 40

    @classmethod
    def facts(cls, cut):
        record = record_of(cut)
        kinds = (
            (_("Visit reports and letters"), _reports_and_letters(record)),
            (_("Visits past their day"), _visits(record)),
            (_("Action items"), _items(record)),
            (_("Milestones"), _milestones(record)),
            (_("Documents"), _documents(record)),
        )
        found = [(title, sorted(rows, key=lambda one: (one.due_on, one.what))) for title, rows in kinds]
        return table_of(
            COLUMNS,
            [(title, [(_cells(one, cut.on), one.url) for one in rows]) for title, rows in found],
            summary=[(title, len(rows), "") for title, rows in found],
            empty=_("Nothing is overdue."),
        )


def _cells(one, on):
    return [one.what, one.place, one.owner, iso(one.due_on), (on - one.due_on).days]


def _reports_and_letters(record):
    for one in record.visits or ():
        for term in late_terms(one, record.cut.on):
            thing = one.report if term in one.report_terms else one.visit
            yield Overdue(
                f"{term.label} · {one.visit.label}",
                str(one.visit.site),
                one.owner,
                term.due_on,
                url_of(thing),
            )


def _visits(record):
    waiting = (VisitStatus.PROPOSED, VisitStatus.PLANNED, VisitStatus.CONFIRMED)
    for one in record.visits or ():
        if one.visit.status in waiting and one.visit.planned_end_on < record.cut.on:
            yield Overdue(
                one.visit.label, str(one.visit.site), one.owner, one.visit.planned_end_on, url_of(one.visit)
            )


def _items(record):
    for one in record.items or ():
        if one.status in STILL_OPEN and one.due_on < record.cut.on:
            owner = str(Responsible(one.responsible).label)
            yield Overdue(f"{one.label}: {one.text[:120]}", str(one.site), owner, one.due_on, url_of(one))


def _milestones(record):
    for one in record.milestones:
        if one.status == MilestoneStatus.PLANNED and one.planned_on and one.planned_on < record.cut.on:
            place = str(one.site or one.country or record.spine.study)
            yield Overdue(one.name, place, "", one.planned_on, url_of(one))


def _documents(record):
    for one in record.expected or ():
        if days_late(one.status, one.due_on, record.cut.on):
            yield Overdue(f"{one.artifact.number} {one.name}", one.place_label, "", one.due_on, url_of(one))
