"""Rows as they stood at a moment of the past, read from the history every row leaves."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Min, Q

from .trail import AUDITED

DELETED = "delete"


def end_of_day(day, zone):
    """Return the first instant after a day where the zone's clocks are: what happened before it, happened by then."""
    return datetime.combine(day + timedelta(days=1), time.min, zone)


def database_now():
    """Return the instant by the clock history is written by, which need not be the web server's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def remembered_since(record):
    """Return the instant of the first line of a record's history: of what was before, nothing is known."""
    events = AUDITED[record._meta.label].event_model
    first = events._base_manager.filter(pgh_obj_id=record.pk).aggregate(first=Min("pgh_created_at"))
    return first["first"]


def lines_of(record):
    """Return every line of history of one record the caller may see, to be read by `pgh_id`."""
    return AUDITED[record._meta.label].event_model._base_manager.filter(pgh_obj_id=record.pk)


def rows_as_of(user, model, moment, *permissions, at, leave_out=()):
    """
    Return the rows of a study as they stood at a moment, of those the person may see; one query.

    The latest line of each row's history before the moment is what it was then. It is shown to whoever may see both
    what it was and what it is today: a row moved into the unblinded circle meanwhile is told of by no past of it.
    Rows deleted since are judged by what they were. They are instances of the model, never saved.

    :param at: {"study": id}, and country or site where only what lies there is wanted
    :param leave_out: fields nobody asks for, such as long snapshots
    """
    events: Any = AUDITED[model._meta.label].event_model
    columns = _columns(model)
    latest = _latest(events.objects.filter(**{columns["study"]: at["study"]}), moment)
    narrower = {columns[name]: at[name] for name in ("country", "site") if at.get(name) and name in columns}
    seen = events.objects.visible_to(user, *permissions).filter(pgh_id__in=latest, **narrower)
    today = Q(pgh_obj__in=model.objects.visible_to(user, *permissions).values("pk"))
    if AUDITED[model._meta.label].removable:
        today |= ~Q(pgh_obj__in=model._base_manager.values("pk"))
    return _instances(model, seen.filter(today).exclude(pgh_label=DELETED), leave_out)


def count_as_of(model, moment, study):
    """Return how many rows a study had, whoever may see them: by it is told whether somebody sees them all."""
    events, columns = AUDITED[model._meta.label].event_model, _columns(model)
    latest = _latest(events._base_manager.filter(**{columns["study"]: study}), moment)
    return events._base_manager.filter(pgh_id__in=latest).exclude(pgh_label=DELETED).count()


def named_as_of(model, moment, pks):
    """Return {pk: row} of records of the house (people, organizations) as they stood, to name them by; one query."""
    events = AUDITED[model._meta.label].event_model
    wanted = {pk for pk in pks if pk is not None}
    latest = _latest(events._base_manager.filter(pgh_obj_id__in=wanted), moment)
    found = events._base_manager.filter(pgh_id__in=latest)
    return {one.pk: one for one in _instances(model, found, ())}


def _latest(events, moment):
    newest_first = events.filter(pgh_created_at__lt=moment).order_by("pgh_obj_id", "-pgh_id")
    return newest_first.distinct("pgh_obj_id").values("pgh_id")


def _columns(model):
    """Return where the place of an event row stands; the spine's own key is the row it is about."""
    columns = model.place_columns or {
        name: name for name in ("study", "country", "site") if _has(model, name)
    }
    return {place: "pgh_obj" if column == "pk" else column for place, column in columns.items()}


def _has(model, name):
    return any(field.name == name for field in model._meta.local_fields)


def _instances(model, events, leave_out):
    remembered = {field.attname for field in events.model._meta.local_fields}
    names = [
        field.attname
        for field in model._meta.local_fields
        if field.attname in remembered and field.name not in leave_out
    ]
    rows = events.order_by("pgh_obj_id").values_list(*names)
    return [model(**dict(zip(names, values, strict=True))) for values in rows]
