"""Other systems are told that something happened: once each, signed, and never of what their person may not see."""

import base64
import hashlib
import hmac
import socket
import threading
import time
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections
from django.utils import timezone

from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.audit.trail import AUDITED
from ctms.exchange import sending, webhooks
from ctms.exchange.guarding import AddressRefused, public_address, refusal_of_address
from ctms.exchange.models import DeliveryState, Horizon, Webhook, WebhookDelivery
from ctms.exchange.pages import DeliveryRecord, WebhookRecord
from ctms.exchange.sending import post
from ctms.exchange.signing import secret_of
from ctms.jobs.models import Job
from ctms.notices.models import Notice
from ctms.workflow.engine import perform
from monitoring.services import plan_visit
from studies.models import StudyAssignment
from studies.services.team import assign
from tests.cast import LONG_AGO, bring_on_stage
from tests.databases import await_horizon

FOREVER = 2**62
EVERYTHING = ["study-sites.*", "studies.*", "milestones.complete"]


@pytest.fixture
def hook(cast, receiver):
    """Return a function that gives somebody a webhook with a secret, listening at the receiver."""

    def make(who, **values):
        values = {"name": f"{who}'s", "url": receiver.url, "hears_of": EVERYTHING, **values}
        with acting_as(cast.people[who], reason="A webhook"):
            made = webhooks.create_webhook(actor=cast.people[who], **values)
        webhooks.make_secret(actor=cast.people[who], webhook=made, now=timezone.now())
        made.refresh_from_db()
        return made

    return make


def run():
    """Do what the two jobs do, as if everything written so far were committed."""
    with acting_as(User.objects.system(), reason="Webhooks"):
        Horizon.objects.update(transaction=0)
        webhooks.collect(asked_by=User.objects.system(), until=FOREVER)
        for pk in Webhook.objects.order_by("pk").values_list("pk", flat=True):
            webhooks.send_due(pk)


def qualify(cast, site="madrid"):
    perform(cast.places[site], "qualify", actor=cast.fresh("pavel" if site == "krakow" else "paula"))


def is_ours(secret, headers, body):
    """Verify a message as docs/api.md tells receivers to."""
    sent = headers["webhook-timestamp"]
    if abs(time.time() - int(sent)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{headers['webhook-id']}.{sent}.".encode() + body
    right = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(one, f"v1,{right}") for one in headers["webhook-signature"].split())


# --- what is told, and to whom ------------------------------------------------------------------------------


def test_a_move_is_told_once_with_its_record_and_nothing_that_stands_in_it(cast, hook, receiver):
    hook("paula")
    qualify(cast)
    run()
    run()
    (message,) = receiver.messages
    assert message["type"] == "study-sites.qualify"
    assert set(message["data"]) == {"record", "id", "transition", "happened_on", "at", "url", "page"}
    assert message["data"]["record"] == "study-sites"
    assert message["data"]["id"] == cast.madrid.pk
    assert message["data"]["url"].endswith(f"/api/v1/study-sites/{cast.madrid.pk}")
    told = receiver.heard[0][1].decode()
    assert not [word for word in ("2003", "Chamberí", "VEL-301", "Paula") if word in told]
    delivery = WebhookDelivery.objects.get()
    assert (delivery.outcome, delivery.attempts, delivery.last_answer) == (DeliveryState.DELIVERED, 1, 204)


def test_the_signature_is_verified_as_documented_and_fails_for_anything_else(cast, hook, receiver):
    made = hook("paula")
    qualify(cast)
    run()
    headers, body, path = receiver.heard[0]
    assert path == "/hook"
    assert is_ours(secret_of(made), headers, body)
    assert not is_ours(secret_of(made), headers, body + b" ")
    assert not is_ours(secret_of(made), {**headers, "webhook-id": "msg_0"}, body)
    assert not is_ours(secret_of(made), {**headers, "webhook-timestamp": str(int(time.time()) - 301)}, body)
    former = secret_of(made)
    webhooks.make_secret(actor=cast.paula, webhook=made, now=timezone.now())
    made.refresh_from_db()
    assert not is_ours(secret_of(made), headers, body)
    assert secret_of(made) != former


def test_the_database_alone_knows_no_secret(cast, hook, settings):
    made = hook("paula")
    secret = secret_of(made)
    events = AUDITED["exchange.Webhook"].event_model.objects.values()
    assert secret not in str([*events, *Webhook.objects.values()])
    assert made.salt not in str(list(events))
    settings.SECRET_KEY = "another installation's key"
    assert secret_of(made) != secret
    reasons = [event["pgh_context"]["reason"] for event in events.order_by("pgh_id")]
    assert reasons == ["A webhook", "New secret"]


def test_everybody_hears_of_what_they_see_where_they_may_have_webhooks(cast, hook, receiver):
    hooks = {who: hook(who) for who in ("paula", "pavel", "ada")}
    qualify(cast)
    qualify(cast, "krakow")
    run()
    heard = {who: set(made.deliveries.values_list("record", flat=True)) for who, made in hooks.items()}
    madrid, krakow = (f"studies.StudySite/{cast.places[name].pk}" for name in ("madrid", "krakow"))
    assert heard == {"paula": {madrid}, "pavel": {krakow}, "ada": {madrid, krakow}}


def test_who_may_not_have_webhooks_makes_none_and_hears_nothing_once_the_right_has_gone(cast, hook, receiver):
    for who in ("carla", "lena", "sam", "quentin", "stella"):
        with pytest.raises(PermissionDenied), acting_as(cast.people[who], reason="x"):
            webhooks.create_webhook(
                actor=cast.people[who], name="x", url=receiver.url, hears_of=["studies.*"]
            )
    made = hook("paula")
    with acting_as(cast.ada, reason="Now a team lead only"):
        StudyAssignment.objects.filter(user=cast.paula).update(ends_on=LONG_AGO + timedelta(days=9))
    assign(
        actor=User.objects.system(),
        user=cast.paula,
        role="clinical_lead",
        place=cast.vel,
        starts_on=LONG_AGO + timedelta(days=10),
        trained_on=LONG_AGO,
    )
    assert cast.fresh("paula").has_perm("studies.view_studysite", cast.madrid)
    perform(cast.madrid, "qualify", actor=User.objects.system())
    run()
    assert receiver.heard == []
    assert not made.deliveries.exists()


def test_the_first_look_of_all_begins_at_the_beginning(cast, hook):
    """A move made before anybody ever looked was lost: the bookmark began where the first look found it."""
    hook("paula")
    with acting_as(User.objects.system(), reason="Webhooks"):
        webhooks.collect(asked_by=User.objects.system(), until=1)
    assert Horizon.objects.get().transaction == 1


def test_sight_is_asked_again_at_sending(cast, hook, receiver):
    made = hook("paula")
    qualify(cast)
    with acting_as(User.objects.system(), reason="x"):
        Horizon.objects.update(transaction=0)
        webhooks.collect(asked_by=User.objects.system(), until=FOREVER)
    assert made.deliveries.get().outcome == DeliveryState.WAITING
    with acting_as(cast.ada, reason="Left"):
        StudyAssignment.objects.filter(user=cast.paula).update(ends_on=LONG_AGO + timedelta(days=9))
    webhooks.send_due(made.pk)
    assert receiver.heard == []
    assert made.deliveries.get().outcome == DeliveryState.WITHHELD


def test_only_what_is_chosen_and_only_of_the_study_is_told(cast, hook):
    chosen = hook("ada", hears_of=["study-sites.select"])
    elsewhere = hook("ada", study=cast.kin)
    here = hook("ada", study=cast.vel, hears_of=["study-sites.qualify"])
    off = hook("ada")
    with acting_as(cast.ada, reason="Off"):
        Webhook.objects.filter(pk=off.pk).update(active=False)
    qualify(cast)
    run()
    told = {one.pk: one.deliveries.count() for one in (chosen, elsewhere, here, off)}
    assert told == {chosen.pk: 0, elsewhere.pk: 0, here.pk: 1, off.pk: 0}


def test_unblinded_moves_are_nobodys_to_hear_of_who_is_blinded(cast, hook):
    blinded, unblinded = (
        hook("paula", hears_of=["monitoring-visits.*"]),
        hook("ada", hears_of=["monitoring-visits.*"]),
    )
    visits = {}
    for who, secret in (("carla", False), ("uma", True)):
        visits[who] = plan_visit(
            actor=cast.people[who],
            on=LONG_AGO,
            site=cast.madrid,
            visit_type="IMV",
            method="ON_SITE",
            planned_start_on=LONG_AGO,
            planned_end_on=LONG_AGO,
            primary_monitor=cast.people[who],
            unblinded=secret,
        )
        perform(visits[who], "cancel", actor=cast.fresh(who), reason="Called off")
    run()
    seen = {one.pk: set(one.deliveries.values_list("record", flat=True)) for one in (blinded, unblinded)}
    labels = {who: f"monitoring.MonitoringVisit/{visit.pk}" for who, visit in visits.items()}
    assert seen[blinded.pk] == {labels["carla"]}
    assert seen[unblinded.pk] == set(labels.values())


# --- read to the horizon --------------------------------------------------------------------------------------


def test_a_move_committed_late_is_told_too(committed_database, receiver):
    cast = bring_on_stage()
    with acting_as(cast.paula, reason="A webhook"):
        made = webhooks.create_webhook(
            actor=cast.paula, name="x", url=receiver.url, hears_of=["study-sites.*"]
        )
    webhooks.make_secret(actor=cast.paula, webhook=made, now=timezone.now())
    collect_now()
    moved, may_end = threading.Event(), threading.Event()

    def slowly():
        with acting_as(cast.paula, reason="slow"):
            perform(cast.madrid, "qualify", actor=cast.paula)
            moved.set()
            may_end.wait(20)
        connections.close_all()

    thread = threading.Thread(target=slowly)
    thread.start()
    assert moved.wait(20)
    perform(cast.berlin, "qualify", actor=cast.paula)
    collect_now()
    may_end.set()
    thread.join()
    collect_until(made, 2)
    records = sorted(made.deliveries.values_list("record", flat=True))
    assert records == sorted(f"studies.StudySite/{site.pk}" for site in (cast.madrid, cast.berlin))
    collect_now()
    assert made.deliveries.count() == 2


def test_what_happened_before_it_had_a_secret_or_while_it_was_off_is_never_told(committed_database, receiver):
    cast = bring_on_stage()
    collect_now()
    with acting_as(cast.paula, reason="A webhook"):
        made = webhooks.create_webhook(
            actor=cast.paula, name="x", url=receiver.url, hears_of=["study-sites.*"]
        )
    perform(cast.madrid, "qualify", actor=cast.paula)
    webhooks.make_secret(actor=cast.paula, webhook=made, now=timezone.now())
    perform(cast.berlin, "qualify", actor=cast.paula)
    webhooks.make_secret(actor=cast.paula, webhook=made, now=timezone.now())
    collect_until(made, 1)
    made.refresh_from_db()
    for active in (False, True):
        if active:
            perform(cast.berlin, "select", actor=cast.paula, happened_on=LONG_AGO)
        with acting_as(cast.paula, reason="Off and on"):
            made.active = active
            made.save()
    perform(cast.madrid, "select", actor=cast.paula, happened_on=LONG_AGO)
    collect_until(made, 2)
    told = [f"{one.record} {one.event}" for one in made.deliveries.order_by("pk")]
    assert told == [
        f"studies.StudySite/{cast.berlin.pk} study-sites.qualify",
        f"studies.StudySite/{cast.madrid.pk} study-sites.select",
    ]


def collect_until(webhook, count):
    """Collect until there are so many deliveries: what another transaction still holds open comes later."""

    def are_there():
        collect_now()
        return webhook.deliveries.count() >= count

    await_horizon(are_there)
    collect_now()


def collect_now():
    with acting_as(User.objects.system(), reason="Webhooks"):
        webhooks.collect(asked_by=User.objects.system())


# --- tried again, given up, sent again ------------------------------------------------------------------------


def test_a_receiver_that_fails_is_tried_again_with_growing_pauses_and_then_given_up(cast, hook, receiver):
    made = hook("paula")
    receiver.answers = [500] * 20
    qualify(cast)
    run()
    delivery, pauses = made.deliveries.get(), []
    while delivery.outcome == DeliveryState.WAITING:
        pauses.append(delivery.next_try_at - timezone.now())
        webhooks.send_due(made.pk)  # too early: nothing is sent
        assert len(receiver.heard) == delivery.attempts
        WebhookDelivery.objects.update(next_try_at=timezone.now())
        webhooks.send_due(made.pk)
        delivery.refresh_from_db()
    assert [round(pause.total_seconds() / 60) for pause in pauses] == [1, 5, 30, 120, 480, 1440]
    assert (delivery.outcome, delivery.attempts, delivery.last_answer) == (DeliveryState.DEAD, 7, 500)
    assert {message["id"] for message in receiver.messages} == {delivery.message_id}
    notice = Notice.objects.get(user=cast.paula)
    assert "does not take its messages" in notice.text
    receiver.answers = []
    assert webhooks.replay(actor=cast.paula, deliveries=[delivery], now=timezone.now()) == 1
    assert Job.objects.filter(name="exchange.send", arguments={"webhook_id": made.pk}).exists()
    webhooks.send_due(made.pk)
    delivery.refresh_from_db()
    assert (delivery.outcome, delivery.attempts) == (DeliveryState.DELIVERED, 1)
    assert receiver.messages[-1]["id"] == receiver.messages[0]["id"]


def test_one_that_does_not_answer_holds_nobody_up(cast, hook, receiver):
    made = hook("paula")
    receiver.answers = [503] * 20
    for site in ("madrid", "berlin"):
        qualify(cast, site)
        perform(cast.places[site], "select", actor=cast.fresh("paula"), happened_on=LONG_AGO)
    run()
    assert len(receiver.heard) == webhooks.FAILURES_IN_A_ROW
    waiting = made.deliveries.filter(attempts=0)
    assert waiting.count() == 2
    assert all(one.next_try_at > timezone.now() for one in waiting)


def test_redirects_are_not_followed_and_long_answers_not_read(receiver):
    receiver.answers, receiver.headers = [302], {"Location": "http://127.0.0.1:1/elsewhere"}
    answer = post(receiver.url, "{}", {})
    assert (answer.status, answer.accepted) == (302, False)
    assert len(receiver.heard) == 1


def test_a_receiver_that_drips_is_cut_off(monkeypatch):
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 0.5)
    listening = socket.create_server(("127.0.0.1", 0))

    def drip():
        connection, _address = listening.accept()
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            for _second in range(100):
                time.sleep(0.1)
                connection.sendall(b"x")
        except OSError:
            pass

    threading.Thread(target=drip, daemon=True).start()
    began = time.monotonic()
    post(f"http://127.0.0.1:{listening.getsockname()[1]}/", "{}", {})
    assert time.monotonic() - began < 5
    listening.close()


# --- addresses ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://example.org/",
            "ftp://example.org/",
            "https://",
            "https://user:pw@example.org/",
            "javascript:1",
        ),
        *("https://10.0.0.1/", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest/"),
        *("https://192.168.1.1/", "https://[fe80::1]/", "https://[::ffff:10.0.0.1]/", "https://0.0.0.0/"),
        *("https://[64:ff9b::a00:1]/", "https://[fd00::1]/", "https://224.0.0.1/", "http://localhost/"),
    ],
)
def test_an_address_inside_a_network_is_refused_when_it_is_given(settings, url):
    settings.WEBHOOKS_MAY_CALL_LOOPBACK = False
    assert refusal_of_address(url)
    assert post(url, "{}", {}).status is None


def test_a_public_address_is_taken_and_this_machine_only_in_the_demo(settings):
    settings.WEBHOOKS_MAY_CALL_LOOPBACK = False
    assert refusal_of_address("https://hooks.example.org:8443/x?y=1") == ""
    assert refusal_of_address("https://93.184.215.14/") == ""
    settings.WEBHOOKS_MAY_CALL_LOOPBACK = True
    assert refusal_of_address("http://localhost:9000/") == ""
    assert refusal_of_address("http://example.org/")
    assert refusal_of_address("https://10.0.0.1/")


@pytest.mark.parametrize(
    "inside", ["10.1.2.3", "127.0.0.1", "169.254.169.254", "::1", "fe80::1", "::ffff:10.0.0.1"]
)
def test_a_name_that_leads_into_the_network_is_not_called(settings, monkeypatch, inside):
    settings.WEBHOOKS_MAY_CALL_LOOPBACK = False
    entries = [(0, 0, 0, "", (address, 443)) for address in ("93.184.215.14", inside)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: entries)
    with pytest.raises(AddressRefused, match="into a network"):
        public_address("innocent.example.org", 443)
    called = []
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: called.append(a))
    assert "network" in post("https://innocent.example.org/", "{}", {}).error
    assert called == []


def test_the_connection_goes_to_the_address_that_was_looked_at(settings, monkeypatch):
    settings.WEBHOOKS_MAY_CALL_LOOPBACK = False
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: [(0, 0, 0, "", ("93.184.215.14", 443))])
    called = []

    def connect(address, timeout):
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    assert post("https://hooks.example.org/", "{}", {}).error == "It refused the connection."
    assert called == [("93.184.215.14", 443)]


# --- pages and API --------------------------------------------------------------------------------------------


def test_a_webhook_is_made_on_pages_and_its_secret_shown_once(client, cast, receiver):
    client.force_login(cast.paula)
    page = client.get("/webhooks/new/")
    assert "study-sites.activate" in page.content.decode()
    values = {"name": "EDC", "url": receiver.url, "hears_of": ["study-sites.*", "studies.*"]}
    made = client.post("/webhooks/new/", values, follow=True)
    assert "Needs a secret" in made.content.decode()
    webhook = Webhook.objects.get()
    assert (webhook.owner, webhook.hears_of) == (cast.paula, ["study-sites.*", "studies.*"])
    shown = client.post(f"/webhooks/{webhook.pk}/secret/").content.decode()
    webhook.refresh_from_db()
    assert secret_of(webhook) in shown
    record = client.get(f"/webhooks/{webhook.pk}/").content.decode()
    assert secret_of(webhook) not in record
    assert "Send a test" in record
    assert (
        "A test is on its way" in client.post(f"/webhooks/{webhook.pk}/test/", follow=True).content.decode()
    )
    run()
    assert receiver.messages[0]["data"] == {"test": True}
    qualify(cast)
    receiver.answers = [500]
    run()
    WebhookDelivery.objects.filter(transition__isnull=False).update(outcome=DeliveryState.DEAD)
    page = client.get(f"/webhooks/{webhook.pk}/").content.decode()
    assert "1 message was given up." in page
    assert (
        "1 message is sent again."
        in client.post(f"/webhooks/{webhook.pk}/replay/", follow=True).content.decode()
    )
    one = WebhookDelivery.objects.order_by("pk").first()
    assert client.post(f"/webhook-deliveries/{one.pk}/replay/").status_code == 302
    one.refresh_from_db()
    assert one.outcome == DeliveryState.WAITING
    assert "webhook-signature" in client.get("/webhooks/receiving/").content.decode()


def test_a_webhook_is_its_owners_and_the_administrators(client, cast, hook):
    made = hook("paula")
    for who, seen in (("paula", True), ("ada", True), ("pavel", False), ("quentin", False)):
        assert WebhookRecord.rows(cast.fresh(who)).filter(pk=made.pk).exists() is seen, who
        client.force_login(cast.people[who])
        for path in ("", "secret/", "test/", "replay/"):
            answer = (
                client.post(f"/webhooks/{made.pk}/{path}") if path else client.get(f"/webhooks/{made.pk}/")
            )
            assert (answer.status_code == 404) is not seen, (who, path)
    run()
    assert not DeliveryRecord.rows(cast.fresh("pavel")).exists()
    assert DeliveryRecord.rows(cast.fresh("ada")).exists()


def test_a_webhook_is_kept_through_the_api(program, cast, receiver):
    paula = program("paula")
    body = {"name": "EDC", "url": receiver.url, "hears_of": ["study-sites.qualify"], "study": cast.vel.pk}
    wrong = paula("POST", "webhooks", {**body, "hears_of": ["study-sites.fly"], "url": "https://10.0.0.1/"})
    assert {error["pointer"] for error in wrong.json()["errors"]} == {"/url"}
    wrong = paula("POST", "webhooks", {**body, "hears_of": ["study-sites.fly"]})
    assert {error["pointer"] for error in wrong.json()["errors"]} == {"/hears_of"}
    assert paula("POST", "webhooks", {**body, "study": cast.cor.pk}).status_code == 400
    made = paula("POST", "webhooks", body).json()
    assert "secret" not in made
    assert paula("POST", f"webhooks/{made['id']}/test").status_code == 400
    secret = paula("POST", f"webhooks/{made['id']}/secret", Idempotency_Key="s")
    assert secret["Cache-Control"] == "no-store"
    other = paula("POST", f"webhooks/{made['id']}/secret", Idempotency_Key="s")
    assert other.json()["secret"] != secret.json()["secret"]
    for _time in range(2):
        assert paula("POST", f"webhooks/{made['id']}/test", Idempotency_Key="t").status_code == 202
    run()
    assert is_ours(other.json()["secret"], *receiver.heard[0][:2])
    (delivery,) = paula("GET", f"webhook-deliveries?webhook={made['id']}").json()["results"]
    assert (delivery["event"], delivery["outcome"]) == ("webhooks.test", "DELIVERED")
    again = paula("POST", f"webhook-deliveries/{delivery['id']}/replay")
    assert (again.status_code, again.json()) == (202, {"messages": 1})
    assert paula("POST", f"webhooks/{made['id']}/replay").json() == {"messages": 0}
    for who in ("pavel", "quentin"):
        assert program(who)("GET", f"webhook-deliveries/{delivery['id']}").status_code == 404
        assert program(who)("POST", f"webhook-deliveries/{delivery['id']}/replay").status_code == 404
    off = paula("PATCH", f"webhooks/{made['id']}", {"active": False}, X_Change_Reason="Moved")
    assert off.json()["active"] is False


def test_a_webhook_without_an_event_or_with_an_address_of_ours_is_not_kept(cast):
    for values in ({"hears_of": []}, {"hears_of": ["nothing.at_all"]}, {"url": "https://192.168.0.1/"}):
        given = {"name": "x", "url": "https://example.org/", "hears_of": ["studies.*"], **values}
        with pytest.raises(ValidationError) as refused, acting_as(cast.paula, reason="x"):
            webhooks.create_webhook(actor=cast.paula, **given)
        assert set(refused.value.error_dict) == set(values)
