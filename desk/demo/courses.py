"""When subjects enter and how their visits go: chance within the bounds a study's table sets, on plain values."""

import datetime
from dataclasses import dataclass

from ctms.calendar.working_days import is_working_day

LATE, EARLY, MISSED = 0.05, 0.08, 0.102
UNSCHEDULED = 0.03


@dataclass
class Entry:
    """One subject to enter: at which site, how many days ago, and how it stands today."""

    site: object
    age: int
    first_of_site: bool = False
    stands: str = "TREATED"  # or OFF, COMPLETED, or how it ended
    reason: str = ""


def entries_of(plan, dice):
    """Return the subjects that entered a study, oldest first, each with how it stands today."""
    entries = [
        Entry(site, age, place == 0)
        for site in plan.sites
        for place, age in enumerate(_ages(site, plan.course.pace))
    ]
    entries.sort(key=lambda entry: -entry.age)
    _keep_apart(plan.course, entries)
    _let_end(plan.course, entries, dice)
    return entries


def _ages(site, pace):
    """Return how many days ago the subjects of a site entered: many early on, fewer later."""
    if not site.enrolled:
        return
    first = site.activated - site.first_after
    for place in range(site.enrolled):
        part = (place / (site.enrolled - 1)) ** pace if site.enrolled > 1 else 0
        yield round(first - (first - site.newest) * part)


def _keep_apart(course, entries):
    """Move ages to the sides of the bounds: exactly as many are done, off and on treatment as the table says."""
    first_off, first_on = course.done, course.done + course.off
    for rank, entry in enumerate(entries):
        if rank < first_off:
            entry.age = max(entry.age, course.done_after + (first_off - rank) // 2)
        elif rank < first_on:
            youngest, oldest = course.off_within
            step = (oldest - youngest) * (rank - first_off) // max(course.off - 1, 1)
            entry.age, entry.stands = min(max(entry.age, youngest), oldest - step), "OFF"
            if course.off_early:
                entry.reason = course.off_early
        else:
            entry.age = min(entry.age, course.treated_within - (rank - first_on) % 3)


def _let_end(course, entries, dice):
    done = entries[: course.done]
    for entry in done:
        entry.stands = "COMPLETED"
    # Nobody's very first subject: a site is proud of it.
    chosen = dice.sample(
        [entry for entry in done if not entry.first_of_site], sum(n for *_, n in course.ends)
    )
    for state, reason, count in course.ends:
        for _one in range(count):
            entry = chosen.pop()
            entry.stands, entry.reason = state, reason


def days_within(first, last, country):
    """Return the working days from one day to another."""
    span = (last - first).days
    days = (first + datetime.timedelta(days=offset) for offset in range(span + 1))
    return [day for day in days if is_working_day(day, country)]


def visit_day(planned, entered, country, dice, until):
    """
    Return (the day a visit takes place or None, whether it is answered): in its window as a rule.

    :param until: the last day anything is known of
    """
    aimed = entered + datetime.timedelta(days=planned.offset)
    chance = dice.random()
    first = aimed - datetime.timedelta(days=planned.before)
    last = aimed + datetime.timedelta(days=planned.after)
    if planned.offset == 0:
        return entered, True
    if chance < LATE:
        first, last = last + datetime.timedelta(days=1), last + datetime.timedelta(days=6)
    elif chance < EARLY:
        first, last = first - datetime.timedelta(days=4), first - datetime.timedelta(days=1)
    elif chance < MISSED:
        return None, last < until
    days = days_within(first, last, country) or days_within(first, last + datetime.timedelta(days=4), country)
    day = days[dice.randrange(len(days))]
    return day, day < until
