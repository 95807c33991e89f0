"""`./run demo` and `./run manage` as a person meets them, on a state folder of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.paths import ROOT
from tests.product import free_port

RUN = str(ROOT / "run")
COUNT_SESSIONS = [
    "shell",
    "-v0",
    "-c",
    "from django.contrib.sessions.models import Session as S; print(S.objects.count())",
]
ADD_SESSION = [
    "shell",
    "-v0",
    "-c",
    "from importlib import import_module as i; from django.conf import settings as s; "
    "i(s.SESSION_ENGINE).SessionStore().save()",
]


class Demo:
    """A demo started by ./run, and what ./run says."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.output = state.parent / "output"
        self.port = free_port()
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("CTMS_", "DJANGO_", "PYTEST_"))}
        self.environment = clean | {"CTMS_VAR": str(state)}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str) -> float:
        """Start it and return the seconds until it answers."""
        started_at = time.monotonic()
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [RUN, "demo", "--port", str(self.port), *options],
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        while "The demo runs at" not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            time.sleep(0.05)
        return time.monotonic() - started_at

    def end(self, number: int) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(60)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([RUN, *arguments], env=self.environment, capture_output=True, text=True)

    def sessions(self) -> int:
        return int(self.run("manage", *COUNT_SESSIONS).stdout)

    def processes(self) -> list[str]:
        """Every process that was given this state folder, whoever its parent is now."""
        mark = f"CTMS_VAR={self.state}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if (
                    mark in (folder / "environ").read_bytes()
                    or str(self.state).encode() in (folder / "cmdline").read_bytes()
                ):
                    found.append(f"{folder.name} {(folder / 'cmdline').read_bytes()!r}")
            except OSError:
                continue  # it ended, or is not ours to look at
        return found

    def await_no_process(self) -> None:
        deadline = time.monotonic() + 12
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert self.processes() == []


@pytest.fixture(scope="module")
def demo(server_folder) -> Iterator[Demo]:
    running = Demo(server_folder / "state")
    running.start()
    yield running
    if running.process is not None and running.process.poll() is None:
        running.end(signal.SIGINT)


def test_it_serves_pages_and_prints_logins(demo):
    with urllib.request.urlopen(f"http://127.0.0.1:{demo.port}/healthz") as answer:
        assert answer.status == 200
    assert re.search(r"\w+ .*\n.*The demo runs at", demo.output.read_text(), re.DOTALL)


def test_a_second_demo_on_the_same_state_says_where_the_first_is(demo):
    second = demo.run("demo", "--port", str(free_port()))
    assert second.returncode == 1
    assert f"running already: http://127.0.0.1:{demo.port}/" in second.stderr


def test_a_taken_port_is_one_sentence(demo, tmp_path):
    other = Demo(tmp_path / "state")
    other.port = demo.port
    refused = other.run("demo", "--port", str(demo.port))
    assert refused.returncode == 1
    assert f"Port {demo.port}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_manage_uses_the_servers_of_the_running_demo(demo):
    before = demo.sessions()
    assert demo.run("manage", *ADD_SESSION).returncode == 0
    assert demo.sessions() == before + 1


def test_a_kill_leaves_no_process_and_loses_no_row_and_manage_then_starts_servers_itself(demo):
    before = demo.sessions()
    assert demo.run("manage", *ADD_SESSION).returncode == 0
    demo.end(signal.SIGKILL)
    demo.await_no_process()
    assert demo.sessions() == before + 1  # on servers started for this one command
    demo.await_no_process()


def test_the_next_start_is_quick_and_ctrl_c_stops_everything(demo):
    assert demo.start() < 20  # 3 to 4 s; the bound is for a machine that runs other tests meanwhile
    assert demo.end(signal.SIGINT) == 0
    assert "everything is stopped" in demo.output.read_text()
    demo.await_no_process()


def test_the_exit_code_of_manage_is_that_of_the_command(demo):
    assert demo.run("manage", "no_such_command").returncode != 0
