"""How monitoring stands today: the numbers on the first page of a place, and the filters they open lists with."""

import django_filters
from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ctms.access.access import access_of
from ctms.access.roles import FINAL_ONLY
from ctms.accounts.models import User
from ctms.pages.columns import as_text
from ctms.pages.filters import OneOf
from ctms.pages.record import RECORDS
from monitoring.models import MonitoringVisit, ReportStatus, VisitMonitor
from monitoring.services.figures import DEFINITIONS, items_by, last_visits, late_reports, reports_by
from studies.models import StudySite
from studies.pages import PLACE_PANELS, PLACE_TILES, Tile

from .reports import Reports
from .visits import VisitRecord, Visits


def monitors_seen(request):
    """Return the people who monitor visits the reader sees: nobody learns of others by the choice."""
    seen = VisitMonitor.objects.visible_to(request.user)
    named = User.objects.only("first_name", "last_name", "username")
    return named.filter(pk__in=seen.order_by().values("user")).order_by("last_name", "first_name", "pk")


class VisitFilters(Visits.filterset):
    """Visits of one monitor, those ahead, those that ended since a day."""

    monitor = django_filters.ModelChoiceFilter(
        label=_("Monitor"), field_name="monitors__user", queryset=User.objects.none(), widget=OneOf
    )
    standing = django_filters.ChoiceFilter(
        label=_("How it stands"),
        method="by_standing",
        choices=[("ahead", _("Ahead")), ("done", _("Conducted"))],
    )
    ended_since = django_filters.DateFilter(
        label=_("Ended since"),
        field_name="actual_end_on",
        lookup_expr="gte",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.filters["monitor"].queryset = monitors_seen(self.request)

    def by_standing(self, rows, _name, value):
        return rows.upcoming() if value == "ahead" else rows.filter(status="CONDUCTED")


class ReportFilters(Reports.filterset):
    """Reports of one monitor, those open, those late."""

    monitor = django_filters.ModelChoiceFilter(
        label=_("Monitor"), field_name="visit__monitors__user", queryset=User.objects.none(), widget=OneOf
    )
    standing = django_filters.ChoiceFilter(
        label=_("How it stands"),
        method="by_standing",
        choices=[("open", _("Not approved yet")), ("late", _("Late"))],
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.filters["monitor"].queryset = monitors_seen(self.request)

    def by_standing(self, rows, _name, value):
        rows = rows.exclude(status=ReportStatus.APPROVED)
        if value == "open":
            return rows
        late = late_reports(self.request.user, timezone.localdate())
        return rows.filter(pk__in=[report.pk for report in late])


Visits.filterset = VisitFilters
Reports.filterset = ReportFilters


def reports_tile(request, place):
    """How many visit reports are late at a place, of those open."""
    if not request.user.has_perm("monitoring.view_monitoringreport", place) or not sees_drafts(request.user):
        return None
    at = place.place()
    counted = reports_by(request.user, at.level, timezone.localdate(), **at.lookup())[place.pk]
    words = ngettext("visit report late, of %(n)d open", "visit reports late, of %(n)d open", counted.late)
    words = words % {"n": counted.open}
    url = f"{reverse('monitoring-reports-list')}?{at.level}={place.pk}&standing=late"
    return Tile(str(counted.late), words, url, str(DEFINITIONS["reports_late"]), counted.late > 0)


def items_tile(request, place):
    """How many action items are overdue at a place, of those open."""
    if not request.user.has_perm("monitoring.view_actionitem", place):
        return None
    at = place.place()
    counted = items_by(request.user, at.level, timezone.localdate(), **at.lookup())
    opened, overdue = counted.get(place.pk, (0, 0))
    words = ngettext("action item overdue, of %(n)d open", "action items overdue, of %(n)d open", overdue)
    words = words % {"n": opened}
    url = f"{RECORDS[place._meta.label].url(place, 'action-items')}?standing=overdue"
    return Tile(str(overdue), words, url, str(DEFINITIONS["items_overdue"]), overdue > 0)


def last_visit_tile(request, place):
    """How long nobody was at a site."""
    if not isinstance(place, StudySite) or not request.user.has_perm(
        "monitoring.view_monitoringvisit", place
    ):
        return None
    last = last_visits(request.user, [place.pk]).get(place.pk)
    if last is None:
        return None
    days = (timezone.localdate() - last).days
    words = _("days since the last monitoring visit, on %(day)s") % {"day": as_text(last)}
    url = f"{RECORDS[place._meta.label].url(place, 'monitoring-visits')}?standing=done"
    return Tile(str(days), words, url, str(DEFINITIONS["last_visit"]))


def next_visit_panel(request, place):
    """Return the visit a site expects next, and where one is planned, for who sees visits of the site."""
    if not isinstance(place, StudySite) or not sees_drafts(request.user):
        return None
    if not request.user.has_perm("monitoring.view_monitoringvisit", place):
        return None
    ahead = MonitoringVisit.objects.visible_to(request.user).filter(site=place).upcoming()
    visit = ahead.order_by("planned_start_on", "pk").first()
    plan_url = ""
    if VisitRecord.may_make_at(request.user, place):
        plan_url = VisitRecord.making_url(site=place.pk, back=request.path)
    return {
        "template": "monitoring/_next_visit_panel.html",
        "title": _("Next visit"),
        "visit": visit,
        "late": visit is not None and visit.planned_start_on < timezone.localdate(),
        "plan_url": plan_url,
    }


def sees_drafts(user):
    """True unless the person is shown final records only: of work under way they learn nothing."""
    return not access_of(user).roles <= FINAL_ONLY


PLACE_TILES += [reports_tile, items_tile, last_visit_tile]
PLACE_PANELS.insert(0, next_visit_panel)
