"""Fixtures: this process's database for `db`, and databases of their own for tests that must commit."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg2
import pytest

from launcher.postgres import PORT
from tests.servers import PASSWORDS, TEMPLATE, copy_database, drop_database, worker_name

_numbers = itertools.count(1)
PATIENCE = 180  # seconds, more than the longest test takes


@dataclass(frozen=True)
class Database:
    """A database on the run's cluster that sees real commits."""

    name: str

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a product process (manage.py, a worker) working on this database."""
        return dict(os.environ) | {"CTMS_DB_NAME": self.name}

    def owner_connection(self):
        """A psycopg2 connection as `ctms_owner`."""
        return self._connect("ctms_owner", PASSWORDS.owner)

    def app_connection(self):
        """A psycopg2 connection as `ctms_app`, the role of the product."""
        return self._connect("ctms_app", PASSWORDS.app)

    def _connect(self, user: str, password: str):
        return psycopg2.connect(
            host=os.environ["CTMS_DB_HOST"], port=PORT, user=user, password=password, dbname=self.name
        )


def new_database(purpose: str, *, source: str = TEMPLATE) -> Database:
    """A fresh copy of the template under a name of its own."""
    database = Database(f"ctms_{worker_name()}_{purpose}_{next(_numbers)}")
    copy_database(source, database.name)
    return database


@contextmanager
def django_connected_to(database: Database) -> Iterator[None]:
    """Point Django's default connection, in every thread of this process, at the database."""
    from django.db import connections

    # Connections of all threads are made from this one dictionary.
    settings = connections.settings["default"]
    previous = settings["NAME"]
    connections.close_all()
    settings["NAME"] = database.name
    try:
        yield
    finally:
        connections.close_all()
        settings["NAME"] = previous


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker) -> Iterator[None]:
    """Replace pytest-django's test database by a copy of the template, used as `ctms_app`.

    Django would create the database as the user of the tests, who would then own everything, and
    nothing that is revoked from `ctms_app` would be refused.
    """
    name = os.environ["CTMS_DB_NAME"]
    copy_database(TEMPLATE, name)
    yield
    with django_db_blocker.unblock():
        from django.db import connections

        connections.close_all()
    drop_database(name)


def await_horizon(done: Callable[[], bool]) -> None:
    """
    Ask again and again until it is done: all databases of the cluster share the horizon below which nothing is open,
    and the one transaction of a long test beside this one holds it back.
    """
    deadline = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > deadline:
            pytest.fail(f"The snapshot horizon did not move on within {PATIENCE} s.")
        time.sleep(0.1)


@pytest.fixture
def committed_database(django_db_setup, django_db_blocker) -> Iterator[Database]:
    """A database where commits are real: for races, second connections, killed workers."""
    database = new_database("committed")
    try:
        with django_db_blocker.unblock(), django_connected_to(database):
            yield database
    finally:
        drop_database(database.name)
