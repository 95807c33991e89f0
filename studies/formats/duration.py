"""ISO 8601 durations of a visit schedule: days and what is left below a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

DAY = 86_400  # seconds

# More than a century between two visits is a slip of the keyboard, not a schedule.
LONGEST_DAYS = 36_525

_NUMBER = r"(\d{1,9}(?:[.,]\d{1,9})?)"
# A sign stands before the P (ISO 8601-2) or, in several exporters, after it: -P3D, P-3D.
_WRITTEN = re.compile(
    rf"(?P<sign>[+-]?)P(?P<inner>[+-]?)(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?P<time>T(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?",
    re.ASCII,
)


class NotAFixedDuration(Exception):
    """The text is no duration, or one whose days depend on the calendar. The message says which."""


@dataclass(frozen=True, slots=True)
class Duration:
    """Days and seconds are kept apart: 14 days less 4 hours is still a visit on day 14."""

    days: int = 0
    seconds: int = 0

    @property
    def in_seconds(self) -> int:
        return self.days * DAY + self.seconds

    @property
    def whole_days(self) -> int:
        """Hours that fill a day count, others stay on the day they belong to (towards zero)."""
        return self.days + int(self.seconds / DAY)

    @property
    def hours_left(self) -> Decimal:
        return Decimal(abs(self.seconds) % DAY) / 3600

    def __add__(self, other: Duration) -> Duration:
        return Duration(self.days + other.days, self.seconds + other.seconds)

    def __neg__(self) -> Duration:
        return Duration(-self.days, -self.seconds)


def read_duration(text: str) -> tuple[Duration, str]:
    """The duration and its sign ("+", "-" or "" when the text has none)."""
    written = _WRITTEN.fullmatch(text.strip().upper())
    numbers = [n for n in written.groups() if n and n[0].isdigit()] if written else []
    if not written or not numbers or written["time"] == "T":
        raise NotAFixedDuration(f'"{text.strip()[:40]}" is not a duration in ISO 8601')
    years, months, weeks, days = (Decimal((n or "0").replace(",", ".")) for n in written.group(3, 4, 5, 6))
    hours, minutes, seconds = (Decimal((n or "0").replace(",", ".")) for n in written.group(8, 9, 10))
    if years or months:
        # P1M is 28 to 31 days: only the protocol can say which day is meant.
        raise NotAFixedDuration(
            f'"{text.strip()[:40]}" counts months or years, which is no fixed number of days'
        )
    all_days = weeks * 7 + days
    below = (all_days % 1) * DAY + hours * 3600 + minutes * 60 + seconds
    length = Duration(int(all_days), int(below))
    if abs(length.in_seconds) > LONGEST_DAYS * DAY:
        raise NotAFixedDuration(f'"{text.strip()[:40]}" is longer than a century')
    sign = (
        "-" if (written["sign"] == "-") != (written["inner"] == "-") else written["sign"] or written["inner"]
    )
    return (-length if sign == "-" else length), sign
