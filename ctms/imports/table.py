"""The bytes of a CSV file or an Excel workbook -> rows of cells, or a refusal that says why."""

import csv
import datetime
import io
import warnings
import zipfile
from dataclasses import dataclass, field

import openpyxl
from django.utils.translation import gettext as _

LARGEST_BYTES = 10 * 1024 * 1024
# A workbook is a compressed archive: a small one can unpack to more than a machine has.
LARGEST_UNPACKED_BYTES = 200 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
_DELIMITERS = (",", ";", "\t", "|")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class SheetRefused(Exception):
    """The file as a whole cannot be read or used; nothing was written. `place` is such as "row 1", or ""."""

    def __init__(self, message, place=""):
        super().__init__(message)
        self.message = str(message)
        self.place = place


@dataclass(frozen=True)
class CellError:
    """A cell that holds no value: a formula without a result, or one that failed."""

    sentence: str


@dataclass
class Table:
    """Rows with the numbers a person sees beside them; the first is the header. Notes say what was assumed."""

    rows: list[tuple[int, list]]
    notes: list[str] = field(default_factory=list)


def read_table(data):
    """
    Return the rows that are not empty, recognised by what the file holds and never by its name.

    :raises SheetRefused: with a sentence
    """
    if len(data) > LARGEST_BYTES:
        raise SheetRefused(
            _("The file has %(size).1f MB; sheets of up to %(most)d MB are read.")
            % {"size": len(data) / 1024 / 1024, "most": LARGEST_BYTES // 1024 // 1024}
        )
    if not data.strip():
        raise SheetRefused(_("The file is empty."))
    table = _read_workbook(data) if data.startswith(b"PK\x03\x04") else _read_text(data)
    if not table.rows:
        raise SheetRefused(_("The file holds no rows."))
    return table


def _keep(numbered_rows):
    """Keep what is not empty, and refuse what is no sheet for people any more."""
    kept = []
    for number, cells in numbered_rows:
        while cells and cells[-1] in (None, ""):
            cells = cells[:-1]
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise SheetRefused(
                _("The row has %(count)d columns; up to %(most)d are read.")
                % {"count": len(cells), "most": MOST_COLUMNS},
                f"row {number}",
            )
        if len(kept) > MOST_ROWS:
            raise SheetRefused(_("The file has more than %d rows.") % MOST_ROWS)
        kept.append((number, cells))
    return kept


# --- text ------------------------------------------------------------------------------------------------


def _read_text(data):
    text, notes = _decode(data)
    if "\x00" in text:
        raise SheetRefused(_("The file is neither a table as text (CSV) nor an Excel workbook (xlsx)."))
    delimiter, text = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = _keep((number, [_trimmed(cell) for cell in cells]) for number, cells in enumerate(reader, 1))
    except csv.Error as broken:
        raise SheetRefused(_("The table is broken: %s.") % broken, f"line {reader.line_num}") from None
    return Table(rows, notes)


def _decode(data):
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), []
            except UnicodeDecodeError as broken:
                sentence = _("The file begins as %s and is damaged further on.") % encoding.upper()
                raise SheetRefused(sentence, f"byte {broken.start}") from None
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        pass  # what Excel on Windows saves as "CSV" in Western Europe and America
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as broken:
        raise SheetRefused(_("The file is not text in UTF-8."), f"byte {broken.start}") from None
    note = _("The file is not UTF-8; it was read as Windows-1252. Look at the letters with accents.")
    return text, [note]


def _delimiter(text):
    """Return what separates the cells, and the text without Excel's line `sep=;` that says so."""
    first, _break, rest = text.partition("\n")
    said = first.strip()
    if said.lower().startswith("sep=") and len(said) == len("sep=") + 1:
        # The line is kept empty, so that the rows keep their numbers.
        return said[-1], f"\n{rest}"
    header = next((line for line in text.splitlines() if line.strip()), "")
    outside_quotes = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=outside_quotes.count), text


def _trimmed(cell):
    return cell.replace("\xa0", " ").strip()


# --- workbooks -------------------------------------------------------------------------------------------


def _read_workbook(data):
    _refuse_bombs(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # drop-down lists that openpyxl does not know
            values = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            formulas = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
        filled = [name for name in values.sheetnames if _has_rows(values[name])]
        if not filled:
            return Table([])
        pairs = zip(values[filled[0]].iter_rows(), formulas[filled[0]].iter_rows(), strict=True)
        rows = _keep(
            (number, [_cell_value(value, formula) for value, formula in zip(*row, strict=False)])
            for number, row in enumerate(pairs, 1)
        )
    except SheetRefused:
        raise
    except Exception as broken:
        # openpyxl raises whatever its parts raise: KeyError, ValueError, BadZipFile, ParseError …
        raise SheetRefused(_("The workbook cannot be opened: it is damaged or no Excel file.")) from broken
    notes = [_("Only the sheet “%s” was read.") % filled[0]] if len(filled) > 1 else []
    return Table(rows, notes)


def _refuse_bombs(data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError) as broken:
        raise SheetRefused(_("The workbook cannot be opened: it is damaged or no Excel file.")) from broken
    if unpacked > LARGEST_UNPACKED_BYTES:
        raise SheetRefused(
            _("The workbook unpacks to more than %d MB.") % (LARGEST_UNPACKED_BYTES // 1024 // 1024)
        )


def _has_rows(sheet):
    rows = getattr(sheet, "iter_rows", None)  # a chart sheet has none
    return rows is not None and any(cell not in (None, "") for row in rows(values_only=True) for cell in row)


def _cell_value(value, formula):
    """What a person sees in the cell, as a value: text, number, true or false, date."""
    shown = value.value
    if getattr(formula, "data_type", None) == "f" and shown is None:
        return CellError(_("holds a formula whose result was never saved; open and save the file in Excel"))
    if getattr(value, "data_type", None) == "e":
        return CellError(_("holds the error %s") % shown)
    if isinstance(shown, str):
        return _trimmed(shown)
    if isinstance(shown, float) and shown.is_integer():
        return int(shown)
    if isinstance(shown, datetime.datetime) and shown.time() == datetime.time():
        return shown.date()
    return shown
