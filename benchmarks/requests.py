"""Measure one address through the whole stack: time, processor, queries, bytes; and the floor below it."""

import gzip
import json
import math
import os
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from ctms.accounts.services import create_token
from ctms.wsgi import application

from .asking import person

WARM_UP = 3
BACKEND = "ctms.accounts.backend.SignInBackend"
FLOOR_TIMES = 3.0


@dataclass(frozen=True)
class Timed:
    """
    What one thing took, again and again, in milliseconds.

    :param processor: of that on the processor, here and in the database: on a machine that has nothing else to do
        the two are the same, on a busy one this is what it takes
    """

    walls: tuple[float, ...]
    here: float
    database: float

    @property
    def p50(self):
        return statistics.median(self.walls)

    @property
    def p95(self):
        return percentile(self.walls, 95)

    @property
    def processor(self):
        return self.here + self.database


def percentile(values, which):
    """Return the value below which `which` per cent of them lie, one of the values themselves."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(len(ranked) * which / 100) - 1)]


@dataclass(frozen=True)
class Measured:
    """One address as it was answered."""

    page: object
    status: int
    queries: int
    size: int
    zipped: int
    timed: Timed
    floor: Timed | None = None
    statements: list = field(default_factory=list)

    @property
    def times_floor(self):
        return self.timed.processor / self.floor.processor if self.floor else None

    def misses(self, aim_ms):
        """Return what of the aims this answer misses, in a word."""
        missed = []
        if self.status != 200:
            missed.append(f"answers {self.status}")
        if not self.page.in_api and aimed_at(self.timed) > aim_ms:
            missed.append(f"over {aim_ms} ms")
        if self.times_floor and self.times_floor > FLOOR_TIMES:
            missed.append(f"over {FLOOR_TIMES:.0f} times the floor")
        return ", ".join(missed)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status_code: int
    content: bytes


class Visitor:
    """
    Somebody who asks the product as a web server does, by WSGI.

    Django's test client adds half a millisecond of its own to each answer, a tenth of a list of the API.
    """

    def __init__(self, **headers):
        self.asking = RequestFactory()._base_environ(SERVER_NAME="localhost", **headers)

    def get(self, path):
        path, _mark, query = path.partition("?")
        said = []
        answer = application(
            {**self.asking, "PATH_INFO": path, "QUERY_STRING": query},
            lambda status, _headers: said.append(int(status.split()[0])),
        )
        try:
            return Answer(said[0], b"".join(answer))
        finally:
            answer.close()


def client_for(page):
    """Return the person of a page, signed in: by session, or by token in the API."""
    user = person(page.person)
    if page.in_api:
        secret = create_token(user=user, name="Benchmark")
        return Visitor(HTTP_AUTHORIZATION=f"Bearer {secret}")
    client = Client()
    client.force_login(user, backend=BACKEND)
    return Visitor(HTTP_COOKIE=client.cookies.output(header="", attrs=[], sep=";").strip())


def aimed_at(timed):
    """Return the milliseconds an aim is held against: the clock's, or the processor's where others use it too."""
    return timed.processor if is_busy() else timed.p50


def is_busy():
    """True if more wants to run on this machine than it has processors, beside the two processes of a request."""
    return os.getloadavg()[0] > (os.cpu_count() or 1)


def timed(times, *asks):
    """
    Call each of `asks` so often, in turns, and return what each took.

    In turns, because a machine that others use as well is now quick and now slow: what is compared goes through both.
    """
    walls, here, database = ([[0.0] * times for _ask in asks] for _measure in range(3))
    for number in range(times):
        for place, ask in enumerate(asks):
            spent, used, began = database_seconds(), time.process_time(), time.perf_counter()
            ask()
            walls[place][number] = (time.perf_counter() - began) * 1e3
            here[place][number] = (time.process_time() - used) * 1e3
            database[place][number] = (database_seconds() - spent) * 1e3
    return [
        Timed(tuple(walls[place]), statistics.mean(here[place]), statistics.mean(database[place]))
        for place in range(len(asks))
    ]


def database_seconds():
    """Return the processor time the database has spent on this connection."""
    connection.ensure_connection()
    spent = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(spent.read_text().split()[0]) / 1e9 if spent.exists() else 0.0


def count_queries(client, path):
    """Ask once and return (the answer, [(statement, its milliseconds)])."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    return answer, [(query["sql"], float(query["time"]) * 1e3) for query in captured.captured_queries]


def measure_request(page, *, times):
    """Ask for a page so often, and for a list of the API also do the same by hand."""
    client = client_for(page)
    connection.ensure_connection()
    connection.close_at = None  # one connection to its end, or the processor time of two is subtracted
    for _number in range(WARM_UP):
        answer = client.get(page.path)
    answer, statements = count_queries(client, page.path)
    asks = [lambda: client.get(page.path)]
    if page.in_api:
        asks.append(by_hand(answer, statements))
    taken = timed(times, *asks)
    return Measured(
        page=page,
        status=answer.status_code,
        queries=len(statements),
        size=len(answer.content),
        zipped=len(gzip.compress(answer.content, 6)),
        timed=taken[0],
        floor=taken[1] if page.in_api else None,
        statements=statements,
    )


def by_hand(answer, statements):
    """
    Return what makes the same answer by hand: its reading statements through psycopg2, its body through json.

    Between the two each row becomes a dictionary of its columns, as by any program that answers in JSON; nobody is
    signed in, nothing is counted and no statement is put together.
    """
    reading = [
        sql.replace("%", "%%") for sql, _took in statements if sql.lstrip().startswith(("SELECT", "(SELECT"))
    ]
    body = json.loads(answer.content)

    def answer_by_hand():
        with connection.connection.cursor() as cursor:
            for sql in reading:
                cursor.execute(sql, ())
                names = [column.name for column in cursor.description]
                for row in cursor.fetchall():
                    dict(zip(names, row, strict=True))
        json.dumps(body).encode()

    answer_by_hand()
    return answer_by_hand
