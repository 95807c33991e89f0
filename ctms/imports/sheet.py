"""Sheet: declare the columns, and a CSV or XLSX file comes in whole or not at all.

    class MilestoneSheet(Sheet):
        name, collection, natural_key = "Milestones", "milestones", ("name", "site")
        columns = (Column("name", _("Name"), text(200), required=True), Column("planned", _("Planned"), day))

        def write(self, row): ...

A sheet is brought as often as one likes: a row whose natural key is there already is brought up to date.
"""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from ctms.audit.context import acting_as, coming_through, current_through
from ctms.workflow.declare import TransitionRefused

from .cells import CellRefused
from .models import ImportRun
from .table import CellError, SheetRefused, read_table


@dataclass(frozen=True)
class Column:
    """
    One column: `parse` turns a cell into a value or raises CellRefused.

    An empty cell is None and leaves the record as it is.
    """

    name: str
    header: Any  # words, maybe translated when shown
    parse: Callable[[Any], Any]
    required: bool = False
    aliases: tuple[str, ...] = ()

    def is_called(self, said):
        return _plain(said) in {_plain(name) for name in (self.header, self.name, *self.aliases)}


class Done(StrEnum):
    """What became of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class RowRefused(Exception):
    """A row cannot be written; `column` is the name of the column at fault, or ""."""

    def __init__(self, sentence, column=""):
        super().__init__(sentence)
        self.sentence = str(sentence)
        self.column = column


@dataclass(frozen=True)
class RowError:
    row: int
    column: str  # its header, or "" when the row as a whole is meant
    sentence: str

    def __str__(self):
        column = _(", column %s") % self.column if self.column else ""
        return _("row %(row)d%(column)s: %(sentence)s") % {
            "row": self.row, "column": column, "sentence": self.sentence
        }  # fmt: skip


@dataclass(frozen=True)
class Row:
    number: int
    values: dict

    def __getitem__(self, name):
        return self.values[name]

    def stated(self):
        """The values of the cells that are not empty."""
        return {name: value for name, value in self.values.items() if value is not None}


@dataclass
class SheetReport:
    """With errors, nothing was written."""

    counts: dict[str, int] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dry_run: bool = False

    @property
    def unchanged(self):
        return not (self.counts.get(Done.CREATED) or self.counts.get(Done.UPDATED))


class _TakenBack(Exception):
    """A rehearsal, or a row that could not be written: undo all of them."""


class Sheet:
    """A kind of sheet; an instance is made for one import and may hold what its rows have in common."""

    name: ClassVar[str]
    collection: ClassVar[str]  # what ImportRun counts the records as, such as "milestones"
    columns: ClassVar[tuple[Column, ...]]
    natural_key: ClassVar[tuple[str, ...]]

    def prepare(self, actor):
        """Read once what every row is compared with. Raise PermissionDenied if the actor may not at all."""

    def write(self, row, *, actor, reason):
        """Make or change the record of a row; returns Done, raises RowRefused."""
        raise NotImplementedError

    def bring(self, *, actor, data, file_name, dry_run=False):
        """
        Import the file, all or nothing; returns a SheetReport.

        :raises SheetRefused: the file as a whole cannot be read
        :raises PermissionDenied: the actor may not
        """
        rows, report = self.read(data)
        report.dry_run = dry_run
        file_name = file_name.replace("\\", "/").rpartition("/")[2][:255] or self.name
        try:
            with coming_through("import", current_through().address), acting_as(actor, reason=file_name):
                self.prepare(actor)
                if not report.errors:
                    self._write_all(rows, report, actor, file_name)
                if report.errors or dry_run:
                    raise _TakenBack
                self._remember(report, actor, data, file_name)
        except _TakenBack:
            pass
        if report.errors:
            report.counts = {}
        return report

    def read(self, data):
        """Return the rows that could be read, and the report with an error for each cell that could not."""
        table = read_table(data)
        report = SheetReport(notes=list(table.notes))
        (header_number, header), *body = table.rows
        placed = self._place_columns(header, header_number, report)
        rows, seen = [], {}
        for number, cells in body:
            row = self._read_row(number, cells, placed, len(header), report)
            if row is not None and self._is_first(row, seen, report):
                rows.append(row)
        if not body:
            raise SheetRefused(_("The file has a header and no rows."))
        return rows, report

    def _place_columns(self, header, number, report):
        """Return {position: column}; columns nobody knows are noted and left out."""
        placed, place = {}, f"row {number}"
        for position, said in enumerate(header):
            column = next((c for c in self.columns if c.is_called(said)), None) if said else None
            if column is not None and column in placed.values():
                raise SheetRefused(_("Two columns are called %s.") % column.header, place)
            if column is not None:
                placed[position] = column
            elif said:
                report.notes.append(_("The column “%s” is not known; it was left out.") % said)
        missing = [str(c.header) for c in self.columns if c.required and c not in placed.values()]
        if missing:
            headers = ", ".join(str(column.header) for column in self.columns)
            raise SheetRefused(
                _("There is no column %(missing)s. The first row names the columns: %(headers)s.")
                % {"missing": ", ".join(missing), "headers": headers},
                place,
            )
        return placed

    def _read_row(self, number, cells, placed, width, report):
        values, errors = dict.fromkeys(column.name for column in self.columns), []
        for position, column in placed.items():
            cell = cells[position] if position < len(cells) else None
            try:
                values[column.name] = self._value(cell, column)
            except CellRefused as refused:
                errors.append(RowError(number, str(column.header), str(refused)))
        if len(cells) > width:
            # Most often an unquoted comma in a text: every cell after it is in the wrong column.
            errors.append(RowError(number, "", _("the row has more cells than the header")))
        report.errors += errors
        return None if errors else Row(number, values)

    @staticmethod
    def _value(cell, column):
        if isinstance(cell, CellError):
            raise CellRefused(cell.sentence)
        if cell is None or cell == "":
            if column.required:
                raise CellRefused(_("is empty and must not be"))
            return None
        return column.parse(cell)

    def _is_first(self, row, seen, report):
        key = tuple(_plain(row[name]) for name in self.natural_key)
        if key in seen:
            sentence = _("is the same record as row %d") % seen[key]
            report.errors.append(RowError(row.number, "", sentence))
            return False
        seen[key] = row.number
        return True

    def _write_all(self, rows, report, actor, reason):
        """Write every row, so that one file's errors are told at once; each in a savepoint of its own."""
        done = Counter()
        for row in rows:
            try:
                with transaction.atomic():
                    done[str(self.write(row, actor=actor, reason=reason))] += 1
            except RowRefused as refused:
                report.errors.append(RowError(row.number, self._header_of(refused.column), refused.sentence))
            except TransitionRefused as refused:
                report.errors.append(RowError(row.number, "", refused.sentence))
            except ValidationError as refused:
                report.errors += self._errors_of(row, refused)
            except (IntegrityError, DataError) as refused:
                sentence = str(refused).strip().split("\n")[0]
                report.errors.append(RowError(row.number, "", sentence))
        report.counts = dict(done)

    def _header_of(self, name):
        return next((str(column.header) for column in self.columns if column.name == name), "")

    def _errors_of(self, row, refused):
        if not hasattr(refused, "error_dict"):
            return [RowError(row.number, "", " ".join(refused.messages))]
        return [
            RowError(row.number, self._header_of(name), " ".join(messages))
            for name, messages in refused.message_dict.items()
        ]

    def _remember(self, report, actor, data, file_name):
        """Keep the report of the import (compliance row 42)."""
        counts = {done: report.counts.get(done, 0) for done in (Done.CREATED, Done.UPDATED)}
        ImportRun.objects.create(
            kind=self.name,
            file_name=file_name,
            sha256=hashlib.sha256(data).hexdigest(),
            actor=actor,
            created={self.collection: counts[Done.CREATED]} if counts[Done.CREATED] else {},
            updated={self.collection: counts[Done.UPDATED]} if counts[Done.UPDATED] else {},
            unresolved=report.notes,
        )


def _plain(value):
    return " ".join(str("" if value is None else value).casefold().replace("_", " ").split())
