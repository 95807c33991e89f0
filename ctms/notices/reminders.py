"""Reminders as declarations: what is due, whom to tell, told once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from .kinds import notice_kind

REMINDERS: dict[str, type["Reminder"]] = {}


@dataclass(frozen=True)
class Due:
    """One record that is due a reminder: whom to tell, what, what makes it the same as before, and a duty."""

    record: object
    people: tuple
    text: str
    key: str
    duty: bool = False


class Reminder:
    """
    Subclass in an app's reminders.py: `name`, and `due(on)` that yields Due.

    :cvar sentence: what it reminds of, for whoever chooses how to be told
    :cvar duty: a deadline of the person reminded, which cannot be muted; a single Due may be one by itself
    :cvar permission: who is reminded
    """

    name: ClassVar[str]
    sentence: ClassVar[Any]
    duty: ClassVar[bool] = True
    permission: ClassVar[str]

    def __init_subclass__(cls):
        REMINDERS[cls.name] = cls
        notice_kind(cls.name, cls.sentence, duty=cls.duty, permission=cls.permission)

    @classmethod
    def due(cls, on) -> Iterable[Due]:
        """Return what is due on a day; called as the system, which reads everything."""
        raise NotImplementedError
