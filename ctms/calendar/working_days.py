"""Working days of the calendar of who must act."""

from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=256)
def _holidays(country, year):
    try:
        return frozenset(holidays.country_holidays(country, years=year).keys())
    except NotImplementedError:
        # A country nobody keeps a calendar for: weekends only, which `has_calendar` tells.
        return frozenset()


@lru_cache(maxsize=256)
def has_calendar(country):
    """True if the public holidays of this country (ISO 3166-1 alpha-2) are known."""
    return country in holidays.list_supported_countries()


def is_working_day(day, country):
    """True if `day` is neither Saturday, Sunday nor a public holiday in `country`."""
    return day.weekday() < 5 and day not in _holidays(country, day.year)


# A list asks for the same few days again and again.
@lru_cache(maxsize=4096)
def add_working_days(start, count, country):
    """
    Return the last day of a term of `count` working days that begins the day after `start`.

    A report due 8 working days after the visit's last day is due on `add_working_days(last_day, 8, country)`.
    """
    if count < 0:
        raise ValueError("A term has no negative number of days.")
    if (date.max - start).days <= 3 * count + 30:
        return date.max
    day = start
    while count:
        day += timedelta(days=1)
        if is_working_day(day, country):
            count -= 1
    return day


def subtract_working_days(end, count, country):
    """Return the latest day from which `count` working days remain before `end`; the first of all days at the least."""
    if (end - date.min).days <= 3 * count + 30:
        return date.min
    day = end
    while count:
        day -= timedelta(days=1)
        if is_working_day(day, country):
            count -= 1
    return day


@lru_cache(maxsize=4096)
def _working_days_in(country, year):
    return _count(date(year - 1, 12, 31), date(year, 12, 31), country)


def _count(start, end, country):
    """Return how many working days lie after `start` up to and including `end`, by looking at each."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, country) for day in days)


def working_days_between(start, end, country):
    """Return how many working days lie after `start` up to and including `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start, country)
    if end.year - start.year < 2:
        return _count(start, end, country)
    # Whole years are counted once: a day mistyped by a century must not keep a page waiting.
    years = sum(_working_days_in(country, year) for year in range(start.year + 1, end.year))
    return (
        _count(start, date(start.year, 12, 31), country)
        + years
        + _count(date(end.year - 1, 12, 31), end, country)
    )
