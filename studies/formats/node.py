"""An object of the document that knows its place: every reader goes through it.

It decides once what happens to wrong types. A structure of the wrong type (a text where a list
belongs) makes the file untrustworthy and is refused. A detail of one item (its label is a number, an
entry of a list is null) is left out and said in `Findings`, which becomes StudyFile.unresolved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from studies.formats.json_document import pointer
from studies.formats.study_file import StudyFileRefused, Unresolved

# PostgreSQL stores neither NUL nor half of a surrogate pair; JSON can write both as \uXXXX.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(slots=True)
class Findings:
    """What a reader could not resolve, in the order it met it, each thing once."""

    found: dict[Unresolved, None] = field(default_factory=dict)

    def add(self, place: str, what: str) -> None:
        self.found[Unresolved(place, what)] = None

    def as_tuple(self) -> tuple[Unresolved, ...]:
        return tuple(self.found)


def spoken_type(value: Any) -> str:
    """The type of a JSON value in words for a user."""
    if value is None:
        return "empty (null)"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "an object"


def quoted(value: Any, longest: int = 80) -> str:
    """A value of the file inside a sentence: short, printable, in quotation marks."""
    text = " ".join(_UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", str(value)).split())
    return f'"{text[: longest - 1]}…"' if len(text) > longest else f'"{text}"'


@dataclass(frozen=True, slots=True)
class Node:
    """One JSON object with its place in the file."""

    fields: dict[str, Any]
    place: str
    findings: Findings
    # ctrdata, an R package, writes a list of one as the entry alone; its records say so (ctrname).
    lone_entry_is_list: bool = False

    def at(self, name: str) -> str:
        return pointer(self.place, name)

    def note(self, what: str, name: str | None = None) -> None:
        self.findings.add(self.place if name is None else self.at(name), what)

    def has(self, name: str) -> bool:
        return self.fields.get(name) not in (None, "", [], {})

    def text(self, name: str) -> str | None:
        """A text the study stands on (a title, a number): None when empty, refused when not text."""
        value = self.fields.get(name)
        if value is None:
            return None
        if isinstance(value, str):
            return storable(value, self.at(name))
        raise StudyFileRefused(f'"{name}" should be text but is {spoken_type(value)}.', self.at(name))

    def identifier(self, name: str) -> str | None:
        """A text that exporters also write as a whole number: an id, a version, a number."""
        value = self.fields.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self.text(name)

    def detail(self, name: str) -> str | None:
        """A text of one item that can be left out: not text is listed as unresolved."""
        value = self.fields.get(name)
        if value is None or isinstance(value, str):
            return self.text(name)
        self.note(f'"{name}" should be text but is {spoken_type(value)}; it was left out.', name)
        return None

    def flag(self, name: str) -> bool | None:
        value = self.fields.get(name)
        if value is None or isinstance(value, bool):
            return value
        self.note(f'"{name}" should be true or false but is {spoken_type(value)}; it was left out.', name)
        return None

    def child(self, name: str) -> Node | None:
        """The object under this name; None when absent, refused when something else."""
        value = self.fields.get(name)
        if value is None:
            return None
        if isinstance(value, dict):
            return Node(value, self.at(name), self.findings, self.lone_entry_is_list)
        raise StudyFileRefused(f'"{name}" should be an object but is {spoken_type(value)}.', self.at(name))

    def entries(self, name: str) -> list[tuple[str, Any]]:
        """The entries of a list with their places; null entries are listed and left out."""
        value = self.fields.get(name)
        if value is None:
            return []
        if self.lone_entry_is_list and isinstance(value, (dict, str)):
            return [(self.at(name), value)]
        if not isinstance(value, list):
            raise StudyFileRefused(f'"{name}" should be a list but is {spoken_type(value)}.', self.at(name))
        kept = []
        for index, entry in enumerate(value):
            place = pointer(self.at(name), index)
            if entry is None:
                self.findings.add(place, f'An entry of "{name}" is empty (null); it was left out.')
            else:
                kept.append((place, entry))
        return kept

    def children(self, name: str) -> Iterator[Node]:
        """The objects of a list; an entry that is not an object is refused."""
        for place, entry in self.entries(name):
            if not isinstance(entry, dict):
                raise StudyFileRefused(
                    f'An entry of "{name}" should be an object but is {spoken_type(entry)}.', place
                )
            yield Node(entry, place, self.findings, self.lone_entry_is_list)

    def texts(self, name: str) -> list[str]:
        """The texts of a list, without empty ones; an entry that is not text is listed as unresolved."""
        kept = []
        for place, entry in self.entries(name):
            if not isinstance(entry, str):
                what = f'An entry of "{name}" should be text but is {spoken_type(entry)}; it was left out.'
                self.findings.add(place, what)
            elif text := storable(entry, place):
                kept.append(text)
        return kept


def storable(text: str, place: str) -> str | None:
    """The text trimmed, None when empty; refused when a database could not hold it."""
    if _UNSTORABLE.search(text):
        raise StudyFileRefused(
            "The text holds a character that cannot be stored (NUL or half a pair).", place
        )
    return text.strip() or None
