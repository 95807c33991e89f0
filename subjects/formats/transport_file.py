"""
SAS transport files, version 5 (XPT): the bytes -> Datasets.

Written here although a library exists: pyreadstat wants a file on disk and pandas beside it, turns dates into objects
of its own, and is C that reads what strangers send, inside the web process. The format is eighty bytes a record, fixed
since 1989 (SAS TS-140), and takes less code than guarding the other would. The tests compare both.
"""

import math
import re
import struct

from .dataset import LARGEST_BYTES, MOST_COLUMNS, MOST_ROWS, Dataset, DatasetRefused

RECORD = 80
_LIBRARY = b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"
_MEMBER = b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!"
_NAMES = b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!"
_OBSERVATIONS = b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!"
_VERSION_8 = b"HEADER RECORD*******LIBV8   HEADER RECORD!!!!!!!"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,31}$")
NUMERIC, CHARACTER = 1, 2


def is_transport_file(data):
    return data.startswith((_LIBRARY, _VERSION_8))


def read_transport_file(data):
    """
    Return the data sets of the file, in their order.

    :raises DatasetRefused: damaged, of another version, or larger than anybody sends
    """
    if len(data) > LARGEST_BYTES:
        raise DatasetRefused(f"The transport file has more than {LARGEST_BYTES // 1024 // 1024} MB.")
    if data.startswith(_VERSION_8):
        raise DatasetRefused("This is a transport file of version 8; send version 5, as authorities ask for.")
    starts = list(_headers(data, _MEMBER))
    if not starts:
        raise DatasetRefused("The transport file holds no data set.")
    return [_member(data, start, end) for start, end in zip(starts, [*starts[1:], len(data)], strict=True)]


def _headers(data, header):
    at = data.find(header)
    while at != -1:
        if at % RECORD == 0:
            yield at
        at = data.find(header, at + 1)


def _member(data, start, end):
    descriptor_size = _number(data[start + 74 : start + 78], "member header")
    if descriptor_size not in (136, 140):
        raise DatasetRefused(
            "The transport file is damaged: its columns have no known size.", "member header"
        )
    name = _text(data[start + 2 * RECORD + 8 : start + 2 * RECORD + 16])
    names_at = start + 4 * RECORD
    if not data.startswith(_NAMES, names_at):
        raise DatasetRefused(
            "The transport file is damaged: the list of columns is missing.", "namestr header"
        )
    count = _number(data[names_at + 54 : names_at + 58], "namestr header")
    if not 0 < count <= MOST_COLUMNS:
        raise DatasetRefused(f"The data set has {count} columns; up to {MOST_COLUMNS} are read.")
    first = names_at + RECORD
    variables = [
        _variable(data[first + i * descriptor_size : first + (i + 1) * descriptor_size], i + 1)
        for i in range(count)
    ]
    observations = first + math.ceil(count * descriptor_size / RECORD) * RECORD
    if not data.startswith(_OBSERVATIONS, observations):
        raise DatasetRefused(
            "The transport file is damaged: the rows do not begin where they should.", "obs header"
        )
    names = [variable[0] for variable in variables]
    if len(set(names)) != len(names):
        raise DatasetRefused("The transport file is damaged: two columns have one name.", "namestr")
    rows, notes = _rows(data[observations + RECORD : end], variables)
    return Dataset(name or "", names, rows, notes)


def _number(raw, place):
    written = raw.strip()
    if not written.isdigit():
        raise DatasetRefused("The transport file is damaged: a header says no number.", place)
    return int(written)


def _variable(raw, number):
    """Return (name, type, position, length) of a column."""
    place = f"column {number}"
    if len(raw) < 88:
        raise DatasetRefused("The transport file ends in its list of columns.", place)
    kind, _hash, length = struct.unpack(">hhh", raw[:6])
    name = raw[8:16].decode("ascii", "replace").strip().upper()
    (position,) = struct.unpack(">l", raw[84:88])
    if kind not in (NUMERIC, CHARACTER) or not _NAME.match(name):
        raise DatasetRefused("The transport file is damaged: a column has no name or type.", place)
    if length < 1 or position < 0 or position > 1_000_000 or (kind == NUMERIC and not 2 <= length <= 8):
        raise DatasetRefused("The transport file is damaged: a column has no place in the row.", place)
    return name, kind, position, length


def _rows(data, variables):
    width = max(position + length for _name, _kind, position, length in variables)
    # The last record is filled up with blanks; a row of blanks only is none.
    count = len(data) // width
    if count > MOST_ROWS:
        raise DatasetRefused(f"The data set has more than {MOST_ROWS} rows.")
    rest = data[count * width :]
    if rest.strip(b" \x00"):
        raise DatasetRefused("The transport file ends in the middle of a row.", f"row {count + 1}")
    decode, notes = _decoder(data)
    rows = []
    for number in range(count):
        raw = data[number * width : (number + 1) * width]
        if raw.strip(b" "):
            rows.append([_cell(raw, variable, decode) for variable in variables])
        elif data[number * width :].strip(b" "):
            rows.append(["" if kind == CHARACTER else None for _name, kind, _at, _length in variables])
    return rows, notes


def _decoder(data):
    """Text is UTF-8 where it can be; else what SAS on Windows wrote. Numbers are binary, so cells are tried alone."""

    def decode(raw):
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode("cp1252", "replace")

    return decode, []


def _cell(raw, variable, decode):
    _name, kind, position, length = variable
    part = raw[position : position + length]
    if kind == CHARACTER:
        return decode(part).replace("\x00", "").strip()
    return _ibm_number(part)


def _ibm_number(raw):
    """Return an IBM hexadecimal floating point number; a missing value (., .A … .Z, ._) is None."""
    raw = raw.ljust(8, b"\x00")
    if not any(raw[1:]):
        return None if raw[0] else 0
    fraction = int.from_bytes(raw[1:], "big")
    exponent = (raw[0] & 0x7F) - 64
    value = math.ldexp(fraction, 4 * exponent - 56)
    value = -value if raw[0] & 0x80 else value
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _text(raw):
    return raw.decode("ascii", "replace").strip().upper()
