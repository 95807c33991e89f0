"""Export exactly the rows on the page, to CSV or XLSX; longer lists become a job with progress."""

import csv
import io
import re
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from ctms.files.models import AccessKind
from ctms.files.storing import log_access

from .columns import NONE_SHOWN, as_column

AT_ONCE = 2_000
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
NOT_IN_A_SHEET_NAME = re.compile(r"[\\/*?:\[\]]")
# What a spreadsheet would run as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def cell(column, record):
    """Return what goes into a cell: numbers and dates as such, words harmless."""
    value = column.value(record)
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, date | int | float | Decimal) and not isinstance(value, bool):
        owner, name = column.owner(record), column.path.rsplit("__", 1)[-1]
        if not hasattr(owner, f"get_{name}_display"):
            return value
    text = column.text(record)
    return harmless("" if text == NONE_SHOWN else text)


def harmless(text):
    """Put an apostrophe before text a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_rows(listing, rows, kind, *, columns=None, progress=None):
    """
    Return the bytes of the export of `rows`, an already narrowed and filtered queryset.

    :param columns: those shown; None = those the list shows by itself
    """
    columns = columns or [as_column(spec) for spec in listing.columns]
    titles = [column.title(listing.record.model) for column in columns]

    def lines():
        for number, record in enumerate(rows.iterator(chunk_size=1000), start=1):
            if progress and number % 500 == 0:
                progress(number)
            yield [cell(column, record) for column in columns]

    return write_table(str(listing.title), titles, lines(), kind)


def write_table(title, titles, lines, kind):
    """Return the bytes of a table that is no listing: `lines` are numbers, dates and words."""
    harmless_lines = ([harmless(one) if isinstance(one, str) else one for one in line] for line in lines)
    return _csv(titles, harmless_lines) if kind == "csv" else _xlsx(title, titles, harmless_lines)


def _csv(titles, lines):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(titles)
    for line in lines:
        writer.writerow([value.isoformat() if isinstance(value, date) else value for value in line])
    # The mark tells Excel that this is UTF-8.
    return ("\ufeff" + text.getvalue()).encode()


def _xlsx(title, titles, lines):
    book = Workbook(write_only=True)
    sheet = book.create_sheet(NOT_IN_A_SHEET_NAME.sub(" ", title)[:31])
    sheet.freeze_panes = "A2"
    heads = []
    for name in titles:
        head = WriteOnlyCell(sheet, value=name)
        head.font = Font(bold=True)
        heads.append(head)
    sheet.append(heads)
    for line in lines:
        sheet.append(line)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def remember_export(user, listing, query, count, *, study=None):
    """An export takes content out of the system: who, what, how much; of which study, if it was of one."""
    detail = f"{count} rows ?{query}"
    log_access(AccessKind.EXPORT, user=user, record=f"{listing.name}", detail=detail, study=study)
