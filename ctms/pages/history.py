"""What happened to a record, in the order it happened, in words."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from string import Formatter

from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ctms.access import roles
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
            found = {row.pk: _called(row) for row in self._rows(related).filter(pk__in=wanted)}
            self.known |= {(related, pk): found.get(pk, "") for pk in wanted}

    def _rows(self, related):
        """Return the rows the reader may see, with what their names are made of."""
        scoped = issubclass(related, Scoped)
        rows = related.objects.visible_to(self.user) if scoped else related._base_manager.all()
        if (declaration := record_for(related)) is None:
            return rows
        along = declaration.related if declaration.named_with is None else declaration.named_with
        return rows.select_related(*along) if along else rows

    def name(self, related, pk):
        """Return a record in words; '' for one the reader may not see."""
        self.learn([(related, pk)])
        return self.known[related, pk]


def _called(row):
    """Return what a row is called; a grant is called by its role, which the library keeps as a permission."""
    if isinstance(row, Permission):
        return roles.LABELS.get(row.codename.removeprefix("act_as_"), row.name)
    return str(row)


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
    called = [key for event in events for key in keys_called_by(model, event)] if part else []
    naming.learn([*called, *(key for before, event in pairs for key in keys_told(model, before, event))])
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
        of=capfirst(f"{model._meta.verbose_name} {name_in(model, event, naming)}") if part else "",
        order=(0, event.pgh_id),
    )


def keys_told(model, before, event):
    """Yield (model, key) of every record an Entry will name, so that many are looked up together."""
    for each, *values in _differences(model, before, event):
        if isinstance(each, models.ForeignKey) and not each.choices:
            yield from ((each.related_model, key) for key in values if key not in (None, ""))


def keys_called_by(model, event):
    """Yield (model, key) of every record a row of history is called by."""
    for each in AUDITED[model._meta.label].fields_called_by:
        if isinstance(each, models.ForeignKey) and (key := getattr(event, each.attname)) is not None:
            yield each.related_model, key


def name_in(model, event, naming):
    """Return what tells a record from its like, as a row of its history says it: by what its model is called by."""
    trail = AUDITED[model._meta.label]
    fields = {each.name: each for each in trail.fields_called_by}
    parts = (_filled(words, fields, event, naming) for words in trail.called_by)
    # A number is all there is of a row that is called by records alone which this reader may not see.
    return " · ".join(filter(None, parts)) or f"#{event.pgh_obj_id}"


def _filled(words, fields, event, naming):
    """Return words with their fields filled in, or '' where one of them has nothing to say."""
    said = []
    for text, name, spec, _conversion in Formatter().parse(words):
        said.append(text)
        if name:
            value = getattr(event, fields[name].attname)
            if value in (None, "") or not (told := _as_called(fields[name], value, spec, naming)):
                return ""
            said.append(told)
    return "".join(said)


def _as_called(each, value, spec, naming):
    if spec:
        return format(value, spec)
    if isinstance(each, models.ForeignKey):
        return naming.name(each.related_model, value)
    return in_words(each, value, naming)


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
    if isinstance(each, models.JSONField):
        # A content as it was frozen: whoever wants it whole reads the record, its PDF or the audit events of the API.
        return str(_("Kept as it stood"))
    if each.choices:
        return str(dict(each.flatchoices).get(value, value))
    if isinstance(each, models.ForeignKey):
        return naming.name(each.related_model, value) or f"#{value}"
    return plain(value) if isinstance(value, Decimal) else as_text(value)
