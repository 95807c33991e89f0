"""Where the marks and lines of the portal's two pictures lie; the templates draw them, a table says the same."""

from dataclasses import dataclass
from datetime import date

LABELS_END = 250
RIGHT = 740
WIDTH = 760
ROW = 26
TOP = 30
LONGEST_LABEL = 36

CURVE_WIDTH, CURVE_HEIGHT = 760, 240
CURVE_LEFT, CURVE_RIGHT, CURVE_TOP, CURVE_BOTTOM = 46, 745, 14, 208


@dataclass(frozen=True)
class Row:
    """One milestone on the time axis: hollow where it was agreed, filled where it stands now."""

    label: str
    y: int
    baseline: int | None
    now: int | None
    reached: bool
    late: bool


@dataclass(frozen=True)
class Timeline:
    rows: list[Row]
    years: list[tuple[int, str]]
    today: int
    width: int
    height: int


def timeline_of(milestones, on):
    """Return the milestones with a date on a time axis, or None if there are none."""
    dated = [m for m in milestones if m.planned_on or m.actual_on]
    if not dated:
        return None
    days = [d for m in dated for d in (m.baseline_on, m.planned_on, m.actual_on) if d] + [on]
    first, last = min(days).toordinal() - 15, max(days).toordinal() + 15

    def across(day):
        return LABELS_END + round((day.toordinal() - first) * (RIGHT - LABELS_END) / (last - first))

    rows = [
        Row(
            label=m.name if len(m.name) <= LONGEST_LABEL else f"{m.name[: LONGEST_LABEL - 1]}…",
            y=TOP + ROW * place + ROW // 2,
            baseline=across(m.baseline_on) if m.baseline_on else None,
            now=across(m.actual_on or m.planned_on),
            reached=m.actual_on is not None,
            late=m.actual_on is None and m.planned_on < on,
        )
        for place, m in enumerate(dated)
    ]
    years = [
        (across(date(year, 1, 1)), str(year))
        for year in range(date.fromordinal(first).year + 1, date.fromordinal(last).year + 1)
    ]
    return Timeline(rows, years, across(on), WIDTH, TOP + ROW * len(rows) + 8)


@dataclass(frozen=True)
class Curve:
    """Enrolled so far against the plan, month by month, as points of two lines."""

    actual: str
    planned: str
    ticks: list[tuple[int, int]]  # (y, number)
    months: list[tuple[int, str]]  # (x, words)
    width: int = CURVE_WIDTH
    height: int = CURVE_HEIGHT
    left: int = CURVE_LEFT
    right: int = CURVE_RIGHT
    bottom: int = CURVE_BOTTOM


def curve_of(months, planned_total):
    """Return the cumulative curve, or None while there are fewer than two months to join."""
    if len(months) < 2:
        return None
    most = max(
        *(m.enrolled_so_far for m in months), *(m.planned_so_far or 0 for m in months), planned_total or 0, 1
    )
    step = (CURVE_RIGHT - CURVE_LEFT) / (len(months) - 1)

    def point(place, number):
        return f"{round(CURVE_LEFT + place * step)},{_height(number, most)}"

    every = -(-len(months) // 8)
    return Curve(
        actual=" ".join(point(place, m.enrolled_so_far) for place, m in enumerate(months)),
        planned=" ".join(
            point(place, m.planned_so_far)
            for place, m in enumerate(months)
            if m.planned_so_far is not None
        ),
        ticks=[(_height(number, most), number) for number in sorted({0, most // 2, most})],
        months=[
            (round(CURVE_LEFT + place * step), m.first.strftime("%b %Y"))
            for place, m in enumerate(months)
            if place % every == 0
        ],
    )  # fmt: skip


def _height(number, most):
    return CURVE_BOTTOM - round((CURVE_BOTTOM - CURVE_TOP) * number / most)
