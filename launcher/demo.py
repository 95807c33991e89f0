"""`./run demo`: the whole product with demo data, started, watched and stopped in order."""

from __future__ import annotations

import argparse
import hashlib
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from launcher import product
from launcher.paths import ROOT, STATE
from launcher.postgres import forget_cluster
from launcher.processes import Child, die_with_parent
from launcher.progress import LauncherError, elapsed, say
from launcher.schema import schema_digest
from launcher.servers import Servers, announce, ownership, withdraw

# What --reset keeps: tools that were fetched, clusters of the tests, and the lock it holds.
_NOT_DEMO_DATA = {"tools", "test-clusters", "screenshots", "launcher.lock", "fonts.conf", "font-cache"}


def main(arguments: list[str]) -> int:
    """Run the demo until Ctrl-C; the exit code is 0 unless something broke."""
    parser = argparse.ArgumentParser(prog="./run demo", description="The product with demo data.")
    parser.add_argument("--port", type=int, default=8000, help="where the pages are served (8000)")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (127.0.0.1: this machine only)"
    )
    parser.add_argument("--reset", action="store_true", help="delete the demo's state first")
    options = parser.parse_args(arguments)
    # SIGINT too: a shell that starts us in the background has it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    with ownership(STATE):
        refuse_taken_port(options.host, options.port)
        if options.reset:
            reset(STATE)
        return _Demo(options.host, options.port).run()


def _interrupt(*_: object) -> None:
    """Treat a request to end and a closed terminal like Ctrl-C."""
    raise KeyboardInterrupt


def refuse_taken_port(host: str, port: int) -> None:
    """Say so before minutes of installing, not after."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does: just closed is free
        try:
            probe.bind((host, port))
        except OSError as error:
            sentence = f"Port {port} on {host} cannot be used ({error.strerror}). Choose another with --port."
            raise LauncherError(sentence) from None


def reset(state: Path) -> None:
    """Delete the databases, files, mail and logs of the demo."""
    say("deleting the state of the demo …")
    forget_cluster(state)
    for entry in state.iterdir():
        if entry.name in _NOT_DEMO_DATA:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def static_digest() -> str:
    """What the collected static files are made from."""
    digest = hashlib.sha256()
    for source in (ROOT / "package-lock.json", ROOT / "requirements" / "production.lock", *_static_files()):
        digest.update(str(source.relative_to(ROOT)).encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()


def _static_files() -> Iterator[Path]:
    for folder in sorted([ROOT / "static", *ROOT.glob("*/static"), *ROOT.glob("ctms/*/static")]):
        if folder.parent.name not in {"var", "node_modules"}:
            yield from (file for file in sorted(folder.rglob("*")) if file.is_file())


class _Demo:
    """One run of the demo."""

    def __init__(self, host: str, port: int) -> None:
        self.servers = Servers(STATE)
        shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104  compared, not bound
        self.address = f"http://{shown}:{port}/"
        self.environment = self.servers.environment | {"CTMS_BASE_URL": self.address.rstrip("/")}
        if not host.startswith("127."):
            say(f"Listening on {host}: whoever reaches this machine can sign in with the demo passwords.")
            self.environment.setdefault("CTMS_ALLOWED_HOSTS", "*")
        self.web = product.web(self.environment, state=STATE, address=f"{host}:{port}")
        self.worker = product.worker(self.environment, state=STATE)
        self.beat = product.beat(self.environment, state=STATE)
        self.children = (self.web, self.worker, self.beat)

    def run(self) -> int:
        try:
            logins = self._start()
            print(f"\n{logins}\nThe demo runs at {self.address}   (stop it with Ctrl-C)\n", flush=True)
            say(f"ready after {elapsed():.1f} s; logs are in {STATE / 'log'}")
            return self._watch()
        except KeyboardInterrupt:
            return 0
        finally:
            self._stop()

    def _start(self) -> str:
        """Start everything in the order in which one needs the other; return the table of logins."""
        say("starting PostgreSQL and Valkey …")
        self.servers.start()
        static = self._collect_static()
        digest = schema_digest()
        if self.servers.stamps.get("schema") != digest:
            say("creating the tables …")
            product.migrate(self.environment, self.servers.postgres)
            self.servers.stamps.set("schema", digest)
        self._finish_static(static)
        announce(STATE, self.address)
        say("starting the product …")
        self.web.launch()
        # While gunicorn loads: the demo data, which is there already at every start but the first.
        prepared = product.manage("prepare_demo", environment=self.environment)
        if prepared.returncode:
            raise LauncherError(f"The demo data could not be loaded:\n{prepared.stdout}{prepared.stderr}")
        self.worker.launch()
        self.beat.launch()
        self.web.await_ready(self._answers)
        return prepared.stdout

    def _collect_static(self) -> tuple[subprocess.Popen[str], str] | None:
        """Begin to collect static files if they changed; tables are made meanwhile."""
        digest = static_digest()
        if self.servers.stamps.get("static") == digest:
            return None
        say("collecting static files …")
        command = product.manage_command("collectstatic", "--noinput", "--clear", "--verbosity=0")
        process = subprocess.Popen(
            command,
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        return process, digest

    def _finish_static(self, begun: tuple[subprocess.Popen[str], str] | None) -> None:
        if begun is None:
            return
        process, digest = begun
        output, _ = process.communicate()
        if process.returncode:
            raise LauncherError(f"The static files could not be collected:\n{output}")
        self.servers.stamps.set("static", digest)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}healthz", timeout=5) as response:
                return response.status == 200
        except urllib.error.HTTPError as error:
            raise LauncherError(
                f"The product is not healthy ({error.code}):\n{self.web.log_tail()}"
            ) from error
        except OSError:
            return False

    def _watch(self) -> int:
        """Return only when something that should run has ended."""
        watched: list[Child] = [*self.children, self.servers.postgres.child, self.servers.valkey.child]
        while True:
            for child in watched:
                if not child.running:
                    say(f"{child.name} ended unexpectedly; the end of {child.log_file}:\n{child.log_tail()}")
                    return 1
            time.sleep(0.2)

    def _stop(self) -> None:
        """Stop those who use the servers, then the servers. A second Ctrl-C changes nothing."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        say("stopping …")
        withdraw(STATE, patience=10)
        for child in reversed(self.children):
            child.request_stop()
        for child in reversed(self.children):
            child.stop()
        self.servers.stop()
        say("everything is stopped")
