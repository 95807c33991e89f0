"""A client generated from our description, used against the running product: an integrator's first day."""

import importlib
import pkgutil
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.exchange.test_webhooks import is_ours

pytest.importorskip("openapi_python_client", reason="it generates the client")
ACCEPTED = 204


@pytest.fixture(scope="module")
def generated(product, tmp_path_factory):
    """The client, generated from what the running product says of itself; nothing of it is kept."""
    folder = tmp_path_factory.mktemp("client")
    description = folder / "openapi.json"
    with urllib.request.urlopen(f"{product.url}/api/v1/schema/?format=json", timeout=60) as answer:
        description.write_bytes(answer.read())
    made = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"),
            *("--path", str(description), "--output-path", str(folder / "ctms_client")),
        ],
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "Unable" not in made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    yield importlib.import_module
    sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def pm(product, generated):
    token = product.manage("create_token", "pm").stdout.strip()
    return generated("ctms_client").AuthenticatedClient(base_url=product.url, token=token)


@pytest.fixture
def call(generated, pm):
    """Return a function that calls an operation by the names the generator gave it."""

    def call(tag, operation, *arguments, body=None, **parameters):
        module = generated(f"ctms_client.api.{tag}.{operation}")
        if body is not None:
            kind, values = body
            parameters["body"] = getattr(generated("ctms_client.models"), kind).from_dict(values)
        return module.sync_detailed(*arguments, client=pm, **parameters)

    return call


@pytest.fixture
def study(call):
    return call("studies", "studies_list").parsed.results[0].id


def test_a_record_is_made_read_changed_and_moved(call, study):
    values = {"study": study, "name": "Data cut", "kind": "OTHER", "planned_on": "2026-03-17"}
    before = call("milestones", "milestones_list").parsed.sync
    key = uuid.uuid4().hex
    made = [
        call("milestones", "milestones_create", body=("MilestoneCreateRequest", values), idempotency_key=key)
        for _time in range(2)
    ]
    assert [answer.status_code for answer in made] == [201, 201]
    assert made[1].headers["idempotent-replayed"] == "true"
    assert made[0].parsed.id == made[1].parsed.id
    pk, tag = made[0].parsed.id, made[0].headers["etag"]
    assert pk in [row.id for row in call("milestones", "milestones_list", sync=before).parsed.results]
    read = call("milestones", "milestones_retrieve", pk)
    assert (read.parsed.name, read.headers["etag"]) == ("Data cut", tag)
    assert call("milestones", "milestones_retrieve", pk, if_none_match=tag).status_code == 304

    def rename(name, **headers):
        body = ("PatchedMilestoneChangeRequest", {"name": name})
        return call("milestones", "milestones_partial_update", pk, body=body, **headers)

    silent = rename("Interim data cut")
    assert silent.status_code == 400
    assert "X-Change-Reason" in silent.parsed.errors[0].detail
    assert (
        rename("Interim data cut", x_change_reason="Clearer", if_match=tag).parsed.name == "Interim data cut"
    )
    stale = rename("Late", x_change_reason="Clearer", if_match=tag)
    assert (stale.status_code, stale.parsed.status) == (412, 412)
    offers = {one.name: one.refusal for one in call("milestones", "milestones_transitions_list", pk).parsed}
    assert offers["complete"] == ""
    moved = call(
        *("milestones", "milestones_transitions_create", pk, "complete"),
        body=("TransitionInputRequest", {"happened_on": "2026-03-16"}),
    )
    assert moved.parsed.status == "COMPLETED"
    again = call(
        *("milestones", "milestones_transitions_create", pk, "complete"),
        body=("TransitionInputRequest", {"happened_on": "2026-03-16"}),
    )
    assert again.status_code == 409


def test_pages_follow_each_other_to_the_end(call):
    first = call("milestones", "milestones_list", page_size=1000).parsed
    found, cursor = [], None
    while True:
        page = call(
            "milestones", "milestones_list", page_size=7, **({"cursor": cursor} if cursor else {})
        ).parsed
        found += [row.id for row in page.results]
        if page.next_ is None:
            break
        cursor = page.next_.split("cursor=")[1].split("&")[0]
    assert found == [row.id for row in first.results]
    assert len(found) > 7


def test_a_record_comes_in_under_the_name_another_system_gave_it(call, study):
    name = f"M-{uuid.uuid4().hex[:8]}"

    def bring(title, **headers):
        body = ("MilestoneUpsertRequest", {"study": study, "name": title})
        return call("milestones", "milestones_by_external_update", "erp", name, body=body, **headers)

    assert call("milestones", "milestones_by_external_retrieve", "erp", name).status_code == 404
    made, same = bring("Invoice 1"), bring("Invoice 1")
    changed = bring("Invoice one", x_change_reason="Renamed there")
    assert [answer.status_code for answer in (made, same, changed)] == [201, 200, 200]
    assert made.parsed.id == changed.parsed.id
    read = call("milestones", "milestones_by_external_retrieve", "erp", name).parsed
    assert read.name == "Invoice one"
    (known,) = call("milestones", "milestones_external_identifiers_list", read.id).parsed
    assert (known.system, known.external_id) == ("erp", name)


def test_everything_there_is_reads_as_it_is_described(generated, call):
    """A generated client refuses a value its description does not know: each list is read by it, with demo data."""
    package, read = generated("ctms_client.api"), {}
    for tag in pkgutil.iter_modules(package.__path__):
        if (Path(package.__path__[0]) / tag.name / f"{tag.name}_list.py").exists():
            answer = call(tag.name, f"{tag.name}_list", page_size=200)
            assert answer.status_code == 200, tag.name
            read[tag.name] = len(answer.parsed.results)
    assert len(read) > 15
    assert sum(count > 0 for count in read.values()) > 10, read


class Listener(ThreadingHTTPServer):
    """Keeps what it is told."""

    def __init__(self):
        self.heard = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.heard.append((dict(self.headers), body))
                self.send_response(ACCEPTED)
                self.end_headers()

            def log_message(self, *arguments):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


@pytest.fixture
def listener():
    running = Listener()
    yield running
    running.shutdown()
    running.server_close()


def test_a_webhook_is_told_by_the_worker_what_was_done(call, study, listener, product):
    url = f"http://127.0.0.1:{listener.server_port}/"
    made = call(
        *("webhooks", "webhooks_create"),
        body=("WebhookCreateRequest", {"name": "ERP", "url": url, "hears_of": ["milestones.complete"]}),
    ).parsed
    secret = call("webhooks", "webhooks_secret", made.id).parsed.secret
    assert call("webhooks", "webhooks_test", made.id).status_code == 202
    await_messages(listener, product, 1)
    done = call(
        "milestones",
        "milestones_create",
        body=("MilestoneCreateRequest", {"study": study, "name": "Told"}),
    ).parsed
    call(
        *("milestones", "milestones_transitions_create", done.id, "complete"),
        body=("TransitionInputRequest", {"happened_on": "2026-03-16"}),
    )
    await_messages(listener, product, 2)
    for headers, body in listener.heard:
        assert is_ours(secret, headers, body)
    assert b'"id":%d' % done.id in listener.heard[1][1]
    assert b"Told" not in listener.heard[1][1]
    outcomes = [row.outcome for row in call("webhook_deliveries", "webhook_deliveries_list").parsed.results]
    assert outcomes == ["DELIVERED", "DELIVERED"]
    call(
        *("webhooks", "webhooks_partial_update", made.id),
        body=("PatchedWebhookChangeRequest", {"active": False}),
        x_change_reason="The test is over",
    )


COLLECT = """
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.jobs.queue import enqueue
with acting_as(User.objects.system(), reason="Webhooks"):
    enqueue("exchange.collect", asked_by=User.objects.system())
"""


def await_messages(listener, product, count):
    """Wait until the worker has sent them; the look that beat asks for once a minute is asked for at once."""
    for _asked in range(8):
        for _look in range(25):
            if len(listener.heard) >= count:
                return
            time.sleep(0.2)
        product.interpreter.run(COLLECT)
    pytest.fail(f"{len(listener.heard)} messages came, not {count}.")
