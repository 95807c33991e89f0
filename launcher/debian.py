"""Debian packages unpacked into a private folder: no root, nothing installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from launcher.progress import LauncherError


def available() -> bool:
    """Whether this machine can fetch Debian packages."""
    return all(shutil.which(tool) for tool in ("apt-get", "dpkg"))


def unpack(packages: list[str], folder: Path) -> None:
    """Download the packages with what they need beyond the installed ones, and unpack all into `folder`."""
    state = folder / ".apt"
    for part in ("state/lists/partial", "cache/archives/partial", "log"):
        (state / part).mkdir(parents=True, exist_ok=True)
    options = {
        "Dir::State": state / "state",
        "Dir::State::status": "/var/lib/dpkg/status",
        "Dir::Cache": state / "cache",
        "Dir::Log": state / "log",
        "Debug::NoLocking": "1",
        # apt would drop from root to a user that may not write here.
        "APT::Sandbox::User": "",
    }
    apt = ["apt-get", "-q", *(part for name, value in options.items() for part in ("-o", f"{name}={value}"))]
    _check(*apt, "update")
    _check(*apt, "install", "-y", "--no-install-recommends", "--download-only", *packages)
    for archive in sorted((state / "cache/archives").glob("*.deb")):
        _check("dpkg", "-x", str(archive), str(folder))
    shutil.rmtree(state)


def _check(*command: str) -> None:
    # dpkg-deb looks for tar on the path; a plain user's path may lack the sbin folders apt asks for.
    environment = dict(os.environ) | {"PATH": os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin:/sbin:/bin"}
    finished = subprocess.run(
        command, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environment
    )
    if finished.returncode:
        raise LauncherError(f"{' '.join(command[-6:])} failed:\n{finished.stderr or finished.stdout}")
