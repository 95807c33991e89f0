"""Dates as files write them: a day, a month or a year, never made more exact than they are."""

from __future__ import annotations

import datetime
import re

from studies.formats.study_file import DateFile, Precision

# A time of day may follow (exporters that serialise a timestamp); the calendar day is what counts.
_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ]\d{2}:.*)?)?)?")


def read_partial_date(text: str) -> DateFile | None:
    """YYYY-MM-DD, YYYY-MM or YYYY; None for anything else, also for days that do not exist."""
    written = _WRITTEN.fullmatch(text.strip())
    if not written or not text.isascii():
        return None
    year, month, day = written.groups()
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    try:
        on = datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return DateFile(on=on, precision=precision, text=text.strip())
