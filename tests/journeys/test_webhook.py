"""A project manager connects another system: chooses events, takes the secret along, sends a test, sends again."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from tests.journeys.accessible import expect_accessible, photograph
from tests.journeys.acting import open_list


@pytest.fixture
def answers_503_then_204():
    """A receiver that is not ready at first; the statuses it will answer with."""
    statuses = [503]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(statuses.pop() if statuses else 204)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def make_webhook(pm, address):
    pm.goto("/")
    open_list(pm, "Administration", "Webhooks")
    expect(pm.get_by_role("heading", level=1)).to_have_text("Webhooks")
    pm.get_by_role("link", name="New webhook").first.press("Enter")  # an empty list offers it once more
    pm.get_by_label("Name").fill("Payment system")
    pm.get_by_label("Address").fill(address)
    pm.get_by_text("Study sites", exact=True).press("Enter")
    pm.get_by_label("Activate").first.check()
    expect_accessible(pm)
    photograph(pm, "webhook-new")
    pm.get_by_role("button", name="Save").press("Enter")


def await_state(pm, words):
    """Look again until the worker has sent the message."""
    for _attempt in range(40):
        pm.reload()
        if pm.get_by_role("region", name="Messages").get_by_text(words).count():
            return
        pm.wait_for_timeout(500)
    raise AssertionError(pm.locator("main").inner_text()[:600])


def test_another_system_is_connected_and_told(people, console, answers_503_then_204):
    pm = people("pm")
    make_webhook(pm, answers_503_then_204)
    expect(pm.get_by_text("Needs a secret").first).to_be_visible()
    expect_accessible(pm)
    pm.get_by_role("button", name="Make its secret").press("Enter")
    expect(pm.locator("#secret")).to_have_text(re.compile("^whsec_"))
    expect_accessible(pm)
    pm.get_by_role("link", name="Open the webhook").press("Enter")
    pm.get_by_role("button", name="Send a test").press("Enter")
    expect(pm.get_by_text("A test is on its way")).to_be_visible()
    await_state(pm, "It answered 503.")
    photograph(pm, "webhook-waiting")
    expect_accessible(pm)
    pm.get_by_role("button", name="Send a test").press("Enter")
    await_state(pm, "Delivered")
    pm.get_by_role("button", name=re.compile("^Replay")).first.press("Enter")
    expect(pm.get_by_text("1 message is sent again.")).to_be_visible()
    pm.get_by_role("link", name="Change", exact=True).press("Enter")
    pm.get_by_label("Active").uncheck()
    pm.get_by_label("Reason for change").fill("The test is over")
    pm.get_by_role("button", name="Save").press("Enter")
    expect(pm.get_by_role("heading", level=1)).to_contain_text("Switched off")
    photograph(pm, "webhook-off")
    assert console.unexpected == []
