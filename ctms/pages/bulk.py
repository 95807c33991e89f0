"""One deed for many rows of a list: each with its own permission and guards, and a report of what was refused."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from ctms.workflow.declare import Transition, TransitionRefused, flow_with
from ctms.workflow.engine import ChangedMeanwhile, perform

from .forms import TransitionForm

# So many answer within a request; whoever has more narrows the list.
AT_ONCE = 500


@dataclass(frozen=True)
class BulkAction:
    """
    Something done to many rows.

    :param act: (record, actor, **asked) does it to one record, in a transaction of its own, and permits it itself
    :param form: makes the form of what is asked once for all of them, from data or None
    """

    name: str
    label: str
    permission: str
    act: Callable[..., Any]
    form: Callable[[Any], forms.Form] = forms.Form
    explanation: str = ""


def action_of(model, declared):
    """
    Return the action a list declares: itself, or the move of its records with this name.

    :raises TypeError: the move is signed, or nobody's to make: neither is done to many at once
    """
    if isinstance(declared, BulkAction):
        return declared
    move = flow_with(model, declared).transitions()[declared]
    if move.signature is not None or move.by_time:
        raise TypeError(f"{model._meta.label}: {declared} is not done to many at once.")
    return BulkAction(
        declared, move.label, move.permission, _move_by(move), _form_of(move), str(move.explanation)
    )


def _move_by(move: Transition):
    def act(record, actor, **asked):
        return perform(record, move.name, actor=actor, **asked)

    return act


def _form_of(move: Transition):
    def form(data):
        return TransitionForm(data, transition=move)

    return form


@dataclass
class Outcome:
    """What became of a deed: the records it was done to, and those it was refused for with their sentences."""

    done: list = field(default_factory=list)
    refused: list[tuple[Any, str]] = field(default_factory=list)


def carry_out(action, records, *, actor, asked):
    """Do it to one record after the other: what went through stays, whatever becomes of the next."""
    outcome = Outcome()
    for record in records:
        try:
            action.act(record, actor, **asked)
        except (PermissionDenied, TransitionRefused, ChangedMeanwhile) as refusal:
            outcome.refused.append((record, str(refusal)))
        except ValidationError as refusal:
            outcome.refused.append((record, " ".join(refusal.messages)))
        except IntegrityError as refusal:
            # The database's own sentence, without its context lines.
            outcome.refused.append((record, str(refusal).split("\nCONTEXT")[0]))
        else:
            outcome.done.append(record)
    return outcome


def keys_in(texts):
    """Return the keys somebody chose, in their order, each once; what is no key is passed over."""
    words = (word for text in texts for word in text.split(","))
    keys = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < MOST_DIGITS]
    return list(dict.fromkeys(keys))


MOST_DIGITS = 19


def too_many():
    return _("At most %(n)d rows at once: narrow the list with a filter, or choose fewer.") % {"n": AT_ONCE}
