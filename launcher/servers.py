"""PostgreSQL and Valkey of one state folder, and who may start, use and stop them.

One `./run` owns the servers (it holds `launcher.lock`); others borrow them. The owner waits for its
borrowers before it stops. Locks end with their holders, so nothing is left to clean up after a kill -9.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from launcher.postgres import ROLES_SQL, Passwords, Postgres
from launcher.processes import StillHeld, claim
from launcher.product import DATABASE, product_environment
from launcher.progress import say
from launcher.valkey import Valkey


class Stamps:
    """What was done to the state folder, by digest of what it was done with: never done twice."""

    def __init__(self, state: Path) -> None:
        self._file = state / "stamps.json"

    def get(self, name: str) -> Any:
        return self._read().get(name)

    def set(self, name: str, value: Any) -> None:
        self._file.write_text(json.dumps(self._read() | {name: value}, indent=1))

    def _read(self) -> dict[str, Any]:
        try:
            return json.loads(self._file.read_text())
        except (OSError, ValueError):
            return {}


def _credentials(state: Path) -> dict[str, str]:
    """Passwords and the secret key, invented once and readable by this user only."""
    file = state / "credentials.json"
    if not file.exists():
        state.mkdir(parents=True, exist_ok=True)
        invented = {name: secrets.token_urlsafe(40) for name in ("secret_key", "superuser", "owner", "app")}
        unfinished = file.with_suffix(".new")
        unfinished.touch(mode=0o600)
        unfinished.write_text(json.dumps(invented))
        unfinished.rename(file)
    return json.loads(file.read_text())


class Servers:
    """Both servers of a state folder."""

    def __init__(self, state: Path) -> None:
        credentials = _credentials(state)
        self.state = state
        self.stamps = Stamps(state)
        passwords = Passwords(credentials["superuser"], credentials["owner"], credentials["app"])
        self.postgres = Postgres(state, passwords)
        self.valkey = Valkey(state)
        self.environment = product_environment(
            postgres=self.postgres, valkey=self.valkey, state=state, secret_key=credentials["secret_key"]
        )

    def start(self) -> None:
        """Start both, with the roles and the (empty) database in place."""
        self.valkey.launch()
        created = self.postgres.create_cluster()
        self.postgres.launch()
        self.valkey.await_ready()
        self.postgres.await_ready()
        digest = hashlib.sha256(ROLES_SQL.read_bytes()).hexdigest()
        if created or self.stamps.get("roles") != digest:
            self.postgres.create_roles_and_database(DATABASE)
            self.stamps.set("roles", digest)

    def stop(self) -> None:
        self.valkey.child.request_stop()
        self.postgres.stop()
        self.valkey.stop()

    @property
    def healthy(self) -> bool:
        return self.postgres.child.running and self.valkey.child.running


def _running_file(state: Path) -> Path:
    return state / "running.json"


def address_in_use(state: Path) -> str:
    """Where the running demo of this state folder answers, for a sentence."""
    try:
        return json.loads(_running_file(state).read_text()).get("address") or ""
    except (OSError, ValueError):
        return ""


@contextmanager
def ownership(state: Path) -> Iterator[None]:
    """Be the only `./run` that starts servers on this state folder."""
    where = address_in_use(state)
    refusal = f"This demo is running already{': ' + where if where else ' (or just starting)'}."
    with claim(state / "launcher.lock", patience=0, refusal=refusal):
        _running_file(state).unlink(missing_ok=True)  # of an owner that was killed
        yield


def announce(state: Path, address: str = "") -> None:
    """Let others borrow the servers from now on."""
    _running_file(state).write_text(json.dumps({"address": address}))


def withdraw(state: Path, *, patience: float) -> None:
    """Lend no more, and wait for those who still borrow."""
    _running_file(state).unlink(missing_ok=True)
    try:
        claim(state / "borrowers.lock", patience=0.1, refusal="borrowed").close()
    except StillHeld:
        say("waiting for another ./run manage to finish …")
        try:
            claim(state / "borrowers.lock", patience=patience, refusal="borrowed").close()
        except StillHeld:
            say("it does not finish; stopping")


@contextmanager
def borrowed_or_started(state: Path) -> Iterator[Servers]:
    """The servers of the running demo or, when nothing runs, servers started for this one use."""
    deadline = time.monotonic() + 120
    while True:
        with ExitStack() as held:
            # Ownership first: it is free exactly when nobody alive has started the servers.
            try:
                held.enter_context(ownership(state))
            except StillHeld:
                if held.enter_context(_borrowing(state)):
                    yield Servers(state)
                    return
                if time.monotonic() > deadline:
                    raise
            else:
                yield from _started(state)
                return
        time.sleep(0.1)  # the owner is still starting, or already stopping


def _started(state: Path) -> Iterator[Servers]:
    servers = Servers(state)
    try:
        servers.start()
        announce(state)
        yield servers
    finally:
        withdraw(state, patience=3600)
        servers.stop()


@contextmanager
def _borrowing(state: Path) -> Iterator[bool]:
    """Hold the borrowers' lock; True while the servers are offered."""
    with (state / "borrowers.lock").open("ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        # Looked at only with the lock in hand: the owner withdraws the offer first, then waits for the lock.
        yield _running_file(state).exists()
