"""
The seal: one digest per remembered row, in chained files on write-once storage.

Whoever holds the database could still rewrite it; whoever holds the files cannot rewrite those written before.
Each file covers the transactions from where the last one ended up to the snapshot horizon: below it nothing is
still open, so every row belongs to exactly one file, and a row that is missing, altered or slipped in later is
named by `verify_audit` (compliance row 6; ALCOA++ enduring).
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from .horizon import snapshot_horizon
from .trail import APPEND_ONLY, AUDITED

GENESIS = "0" * 64


@dataclass(frozen=True)
class SealedTable:
    """How one table of memory is read: its key, and the column that orders it by transaction."""

    table: str
    key: str
    transaction: str


@dataclass(frozen=True)
class Flaw:
    """One thing that is not as it was sealed, in words."""

    where: str
    what: str

    def __str__(self):
        return f"{self.where}: {self.what}"


def sealed_tables():
    """Return the tables a seal covers: every event table, and every append-only table that knows its transaction."""
    tables = [
        SealedTable(trail.event_model._meta.db_table, "pgh_id", "pgh_transaction")
        for trail in AUDITED.values()
    ]
    for model in APPEND_ONLY.values():
        if any(f.name == "transaction" for f in model._meta.fields):
            tables.append(SealedTable(model._meta.db_table, "id", "transaction"))
    return sorted(tables, key=lambda one: one.table)


def seal_files():
    folder = Path(settings.AUDIT_SEAL_DIR)
    return sorted(folder.glob("*.seal")) if folder.is_dir() else []


def write_seal():
    """Seal what was remembered since the last seal; returns the new file, or None when there is nothing new."""
    files = seal_files()
    previous = _digest_of(files[-1]) if files else GENESIS
    begin = _head(files[-1])["to"] if files else 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        end = snapshot_horizon()
        tables = {one.table: _columns(cursor, one.table) for one in sealed_tables()}
        lines = [
            f"{one.table} {key} {digest}"
            for one in sealed_tables()
            for key, digest in _rows(cursor, one, tables[one.table], begin, end)
        ]
    if not lines:
        return None
    head = {"number": len(files) + 1, "previous": previous, "from": begin, "to": end, "columns": tables}
    return _put_away(f"{len(files) + 1:06d}.seal", json.dumps(head, sort_keys=True), lines)


def _put_away(name, head, lines):
    folder = Path(settings.AUDIT_SEAL_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / name
    # "x": a seal is never written over, not even by a second sealer at the same moment.
    with target.open("x", encoding="utf-8") as handle:
        handle.write("\n".join([head, *lines]) + "\n")
    target.chmod(0o444)
    return target


def _columns(cursor, table):
    """Return the columns a digest is made of, kept in the seal: a later migration adds columns, not flaws."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s "
        "ORDER BY column_name",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def _rows(cursor, one, columns, begin, end) -> Iterator[tuple[int, str]]:
    """Yield (key, digest) of the rows whose transactions lie in [begin, end), in the order of their keys."""
    content = ", ".join(f"'{name}', \"{name}\"" for name in columns)
    cursor.execute(
        f"""SELECT "{one.key}", encode(sha256(convert_to(jsonb_build_object({content})::text, 'UTF8')), 'hex')
            FROM "{one.table}" WHERE "{one.transaction}" >= %s AND "{one.transaction}" < %s
            ORDER BY "{one.key}" """,
        [begin, end],
    )
    yield from cursor.fetchall()


def verify():
    """Compare every sealed row with the database; returns the flaws, the earliest seal first."""
    flaws, previous = [], GENESIS
    known = {one.table: one for one in sealed_tables()}
    for path in seal_files():
        follows, previous = previous, _digest_of(path)
        try:
            head, sealed = _read(path)
        except (ValueError, KeyError, StopIteration):
            flaws.append(Flaw(path.name, "cannot be read: it was edited"))
            continue
        if head["previous"] != follows:
            flaws.append(Flaw(path.name, "does not follow the seal before it: one was altered or taken away"))
        flaws += _compare(path.name, head, sealed, known)
    return flaws


def _read(path):
    """Return the head of a seal and {table: {key: digest}}."""
    with path.open(encoding="utf-8") as handle:
        head = json.loads(next(handle))
        sealed: dict[str, dict[int, str]] = {table: {} for table in head["columns"]}
        for line in handle:
            table, key, digest = line.split()
            sealed[table][int(key)] = digest
    return head, sealed


def _compare(name, head, sealed, known):
    flaws = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        for table, rows in sealed.items():
            if table not in known:
                flaws.append(Flaw(f"{name} {table}", "is no longer a table of memory"))
                continue
            now = dict(_rows(cursor, known[table], head["columns"][table], head["from"], head["to"]))
            flaws += _differences(name, table, rows, now)
    return flaws


def _differences(name, table, sealed, now):
    for key in sorted(sealed.keys() | now.keys()):
        if key not in now:
            yield Flaw(f"{name} {table} row {key}", "is missing")
        elif key not in sealed:
            yield Flaw(f"{name} {table} row {key}", "was slipped in after the seal")
        elif sealed[key] != now[key]:
            yield Flaw(f"{name} {table} row {key}", "was altered")


def _head(path):
    with path.open(encoding="utf-8") as handle:
        return json.loads(handle.readline())


def _digest_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()
