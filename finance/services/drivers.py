"""What counts units: for each driver, the facts of the system that earn them.

A fact lies on the day it has where it happened (the report's approval in the site's zone, the month of the site).
Facts before a line's first day are not this budget's: work of a previous CRO, or of a time before the contract.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ctms.workflow.models import TransitionRecord
from documents.models import Document
from finance.calculations.earning import Fact, last_of, months_between, open_periods, part_of_month
from finance.models import BudgetLine, BudgetVersionStatus, Driver
from monitoring.models import Method, MonitoringReport, MonitoringVisit
from studies.models import StudySite
from subjects.models import Subject

ONE = Decimal(1)
# Submissions to authority and ethics committee in the TMF Reference Model 3.3.1.
SUBMISSIONS = ("03.01.01", "04.01.01")
REMOTE = (Method.REMOTE, Method.TELEPHONE)
STUDY_OVER = ("CLOSED", "ARCHIVED", "CANCELLED")


@dataclass(frozen=True)
class Counting:
    """A line being counted: from when, until when its months run, and the instant it is counted at."""

    line: BudgetLine
    starts_on: date
    ends_on: date
    now: datetime


DRIVERS: dict[str, Callable[[Counting], list[Fact]]] = {}


def driver(name):
    """Decorator: this function finds the facts of one driver."""

    def register(function):
        DRIVERS[name] = function
        return function

    return register


def facts_for(line, now):
    """
    Return {source: Fact} of everything that counts on a line until now.

    None where nothing is counted: units come by hand, or every version with the line was withdrawn. What was earned
    on a withdrawn line stays: it was done, and at the house's risk.
    """
    terms = list(
        line.terms.exclude(budget_version__status=BudgetVersionStatus.WITHDRAWN).values_list(
            "starts_on", "ends_on"
        )
    )
    if not terms or line.driver not in DRIVERS:
        return None
    counting = Counting(line, min(one[0] for one in terms), max(one[1] for one in terms), now)
    return {fact.source: fact for fact in DRIVERS[line.driver](counting) if fact.day >= counting.starts_on}


def house_day(instant):
    """Return the day an instant has in the house."""
    return instant.astimezone(timezone.get_default_timezone()).date()


def source_of(record):
    return f"{record._meta.label}/{record.pk}"


def _where(line, country="country__nation"):
    """Return the condition that a row lies in the line's study and countries."""
    found = Q(study=line.study_id)
    return found & Q(**{f"{country}__in": line.countries}) if line.countries else found


def _visits(line, path="", *, methods=()):
    """Return the condition of visit type, method and circle: blinded lines never count an unblinded visit."""
    found = Q(**{f"{path}unblinded": line.unblinded})
    if line.visit_types:
        found &= Q(**{f"{path}visit_type__in": line.visit_types})
    if methods or line.methods:
        found &= Q(**{f"{path}method__in": methods or line.methods})
    return found


def _reports(counting, *, methods=()):
    """
    Return the approved reports a line counts, taken-over ones left out.

    A report whose filed document was voided is no basis any more.
    """
    line = counting.line
    rows = (
        MonitoringReport.objects.filter(
            _where(line),
            _visits(line, "visit__", methods=methods),
            status="APPROVED",
            approved_on__isnull=False,
        )
        .exclude(filed_as__status="VOIDED")
        .select_related("visit__study", "visit__site__organization")
    )
    return [report for report in rows if report.visit.actual_end_on is not None]


@driver(Driver.REPORT_APPROVED)
def report_approved(counting):
    """A monitoring visit's approved report is one unit (practice.md, correction 1)."""
    return [_of_report(report, ONE) for report in _reports(counting)]


@driver(Driver.REMOTE_REPORT)
def remote_report(counting):
    return [_of_report(report, ONE) for report in _reports(counting, methods=REMOTE)]


@driver(Driver.VISIT_DAY_REPORTED)
def visit_day_reported(counting):
    """Each day of a visit, once its report is approved: a visit of two days is priced as two."""
    return [
        _of_report(report, Decimal((report.visit.actual_end_on - report.visit.actual_start_on).days + 1))
        for report in _reports(counting)
    ]


def _of_report(report, quantity):
    return Fact(source_of(report), report.approved_on, quantity, str(report.visit))


@driver(Driver.VISIT_CONDUCTED)
def visit_conducted(counting):
    line = counting.line
    rows = MonitoringVisit.objects.filter(_where(line), _visits(line), status="CONDUCTED")
    return [
        Fact(source_of(visit), visit.last_day, ONE, str(visit))
        for visit in rows.select_related("study", "site__organization")
    ]


def _sites_with_moves(counting):
    """Yield (site, [(state, day)]): where each site of a line went, on days as they were there."""
    sites = {
        source_of(site): site
        for site in StudySite.objects.filter(_where(counting.line)).select_related(
            "country__nation", "organization"
        )
    }
    moves: dict[str, list] = {source: [] for source in sites}
    rows = TransitionRecord.objects.filter(record__in=list(sites), field="status").order_by("pk")
    for row in rows:
        zone = sites[row.record].time_zone()
        moves[row.record].append((row.target, row.happened_on or row.at.astimezone(zone).date()))
    return [(site, moves[source]) for source, site in sites.items()]


@driver(Driver.SITE_ACTIVATED)
def site_activated(counting):
    """The first green light of a site."""
    return [
        Fact(source_of(site), periods[0][0], ONE, str(site))
        for site, moves in _sites_with_moves(counting)
        if (periods := open_periods(moves))
    ]


@driver(Driver.SITE_MONTH)
def site_month(counting):
    """
    Each month of an open site that is over there, pro rata by days.

    A site is open from its activation until it is closed; a hold or the end of enrolment does not end its
    management, for its subjects are still treated.
    """
    facts = []
    for site, moves in _sites_with_moves(counting):
        today = counting.now.astimezone(site.time_zone()).date()
        facts += _months(counting, site, open_periods(moves), today, str(site))
    return facts


@driver(Driver.STUDY_MONTH)
def study_month(counting):
    """Each month of the line's period that is over, pro rata by days, until the study is closed."""
    study, today = counting.line.study, house_day(counting.now)
    closed = TransitionRecord.objects.filter(
        record=source_of(study), field="status", target__in=STUDY_OVER
    ).first()
    until = (closed.happened_on or house_day(closed.at)) if closed else None
    return _months(counting, study, [(counting.starts_on, until)], today, study.protocol_number)


def _months(counting, place, periods, today, label):
    """Return a fact for each month that is over, has a part in `periods` and lies within the line's period."""
    inside = [
        (max(since, counting.starts_on), min(until or counting.ends_on, counting.ends_on))
        for since, until in periods
        if since <= counting.ends_on and (until is None or until >= counting.starts_on)
    ]
    facts = []
    for month in months_between(counting.starts_on, min(counting.ends_on, today)):
        end = last_of(month)
        part = part_of_month(month, inside)
        if end < today and part:
            day = min(end, counting.ends_on)
            facts.append(Fact(f"{source_of(place)}@{month:%Y-%m}", day, part, f"{label} · {month:%b %Y}"))
    return facts


@driver(Driver.SUBMISSION_FILED)
def submission_filed(counting):
    """An approved document of a submission to an authority or ethics committee."""
    rows = Document.objects.filter(
        _where(counting.line),
        artifact__number__in=SUBMISSIONS,
        status__in=("APPROVED", "SUPERSEDED"),
        unblinded=False,
        document_date__isnull=False,
    )
    return [Fact(source_of(one), one.document_date, ONE, one.title) for one in rows if one.document_date]


@driver(Driver.SUBJECT_SCREENED)
def subject_screened(counting):
    return _subjects(counting, "consented_on")


@driver(Driver.SUBJECT_ENROLLED)
def subject_enrolled(counting):
    return _subjects(counting, "enrolled_on")


def _subjects(counting, name):
    rows = Subject.objects.filter(_where(counting.line), **{f"{name}__isnull": False})
    return [
        Fact(source_of(one), getattr(one, name), ONE, _("Subject %(number)s") % {"number": one.number})
        for one in rows
    ]
