"""The journal: what was changed across records, newest first, narrowed like everything."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Q

from .trail import AUDITED

# They stand in a statement made once for what differs from request to request: no id, no day of ours.
SOME_STUDY, SOME_INSTANT, SOME_ROW = -1, datetime.min.replace(tzinfo=UTC), -2
# At the cursor's instant a table before the cursor's has no more lines to give, one after it has all of them.
NO_ROW, ANY_ROW = 0, models.BigIntegerField.MAX_BIGINT


@dataclass(frozen=True)
class Line:
    """One event row of one table, found for the journal, and the row of the same record just before it."""

    at: datetime
    label: str
    event: Any
    before: Any = None

    @property
    def cursor(self):
        """Where the page after this line begins: an import writes thousands of lines at one instant."""
        return f"{self.at.isoformat()}~{self.label}~{self.event.pgh_id}"


def read_cursor(text):
    """Return (instant, label, id) from a line's cursor; raises ValueError."""
    at, label, number = text.replace(" ", "+").split("~")
    instant = datetime.fromisoformat(at)
    if instant.tzinfo is None or not number.isdigit() or len(number) > 18:
        raise ValueError(text)
    return instant, label, int(number)


def newest(access, *, study=None, before=None, limit=100, labels=None, may_read=lambda model: True):
    """
    Return the newest lines that lie within a person's access, at most `limit`.

    Their keys first, from one statement in which each table gives its own newest ones, already narrowed and cut, by
    its (study, instant, id) index; then the rows of the tables that occur. With `pghistory.models.Events` a million
    rows had no answer in a minute, and one query a table took 130 ms however little there was.

    :param access: what the person may see, as `ctms.access.access_of` reads it
    :param study: id of the study the lines lie in
    :param before: (instant, label, event id) of the last line of the page before
    """
    keys = _newest_keys(access, study, before, limit, labels, may_read)
    numbers: dict[str, list[int]] = {}
    for _at, label, number in keys:
        numbers.setdefault(label, []).append(number)
    rows = with_before(numbers)
    return [Line(at, label, *rows[label][number]) for at, label, number in keys]


def _newest_keys(access, study, before, limit, labels, may_read):
    """Return [(instant, label, id)]: by instant, newest first; those of one instant by table, then newest first."""
    at, cursor_label, cursor_row = before or (None, "", 0)
    statements, parameters = [], []
    for label, sql, marks in _statements(access, study is not None, before is not None, limit):
        model = AUDITED[label].model
        if (labels and label not in labels) or not (_is_scoped(label) or may_read(model)):
            continue
        beyond = cursor_row if label == cursor_label else NO_ROW if label < cursor_label else ANY_ROW
        asked = {SOME_STUDY: study, SOME_INSTANT: at, SOME_ROW: beyond}
        statements.append(sql)
        parameters += [label, *(asked.get(mark, mark) for mark in marks)]
    if not statements:
        return []
    union = " UNION ALL ".join(statements)
    with connection.cursor() as cursor:
        cursor.execute(f"{union} ORDER BY 2 DESC, 1, 3 DESC LIMIT {limit:d}", parameters)
        return [(at, label, number) for label, at, number in cursor.fetchall()]


@lru_cache(maxsize=64)
def _statements(access, in_study, paged, limit):
    """
    Return [(label, SQL, its parameters)]: how each table is asked for its newest keys by whoever has this access.

    Writing seventy statements anew took four times as long as their answer.
    """
    return [
        (label, f"(SELECT %s::text, newest.* FROM ({sql}) AS newest)", marks)
        for label, trail in AUDITED.items()
        if (rows := _rows(trail, access, in_study)) is not None
        and (asked := _asked(_cut(rows, paged).order_by("-pgh_created_at", "-pgh_id")[:limit])) is not None
        for sql, marks in [asked]
    ]


def _asked(rows):
    """Return (SQL, parameters) of the keys of a queryset, or None if it can have none."""
    try:
        return rows.values_list("pgh_created_at", "pgh_id").query.sql_with_params()
    except EmptyResultSet:
        return None


def _cut(rows, paged):
    if not paged:
        return rows
    # The first condition is for the index, the second for the lines of that one instant.
    within = Q(pgh_created_at__lt=SOME_INSTANT) | Q(pgh_id__lt=SOME_ROW)
    return rows.filter(within, pgh_created_at__lte=SOME_INSTANT)


def _rows(trail, access, in_study):
    """Return the event rows of one table within an access, or None if none of them lies in a study."""
    events: Any = trail.event_model
    if _is_scoped(trail.model._meta.label):
        rows = events.objects.visible_by(access, "audit.view_history")
        return rows.filter(**{_study_lookup(trail): SOME_STUDY}) if in_study else rows
    return None if in_study else events.objects.all()


def _is_scoped(label):
    return hasattr(AUDITED[label].event_model._default_manager, "visible_by")


def _study_lookup(trail):
    column = (trail.model.place_columns or {"study": "study"})["study"]
    return "pgh_obj" if column == "pk" else column


def with_before(numbers):
    """
    Return {label: {event id: (the row, the row of its record just before it or None)}}: what each changed.

    :param numbers: {label: [event ids]}
    """
    before = _just_before(numbers)
    found = {}
    for label, asked in numbers.items():
        earlier = before[label]
        wanted = {*asked, *filter(None, earlier.values())}
        rows = AUDITED[label].event_model._base_manager.in_bulk(wanted)
        found[label] = {number: (rows[number], rows.get(earlier[number])) for number in asked}
    return found


def _just_before(numbers):
    """Return {label: {event id: id of the row of the same record just before it, or None}} from one statement."""
    found: dict[str, dict[int, int | None]] = {label: {} for label in numbers}
    if not numbers:
        return found
    statements, parameters = [], []
    for label, asked in numbers.items():
        table = AUDITED[label].event_model._meta.db_table
        statements.append(
            f'SELECT %s::text, e.pgh_id, (SELECT max(b.pgh_id) FROM "{table}" b '
            f'WHERE b.pgh_obj_id = e.pgh_obj_id AND b.pgh_id < e.pgh_id) FROM "{table}" e WHERE e.pgh_id = ANY(%s)'
        )
        parameters += [label, asked]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), parameters)
        for label, number, before in cursor.fetchall():
            found[label][number] = before
    return found
