"""`./run manage` and `./run bench`: one command, on the demo's servers or on throw-away ones."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from launcher.paths import ROOT, STATE
from launcher.processes import die_with_parent
from launcher.product import as_owner, manage_command, migrate
from launcher.progress import say
from launcher.schema import schema_digest
from launcher.servers import Servers, borrowed_or_started

# These change tables; the role of the product may not.
OWNER_COMMANDS = {"migrate", "pgtrigger"}
# These make sense before the tables are there or current.
SCHEMA_COMMANDS = {"makemigrations", "showmigrations", "sqlmigrate", "check", "spectacular", "help", "--help"}


def manage(arguments: list[str]) -> int:
    """Run manage.py in the foreground and return its exit code."""
    command = arguments[0] if arguments else "help"
    with borrowed_or_started(STATE) as servers:
        environment = dict(servers.environment)
        if command in OWNER_COMMANDS:
            environment = as_owner(environment, servers.postgres)
        elif command not in SCHEMA_COMMANDS and servers.stamps.get("schema") != schema_digest():
            say("The tables may not fit the code; bring them up to date with: ./run manage migrate")
        # For `dbshell`: the psql that belongs to the server.
        environment["PATH"] = f"{servers.postgres.binaries}:{environment.get('PATH', '')}"
        code = _in_foreground(manage_command(*arguments), environment)
        if arguments in (["migrate"], ["migrate", "--noinput"]) and code == 0:
            servers.stamps.set("schema", schema_digest())
        return code


def bench(arguments: list[str]) -> int:
    """Run the benchmarks on migrated servers of their own, set up like the demo's and deleted afterwards.

    With `--keep` they stay in var/ for the next time, each size its own: what is loaded in minutes is then asked
    again at once.
    """
    kept = "--keep" in arguments
    size = arguments[arguments.index("--size") + 1 :][:1] if "--size" in arguments else ["1"]
    folder = (
        STATE / "-".join(("ctms-bench-kept", *size)) if kept else Path(tempfile.mkdtemp(prefix="ctms-bench-"))
    )
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)  # under root, PostgreSQL's user must pass
    servers = Servers(folder)
    try:
        servers.start()
        migrate(servers.environment, servers.postgres)
        return _in_foreground([sys.executable, "-m", "benchmarks", *arguments], servers.environment)
    finally:
        servers.stop()
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


def _in_foreground(command: list[str], environment: Mapping[str, str]) -> int:
    """Run a command that owns the terminal: Ctrl-C is for it (a shell), and we stay to stop the servers."""
    # A handler that does nothing, not SIG_IGN, which the command would inherit.
    previous = signal.signal(signal.SIGINT, lambda *_: None)
    terminated = signal.signal(signal.SIGTERM, _leave)
    try:
        return subprocess.run(
            command, env=dict(environment), cwd=ROOT, preexec_fn=die_with_parent(signal.SIGTERM)
        ).returncode
    finally:
        signal.signal(signal.SIGINT, previous)
        signal.signal(signal.SIGTERM, terminated)


def _leave(*_: object) -> None:
    raise SystemExit(128 + signal.SIGTERM)
