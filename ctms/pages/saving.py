"""One function saves what a page form and what the API sends: context, reason, version, scope."""

import re
from contextlib import contextmanager

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _
from psycopg2.errorcodes import INTEGRITY_CONSTRAINT_VIOLATION, UNIQUE_VIOLATION

from ctms.access.access import access_of
from ctms.access.explain import permit, why_not
from ctms.access.scoping import Scoped
from ctms.audit.context import acting_as
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import ChangedMeanwhile


class OutOfSight(ValidationError):
    """After this change the person would not see the record any more; nothing was saved."""


def create_record(declaration, values, *, actor, reason=""):
    """
    Make a record from the values of its create form.

    :raises ValidationError: with the field the sentence belongs to
    :raises PermissionDenied: the person may not make one at this place
    """
    with _refusals_in_words(), acting_as(actor, reason=reason):
        if declaration.create_with:
            return _visible(declaration, declaration.create_with(actor=actor, **values), actor)
        record = declaration.model(**values)
        if isinstance(record, Scoped):
            record.refuse_contradictions()
        _permit_new(declaration, record, actor)
        record.full_clean()
        record.save()
        return _visible(declaration, record, actor)


def change_record(declaration, record, values, *, actor, reason="", version=None):
    """
    Change a record the person sees.

    :param version: the version the person looked at
    :raises ChangedMeanwhile: somebody was faster
    :raises TransitionRefused: its state forbids changes
    """
    permit(actor, declaration.change_permission, record)
    with _refusals_in_words(), acting_as(actor, reason=reason):
        locked = declaration.model._base_manager.select_for_update(of=("self",)).get(pk=record.pk)
        if version is not None and getattr(locked, "version", version) != version:
            raise ChangedMeanwhile(_("Somebody changed this record after you opened it."))
        if refusal := declaration.why_not_editable(locked):
            raise TransitionRefused(refusal, conflict=True)
        changed = {name: value for name, value in values.items() if getattr(locked, name) != value}
        if not changed:
            return locked
        if declaration.needs_reason(locked) and not reason.strip():
            raise ValidationError({"reason": _("Say why this is changed.")})
        if declaration.change_with:
            return _visible(
                declaration, declaration.change_with(actor=actor, record=locked, **changed), actor
            )
        for name, value in changed.items():
            setattr(locked, name, value)
        locked.full_clean()
        locked.save()
        return _visible(declaration, locked, actor)


def _permit_new(declaration, record, actor):
    permission = declaration.add_permission
    if not isinstance(record, Scoped):
        allowed = actor.has_perm(permission)
    else:
        record.fill_place()
        place = record.place()
        # A new study lies nowhere yet: whoever may make studies anywhere may make one.
        nowhere = place.study is None
        unblinded = getattr(record, "unblinded", False)
        allowed = actor.has_perm(permission) if nowhere else access_of(actor).allows_at(
            permission, place, unblinded=unblinded
        )  # fmt: skip
    if not allowed:
        raise PermissionDenied(why_not(actor, permission))


@contextmanager
def _refusals_in_words():
    """Say what the database refused, which Python forgot, as a sentence; nothing of it was saved."""
    try:
        yield
    except IntegrityError as refused:
        raise ValidationError(_in_words(refused)) from refused


def _in_words(refused):
    """Return the database's own sentence with records by their names, or one for what it says in its own terms."""
    code = getattr(refused.__cause__, "pgcode", "")
    if code == UNIQUE_VIOLATION:
        return _("There is such a record already.")
    sentence = str(refused).split("\n")[0]
    if code != INTEGRITY_CONSTRAINT_VIOLATION:
        return sentence
    for model in apps.get_models():
        sentence = re.sub(rf"\b{model._meta.db_table}\b", str(model._meta.verbose_name), sentence)
    return sentence[:1].upper() + sentence[1:]


def _visible(declaration, record, actor):
    if not declaration.rows(actor).filter(pk=record.pk).exists():
        raise OutOfSight(_("You would not see this record any more; nothing was saved."))
    return record
