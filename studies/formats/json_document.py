"""Bytes of an uploaded file -> JSON document, or a refusal that says where the file is broken."""

from __future__ import annotations

import codecs
import json
import math
import re
from typing import Any

from studies.formats.study_file import StudyFileRefused

# The largest real study file seen is under 3 MB and a page of 1,000 registry records under 25 MB.
LARGEST_FILE_BYTES = 32 * 1024 * 1024

# No number in a study needs more digits; Python itself refuses to convert more than 4,300.
MOST_DIGITS = 100

# Longest first: the UTF-32 mark begins with the UTF-16 one.
_ENCODING_BY_MARK = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_STRING_CONSTANT_OR_NUMBER = re.compile(
    r'"[^"\\]*(?:\\.[^"\\]*)*"|(?P<constant>NaN|-?Infinity)|(?P<number>-?\d[\d.eE+-]*)', re.DOTALL
)


class _NotANumber(ValueError):
    """A number that JSON or we do not allow; its place is looked for afterwards."""


class _RepeatedKey(ValueError):
    """An object that says two different things under one name."""


class _Pairs(list[tuple[str, Any]]):
    """An object with its repeated names still in it, for finding the place of one."""


def parse_json(data: bytes) -> Any:
    """The document in the file, or StudyFileRefused with the byte, line or pointer that is wrong."""
    if len(data) > LARGEST_FILE_BYTES:
        raise StudyFileRefused(
            f"The file has {len(data) / 1024 / 1024:.1f} MB; study files of up to "
            f"{LARGEST_FILE_BYTES // 1024 // 1024} MB are read."
        )
    text = _decode(data)
    if not text.strip():
        raise StudyFileRefused("The file is empty.")
    try:
        return json.loads(
            text,
            object_pairs_hook=_object_without_repeats,
            parse_int=_whole_number,
            parse_float=_finite_number,
            parse_constant=_no_constant,
        )
    except json.JSONDecodeError as broken:
        raise StudyFileRefused(
            f"The file is not valid JSON: {broken.msg}.",
            f"line {broken.lineno} column {broken.colno}",
        ) from None
    except RecursionError:
        raise StudyFileRefused("The file is nested too deeply to be a study.") from None
    except _NotANumber as odd:
        raise StudyFileRefused(f"The file is not valid JSON: {odd}.", _place_of_number(text)) from None
    except _RepeatedKey as repeated:
        raise StudyFileRefused(str(repeated), _place_of_repeat(text)) from None


def _decode(data: bytes) -> str:
    encoding = next((name for mark, name in _ENCODING_BY_MARK if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as broken:
        spoken = "UTF-8" if encoding == "utf-8-sig" else encoding.upper()
        raise StudyFileRefused(
            f"The file is not text in {spoken}. Save it as UTF-8 and bring it again.",
            f"byte {broken.start}",
        ) from None


def _object_without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        # The same thing said twice is harmless; two different things leave open which is meant.
        for name, value in pairs:
            if fields[name] != value:
                raise _RepeatedKey(f'An object has the name "{name[:60]}" twice with different values.')
    return fields


def _whole_number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise _NotANumber(f"a number has {len(digits)} digits")
    return int(digits)


def _finite_number(digits: str) -> float:
    number = float(digits)
    if len(digits) > MOST_DIGITS or not math.isfinite(number):
        raise _NotANumber("a number is too large")
    return number


def _no_constant(name: str) -> None:
    raise _NotANumber(f"{name} is not a JSON value")


def _place_of_number(text: str) -> str:
    for token in _STRING_CONSTANT_OR_NUMBER.finditer(text):
        if token["constant"] or (token["number"] and not _is_allowed_number(token["number"])):
            line = text.count("\n", 0, token.start()) + 1
            column = token.start() - text.rfind("\n", 0, token.start())
            return f"line {line} column {column}"
    return ""


def _is_allowed_number(digits: str) -> bool:
    try:
        return len(digits) <= MOST_DIGITS and math.isfinite(float(digits))
    except ValueError:
        return False


def _place_of_repeat(text: str) -> str:
    """Read again with every pair kept: only a refused file pays for its pointer."""
    try:
        return _first_repeat(json.loads(text, object_pairs_hook=_Pairs), "") or ""
    except (ValueError, RecursionError):
        return ""


def _first_repeat(value: Any, place: str) -> str | None:
    if isinstance(value, _Pairs):
        said: dict[str, Any] = {}
        for name, inner in value:
            here = pointer(place, name)
            if name in said and said[name] != inner:
                return here
            said[name] = inner
            if found := _first_repeat(inner, here):
                return found
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            if found := _first_repeat(inner, pointer(place, index)):
                return found
    return None


def pointer(place: str, step: str | int) -> str:
    """The JSON pointer one step further down (RFC 6901)."""
    return f"{place}/{str(step).replace('~', '~0').replace('/', '~1')}"
