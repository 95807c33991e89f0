"""What the records declare of themselves, as the SQL that makes their entries; installed at each post_migrate."""

import re
from dataclasses import dataclass
from functools import cached_property

from django.db import models

from ctms.access.scoping import Scoped, scope_of
from ctms.pages.record import RECORDS

COLUMNS = (
    "kind", "record", "study", "country", "site", "unblinded", "published", "final", "numerous", "number", "words",
)  # fmt: skip
LONGEST_NUMBER, LONGEST_WORDS = 200, 600
IN_BRACES = re.compile(r"\{(\w+)(?::0(\d+))?\}")


@dataclass(frozen=True)
class Joined:
    """A table read along with the record's own: under which name, by which key of which table."""

    path: str
    alias: str
    model: type[models.Model]
    key: str
    of: str

    @property
    def sql(self):
        meta = self.model._meta
        return f'LEFT JOIN "{meta.db_table}" {self.alias} ON {self.alias}."{meta.pk.column}" = {self.of}."{self.key}"'


class Kind:
    """A kind of record that is found by its number and its words, and how its entries are read."""

    def __init__(self, declaration):
        self.declaration = declaration
        self.model = declaration.model
        self.label = self.model._meta.label
        self.joined = {}
        self.used = {"n": set()}  # alias -> columns the entry is made of

    @cached_property
    def select(self):
        """The expressions of COLUMNS, in their order."""
        number, *more = self.declaration.find_by or ("",)
        first = f"COALESCE({self._text(number)}, '')" if number else "''"
        words = [first, *map(self._text, (*more, *self.declaration.find_words))]
        return (
            f"'{self.label}'",
            self._own(self.model._meta.pk.column),
            *self._place(),
            *self._flags(),
            str(self.declaration.numerous).upper(),
            folded(f"left({first}, {LONGEST_NUMBER})"),
            # A space at each end, so that the first and the last word are words as well.
            "concat(' ', " + folded(f"left(concat_ws(' ', {', '.join(words)}), {LONGEST_WORDS})") + ", ' ')",
        )

    def rows(self, source):
        """Return the SELECT over `source`, a table or a trigger's transition table, under the name n."""
        select = ", ".join(self.select)  # first: it finds out what is joined
        joins = " ".join(joined.sql for joined in self.joined.values())
        return f"SELECT {select} FROM {source} n {joins}"  # noqa: S608 - made of names of our own models

    # --- expressions ----------------------------------------------------------------------------------

    def _own(self, column):
        self.used["n"].add(column)
        return f'n."{column}"'

    def _place(self):
        columns = scope_of(self.model).columns if issubclass(self.model, Scoped) else {}
        for place in ("study", "country", "site"):
            if place in columns:
                name = columns[place]
                field = self.model._meta.pk if name == "pk" else self.model._meta.get_field(name)
                yield self._own(field.column)
            else:
                yield "NULL::bigint"

    def _flags(self):
        names = {field.name for field in self.model._meta.fields}
        for name in ("unblinded", "published"):
            yield self._own(name) if name in names else "FALSE"
        final = scope_of(self.model).final if issubclass(self.model, Scoped) else ()
        yield " AND ".join(self._is_one_of(path, states) for path, states in final) or "TRUE"

    def _is_one_of(self, path, states):
        listed = ", ".join(_quoted(str(state)) for state in states)
        return f"COALESCE({self._column(path)} IN ({listed}), FALSE)"

    def _text(self, spec):
        """Return a path, or words with paths in braces such as `PAY-{number:04}`, as an SQL text."""
        if "{" not in spec:
            return f"{self._column(spec)}::text"
        parts, end = [], 0
        for found in IN_BRACES.finditer(spec):
            parts += [_quoted(spec[end : found.start()]), self._padded(*found.groups())]
            end = found.end()
        return f"concat({', '.join(part for part in [*parts, _quoted(spec[end:])] if part)})"

    def _padded(self, path, width):
        text = f"{self._column(path)}::text"
        return f"lpad({text}, greatest({width}, length({text})), '0')" if width else text

    def _column(self, path):
        """Return the column at the end of a path, joining the tables on the way."""
        *steps, last = path.split("__")
        model, alias, walked = self.model, "n", ""
        for step in steps:
            field = model._meta.get_field(step)
            self.used[alias].add(field.column)
            walked = f"{walked}__{step}" if walked else step
            if walked not in self.joined:
                name = f"j{len(self.joined)}"
                self.joined[walked] = Joined(walked, name, field.related_model, field.column, alias)
                self.used[name] = set()
            alias, model = self.joined[walked].alias, field.related_model
        column = model._meta.get_field(last).column
        self.used[alias].add(column)
        return f'{alias}."{column}"'


def folded(text):
    """Return SQL that writes a text as it is searched: small letters without accents."""
    return f"lower(unaccent({text}))"


def _quoted(text):
    return "'" + text.replace("'", "''") + "'" if text else ""


def kinds():
    """Return every kind of record that says how it is found, by its label."""
    return {
        label: Kind(declaration)
        for label, declaration in RECORDS.items()
        if declaration.find_by or declaration.find_words
    }
