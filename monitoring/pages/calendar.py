"""The monitoring calendar: who visits which site in which week, and whose report is overdue."""

from collections import defaultdict
from datetime import timedelta

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.calendar.clocks import Pace
from ctms.pages.columns import as_text
from ctms.pages.frame import PLACE_PAGES, RAIL_PAGES
from ctms.pictures.calendar import Mark, Person, State, calendar, monday
from monitoring.models import ReportStatus, VisitStatus

from .terms import terms_of
from .visits import VisitRecord

VIEW = "monitoring.view_monitoringvisit"
RAIL_PAGES.append(("Monitoring", 41, "Monitoring calendar", "/monitoring/calendar/", VIEW))
PLACE_PAGES.append((51, "calendar", gettext_lazy("Calendar"), VIEW, "Study", "StudyCountry"))
WEEKS_BACK, WEEKS_AHEAD = 6, 12
# Overdue reports from before the weeks shown are listed by name, as many as anybody would read.
OLDER = 25


def states():
    """Return what a mark can say: word, tone, sign and outline."""
    return {
        "proposed": State(_("proposed"), "grey", outline="dashed"),
        "planned": State(_("planned"), "blue", outline="dashed"),
        "confirmed": State(_("confirmed"), "blue"),
        "passed": State(_("past its day, not recorded"), "amber", "?", "dashed"),
        "to write": State(_("conducted, report to write"), "amber"),
        "in review": State(_("conducted, report in review"), "green", outline="dashed"),
        "done": State(_("conducted"), "green", "✓"),
        "overdue": State(_("report overdue"), "red", "!"),
        "cancelled": State(_("cancelled"), "grey", "×", "none"),
    }


def state_of_visit(user, visit, on):
    """Return the name of the state a visit's mark shows on a day; of a report only what the reader may know."""
    if visit.status in (VisitStatus.PLANNED, VisitStatus.CONFIRMED) and visit.planned_end_on < on:
        return "passed"
    if visit.status != VisitStatus.CONDUCTED:
        return visit.status.lower()
    report = getattr(visit, "report", None)
    if report is None or not user.has_perm("monitoring.view_monitoringreport", report):
        return "done"
    if any(term.pace(on) is Pace.LATE for term in terms_of(visit)):
        return "overdue"
    return {ReportStatus.DRAFT: "to write", ReportStatus.IN_REVIEW: "in review"}.get(report.status, "done")


def visits_in_weeks(rows, on):
    """Keep the visits whose first day lies in the weeks shown."""
    begins = monday(on) - timedelta(weeks=WEEKS_BACK)
    ends = monday(on) + timedelta(weeks=WEEKS_AHEAD + 1)
    return _by_day(rows).filter(day__gte=begins, day__lt=ends)


def overdue_before(user, rows, on):
    """Return visits from before the weeks shown whose report is still overdue, oldest first."""
    begins = monday(on) - timedelta(weeks=WEEKS_BACK)
    waiting = _by_day(rows).filter(
        day__lt=begins,
        status=VisitStatus.CONDUCTED,
        report__status__in=(ReportStatus.DRAFT, ReportStatus.IN_REVIEW),
    )
    found = list(waiting[: OLDER + 1])
    return [visit for visit in found if state_of_visit(user, visit, on) == "overdue"]


def _by_day(rows):
    return rows.annotate(day=Coalesce("actual_start_on", "planned_start_on")).order_by("day", "pk")


def calendar_of(user, rows, on, *, with_study):
    """
    Return the picture of the visits a person sees, a line a monitor.

    :param rows: visits as VisitRecord.rows returns them, narrowed to a place
    :param with_study: the sentences name the study: the calendar holds several
    """
    marks, known = defaultdict(list), states()
    for visit in visits_in_weeks(rows, on):
        mark = _mark(visit, known[state_of_visit(user, visit, on)], with_study=with_study)
        for monitor in visit.shown_monitors or [None]:
            marks[_who(monitor)].append(mark)
    return calendar(
        name="monitoring-calendar",
        title=_("Monitoring visits by monitor and week"),
        description=_(
            "A mark stands in the week of the visit's first day: the actual one, else the planned. It opens the visit. "
            "A report is overdue when its submission or its approval is past its term."
        ),
        people=[Person(who[0], marks[who]) for who in sorted(marks)],
        first=on - timedelta(weeks=WEEKS_BACK),
        weeks=WEEKS_BACK + WEEKS_AHEAD + 1,
        on=on,
        empty=_("No visit lies in these weeks. CRAs and clinical leads plan them."),
    )


def _who(monitor):
    """Return (name, id): two people of one name are two lines."""
    return (_("Nobody named"), 0) if monitor is None else (str(monitor.user), monitor.user_id)


def _mark(visit, state, *, with_study):
    site = visit.site.number or visit.site.organization.name
    what = f"{visit.label}, {visit.site}"
    when = as_text(visit.first_day)
    if visit.last_day != visit.first_day:
        when = f"{when} – {as_text(visit.last_day)}"
    return Mark(
        day=visit.first_day,
        until=visit.last_day,
        label=f"{visit.visit_type} {visit.number}",
        below=site,
        state=state,
        sentence=f"{f'{visit.study}, ' if with_study else ''}{what}, {when}: {state.word}",
        url=VisitRecord.url(visit),
    )
