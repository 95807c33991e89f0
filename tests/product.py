"""Fixture `product`: the whole product running as users meet it, with demo data, on servers of its own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import product as processes
from launcher.processes import Child, claim
from launcher.valkey import Valkey
from tests.databases import Database, new_database
from tests.interpreter import Interpreter
from tests.servers import TEMPLATE, copy_database, drop_database, run_folder, worker_name

DEMO_TEMPLATE = "ctms_demo_template"


def free_port() -> int:
    """A TCP port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Product:
    """gunicorn, a Celery worker and beat on a committed database; its broker can be stopped alone."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self.database = database
        self.broker = Valkey(folder, throwaway=True)
        address = f"127.0.0.1:{free_port()}"
        self.url = f"http://{address}"
        self.environment = database.environment | {
            "CTMS_VAR": str(folder),
            "CTMS_BASE_URL": self.url,
            "CTMS_BROKER_URL": self.broker.broker_url(),
            "CTMS_CACHE_URL": self.broker.cache_url(),
        }
        self.web = processes.web(self.environment, state=folder, address=address, workers=1)
        self.worker = processes.worker(self.environment, state=folder, processes=1)
        self.beat = processes.beat(self.environment, state=folder)
        self.interpreter = Interpreter(self.environment)

    def start(self) -> None:
        self.broker.start()
        for child in (self.web, self.worker, self.beat):
            child.launch()
        self.web.await_ready(self.answers)

    def stop(self) -> None:
        self.interpreter.stop()
        for child in (self.beat, self.worker, self.web):
            child.request_stop()
        for child in (self.beat, self.worker, self.web, self.broker):
            child.stop()

    def answers(self) -> bool:
        """Whether the web process serves requests."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as response:
                return response.status == 200
        except urllib.error.HTTPError as error:
            raise AssertionError(f"/healthz answers {error.code}:\n{error.read().decode()[:2000]}") from error
        except OSError:
            return False

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run manage.py on this product and return its output and exit code."""
        return processes.manage(*arguments, environment=self.environment)

    def app_connection(self):
        return self.database.app_connection()

    def owner_connection(self):
        return self.database.owner_connection()

    def kill_worker(self) -> None:
        """End the worker as the kernel would when memory runs out: no chance to finish anything."""
        self.worker.kill()

    def start_worker(self) -> None:
        _launch_and_await_line(self.worker, " ready.")

    def stop_broker(self) -> None:
        self.broker.stop()

    def start_broker(self) -> None:
        self.broker.start()


def _launch_and_await_line(child: Child, words: str) -> None:
    already = child.log_file.stat().st_size if child.log_file.exists() else 0
    child.launch()
    child.await_ready(lambda: words in child.log_file.read_bytes()[already:].decode(errors="replace"))


def demo_template() -> Path:
    """Load the demo data once per run, into a template database and a state folder; return the folder."""
    state = run_folder() / "demo-template"
    with claim(
        run_folder() / "demo-template.lock", patience=600, refusal="The demo data is not being loaded."
    ):
        if not (state / "loaded").exists():
            state.mkdir(exist_ok=True)
            drop_database(DEMO_TEMPLATE)
            copy_database(TEMPLATE, DEMO_TEMPLATE)
            environment = Database(DEMO_TEMPLATE).environment | {"CTMS_VAR": str(state)}
            for command in (
                ("load_demo",),
                # A product that starts from the template has nothing left to do of it.
                ("shell", "-c", "from desk.demo.printing import do_waiting; do_waiting(); do_waiting()"),
                ("collectstatic", "--noinput", "--verbosity=0"),
            ):
                finished = processes.manage(*command, environment=environment)
                assert finished.returncode == 0, f"{command} failed:\n{finished.stdout}{finished.stderr}"
            (state / "loaded").touch()
    return state


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The running product with demo data; one per xdist worker that asks for it."""
    template = demo_template()
    folder = run_folder() / f"product-{worker_name()}"
    shutil.copytree(template, folder)
    database = new_database("product", source=DEMO_TEMPLATE)
    running = Product(folder, database)
    try:
        running.start()
        yield running
    finally:
        running.stop()
        drop_database(database.name)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def _product_is_whole(request: pytest.FixtureRequest) -> Iterator[None]:
    """Repair what a test killed, so that the next one finds a whole product."""
    yield
    if "product" not in request.fixturenames:
        return
    running: Product = request.getfixturevalue("product")
    if not running.broker.child.running:
        running.start_broker()
    if not running.worker.running:
        running.start_worker()
