"""What a section of the first page is made of."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class WorkItem:
    """One thing to do: the record it is about, what about it, and how it stands."""

    title: str
    url: str
    detail: str = ""
    term: str = ""
    pace: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class Section:
    """
    A kind of work, with the sentence for when there is none.

    :param total: how many there are, where `items` are only the most urgent; None = these are all
    :param url: the list of all of them
    """

    title: str
    items: list[WorkItem] = field(default_factory=list)
    empty: str = ""
    total: int | None = None
    url: str = ""

    @property
    def count(self):
        return len(self.items) if self.total is None else self.total

    @property
    def has_more(self):
        return bool(self.url) and self.count > len(self.items)


@dataclass(frozen=True)
class Cell:
    """One cell of a table on the first page: its words, the address of the rows behind, its colour if any."""

    text: str
    url: str = ""
    tone: str = ""
    number: bool = False


def days_ago(days):
    """Return how long ago a day is, in words."""
    return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days} if days else _("today")


@dataclass(frozen=True)
class Heading:
    """The head of a column; `definition` says what is counted where the words do not."""

    words: str
    definition: str = ""
    number: bool = False


@dataclass(frozen=True)
class Table:
    """
    What is compared is a table: a line a site, a person, a country; the first cell opens the line's record.

    :param total: how many there are, where `rows` are only the first; None = these are all
    :param url: the list of all of them
    """

    title: str
    headings: list[Heading]
    rows: list[list[Cell]]
    empty: str = ""
    total: int | None = None
    url: str = ""

    @property
    def count(self):
        return len(self.rows) if self.total is None else self.total

    @property
    def has_more(self):
        return bool(self.url) and self.count > len(self.rows)
