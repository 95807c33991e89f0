"""Lines over time: a plan and what came of it, with a band of what may still come and bars below the axis."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from .axis import Days, Numbers
from .drawing import ACCENT, LINE, SOFT, Drawing, room_for
from .picture import Cell, Heading, Key, Picture, Words, in_words

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT, BELOW = 1120, 340, 58, 1108, 16, 30, 84
DASHES = {"solid": "", "dashed": "7 5", "chain": "11 3 2 3", "dotted": "2 4", "short": "5 3"}


@dataclass(frozen=True)
class Line:
    """One line: {day: value}; `urls` lead from a day to the rows that make its value."""

    label: str
    points: Mapping[date, Any]
    tone: str = "blue"
    stroke: str = "solid"
    definition: Words = ""
    urls: Mapping[date, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Band:
    """What may come: {day: (low, middle, high)}."""

    label: str
    points: Mapping[date, tuple]
    names: tuple[str, str, str] = ("P10", "P50", "P90")
    tone: str = "blue"
    definition: Words = ""


@dataclass(frozen=True)
class Bars:
    """Values counted downwards below the axis: {day: value}."""

    label: str
    points: Mapping[date, Any]
    tone: str = "amber"
    definition: Words = ""
    urls: Mapping[date, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Chart:
    """Everything one picture of curves holds; `stacked` are areas that add up."""

    lines: Sequence[Line] = ()
    band: Band | None = None
    stacked: Sequence[Line] = ()
    below: Bars | None = None
    target: Any = None
    target_label: str = ""
    target_definition: Words = ""

    @property
    def days(self):
        """Every day a value stands at, in order."""
        found = {day for one in (*self.lines, *self.stacked) for day in one.points}
        found |= set(self.band.points) if self.band else set()
        return sorted(found | (set(self.below.points) if self.below else set()))

    def tops(self):
        """The sums of the stacked lines: [{day: value}], lowest first; a day one of them lacks counts as its last."""
        found, under = [], {}
        days = sorted({day for one in self.stacked for day in one.points})
        for one in self.stacked:
            last, tops = 0, {}
            for day in days:
                last = one.points.get(day, last)
                tops[day] = under.get(day, 0) + last
            found.append(tops)
            under = tops
        return found


def curves(*, name, title, description, chart: Chart, on: date, first=None, empty="") -> Picture:
    """
    Return the chart as a picture.

    :param first: the head of the first column of the table; the month unless said otherwise
    """
    chart = replace(chart, lines=_told_apart(chart.lines))
    said = {
        "name": name,
        "title": title,
        "description": description,
        "headings": _headings(chart, first or _("Up to")),
        "rows": [_row(chart, day) for day in chart.days],
    }
    if not chart.days:
        return Picture(**said, empty=empty or _("There is nothing to draw yet."))
    drawing = Drawing(WIDTH, HEIGHT + (BELOW if chart.below else 0))
    across = Days([*chart.days, on], LEFT, RIGHT, margin=4)
    down = Numbers(_heights(chart), TOP, HEIGHT - FOOT)
    _draw_axes(drawing, across, down, on)
    _draw_stack(drawing, across, down, chart)
    _draw_band(drawing, across, down, chart.band)
    for line in chart.lines:
        _draw_line(drawing, across, down, line)
    _draw_target(drawing, down, chart)
    _draw_below(drawing, across, chart.below)
    return Picture(**said, svg=drawing.svg(name, title, description), legend=_legend(chart))


def _told_apart(lines):
    """Return the lines, each with a stroke of its own as long as there are any: on paper all may be black."""
    found: list[Line] = []
    for line in lines:
        taken = {one.stroke for one in found}
        free = [line.stroke, *DASHES] if line.stroke in taken else [line.stroke]
        found.append(replace(line, stroke=next((one for one in free if one not in taken), line.stroke)))
    return found


def _heights(chart):
    values = [value for line in chart.lines for value in line.points.values()]
    values += [value for tops in chart.tops() for value in tops.values()]
    values += [value for points in (chart.band.points.values() if chart.band else ()) for value in points]
    return [*values, chart.target] if chart.target is not None else values


def _draw_axes(drawing, across, down, on):
    for y, words in down.ticks():
        drawing.line(LEFT, y, RIGHT, y, stroke=SOFT if words == "0" else LINE)
        drawing.text(LEFT - 8, y + 4, words, fill=SOFT, size=11, anchor="end")
    for x, words, _begins_year in across.ticks(84):
        drawing.line(x, HEIGHT - FOOT, x, HEIGHT - FOOT + 4, stroke=SOFT)
        # A label begins at its tick; where it would run over the edge of the paper it ends there.
        anchor = "end" if x + room_for([(words, 0)], most=WIDTH) > WIDTH else ""
        drawing.text(x, HEIGHT - FOOT + 18, words, fill=SOFT, size=11, anchor=anchor)
    x = across.across(on)
    drawing.today(x, TOP - 8, HEIGHT - FOOT)


def _draw_stack(drawing, across, down, chart):
    floor = {day: 0 for tops in chart.tops()[:1] for day in tops}
    for place, (line, tops) in enumerate(zip(chart.stacked, chart.tops(), strict=True)):
        edge = [(across.across(day), down.down(value)) for day, value in tops.items()]
        foot = [(across.across(day), down.down(value)) for day, value in floor.items()]
        drawing.shape(
            [*edge, *reversed(foot)],
            fill=f"ground-{line.tone}",
            stroke=line.tone,
            title=f"{line.label}: {in_words(list(line.points.values())[-1]) if line.points else 0}",
        )
        if edge:
            x, y = edge[-1]
            below = max(list(floor.values())[-1:], default=0)
            middle = (y + down.down(below)) / 2 + 4
            if down.down(below) - y > 12:  # thinner than its number it goes without
                drawing.text(x - 5, middle, place + 1, fill=line.tone, size=11, anchor="end", bold=True)
        floor = tops


def _draw_band(drawing, across, down, band):
    if band is None or not band.points:
        return
    days = sorted(band.points)
    low, middle, high = (
        [(across.across(day), down.down(band.points[day][n])) for day in days] for n in range(3)
    )
    drawing.shape([*high, *reversed(low)], fill=f"ground-{band.tone}", stroke=band.tone, title=band.label)
    drawing.path(middle, stroke=band.tone, width=2, dashes=DASHES["dotted"])


def _draw_line(drawing, across, down, line):
    points = [(across.across(day), down.down(line.points[day])) for day in sorted(line.points)]
    if len(points) > 1:
        drawing.path(points, stroke=line.tone, dashes=DASHES[line.stroke])
    for day, (x, y) in zip(sorted(line.points), points, strict=True):
        words = f"{line.label}, {in_words(day)}: {in_words(line.points[day])}"
        if line.urls.get(day) or len(points) == 1:
            with drawing.link(line.urls.get(day, ""), words):
                drawing.circle(x, y, 4, fill=line.tone, title=words)


def _draw_target(drawing, down, chart):
    if chart.target is None:
        return
    y = down.down(chart.target)
    drawing.line(LEFT, y, RIGHT, y, stroke="green", width=1.5, dashes="10 4")
    words = f"{chart.target_label} {in_words(chart.target)}"
    drawing.text(LEFT + 6, y - 5, words, fill="green", size=11, bold=True)


def _draw_below(drawing, across, below):
    if below is None:
        return
    top, bottom = HEIGHT + 6, HEIGHT + BELOW - 12
    days = sorted(below.points)
    down = Numbers(below.points.values(), bottom, top, most_ticks=2)
    for y, words in down.ticks():
        drawing.line(LEFT, y, RIGHT, y, stroke=SOFT if words == "0" else LINE)
        drawing.text(LEFT - 8, y + 4, words, fill=SOFT, size=11, anchor="end")
    places = [across.across(day) for day in days]
    gaps = [after - before for before, after in itertools.pairwise(places)]
    width = max(min([*gaps, 26]) * 0.7, 2)
    for day, x in zip(days, places, strict=True):
        value = below.points[day]
        words = f"{below.label}, {in_words(day)}: {in_words(value)}"
        if value:
            with drawing.link(below.urls.get(day, ""), words):
                drawing.rect(x - width / 2, top, width, down.down(value) - top, fill=below.tone, title=words)


# --- the table and the legend --------------------------------------------------------------------------


def _headings(chart, first):
    found = [Heading(first)]
    found += [Heading(one.label, True, one.definition) for one in (*chart.lines, *chart.stacked)]
    if chart.band:
        found += [Heading(f"{chart.band.label} {n}", True, chart.band.definition) for n in chart.band.names]
    if chart.below:
        found.append(Heading(chart.below.label, True, chart.below.definition))
    return found


def _row(chart, day):
    found = [Cell(day)]
    found += [Cell(one.points.get(day), one.urls.get(day, "")) for one in (*chart.lines, *chart.stacked)]
    if chart.band:
        found += [Cell(value) for value in chart.band.points.get(day, (None, None, None))]
    if chart.below:
        found.append(Cell(chart.below.points.get(day), chart.below.urls.get(day, "")))
    return found


def _legend(chart):
    keys = [Key(_stroke(one.tone, one.stroke), one.label, one.definition) for one in chart.lines]
    keys += [
        Key(_area(one.tone), f"{place} {one.label}", one.definition)
        for place, one in enumerate(chart.stacked, start=1)
    ]
    if chart.band and chart.band.points:
        keys.append(
            Key(
                _area(chart.band.tone),
                f"{chart.band.label} {'–'.join(chart.band.names)}",
                chart.band.definition,
            )
        )
    if chart.target is not None:
        keys.append(Key(_stroke("green", "dashed"), chart.target_label, chart.target_definition))
    if chart.below:
        keys.append(Key(_area(chart.below.tone, solid=True), chart.below.label, chart.below.definition))
    return (*keys, Key(_stroke(ACCENT, "dashed", 1.5), _("today")))


def _stroke(tone, stroke, width=2.5):
    drawing = Drawing(24, 14)
    drawing.line(0, 7, 24, 7, stroke=tone, width=width, dashes=DASHES[stroke])
    return drawing.swatch()


def _area(tone, *, solid=False):
    drawing = Drawing(16, 14)
    drawing.rect(1, 1, 14, 12, fill=tone if solid else f"ground-{tone}", stroke=tone)
    return drawing.swatch()
