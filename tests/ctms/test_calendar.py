"""Days: working days of who must act, terms, dates known to the month."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctms.calendar.clocks import Pace, Term
from ctms.calendar.partial_dates import PartialDate, Precision
from ctms.calendar.working_days import (
    add_working_days,
    has_calendar,
    is_working_day,
    subtract_working_days,
    working_days_between,
)

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("day", "country", "working"),
    [
        (date(2026, 3, 17), "ES", True),
        (date(2026, 3, 21), "ES", False),  # a Saturday
        (date(2026, 10, 12), "ES", False),  # the national day
        (date(2026, 10, 12), "DE", True),
        (date(2026, 10, 12), "XX", True),  # nobody keeps a calendar for it: weekends only
        (date(2026, 10, 11), "XX", False),
    ],
)
def test_a_working_day_is_a_countrys(day, country, working):
    assert is_working_day(day, country) is working


def test_whole_years_are_counted_as_their_days_are():
    start, end = date(2024, 5, 3), date(2028, 2, 29)
    days = [date.fromordinal(n) for n in range(start.toordinal() + 1, end.toordinal() + 1)]
    assert working_days_between(start, end, "ES") == sum(is_working_day(day, "ES") for day in days)


def test_one_can_tell_whether_a_calendar_is_kept():
    assert has_calendar("ES")
    assert not has_calendar("XX")


def test_a_term_begins_the_day_after_and_leaps_over_weekends_and_holidays():
    assert add_working_days(date(2026, 3, 17), 8, "GB") == date(2026, 3, 27)
    assert add_working_days(date(2026, 12, 23), 2, "GB") == date(2026, 12, 29)
    assert add_working_days(date(2026, 3, 20), 0, "GB") == date(2026, 3, 20)
    with pytest.raises(ValueError, match="no negative number"):
        add_working_days(date(2026, 3, 17), -1, "GB")


@given(DAYS, st.integers(1, 60), st.sampled_from(["ES", "DE", "PL", "GB", "XX"]))
def test_counting_back_what_was_added_gives_the_same_number(start, count, country):
    end = add_working_days(start, count, country)
    assert is_working_day(end, country)
    assert working_days_between(start, end, country) == count
    assert working_days_between(end, start, country) == -count
    back = subtract_working_days(end, count, country)
    assert is_working_day(back, country), "the last working day to begin on"
    assert working_days_between(back, end, country) == count


def test_a_term_says_how_it_stands():
    term = Term("Report", date(2026, 3, 17), 8, "GB")
    assert term.due_on == date(2026, 3, 27)
    assert (term.days_left(date(2026, 3, 25)), term.day_number(date(2026, 3, 25))) == (2, 6)
    paces = {day: term.pace(date(2026, 3, day)) for day in (18, 24, 25, 27, 28, 30)}
    assert paces == {
        18: Pace.ON_TIME,
        24: Pace.ON_TIME,
        25: Pace.DUE_SOON,
        27: Pace.DUE_SOON,
        28: Pace.LATE,  # a Saturday after the due day is late, though no working day has passed
        30: Pace.LATE,
    }
    assert term.days_left(date(2026, 3, 30)) == -1


def test_a_term_has_a_sentence_for_each_way_it_stands():
    term = Term("Report", date(2026, 3, 17), 8, "GB")
    assert term.sentence(date(2026, 3, 25)) == "Report: day 6 of 8, due Fri 27 Mar 2026 (GB calendar)"
    assert term.sentence(date(2026, 3, 1)).startswith("Report: day 0 of 8")
    assert term.sentence(date(2026, 3, 31)) == (
        "Report: 2 working days late, was due Fri 27 Mar 2026 (GB calendar)"
    )
    done = Term("Report", date(2026, 3, 17), 8, "GB", done_on=date(2026, 3, 26))
    assert done.sentence(date(2026, 4, 1)) == "Report 26 Mar 2026, was due Fri 27 Mar 2026 (GB calendar)"
    assert done.pace(date(2026, 4, 1)) is Pace.DONE
    late = Term("Report", date(2026, 3, 17), 8, "GB", done_on=date(2026, 3, 30))
    assert late.pace(date(2026, 4, 1)) is Pace.DONE_LATE


@pytest.mark.parametrize(
    ("precision", "words"),
    [(Precision.DAY, "1 Mar 2026"), (Precision.MONTH, "Mar 2026"), (Precision.YEAR, "2026")],
)
def test_a_month_never_turns_into_its_first_day(precision, words):
    assert str(PartialDate(date(2026, 3, 1), precision)) == words
