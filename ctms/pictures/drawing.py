"""
Shapes as SVG text.

Every shape has both: attributes with the colours of the light page, for print and PDF, and classes, by which the
page colours it, in the dark too. No word reaches the text unescaped.
"""

import re
from contextlib import contextmanager
from html import escape

INK, SOFT, LINE, SURFACE, ACCENT = "ink", "soft", "line", "surface", "accent"
TONES = ("grey", "blue", "green", "amber", "red")
PALETTE = {
    INK: "#1d2630",
    SOFT: "#536170",
    LINE: "#dde1e6",
    SURFACE: "#ffffff",
    ACCENT: "#0b5c8f",
    "grey": "#5b6875",
    "blue": "#0a5a9c",
    "green": "#17643a",
    "amber": "#7a4b00",
    "red": "#a11c1c",
    "ground-grey": "#eceff2",
    "ground-blue": "#e3effa",
    "ground-green": "#e1f3e8",
    "ground-amber": "#fdf0d5",
    "ground-red": "#fce5e5",
}
# Five fillings that are told apart by their pattern as well, for stacks of up to five parts.
PATTERNS = ("solid", "rising", "dots", "falling", "cross")
FONT = "Inter, Arial, sans-serif"
TEXT, SMALL = 12, 11
# Said once for the whole drawing; a text says only in what it differs.
TYPE = f'font-family="{FONT}" font-size="{TEXT}"'
# How wide a letter is on average, in parts of the size of the type.
LETTER = 0.56
# What no XML may hold.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def safe(words):
    """Return words as they may stand in SVG, in text and in attributes."""
    return escape(FORBIDDEN.sub("", str(words)))


def shortened(words, width, size=TEXT):
    """Return the words as far as they fit into a width."""
    words, fits = str(words), max(int(width / (size * LETTER)), 1)
    return words if len(words) <= fits else f"{words[: fits - 1]}…"


def room_for(labels, *, most, fewest=40.0, size=TEXT):
    """
    Return as much room as the longest of the labels needs, within bounds: on a phone every bit of it hides the rest.

    :param labels: (words, how far they are indented)
    """
    longest = max((len(words) * size * LETTER + indent for words, indent in labels), default=0)
    return min(max(longest + 16, fewest), most)


def _number(value):
    return f"{value:.1f}".removesuffix(".0")


def _attributes(**named):
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in named.items() if value != "")


class Drawing:
    """Collects shapes and writes them as one SVG."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.parts: list[str] = []
        self.links = 0

    # --- shapes -------------------------------------------------------------------------------------

    def text(self, x, y, words, *, fill=INK, size=TEXT, anchor="", bold=False, width=None, title=""):
        """Write words; `width` shortens them and keeps the whole as their title."""
        shown = shortened(words, width, size) if width else str(words)
        title = title or (words if shown != str(words) else "")
        title = f"<title>{safe(title)}</title>" if title else ""
        weight = "600" if bold else ""
        self.parts.append(
            f"<text{_paint(fill)}{_attributes(x=_number(x), y=_number(y), text_anchor=anchor)}"
            f"{_attributes(font_size=size if size != TEXT else '', font_weight=weight)}>{title}{safe(shown)}</text>"
        )

    def line(self, x1, y1, x2, y2, *, stroke=LINE, width=1, dashes=""):
        place = _attributes(x1=_number(x1), y1=_number(y1), x2=_number(x2), y2=_number(y2))
        self.parts.append(f"<line{place}{_paint('', stroke, width, dashes)}/>")

    def today(self, x, top, bottom):
        """Draw the line of today; a picture wider than its page is shown from there."""
        place = _attributes(x1=_number(x), y1=_number(top), x2=_number(x), y2=_number(bottom))
        self.parts.append(f'<line data-today="today"{place}{_paint("", ACCENT, 1.5, "4 3")}/>')

    def rect(self, x, y, width, height, *, fill="", stroke="", dashes="", radius=0, title="", today=False):
        place = _attributes(
            x=_number(x), y=_number(y), width=_number(max(width, 0)), height=_number(max(height, 0))
        )
        corners = _attributes(rx=radius or "", data_today="today" if today else "")
        self._closed("rect", f"{place}{corners}{_paint(fill, stroke, 1.5 if stroke else 0, dashes)}", title)

    def rects(self, boxes, *, fill="none", stroke="", dashes=""):
        """Draw many rectangles, (x, y, width, height), as one shape, which says nothing and stops no pointer."""
        way = "".join(
            f"M{_number(x)} {_number(y)}h{_number(width)}v{_number(height)}h-{_number(width)}z"
            for x, y, width, height in boxes
        )
        if way:
            paint = _paint(fill, stroke, 1.5 if stroke else 0, dashes)
            self.parts.append(f'<path{paint} pointer-events="none" d="{way}"/>')

    def diamond(self, x, y, *, fill="", stroke="", size=6, title=""):
        points = ((x, y - size), (x + size, y), (x, y + size), (x - size, y))
        self.shape(points, fill=fill, stroke=stroke, title=title)

    def shape(self, points, *, fill="", stroke="", opacity="", title=""):
        paint = _paint(fill, stroke, 1.5 if stroke else 0)
        self._closed(
            "polygon", f'{paint}{_attributes(fill_opacity=opacity)} points="{_points(points)}"', title
        )

    def path(self, points, *, stroke, width=2.5, dashes=""):
        """Draw a line through points."""
        paint = _paint("none", stroke, width, dashes)
        self.parts.append(f'<polyline{paint} stroke-linejoin="round" points="{_points(points)}"/>')

    def circle(self, x, y, radius, *, fill="", stroke="", title=""):
        place = _attributes(cx=_number(x), cy=_number(y), r=_number(radius))
        self._closed("circle", f"{place}{_paint(fill, stroke, 1.5 if stroke else 0)}", title)

    def patterned(self, x, y, width, height, *, tone, pattern, title=""):
        """Draw a filled part of a stack: a tone and a pattern, so that neighbours differ without colour."""
        self.rect(x, y, width, height, fill=f"ground-{tone}" if pattern != "solid" else tone, title=title)
        if pattern != "solid":
            self._hatch(_strokes(pattern, x, y, width, height), tone)
            self.rect(x, y, width, height, fill="none", stroke=tone)

    def _hatch(self, strokes, tone):
        way = "".join(
            f"M{_number(x1)} {_number(y1)}L{_number(x2)} {_number(y2)}" for x1, y1, x2, y2 in strokes
        )
        self.parts.append(f'<path{_paint("none", tone, 1.5)} d="{way}"/>')

    def _closed(self, name, attributes, title):
        if title:
            self.parts.append(f"<{name}{attributes}><title>{safe(title)}</title></{name}>")
        else:
            self.parts.append(f"<{name}{attributes}/>")

    @contextmanager
    def link(self, url, words):
        """Draw what follows as a link with a name that can be read aloud; without an address as it is."""
        if not url:
            yield
            return
        self.links += 1
        self.parts.append(f'<a href="{safe(url)}" class="mark" aria-label="{safe(words)}">')
        yield
        self.parts.append("</a>")

    # --- the whole ----------------------------------------------------------------------------------

    def svg(self, name, title, description):
        """Return the drawing as SVG; one with links is a group of them and no single image."""
        role = "group" if self.links else "img"
        width, height = _number(self.width), _number(self.height)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" {TYPE} role="{role}" aria-labelledby="{safe(name)}-title {safe(name)}-description">'
            f'<title id="{safe(name)}-title">{safe(title)}</title>'
            f'<desc id="{safe(name)}-description">{safe(description)}</desc>{"".join(self.parts)}</svg>'
        )

    def swatch(self):
        """Return the drawing as an entry of a legend: seen, not read aloud."""
        width, height = _number(self.width), _number(self.height)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" {TYPE} aria-hidden="true" focusable="false">{"".join(self.parts)}</svg>'
        )


def _points(points):
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _paint(fill="", stroke="", width: float = 0, dashes=""):
    """Return colours twice: as attributes and as the classes the page colours by."""
    classes = [f"fill-{fill}"] if fill in PALETTE else []
    named = {"fill": PALETTE.get(fill, "none") if fill else "none"}
    if stroke:
        classes.append(f"stroke-{stroke}")
        named |= {"stroke": PALETTE[stroke], "stroke_width": _number(width), "stroke_dasharray": dashes}
    return _attributes(**{"class": " ".join(classes)}, **named)


def _strokes(pattern, x, y, width, height, gap=7):
    """Return the lines that fill a rectangle with a pattern, cut at its edges."""
    if pattern == "dots":
        rows = range(1, int(height // gap) + 1)
        return [(x, y + gap * row - gap / 2, x + width, y + gap * row - gap / 2) for row in rows]
    found = []
    if pattern in ("rising", "cross"):
        found += _slanted(x, y, width, height, gap, rising=True)
    if pattern in ("falling", "cross"):
        found += _slanted(x, y, width, height, gap, rising=False)
    return found


def _slanted(x, y, width, height, gap, *, rising):
    """Return lines of 45 degrees across a rectangle."""
    found, reach = [], width + height
    for step in range(1, min(int(reach // gap), 400) + 1):
        along = step * gap
        start = (max(along - height, 0), min(along, height))
        end = (min(along, width), max(along - width, 0))
        if rising:
            found.append((x + start[0], y + start[1], x + end[0], y + end[1]))
        else:
            found.append((x + start[0], y + height - start[1], x + end[0], y + height - end[1]))
    return found
