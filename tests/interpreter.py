"""
A Python inside the product that stays open: a journey prepares much, and a new `manage.py shell` takes three seconds.

Run as a program it reads a line of JSON (the code), runs it and answers with a line of JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping

from launcher.paths import ROOT
from launcher.processes import die_with_parent


class Interpreter:
    """Runs code in the product, each piece with names of its own; started when first asked."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self._child: subprocess.Popen[str] | None = None

    def run(self, code: str) -> str:
        """Return what the code printed; raises AssertionError with its traceback."""
        if self._child is None or self._child.poll() is not None:
            self._child = self._start()
        asking, answering = self._child.stdin, self._child.stdout
        assert asking is not None
        assert answering is not None
        asking.write(json.dumps(code) + "\n")
        asking.flush()
        answer = json.loads(answering.readline())
        assert not answer["error"], answer["printed"] + answer["error"]
        return answer["printed"]

    def stop(self) -> None:
        """End it; its input is at its end, and so is it."""
        if self._child is not None and self._child.stdin is not None:
            self._child.stdin.close()
            self._child.wait(timeout=30)

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.interpreter"],
            env=dict(self.environment) | {"DJANGO_SETTINGS_MODULE": "ctms.settings"},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )


def _serve() -> None:
    import django
    from django.db import connections

    django.setup()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    for line in sys.stdin:
        printed, error = io.StringIO(), ""
        with contextlib.redirect_stdout(printed):
            try:
                exec(json.loads(line), {"__name__": "a journey"})
            except Exception:
                error = traceback.format_exc()
        connections.close_all()
        answers.write(json.dumps({"printed": printed.getvalue(), "error": error}) + "\n")
        answers.flush()


if __name__ == "__main__":
    _serve()
