"""Report: one declaration that gives a report its page, its PDF, its sheet, its schedule."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from ctms.audit.as_of import count_as_of, named_as_of, rows_as_of

REPORTS: dict[str, type["Report"]] = {}
# Answered by registration: (cut) -> {"study", "short_name", "place"}, as they were called at the cut.
NAMES_OF_PLACES: list[Callable[["Cut"], dict[str, str]]] = []


@dataclass(frozen=True)
class Cut:
    """What one person may see of a study, or of one country or site of it, as it was recorded at a moment."""

    user: Any
    on: date
    moment: datetime
    study: int
    country: int | None = None
    site: int | None = None

    def rows(self, model, *permissions, leave_out=()):
        """Return the rows of the place as they stood, as instances nobody saves; one query."""
        at = {"study": self.study, "country": self.country, "site": self.site}
        return rows_as_of(self.user, model, self.moment, *permissions, at=at, leave_out=leave_out)

    def of_study(self, model, *permissions, leave_out=()):
        """Return the same of the whole study, wherever in it the report looks."""
        at = {"study": self.study}
        return rows_as_of(self.user, model, self.moment, *permissions, at=at, leave_out=leave_out)

    def named(self, model, pks):
        """Return {pk: record of the house}, such as people and organizations, as they were called then."""
        return named_as_of(model, self.moment, pks)

    def sees_all(self, model, shown):
        """True if so many rows of the study shown to the person are all there were: a plan is compared with all."""
        return count_as_of(model, self.moment, self.study) == shown

    def days_before(self, days):
        """Return the same view so many days earlier."""
        back = timedelta(days=days)
        return replace(self, on=self.on - back, moment=self.moment - back)


@dataclass(frozen=True)
class ReportColumn:
    """
    A column of a report that is a table.

    :param kind: text, day, number or late (a number that is red above nought)
    :param definition: what the figures in it mean, printed below the table
    """

    title: Any
    kind: str = "text"
    definition: Any = ""


class Report:
    """
    One report people run.

    :cvar position: among the others
    :cvar name: in the address and in each run
    :cvar what_for: one sentence for whoever chooses among the reports
    :cvar permission: needed at the place it is run for
    :cvar levels: the places it is run for
    :cvar template: the body, the same on the page and in the PDF
    :cvar landscape: how the PDF lies
    """

    name: ClassVar[str]
    title: ClassVar[Any]
    what_for: ClassVar[Any]
    permission: ClassVar[str]
    position: ClassVar[int]
    levels: ClassVar[Sequence[str]] = ("Study", "StudyCountry", "StudySite")
    template: ClassVar[str] = "reports/_rows_body.html"
    landscape: ClassVar[bool] = True

    def __init_subclass__(cls):
        if cls.name in REPORTS:
            raise TypeError(f"Two reports called {cls.name}.")
        REPORTS[cls.name] = cls

    @classmethod
    def facts(cls, cut: Cut) -> dict[str, Any]:
        """Return what the report says, as JSON keeps it: days as ISO text, amounts as text."""
        raise NotImplementedError

    @classmethod
    def reading(cls, content) -> dict[str, Any]:
        """Return what the template needs beside the facts, worked out from them alone."""
        return {}

    @classmethod
    def sheet(cls, content):
        """Return (titles, kinds, lines) of the report as a sheet; cells are those of the facts."""
        columns = content["columns"]
        lines = [[group["title"], *row["cells"]] for group in content["groups"] for row in group["rows"]]
        titles = [str(_("Group")), *(column["title"] for column in columns)]
        return titles, ["text", *(column["kind"] for column in columns)], lines


def table_of(columns, groups, *, summary=(), notes=(), empty=""):
    """
    Return the facts of a report that is a table.

    :param groups: (title, rows); a row is (cells, address of its record), a sum of rows (cells, None)
    :param summary: (label, value, definition) of the figures above it
    :param empty: what to say instead of the table when there is no row
    """
    groups = [(title, list(rows)) for title, rows in groups]
    return {
        "has_rows": any(rows for _title, rows in groups),
        "summary": [[str(part) for part in line] for line in summary],
        "columns": [
            {"title": str(one.title), "kind": one.kind, "definition": str(one.definition)} for one in columns
        ],
        "groups": [
            {
                "title": str(title),
                "rows": [
                    {"cells": list(cells), "url": url or "", "is_sum": url is None} for cells, url in rows
                ],
            }
            for title, rows in groups
        ],
        "notes": [str(note) for note in notes],
        "empty": str(empty),
    }


def in_order():
    """Return the reports there are, in the order people are offered them."""
    return sorted(REPORTS.values(), key=lambda one: one.position)


def title_of(name):
    """Return the title of a report, or its bare name once nobody declares it any more."""
    return str(REPORTS[name].title) if name in REPORTS else name


def iso(day):
    return day.isoformat() if day else None
