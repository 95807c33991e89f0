"""When a subject's visits are due and how they lie to their windows; whether days are in order. Values only."""

import datetime
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Window:
    """The day a visit is aimed at, and the days it may lie on; None = not stated."""

    target: datetime.date | None = None
    first: datetime.date | None = None
    last: datetime.date | None = None


def window_of(reference, offset, before, after):
    """
    Return the Window of a planned visit of a subject with this reference day (USDM: the day of offset 0).

    A window that was not stated is not nought: neither early nor late can be said of such a visit.
    """
    if reference is None or offset is None:
        return Window()
    target = reference + datetime.timedelta(days=offset)
    if before is None and after is None:
        return Window(target)
    return Window(
        target,
        target - datetime.timedelta(days=before or 0),
        target + datetime.timedelta(days=after or 0),
    )


def reference_day(*, consented_on, randomised_on, first_dose_on, offsets):
    """
    Return the day of offset 0: the first dose, else randomisation.

    Before either, the earliest planned visit is taken to lie on the day of consent, so that the screening visits
    have their days; the reference that follows then is only presumed.
    """
    known = first_dose_on or randomised_on
    if known is not None:
        return known
    earliest = min((offset for offset in offsets if offset is not None), default=None)
    if consented_on is None or earliest is None or earliest >= 0:
        return None
    return consented_on - datetime.timedelta(days=earliest)


class Standing(Enum):
    """How a visit stands on a day: a word and a symbol beside every colour."""

    IN_WINDOW = ("✓", gettext_lazy("in window"), "green")
    EARLY = ("◂", gettext_lazy("early"), "amber")
    LATE = ("▸", gettext_lazy("late"), "amber")
    DONE = ("✓", gettext_lazy("occurred"), "green")
    MISSED = ("✕", gettext_lazy("missed"), "red")
    NOT_APPLICABLE = ("–", gettext_lazy("not applicable"), "grey")
    VOIDED = ("–", gettext_lazy("voided"), "grey")
    NOT_ANSWERED = ("!", gettext_lazy("not answered"), "red")
    DUE = ("●", gettext_lazy("due"), "blue")
    AHEAD = ("›", gettext_lazy("ahead"), "grey")
    NO_DAY = ("?", gettext_lazy("no day"), "grey")

    @property
    def symbol(self):
        return self.value[0]

    @property
    def word(self):
        return str(self.value[1])

    @property
    def tone(self):
        return self.value[2]


_BY_STATUS = {
    "MISSED": Standing.MISSED,
    "NOT_APPLICABLE": Standing.NOT_APPLICABLE,
    "VOIDED": Standing.VOIDED,
}


def standing_of(*, status, occurred_on, window, on):
    """Return how a visit stands on the day `on`."""
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status == "OCCURRED":
        if window.first is None or window.last is None:
            return Standing.DONE
        if occurred_on < window.first:
            return Standing.EARLY
        return Standing.LATE if occurred_on > window.last else Standing.IN_WINDOW
    if window.target is None:
        return Standing.NO_DAY
    first, last = window.first or window.target, window.last or window.target
    if on > last:
        return Standing.NOT_ANSWERED
    return Standing.DUE if on >= first else Standing.AHEAD


def standing_on(visit, on):
    """Return the Standing of a subject visit on a day."""
    window = Window(visit.target_on, visit.window_starts_on, visit.window_ends_on)
    return standing_of(status=visit.status, occurred_on=visit.occurred_on, window=window, on=on)


# The days of a subject, in the order they must have.
DAYS = (
    ("consented_on", gettext_lazy("consent")),
    ("screen_failed_on", gettext_lazy("screen failure")),
    ("randomised_on", gettext_lazy("randomisation")),
    ("first_dose_on", gettext_lazy("first dose")),
    ("treatment_ended_on", gettext_lazy("end of treatment")),
    ("ended_on", gettext_lazy("end of participation")),
)


def disorder_of(days):
    """Return the sentence about the first two days out of order, or ''; `days` is {field: day or None}."""
    before = None
    for field, label in DAYS:
        day = days.get(field)
        if day is None:
            continue
        if before is not None and day < before[1]:
            return _("The %(later)s (%(later_day)s) lies before the %(earlier)s (%(earlier_day)s).") % {
                "later": label, "later_day": _written(day), "earlier": before[0], "earlier_day": _written(before[1]),
            }  # fmt: skip
        before = (label, day)
    return ""


def _written(day):
    return day.strftime("%-d %b %Y")


def state_reached(days, end=""):
    """
    Return the state the days of a subject add up to.

    :param end: how participation ended (a state), where it did
    """
    if days.get("ended_on"):
        return end or "WITHDRAWN"
    for field, state in (
        ("screen_failed_on", "SCREEN_FAILED"),
        ("treatment_ended_on", "OFF_TREATMENT"),
        ("first_dose_on", "ON_TREATMENT"),
        ("randomised_on", "RANDOMISED"),
        ("consented_on", "IN_SCREENING"),
    ):
        if days.get(field):
            return state
    return "PRE_SCREENED"
