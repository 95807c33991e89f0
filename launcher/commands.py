"""The subcommands of `./run`, and the step from the machine's Python into the virtual environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from launcher import environment
from launcher.paths import ROOT, VIRTUALENV, VIRTUALENV_PYTHON
from launcher.progress import LauncherError, say, start_clock

HELP = """\
./run demo [--port 8000] [--host 127.0.0.1] [--reset]
    Start the product with demo data and print the address and one login per role.
    Makes what is missing: virtual environment, PostgreSQL, Valkey, front-end packages, tables, data.
    State lives in var/. --reset deletes it and starts over. Ctrl-C stops everything in order.

./run test [pytest arguments]
    Run the tests on throw-away PostgreSQL and Valkey servers: all of them without arguments, e.g.
    ./run test tests/studies -k milestone

./run manage COMMAND [arguments]
    manage.py on the servers of the demo: those of the running demo, or started for the command.
    `migrate` runs as the owner of the database, everything else with the rights of the product.

./run lint [ruff|format|mypy|imports|templates]
    Run the linters, all without arguments.

./run bench [arguments]
    Run the benchmarks on servers of their own.

Needs Python 3.11 and a package registry to install from; nothing else. Details: docs/deploy.md
"""

_PREPARED = "CTMS_LAUNCHER_PREPARED"
# Which lock file each command needs; test.lock contains demo.lock, lint.lock contains both.
_LOCKS = {
    "demo": "demo.lock",
    "manage": "demo.lock",
    "test": "test.lock",
    "lint": "lint.lock",
    "bench": "test.lock",
}


def main(arguments: list[str]) -> int:
    """Run one subcommand and return its exit code."""
    start_clock()
    command, rest = (arguments[0], arguments[1:]) if arguments else ("--help", [])
    if command not in _LOCKS:
        asked_for_help = command in {"-h", "--help", "help"}
        print(HELP if asked_for_help else f"No such command: {command}\n\n{HELP}")
        return 0 if asked_for_help else 2
    try:
        _enter_virtual_environment(command, arguments)
        return _run(command, rest)
    except LauncherError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _enter_virtual_environment(command: str, arguments: list[str]) -> None:
    """Make the environment complete and go on inside its Python, in this same process."""
    # exec keeps the process number, so the mark is ours and not inherited from another ./run.
    if os.environ.get(_PREPARED) != str(os.getpid()):
        environment.prepare(_LOCKS[command])
        os.environ[_PREPARED] = str(os.getpid())
    if Path(sys.prefix).resolve() != VIRTUALENV.resolve():
        os.execv(VIRTUALENV_PYTHON, [str(VIRTUALENV_PYTHON), str(ROOT / "run"), *arguments])


def _run(command: str, arguments: list[str]) -> int:
    # Imported here: these modules look for packages that exist inside the virtual environment only.
    from launcher import demo, linters, sessions

    if command == "demo":
        return demo.main(arguments)
    if command == "manage":
        return sessions.manage(arguments)
    if command == "lint":
        return linters.main(arguments)
    if command == "bench":
        return sessions.bench(arguments)
    return _test(arguments)


def _test(arguments: list[str]) -> int:
    """Become pytest. The whole suite is spread over the processors, a choice of tests is not."""
    os.chdir(ROOT)
    if environment.chromium() is None:
        say(f"Browser tests are skipped. {environment.HOW_TO_GET_CHROMIUM}")
    whole_suite = not any(Path(argument.split("::")[0]).exists() for argument in arguments)
    own_choice = any(
        argument.startswith(("-n", "--numprocesses", "--pdb", "--collect")) for argument in arguments
    )
    processors = min(os.cpu_count() or 1, 4)
    parallel = ["-n", str(processors), "--dist", "loadfile"] if whole_suite and not own_choice else []
    os.execv(VIRTUALENV_PYTHON, [str(VIRTUALENV_PYTHON), "-m", "pytest", *parallel, *arguments])
