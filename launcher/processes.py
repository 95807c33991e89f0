"""Child processes that cannot outlive the launcher and are never started twice on the same data."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from launcher import janitor
from launcher.progress import LauncherError

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Identity:
    """The user a server runs as; empty means: the one who started the launcher."""

    user: int | None = None
    group: int | None = None

    @classmethod
    def for_postgres(cls) -> Identity:
        """PostgreSQL refuses to run as root, so root runs it as `nobody`: no account has to be created."""
        if os.geteuid() != 0:
            return cls()
        import pwd

        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid)

    @property
    def changes(self) -> bool:
        return self.user is not None

    def popen_arguments(self) -> dict:
        if self.user is None:
            return {}
        return {"user": self.user, "group": self.group, "extra_groups": []}

    def give(self, *paths: Path) -> None:
        """Hand files over to this user."""
        if self.user is not None and self.group is not None:
            for path in paths:
                os.chown(path, self.user, self.group)

    def can(self, *command: str | Path) -> bool:
        """Whether this user can run the command (from `/`, which everybody may enter)."""
        try:
            finished = subprocess.run(
                [str(part) for part in command], cwd="/", capture_output=True, **self.popen_arguments()
            )
        except OSError:
            return False
        return finished.returncode == 0


def die_with_parent(death_signal: int) -> Callable[[], None] | None:
    """Ask the kernel to signal the child when we are gone, even by kill -9.

    The kernel means the *thread* that forked, so children are started from the main thread only.
    Runs after the change of user, which would have cleared the request.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def before_exec() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # we were killed between fork and prctl
            os._exit(1)

    return before_exec


class StillHeld(LauncherError):
    """A lock is held by a process that is alive."""


def claim(lock_file: Path, *, patience: float, refusal: str) -> IO[bytes]:
    """Take an exclusive lock, waiting `patience` seconds for its holder; the lock ends with its holders."""
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    handle = lock_file.open("ab")
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        except BlockingIOError:
            if time.monotonic() >= deadline:
                handle.close()
                raise StillHeld(refusal) from None
            time.sleep(0.05)


@dataclass
class Child:
    """One long-running process: how it is started, how it is asked to stop, where it logs."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    directory: Path
    log_file: Path
    lock_file: Path
    stop_signal: int = signal.SIGTERM
    # What it gets when the launcher is killed. Nobody is left to escalate then.
    death_signal: int = signal.SIGTERM
    force_signal: int = signal.SIGKILL
    patience: float = 15
    # Killed some seconds after us if it still runs then. Not for servers, which are writing their data.
    swept: bool = True
    identity: Identity = field(default_factory=Identity)
    process: subprocess.Popen | None = None

    def launch(self) -> None:
        """Start the process once a former one (of a killed launcher) has let go of the lock.

        The child and its children inherit the locked file, so the lock tells the truth about all of
        them, without process numbers that the system may have given to somebody else.
        """
        refusal = f"An earlier {self.name} process still runs on {self.lock_file.parent} and does not end."
        with claim(self.lock_file, patience=30, refusal=refusal) as lock, self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [str(part) for part in self.command],
                env=dict(self.environment),
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Its own session: a Ctrl-C in the terminal reaches the launcher only, which stops in order.
                start_new_session=True,
                preexec_fn=die_with_parent(self.death_signal),
                pass_fds=[lock.fileno()],
                **self.identity.popen_arguments(),
            )
        if self.swept:
            janitor.watch(self.process.pid, self.lock_file)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        if self.process is None:
            raise LauncherError(f"{self.name} was never started.")
        return self.process.pid

    def await_ready(self, ready: Callable[[], bool], *, patience: float = 60) -> None:
        """Return when `ready()` says so; raise with the end of its log when the process gives up first."""
        deadline = time.monotonic() + patience
        while not ready():
            if not self.running:
                raise LauncherError(f"{self.name} ended while starting:\n{self.log_tail()}")
            if time.monotonic() > deadline:
                raise LauncherError(f"{self.name} was not ready in {patience:.0f} s:\n{self.log_tail()}")
            time.sleep(0.02)

    def log_tail(self, lines: int = 15) -> str:
        try:
            return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return "(no log)"

    def request_stop(self) -> None:
        """Ask it to stop and do not wait: several can stop at once."""
        if self.process is not None and self.running:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Ask it to stop, wait, and end it with its children when it does not listen."""
        if self.process is None:
            return
        self.request_stop()
        for escalation in (self.force_signal, signal.SIGKILL):
            try:
                self.process.wait(self.patience)
                return
            except subprocess.TimeoutExpired:
                self._signal_group(escalation)
        self.process.wait()

    def kill(self) -> None:
        """End it and its children at once, as a crash would (tests do this)."""
        if self.process is not None:
            self._signal_group(signal.SIGKILL)
            self.process.wait()

    def _signal_group(self, number: int) -> None:
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            pass  # it ended between the look and the signal
