"""The figures of a study's status, room by room; each with what it means and the address of its rows."""

from collections import Counter

from django.utils.translation import gettext as _

from ctms.money.amounts import as_money
from ctms.pages.record import url_of
from documents.reports import COMPLETENESS
from monitoring.models import NO_DEVIATION, STILL_OPEN, UNSETTLED, Importance
from monitoring.reports.visit_tracker import late_terms, turnaround
from studies.models import RELEASED_SITES, SiteStatus
from subjects.services.enrolment_counts import DEFINITIONS

from .on_record import file_number, of_number, with_percent


def sections_of(record):
    """Return the sections of the page, of the rooms the reader sees."""
    tab = _tabs(record.spine.study)
    built = (
        (_("Enrolment"), record.counts is not None and _enrolment(record, tab)),
        (_("Sites"), _sites(record, tab)),
        (_("Monitoring"), record.visits is not None and _monitoring(record, tab)),
        (_("Deviations and action items"), record.deviations is not None and _findings(record, tab)),
        (_("Trial master file"), record.expected is not None and _file(record, tab)),
        (_("Sponsor budget"), _money(record)),
    )
    return [{"title": title, "rows": rows} for title, rows in built if rows]


def _tabs(study):
    base = url_of(study)
    return lambda name, query="": f"{base}{name}/{f'?{query}' if query else ''}"


def _row(label, value, definition="", url="", late=False):
    return {
        "label": str(label),
        "value": str(value),
        "definition": str(definition),
        "url": url,
        "late": bool(late),
    }


def _enrolment(record, tab):
    total, planned = record.total, record.spine.study.planned_enrolled if record.whole else None
    plan = record.plan
    enrolled = with_percent(total.enrolled, planned) if planned else total.enrolled
    rows = [
        _row(
            _("Enrolled of planned") if planned else _("Enrolled"),
            enrolled,
            DEFINITIONS["enrolled"],
            tab("subjects"),
        )
    ]
    if plan:
        to_date = plan.by(record.cut.on)
        rows.append(
            _row(
                _("Enrolled of the plan to date"), of_number(total.enrolled, to_date), DEFINITIONS["planned_so_far"],
                late=total.enrolled < to_date,
            )
        )  # fmt: skip
    rows += [
        _row(_("Screened"), total.screened, DEFINITIONS["screened"], tab("subjects")),
        _row(
            _("Screen failures"), with_percent(total.screen_failed, total.failed_or_enrolled),
            DEFINITIONS["screen_failure_rate"], tab("subjects", "status=SCREEN_FAILED"),
        ),
        _row(_("Ongoing"), total.ongoing, DEFINITIONS["ongoing"]),
        _row(_("Ended early"), of_number(total.ended_early, total.enrolled), DEFINITIONS["ended_early"]),
    ]  # fmt: skip
    return rows


def _sites(record, tab):
    sites = record.spine.sites.values()
    by_state = Counter(site.status for site in sites)
    planned = record.spine.study.planned_sites if record.whole else None
    opened = sum(by_state[state] for state in RELEASED_SITES)
    rows = [
        _row(
            _("Opened of planned") if planned else _("Opened of all"), of_number(opened, planned or len(sites)),
            _("Sites that had their green light, whatever became of them."), tab("study-sites"),
        )
    ]  # fmt: skip
    return rows + [
        _row(state.label, by_state[state], "", tab("study-sites", f"status={state.value}"))
        for state in SiteStatus
        if by_state[state]
    ]


def _monitoring(record, tab):
    on = record.cut.on
    conducted = [one for one in record.visits if one.conducted_by(on)]
    open_terms = [(one, term) for one in record.visits for term in late_terms(one, on)]
    letters = sum(1 for one, term in open_terms if term in one.letter_terms)
    reports = len(open_terms) - letters
    owed = sum(1 for one in conducted if one.report and not one.report.approved_on)
    rows = [
        _row(_("Visits conducted"), len(conducted), _("Visits that took place up to this day."),
             tab("monitoring-visits", "status=CONDUCTED")),
        _row(_("Reports late of open"), of_number(reports, owed),
             _("Reports not yet approved whose present term is past its last day."), late=reports),
        _row(_("Letters late"), letters,
             _("Confirmation and follow-up letters not sent by the last day of their term."), late=letters),
    ]  # fmt: skip
    for label, within, of, target in turnaround(record.visits, record.spine.study, on):
        meaning = _("Of those done, within %(target)d working days after the visit's last day.") % {
            "target": target
        }
        rows.append(_row(f"{label} ({target} {_('WD')})", with_percent(within, of), meaning))
    return rows


def _findings(record, tab):
    real = [one for one in record.deviations if one.status not in NO_DEVIATION]
    unsettled = sum(1 for one in real if one.status in UNSETTLED)
    classified = [one for one in real if one.importance]
    important = sum(1 for one in classified if one.importance == Importance.IMPORTANT)
    items = [one for one in record.items or () if one.status in STILL_OPEN]
    overdue = sum(1 for one in items if one.due_on < record.cut.on)
    return [
        _row(_("Deviations not settled of all"), of_number(unsettled, len(real)),
             _("New or under review, of all recorded but those found to be none."), tab("deviations")),
        _row(_("Important of classified"), of_number(important, len(classified)),
             _("By the study's own criteria, of those classified."), tab("deviations")),
        _row(_("Action items overdue of open"), of_number(overdue, len(items)),
             _("Open items past their due day."), tab("action-items"), late=overdue),
    ]  # fmt: skip


def _file(record, tab):
    found = record.completeness
    return [
        _row(_("On file of due"), file_number(found), COMPLETENESS, tab("expected-documents", "standing=due")),
        _row(
            _("Late"), found.late, _("Due by this day and not approved."),
            tab("expected-documents", "standing=late"), late=found.late,
        ),
    ]  # fmt: skip


def _money(record):
    rows = []
    for worth in record.worth:
        currency, which = worth.budget.currency, _(" (unblinded)") if worth.budget.unblinded else ""
        value = f"{as_money(worth.earned, currency)} / {as_money(worth.contracted, currency)}"
        rows.append(
            _row(_("Earned of contracted") + which, value,
                 _("Units done at their agreed price, of what the version in force agreed altogether."),
                 url_of(worth.budget))
        )  # fmt: skip
        if worth.at_risk:
            meaning = _("Done without, or beyond, an agreement.")
            rows.append(_row(_("At risk") + which, as_money(worth.at_risk, currency), meaning, late=True))
    return rows
