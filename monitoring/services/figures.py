"""How monitoring stands at several places at once: one definition of each number, for tiles, portfolio and workload."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from ctms.calendar.clocks import Pace
from monitoring.models import (
    NO_DEVIATION,
    UNSETTLED,
    ActionItem,
    Deviation,
    DeviationStatus,
    Importance,
    MonitoringReport,
    MonitoringVisit,
    ReportStatus,
    VisitStatus,
)

from .terms import open_report_term, report_terms

# One definition of each number in the whole product; pages show it beside the number.
DEFINITIONS = {
    "reports_open": _("Reports of conducted visits that are not approved yet."),
    "reports_late": _("Open reports past the day they were due, by the working days of the site's country."),
    "items_open": _("Action items that are open, in progress or resolved and not closed yet."),
    "items_overdue": _("Open action items whose due day has passed."),
    "deviations_unsettled": _("Protocol deviations nobody has confirmed or refuted yet."),
    "deviations_important": _(
        "Confirmed protocol deviations that are important by the study's own criteria."
    ),
    "deviations_by_month": _(
        "Protocol deviations that occurred in each of the last six months; refuted and withdrawn ones left out."
    ),
    "last_visit": _("Days since the last day of the last visit that was conducted, of whatever type."),
}


@dataclass(frozen=True)
class MonitoringFigures:
    """What waits and what was done at one place; `DEFINITIONS` says what each number is."""

    reports_open: int = 0
    reports_late: int = 0
    items_open: int = 0
    items_overdue: int = 0
    deviations_unsettled: int = 0
    deviations_important: int = 0


def figures_by(user, level, ids, on, reports=None):
    """
    Return {id: MonitoringFigures} of places the person sees; three queries, however many places.

    :param level: `study`, `country` or `site`: what the ids are of
    :param reports: what `reports_by` said of these places, where somebody has asked it already
    """
    where = {f"{level}__in": ids}
    found: dict[int, dict[str, int]] = {pk: {} for pk in ids}
    for pk, (count, overdue) in items_by(user, level, on, **where).items():
        found[pk] |= {"items_open": count, "items_overdue": overdue}
    deviations = Deviation.objects.visible_to(user).filter(**where).order_by()
    unsettled = Q(status__in=UNSETTLED)
    important = Q(
        importance=Importance.IMPORTANT, status__in=(DeviationStatus.CONFIRMED, DeviationStatus.CLOSED)
    )
    for pk, waiting, grave in deviations.values_list(level).annotate(
        waiting=Count("pk", filter=unsettled), grave=Count("pk", filter=important)
    ):
        found[pk] |= {"deviations_unsettled": waiting, "deviations_important": grave}
    counted = reports_by(user, level, on, **where) if reports is None else reports
    return {
        pk: MonitoringFigures(**values, reports_open=counted[pk].open, reports_late=counted[pk].late)
        for pk, values in found.items()
    }


def deviations_by_month(user, studies, months):
    """Return {study id: [deviations that occurred in each of the months]} without those that were none; one query."""
    rows = Deviation.objects.visible_to(user).filter(study__in=studies, occurred_on__gte=months[0])
    rows = rows.exclude(status__in=NO_DEVIATION).annotate(month=TruncMonth("occurred_on")).order_by()
    found: dict[int, dict] = defaultdict(dict)
    for study, month, count in rows.values_list("study", "month").annotate(Count("pk")):
        found[study][month] = count
    return {study.pk: [found[study.pk].get(month, 0) for month in months] for study in studies}


def items_by(user, level, on, **where):
    """Return {id of a place: (action items open, of them overdue)}; places without an open one are left out."""
    rows = ActionItem.objects.visible_to(user).open().filter(**where).order_by()
    counted = rows.values_list(level).annotate(Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=on)))
    return {pk: (count, overdue) for pk, count, overdue in counted}


@dataclass
class OpenReports:
    """How many reports are not approved yet at a place, and how many of them are late."""

    open: int = 0
    late: int = 0


def reports_by(user, level, on, **where):
    """Return {id of a place: OpenReports}; of each report its days alone are read, for there may be thousands."""
    rows = MonitoringReport.objects.visible_to(user).exclude(status=ReportStatus.APPROVED)
    counted: dict[int, OpenReports] = defaultdict(OpenReports)
    for place, *days in rows.filter(**where).order_by().values_list(level, *DAYS_OF_A_REPORT):
        counted[place].open += 1
        counted[place].late += open_report_term(*days).pace(on) is Pace.LATE
    return counted


# What open_report_term asks for, in its order.
DAYS_OF_A_REPORT = (
    "visit__actual_end_on",
    "submitted_on",
    "visit__study__report_submission_days",
    "visit__study__report_approval_days",
    "visit__site__country__nation",
)


def open_reports(user):
    """Return the reports that are not approved yet, with what their terms need, the longest waiting first."""
    rows = MonitoringReport.objects.visible_to(user).exclude(status=ReportStatus.APPROVED)
    rows = rows.select_related("visit__study", "visit__site__country").only(*OF_A_TERM)
    return rows.order_by("visit__actual_end_on", "pk")


# There may be thousands, each with what was written in it: where the report lies, and what its terms run by.
OF_A_TERM = (
    *("study", "country", "site", "unblinded", "published", "submitted_on", "approved_on", "status"),
    *("visit__status", "visit__actual_end_on", "visit__site__country__nation"),
    *("visit__study__report_submission_days", "visit__study__report_approval_days"),
)


def late_reports(user, on):
    """Return the open reports whose term has passed, the longest waiting first."""
    return [report for report in open_reports(user) if is_late(report, on)]


def is_late(report, on):
    """True if the term that runs on an open report has passed: to be submitted, then to be approved."""
    return report_terms(report.visit, report)[-1].pace(on) is Pace.LATE


def last_visits(user, sites):
    """Return {site id: the last day of its last conducted visit}; one query."""
    rows = MonitoringVisit.objects.visible_to(user).filter(site__in=sites, status=VisitStatus.CONDUCTED)
    return dict(rows.order_by("site", "actual_end_on").values_list("site", "actual_end_on"))
