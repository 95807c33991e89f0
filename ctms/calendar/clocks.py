"""A term in working days, as it is shown wherever the record appears: days left, due day, whose calendar."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from .working_days import add_working_days, working_days_between


class Pace(Enum):
    """How a term stands: the one meaning a colour has."""

    DONE = "done"
    DONE_LATE = "done late"
    ON_TIME = "on time"
    DUE_SOON = "due soon"
    LATE = "late"


@dataclass(frozen=True)
class Term:
    """
    A duty with a last day.

    :param country: whose working days are counted: those of who must act
    :param done_on: when it was fulfilled, None while it is open
    """

    label: str
    begins_on: date
    working_days: int
    country: str
    done_on: date | None = None

    @property
    def due_on(self):
        return add_working_days(self.begins_on, self.working_days, self.country)

    def days_left(self, on):
        """Return working days left on a day, 0 on the due day, negative when late."""
        return working_days_between(on, self.due_on, self.country)

    def day_number(self, on):
        """Return which working day of the term it is."""
        return working_days_between(self.begins_on, on, self.country)

    def pace(self, on, *, soon=2):
        if self.done_on:
            return Pace.DONE if self.done_on <= self.due_on else Pace.DONE_LATE
        if on > self.due_on:
            return Pace.LATE
        return Pace.DUE_SOON if self.days_left(on) <= soon else Pace.ON_TIME

    def sentence(self, on):
        """Return such as `6 of 8 working days, due Fri 20 Mar 2026 (ES calendar)`."""
        due = self.due_on.strftime("%a %-d %b %Y")
        if self.done_on:
            return (
                f"{self.label} {self.done_on.strftime('%-d %b %Y')}, was due {due} ({self.country} calendar)"
            )
        if on > self.due_on:
            late = working_days_between(self.due_on, on, self.country)
            return f"{self.label}: {late} working days late, was due {due} ({self.country} calendar)"
        number = max(self.day_number(on), 0)
        return f"{self.label}: day {number} of {self.working_days}, due {due} ({self.country} calendar)"
