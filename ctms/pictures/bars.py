"""Bars made of parts: how much waits how long, how much of a whole is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from .drawing import PATTERNS, SMALL, SOFT, Drawing, room_for
from .picture import Cell, Heading, Key, Picture, Words, in_words

ROW, BAR = 40, 26
HALF_A_PAGE = 540
MOST = HALF_A_PAGE * 0.36


@dataclass(frozen=True)
class Part:
    """One part of a bar; `words` say its number where the bare number would not do."""

    label: str
    value: Any
    tone: str = "blue"
    url: str = ""
    words: str = ""
    definition: Words = ""

    @property
    def text(self):
        return self.words or in_words(self.value)


@dataclass(frozen=True)
class Bar:
    """One bar; with a `whole` its parts are drawn against that, else all bars share one scale; `below` its label."""

    label: str
    parts: Sequence[Part]
    url: str = ""
    total: str = ""
    whole: Any = None
    below: str = ""

    @property
    def total_text(self):
        return self.total or in_words(sum(part.value or 0 for part in self.parts))


def bars(*, name, title, description, rows: Sequence[Bar], first="", empty="") -> Picture:
    """
    Return the bars; every bar has parts of the same names in the same order.

    They take half a page, so that two pictures stand beside each other.
    """
    said = {
        "name": name,
        "title": title,
        "description": description,
        "headings": _headings(rows, first),
        "rows": [_row(bar) for bar in rows],
        "wide": False,
    }
    if not any(_length(part) for bar in rows for part in bar.parts):
        return Picture(**said, empty=empty or _("There is nothing to draw yet."))
    drawing = Drawing(HALF_A_PAGE, ROW * len(rows) + 4)
    longest = max(sum((_length(part) for part in bar.parts), Fraction(0)) for bar in rows)
    for place, bar in enumerate(rows):
        _draw_bar(drawing, bar, ROW * place + (ROW - BAR) / 2, longest, rows)
    return Picture(**said, svg=drawing.svg(name, title, description), legend=_legend(rows))


def _length(part):
    """What is less than nothing has no length; its number stands in the table."""
    return max(Fraction(part.value or 0), Fraction(0))


def _draw_bar(drawing, bar, y, longest, rows):
    labels = max(
        room_for([(one.label, 0) for one in rows], most=MOST),
        room_for([(one.below, 0) for one in rows], most=MOST, size=SMALL),
    )
    totals = room_for([(one.total_text, 0) for one in rows], most=MOST)
    room = HALF_A_PAGE - labels - totals
    together = sum((_length(part) for part in bar.parts), Fraction(0))
    scale = max(Fraction(bar.whole or 0), together) if bar.whole else longest
    with drawing.link(bar.url, bar.label):
        drawing.text(0, y + BAR / 2 + (-2 if bar.below else 4), bar.label, width=labels - 8)
        if bar.below:
            drawing.text(0, y + BAR / 2 + 12, bar.below, fill=SOFT, size=SMALL)
    if bar.whole:
        drawing.rect(labels, y, room, BAR, fill="ground-grey", stroke=SOFT)
    x = labels
    for place, part in enumerate(bar.parts):
        width = float(_length(part) / scale) * room if scale else 0
        if width:
            words = (
                f"{bar.label}, {part.label}: {part.text}"
                if len(bar.parts) > 1
                else f"{bar.label}: {part.text}"
            )
            with drawing.link(part.url, words):
                _draw_part(drawing, part, x, y, width, _pattern(bar, place), words)
        x += width
    drawing.text(HALF_A_PAGE - totals + 8, y + BAR / 2 + 4, bar.total_text)


def _pattern(bar, place):
    """A single part is solid; neighbours in a stack differ by their pattern too."""
    return PATTERNS[place % len(PATTERNS)] if len(bar.parts) > 1 else "solid"


def _draw_part(drawing, part, x, y, width, pattern, words):
    drawing.patterned(x, y, max(width, 2), BAR, tone=part.tone, pattern=pattern, title=words)


def _headings(rows, first):
    found = [Heading(first or _("Bar"))]
    parts = rows[0].parts if rows else ()
    found += [Heading(part.label, True, part.definition) for part in parts]
    return [*found, Heading(_("All"), True)]


def _row(bar):
    parts = [Cell(part.value, part.url, part.words) for part in bar.parts]
    total = sum(part.value or 0 for part in bar.parts)
    return [Cell(bar.label, bar.url), *parts, Cell(total, "", bar.total)]


def _legend(rows):
    """A stack says what its parts are; a bar of one part says so by its own name."""
    if len(rows[0].parts) < 2:
        return ()
    keys = []
    for place, part in enumerate(rows[0].parts):
        drawing = Drawing(24, 14)
        drawing.patterned(1, 1, 22, 12, tone=part.tone, pattern=PATTERNS[place % len(PATTERNS)])
        keys.append(Key(drawing.swatch(), part.label, part.definition))
    return tuple(keys)
