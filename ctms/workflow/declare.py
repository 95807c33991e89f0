"""Say what may happen to a record: the only place state rules are written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pgtrigger
from django.db import models

from ctms.signatures.models import Meaning

from .triggers import StatusMoves

# A guard looks at a record and who acts, and returns a sentence if the move may not happen now.
Guard = Callable[[Any, Any], str | None]


class TransitionRefused(Exception):
    """
    The move may not happen; the message is a sentence for page and API.

    `conflict` tells a refusal because the record is no longer in the state the person saw (409).
    """

    def __init__(self, sentence, *, conflict=False):
        super().__init__(sentence)
        self.sentence = str(sentence)
        self.conflict = conflict


@dataclass(frozen=True)
class Transition:
    """
    One move: button, API call, trigger and line of history.

    :param cautions: like guards, but their sentences forbid nothing: they are said before the move, and whoever makes
        it all the same says why
    :param signature: the meaning the signer agrees to; None = not signed
    :param happened: the label of the date in the world that is asked with the move; "" = none is
    :param corrects: the field whose day the move puts right: its form begins with that day, and the same day is no
        correction
    :param effects: called with (record, move) before the state is saved; they may set the record's fields
    :param jobs: names of jobs promised with the move; they get `record_id`
    :param rare: ends, stops or undoes something: a page keeps it apart from the next steps
    :param by_time: performed by the system when its day has come; nobody has a button for it
    :param reasons: the list (TextChoices) a reason is chosen from; the words beside it stay free
    :param applies: (record) -> whether the move means anything to this record; if not, it is not offered at all
    :param target: "" = the state stays: a declared correction of what was recorded in it
    :param reason_label: what the words given with the move are called where neither "Reason" nor "Comment" says it
    :param proposed: (record, actor) -> the words the form begins with; who makes the move may write others
    :param done: (record, actor) -> the sentence that says what happened and who is next; the record as it is then
    """

    label: str
    source: str | tuple[str, ...]
    target: str
    permission: str
    guards: tuple[Guard, ...] = ()
    cautions: tuple[Guard, ...] = ()
    signature: Meaning | None = None
    needs_reason: bool = False
    happened: str = ""
    corrects: str = ""
    effects: tuple[Callable, ...] = ()
    jobs: tuple[str, ...] = ()
    by_time: bool = False
    rare: bool = False
    explanation: str = ""
    reasons: type[models.TextChoices] | None = None
    applies: Callable[[Any], bool] | None = None
    reason_label: str = ""
    proposed: Callable[[Any, Any], str] | None = None
    done: Callable[[Any, Any], str] | None = None
    name: str = field(default="", init=False)

    def __set_name__(self, owner, name):
        object.__setattr__(self, "name", name)

    @property
    def sources(self):
        return (self.source,) if isinstance(self.source, str) else tuple(self.source)

    def leads_to(self, source):
        """Return the state a record in the state `source` is in afterwards."""
        return self.target or source


@dataclass(frozen=True)
class Adopt:
    """What comes from elsewhere (import, take-over, demo) may enter in these states, in the transaction it is made."""

    label: str
    to: tuple[str, ...]
    permission: str


class Workflow:
    """
    The life cycle of one model, in one of its fields.

    Subclassing registers it, and gives the table the triggers that hold without Python.
    """

    model: ClassVar[type[models.Model]]
    field: ClassVar[str] = "status"
    first: ClassVar[str]
    frozen: ClassVar[tuple[str, ...]] = ()
    # Columns that may change in a frozen state: where the document was filed, whether it is published.
    still_open: ClassVar[tuple[str, ...]] = ()
    adopt: ClassVar[Adopt | None] = None
    # What colour says: grey not started, blue under way, green done, amber at risk, red late or failed.
    tones: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls):
        key = (cls.model._meta.label, cls.field)
        if key in WORKFLOWS:
            raise TypeError(f"Two workflows for {key}.")
        WORKFLOWS[key] = cls
        pgtrigger.register(StatusMoves(name=f"c_{cls.field}_moves", workflow=cls))(cls.model)

    @classmethod
    def transitions(cls) -> dict[str, Transition]:
        return {name: move for name, move in vars(cls).items() if isinstance(move, Transition)}

    @classmethod
    def tone(cls, state):
        return cls.tones.get(state) or ("grey" if state == cls.first else "blue")

    @classmethod
    def state_label(cls, state):
        choices: Any = cls.model._meta.get_field(cls.field)
        return dict(choices.flatchoices).get(state, state)


WORKFLOWS: dict[tuple[str, str], type[Workflow]] = {}
# Jobs rooms further up want promised after every move of a model: label -> names. They get `record_id`.
CONSEQUENCES: dict[str, list[str]] = {}


def promise_after_moves(label, job):
    """Register, from a room's `ready()`, that `job` follows each move of the model called `label`."""
    CONSEQUENCES.setdefault(label, []).append(job)


def flows_of(model):
    """Return the workflows of a model (or record), the one on `status` first."""
    label = model._meta.label
    found = [flow for (owner, _), flow in WORKFLOWS.items() if owner == label]
    return sorted(found, key=lambda flow: (flow.field != "status", flow.field))


def flow_with(model, name):
    """Return the workflow of a model that declares the transition `name`; raises LookupError."""
    for flow in flows_of(model):
        if name in flow.transitions():
            return flow
    raise LookupError(f"{model._meta.label} has no transition {name}.")


def is_frozen(record):
    """True if the record is in a state whose content no longer changes."""
    return any(getattr(record, flow.field) in flow.frozen for flow in flows_of(record))


def left_first_state(record):
    """True if a change of this record now needs a reason."""
    return any(getattr(record, flow.field) != flow.first for flow in flows_of(record))
