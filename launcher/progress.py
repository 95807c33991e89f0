"""What the person in front of the terminal sees while `./run` works."""

import os
import sys
import time

_STARTED_AT = "CTMS_LAUNCHER_STARTED_AT"


class LauncherError(Exception):
    """Something that stops the launcher, said in a sentence a person can act on."""


def start_clock() -> None:
    """Begin counting, once: the re-executed launcher inside the virtual environment goes on counting."""
    os.environ.setdefault(_STARTED_AT, repr(time.time()))


def elapsed() -> float:
    """Seconds since the person pressed Enter."""
    return time.time() - float(os.environ.get(_STARTED_AT, time.time()))


def say(sentence: str) -> None:
    """Print one step of progress. To stderr: the output of `./run manage` may be piped into a file."""
    print(f"[{elapsed():6.1f} s] {sentence}", file=sys.stderr, flush=True)
