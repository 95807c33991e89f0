"""The process that ends what a killed launcher left behind.

The kernel signals our children when we are killed, but a Celery worker may then wait for its broker, and
its pool processes for their task. The janitor reads process groups from us until the pipe closes, which
happens however we end, gives them a moment, and kills the groups whose lock is still held.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, cast

GRACE_SECONDS = 6

_janitor: subprocess.Popen[str] | None = None


def watch(process_group: int, lock_file: Path) -> None:
    """Have the process group ended after us if its lock file is still held then."""
    global _janitor
    if _janitor is None or _janitor.poll() is not None:
        # -I -S: nothing is imported but what this file names, so it starts in a blink.
        _janitor = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__],
            stdin=subprocess.PIPE,
            cwd="/",
            start_new_session=True,
            text=True,
        )
    pipe = cast(IO[str], _janitor.stdin)
    pipe.write(f"{process_group} {lock_file}\n")
    pipe.flush()


def _is_held(lock_file: str) -> bool:
    try:
        with open(lock_file, "ab") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        pass  # deleted with its folder
    return False


def _still_there(lock_file: str, process_group: int) -> bool:
    """Whether the group runs: a free lock says no, a held one may be its successor's."""
    try:
        os.killpg(process_group, 0)
    except OSError:
        return False
    return _is_held(lock_file)


def _sweep(groups: dict[str, int]) -> None:
    deadline = time.monotonic() + GRACE_SECONDS
    while groups and time.monotonic() < deadline:
        groups = {lock: group for lock, group in groups.items() if _still_there(lock, group)}
        time.sleep(0.05)
    for process_group in groups.values():
        try:
            os.killpg(process_group, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it ended just now


if __name__ == "__main__":
    lines = (line.split(" ", 1) for line in sys.stdin)
    _sweep({lock_file.rstrip("\n"): int(process_group) for process_group, lock_file in lines})
