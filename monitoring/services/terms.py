"""The terms that run around a visit: its report's and its letters'."""

from ctms.calendar.clocks import Term
from monitoring.calculations import approval_term, confirmation_term, follow_up_term, submission_term
from monitoring.models import LetterKind, LetterStatus, VisitStatus


def terms_of(visit):
    """Return the terms that run after a visit, by the calendar of the site's country."""
    return report_terms(visit, getattr(visit, "report", None))


def report_terms(visit, report):
    """Return the same where the report is at hand."""
    if visit.status != VisitStatus.CONDUCTED or report is None:
        return []  # planned, or taken over from a time before this system
    study, country = visit.study, visit.site.calendar_country
    submitted, approved = report.submitted_on, report.approved_on
    terms = [submission_term(visit.actual_end_on, study.report_submission_days, country, submitted)]
    if submitted or approved:
        terms.append(approval_term(visit.actual_end_on, study.report_approval_days, country, approved))
    return terms


def open_report_term(last_day, submitted_on, submission_days, approval_days, country):
    """Return the term that runs on a report nobody has approved yet, the last of its `report_terms`, from its days."""
    if submitted_on:
        return approval_term(last_day, approval_days, country, None)
    return submission_term(last_day, submission_days, country, None)


def letter_terms_of(visit):
    """Return the terms of a visit's letters, of a visit read with its letters as `shown_letters`."""
    return letter_terms(visit, visit.shown_letters, getattr(visit, "report", None))


def letter_terms(visit, letters, report):
    """
    Return the terms of a visit's letters.

    The confirmation is due until the visit took place; afterwards it is shown only if it was sent. None is due of a
    visit that was planned when its first day had come (`MonitoringVisit.was_planned_ahead`).
    """
    sent = sent_days(letters)
    study, country = visit.study, visit.site.calendar_country
    terms: list[Term] = []
    confirmed = sent.get(LetterKind.CONFIRMATION)
    ahead = visit.status in (VisitStatus.PLANNED, VisitStatus.CONFIRMED)
    if (ahead and visit.was_planned_ahead) or confirmed:
        first_day = visit.planned_start_on
        terms.append(confirmation_term(first_day, study.confirmation_letter_days, country, confirmed))
    # A visit taken over from before this system has neither report nor letters here.
    if visit.status == VisitStatus.CONDUCTED and report is not None:
        followed_up = sent.get(LetterKind.FOLLOW_UP)
        terms.append(follow_up_term(visit.actual_end_on, study.follow_up_letter_days, country, followed_up))
    return terms


def sent_days(letters):
    """Return {kind of letter: the day it was sent} of a visit's letters that were."""
    return {
        letter.kind: letter.sent_on
        for letter in letters
        if letter.status in (LetterStatus.SENT, LetterStatus.ACKNOWLEDGED)
    }
