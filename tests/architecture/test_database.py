"""The second wall: what the database refuses the product's own role, whatever the code says."""

import pghistory.trigger
import pgtrigger
import pytest
from django.db import DatabaseError, connection, transaction

from ctms.audit import privileges
from ctms.audit.context import acting_as
from ctms.audit.privileges import restrict_application_role
from ctms.audit.trail import APPEND_ONLY, AUDITED
from studies.models import Milestone

DENIED = "42501"  # insufficient_privilege
REFUSED = "23000"  # what the workflow's triggers say
UNDECLARED = "UPDATE studies_study SET status = 'ARCHIVED'"


def attempt(sql, *params):
    """Run SQL as the product's role; return the SQLSTATE it was refused with, or '' when it went through."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)
    except DatabaseError as refused:
        return refused.__cause__.pgcode
    return ""


@pytest.fixture
def milestone(cast):
    with acting_as(cast.paula, reason="A milestone to attack"):
        return Milestone.objects.create(study=cast.vel, name="Kick-off", planned_on="2026-03-17")


def test_the_product_is_not_the_owner(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, "
            "pg_has_role(current_user, 'ctms_owner', 'MEMBER') FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("ctms_app", False, False, False, False, False)


def test_every_declared_trigger_is_in_the_database_as_it_is_declared(db):
    declared = pgtrigger.registered()
    assert len(declared) > 100
    states = {trigger.get_uri(model): trigger.get_installation_status(model) for model, trigger in declared}
    assert {uri: status for uri, status in states.items() if status != ("INSTALLED", True)} == {}


def test_history_is_written_with_the_owners_right_and_in_the_owners_schema(db):
    wanted = {
        trigger.get_pgid(model)
        for model, trigger in pgtrigger.registered()
        if isinstance(trigger, pghistory.trigger.Event)
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosecdef, pg_get_userbyid(proowner), proconfig FROM pg_proc WHERE proname = ANY(%s)",
            [sorted(wanted)],
        )
        found = {name: rest for name, *rest in cursor.fetchall()}
    assert set(found) == wanted
    assert {tuple(map(str, rest)) for rest in found.values()} == {
        ("True", "ctms_owner", "['search_path=public, pg_temp']")
    }


def test_no_trigger_looks_into_temporary_tables_first(db):
    """Anybody may make a temporary table called studies_studysite; no rule may read it."""
    names = {trigger.get_pgid(model) for model, trigger in pgtrigger.registered()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE proname = ANY(%s) AND proconfig IS NULL", [sorted(names)]
        )
        assert cursor.fetchall() == []


@pytest.mark.parametrize("deed", ["UPDATE", "DELETE", "TRUNCATE", "INSERT"])
def test_history_can_be_read_and_nothing_else(db, deed):
    assert AUDITED
    for trail in AUDITED.values():
        table = trail.event_model._meta.db_table
        sql = {
            "UPDATE": f"UPDATE {table} SET pgh_label = 'forged'",
            "DELETE": f"DELETE FROM {table}",
            "TRUNCATE": f"TRUNCATE {table}",
            "INSERT": f"INSERT INTO {table} SELECT * FROM {table}",
        }[deed]
        assert attempt(sql) == DENIED, sql
        assert attempt(f"SELECT * FROM {table} LIMIT 1") == ""


@pytest.mark.parametrize("deed", ["UPDATE", "DELETE", "TRUNCATE"])
def test_signatures_moves_files_and_the_access_log_are_only_added_to(db, deed):
    assert {
        "signatures.Signature",
        "workflow.TransitionRecord",
        "accounts.SecurityEvent",
        "files.StoredFile",
    } <= set(APPEND_ONLY)
    for model in APPEND_ONLY.values():
        table, key = model._meta.db_table, model._meta.pk.column
        sql = {
            "UPDATE": f'UPDATE {table} SET "{key}" = "{key}"',
            "DELETE": f"DELETE FROM {table}",
            "TRUNCATE": f"TRUNCATE {table}",
        }[deed]
        assert attempt(sql) == DENIED, sql


def test_regulated_rows_are_not_removed_and_a_cross_of_the_schedule_may_be(db):
    removable = {label for label, trail in AUDITED.items() if trail.removable}
    assert "studies.PlannedVisitActivity" in removable
    assert "studies.Study" not in removable
    for label, trail in AUDITED.items():
        table = trail.model._meta.db_table
        answer = attempt(f"DELETE FROM {table} WHERE false")
        assert answer == ("" if label in removable else DENIED), label
        assert attempt(f"TRUNCATE {table}") == DENIED


def test_no_audited_row_is_written_without_saying_who(milestone):
    assert attempt("UPDATE studies_milestone SET name = 'x'") == DENIED
    assert attempt("SELECT set_config('pghistory.context_metadata', '', true)") == ""
    milestone.refresh_from_db()
    assert milestone.name == "Kick-off"


def test_triggers_cannot_be_switched_off_by_a_setting(cast, milestone):
    """pgtrigger reads a session setting anybody may set; here it is heard from the owner alone."""
    with acting_as(cast.paula, reason="attack"):
        everything_off = "{" + ",".join(sorted({t.get_pgid(m) for m, t in pgtrigger.registered()})) + "}"
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [everything_off])
            assert attempt(UNDECLARED) == REFUSED
            assert attempt("UPDATE studies_milestone SET name = 'Unseen'") == ""
            cursor.execute("SELECT count(*) FROM studies_milestoneevent WHERE name = 'Unseen'")
            assert cursor.fetchone() == (1,), "the change went past the history"
            cursor.execute("SELECT set_config('pgtrigger.ignore', '', true)")
    with acting_as(cast.paula, reason="attack"), pgtrigger.ignore():
        assert attempt(UNDECLARED) == REFUSED
    cast.vel.refresh_from_db()
    assert cast.vel.status == "PLANNING"


@pytest.mark.parametrize(
    "sql",
    [
        "SET session_replication_role = 'replica'",
        "SET LOCAL session_replication_role = 'replica'",
        "SET ROLE ctms_owner",
        "SET SESSION AUTHORIZATION ctms_owner",
        "ALTER TABLE studies_studysite DISABLE TRIGGER ALL",
        "ALTER TABLE studies_milestoneevent OWNER TO ctms_app",
        "ALTER TABLE studies_study ADD COLUMN x int",
        "DROP TABLE studies_milestoneevent",
        "DROP TRIGGER c_status_moves ON studies_studysite",
        "CREATE TABLE mine (x int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN "
        "LANGUAGE sql AS 'SELECT true'",
        "ALTER DEFAULT PRIVILEGES FOR ROLE ctms_owner GRANT ALL ON TABLES TO ctms_app",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('studies', '0099', now())",
        "DELETE FROM django_migrations",
        "COPY studies_study TO PROGRAM 'cat'",
    ],
)
def test_the_products_role_cannot_give_itself_more(db, sql):
    refused = attempt(sql)
    # 42704: a trigger of that name; never reached, the table is not its own.
    assert refused in (DENIED, "42704"), (sql, refused)


def test_a_granted_nothing_grants_nothing(db):
    """GRANT by somebody without the right to is a warning in Postgres; so look at what is held."""
    attempt("GRANT INSERT ON studies_milestoneevent TO ctms_app")
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('ctms_app', 'studies_milestoneevent', 'INSERT')")
        assert cursor.fetchone() == (False,)


def test_privileges_are_the_owners_to_change_and_the_product_asking_changes_nothing(db):
    before = attempt("DELETE FROM studies_milestoneevent")
    restrict_application_role()  # as ctms_app: does nothing, and does not fail
    assert before == attempt("DELETE FROM studies_milestoneevent") == DENIED


def test_every_table_of_memory_is_among_what_is_revoked():
    tables = {trail.event_model._meta.db_table for trail in AUDITED.values()}
    append_only = {model._meta.db_table for model in APPEND_ONLY.values()}
    everything = tables | append_only | {trail.model._meta.db_table for trail in AUDITED.values()}
    said = "\n".join(privileges._statements(everything))
    for table in tables:
        assert f'REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON "{table}"' in said
    for table in append_only:
        assert f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}"' in said
    assert list(privileges._statements(set()))[-1] == privileges.NEVER_IGNORE, (
        "tables to come are not spoken of"
    )
