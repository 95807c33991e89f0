"""How many subjects, as values: counts that add up, the rate, the months and the plan. No database."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

# One definition of each number in the whole product; pages show it beside the number.
DEFINITIONS = {
    "screened": _("Subjects whose consent is signed and screening has begun, screen failures included."),
    "screen_failed": _("Screened subjects who ended as screen failures."),
    "in_screening": _("Screened subjects of whom it is not decided yet whether they take part."),
    "enrolled": _("Subjects who passed the event the study counts as enrolment, whatever became of them."),
    "ongoing": _("Subjects randomised, on treatment or in follow-up today."),
    "off_treatment": _("Ongoing subjects who have ended treatment and are in follow-up."),
    "completed": _("Subjects who completed the study."),
    "ended_early": _("Subjects who withdrew, were lost to follow-up or died."),
    "screen_failure_rate": _("Screen failures ÷ (screen failures + enrolled); whoever is both counts once."),
    "planned": _("Subjects the study plans to enrol."),
    "planned_so_far": _(
        "A straight line from the first to the last subject in, each at its baseline; at its planned day where no "
        "baseline is agreed."
    ),
}


@dataclass(frozen=True)
class Counts:
    """How many subjects of one place came how far; places add up."""

    screened: int = 0
    screen_failed: int = 0
    in_screening: int = 0
    enrolled: int = 0
    ongoing: int = 0
    off_treatment: int = 0
    completed: int = 0
    ended_early: int = 0
    failed_or_enrolled: int = 0

    def __add__(self, other):
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Counts)))

    @property
    def screen_failure_rate(self):
        """Percent with one decimal, or None while there is nothing to divide by."""
        return percent(self.screen_failed, self.failed_or_enrolled)


def percent(part, whole):
    return round(Decimal(100 * part) / whole, 1) if whole else None


@dataclass(frozen=True)
class Month:
    """What one calendar month added, and where the study stood at its end."""

    first: date
    screened: int
    enrolled: int
    screened_so_far: int
    enrolled_so_far: int
    planned_so_far: int | None


@dataclass(frozen=True)
class PlanLine:
    """So many subjects between two days, evenly."""

    first: date
    last: date
    total: int

    def by(self, day):
        """Return how many are planned to be enrolled by the end of a day."""
        if day < self.first:
            return 0
        if day >= self.last:
            return self.total
        return round(self.total * ((day - self.first).days + 1) / ((self.last - self.first).days + 1))


def plan_line(first, last, total):
    """Return the plan as a line, or None where it is not known from when to when how many."""
    return PlanLine(first, last, total) if first and last and total and first <= last else None


def months_of(screened, enrolled, *, on, plan=None):
    """
    Return the months from the first subject to the month of `on`, none left out.

    :param screened: {first day of a month: how many were screened in it}
    :param enrolled: the same of the enrolled
    """
    begun = min([*screened, *enrolled], default=None)
    months, screened_so_far, enrolled_so_far = [], 0, 0
    first = begun
    while first is not None and first <= on:
        following = next_month(first)
        screened_so_far += screened.get(first, 0)
        enrolled_so_far += enrolled.get(first, 0)
        # The plan is read at the end of the month; of the running month at the day looked at.
        end = min(date.fromordinal(following.toordinal() - 1), on)
        planned = plan.by(end) if plan else None
        months.append(
            Month(
                first,
                screened.get(first, 0),
                enrolled.get(first, 0),
                screened_so_far,
                enrolled_so_far,
                planned,
            )
        )
        first = following
    return tuple(months)


def next_month(first):
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def last_months(on, count):
    """Return the first days of the last `count` months, the running one last."""
    running = on.year * 12 + on.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(running - count + 1, running + 1)]
