"""Many people at once through gunicorn as it runs in production, and what a first page weighs."""

import gzip
import http.client
import os
import random
import re
import threading
import time
import urllib.request
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from ctms.accounts.models import User
from ctms.accounts.services import create_token
from launcher.product import web

from .asking import API, exists, places
from .house import SIZES
from .pages import prepare
from .requests import BACKEND, percentile

AIM_MS, AIM_KB = 300, 250
ADDRESS = "127.0.0.1:8765"
# Who is at work: of fifty, half are CRAs, and a few programs keep copies.
MIX = (
    ("cra", 25),
    ("project_manager", 7),
    ("clinical_lead", 5),
    ("tmf_specialist", 5),
    ("finance", 2),
    ("quality", 1),
    ("api", 5),
)
LISTS = ("study-sites", "monitoring-visits", "documents", "expected-documents", "subjects", "milestones")


@dataclass
class Told:
    """What all of them met: milliseconds by kind of page, and what went wrong."""

    took: dict = field(default_factory=lambda: defaultdict(list))
    errors: list = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, kind, milliseconds, error=""):
        with self.lock:
            self.took[kind].append(milliseconds)
            if error:
                self.errors.append(f"{kind}: {error}")


def run(*, size, users, seconds, think):
    """Load, start gunicorn, weigh the first page, let them all in; the exit code is 0 when the aims are met."""
    prepare(SIZES[size])
    walks = [_walk(number, role) for number, role in enumerate(_roles(users))]
    state = Path(os.environ["CTMS_VAR"])
    server = web(os.environ, state=state, address=ADDRESS)
    server.launch()
    try:
        server.await_ready(_answers)
        heavy = print_weight(walks[0])
        # Every page once before the clock runs: the first reads templates and fills the database's memory.
        for walk in {tuple(walk.ways): walk for walk in walks}.values():
            for _kind, path in walk.ways:
                _get(walk, path)
        before = processor_of(server.pid)
        told = let_in(walks, seconds, think)
        spent = processor_of(server.pid) - before
    finally:
        server.stop()
    return 1 if print_users(told, users, seconds, think, spent) or heavy else 0


def _answers():
    try:
        with urllib.request.urlopen(f"http://{ADDRESS}/healthz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def processor_of(parent):
    """Return the seconds of processor time the children of a process have used."""
    used = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if int(fields[1]) == parent:
            used += int(fields[11]) + int(fields[12])
    return used / os.sysconf("SC_CLK_TCK")


# --- who walks where -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Walk:
    """Somebody's way in: the header that signs them in, and the (kind, address) they open."""

    headers: dict
    ways: list


def _roles(users):
    weights = [role for role, share in MIX for _each in range(share)]
    return [weights[number * len(weights) // users] for number in range(users)]


def _walk(number, role):
    people = list(
        User.objects.filter(username__startswith=f"{'project_manager' if role == 'api' else role}-")
    )
    user = people[number % len(people)]
    if role == "api":
        secret = create_token(user=user, name="Benchmark")
        return Walk({"Authorization": f"Bearer {secret}"}, [(f"API {n}", f"{API}/{n}/") for n in LISTS])
    return Walk({"Cookie": f"{settings.SESSION_COOKIE_NAME}={_session(user)}"}, _ways(role))


def _session(user):
    """Sign in without the form, whose password hash is slow on purpose."""
    session = SessionStore()
    signed_in = {SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: BACKEND}
    session.update({**signed_in, HASH_SESSION_KEY: user.get_session_auth_hash()})
    session.create()
    return session.session_key


def _ways(role):
    at = places()
    study = f"/studies/{at.study}/"
    ways = [("home", "/"), ("sites", "/study-sites/"), ("search", "/search/?q=hospital")]
    if role == "finance":
        ways += [("payables", "/payables/"), ("agreements", "/site-agreements/")]
    else:
        ways += [
            ("visits", "/monitoring-visits/"),
            ("documents", "/documents/"),
            ("action items", "/action-items/?standing=open"),
        ]
    if role in ("cra", "project_manager", "clinical_lead", "quality"):
        ways.append(("subjects", "/subjects/"))
    if role in ("project_manager", "quality"):
        ways += [("portfolio", "/portfolio/"), ("milestones", "/milestones/")]
    if role == "quality":
        ways += [("journal", "/journal/"), ("study", study), ("subject matrix", f"{study}subject-matrix/")]
    return [way for way in ways if exists(way[1])]


# --- all at once ---------------------------------------------------------------------------------------------


def let_in(walks, seconds, think):
    """Let everybody click for so long; returns what they met."""
    told, until = Told(), time.monotonic() + seconds
    threads = [
        threading.Thread(target=_click, args=(walk, random.Random(number), told, until, think))
        for number, walk in enumerate(walks)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def _click(walk, chance, told, until, think):
    time.sleep(chance.random() * think)
    while time.monotonic() < until:
        kind, path = chance.choice(walk.ways)
        began = time.perf_counter()
        error = _get(walk, path)
        told.tell(kind, (time.perf_counter() - began) * 1e3, error)
        time.sleep(chance.uniform(0.4, 1.6) * think)


def _get(walk, path):
    """Open one page on a connection of its own; returns what went wrong, or ''."""
    connection = http.client.HTTPConnection(ADDRESS, timeout=30)
    try:
        connection.request("GET", path, headers={**walk.headers, "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
    except OSError as failure:
        return str(failure)
    finally:
        connection.close()
    return "" if answer.status == 200 else f"{path} answers {answer.status}"


def print_users(told, users, seconds, think, spent):
    """Print what they met; returns True if it misses the aims."""
    print(f"\n{'page':20} {'requests':>8} {'p50 ms':>7} {'p95 ms':>7} {'p99 ms':>7}")
    everything = [one for took in told.took.values() for one in took]
    for kind, took in (*sorted(told.took.items()), ("all", everything)):
        p50, p95, p99 = (percentile(took, which) for which in (50, 95, 99))
        print(f"{kind:20} {len(took):8} {p50:7.0f} {p95:7.0f} {p99:7.0f}")
    worst = percentile(everything, 95)
    print(
        f"\n{users} users, each reading {think:g} s on average between two clicks, for {seconds} s: "
        f"{len(everything) / seconds:.1f} requests a second, {len(told.errors)} errors. "
        f"gunicorn took {spent / len(everything) * 1e3:.0f} ms of a processor for each. The users are threads on the "
        f"same {os.cpu_count()} processors as gunicorn and PostgreSQL; the load is {os.getloadavg()[0]:.1f}."
    )
    for error in told.errors[:10]:
        print(f"  {error}")
    missed = bool(told.errors) or worst > AIM_MS
    print(f"p95 {worst:.0f} ms, aim {AIM_MS} ms and no error: {'missed' if missed else 'met'}")
    return missed


# --- what a first page weighs --------------------------------------------------------------------------------

LINKED = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def print_weight(walk):
    """Print what a browser without anything in its cache loads for a first page; returns True if it is too heavy."""
    body, weight = _load("/", walk.headers)
    parts = [("the page", weight)]
    linked = (path.partition("#")[0] for path in LINKED.findall(body.decode()))
    for path in dict.fromkeys(linked):
        parts.append((path.rpartition("/")[2], _load(path, {})[1]))
    total = sum(weight for _name, weight in parts) / 1024
    print("\nFirst load, as served: " + ", ".join(f"{name} {weight / 1024:.1f}" for name, weight in parts))
    print(f"{total:.0f} KB, aim {AIM_KB} KB: {'missed' if total > AIM_KB else 'met'}")
    return total > AIM_KB


def _load(path, headers):
    """Return the (body, bytes on the wire) of an address, asked for as a browser asks."""
    asked = urllib.request.Request(
        f"http://{ADDRESS}{path}", headers={**headers, "Accept-Encoding": "gzip, br"}
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:
        sent = answer.read()
        zipped = answer.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(sent) if zipped else sent), len(sent)
