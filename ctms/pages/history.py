"""What happened to a record, in the order it happened, in words."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.apps import apps
from django.db import models

from ctms.access.scoping import Scoped, everything
from ctms.audit.trail import AUDITED
from ctms.workflow.engine import transitions_of

from .columns import as_text

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
    """Names the records history speaks of, for one reader; each is looked up once."""

    def __init__(self, user):
        self.user, self.known = user, {}

    def name(self, related, pk):
        """Return a record in words; one the reader may not see stays a number."""
        key = (related, pk)
        if key not in self.known:
            rows = (
                related.objects.visible_to(self.user)
                if issubclass(related, Scoped)
                else related._base_manager.all()
            )
            found = rows.filter(pk=pk).first()
            self.known[key] = str(found) if found is not None else f"#{pk}"
        return self.known[key]


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
    return list(told(model, events, naming, part=part))


def told(model, events, naming, *, part=False, before=None):
    """Yield an Entry for each event row (oldest first), with what differs from the row before it."""
    known = dict(before or {})
    for event in events:
        previous = known.get(event.pgh_obj_id)
        changes = tuple(_differences(model, previous, event, naming))
        known[event.pgh_obj_id] = event
        context = event.pgh_context or {}
        yield Entry(
            at=event.pgh_created_at,
            who=context.get("actor_name", "Installation"),
            what=LABELS.get(event.pgh_label, event.pgh_label),
            reason=context.get("reason", ""),
            channel=context.get("channel", ""),
            changes=changes,
            of=f"{model._meta.verbose_name} {_name_of(model, event)}".strip().capitalize() if part else "",
            order=(0, event.pgh_id),
        )


def _name_of(model, event):
    """Return what tells this part from its siblings, without loading it."""
    for name in ("question_key", "label", "name", "number"):
        if hasattr(event, name):
            return str(getattr(event, name))
    return f"#{event.pgh_obj_id}"


def _differences(model, before, after, naming):
    if after.pgh_label == "delete":
        return
    for name in fields_told(model):
        new = getattr(after, model._meta.get_field(name).attname)
        old = getattr(before, model._meta.get_field(name).attname) if before else None
        if new != old and not (before is None and new in (None, "", False)):
            yield FieldChange(
                label=str(model._meta.get_field(name).verbose_name).capitalize(),
                before=in_words(model, name, old, naming),
                after=in_words(model, name, new, naming),
            )


def fields_told(model):
    """Return the names of the remembered fields that mean something to a reader."""
    silent = {"id", "version", "source_key", "key"}
    event_model = AUDITED[model._meta.label].event_model
    kept = {f.name for f in event_model._meta.fields}
    return [f.name for f in model._meta.local_fields if f.name in kept and f.name not in silent]


def in_words(model, name, value, naming):
    """Return a stored value in words; a record the person may not see stays a number."""
    model_field = model._meta.get_field(name)
    if value in (None, ""):
        return as_text(None)
    if model_field.choices:
        return str(dict(model_field.flatchoices).get(value, value))
    if isinstance(model_field, models.ForeignKey):
        return naming.name(model_field.related_model, value)
    return as_text(value)
