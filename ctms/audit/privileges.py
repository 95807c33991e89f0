"""What the application's own database role may not do, whatever the code says; run at each post_migrate, as owner."""

import pghistory.trigger
import pgtrigger
from django.db import connections

from .trail import APPEND_ONLY, AUDITED, OWNER_ROLE

APPLICATION_ROLE = "ctms_app"

# pgtrigger lets a session switch triggers off by a setting anyone may set. Nobody but the owner may here; and
# it is the session's user that counts: inside the history's functions the current one is the owner for everybody.
NEVER_IGNORE = f"""
    CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN AS $$
        SELECT session_user = '{OWNER_ROLE}'
           AND COALESCE(trigger_name = ANY(NULLIF(current_setting('pgtrigger.ignore', true), '')::text[]), false)
    $$ LANGUAGE sql STABLE;
"""


def restrict_application_role(sender=None, using="default", **kwargs):
    """Revoke from `ctms_app` what would let one line of SQL rewrite memory; idempotent."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = %s, to_regrole(%s) IS NOT NULL", [OWNER_ROLE, APPLICATION_ROLE])
        if cursor.fetchone() != (True, True):
            return
        existing = set(connection.introspection.table_names(cursor))
        if "accounts_user" not in existing:
            return
        for statement in _statements(existing):
            cursor.execute(statement)


def _statements(existing):
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APPLICATION_ROLE}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION_ROLE}"
    yield f"REVOKE ALL ON django_migrations FROM {APPLICATION_ROLE}"
    yield f"GRANT SELECT ON django_migrations TO {APPLICATION_ROLE}"
    yield NEVER_IGNORE
    for trail in AUDITED.values():
        table, events = trail.model._meta.db_table, trail.event_model._meta.db_table
        if table not in existing or events not in existing:
            continue
        # Only the triggers write history, with the owner's right: nobody can add a line that never happened.
        yield f'REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON "{events}" FROM {APPLICATION_ROLE}'
        if not trail.removable:
            yield f'REVOKE DELETE, TRUNCATE ON "{table}" FROM {APPLICATION_ROLE}'
    for model in APPEND_ONLY.values():
        if model._meta.db_table in existing:
            yield f'REVOKE UPDATE, DELETE, TRUNCATE ON "{model._meta.db_table}" FROM {APPLICATION_ROLE}'
    for model, trigger in pgtrigger.registered():
        if model._meta.db_table in existing:
            # History is written with the owner's right. And no trigger looks into temporary tables first:
            # a temporary studies_studycountry could tell any lie about a place.
            right = "SECURITY DEFINER" if isinstance(trigger, pghistory.trigger.Event) else "SECURITY INVOKER"
            yield f'ALTER FUNCTION "{trigger.get_pgid(model)}"() {right} SET search_path = public, pg_temp'
