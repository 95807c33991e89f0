"""When each site was visited: the rhythm of the monitoring plan, on working days of the site's country."""

import datetime
from dataclasses import dataclass

from ctms.calendar.working_days import add_working_days, is_working_day

from .plans import SitePlan
from .stage import working_day
from .team import monitor_of

ONE_DAY = datetime.timedelta(days=1)


@dataclass
class PastVisit:
    """One visit of the past, as it is taken over."""

    site: SitePlan
    visit_type: str
    first_day: datetime.date
    last_day: datetime.date
    monitors: tuple[str, ...]
    method: str = "ON_SITE"
    unblinded: bool = False
    reported: bool = True
    purpose: str = ""


def spell(day, length, country):
    """Return the first and last day of a visit of some working days that does not run over a weekend."""
    last = day
    for _more in range(length - 1):
        if not is_working_day(last + ONE_DAY, country):
            break
        last += ONE_DAY
    return day, last


def routine_days(stage, site, begins, until, interval, dice):
    """
    Return the working days of the routine visits of a site, newest first.

    :param begins: the day of the first
    :param until: about when the last one was
    """
    days, day = [], until
    while day > begins + datetime.timedelta(days=interval // 2):
        days.append(working_day(day, site.country, ahead=False))
        day -= datetime.timedelta(days=interval + dice.randint(-6, 6))
    if begins <= until:
        days.append(begins)
    return days


def first_routine_day(first_subject_in, country, dice):
    """Return the day of the first routine visit: 8 to 15 working days after the first subject."""
    return add_working_days(first_subject_in, dice.randint(8, 15), country)


def who_went(stage, site, day):
    return monitor_of(site, (stage.on - day).days)


def bounded(stage, start, count, country, *, latest=1):
    """Return the working day `count` after a day, or the last one `latest` days ago if that lies ahead."""
    day = add_working_days(start, count, country)
    return max(min(day, working_day(stage.ago(latest), country, ahead=False)), start)
