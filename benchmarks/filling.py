"""Fill one table with many rows at once: as the owner of the tables, its triggers switched off meanwhile."""

from contextlib import contextmanager

from django.db import models

from ctms.audit.trail import AUDITED

# What a line of history says of who wrote it.
TOLD_BY = '{"actor": 1, "actor_name": "Loader", "reason": "Load", "channel": "import", "address": ""}'


@contextmanager
def untriggered(cursor, table):
    """Write without place, state and history triggers; what refers to a row that is not there is still refused."""
    cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    yield
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
    cursor.execute(f'ANALYZE "{table}"')
    cursor.connection.commit()


def fill(cursor, model, source, columns, parameters):
    """
    Insert a row of `model` for every row of `source`; returns how many.

    :param source: what stands behind FROM
    :param columns: SQL by column; every other column gets the field's own default, or nothing where it may be empty
    """
    given, values = dict(columns), dict(parameters)
    for field in model._meta.local_concrete_fields:
        if field.column in given or field.primary_key or field.has_db_default() or field.generated:
            continue
        if field.null:
            continue
        if not (field.has_default() or isinstance(field, models.CharField | models.TextField)):
            raise ValueError(f"{model._meta.label}: what is in {field.column}?")
        values[f"default_{field.column}"] = _as_written(field)
        given[field.column] = f"%(default_{field.column})s"
    table = model._meta.db_table
    names = ", ".join(f'"{name}"' for name in given)
    statement = f'INSERT INTO "{table}" ({names}) SELECT {", ".join(given.values())} FROM {source}'
    with untriggered(cursor, table):
        cursor.execute(statement, values)
        return cursor.rowcount


def _as_written(field):
    if isinstance(field, models.JSONField):
        return "{}"
    default = field.get_default()
    return default.value if hasattr(default, "value") else default


def tell(cursor, model):
    """Give every row of an audited model the line of history of its making, somewhere in the last three years."""
    event_table = AUDITED[model._meta.label].event_model._meta.db_table
    names = history_columns(cursor, event_table)
    statement = f"""
        INSERT INTO "{event_table}" (pgh_created_at, pgh_label, pgh_context, pgh_transaction, pgh_obj_id,
            {", ".join(names)})
        SELECT now() - (row.id %% 26000) * interval '1 hour' - random() * interval '1 hour', 'insert',
            %(told_by)s::jsonb, row.id, row.id, {", ".join(f"row.{name}" for name in names)}
        FROM "{model._meta.db_table}" AS row
    """
    cursor.execute(statement, {"told_by": TOLD_BY})
    told = cursor.rowcount
    cursor.execute(f'ANALYZE "{event_table}"')
    cursor.connection.commit()
    return told


def history_columns(cursor, event_table):
    """Return the columns of a history table that are the record's own."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
        "AND table_schema = 'public' AND left(column_name, 4) <> 'pgh_' ORDER BY 1",
        [event_table],
    )
    return [f'"{name}"' for (name,) in cursor.fetchall()]
