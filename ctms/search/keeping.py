"""Triggers that keep an entry for every record; brought in line with the declarations at each post_migrate."""

import hashlib

from django.db import connections

from ctms.audit.trail import OWNER_ROLE

from .entries import COLUMNS, kinds

TABLE = "search_entry"
NEWLY = ", ".join(f"{name} = EXCLUDED.{name}" for name in COLUMNS[2:])
PUT = f"INSERT INTO {TABLE} ({', '.join(COLUMNS)}) %s ON CONFLICT (kind, record) DO UPDATE SET {NEWLY};"
OURS = "search_keeps_"


def keep_entries(sender=None, using="default", **kwargs):
    """
    Install the triggers, and make all entries anew if what is declared has changed; idempotent, as owner only.

    Entries can be made again from the records at any time, so no migration carries them: a kind of record is found
    by saying so in its declaration.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_user = %s, to_regclass(%s) IS NOT NULL", [OWNER_ROLE, TABLE])
        if cursor.fetchone() != (True, True):
            return
        existing = set(connections[using].introspection.table_names(cursor))
        found = [kind for kind in kinds().values() if kind.model._meta.db_table in existing]
        statements, filling = list(triggers_of(found)), [PUT % kind.rows(table_of(kind)) for kind in found]
        digest = hashlib.sha256("".join([*statements, *filling]).encode()).hexdigest()
        cursor.execute("SELECT obj_description(to_regclass(%s))", [TABLE])
        if cursor.fetchone() == (digest,):
            return
        for statement in [*_dropping(cursor), *statements, f"TRUNCATE {TABLE}", *filling]:
            cursor.execute(statement)
        cursor.execute(f"COMMENT ON TABLE {TABLE} IS '{digest}'")


def table_of(kind):
    return f'"{kind.model._meta.db_table}"'


def triggers_of(found):
    """Yield the statements that make the functions and triggers of all kinds."""
    for kind in found:
        yield from _own_triggers(kind)
    related = {}
    for kind in found:
        kind.rows("")  # finds out what is joined
        for joined in kind.joined.values():
            if kind.used[joined.alias]:
                related.setdefault(joined.model._meta.db_table, []).append((kind, joined))
    for table, dependent in sorted(related.items()):
        yield from _related_trigger(table, dependent)


def _own_triggers(kind):
    """A record is made, changed or, where that is allowed, removed: its entry follows in the same statement."""
    table, key = kind.model._meta.db_table, kind.model._meta.pk.column
    yield from _trigger(table, "insert", PUT % kind.rows("new_rows"), "NEW TABLE AS new_rows")
    changed = _changed(kind.used["n"], "n", "o")
    rows = f'{kind.rows("new_rows")} JOIN old_rows o ON o."{key}" = n."{key}" WHERE {changed}'
    yield from _trigger(table, "update", PUT % rows, "OLD TABLE AS old_rows NEW TABLE AS new_rows")
    gone = f"DELETE FROM {TABLE} e USING old_rows o WHERE e.kind = '{kind.label}' AND e.record = o.{key};"  # noqa: S608 - names of our own models
    yield from _trigger(table, "delete", gone, "OLD TABLE AS old_rows")


def _related_trigger(table, dependent):
    """What other records are found by has changed, such as the name of a hospital: so do their entries."""
    body = []
    for kind, joined in dependent:
        key = joined.model._meta.pk.column
        of_interest = _changed(kind.used[joined.alias], "c", "o")
        changed = f"SELECT c.{key} FROM new_rows c JOIN old_rows o ON o.{key} = c.{key} WHERE {of_interest}"  # noqa: S608 - names of our own models
        rows = f'{kind.rows(table_of(kind))} WHERE {joined.alias}."{key}" IN ({changed})'
        body.append(f"IF EXISTS ({changed}) THEN {PUT % rows} END IF;")
    transition = "OLD TABLE AS old_rows NEW TABLE AS new_rows"
    yield from _trigger(table, "update", "\n".join(body), transition, name="related")


def _changed(columns, new, old):
    pairs = sorted(columns)
    now, before = (", ".join(f'{alias}."{column}"' for column in pairs) for alias in (new, old))
    return f"({now}) IS DISTINCT FROM ({before})"


def _trigger(table, operation, body, transition, name=""):
    function = f"{OURS}{name or operation}_{table}"[:63]
    # No trigger looks into temporary tables first: they could tell any lie about a place.
    yield (
        f'CREATE FUNCTION "{function}"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp '
        f"AS $$ BEGIN {body} RETURN NULL; END; $$"
    )
    yield (
        f'CREATE TRIGGER "z_search_{name or operation}" AFTER {operation.upper()} ON "{table}" '
        f'REFERENCING {transition} FOR EACH STATEMENT EXECUTE FUNCTION "{function}"()'
    )


def _dropping(cursor):
    """Return what removes the triggers of declarations there were before."""
    cursor.execute("SELECT proname FROM pg_proc WHERE starts_with(proname, %s)", [OURS])
    return [f'DROP FUNCTION "{name}"() CASCADE' for (name,) in cursor.fetchall()]
