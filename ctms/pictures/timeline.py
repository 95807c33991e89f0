"""A time axis with a line a milestone: agreed, planned, projected, reached, and by how many days it slipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .axis import Days
from .drawing import LINE, SOFT, Drawing, room_for
from .picture import Cell, Heading, Key, Picture, in_words

WIDTH, SLIPPAGE, ROW, HEAD = 1120, 96, 26, 34
FEWEST, MOST, INDENT = 120, 300, 14


@dataclass(frozen=True)
class Milestone:
    """
    One line.

    :param level: how deep it lies: 0 the study's, 1 a country's, 2 a site's
    :param projected: where it is computed to lie, if that is another day than the planned one
    :param place: said in the table; on paper the headings say it
    """

    label: str
    url: str = ""
    baseline: date | None = None
    planned: date | None = None
    projected: date | None = None
    actual: date | None = None
    place: str = ""
    level: int = 0

    @property
    def stands_on(self):
        """The day that counts now: the actual one, else the projected, else the planned."""
        return self.actual or self.projected or self.planned

    @property
    def slippage(self):
        """Days after the baseline; None without one."""
        return (self.stands_on - self.baseline).days if self.stands_on and self.baseline else None

    def state(self, on):
        """Return (tone, word): the one meaning the colour has."""
        if self.actual:
            return "green", _("reached")
        if self.planned and self.planned < on:
            return "red", _("past its planned day")
        return "blue", _("planned")


@dataclass(frozen=True)
class PlaceHeading:
    """The name of a place above its milestones."""

    label: str
    url: str = ""
    level: int = 0


def timeline(*, name, title, description, lines: Sequence, on: date, empty="") -> Picture:
    """
    Return the milestones on a time axis.

    :param lines: Milestone and PlaceHeading, in their order; milestones without any day stand in the table only
    """
    milestones = [line for line in lines if isinstance(line, Milestone)]
    drawn = _with_something_below(
        [line for line in lines if not isinstance(line, Milestone) or line.stands_on]
    )
    said = {
        "name": name,
        "title": title,
        "description": description,
        "headings": _headings(),
        "rows": [_row(one, on) for one in milestones],
    }
    days = [
        day
        for one in milestones
        for day in (one.baseline, one.planned, one.projected, one.actual)
        if day and one.stands_on
    ]
    if not days:
        return Picture(**said, empty=empty or _("No milestone has a date yet."))
    drawing = Drawing(WIDTH, HEAD + ROW * len(drawn) + 10)
    labels = room_for([(one.label, INDENT * one.level) for one in drawn], fewest=FEWEST, most=MOST)
    axis = Days([*days, on], labels, WIDTH - SLIPPAGE, margin=15)
    _draw_axis(drawing, axis, on)
    for place, line in enumerate(drawn):
        _draw_line(drawing, axis, line, HEAD + ROW * place + ROW / 2, on, labels)
    return Picture(**said, svg=drawing.svg(name, title, description), legend=_legend(milestones))


def _with_something_below(lines):
    """Leave out the names of places without a milestone at them or below."""
    kept: list = []
    for line in reversed(lines):
        if isinstance(line, Milestone) or (kept and kept[-1].level > line.level):
            kept.append(line)
    return kept[::-1]


def _draw_axis(drawing, axis, on):
    for x, words, begins_year in axis.ticks():
        drawing.line(x, HEAD - 6, x, drawing.height, stroke=SOFT if begins_year else LINE, width=1)
        if x < WIDTH - SLIPPAGE - 50:  # there the slippage has its head
            drawing.text(x + 3, HEAD - 12, words, fill=SOFT, size=11)
    drawing.text(WIDTH - 4, HEAD - 12, _("after baseline"), fill=SOFT, size=11, anchor="end")
    x = axis.across(on)
    drawing.today(x, HEAD - 6, drawing.height)


def _draw_line(drawing, axis, line, y, on, labels):
    indent = INDENT * line.level
    if isinstance(line, PlaceHeading):
        drawing.line(0, y - ROW / 2, WIDTH, y - ROW / 2)
        with drawing.link(line.url, line.label):
            drawing.text(indent, y + 4, line.label, bold=True, width=labels - indent - 12)
        return
    tone, _word = line.state(on)
    with drawing.link(line.url, sentence_of(line, on)):
        # A ground that is hit by the pointer and framed by the focus, as wide as the line.
        drawing.rect(0, y - ROW / 2 + 1, WIDTH, ROW - 2, fill="none", title=sentence_of(line, on))
        drawing.text(indent, y + 4, line.label, width=labels - indent - 12)
        _draw_marks(drawing, axis, line, y, tone)
    if line.slippage is not None:
        drawing.text(WIDTH - 4, y + 4, slippage_words(line.slippage), fill=_slippage_tone(line), anchor="end")


def _draw_marks(drawing, axis, line, y, tone):
    now = axis.across(line.stands_on)
    if line.baseline:
        then = axis.across(line.baseline)
        drawing.line(then, y, now, y, stroke=SOFT, width=1.5)
        drawing.diamond(then, y, fill="surface", stroke="soft")
    if line.planned and line.planned != line.stands_on:
        drawing.diamond(axis.across(line.planned), y, fill="ground-blue", stroke="blue", size=5)
    if line.projected and not line.actual:
        drawing.diamond(now, y, fill="ground-amber", stroke="amber")
    else:
        drawing.diamond(now, y, fill=tone)


def _slippage_tone(line):
    if line.slippage <= 0:
        return "green" if line.slippage < 0 else SOFT
    return "red" if not line.actual else "soft"


def slippage_words(days):
    """Return such as `+12 d`; `−3 d` before the baseline."""
    return f"{'+' if days > 0 else '−' if days < 0 else ''}{abs(days):,} d"


def sentence_of(line, on):
    """Return what the line says when it is read aloud."""
    parts = [line.label, line.state(on)[1] if line.stands_on else _("without a date")]
    for label, day in (
        (_("baseline"), line.baseline),
        (_("planned"), line.planned),
        (_("projected"), line.projected),
        (_("actual"), line.actual),
    ):
        if day:
            parts.append(f"{label} {in_words(day)}")
    if line.slippage is not None:
        days = abs(line.slippage)
        parts.append(
            ngettext("%(n)d day after baseline", "%(n)d days after baseline", days) % {"n": line.slippage}
        )
    return ", ".join(parts)


def _headings():
    return (
        Heading(_("Milestone")),
        Heading(_("Place")),
        Heading(_("Baseline")),
        Heading(_("Planned")),
        Heading(_("Projected")),
        Heading(_("Actual")),
        Heading(_("Days after baseline"), number=True, definition=slippage_means()),
        Heading(_("State")),
    )


def slippage_means():
    return _("Calendar days from the baseline to the actual day, else to the projected, else to the planned.")


def _row(one, on):
    return (
        Cell(one.label, one.url),
        Cell(one.place),
        *(Cell(day) for day in (one.baseline, one.planned, one.projected, one.actual)),
        Cell(one.slippage),
        Cell(one.state(on)[1] if one.stands_on else _("without a date")),
    )


def _legend(milestones):
    def diamond(**paint):
        drawing = Drawing(14, 14)
        drawing.diamond(7, 7, **paint)
        return drawing.swatch()

    keys = [
        Key(diamond(fill="surface", stroke="soft"), _("baseline")),
        Key(diamond(fill="blue"), _("planned")),
        Key(diamond(fill="red"), _("past its planned day")),
        Key(diamond(fill="green"), _("reached")),
    ]
    if any(one.projected for one in milestones):
        keys.append(Key(diamond(fill="ground-amber", stroke="amber"), _("projected")))
    line = Drawing(14, 14)
    line.today(7, 0, 14)
    return (*keys, Key(line.swatch(), _("today")))
