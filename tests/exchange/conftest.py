"""What tests of the exchange share: somebody's program with a token, and a receiver of webhooks."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ctms.api.tokens import create_token
from ctms.audit.context import acting_as
from studies.models import Milestone


class Program:
    """A program of one person: keeps its token, sends what it is told."""

    def __init__(self, client, user):
        self.client, self.token = client, create_token(user=user, name="program")

    def __call__(self, method, path, body=None, **headers):
        path = path.removeprefix("http://testserver/api/v1/")
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method,
            f"/api/v1/{path}",
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", **names},
        )


@pytest.fixture
def program(cast, client):
    """Return a function that gives somebody's program."""
    return lambda who: Program(client, cast.people[who])


@pytest.fixture
def milestone(cast):
    with acting_as(cast.paula, reason="The sponsor agreed"):
        return Milestone.objects.create(study=cast.vel, name="Kick-off", planned_on="2026-03-17")


class Receiver:
    """A web server that keeps what it is sent and answers what a test wants."""

    def __init__(self):
        self.heard, self.answers, self.headers = [], [], {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.heard.append((dict(self.headers), body, self.path))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def messages(self):
        return [json.loads(body) for _headers, body, _path in self.heard]


@pytest.fixture
def receiver():
    running = Receiver()
    yield running
    running.server.shutdown()
    running.server.server_close()
