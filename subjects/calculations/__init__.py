"""Subjects on plain values: windows of visits, the order of days, the forecast of enrolment."""

from .standing import (
    DAYS,
    Standing,
    Window,
    disorder_of,
    reference_day,
    standing_of,
    standing_on,
    state_reached,
    window_of,
)

__all__ = [
    "DAYS",
    "Standing",
    "Window",
    "disorder_of",
    "reference_day",
    "standing_of",
    "standing_on",
    "state_reached",
    "window_of",
]
