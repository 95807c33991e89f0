"""Terms in working days of the site's country: weekends and its own public holidays do not count."""

import datetime

from ctms.calendar.clocks import Pace
from monitoring.calculations import approval_term, confirmation_term, submission_term


def day(text):
    return datetime.date.fromisoformat(text)


def test_a_report_is_due_so_many_working_days_after_the_visits_last_day():
    term = submission_term(day("2026-03-17"), 8, "DE", None)
    assert term.due_on == day("2026-03-27")
    assert (term.days_left(day("2026-03-20")), term.day_number(day("2026-03-20"))) == (5, 3)


def test_a_weekend_does_not_count():
    assert submission_term(day("2026-03-20"), 1, "ES", None).due_on == day("2026-03-23")


def test_a_spanish_holiday_counts_in_germany_only():
    # 12 October is a holiday in Spain, 3 April 2026 is Good Friday in both.
    assert submission_term(day("2026-10-09"), 1, "ES", None).due_on == day("2026-10-13")
    assert submission_term(day("2026-10-09"), 1, "DE", None).due_on == day("2026-10-12")
    assert submission_term(day("2026-04-02"), 1, "ES", None).due_on == day("2026-04-06")
    assert submission_term(day("2026-04-02"), 1, "DE", None).due_on == day("2026-04-07")


def test_a_term_is_late_by_itself_and_late_stays_late():
    last = day("2026-03-17")
    assert submission_term(last, 8, "ES", None).pace(day("2026-03-28")) is Pace.LATE
    assert submission_term(last, 8, "ES", day("2026-03-30")).pace(day("2026-05-01")) is Pace.DONE_LATE
    assert approval_term(last, 15, "ES", day("2026-03-30")).pace(day("2026-05-01")) is Pace.DONE


def test_the_confirmation_letter_is_due_before_the_visit():
    assert confirmation_term(day("2026-03-16"), 5, "ES", None).due_on == day("2026-03-09")
    assert confirmation_term(day("2026-10-13"), 1, "ES", None).due_on == day("2026-10-09")
