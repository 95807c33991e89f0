"""The product's own processes: the environment its settings read, and the commands that start it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from launcher.paths import ROOT
from launcher.postgres import PORT, Postgres
from launcher.processes import Child, die_with_parent
from launcher.progress import LauncherError
from launcher.valkey import Valkey

DATABASE = "ctms"


def product_environment(
    *, postgres: Postgres, valkey: Valkey, state: Path, secret_key: str, database: str = DATABASE
) -> dict[str, str]:
    """What ctms/settings.py reads, for the role `ctms_app`."""
    inherited = dict(os.environ)
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)  # without .pyc files every start costs seconds
    return inherited | {
        "DJANGO_SETTINGS_MODULE": "ctms.settings",
        "PYTHONUNBUFFERED": "1",
        # `CTMS_DEMO=0 ./run manage check --deploy` asks about the settings of production.
        "CTMS_DEMO": os.environ.get("CTMS_DEMO", "1"),
        "CTMS_SECRET_KEY": secret_key,
        "CTMS_VAR": str(state),
        "CTMS_DB_HOST": str(postgres.socket_folder),
        "CTMS_DB_PORT": str(PORT),
        "CTMS_DB_NAME": database,
        "CTMS_DB_USER": "ctms_app",
        "CTMS_DB_PASSWORD": postgres.passwords.app,
        "CTMS_BROKER_URL": valkey.broker_url(),
        "CTMS_CACHE_URL": valkey.cache_url(),
    }


def as_owner(environment: Mapping[str, str], postgres: Postgres) -> dict[str, str]:
    """The same environment for `ctms_owner`, who migrates and does nothing else."""
    owner = {"CTMS_DB_USER": "ctms_owner", "CTMS_DB_PASSWORD": postgres.passwords.owner}
    return dict(environment) | owner


def manage_command(*arguments: str) -> list[str]:
    """The command line of manage.py."""
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def manage(*arguments: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run manage.py to its end and return exit code and output."""
    return subprocess.run(
        manage_command(*arguments),
        env=dict(environment),
        cwd=ROOT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )


def migrate(environment: Mapping[str, str], postgres: Postgres) -> None:
    """Bring the database of `environment` up to date, as its owner."""
    finished = manage("migrate", "--verbosity=0", environment=as_owner(environment, postgres))
    if finished.returncode:
        raise LauncherError(f"The migrations failed:\n{finished.stdout}{finished.stderr}")


def _child(name: str, module: str, *arguments: str, environment: Mapping[str, str], state: Path) -> Child:
    logs = state / "log"
    logs.mkdir(parents=True, exist_ok=True)
    return Child(
        name=name,
        command=[sys.executable, "-m", module, *arguments],
        environment=environment,
        directory=ROOT,
        log_file=logs / f"{name}.log",
        lock_file=state / f"{name}.lock",
    )


def web(environment: Mapping[str, str], *, state: Path, address: str, workers: int = 2) -> Child:
    """gunicorn, listening on `address` (host:port)."""
    arguments = ("ctms.wsgi", "--bind", address, "--workers", str(workers), "--threads", "4")
    # --preload: the workers share one loaded copy. --no-control-socket: gunicorn 27 opens one otherwise.
    options = ("--preload", "--no-control-socket", "--timeout", "60", "--access-logfile", "-")
    return _child("web", "gunicorn", *arguments, *options, environment=environment, state=state)


def worker(environment: Mapping[str, str], *, state: Path, processes: int = 2) -> Child:
    """The Celery worker. A task that is cut off is run again: its Job row is still open."""
    arguments = (
        "-A",
        "ctms",
        "worker",
        "-c",
        str(processes),
        "-l",
        "info",
        "--without-gossip",  # there is no second worker to talk to
        "--without-mingle",
    )
    child = _child("worker", "celery", *arguments, environment=environment, state=state)
    # SIGTERM would let it finish a task of minutes while its database is already gone.
    child.death_signal = child.force_signal = signal.SIGQUIT
    return child


def beat(environment: Mapping[str, str], *, state: Path) -> Child:
    """The clock of the periodic tasks."""
    arguments = ("-A", "ctms", "beat", "--pidfile=", "-s", str(state / "beat-schedule"), "-l", "info")
    return _child("beat", "celery", *arguments, environment=environment, state=state)
