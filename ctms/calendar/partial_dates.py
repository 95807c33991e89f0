"""Dates known to the month or the year only: stored as their first day with their precision, shown as what is known."""

from dataclasses import dataclass
from datetime import date

from django.db import models


class Precision(models.TextChoices):
    """How exactly a date is known."""

    DAY = "DAY", "Day"
    MONTH = "MONTH", "Month"
    YEAR = "YEAR", "Year"


SHOWN = {Precision.DAY: "%-d %b %Y", Precision.MONTH: "%b %Y", Precision.YEAR: "%Y"}


@dataclass(frozen=True)
class PartialDate:
    """A day, or a month; a month never turns silently into its first day (compliance row 18)."""

    on: date
    precision: Precision | str = Precision.DAY  # a name of a Precision is taken as well

    def __str__(self):
        return self.on.strftime(SHOWN[Precision(self.precision)])
