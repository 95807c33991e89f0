"""Which line of a plan in a file is which line of the study.

Exporters number anew: "Activity_5" is one thing in one file and another in the next, so a line is known by its
key and name together, then by its name alone. By its key alone (it was renamed) it is known only where the file
otherwise numbers as the study does.
"""

from collections import Counter
from dataclasses import dataclass, field

from .words import bare, plain, short_key

# Lines that a registry record brought; registry records number nothing.
FROM_REGISTRY = "registry:"
_LONGEST_KEY = 200


@dataclass
class Line:
    """A line of the file: its key, what its record should say, and what it is in the file."""

    key: str
    values: dict
    item: object
    names: tuple = field(default=())

    def __post_init__(self):
        self.key = short_key(self.key, _LONGEST_KEY)

    @property
    def name(self):
        return plain(self.values["name"])


def numbers_alike(pairs_of_rows_and_lines):
    """True if at least half of the file's lines have the key and the name of a line of the study."""
    alike = total = 0
    for rows, lines in pairs_of_rows_and_lines:
        if rows and lines:
            known = {(row.key, plain(row.name)) for row in rows}
            alike += sum((line.key, line.name) in known for line in lines)
            total += len(lines)
    return total > 0 and 2 * alike >= total


def pair(rows, lines, *, alike, loosely=False):
    """
    Return {key of the line: row} for the lines the study has.

    :param alike: whether the keys of the file mean what they mean in the study
    :param loosely: whether punctuation does not matter, and a label is as good as a name
    """
    paired, free = {}, list(rows)

    def join(line, row):
        paired[line.key] = row
        free.remove(row)

    by_both = {(row.key, plain(row.name)): row for row in rows if row.key}
    for line in lines:
        if (row := by_both.get((line.key, line.name))) is not None and row in free:
            join(line, row)
    _join_by_name(lines, free, paired, join, lambda row: {plain(row.name)}, lambda line: {line.name})
    if loosely:
        _join_by_name(lines, free, paired, join, _bare_names_of_row, _bare_names_of_line)
    if alike:
        by_key = {row.key: row for row in free if row.key}
        for line in lines:
            if line.key not in paired and line.key in by_key:
                join(line, by_key[line.key])
    return paired


def _join_by_name(lines, free, paired, join, names_of_row, names_of_line):
    """Join what has a name in common that nothing else has; lines in force before retired ones."""
    for retired in (False, True):
        open_rows = [row for row in free if row.retired is retired]
        open_lines = [line for line in lines if line.key not in paired]
        often = Counter(name for row in open_rows for name in names_of_row(row))
        often_said = Counter(name for line in open_lines for name in names_of_line(line))
        by_name = {name: row for row in open_rows for name in names_of_row(row) if often[name] == 1}
        for line in open_lines:
            rows = {
                by_name[n].pk: by_name[n] for n in names_of_line(line) if n in by_name and often_said[n] == 1
            }
            if len(rows) == 1 and (row := next(iter(rows.values()))) in free:
                join(line, row)


def _bare_names_of_row(row):
    return {bare(row.name), bare(row.label)} - {""}


def _bare_names_of_line(line):
    return {bare(line.values["name"]), bare(line.values.get("label"))} - {""}
