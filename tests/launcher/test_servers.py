"""The servers survive what happens to them: crashes, leftovers of crashes, being wanted twice."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from launcher.postgres import PORT, ROLES_SQL, Passwords, Postgres
from launcher.processes import Child, StillHeld, claim
from launcher.progress import LauncherError

PASSWORDS = Passwords("superuser", "owner", "app")


@pytest.fixture
def postgres(server_folder, request):
    server = Postgres(server_folder / request.node.name[:20], PASSWORDS)
    yield server
    server.stop()


def connect(server: Postgres, user: str, password: str, database: str = "ctms"):
    return psycopg2.connect(
        host=str(server.socket_folder), port=PORT, user=user, password=password, dbname=database
    )


def test_the_owner_owns_and_the_app_only_works(postgres):
    postgres.create_cluster()
    postgres.start()
    postgres.create_roles_and_database("ctms")
    postgres.create_roles_and_database("ctms")  # again, as after a change of the file
    with connect(postgres, "ctms_owner", "owner") as owner, owner.cursor() as cursor:
        for extension in ("btree_gist", "pg_trgm", "unaccent"):
            cursor.execute(f"CREATE EXTENSION {extension}")
        cursor.execute("CREATE TABLE visit (id bigserial PRIMARY KEY)")
    app = connect(postgres, "ctms_app", "app")
    app.autocommit = True
    with app.cursor() as cursor:
        cursor.execute("INSERT INTO visit DEFAULT VALUES RETURNING id")
        for forbidden in (
            "TRUNCATE visit",
            "DROP TABLE visit",
            "CREATE TABLE other ()",
            "CREATE DATABASE other",
        ):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(forbidden)
    app.close()


def test_the_administrator_of_a_database_service_can_make_the_roles_without_being_superuser(postgres):
    postgres.create_cluster()
    postgres.start()
    postgres.psql("-c", "CREATE ROLE administrator LOGIN CREATEDB CREATEROLE PASSWORD 'administrator'")
    environment = {"PGUSER": "administrator", "PGPASSWORD": "administrator"}
    for _ in range(2):  # the second time changes passwords
        postgres.psql(
            "--file",
            str(ROLES_SQL),
            CTMS_DB_NAME="ctms",
            CTMS_DB_OWNER_PASSWORD="owner",
            CTMS_DB_APP_PASSWORD="app",
            **environment,
        )
    with connect(postgres, "ctms_owner", "owner") as owner, owner.cursor() as cursor:
        cursor.execute("CREATE EXTENSION btree_gist; CREATE TABLE visit (id bigserial PRIMARY KEY)")
        cursor.execute("SELECT bool_or(rolsuper OR rolcreaterole) FROM pg_roles WHERE rolname LIKE 'ctms_%'")
        assert cursor.fetchone() == (False,)
    owner.close()
    with connect(postgres, "ctms_app", "app") as app, app.cursor() as cursor:
        cursor.execute("INSERT INTO visit DEFAULT VALUES")
    app.close()


def test_rows_survive_a_crash_and_a_pid_file_of_another_program(postgres):
    postgres.create_cluster()
    postgres.start()
    postgres.create_roles_and_database("ctms")
    owner = connect(postgres, "ctms_owner", "owner")
    with owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE visit AS SELECT generate_series(1, 1000) AS id")
    postgres.child.kill()
    owner.close()

    # As after a restart of a container: the number in the file is a living process, and not PostgreSQL.
    pid_file = postgres.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    postgres.start()
    with connect(postgres, "ctms_app", "app") as app, app.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM visit")
        assert cursor.fetchone() == (1000,)
    app.close()


def test_the_same_data_is_never_served_twice(postgres):
    postgres.create_cluster()
    postgres.start()
    with pytest.raises(StillHeld):
        claim(postgres.folder / "postgres.lock", patience=0.2, refusal="it runs")


def test_a_process_that_gives_up_while_starting_is_reported_with_its_log(tmp_path):
    child = Child(
        name="Example",
        command=[sys.executable, "-c", "raise SystemExit('no room left')"],
        environment=os.environ,
        directory=tmp_path,
        log_file=tmp_path / "log",
        lock_file=tmp_path / "lock",
    )
    child.launch()
    with pytest.raises(LauncherError, match="no room left"):
        child.await_ready(lambda: False, patience=10)


def test_a_process_that_does_not_listen_is_ended_with_its_children(tmp_path):
    stubborn = "trap '' TERM; sleep 600 & wait; wait"
    child = Child(
        name="Stubborn",
        command=["/bin/bash", "-c", stubborn],
        environment=os.environ,
        directory=tmp_path,
        log_file=tmp_path / "log",
        lock_file=tmp_path / "lock",
        patience=0.3,
    )
    child.launch()
    child.stop()
    claim(tmp_path / "lock", patience=2, refusal="its children still run").close()


KILLED_LAUNCHER = """
import os, signal, sys
from pathlib import Path
from launcher.processes import Child
folder = Path(sys.argv[1])
child = Child(name="Deaf", command=["/bin/bash", "-c", "trap '' TERM; sleep 600 & wait; wait"], environment=os.environ,
              directory=folder, log_file=folder / "log", lock_file=folder / "lock")
child.launch()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_launcher_leaves_nothing_behind_not_even_a_deaf_process(tmp_path):
    root = Path(__file__).resolve().parents[2]
    launcher = subprocess.run([sys.executable, "-c", KILLED_LAUNCHER, str(tmp_path)], cwd=root)
    assert launcher.returncode == -signal.SIGKILL
    claim(tmp_path / "lock", patience=15, refusal="it still runs").close()
