"""Site status tracker: a row a site."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.pages.record import url_of
from ctms.reports.declare import Report, ReportColumn, iso, table_of
from ctms.workflow.engine import moves_before
from directory.models import Person
from monitoring.models import STILL_OPEN, VisitStatus
from sites.models import SiteRole, SiteStaff
from studies.models import SiteStatus
from studies.services.recorded import effective_state
from subjects.services.enrolment_counts import DEFINITIONS, Counts

from .on_record import file_number, record_of

AHEAD = (VisitStatus.PROPOSED, VisitStatus.PLANNED, VisitStatus.CONFIRMED)
COLUMNS = (
    ReportColumn(gettext_lazy("Site")),
    ReportColumn(gettext_lazy("Country")),
    ReportColumn(
        gettext_lazy("Investigator"), "text", gettext_lazy("Who led the site on the day of the report.")
    ),
    ReportColumn(gettext_lazy("State")),
    ReportColumn(gettext_lazy("Since"), "day", gettext_lazy("The day the site came into this state.")),
    ReportColumn(
        gettext_lazy("Effective state"),
        "text",
        gettext_lazy(
            "What the state comes to: a hold or the end of recruitment of study or country holds its sites."
        ),
    ),
    ReportColumn(gettext_lazy("Activated"), "day", gettext_lazy("The day of the first green light.")),
    ReportColumn(gettext_lazy("Screened"), "number", DEFINITIONS["screened"]),
    ReportColumn(gettext_lazy("SF"), "number", DEFINITIONS["screen_failed"]),
    ReportColumn(gettext_lazy("Enrolled"), "number", DEFINITIONS["enrolled"]),
    ReportColumn(gettext_lazy("Planned"), "number", DEFINITIONS["planned"]),
    ReportColumn(gettext_lazy("Last visit"), "day", gettext_lazy("Last day of the latest monitoring visit.")),
    ReportColumn(
        gettext_lazy("Next visit"), "day", gettext_lazy("First day of the next one that is planned.")
    ),
    ReportColumn(
        gettext_lazy("Open items"), "number", gettext_lazy("Action items not closed, the overdue among them.")
    ),
    ReportColumn(gettext_lazy("Overdue"), "late", gettext_lazy("Open action items past their due day.")),
    ReportColumn(
        gettext_lazy("TMF"),
        "number",
        gettext_lazy(
            "Documents of the site that are there or do not apply, of those due by the day of the report."
        ),
    ),
)


class SiteTracker(Report):
    name = "site-status"
    title = gettext_lazy("Site status tracker")
    what_for = gettext_lazy(
        "A row a site: state and since when, investigator, subjects, visits, open items, file."
    )
    permission = "studies.view_studysite"
    position = 20

    @classmethod
    def facts(cls, cut):
        record = record_of(cut)
        sites = list(record.spine.sites.values())
        moves, leaders = moves_before(sites, cut.moment), investigators(cut)
        rows = [(_cells(site, record, moves[site.pk], leaders.get(site.pk)), url_of(site)) for site in sites]
        active = sum(1 for site in sites if site.status == SiteStatus.ACTIVE)
        return table_of(
            COLUMNS,
            [("", rows)],
            summary=(
                (_("Sites"), len(sites), _("Sites the reader sees.")),
                (
                    _("Active"),
                    f"{active}/{len(sites)}" if sites else "—",
                    _("Of these, in the state Active."),
                ),
            ),
            empty=_("The study has no site yet."),
        )


def investigators(cut):
    """Return {site: name} of who led each site on the day of the cut, as it was on record; two queries."""
    leads = [
        one
        for one in cut.rows(SiteStaff)
        if one.role == SiteRole.PRINCIPAL_INVESTIGATOR
        and one.starts_on <= cut.on
        and (one.ends_on is None or one.ends_on >= cut.on)
    ]
    people = cut.named(Person, {one.person_id for one in leads})
    return {one.site_id: str(people[one.person_id]) for one in leads}


def _cells(site, record, moves, leader):
    counts = None if record.counts is None else record.counts.get(site.pk, Counts())
    last, following = _visits_of(site, record)
    items = [one for one in record.items or () if one.site_id == site.pk and one.status in STILL_OPEN]
    overdue = sum(1 for one in items if one.due_on < record.cut.on)
    return [
        str(site),
        site.country.nation.name,
        leader or "",
        str(SiteStatus(site.status).label),
        iso(_since(site.status, moves)),
        effective_state(site),
        iso(_first(SiteStatus.ACTIVE, moves)),
        *((counts.screened, counts.screen_failed, counts.enrolled) if counts else (None, None, None)),
        site.planned_enrolled,
        iso(last),
        iso(following),
        None if record.items is None else len(items),
        overdue or None,
        None if record.expected is None else file_number(record.completeness_at(site)),
    ]


def _visits_of(site, record):
    """Return the last day of the latest visit, and the first day of the next."""
    here = [one for one in record.visits or () if one.visit.site_id == site.pk]
    past = [one.visit.actual_end_on for one in here if one.conducted_by(record.cut.on)]
    ahead = [one.visit.planned_start_on for one in here if one.visit.status in AHEAD]
    return max(past, default=None), min((day for day in ahead if day >= record.cut.on), default=None)


def _since(state, moves):
    """Return the day of the move into the present state: the stated one, else the day it was recorded."""
    entered = [move for move in moves if move.target == state and move.source != state]
    return _day(entered[-1]) if entered else None


def _first(state, moves):
    return next((_day(move) for move in moves if move.target == state), None)


def _day(move) -> date:
    return move.happened_on or move.at.date()
