"""Every page people live in and its twin in the API, in a house of 24 studies or of ten times as many."""

import cProfile
import os
import pstats
import time
from contextlib import closing

from django.core.management import call_command
from django.utils import timezone

from studies.models import StudySite

from .asking import pages
from .house import SIZES, load_house
from .loading import as_owner
from .requests import client_for, is_busy, measure_request

AIM_MS = {"1": 100, "10": 200, "million": 200}


def run(*, size, times, profile, only):
    """Load, ask, print; the exit code is 0 when nothing misses its aim."""
    prepare(SIZES[size])
    asked = [page for page in pages() if not only or page.name in only]
    if profile:
        for page in asked:
            if page.name == profile:
                show_profile(page)
        return 0
    aim = AIM_MS[size]
    print(f"\n{HEAD}")
    measured = []
    for page in asked:
        measured.append(measure_request(page, times=times))
        print(line_of(measured[-1], aim), flush=True)
    missed = [one for one in measured if one.misses(aim)]
    print(
        "\nPython, SQL, floor: milliseconds on the processor, here and in the database; p50, p95: on the clock."
    )
    if is_busy():
        print(f"The machine is busy (load {os.getloadavg()[0]:.1f}): aims are held against the processor.")
    print(f"\n{len(measured) - len(missed)} of {len(measured)} within their aims ({FOOT % aim})")
    return 1 if missed else 0


def prepare(size):
    """Load the house, unless this database was kept and holds it, and compress the static files."""
    held = StudySite._base_manager.count()
    if held == size.sites:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    if held:
        raise SystemExit(f"This database was kept with {held} sites; {size.sites} are asked for.")
    began = time.monotonic()
    with closing(as_owner()) as connection:
        counts = load_house(connection, size, timezone.localdate())
    rows = ", ".join(f"{made:,} {model._meta.verbose_name_plural}" for model, made in counts.items())
    print(f"Loaded in {time.monotonic() - began:.0f} s: {rows}")


HEAD = (
    f"{'page':20} {'who':16} {'queries':>7} {'KB':>5} {'gzip':>5} {'p50 ms':>7} {'p95 ms':>7} "
    f"{'Python':>7} {'SQL':>6} {'floor':>6} {'times':>5}"
)
FOOT = "a page %d ms at p50, a list of the API three times its floor"


def line_of(one, aim):
    """Return one measured address as a line of the table."""
    floor = f"{one.floor.processor:6.1f} {one.times_floor:5.1f}" if one.floor else " " * 12
    missed = one.misses(aim)
    return (
        f"{one.page.name:20} {one.page.person:16} {one.queries:7} {one.size / 1024:5.0f} {one.zipped / 1024:5.0f} "
        f"{one.timed.p50:7.1f} {one.timed.p95:7.1f} {one.timed.here:7.1f} {one.timed.database:6.1f} {floor} "
        f"{'! ' + missed if missed else ''}"
    ).rstrip()


def show_profile(page):
    """Print where a page spends its time: its functions, and its slowest statements."""
    one = measure_request(page, times=5)
    print(f"\n--- {page.name} as {page.person}: {one.queries} queries, {one.timed.p50:.0f} ms")
    for sql, took in sorted(one.statements, key=lambda each: -each[1])[:8]:
        print(f"{took:7.1f} ms  {sql[:1500]}\n")
    client, profiler = client_for(page), cProfile.Profile()
    client.get(page.path)
    profiler.enable()
    client.get(page.path)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(70)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(25)
