"""The clocks of monitoring, and the places every list of it reads along."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.calendar.clocks import Pace
from ctms.calendar.working_days import working_days_between
from ctms.pages.columns import Column, ShownTerm, TermColumn
from monitoring.calculations import approval_term, confirmation_term, follow_up_term, submission_term
from monitoring.models import LetterKind, LetterStatus, MonitoringVisit, VisitStatus

PLACE = ("study__sponsor", "site__organization", "site__country__nation")
COUNTRY = Column("site__country__nation", gettext_lazy("Country"), sort="site__country__nation__name")
VISIT_PLACE = tuple(f"visit__{path}" for path in PLACE)


def terms_of(visit):
    """Return the terms that run after a visit, by the calendar of the site's country."""
    report = getattr(visit, "report", None)
    if visit.status != VisitStatus.CONDUCTED or report is None:
        return []  # planned, or taken over from a time before this system
    study, country = visit.study, visit.site.calendar_country
    submitted, approved = report.submitted_on, report.approved_on
    terms = [submission_term(visit.actual_end_on, study.report_submission_days, country, submitted)]
    if submitted or approved:
        terms.append(approval_term(visit.actual_end_on, study.report_approval_days, country, approved))
    return terms


def letter_terms_of(visit):
    """
    Return the terms of a visit's letters, of a visit read with its letters as `shown_letters`.

    The confirmation is due until the visit took place; afterwards it is shown only if it was sent.
    """
    sent = {
        letter.kind: letter.sent_on
        for letter in visit.shown_letters
        if letter.status in (LetterStatus.SENT, LetterStatus.ACKNOWLEDGED)
    }
    study, country, terms = visit.study, visit.site.calendar_country, []
    confirmed = sent.get(LetterKind.CONFIRMATION)
    ahead = visit.status in (VisitStatus.PLANNED, VisitStatus.CONFIRMED)
    if ahead or confirmed:
        first_day = visit.planned_start_on
        terms.append(confirmation_term(first_day, study.confirmation_letter_days, country, confirmed))
    # A visit taken over from before this system has neither report nor letters here.
    if visit.status == VisitStatus.CONDUCTED and getattr(visit, "report", None) is not None:
        followed_up = sent.get(LetterKind.FOLLOW_UP)
        terms.append(follow_up_term(visit.actual_end_on, study.follow_up_letter_days, country, followed_up))
    return terms


def shown_term(term, on):
    """Return a term as a cell shows it."""
    pace = term.pace(on)
    if pace in (Pace.DONE, Pace.DONE_LATE):
        short = term.done_on.strftime("%-d %b %Y")
    elif pace is Pace.LATE:
        short = _("%(n)d WD late") % {"n": working_days_between(term.due_on, on, term.country)}
    else:
        short = _("%(n)d WD left") % {"n": term.days_left(on)}
    return ShownTerm(short, pace.value.replace(" ", "-"), term.sentence(on))


class ReportTermColumn(TermColumn):
    """The term that runs now on a visit or on a report's visit."""

    def value(self, record):
        visit = record if isinstance(record, MonitoringVisit) else record.visit
        terms = terms_of(visit)
        return shown_term(terms[-1], timezone.localdate()) if terms else None


class LetterTermColumn(TermColumn):
    """The term of the letter a visit still waits for."""

    def value(self, record):
        terms = [term for term in letter_terms_of(record) if term.done_on is None]
        return shown_term(terms[-1], timezone.localdate()) if terms else None
