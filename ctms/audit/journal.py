"""The journal: what was changed across records, newest first, narrowed like everything."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from .trail import AUDITED


@dataclass(frozen=True)
class Line:
    """One event row of one table, found for the journal."""

    at: datetime
    label: str
    event: Any

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


def newest(user, *, study=None, before=None, limit=100, labels=None, may_read=lambda model: True):
    """
    Return the newest lines a person may see, at most `limit`.

    Each table gives its own newest rows, already narrowed and cut, by its (study, id) index; the union of
    the short lists is sorted here. One query a table: with `pghistory.models.Events` a million rows had no
    answer in a minute.

    :param study: id of the study the lines lie in
    :param before: (instant, label, event id) of the last line of the page before
    """
    lines = []
    for label, trail in AUDITED.items():
        if labels and label not in labels:
            continue
        rows = _rows(trail, user, study, may_read)
        if rows is None:
            continue
        if before is not None:
            rows = rows.filter(_after_cursor(label, *before))
        for event in rows.order_by("-pgh_created_at", "-pgh_id")[:limit]:
            lines.append(Line(event.pgh_created_at, label, event))
    # By instant, newest first; lines of one instant by table, then newest first.
    lines.sort(key=lambda line: line.event.pgh_id, reverse=True)
    lines.sort(key=lambda line: line.label)
    lines.sort(key=lambda line: line.at, reverse=True)
    return lines[:limit]


def _after_cursor(label, at, cursor_label, cursor_id):
    if label < cursor_label:
        return Q(pgh_created_at__lt=at)
    if label > cursor_label:
        return Q(pgh_created_at__lte=at)
    return Q(pgh_created_at__lt=at) | Q(pgh_created_at=at, pgh_id__lt=cursor_id)


def _rows(trail, user, study, may_read):
    """Return the event rows of one table the person may see, or None if the table is not theirs to read."""
    events = trail.event_model
    if hasattr(events.objects, "visible_to"):
        rows = events.objects.visible_to(user, "audit.view_history")
        if study is not None:
            rows = rows.filter(**{_study_lookup(trail): study})
        return rows
    if study is not None or not may_read(trail.model):
        return None
    return events.objects.all()


def _study_lookup(trail):
    column = (trail.model.place_columns or {"study": "study"})["study"]
    return "pgh_obj" if column == "pk" else column


def rows_before(model, events):
    """Return {event id: the event row just before it}, to tell what each changed; two queries."""
    event_model = AUDITED[model._meta.label].event_model
    earlier = (
        event_model._base_manager.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
        .order_by("-pgh_id")
        .values("pgh_id")[:1]
    )
    asked = event_model._base_manager.filter(pgh_id__in=[event.pgh_id for event in events])
    before = dict(asked.annotate(before=Subquery(earlier)).values_list("pgh_id", "before"))
    rows = event_model._base_manager.in_bulk([pk for pk in before.values() if pk])
    return {pgh_id: rows.get(pk) for pgh_id, pk in before.items()}
