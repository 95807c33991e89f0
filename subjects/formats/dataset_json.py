"""CDISC Dataset-JSON 1.0 and 1.1, as one document (json) or a line a row (ndjson): the bytes -> Datasets."""

import json

from .dataset import LARGEST_BYTES, MOST_COLUMNS, MOST_ROWS, Dataset, DatasetRefused

_DEEPEST = 40


def is_dataset_json(data):
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def read_dataset_json(data):
    """
    Return the data sets of the file.

    :raises DatasetRefused: no JSON, or JSON that is no data set
    """
    if len(data) > LARGEST_BYTES:
        raise DatasetRefused(f"The file has more than {LARGEST_BYTES // 1024 // 1024} MB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        raise DatasetRefused("The file is not text in UTF-8.", f"byte {broken.start}") from None
    try:
        document = _loads(text)
    except DatasetRefused:
        lines = text.splitlines()
        if len(lines) > 1 and _is_header(lines[0]):
            return [_lines(lines)]
        raise
    if not isinstance(document, dict):
        raise DatasetRefused("The file is JSON and no Dataset-JSON.")
    if isinstance(document.get("columns"), list):
        return [_data_set(document)]
    inside = [
        part
        for key in ("clinicalData", "referenceData")
        if isinstance(document.get(key), dict) and isinstance(document[key].get("itemGroupData"), dict)
        for part in document[key]["itemGroupData"].values()
    ]
    if not inside:
        raise DatasetRefused("The file is JSON and no Dataset-JSON: it names no columns.")
    return [_data_set(part) for part in inside if isinstance(part, dict)]


def _loads(text):
    try:
        return json.loads(text, parse_constant=_no_number)
    except RecursionError:
        raise DatasetRefused("The file is nested too deeply.") from None
    except ValueError as broken:
        place = f"line {broken.lineno}" if isinstance(broken, json.JSONDecodeError) else ""
        raise DatasetRefused("The file is damaged: it is not JSON.", place) from None


def _no_number(said):
    raise ValueError(said)


def _is_header(line):
    try:
        document = _loads(line)
    except DatasetRefused:
        return False
    return isinstance(document, dict) and isinstance(document.get("columns"), list)


def _lines(lines):
    header = _loads(lines[0])
    rows = []
    for number, line in enumerate(lines[1:], 2):
        if line.strip():
            try:
                rows.append(_loads(line))
            except DatasetRefused as broken:
                raise DatasetRefused(broken.message, f"line {number}") from None
    return _data_set({**header, "rows": rows})


def _data_set(document):
    columns = document.get("columns", document.get("items"))
    rows = document.get("rows", document.get("itemData", []))
    if not isinstance(columns, list) or not isinstance(rows, list):
        raise DatasetRefused("The file is JSON and no Dataset-JSON: it names no columns.")
    if not 0 < len(columns) <= MOST_COLUMNS:
        raise DatasetRefused(f"The data set has {len(columns)} columns; up to {MOST_COLUMNS} are read.")
    if len(rows) > MOST_ROWS:
        raise DatasetRefused(f"The data set has more than {MOST_ROWS} rows.")
    names = [_column_name(column, number) for number, column in enumerate(columns, 1)]
    if len(set(names)) != len(names):
        raise DatasetRefused("Two columns of the data set have one name.")
    stated = document.get("records")
    if isinstance(stated, int) and not isinstance(stated, bool) and stated != len(rows):
        raise DatasetRefused(
            f"The file says it has {stated} rows and has {len(rows)}: a part of it is missing."
        )
    name = document.get("name")
    return Dataset(
        name.strip().upper() if isinstance(name, str) else "",
        names,
        [_row(row, names, number) for number, row in enumerate(rows, 1)],
    )


def _column_name(column, number):
    name = column.get("name") if isinstance(column, dict) else None
    if not isinstance(name, str) or not name.strip():
        raise DatasetRefused("A column of the data set has no name.", f"column {number}")
    return name.strip().upper()


def _row(row, names, number):
    if not isinstance(row, list) or len(row) != len(names):
        raise DatasetRefused("A row has not one value for each column.", f"row {number}")
    return [_cell(value, number) for value in row]


def _cell(value, number):
    if isinstance(value, str):
        # Half a pair of surrogates is no letter, and no database keeps it.
        return value.encode("utf-8", "replace").decode("utf-8").replace("\x00", "").strip()
    if value is None or isinstance(value, int | float):
        return value
    raise DatasetRefused("A cell of the data set is neither text nor number.", f"row {number}")
