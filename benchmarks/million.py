"""A million milestones in 24 studies and 608 sites, and a million lines of history in one study."""

import time
from datetime import UTC, datetime, timedelta

from django.http import QueryDict

from benchmarks.loading import load_history, load_milestones, load_spine, people, vacuum
from benchmarks.measuring import AIM_MS, measure, print_table
from ctms.access.access import access_of, forget_access
from ctms.access.scoping import everything
from ctms.api.changes import LONGEST, with_events
from ctms.audit.journal import newest, read_cursor
from ctms.pages.listing import COUNTED_UP_TO, LISTINGS
from ctms.pages.record import RECORDS
from ctms.pages.views import chosen_rows
from studies.models import Milestone

LOADED_FROM = datetime(2024, 1, 1, tzinfo=UTC)
LISTING, RECORD = LISTINGS["milestones"], RECORDS["studies.Milestone"]
FILTERED = QueryDict("status=PLANNED&planned_on__gte=2026-01-01")


def run(*, rows, plans):
    """Load, ask, print; the exit code is 0 when every answer takes less than ten milliseconds."""
    began = time.monotonic()
    studies = load_spine()
    load_milestones(rows)
    load_history(rows, studies[2])
    vacuum()
    persons = people(studies)
    print(f"{rows:,} milestones and {rows:,} lines of history loaded in {time.monotonic() - began:.0f} s")
    answers = [
        answer for name, user in persons.items() for answer in _answers(name, user, studies[2], plans, rows)
    ]
    print_table(answers)
    _print_permissions(persons)
    slow = [answer for answer in answers if answer.slow]
    print(f"\n{len(answers) - len(slow)} of {len(answers)} answers within {AIM_MS:.0f} ms")
    return 1 if slow else 0


def _answers(name, user, study, plans, rows):
    for question, ask in (*_lists(user), *_changes(user, rows), *_journals(user, study)):
        yield measure(name, question, ask, plans=plans)


def _lists(user):
    """Return (question, callable) of what a list page and the API ask; the grants are read before."""
    access_of(user)
    return [
        ("first page", lambda: list(chosen_rows(LISTING, user, QueryDict())[: LISTING.per_page])),
        ("filtered page", lambda: list(chosen_rows(LISTING, user, FILTERED)[: LISTING.per_page])),
        (
            "bounded count",
            lambda: chosen_rows(LISTING, user, QueryDict()).order_by()[: COUNTED_UP_TO + 1].count(),
        ),
        (
            "filtered count",
            lambda: chosen_rows(LISTING, user, FILTERED).order_by()[: COUNTED_UP_TO + 1].count(),
        ),
        ("API page", lambda: list(RECORD.rows(user)[:101])),
    ]


def _changes(user, rows):
    """Return (question, callable) of what keeps a copy up to date: what came in an hour, of a line a minute."""
    began = LOADED_FROM + timedelta(minutes=rows - 60)
    asked = (
        ("instant", {"pgh_created_at__gte": began}),
        ("token", {"pgh_transaction__gte": rows - 60, "pgh_created_at__gte": began - LONGEST}),
    )
    return [
        (
            f"API changes, {by}",
            lambda condition=condition: list(with_events(RECORD.rows(user), **condition)[:101]),
        )
        for by, condition in asked
    ]


def _journals(user, study):
    if not user.has_perm("audit.view_history"):
        return []
    first = newest(access_of(user), study=study.pk, limit=60)
    before = read_cursor(first[-1].cursor) if first else None
    return [
        ("journal of a study", lambda: newest(access_of(user), study=study.pk, limit=60)),
        ("journal, next page", lambda: newest(access_of(user), study=study.pk, before=before, limit=60)),
        ("journal of all", lambda: newest(access_of(user), limit=60)),
    ]


def _print_permissions(persons):
    with everything("a benchmark picks rows to ask about"):
        records = list(Milestone.objects.order_by("pk")[:1000])
    print(f"\n{'who':15}  grants read, ms  has_perm, µs (no query)")
    for name, user in persons.items():
        forget_access(user)
        began = time.perf_counter()
        access_of(user)
        read = (time.perf_counter() - began) * 1e3
        began = time.perf_counter()
        for record in records:
            user.has_perm("studies.view_milestone", record)
        each = (time.perf_counter() - began) / len(records) * 1e6
        print(f"{name:15}  {read:>15.2f}  {each:>12.1f}")
