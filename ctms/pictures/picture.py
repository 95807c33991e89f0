"""What every picture is: the drawing, what it is called, what it says in words, and the table behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise

NONE_SHOWN = "—"
# Words may be translated only when they are shown.
Words = str | Promise


def in_words(value: Any) -> str:
    """Return a value as the table and the titles of marks say it: the same words in both."""
    if value is None or value == "":
        return NONE_SHOWN
    if isinstance(value, date):
        return value.strftime("%-d %b %Y")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return str(value)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


@dataclass(frozen=True)
class Cell:
    """A value of the table, and the address of the rows it stands for."""

    value: Any
    url: str = ""
    words: str = ""

    @property
    def text(self):
        return self.words or in_words(self.value)

    @property
    def number(self):
        return is_number(self.value)


@dataclass(frozen=True)
class Heading:
    """The head of a column; the definition is one for the number in the whole product."""

    text: str
    number: bool = False
    definition: Words = ""


@dataclass(frozen=True)
class Key:
    """One entry of the legend: a small drawing of the mark and what it means."""

    svg: str
    label: str
    definition: Words = ""


@dataclass(frozen=True)
class Picture:
    """
    A drawing with its words; `rows` hold the very numbers that were drawn.

    :param name: in the ids of the page; two pictures of one page have two names
    :param empty: the sentence said instead of the drawing when there is nothing to draw
    :param wide: follows the width of the page; else it has the width it was drawn with
    """

    name: str
    title: str
    description: str
    svg: str = ""
    headings: Sequence[Heading] = ()
    rows: Sequence[Sequence[Cell]] = ()
    legend: Sequence[Key] = field(default_factory=tuple)
    empty: str = ""
    wide: bool = True

    @property
    def values(self):
        """The bare values of the table, row by row."""
        return [[cell.value for cell in row] for row in self.rows]
