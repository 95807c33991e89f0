"""Who is where in which week: people by weeks, a mark an appointment."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from .drawing import ACCENT, SOFT, Drawing
from .picture import Cell, Heading, Key, Picture

LABELS, WEEK, MARK, GAP, HEAD = 130, 52, 30, 4, 44


@dataclass(frozen=True)
class State:
    """What a mark says: its word, its tone, and its outline, so that colour is never alone."""

    word: str
    tone: str
    sign: str = ""
    outline: str = "solid"  # or "dashed", or "none"


@dataclass(frozen=True)
class Mark:
    """One appointment: two short lines on paper, a sentence when read aloud."""

    day: date
    label: str
    below: str
    state: State
    sentence: str
    url: str = ""
    until: date | None = None


@dataclass(frozen=True)
class Person:
    name: str
    marks: Sequence[Mark] = ()


def monday(day):
    return day - timedelta(days=day.weekday())


def calendar(
    *, name, title, description, people: Sequence[Person], first: date, weeks: int, on: date, empty=""
):
    """Return the weeks from the one `first` lies in as a Picture; marks outside of them stand in the table only."""
    begins = [monday(first) + timedelta(weeks=n) for n in range(weeks)]
    marks = [(person, mark) for person in people for mark in sorted(person.marks, key=lambda one: one.day)]
    said = {
        "name": name,
        "title": title,
        "description": description,
        "headings": [Heading(text) for text in (_("Who"), _("When"), _("Visit"), _("Where"), _("State"))],
        "rows": [_row(person, mark) for person, mark in marks],
        "wide": False,
    }
    if not people:
        return Picture(**said, empty=empty or _("Nobody has anything planned in these weeks."))
    heights = [_height(_by_week(person, begins)) for person in people]
    drawing = Drawing(LABELS + WEEK * weeks + 2, HEAD + sum(heights) + 2)
    _draw_weeks(drawing, begins, on)
    y = HEAD
    for person, height in zip(people, heights, strict=True):
        _draw_person(drawing, person, begins, y, height)
        y += height
    states = {mark.state.word: mark.state for _person, mark in marks}
    return Picture(**said, svg=drawing.svg(name, title, description), legend=_legend(states.values()))


def _by_week(person, begins):
    """Return {place of the week: its marks}."""
    found = defaultdict(list)
    for mark in sorted(person.marks, key=lambda one: (one.day, one.label)):
        place = (monday(mark.day) - begins[0]).days // 7 if begins else -1
        if 0 <= place < len(begins):
            found[place].append(mark)
    return found


def _height(by_week):
    return max([len(marks) for marks in by_week.values()], default=1) * (MARK + GAP) + GAP


def _draw_weeks(drawing, begins, on):
    for place, day in enumerate(begins):
        x = LABELS + WEEK * place
        now = day == monday(on)
        drawing.text(
            x + 5,
            HEAD - 24,
            _("W%(n)d") % {"n": day.isocalendar().week},
            fill=ACCENT if now else SOFT,
            size=11,
            bold=now,
        )
        drawing.text(x + 5, HEAD - 9, f"{day:%-d %b}", fill=ACCENT if now else SOFT, size=11, bold=now)
        drawing.line(x, HEAD - 36, x, drawing.height)
        if now:
            drawing.rect(
                x, HEAD - 38, WEEK, drawing.height - HEAD + 37, fill="none", stroke=ACCENT, today=True
            )


def _draw_person(drawing, person, begins, y, height):
    drawing.line(0, y, drawing.width, y)
    drawing.text(0, y + MARK / 2 + GAP + 4, person.name, width=LABELS - 8, bold=True)
    for place, marks in _by_week(person, begins).items():
        for number, mark in enumerate(marks):
            x, top = LABELS + WEEK * place + 3, y + GAP + number * (MARK + GAP)
            with drawing.link(mark.url, mark.sentence):
                _draw_mark(drawing, mark.state, x, top, mark.label, mark.below, mark.sentence)


def _draw_mark(drawing, state, x, y, label, below, sentence, width=WEEK - 6, height=MARK):
    dashes = "3 2" if state.outline == "dashed" else ""
    stroke = "" if state.outline == "none" else state.tone
    drawing.rect(
        x,
        y,
        width,
        height,
        fill=f"ground-{state.tone}",
        stroke=stroke,
        dashes=dashes,
        radius=3,
        title=sentence,
    )
    drawing.text(x + 4, y + 12, label, fill=state.tone, size=11, bold=True, width=width)
    second = " ".join(word for word in (state.sign, below) if word)
    drawing.text(x + 4, y + (25 if label else 11), second, fill=state.tone, size=10, width=width - 2)


def _row(person, mark):
    when = Cell(mark.day)
    if mark.until and mark.until != mark.day:
        when = Cell(mark.day, "", f"{Cell(mark.day).text} – {Cell(mark.until).text}")
    return (Cell(person.name), when, Cell(mark.label, mark.url), Cell(mark.below), Cell(mark.state.word))


def _legend(states):
    keys = []
    for state in states:
        drawing = Drawing(30, 16)
        _draw_mark(drawing, state, 1, 1, "", "", "", width=28, height=14)
        keys.append(Key(drawing.swatch(), state.word))
    return tuple(keys)
