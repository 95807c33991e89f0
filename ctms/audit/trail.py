"""`@audited`: every insert, update and delete of a model leaves an event row, written by the database."""

from dataclasses import dataclass
from string import Formatter

import pghistory
import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import expressions

OWNER_ROLE = "ctms_owner"
HAS_CONTEXT = "COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> ''"


@dataclass(frozen=True)
class Trail:
    """How a model is remembered: where, whether its rows may be removed at all, and what they are called by."""

    model: type[models.Model]
    event_model: type[models.Model]
    removable: bool
    called_by: tuple[str, ...]

    @property
    def fields_called_by(self):
        """Return the fields a row is called by, in their order."""
        fields = {f.name: f for f in self.model._meta.local_fields}
        return [fields[name] for words in self.called_by for name in names_in(words)]


AUDITED: dict[str, Trail] = {}
# Tables that are memory themselves: rows are added, never changed. label -> model
APPEND_ONLY: dict[str, type[models.Model]] = {}


class CurrentTransaction(expressions.Func):
    """The database's transaction number (xid8): groups what was written together, orders the seal."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class MustBeAttributed(pgtrigger.Trigger):
    """Refuse a write that does not say who did it; the owner's migrations are the only exception."""

    when = pgtrigger.Before

    def get_func(self, model):
        return f"""
            IF NOT ({HAS_CONTEXT}) AND current_user <> '{OWNER_ROLE}' THEN
                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            RETURN COALESCE(NEW, OLD);
        """


def names_in(words):
    """Return the fields in braces in such words as `{given_name} {family_name}`."""
    return [name for _text, name, _spec, _conversion in Formatter().parse(words) if name]


def audited(*, called_by, exclude=(), removable=False):
    """
    Class decorator: remember every change of this model in `<Model>Event`.

    :param called_by: what the history calls a row by, a sequence of words with its fields in braces, such as
        `("{kind}", "{visit}")`: a line tells of the row as it was, and the row may be no more. Words with an empty
        field are left out, so one of them must be of fields every row has; with a format, a field stands as stored
    :param exclude: fields that are nobody's history (a password hash, a version counter)
    :param removable: rows may be deleted (and the deletion is remembered); regulated rows are not
    """

    def remember(model):
        left_out = [f.name for f in model._meta.fields if f.name in {*exclude, "version"}]
        kept = [f.name for f in model._meta.local_fields if f.name not in left_out]
        event_model = pghistory.create_event_model(
            model,
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=left_out,
            context_id_field=None,  # type: ignore[arg-type]
            abstract=False,
            attrs={
                "pgh_transaction": models.BigIntegerField(db_default=CurrentTransaction(), editable=False),
                **getattr(model, "event_attributes", dict)(),
            },
            meta={"indexes": _event_indexes(model), "default_permissions": ()},
        )
        # One trigger an operation: an update that touches nothing remembered (a last login) needs no context.
        pgtrigger.register(
            MustBeAttributed(name="attributed_insert", operation=pgtrigger.Insert | pgtrigger.Delete),
            MustBeAttributed(
                name="attributed_update", operation=pgtrigger.Update, condition=pgtrigger.AnyChange(*kept)
            ),
        )(model)
        if missing := {name for words in called_by for name in names_in(words)} - set(kept):
            raise TypeError(f"{model._meta.label} is called by {missing}, which its history does not keep.")
        AUDITED[model._meta.label] = Trail(model, event_model, removable, tuple(called_by))
        return model

    return remember


def append_only(model):
    """Class decorator: rows of this model are never changed or deleted, by trigger and by privilege."""
    pgtrigger.register(
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
    )(model)
    APPEND_ONLY[model._meta.label] = model
    return model


def _event_indexes(model):
    # The journal reads the newest rows of a study, and of everything; the seal reads by transaction.
    indexes = [BrinIndex(fields=["pgh_transaction"]), models.Index(fields=["pgh_created_at", "pgh_id"])]
    if any(f.name == "study" for f in model._meta.local_fields):
        indexes.append(models.Index(fields=["study", "pgh_created_at", "pgh_id"]))
    return indexes
