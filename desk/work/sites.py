"""What waits of sites on their way to the first subject."""

from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ctms.access.scoping import everything
from ctms.pages.record import url_of
from ctms.pages.turning import first_of
from monitoring.models import MonitoringVisit
from monitoring.services.figures import DEFINITIONS, figures_by, last_visits
from sites.services.start_up import CYCLE, by_country, middle_of, ways_of
from studies.models import VISITED_SITES, SiteStatus, StudySite
from studies.workflows import open_of, requirements_of
from subjects.services.enrolment import counts_by_site

from .items import Cell, Heading, Section, Table, WorkItem, days_ago

SHOWN = 8


def sites_to_open(user, on):
    """Sites in start-up and how much still stands between them and their first subject."""
    if not (user.has_perm("studies.move_studysite") and user.has_perm("sites.view_activation")):
        return None
    sites = StudySite.objects.visible_to(user, "studies.move_studysite")
    sites = sites.filter(status__in=("START_UP", "INITIATED")).select_related(
        "study", "organization", "country__nation"
    )
    shown = list(sites.order_by("study__protocol_number", "number", "pk")[:SHOWN])
    with everything("what an activation waits for is a rule of every room"):
        standing = requirements_of(shown)
    items = [_item(site, open_of(standing[site.pk])) for site in shown]
    return Section(_("Sites to open"), items, _("No site is in start-up."), total=sites.count())


def _item(site, missing):
    return WorkItem(
        title=str(site),
        url=reverse("site-activation", args=[site.pk]),
        detail=f"{site.study.protocol_number} · {site.get_status_display()}",
        term=missing or _("ready for the green light"),
        pace="late" if missing else "on-time",
    )


MOST_SITES = 20


def own_sites(user, on):
    """The sites this person monitors, a line each: how long nobody was there, and what is open."""
    if not user.has_perm("monitoring.write_report") or user.has_perm("monitoring.approve_report"):
        return None
    rows = StudySite.objects.visible_to(user, "monitoring.write_report").filter(status__in=VISITED_SITES)
    rows = rows.select_related("study", "organization").order_by("study__protocol_number", "number", "pk")
    sites, total = first_of(rows, MOST_SITES)
    pks = [site.pk for site in sites]
    figures, seen_last = figures_by(user, "site", pks, on), last_visits(user, pks)
    ahead = MonitoringVisit.objects.visible_to(user).upcoming().filter(site__in=pks)
    comes = dict(ahead.order_by("site", "-planned_start_on").values_list("site", "planned_start_on"))
    enrolled = counts_by_site(user=user, sites=sites, on=on)
    headings = [
        Heading(
            _("Site"),
            _(
                "Sites you monitor that are initiated, active, or whose enrolment is held or closed. Those in start-up "
                "are not among them, though they count among the sites you carry."
            ),
        ),
        Heading(_("Enrolled"), number=True),
        Heading(_("Last visit"), _("Days since the last day of the last conducted visit."), number=True),
        Heading(_("Next visit")),
        Heading(_("Reports late"), str(DEFINITIONS["reports_late"]), number=True),
        Heading(_("Items overdue"), str(DEFINITIONS["items_overdue"]), number=True),
    ]
    lines = [
        _line(site, figures[site.pk], enrolled.get(site.pk), seen_last.get(site.pk), comes.get(site.pk), on)
        for site in sites
    ]
    return Table(
        _("Your open sites"),
        headings,
        lines,
        _("No open site is assigned to you."),
        total=total,
        url=f"{reverse('study-sites-list')}?{urlencode({'status': VISITED_SITES}, doseq=True)}",
    )


def _line(site, figures, counts, last, comes, on):
    def of_site(name, **query):
        found = "&".join(f"{key}={value}" for key, value in query.items())
        return f"{reverse(f'{name}-list')}?study={site.study_id}&site={site.pk}" + (
            f"&{found}" if found else ""
        )

    return [
        Cell(f"{site.study.protocol_number} · {site.number} {site.organization.name}", url_of(site)),
        Cell(
            _("%(n)d of %(planned)s") % {"n": counts.enrolled, "planned": site.planned_enrolled or "—"}
            if counts
            else "—",
            f"{url_of(site)}subjects/",
            number=True,
        ),
        Cell(days_ago((on - last).days) if last else "—", number=True),
        Cell(comes.strftime("%-d %b %Y") if comes else "—", tone="red" if comes and comes < on else ""),
        Cell(
            _("%(late)d of %(open)d") % {"late": figures.reports_late, "open": figures.reports_open},
            of_site("monitoring-reports", standing="open"),
            "red" if figures.reports_late else "",
            number=True,
        ),
        Cell(
            _("%(late)d of %(open)d") % {"late": figures.items_overdue, "open": figures.items_open},
            of_site("action-items", standing="open"),
            "red" if figures.items_overdue else "",
            number=True,
        ),
    ]


FUNNEL = (
    SiteStatus.IDENTIFIED,
    SiteStatus.UNDER_QUALIFICATION,
    SiteStatus.SELECTED,
    SiteStatus.START_UP,
    SiteStatus.INITIATED,
    SiteStatus.ACTIVE,
)


def start_up_by_country(user, on):
    """How far the sites of each country are on their way to the first subject, and how long it took those there."""
    if not (user.has_perm("studies.move_studysite") and user.has_perm("finance.change_siteagreement")):
        return None
    rows = StudySite.objects.visible_to(user, "studies.move_studysite").filter(status__in=FUNNEL).order_by()
    counts: dict[tuple, dict[str, int]] = {}
    columns = ("study", "study__protocol_number", "country", "country__nation__name", "status")
    for study, number, country, name, status, sites in rows.values_list(*columns).annotate(Count("pk")):
        counts.setdefault((number, name, study, country), {})[status] = sites
    took = _days_by_country(user, {country for _number, _name, _study, country in counts})
    lines = [
        [Cell(f"{number} · {name}", reverse("study-countries-record", args=[country]))]
        + [
            Cell(
                str(found.get(status, "—")),
                f"{reverse('study-sites-list')}?country={country}&status={status}" if status in found else "",
                number=True,
            )
            for status in FUNNEL
        ]
        + [_median_cell(took[country], study, country)]
        for (number, name, study, country), found in sorted(counts.items())
    ]
    headings = [
        Heading(_("Country")),
        *(Heading(str(status.label), number=True) for status in FUNNEL),
        Heading(_("Median, selection to green light"), str(CYCLE.definition), number=True),
    ]
    return Table(_("Start-up by country"), headings, lines, _("No site is on its way."))


def _days_by_country(user, countries):
    """Return {country id: the median of the days from selection to green light}."""
    sites = StudySite.objects.visible_to(user, "studies.move_studysite").filter(country__in=countries)
    ways = by_country(ways_of(list(sites.order_by("pk")), (CYCLE,)))
    return {country: middle_of(ways.get(country, ()), CYCLE) for country in countries}


def _median_cell(middle, study, country):
    """Return the median with the number of sites it is of, leading to these sites."""
    if not middle.sites:
        return Cell(str(middle), number=True)
    words = ngettext("%(days)s days (%(n)d site)", "%(days)s days (%(n)d sites)", middle.sites)
    rows = urlencode({"country": country, "step": CYCLE.name})
    page = reverse("study-start-up", args=[study])
    return Cell(words % {"days": middle, "n": middle.sites}, f"{page}?{rows}#sites", number=True)
