"""
What the portal is made of: rows a person may see, and of these only what is approved and published.

The publishing is asked here once more, beside the access of the sponsor: a manager who looks at the portal of
their own study sees what the sponsor sees.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from ctms.access.access import access_of
from ctms.pages.record import url_of
from ctms.pictures.curves import Chart, Line, curves
from ctms.pictures.timeline import Milestone as TimelineMilestone
from ctms.pictures.timeline import timeline
from ctms.workflow.engine import first_reached
from documents.models import DocumentStatus
from documents.pages import DocumentRecord
from monitoring.models import MonitoringReport, ReportStatus
from studies.models import RELEASED_SITES, Milestone, SiteStatus, Study, StudySite
from studies.pages import StudyRecord
from studies.services.plan_standing import reached_and_next
from subjects.services.enrolment import enrolled_in, enrolment_of
from subjects.services.enrolment_counts import DEFINITIONS, next_month

# Who publishes may look at what is published.
PREVIEW = "monitoring.publish_report"
DATES_ON_A_CARD = 4
NEWEST_ON_A_CARD = 3
ROWS_ON_A_PAGE = 50
REPORT_PARTS = ("visit__site__organization", "visit__study", "study", "filed_as")


@dataclass(frozen=True)
class Card:
    """One study in a few lines."""

    study: Study
    enrolled: int | None
    sites: list[tuple[SiteStatus, int]]
    milestones: list[Milestone]
    newest: list[Any]

    @property
    def opened(self):
        return sum(n for status, n in self.sites if status in RELEASED_SITES)

    @property
    def site_total(self):
        return sum(n for _status, n in self.sites)


@dataclass(frozen=True)
class SiteLine:
    """One site of the study: its state, when it was activated, how many subjects it has."""

    site: StudySite
    activated_on: Any
    counts: Any


def portal_studies(user):
    """Return the studies a person sees in the portal: a sponsor their own, others those they publish."""
    rows = StudyRecord.rows(user)
    if access_of(user).published_only:
        return rows
    return rows.filter(pk__in=Study.objects.visible_to(user, PREVIEW).values("pk"))


def milestones_in(user, studies):
    rows = Milestone.objects.visible_to(user).filter(study__in=studies, published=True)
    rows = rows.select_related("country__nation", "site__organization")
    return rows.order_by(F("planned_on").asc(nulls_last=True), "pk")


def reports_in(user, studies):
    rows = MonitoringReport.objects.visible_to(user)
    return rows.filter(
        study__in=studies, published=True, unblinded=False, status=ReportStatus.APPROVED
    ).select_related(*REPORT_PARTS)


def documents_in(user, studies):
    """Return the published documents that are no visit report's: those stand with their report."""
    filed = reports_in(user, studies).filter(filed_as__isnull=False).order_by()
    rows = DocumentRecord.rows(user).filter(
        study__in=studies, published=True, unblinded=False, status=DocumentStatus.APPROVED
    )
    return rows.exclude(pk__in=filed.values("filed_as"))


# --- the first page ----------------------------------------------------------------------------------


def cards_of(user, studies, on):
    """Return a Card a study; the number of queries does not grow with the studies."""
    enrolled = enrolled_in(user=user, studies=studies, on=on)
    by_state = StudySite.objects.visible_to(user).filter(study__in=studies).order_by()
    sites: dict[int, dict] = defaultdict(dict)
    for study, status, count in by_state.values_list("study", "status").annotate(Count("pk")):
        sites[study][status] = count
    milestones = _grouped(milestones_in(user, studies))
    reports = _grouped(_newest(reports_in(user, studies), "-approved_on"))
    documents = _grouped(_newest(documents_in(user, studies), "-document_date"))
    return [
        Card(
            study=study,
            enrolled=enrolled.get(study.pk),
            sites=[(s, sites[study.pk][s.value]) for s in SiteStatus if s.value in sites[study.pk]],
            milestones=reached_and_next(milestones[study.pk], DATES_ON_A_CARD),
            newest=[*reports[study.pk], *documents[study.pk]],
        )
        for study in studies
    ]


def _grouped(rows):
    found: dict[int, list] = defaultdict(list)
    for row in rows:
        found[row.study_id].append(row)
    return found


def _newest(rows, order):
    """Keep the newest rows of each study."""
    place = Window(RowNumber(), partition_by="study", order_by=[order, "-pk"])
    return rows.annotate(nth=place).filter(nth__lte=NEWEST_ON_A_CARD).order_by(order, "-pk")


# --- one study ---------------------------------------------------------------------------------------


def contents_of(user, study, on):
    """Return everything one study's page shows."""
    milestones = [m for m in milestones_in(user, [study]) if m.status != "NOT_APPLICABLE"]
    enrolment = enrolment_of(user=user, study=study, on=on)
    activated = first_reached([one.place for one in enrolment.sites], SiteStatus.ACTIVE)
    sites = [SiteLine(one.place, activated.get(one.place.pk), one.counts) for one in enrolment.sites]
    reports = reports_in(user, [study]).order_by("-approved_on", "-pk")[:ROWS_ON_A_PAGE]
    documents = documents_in(user, [study]).order_by("-document_date", "-pk")[:ROWS_ON_A_PAGE]
    return {
        "milestones": milestones,
        "timeline": timeline_of(milestones, on),
        "enrolment": enrolment,
        "curve": curve_of(enrolment.months, enrolment.planned, on),
        "definitions": DEFINITIONS,
        "sites": sites,
        "opened": sum(1 for line in sites if line.site.status in RELEASED_SITES),
        "reports": list(reports),
        "documents": list(documents),
        "most": ROWS_ON_A_PAGE,
    }


# --- the same as pictures ----------------------------------------------------------------------------


def timeline_of(milestones, on):
    """Return the published milestones on a time axis."""
    lines = [
        TimelineMilestone(
            label=one.name,
            url=url_of(one),
            baseline=one.baseline_on,
            planned=one.planned_on,
            actual=one.actual_on,
            place=str(one.site or one.country or _("Whole study")),
        )
        for one in milestones
    ]
    return timeline(
        name="portal-timeline",
        title=_("Milestones on a time axis"),
        description=_("Hollow: as agreed. Filled: reached or planned now. The table below says the same."),
        lines=lines,
        on=on,
    )


def curve_of(months, planned, on):
    """Return how many were enrolled at the end of each month, beside the plan where there is one."""
    ends = [(min(next_month(one.first) - timedelta(days=1), on), one) for one in months]
    enrolled = {day: one.enrolled_so_far for day, one in ends}
    plan = {day: one.planned_so_far for day, one in ends if one.planned_so_far is not None}
    lines = [Line(_("Enrolled so far"), enrolled, definition=DEFINITIONS["enrolled"])]
    if plan:
        lines.append(
            Line(_("Planned so far"), plan, "grey", "dashed", definition=DEFINITIONS["planned_so_far"])
        )
    chart = Chart(
        lines=lines, target=planned, target_label=_("Planned"), target_definition=DEFINITIONS["planned"]
    )
    return curves(
        name="portal-enrolment",
        title=_("Enrolment over time"),
        description=_(
            "Subjects enrolled so far at the end of each month, beside the plan where there is one."
        ),
        chart=chart,
        on=on,
    )
