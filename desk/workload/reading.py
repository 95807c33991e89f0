"""How much every monitor has on their desk, at the sites the reader may see this of."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from monitoring.models import ActionItem, MonitoringVisit, VisitMonitor, VisitStatus
from monitoring.services.figures import is_late, open_reports
from studies.models import SiteAssignment
from studies.services.carrying import VIEW, monitoring_of, sites_to_carry

PERIOD_DAYS = 30
DEFINITIONS = {
    "sites": _(
        "Sites a person is assigned to as CRA today, those in start-up too; none that is closed or dropped."
    ),
    "done": _("Visits this person monitored, as primary or co-monitor, that ended in the last thirty days."),
    "ahead": _("Visits of this person planned within the next thirty days, or overdue to be conducted."),
    "reports": _("Reports of this person's visits that are late, of those not approved yet."),
    "items": _("Overdue action items at this person's sites, of those open."),
}


# So many sites are too many for one person, and a monitor is new for so long after their first site.
MOST_SITES = 8
NEW_FOR_DAYS = 365
MARKS = {
    "overloaded": _("Overloaded: more than %(n)d sites.") % {"n": MOST_SITES},
    "new": _("New: assigned to the first site less than %(n)d days ago.") % {"n": NEW_FOR_DAYS},
}


@dataclass
class Load:
    """What one person carries."""

    person: Any
    sites: int = 0
    studies: int = 0
    done: int = 0
    ahead: int = 0
    reports_open: int = 0
    reports_late: int = 0
    items_open: int = 0
    items_overdue: int = 0
    began_on: date | None = None

    def marks(self, on):
        """Return (word, tone, what it means) of what stands out: too much, or somebody who should have less."""
        found = []
        if self.sites > MOST_SITES:
            found.append((_("Overloaded"), "red", MARKS["overloaded"]))
        if self.began_on and (on - self.began_on).days < NEW_FOR_DAYS:
            found.append((_("New"), "blue", MARKS["new"]))
        return found


def workload_of(user, on):
    """Return a Load a monitor, the one with most sites first; eight queries, however many people and sites."""
    studies_of_site = dict(sites_to_carry(user).order_by().values_list("pk", "study"))
    loads: dict[int, Load] = {}
    sites_of = defaultdict(set)
    for assignment in monitoring_of(list(studies_of_site), on).select_related("user").order_by("pk"):
        loads.setdefault(assignment.user_id, Load(assignment.user))
        sites_of[assignment.user_id].add(assignment.content_object_id)
    first = SiteAssignment.objects.filter(user__in=loads, permission__codename="act_as_cra").order_by()
    for pk, began_on in first.values_list("user").annotate(Min("starts_on")):
        loads[pk].began_on = began_on
    _count_visits(user, loads, on)
    _count_items(user, loads, sites_of, on)
    for pk, load in loads.items():
        load.sites = len(sites_of[pk])
        load.studies = len({studies_of_site[site] for site in sites_of[pk]})
    return sorted(loads.values(), key=lambda load: (-load.sites, str(load.person)))


def _count_visits(user, loads, on):
    visits = MonitoringVisit.objects.visible_to(user, VIEW)
    done = visits.filter(status=VisitStatus.CONDUCTED, actual_end_on__gt=on - timedelta(days=PERIOD_DAYS))
    ahead = visits.upcoming().filter(planned_start_on__lte=on + timedelta(days=PERIOD_DAYS))
    monitors = VisitMonitor.objects.visible_to(user, VIEW).select_related("user")
    for name, rows in (("done", done), ("ahead", ahead)):
        for monitor in monitors.filter(visit__in=rows).order_by("pk"):
            load = loads.setdefault(monitor.user_id, Load(monitor.user))
            setattr(load, name, getattr(load, name) + 1)
    reports = {report.visit_id: report for report in open_reports(user) if user.has_perm(VIEW, report)}
    for monitor in monitors.filter(visit__in=reports).order_by("pk"):
        load = loads.setdefault(monitor.user_id, Load(monitor.user))
        load.reports_open += 1
        load.reports_late += is_late(reports[monitor.visit_id], on)


def _count_items(user, loads, sites_of, on):
    items = ActionItem.objects.visible_to(user, VIEW).open()
    opened = Counter(items.values_list("site", flat=True))
    overdue = Counter(items.overdue(on).values_list("site", flat=True))
    for pk, sites in sites_of.items():
        loads[pk].items_open = sum(opened[site] for site in sites)
        loads[pk].items_overdue = sum(overdue[site] for site in sites)
