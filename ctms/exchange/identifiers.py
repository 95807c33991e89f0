"""The names other systems know our records by."""

import re

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from ctms.access.explain import permit
from ctms.access.scoping import Scoped
from ctms.audit.context import acting_as
from ctms.signatures.signing import label_of

from .events import record_behind
from .models import ExternalIdentifier

SYSTEM = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
VALUE_LENGTH = 200


class ManyRecords(Exception):
    """Several records the person sees are called this; the sentence says how to ask for one."""


class HiddenRecord(Exception):
    """A record the person may not see is called this."""


def check_name(system, value):
    """Refuse what is no name of a system or of a record in it; raises ValidationError."""
    if not SYSTEM.fullmatch(system):
        raise ValidationError({"system": _("Small letters, digits, dot, dash and underscore, up to 60.")})
    if not 0 < len(value) <= VALUE_LENGTH or not value.isprintable():
        raise ValidationError({"external_id": _("Up to 200 printable characters.")})


def hold_name(declaration, system, value):
    """Make whoever else speaks of this name wait until this transaction ends."""
    with connection.cursor() as cursor:
        name = f"{declaration.slug}/{system}/{value}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def find_record(declaration, user, system, value, *, study=None):
    """
    Return the record the person may see under this name, or None.

    :param study: id of the study, where several use the name
    :raises ManyRecords:
    """
    found = list(_visible(declaration, user, _named(declaration, system, value, study)))
    if len(found) > 1:
        raise ManyRecords(_how_to_ask_for_one(declaration, found))
    return found[0] if found else None


def _how_to_ask_for_one(declaration, records):
    if len({_study_of(record) for record in records}) > 1:
        return _("Records of several studies have this identifier; add ?study=.")
    named = [
        f"{record} ({declaration.slug}/{record.pk})" for record in sorted(records, key=lambda one: one.pk)
    ]
    return _(
        "A record of the unblinded circle and one outside it have this identifier: %(records)s. Use the address of one."
    ) % {"records": _(" and ").join(named)}


def attach(*, actor, declaration, record, system, value, reason=""):
    """
    Let a record be found under another system's name for it; saying the same again changes nothing.

    A name of the unblinded circle is taken in the circle alone: nobody outside learns of it by being refused.

    :raises HiddenRecord: the name is taken in this study and circle by a record the person may not see
    :raises ValidationError: by one they see
    """
    check_name(system, value)
    study, unblinded = _study_of(record), getattr(record, "unblinded", False)
    with acting_as(actor, reason=reason):
        hold_name(declaration, system, value)
        named = _named(declaration, system, value, study)
        taken = named.filter(study=study, unblinded=unblinded).first()
        if taken is not None and taken.record == label_of(record):
            return taken
        if taken is not None:
            if not list(_visible(declaration, actor, [taken])):
                raise HiddenRecord
            raise ValidationError({"external_id": _("Another record has this identifier already.")})
        made = ExternalIdentifier(
            system=system,
            kind=declaration.model._meta.label,
            value=value,
            record=label_of(record),
            study_id=study,
            unblinded=unblinded,
        )
        made.full_clean()
        made.save()
        return made


def detach(*, actor, declaration, record, identifier, reason):
    """Take a name away that was given by mistake; its history stays."""
    permission = declaration.change_permission
    permit(actor, permission, record)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why this is changed.")})
    with acting_as(actor, reason=reason):
        ExternalIdentifier.objects.filter(pk=identifier.pk, record=label_of(record)).delete()


def take_names_along(record):
    """Let the names of a record be of the circle it was moved to; one that is taken there is lost, as history tells."""
    for name in identifiers_of(record).exclude(unblinded=record.unblinded):
        there = ExternalIdentifier.objects.filter(
            kind=name.kind,
            value=name.value,
            system=name.system,
            study=name.study_id,
            unblinded=record.unblinded,
        )
        if there.exists():
            name.delete()
        else:
            name.save()  # the trigger fills in the circle


def identifiers_of(record):
    """Return the names of a record the caller may see."""
    return ExternalIdentifier.objects.filter(record=label_of(record)).order_by("system", "value", "pk")


def _named(declaration, system, value, study):
    named = ExternalIdentifier.objects.filter(kind=declaration.model._meta.label, system=system, value=value)
    return named if study is None else named.filter(study=study)


def _study_of(record):
    return record.place().study if isinstance(record, Scoped) else None


def _visible(declaration, user, identifiers):
    keys = [record_behind(one.record)[1] for one in identifiers]
    return declaration.rows(user).filter(pk__in=keys) if keys else []
