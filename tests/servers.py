"""pytest plugin: a throw-away PostgreSQL and Valkey for one test run, shared by all its processes.

The controller (or the only process, without xdist) starts the servers before Django reads its settings;
xdist workers find their addresses in the environment. The migrated cluster is kept in `var/test-clusters`
and copied for the next run with the same migrations; `--create-db` makes it anew.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import IO

import psycopg2
import pytest

from launcher.paths import ROOT
from launcher.postgres import PORT, SUPERUSER, Passwords, Postgres
from launcher.processes import claim
from launcher.product import migrate, product_environment
from launcher.progress import LauncherError
from launcher.schema import schema_digest
from launcher.valkey import Valkey

pytest_plugins = ["tests.databases", "tests.product", "tests.browser"]

TEMPLATE = "ctms_template"  # migrated and empty
SECRET_KEY = "for-tests-only-" + "x" * 40
# The cluster lives for one run behind a socket only its user can reach.
PASSWORDS = Passwords(superuser="superuser-of-tests", owner="owner-of-tests", app="app-of-tests")
FOLDER = "CTMS_TEST_FOLDER"
IMAGES = ROOT / "var" / "test-clusters"
IMAGES_KEPT = 2

FOLDER_PREFIX = "ctms-tests-"

_started: list[Postgres | Valkey] = []
_run_locks: list[IO[bytes]] = []


def worker_name() -> str:
    """The xdist worker this process is ("gw0"), or "main"."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def run_folder() -> Path:
    """The folder of this test run, the same for all its processes."""
    return Path(os.environ[FOLDER])


def throwaway_postgres(folder: Path) -> Postgres:
    """The description of the run's cluster; only the controller starts it."""
    return Postgres(folder, PASSWORDS, throwaway=True)


def _as_superuser(statement: str) -> None:
    """Run one statement that PostgreSQL allows outside transactions only."""
    connection = psycopg2.connect(
        host=os.environ["CTMS_DB_HOST"],
        port=PORT,
        user=SUPERUSER,
        password=PASSWORDS.superuser,
        dbname="postgres",
    )
    with closing(connection):
        connection.autocommit = True
        connection.cursor().execute(statement)


def copy_database(source: str, name: str) -> None:
    """A new database like `source`, owned by `ctms_owner`; nobody may be connected to the source."""
    # FILE_COPY without fsync is a plain copy of some files: 0.06 s.
    _as_superuser(f'CREATE DATABASE "{name}" TEMPLATE "{source}" OWNER ctms_owner STRATEGY FILE_COPY')


def drop_database(name: str) -> None:
    """Drop the database, ending the sessions that still use it."""
    _as_superuser(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


# --- starting and stopping ----------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Start the servers before pytest-django sets Django up: a wrapper runs before all plain hooks."""
    options = early_config.known_args_namespace
    if "PYTEST_XDIST_WORKER" not in os.environ:
        folder = _new_run_folder()
        os.environ[FOLDER] = str(folder)
        if not getattr(options, "help", False) and not getattr(options, "version", False):
            try:
                _start_servers(folder, anew="--create-db" in early_config.invocation_params.args)
            except LauncherError as error:
                pytest_unconfigure()
                raise pytest.UsageError(str(error)) from None
    _point_this_process(run_folder())
    return (yield)


def _new_run_folder() -> Path:
    """A folder for this run; those of runs that were killed are removed."""
    for abandoned in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*"):
        try:
            claim(abandoned / "run.lock", patience=0, refusal="still running").close()
        except (LauncherError, OSError):
            continue  # it still runs, or belongs to somebody else
        shutil.rmtree(abandoned, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
    folder.chmod(0o711)  # `nobody` must pass to its cluster
    _run_locks.append(claim(folder / "run.lock", patience=0, refusal="impossible: the folder is new"))
    return folder


def _point_this_process(folder: Path) -> None:
    """Give this process its own database, cache and files on the shared servers."""
    name = worker_name()
    number = int(name.removeprefix("gw")) if name.startswith("gw") else 0
    valkey = Valkey(folder, throwaway=True)
    environment = product_environment(
        postgres=throwaway_postgres(folder),
        valkey=valkey,
        state=folder / f"var-{name}",
        secret_key=SECRET_KEY,
        database=f"ctms_{name}",
    )
    (folder / f"var-{name}" / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise warns without it
    environment["CTMS_BROKER_URL"] = valkey.broker_url(2 * number)
    environment["CTMS_CACHE_URL"] = valkey.cache_url(2 * number + 1)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.update(environment)


def _start_servers(folder: Path, *, anew: bool) -> None:
    started_at = time.monotonic()
    postgres, valkey = throwaway_postgres(folder), Valkey(folder, throwaway=True)
    _started.extend((valkey, postgres))
    image = IMAGES / schema_digest()
    if anew:
        shutil.rmtree(image, ignore_errors=True)
    if image.is_dir():
        subprocess.run(["cp", "-a", image, postgres.data], check=True)
        origin = "copied"
    else:
        print("migrating an empty database, once for these migrations …", flush=True)
        _build_cluster(postgres, valkey, folder, image)
        origin = "migrated anew"
    valkey.launch()
    postgres.launch()
    valkey.await_ready()
    postgres.await_ready()
    print(f"servers of this run: {folder} ({origin}, {time.monotonic() - started_at:.1f} s)", flush=True)


def _build_cluster(postgres: Postgres, valkey: Valkey, folder: Path, image: Path) -> None:
    """Make roles and the migrated template database, stop, and keep a copy for the next run."""
    postgres.create_cluster()
    postgres.start()
    postgres.create_roles_and_database(TEMPLATE)
    environment = product_environment(
        postgres=postgres,
        valkey=valkey,
        state=folder / "var-template",
        secret_key=SECRET_KEY,
        database=TEMPLATE,
    )
    valkey.start()  # a migration or its signals may touch the cache
    migrate(environment, postgres)
    valkey.stop()
    postgres.stop()
    IMAGES.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=IMAGES))
    subprocess.run(["cp", "-a", postgres.data, unfinished / "cluster"], check=True)
    try:
        (unfinished / "cluster").rename(image)
    except OSError:
        pass  # another test run was quicker
    shutil.rmtree(unfinished, ignore_errors=True)
    _forget_old_images()


def _forget_old_images() -> None:
    images = sorted(IMAGES.iterdir(), key=lambda image: image.stat().st_mtime, reverse=True)
    for image in images[IMAGES_KEPT:]:
        shutil.rmtree(image, ignore_errors=True)


def pytest_unconfigure() -> None:
    """Stop what this process started, in order, and leave nothing behind."""
    for server in _started:
        server.stop()
    if _started:
        shutil.rmtree(run_folder(), ignore_errors=True)
    _started.clear()
