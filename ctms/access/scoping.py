"""One way to narrow any study-owned queryset to what a person may see, and no way to forget it."""

import inspect
import sys
from collections.abc import Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import pgtrigger
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.signals import class_prepared
from django.utils.translation import gettext as _

from ctms.calendar.order import said_at_their_days

from .access import Place, Publishing, access_of
from .plausible import refuse_implausible
from .tables import KeepPlace, KeepsToItsStudy, NextVersion, partial_indexes, place_indexes

_everything: ContextVar[str] = ContextVar("everything", default="")


class ScopeNotChosen(Exception):
    """A study-owned queryset was read without visible_to(user) or everything(because)."""


@contextmanager
def _everything_block(because):
    token = _everything.set(because)
    try:
        yield
    finally:
        _everything.reset(token)


def everything(because):
    """
    Read across all studies inside this block: rules, jobs, uniqueness checks.

    Refused inside a generator, whose caller would read everything between two of its items.

    :param because: a phrase that says why, for whoever reviews the exceptions
    """
    frame = sys._getframe(1)
    if frame.f_code.co_flags & (inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR | inspect.CO_COROUTINE):
        raise ScopeNotChosen("everything() inside a generator would leak to its caller.")
    if not because:
        raise ScopeNotChosen("everything() needs a reason.")
    return _everything_block(because)


@dataclass(frozen=True)
class Scope:
    """How the rows of one model are found by place, and what else decides who sees them."""

    columns: dict[str, str]  # study | country | site -> lookup on the model
    view_permission: str
    unblinded: bool  # the model has the column
    # Where blinding is read: the row's own column, and of history also what its record is today.
    blinded_by: tuple[str, ...]
    publishing: Publishing
    seen_from_below: bool
    # (path to a state, the states it is no draft in): of the row itself and of the record it is a part of.
    final: tuple[tuple[str, tuple[Any, ...]], ...] = ()


def scope_of(model: Any) -> Scope:
    """Return the Scope of a study-owned model or of its event model."""
    return _scope_of(model)


@cache
def _scope_of(model):
    tracked = getattr(model, "pgh_tracked_model", None)
    owner = tracked or model
    names = {f.name for f in model._meta.fields}
    columns = owner.place_columns or {n: n for n in ("study", "country", "site") if n in names}
    if tracked:
        columns = {place: "pgh_obj" if column == "pk" else column for place, column in columns.items()}
    meta = owner._meta
    return Scope(
        columns=columns,
        view_permission=owner.view_permission or f"{meta.app_label}.view_{meta.model_name}",
        unblinded="unblinded" in names,
        blinded_by=_blinded_by(owner, tracked),
        publishing=_publishing(owner, names),
        seen_from_below=owner.seen_from_below,
        final=_final(owner, own="pgh_obj__" if tracked else ""),
    )


def _blinded_by(owner, tracked):
    """
    Return the columns that must say blind-safe for somebody blinded.

    What was brought by somebody who took it for blind-safe, and was moved into the unblinded circle, is told of
    by no line of its history either.
    """
    return ("unblinded", "pgh_obj__unblinded") if tracked and owner.blinding_may_change else ("unblinded",)


def _final(owner, *, own=""):
    """
    Return where the states lie that decide whether a row is a draft.

    History is judged by what its record is today: of a draft nothing is told, of a final record everything.

    :param own: the way from an event row to the row itself
    """
    found = [(f"{own}status", tuple(owner.final_states))] if owner.final_states else []
    if owner.place_from:
        parent = owner._meta.get_field(owner.place_from).related_model
        found += [(f"{owner.place_from}__{path}", states) for path, states in _final(parent)]
    return tuple(found)


def _publishing(owner, names):
    if "published" in names:
        return Publishing.BY_ROW
    return Publishing.ALWAYS if owner.always_published else Publishing.NEVER


class ScopedQuerySet(models.QuerySet):
    """A queryset that may be built by anyone but read only when somebody's view of it was chosen."""

    scope_chosen = False

    def visible_to(self, user, *permissions):
        """
        Keep the rows `user` may see today.

        :param permissions: needed on the row's place beside the model's own view permission
        """
        return self.visible_by(access_of(user), *permissions)

    def visible_by(self, access, *permissions):
        """Keep the rows that lie within an Access: whoever holds the same grants sees the same rows."""
        scope = scope_of(self.model)
        chosen = self.filter(access.rows(scope, (scope.view_permission, *permissions)))
        chosen.scope_chosen = True
        return chosen

    def _clone(self):
        clone = super()._clone()
        clone.scope_chosen = self.scope_chosen
        return clone

    def refuse_unless_chosen(self):
        if not (self.scope_chosen or _everything.get() or self.query.is_empty()):
            raise ScopeNotChosen(f"{self.model._meta.label}: call visible_to(user) first.")

    def _fetch_all(self):
        if self._result_cache is None:
            self.refuse_unless_chosen()
        super()._fetch_all()

    def bulk_create(self, objs, *args, **kwargs):
        if kwargs.get("update_conflicts") and not _everything.get():
            raise ScopeNotChosen(f"{self.model._meta.label}: an upsert reads rows nobody chose.")
        return super().bulk_create(objs, *args, **kwargs)


def _refusing(name):
    def method(self, *args, **kwargs):
        self.refuse_unless_chosen()
        return getattr(super(ScopedQuerySet, self), name)(*args, **kwargs)

    method.__name__ = name
    return method


def _combining(name):
    def method(self, *others, **kwargs):
        combined = getattr(super(ScopedQuerySet, self), name)(*others, **kwargs)
        combined.scope_chosen = self.scope_chosen and all(other.scope_chosen for other in others)
        return combined

    method.__name__ = name
    return method


for _name in ("__or__", "__and__", "__xor__", "union", "intersection", "difference"):
    setattr(ScopedQuerySet, _name, _combining(_name))
for _name in ("count", "exists", "aggregate", "iterator", "aiterator", "update", "delete", "_raw_delete", "raw",
              "explain", "in_bulk", "contains"):  # fmt: skip
    setattr(ScopedQuerySet, _name, _refusing(_name))


ScopedManager = models.Manager.from_queryset(ScopedQuerySet, class_name="ScopedManager")


def _of_another(what, place):
    return _("This %(what)s is of another %(place)s.") % {"what": what, "place": place}


class Scoped(models.Model):
    """A row somebody's access decides about; see `StudyOwned`."""

    # Where a row lies, if not in its own columns study, country, site (the spine says "pk").
    place_columns: ClassVar[dict[str, str]] = {}
    # The foreign key whose place (and blinding) this row takes over; "" = its own country or site decide.
    place_from: ClassVar[str] = ""
    # The permission to see it, if not its own model's: parts are seen with the record they belong to.
    view_permission: ClassVar[str] = ""
    # Seen by everyone who works below its place: a site's CRA sees the study's header and schedule.
    seen_from_below: ClassVar[bool] = False
    # A row may be moved into the unblinded circle after it was made; everywhere else a trigger forbids it.
    blinding_may_change: ClassVar[bool] = False
    # The states of `status` in which it is no draft; () = never one. Roles in roles.FINAL_ONLY see no draft.
    final_states: ClassVar[tuple[str, ...]] = ()
    # Shown to published-only roles without a `published` column of its own.
    always_published: ClassVar[bool] = False

    objects = ScopedManager()

    class Meta:
        abstract = True

    def place(self):
        """Return where this row lies."""
        columns = type(self).place_columns or {name: name for name in ("study", "country", "site")}
        return Place(*(self._place_id(columns.get(name)) for name in ("study", "country", "site")))

    def _place_id(self, column):
        if column is None:
            return None
        return self.pk if column == "pk" else getattr(self, f"{column}_id", None)

    @classmethod
    def event_attributes(cls):
        """What the event model of this model needs to be narrowed like it."""
        return {"objects": ScopedManager()}

    @classmethod
    def place_sources(cls) -> Sequence[tuple[str, list[tuple[str, str]]]]:
        """Return (foreign key, [(own column, parent's column)]) in the order they are filled."""
        own = {f.name: f.column for f in cls._meta.local_fields}
        if cls.place_from:
            parent = cls._meta.get_field(cls.place_from).related_model
            taken = [
                (
                    own[name],
                    parent._meta.pk.column if parent.place_columns.get(name) == "pk" else f"{name}_id",
                )
                for name in ("study", "country", "site")
                if name in own
                and name != cls.place_from
                and (name in parent.place_columns or hasattr(parent, name))
            ]
            if "unblinded" in own and hasattr(parent, "unblinded"):
                taken.append((own["unblinded"], "unblinded"))
            return [(cls.place_from, taken)]
        sources = []
        if "site" in own and "site" not in cls.place_columns:
            sources.append(("site", [(own[n], f"{n}_id") for n in ("study", "country") if n in own]))
        if "country" in own and cls.place_columns.get("country") != "pk":
            sources.append(("country", [(own["study"], "study_id")]))
        return sources

    def fill_place(self):
        """Set in Python what the trigger will set, so that a new record can be judged before it is saved."""
        for source, columns in self.place_sources():
            parent = getattr(self, source, None)  # a form may not have said yet where it lies
            if parent is not None:
                for column, parent_column in columns:
                    field = next(f for f in self._meta.local_fields if f.column == column)
                    parent_field = next(f for f in parent._meta.local_fields if f.column == parent_column)
                    setattr(self, field.attname, getattr(parent, parent_field.attname))

    @classmethod
    def kept_to_its_study(cls):
        """Return the keys to records of a study that do not say where the row lies, and so must lie where it does."""
        placing = {column for _source, columns in cls.place_sources() for column, _parent in columns}
        placing |= {cls._meta.get_field(source).column for source, _columns in cls.place_sources()}
        return [
            field
            for field in cls._meta.local_fields
            if field.column not in placing
            and isinstance(field.related_model, type)
            and issubclass(field.related_model, StudyOwned)
        ]

    def refuse_contradictions(self):
        """
        Raise ValidationError where two places were named that do not lie in one another.

        The trigger would take the lower one's word for it: a site of another country, silently in another study.
        """
        for source, columns in self.place_sources():
            parent = getattr(self, source, None)
            for column, parent_column in columns if parent is not None else ():
                field = next(f for f in self._meta.local_fields if f.column == column)
                parent_field = next(f for f in parent._meta.local_fields if f.column == parent_column)
                named, meant = getattr(self, field.attname), getattr(parent, parent_field.attname)
                if self._state.adding and field.name in ("study", "country") and named not in (None, meant):
                    raise ValidationError({source: _of_another(source, field.name)})

    def _refuse_other_studies(self, exclude):
        refused = {
            field.name: _of_another(field.verbose_name, "study")
            for field in self.kept_to_its_study()
            if field.name not in exclude
            and getattr(self, field.attname) is not None
            and getattr(self, field.name).study_id != self.study_id
        }
        if refused:
            raise ValidationError(refused)

    def clean_fields(self, exclude=None):
        self.refuse_contradictions()
        self.fill_place()
        refuse_implausible(self, exclude or ())
        super().clean_fields(exclude=exclude)
        if getattr(self, "study_id", None) is not None:
            self._refuse_other_studies(exclude or ())

    def save(self, *args, **kwargs):
        self.fill_place()
        adding = self._state.adding
        super().save(*args, **kwargs)
        if not adding and hasattr(self, "version"):
            self.version += 1  # what the trigger did

    def validate_unique(self, exclude=None):
        with everything("a uniqueness check looks at rows the person may not see"):
            super().validate_unique(exclude)

    def validate_constraints(self, exclude=None):
        with everything("a constraint check looks at rows the person may not see"):
            try:
                super().validate_constraints(exclude)
            except ValidationError as refused:
                raise ValidationError(said_at_their_days(self, refused)) from refused


class StudyOwned(Scoped):
    """
    A row that belongs to one study and, where its model has the columns, to one country and one site.

    The columns are real and filled by trigger from the parent: at a million rows a lookup path costs 640 ms
    a count, literal ids on indexed columns 1 to 4 ms.
    """

    study = models.ForeignKey("studies.Study", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True


def study_of(**options):
    """Return the foreign key of a row of the kernel that may be about one study, without belonging to it."""
    return models.ForeignKey("studies.Study", models.PROTECT, related_name="+", **options)


def country_of_study(**options):
    """Return the foreign key every row that lies in one country of a study carries."""
    return models.ForeignKey(
        "studies.StudyCountry", models.PROTECT, related_name="+", db_index=False, **options
    )


def site_of_study(**options):
    """Return the foreign key every row that lies at one site of a study carries."""
    return models.ForeignKey("studies.StudySite", models.PROTECT, related_name="+", db_index=False, **options)


def prepare_scoped_model(sender, **kwargs):
    """Give every concrete study-owned model its triggers and the index each place is read by."""
    if (
        not (isinstance(sender, type) and issubclass(sender, Scoped))
        or sender._meta.abstract
        or sender._meta.proxy
    ):
        return
    names = {f.name for f in sender._meta.local_fields}
    placed_by_parent = sender.place_from or names & {"country", "site"}
    if placed_by_parent:
        pgtrigger.register(KeepPlace(name="a_keep_place"))(sender)
    if "version" in names:
        pgtrigger.register(NextVersion(name="b_next_version"))(sender)
    sender._meta.indexes = [
        *sender._meta.indexes,
        *place_indexes(sender, names),
        *partial_indexes(sender, names),
    ]
    if sender._meta.indexes:
        sender._meta.original_attrs["indexes"] = sender._meta.indexes


def keep_rows_to_their_study():
    """Give every study-owned model that names other records of a study the trigger that keeps them to its own."""
    for model in apps.get_models():
        if issubclass(model, StudyOwned) and model.kept_to_its_study():
            pgtrigger.register(KeepsToItsStudy(name="a_keeps_to_its_study"))(model)


# Connected on import, which every module that declares a study-owned model does first.
class_prepared.connect(prepare_scoped_model)
