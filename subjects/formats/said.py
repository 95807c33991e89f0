"""What a file says of subjects and their visits, whatever its format. A value that is None or "" is not said."""

import datetime
from dataclasses import dataclass, field


@dataclass
class Problem:
    """What is wrong with one row: where it stands (a data set or file), its number, the column, a sentence."""

    source: str
    row: int
    column: str
    sentence: str


@dataclass
class SubjectSaid:
    """What a file says of one subject; `key` is its identity in the feed, "" where it has none beside the number."""

    key: str
    row: int
    number: str = ""
    site: str = ""
    country: str = ""
    sex: str = ""
    age: int | None = None
    screening_number: str = ""
    randomisation_number: str = ""
    former: str = ""
    form_version: str = ""
    protocol_version: str = ""
    days: dict[str, datetime.date] = field(default_factory=dict)
    end: str = ""
    end_reason: str = ""
    treatment_end_reason: str = ""
    screen_failure_reason: str = ""
    arm: str = ""
    kit: str = ""
    allocated_on: datetime.date | None = None
    source: str = "DM"


@dataclass
class VisitSaid:
    """What a file says of one visit; `subject` is its key or number, `number` VISITNUM as written."""

    subject: str
    row: int
    number: str = ""
    name: str = ""
    occurred_on: datetime.date | None = None
    missed: bool = False
    reason: str = ""
    unscheduled: bool = False
    key: str = ""
    source: str = "SV"


@dataclass
class Said:
    """What several files say together."""

    subjects: list[SubjectSaid] = field(default_factory=list)
    visits: list[VisitSaid] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    names_allocation: bool = False
