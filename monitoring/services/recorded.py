"""Visits with their reports, letters and monitors as they were on record at a cut."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from ctms.accounts.models import User
from ctms.calendar.working_days import working_days_between
from ctms.workflow.engine import moves_before
from monitoring.models import (
    LetterKind,
    MonitoringReport,
    MonitoringVisit,
    VisitLetter,
    VisitMonitor,
    VisitStatus,
)

from .terms import letter_terms, report_terms, sent_days


@dataclass
class VisitOnRecord:
    """One visit and what hangs on it; `returned` = how often its report was given back."""

    visit: MonitoringVisit
    report: MonitoringReport | None = None
    letters: list[VisitLetter] = field(default_factory=list)
    monitors: list[str] = field(default_factory=list)
    returned: int = 0

    @property
    def owner(self):
        """The primary monitor."""
        return self.monitors[0] if self.monitors else ""

    @property
    def conducted(self):
        return self.visit.status == VisitStatus.CONDUCTED

    def conducted_by(self, on):
        """True if the visit took place up to a day."""
        return self.conducted and self.visit.actual_end_on <= on

    @property
    def report_terms(self):
        return report_terms(self.visit, self.report)

    @property
    def letter_terms(self):
        return letter_terms(self.visit, self.letters, self.report)

    def sent_on(self, kind):
        return sent_days(self.letters).get(kind)

    @property
    def review_cycles(self):
        """How often the report was given to review; None before the first time."""
        if self.report is None or not (self.report.submitted_on or self.returned):
            return None
        return self.returned + 1

    def working_days_after(self, day: date | None):
        """Working days of the site's country from the visit's last day to a day; None without one."""
        if day is None or not self.conducted:
            return None
        return working_days_between(self.visit.actual_end_on, day, self.visit.site.calendar_country)

    def working_days_ahead(self):
        """Working days between the confirmation letter and the planned first day; None while it is not sent."""
        sent = self.sent_on(LetterKind.CONFIRMATION)
        if sent is None:
            return None
        return working_days_between(sent, self.visit.planned_start_on, self.visit.site.calendar_country)


def visits_on_record(cut, spine):
    """Return the visits of a cut the reader sees, by site and first day; six queries however many there are."""
    visits = spine.link(cut.rows(MonitoringVisit))
    reports = {one.visit_id: one for one in cut.rows(MonitoringReport, leave_out=("snapshot", "summary"))}
    letters, monitors = defaultdict(list), defaultdict(list)
    for letter in cut.rows(VisitLetter, leave_out=("snapshot", "body")):
        letters[letter.visit_id].append(letter)
    rows = sorted(cut.rows(VisitMonitor), key=lambda one: (one.part != "PRIMARY", one.pk))
    people = cut.named(User, {one.user_id for one in rows})
    for monitor in rows:
        monitors[monitor.visit_id].append(str(people[monitor.user_id]))
    moves = moves_before(reports.values(), cut.moment)
    found = [
        VisitOnRecord(
            visit,
            (report := reports.get(visit.pk)),
            letters[visit.pk],
            monitors[visit.pk],
            sum(1 for move in moves[report.pk] if move.name == "returned") if report else 0,
        )
        for visit in visits
    ]
    place = {pk: position for position, pk in enumerate(spine.sites)}
    return sorted(found, key=lambda one: (place[one.visit.site_id], one.visit.first_day, one.visit.pk))
