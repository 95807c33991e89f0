"""Places by kinds as a grid: every cell filled as far as it is complete, with its number in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .drawing import LINE, SOFT, Drawing, room_for
from .picture import Cell, Heading, Key, Picture

CELL, ROW, HEAD, FILL, INDENT = 74, 32, 30, 6, 12
FEWEST, MOST = 80, 260
Box = tuple[float, float, float, float]
# tone -> (the whole bar, as much of it as is filled)
Bars = dict[str, list[tuple[Box, Box]]]


@dataclass(frozen=True)
class Share:
    """
    So many of so many; the colour says whether something is missing, the number says it too.

    :param url: what the cell opens: what is missing
    :param rows_url: what the number counts, opened from the table; the same where not said
    """

    done: int
    of: int
    url: str = ""
    rows_url: str = ""

    @property
    def tone(self):
        """Green when all is there, amber when some is missing, red when less than half is there."""
        if self.done >= self.of:
            return "green"
        return "amber" if 2 * self.done >= self.of else "red"

    @property
    def text(self):
        return f"{self.done}/{self.of}"


@dataclass(frozen=True)
class Column:
    """A column with a short head; `label` is its whole name."""

    short: str
    label: str


@dataclass(frozen=True)
class Row:
    """A place with a cell a column; None where nothing is to be there."""

    label: str
    cells: Sequence[Share | None]
    url: str = ""
    level: int = 0


def grid(*, name, title, description, columns: Sequence[Column], rows: Sequence[Row], first="", empty=""):
    """Return the grid as a Picture; it keeps the width it needs and scrolls where that is too wide."""
    said = {
        "name": name,
        "title": title,
        "description": description,
        "headings": [Heading(first), *(Heading(one.short, True, one.label) for one in columns)],
        "rows": [_row(row) for row in rows],
        "wide": False,
    }
    if not columns or not any(cell is not None and cell.of for row in rows for cell in row.cells):
        return Picture(**said, empty=empty or _("There is nothing to draw yet."))
    labels = room_for([(row.label, INDENT * row.level) for row in rows], fewest=FEWEST, most=MOST)
    drawing = Drawing(labels + CELL * len(columns), HEAD + ROW * len(rows) + 2)
    for place, column in enumerate(columns):
        x = labels + CELL * place + CELL / 2
        drawing.text(
            x,
            HEAD - 10,
            column.short,
            fill=SOFT,
            size=11,
            anchor="middle",
            bold=True,
            width=CELL - 6,
            title=column.label,
        )
    empty_boxes: list[Box] = []
    bars: Bars = {}
    for place, row in enumerate(rows):
        _draw_row(drawing, row, columns, HEAD + ROW * place, labels, empty_boxes, bars)
    drawing.rects(empty_boxes, stroke=LINE, dashes="2 3")
    _draw_bars(drawing, bars)
    return Picture(**said, svg=drawing.svg(name, title, description), legend=_legend())


def _draw_row(drawing, row, columns, y, labels, empty_boxes, bars):
    indent, said = INDENT * row.level, _("%(column)s: %(done)d of %(of)d")
    with drawing.link(row.url, row.label):
        drawing.text(indent, y + ROW / 2 + 4, row.label, width=labels - indent - 10, bold=not row.level)
    for place, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
        x = labels + CELL * place
        if cell is None or not cell.of:
            empty_boxes.append((x + 2, y + 2, CELL - 4, ROW - 4))
            continue
        words = said % {"column": column.label, "done": cell.done, "of": cell.of}
        with drawing.link(cell.url, f"{row.label}, {words}"):
            _draw_cell(drawing, cell, x + 2, y + 2, words, bars)


def _draw_cell(drawing, cell, x, y, words, bars):
    """Draw the ground and the number of a cell; its bar joins those of its tone, which are drawn together."""
    width, height, tone = CELL - 4, ROW - 4, cell.tone
    drawing.rect(x, y, width, height, fill=f"ground-{tone}", radius=3, title=words)
    drawing.text(x + width / 2, y + height / 2 + 2, cell.text, fill=tone, anchor="middle", bold=True)
    share = min(max(cell.done / cell.of, 0), 1)
    bar = (x, y + height - FILL + 1, width, FILL - 1)
    bars.setdefault(tone, []).append((bar, (bar[0], bar[1], width * share, bar[3])))


def _draw_bars(drawing, bars):
    for tone, pairs in bars.items():
        drawing.rects([whole for whole, _filled in pairs], fill="surface", stroke=tone)
        drawing.rects([filled for _whole, filled in pairs], fill=tone)


def _row(row):
    cells = [
        Cell(None) if cell is None or not cell.of else Cell(cell.done, cell.rows_url or cell.url, cell.text)
        for cell in row.cells
    ]
    return [Cell(row.label, row.url), *cells]


def _legend():
    keys = []
    for done, label in (
        (4, _("everything due is there")),
        (3, _("some is missing")),
        (1, _("less than half is there")),
    ):
        drawing, bars = Drawing(CELL, ROW), {}
        _draw_cell(drawing, Share(done, 4), 2, 2, "", bars)
        _draw_bars(drawing, bars)
        keys.append(Key(drawing.swatch(), label))
    return tuple(keys)
