"""What happened to a record, in the order it happened, in words."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache

from django.apps import apps
from django.db import models
from django.utils.text import capfirst

from ctms.access.scoping import Scoped, everything
from ctms.audit.trail import AUDITED
from ctms.money.amounts import plain
from ctms.workflow.engine import transitions_of

from .columns import as_text
from .record import record_for

LABELS = {"insert": "Created", "update": "Changed", "delete": "Removed"}


@dataclass(frozen=True)
class FieldChange:
    """One field from one value to another, both in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One line of history: who, when, why, through what; the fields that changed, or the move performed."""

    at: datetime
    who: str
    what: str
    reason: str = ""
    channel: str = ""
    changes: tuple[FieldChange, ...] = ()
    signature: object = None
    happened_on: object = None
    of: str = ""
    is_move: bool = False
    order: tuple = field(default=(), compare=False)


class Naming:
    """Names the records history speaks of, for one reader; each is looked up once, those of a kind together."""

    def __init__(self, user):
        self.user, self.known = user, {}

    def learn(self, keys):
        """Look up the names of many records, [(model, key)]: one query a model."""
        unknown: dict[type[models.Model], set] = {}
        for related, pk in keys:
            if (related, pk) not in self.known:
                unknown.setdefault(related, set()).add(pk)
        for related, wanted in unknown.items():
            found = {row.pk: str(row) for row in self._rows(related).filter(pk__in=wanted)}
            self.known |= {(related, pk): found.get(pk, f"#{pk}") for pk in wanted}

    def _rows(self, related):
        """Return the rows the reader may see, with what their names are made of."""
        scoped = issubclass(related, Scoped)
        rows = related.objects.visible_to(self.user) if scoped else related._base_manager.all()
        if (declaration := record_for(related)) is None:
            return rows
        along = declaration.related if declaration.named_with is None else declaration.named_with
        return rows.select_related(*along) if along else rows

    def name(self, related, pk):
        """Return a record in words; one the reader may not see stays a number."""
        self.learn([(related, pk)])
        return self.known[related, pk]


def history_of(declaration, record, user):
    """Return the entries of a record the person may see, newest first; parts are told with it."""
    naming = Naming(user)
    entries = [_move(row) for row in transitions_of(record)]
    entries += _changes(declaration.model, {"pgh_obj_id": record.pk}, naming)
    for label, key in declaration.parts:
        entries += _changes(apps.get_model(label), {f"{key}_id": record.pk}, naming, part=True)
    return sorted(entries, key=lambda entry: (entry.at, entry.order), reverse=True)


@dataclass
class Stretch:
    """Lines by one person in one go: twenty answers saved in a row are one thing that happened."""

    entries: list[Entry]

    @property
    def newest(self):
        return self.entries[0]

    @property
    def oldest(self):
        return self.entries[-1]


IN_ONE_GO = timedelta(minutes=20)


def in_stretches(entries):
    """Return the entries (newest first) as stretches; a move always stands alone."""
    stretches: list[Stretch] = []
    for entry in entries:
        if stretches and _goes_on(stretches[-1].newest, entry):
            stretches[-1].entries.append(entry)
        else:
            stretches.append(Stretch([entry]))
    return stretches


def _goes_on(newest, entry):
    same = (newest.who, newest.what, newest.reason, newest.channel) == (
        entry.who,
        entry.what,
        entry.reason,
        entry.channel,
    )
    return same and not newest.is_move and not entry.is_move and newest.at - entry.at <= IN_ONE_GO


def _move(row):
    return Entry(
        at=row.at,
        who=row.actor_name,
        what=row.label,
        reason=row.reason,
        channel=row.channel,
        signature=row.signature,
        happened_on=row.happened_on,
        is_move=True,
        order=(1, row.pk),
    )


def _changes(model, lookup, naming, *, part=False):
    event_model = AUDITED[model._meta.label].event_model
    with everything("the record itself was shown to this person"):
        events = list(event_model._base_manager.filter(**lookup).order_by("pgh_id"))
    return told(model, events, naming, part=part)


def told(model, events, naming, *, part=False):
    """Return an Entry for each event row (oldest first), with what differs from the row before it."""
    known, pairs = {}, []
    for event in events:
        pairs.append((known.get(event.pgh_obj_id), event))
        known[event.pgh_obj_id] = event
    naming.learn(key for before, event in pairs for key in keys_told(model, before, event))
    return [entry_of(model, before, event, naming, part=part) for before, event in pairs]


def entry_of(model, before, event, naming, *, part=False):
    """Return one event row as an Entry, with what differs from the row before it."""
    context = event.pgh_context or {}
    return Entry(
        at=event.pgh_created_at,
        who=context.get("actor_name", "Installation"),
        what=LABELS.get(event.pgh_label, event.pgh_label),
        reason=context.get("reason", ""),
        channel=context.get("channel", ""),
        changes=tuple(
            FieldChange(
                label=capfirst(str(each.verbose_name)),
                before=in_words(each, old, naming),
                after=in_words(each, new, naming),
            )
            for each, old, new in _differences(model, before, event)
        ),
        of=capfirst(f"{model._meta.verbose_name} {name_in(event)}") if part else "",
        order=(0, event.pgh_id),
    )


def keys_told(model, before, event):
    """Yield (model, key) of every record an Entry will name, so that many are looked up together."""
    for each, *values in _differences(model, before, event):
        if isinstance(each, models.ForeignKey) and not each.choices:
            yield from ((each.related_model, key) for key in values if key not in (None, ""))


def name_in(event):
    """Return what tells a record from its like, as far as a row of its history says it itself."""
    for name in ("label", "name", "title", "number", "question_key"):
        if value := getattr(event, name, ""):
            return str(value)
    return f"#{event.pgh_obj_id}"


def _differences(model, before, after):
    """Yield (field, the value before, the value after) of what one event row says otherwise than the one before."""
    if after.pgh_label == "delete":
        return
    for each in fields_told(model):
        new = getattr(after, each.attname)
        old = getattr(before, each.attname) if before else None
        if new != old and not (before is None and new in (None, "", False)):
            yield each, old, new


@cache
def fields_told(model):
    """Return the remembered fields that mean something to a reader."""
    silent = {"id", "version", "source_key", "key"}
    event_model = AUDITED[model._meta.label].event_model
    kept = {f.name for f in event_model._meta.fields}
    return [f for f in model._meta.local_fields if f.name in kept and f.name not in silent]


def in_words(each, value, naming):
    """Return a stored value in words; a record the person may not see stays a number."""
    if value in (None, ""):
        return as_text(None)
    if each.choices:
        return str(dict(each.flatchoices).get(value, value))
    if isinstance(each, models.ForeignKey):
        return naming.name(each.related_model, value)
    return plain(value) if isinstance(value, Decimal) else as_text(value)
