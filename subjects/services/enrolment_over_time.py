"""Enrolment of a study or a country over time: what happened, what was planned, what may come."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from ctms.access.explain import permit
from ctms.access.scoping import everything
from ctms.workflow.engine import first_reached, last_moves
from studies.models import Milestone, MilestoneKind, MilestoneStatus, SiteStatus, StudyCountry, StudySite
from subjects.calculations.forecast import FEWEST_ENROLLED, Forecast, SiteRecord, forecast
from subjects.models import Subject, SubjectStatus

from .enrolment import COUNTED, PLANNED_BETWEEN, VIEW, plan_among
from .enrolment_counts import PlanLine, next_month

RECRUITING = SiteStatus.ACTIVE
# Where enrolment came to a stop: the move says when.
STOPPED = (SiteStatus.ENROLMENT_HOLD, SiteStatus.ENROLMENT_CLOSED, SiteStatus.CLOSED, SiteStatus.DROPPED)


@dataclass(frozen=True)
class OverTime:
    """
    How enrolment of one place went, as far as one person sees its sites.

    :param so_far: {last day of a month, at last today: enrolled by then}
    :param by_country: the same of each country
    :param failed: {the same days: screen failures in that month}
    :param no_forecast: why there is none; '' where there is one
    """

    on: date
    planned: int | None
    whole: bool
    enrolled: int = 0
    so_far: dict[date, int] = field(default_factory=dict)
    by_country: dict[StudyCountry, dict[date, int]] = field(default_factory=dict)
    failed: dict[date, int] = field(default_factory=dict)
    plan: PlanLine | None = None
    forecast: Forecast | None = None
    no_forecast: str = ""

    def begins(self, day):
        """Return the first day of the month a day of the curve closes."""
        return day.replace(day=1)


def enrolment_over_time(*, user, place, on):
    """
    Return how enrolment of a study or a country went and may go on; nine queries however many sites and subjects.

    :raises PermissionDenied: the person does not see enrolment here
    """
    permit(user, VIEW, place)
    at = {"country": place.pk} if isinstance(place, StudyCountry) else {"study": place.pk}
    rows = StudySite.objects.visible_to(user, VIEW).filter(**at)
    sites = list(rows.select_related("country__nation").order_by("country__nation__name", "number", "pk"))
    with everything("whether somebody sees every site of a place"):
        whole = StudySite.objects.filter(**at).count() == len(sites)
    months = _by_site_and_month(sites, "enrolled_on", on)
    failed = _by_site_and_month(sites, "screen_failed_on", on, status=SubjectStatus.SCREEN_FAILED)
    days = _days(on, [month for _site, month in (*months, *failed)])
    enrolled = sum(months.values())
    planned = place.planned_enrolled if whole else None
    found, why_not = _forecast(user, sites, months, planned, enrolled, on, whole)
    return OverTime(
        on=on,
        planned=planned,
        whole=whole,
        enrolled=enrolled,
        so_far=_so_far(months, days, {site.pk for site in sites}),
        by_country=_by_country(sites, months, days),
        failed={day: sum(n for (_site, m), n in failed.items() if m == day.replace(day=1)) for day in days},
        plan=_plan(user, place, at, planned),
        forecast=found,
        no_forecast=why_not,
    )


def _by_site_and_month(sites, day, on, **only):
    """Return {(site, first day of the month): how many}."""
    with everything(COUNTED):
        rows = Subject.objects.filter(site__in=[site.pk for site in sites], **{f"{day}__lte": on}, **only)
        if only:
            rows = rows.filter(consented_on__lte=on)
        by_month = rows.annotate(month=TruncMonth(day)).order_by().values_list("site", "month")
        return {(site, month): n for site, month, n in by_month.annotate(Count("pk"))}


def _days(on, months):
    """Return the last day of each month since the first subject, today in place of the running one's."""
    found, first = [], min(months, default=None)
    while first is not None and first <= on:
        first = next_month(first)
        found.append(min(first - timedelta(days=1), on))
    return found


def _so_far(months, days, sites):
    """Return {day: how many by then}; the days are the last ones of consecutive months."""
    in_month = Counter()
    for (site, month), n in months.items():
        if site in sites:
            in_month[month] += n
    return dict(zip(days, accumulate(in_month[day.replace(day=1)] for day in days), strict=True))


def _by_country(sites, months, days):
    at = defaultdict(set)
    for site in sites:
        at[site.country].add(site.pk)
    found = {country: _so_far(months, days, pks) for country, pks in at.items()}
    return {country: counts for country, counts in found.items() if any(counts.values())}


def _plan(user, place, at, planned):
    """Return the plan between the place's own milestones."""
    rows = Milestone.objects.visible_to(user).filter(kind__in=PLANNED_BETWEEN, site__isnull=True, **at)
    return plan_among(rows, planned, country=place.pk if isinstance(place, StudyCountry) else None)


def _forecast(user, sites, months, planned, enrolled, on, whole):
    """Return (forecast, why there is none)."""
    if not whole:
        return None, _("There is no forecast for a part of the sites.")
    if planned is None:
        return None, _("There is no forecast: how many are planned is not said.")
    if enrolled >= planned:
        return None, _("As many are enrolled as were planned.")
    if enrolled < FEWEST_ENROLLED:
        return None, _("No forecast before %(n)d are enrolled.") % {"n": FEWEST_ENROLLED}
    found = forecast(_records(user, sites, months, on), enrolled=enrolled, planned=planned, on=on)
    if found is None:
        return None, _("There is no forecast: no site recruits long enough, or none will.")
    return found, ""


def _records(user, sites, months, on):
    """Return what each site did: from its activation, or its first subject, until it stopped or today."""
    activated, moves = first_reached(sites, SiteStatus.ACTIVE), last_moves(sites)
    opening = _planned_activations(user, sites)
    found = []
    for site in sites:
        own = {month: n for (pk, month), n in months.items() if pk == site.pk}
        begun = min([day for day in (activated.get(site.pk), *own) if day], default=None)
        ended = on
        if site.status in STOPPED and site.pk in moves:
            ended = moves[site.pk].happened_on or on
        days = max((ended - begun).days, 0) if begun else 0
        recruits = site.status == RECRUITING
        found.append(
            SiteRecord(sum(own.values()), days, recruits, opening.get(site.pk) if not begun else None)
        )
    return found


def _planned_activations(user, sites):
    rows = Milestone.objects.visible_to(user).filter(
        site__in=[site.pk for site in sites],
        kind=MilestoneKind.SITE_ACTIVATED,
        status=MilestoneStatus.PLANNED,
        planned_on__isnull=False,
    )
    return dict(rows.order_by("-planned_on").values_list("site", "planned_on"))
