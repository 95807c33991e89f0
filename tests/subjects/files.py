"""Small files of subjects and visits in every format, made up here. Nothing in them is from a real study."""

from __future__ import annotations

import csv
import io
import json
import struct

import openpyxl

from subjects.imports import BroughtFile

SUBJECTS = [
    [
        "Subject",
        "Site",
        "Sex",
        "Age",
        "Consent date",
        "Randomised",
        "First dose",
        "End of study",
        "Status",
        "Arm",
    ],
    ["2003-001", "2003", "F", "61", "2026-01-12", "2026-01-26", "2026-01-26", "", "On treatment", "Active"],
    [
        "2003-002",
        "2003",
        "M",
        "45",
        "2026-01-13",
        "2026-01-27",
        "2026-01-28",
        "2026-03-03",
        "Completed",
        "Placebo",
    ],
    ["1001-001", "1001", "F", "33", "2026-01-14", "", "", "", "In screening", ""],
]
VISITS = [
    ["Subject", "Visit", "Visit date", "Status"],
    ["2003-001", "Screening", "2026-01-12", "Occurred"],
    ["2003-001", "Day 1", "2026-01-26", "Occurred"],
    ["2003-002", "Screening", "2026-01-13", "Occurred"],
    ["2003-002", "Week 2", "", "Missed"],
    ["1001-001", "Unscheduled", "2026-01-20", "Occurred"],
]
DM = (
    ["STUDYID", "DOMAIN", "USUBJID", "SUBJID", "SITEID", "SEX", "AGE", "AGEU", "RFICDTC", "RFXSTDTC", "RFXENDTC",
     "DTHFL", "ARMCD", "ARM", "COUNTRY"],
    [
        ["T1", "DM", "T1-001", "001", "2003", "F", 61, "YEARS", "2026-01-12", "2026-01-26", "", "", "A", "Active",
         "ESP"],
        ["T1", "DM", "T1-002", "002", "2003", "M", 45, "YEARS", "2026-01-13", "", "", "", "Scrnfail", "Screen Failure",
         "ESP"],
        ["T1", "DM", "T1-003", "003", "1001", "F", 33, "YEARS", "2026-01-14", "2026-01-28", "2026-03-01", "Y", "P",
         "Placebo", "DEU"],
    ],
)  # fmt: skip
SV = (
    ["STUDYID", "DOMAIN", "USUBJID", "VISITNUM", "VISIT", "SVSTDTC"],
    [
        ["T1", "SV", "T1-001", 1, "Screening", "2026-01-12"],
        ["T1", "SV", "T1-001", 2, "Day 1", "2026-01-26"],
        ["T1", "SV", "T1-001", 2.1, "UNSCHEDULED 2.1", "2026-01-29"],
        ["T1", "SV", "T1-003", 1, "Screening", "2026-01-14T09:30"],
    ],
)
DS = (
    ["STUDYID", "DOMAIN", "USUBJID", "DSDECOD", "DSCAT", "DSSTDTC"],
    [
        ["T1", "DS", "T1-002", "SCREEN FAILURE", "DISPOSITION EVENT", "2026-01-20"],
        ["T1", "DS", "T1-003", "DEATH", "DISPOSITION EVENT", "2026-03-01"],
        ["T1", "DS", "T1-003", "FINAL LAB VISIT", "OTHER EVENT", "2026-03-01"],
    ],
)
SDTM = {"dm": DM, "sv": SV, "ds": DS}


def as_csv(rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def as_xlsx(rows):
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def as_json(name, columns, rows):
    described = [{"itemOID": f"{name}.{c}", "name": c, "label": c, "dataType": "string"} for c in columns]
    head = {"datasetJSONVersion": "1.1.0", "name": name.upper(), "records": len(rows), "columns": described}
    return json.dumps({**head, "rows": rows}).encode()


def as_ndjson(name, columns, rows):
    head = json.loads(as_json(name, columns, rows))
    head.pop("rows")
    return "\n".join(json.dumps(line) for line in (head, *rows)).encode()


def as_xpt(name, columns, rows):
    """Write a SAS transport file of version 5."""
    lengths = [
        8 if isinstance(rows[0][at], int | float) else max(1, *(len(str(row[at]).encode()) for row in rows))
        for at in range(len(columns))
    ]
    header = "HEADER RECORD*******{:8}HEADER RECORD!!!!!!!".format
    out = [
        *(
            _record(text)
            for text in (header("LIBRARY") + "0" * 30, "SAS     SAS     SASLIB  9.4", "01JAN26:00:00:00")
        ),
        _record(header("MEMBER") + "000000000000000001600000000140"),
        _record(header("DSCRPTR") + "0" * 30),
        _record(f"SAS     {name.upper():8}SASDATA 9.4"),
        _record("01JAN26:00:00:00"),
        _record(f"{header('NAMESTR')}000000{len(columns):04}" + "0" * 20),
    ]
    names, position = b"", 0
    for number, (column, length) in enumerate(zip(columns, lengths, strict=True)):
        numeric = isinstance(rows[0][number], int | float)
        head = struct.pack(">hhhh", 1 if numeric else 2, 0, length, number + 1)
        names += (head + column.ljust(8).encode() + column.ljust(40).encode() + b" " * 28
                  + struct.pack(">l", position) + b"\x00" * 52)  # fmt: skip
        position += length
    out += [_filled(names), _record("HEADER RECORD*******OBS     HEADER RECORD!!!!!!!" + "0" * 30)]
    body = b"".join(
        _ibm(cell) if isinstance(cell, int | float) else str(cell).encode().ljust(length)
        for row in rows
        for cell, length in zip(row, lengths, strict=True)
    )
    return b"".join([*out, _filled(body)])


def _record(text):
    return text.encode().ljust(80)


def _filled(data):
    return data + b" " * (-len(data) % 80)


def _ibm(value):
    """An IBM hexadecimal floating point number of eight bytes."""
    if not value:
        return b"\x00" * 8
    exponent, fraction = 64, abs(float(value))
    while fraction >= 1:
        fraction, exponent = fraction / 16, exponent + 1
    while fraction < 1 / 16:
        fraction, exponent = fraction * 16, exponent - 1
    return bytes([exponent | (0x80 if value < 0 else 0)]) + int(fraction * 2**56).to_bytes(7, "big")


def sdtm(kind):
    """Return DM, SV and DS in one of the formats: xpt, json, ndjson, csv."""
    write = {"xpt": as_xpt, "json": as_json, "ndjson": as_ndjson}
    if kind == "csv":
        return [BroughtFile(f"{n}.csv", as_csv([columns, *rows])) for n, (columns, rows) in SDTM.items()]
    return [BroughtFile(f"{n}.{kind}", write[kind](n, *table)) for n, table in SDTM.items()]


def sheets(kind):
    """Return the sheets of subjects and visits as csv or xlsx."""
    write = {"csv": as_csv, "xlsx": as_xlsx}[kind]
    return [BroughtFile(f"subjects.{kind}", write(SUBJECTS)), BroughtFile(f"visits.{kind}", write(VISITS))]
