"""Monitoring visit tracker: each visit with its letters and report, and how many working days each took."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ctms.calendar.clocks import Pace
from ctms.pages.record import url_of
from ctms.reports.declare import Report, ReportColumn, iso, table_of
from monitoring.models import LetterKind, VisitStatus
from monitoring.services import visits_on_record
from studies.services.recorded import spine_of

AFTER = _("Working days after the visit's last day, by the calendar of the site's country.")
COLUMNS = (
    ReportColumn(_("Visit")),
    ReportColumn(_("Site")),
    ReportColumn(_("State")),
    ReportColumn(_("Monitors")),
    ReportColumn(_("Planned"), "day"),
    ReportColumn(_("First day"), "day"),
    ReportColumn(_("Last day"), "day"),
    ReportColumn(_("Confirmed"), "day", _("The day the confirmation letter was sent.")),
    ReportColumn(_("WD before"), "number", _("Working days from that letter to the planned first day.")),
    ReportColumn(_("Submitted"), "day", _("The day the author signed the report.")),
    ReportColumn(_("WD"), "number", AFTER),
    ReportColumn(_("Approved"), "day", _("The day somebody else signed the report.")),
    ReportColumn(_("WD"), "number"),
    ReportColumn(_("Followed up"), "day", _("The day the follow-up letter was sent.")),
    ReportColumn(_("WD"), "number"),
    ReportColumn(
        _("Cycles"), "number", _("How often the report was given to review: times returned and one.")
    ),
    ReportColumn(_("Late"), "late", _("Terms of this visit that are open and past their last day.")),
)


class VisitTracker(Report):
    name = "monitoring-visits"
    title = _("Monitoring visit tracker")
    what_for = _("Every visit with its letters and its report, the working days each took, and the targets.")
    permission = "monitoring.view_monitoringvisit"
    position = 30

    @classmethod
    def facts(cls, cut):
        spine = spine_of(cut)
        visits = visits_on_record(cut, spine)
        study = spine.study
        targets = _(
            "Targets of the study in working days: confirmation letter %(confirm)d before the first day; after the "
            "last day report submitted %(submit)d, report approved %(approve)d, follow-up letter %(follow)d."
        ) % {
            "confirm": study.confirmation_letter_days, "submit": study.report_submission_days,
            "approve": study.report_approval_days, "follow": study.follow_up_letter_days,
        }  # fmt: skip
        return table_of(
            COLUMNS,
            [("", [(cells_of(one, cut.on), url_of(one.visit)) for one in visits])],
            summary=summary_of(visits, study, cut.on),
            notes=(targets,),
            empty=_("No visit is on record."),
        )


def cells_of(one, on):
    """Return the cells of a visit, in the order of the columns."""
    visit, report = one.visit, one.report
    submitted, approved = (report.submitted_on, report.approved_on) if report else (None, None)
    followed_up = one.sent_on(LetterKind.FOLLOW_UP)
    return [
        visit.label,
        str(visit.site),
        str(VisitStatus(visit.status).label),
        ", ".join(one.monitors),
        iso(visit.planned_start_on),
        iso(visit.actual_start_on),
        iso(visit.actual_end_on),
        iso(one.sent_on(LetterKind.CONFIRMATION)),
        one.working_days_ahead(),
        iso(submitted),
        one.working_days_after(submitted),
        iso(approved),
        one.working_days_after(approved),
        iso(followed_up),
        one.working_days_after(followed_up),
        one.review_cycles,
        len(late_terms(one, on)) or None,
    ]


def late_terms(one, on):
    """Return the open terms of a visit that are late on a day."""
    if one.visit.status == VisitStatus.CANCELLED:
        return []
    terms = [*one.report_terms, *one.letter_terms]
    return [term for term in terms if term.done_on is None and term.pace(on) is Pace.LATE]


def turnaround(visits, study, on):
    """Return [(label, within the target, of how many, the target)] of reports and letters that were done."""
    done = [one for one in visits if one.conducted_by(on) and one.report is not None]
    measured = (
        (_("Submitted in time"), lambda one: one.report.submitted_on, study.report_submission_days),
        (_("Approved in time"), lambda one: one.report.approved_on, study.report_approval_days),
        (
            _("Followed up in time"),
            lambda one: one.sent_on(LetterKind.FOLLOW_UP),
            study.follow_up_letter_days,
        ),
    )
    found = []
    for label, day_of, target in measured:
        taken = [one.working_days_after(day_of(one)) for one in done if day_of(one) and day_of(one) <= on]
        found.append((label, sum(1 for days in taken if days <= target), len(taken), target))
    return found


def summary_of(visits, study, on):
    """Return the figures above the table."""
    conducted = sum(1 for one in visits if one.conducted_by(on))
    lines: list[tuple[Any, Any, Any]] = [
        (_("Visits on record"), len(visits), ""),
        (_("Conducted"), conducted, _("Visits that took place up to the day of the report.")),
    ]
    for label, within, of, target in turnaround(visits, study, on):
        meaning = _("Of those done, within %(target)d working days after the visit's last day.") % {
            "target": target
        }
        lines.append((label, f"{within}/{of}" if of else "—", meaning))
    return lines
