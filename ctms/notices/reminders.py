"""Reminders as declarations: what is due, whom to tell, told once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

REMINDERS: dict[str, type["Reminder"]] = {}


@dataclass(frozen=True)
class Due:
    """One record that is due a reminder: whom to tell, what, and what makes it the same reminder as before."""

    record: object
    people: tuple
    text: str
    key: str


class Reminder:
    """Subclass in an app's reminders.py: `name`, and `due(on)` that yields Due."""

    name: ClassVar[str]

    def __init_subclass__(cls):
        REMINDERS[cls.name] = cls

    @classmethod
    def due(cls, on) -> Iterable[Due]:
        """Return what is due on a day; called as the system, which reads everything."""
        raise NotImplementedError
