"""How texts of different authors are compared, cut to what a record holds, and shown."""

import hashlib
import re

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

# What companies add to their names, or leave out, from one file to the next.
_LEGAL_FORMS = frozenset(
    {
        "ab",
        "ag",
        "aps",
        "as",
        "bv",
        "co",
        "company",
        "corp",
        "corporation",
        "gmbh",
        "inc",
        "incorporated",
        "kg",
    }
    | {"kk", "limited", "llc", "lp", "ltd", "mbh", "nv", "oy", "plc", "pty", "sa", "sarl", "se", "spa", "srl"}
    | {"the", "and"}
)


def plain(text):
    """The text without regard to case and spaces."""
    return " ".join((text or "").casefold().split())


def bare(text):
    """Letters and digits only: "H2Q-MC-LZZT" and "H2QMCLZZT" are the same number."""
    return "".join(character for character in (text or "").casefold() if character.isalnum())


def same_organization(one, other):
    """True if two names may be the same organization: "Eli Lilly" and "Eli Lilly and Company"."""
    first, second = _name_words(one), _name_words(other)
    return first <= second or second <= first


def _name_words(name):
    # "K.K" and "S.A." are one word each.
    words = re.findall(r"\w+", (name or "").casefold().replace(".", ""))
    return frozenset(words) - _LEGAL_FORMS or frozenset(words)


def short_key(key, longest):
    """The key as it is, or its digest where it is longer than a record holds."""
    return key if len(key) <= longest else hashlib.sha256(key.encode()).hexdigest()


def shown(record, name, value):
    """The value of a field in words for a person."""
    if value is None or value == "":
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    field = record._meta.get_field(name)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    return str(value)


def called(record):
    """The record in words: "Planned visit Week 2"; "Amendment 1" says already what it is."""
    name, kind = str(record), capfirst(record._meta.verbose_name)
    return name if name.casefold().startswith(kind.casefold().split()[0]) else f"{kind} {name}"


def name_of_field(record, name):
    return capfirst(record._meta.get_field(name).verbose_name)


def cut(model, name, value):
    """Return the value as the field can hold it, and whether something was cut off."""
    field = model._meta.get_field(name)
    longest = field.max_length if isinstance(field, models.CharField) else None
    if longest and isinstance(value, str) and len(value) > longest:
        return f"{value[: longest - 1]}…", True
    return value, False
