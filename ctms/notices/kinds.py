"""What people can be told of, kind by kind: a sentence, whether it is a duty, and whom it can concern."""

from dataclasses import dataclass
from typing import Any

KINDS: dict[str, "NoticeKind"] = {}


@dataclass(frozen=True)
class NoticeKind:
    """
    One kind of notice.

    :param sentence: what it tells, for whoever chooses how to be told
    :param duty: something the person has to do, or a deadline of theirs: it cannot be muted
    :param permission: who may be told; whoever has it nowhere is not asked about it
    """

    name: str
    sentence: Any
    duty: bool
    permission: str


def notice_kind(name, sentence, *, duty, permission):
    """Declare a kind of notice, beside the job that tells it."""
    if name in KINDS:
        raise ValueError(f"Two kinds of notice called {name}.")
    KINDS[name] = NoticeKind(name, sentence, duty, permission)


def is_duty(name):
    """True if a kind cannot be muted; one that nobody declared is never lost either."""
    return name not in KINDS or KINDS[name].duty


def kinds_for(user):
    """Return the kinds a person can be told of, duties first."""
    found = [kind for kind in KINDS.values() if user.has_perm(kind.permission)]
    return sorted(found, key=lambda kind: (not kind.duty, str(kind.sentence)))
