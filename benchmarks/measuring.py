"""Measure a question where it is answered: the statements a callable sends, explained and timed by PostgreSQL."""

import json
import statistics
from dataclasses import dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext

TIMES = 7
AIM_MS = 10.0


@dataclass(frozen=True)
class Answer:
    """How one question was answered."""

    person: str
    question: str
    rows: int
    milliseconds: float
    plan: str

    @property
    def slow(self):
        return self.milliseconds > AIM_MS


def measure(person, question, ask, *, plans=False):
    """Return the Answer to `ask()`, a callable that reads; its milliseconds are the median of seven runs."""
    with CaptureQueriesContext(connection) as captured:
        found = ask()
    statements = [query["sql"] for query in captured.captured_queries]
    totals, nodes = [], []
    for number in range(TIMES):
        explained = [_explain(statement) for statement in statements]
        totals.append(sum(one["Execution Time"] for one in explained))
        if number == 0:
            nodes = explained
            if plans:
                _print_plans(question, statements)
    worst = max(nodes, key=lambda one: one["Execution Time"])["Plan"] if nodes else {}
    count = found if isinstance(found, int) else len(found)
    return Answer(person, question, count, statistics.median(totals), _told(worst, len(nodes)))


def _explain(statement):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}".replace("%", "%%"), [])
        found = cursor.fetchone()[0]
    return (json.loads(found) if isinstance(found, str) else found)[0]


def _print_plans(question, statements):
    for statement in statements:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement}".replace("%", "%%"), [])
            print(f"\n--- {question}\n{statement}\n" + "\n".join(row[0] for row in cursor.fetchall()))


def _told(plan, statements):
    """Return the scans of a plan in words, of the slowest statement when there are several."""
    scans = []

    def walk(node):
        if "Scan" in node["Node Type"]:
            what = node.get("Index Name") or node.get("Relation Name") or ""
            scans.append(f"{node['Node Type']} {what}".strip())
        for below in node.get("Plans", ()):
            walk(below)

    if plan:
        walk(plan)
    unique = list(dict.fromkeys(scan for scan in scans if not scan.startswith("Bitmap Heap")))[:3]
    more = f" (slowest of {statements})" if statements > 1 else ""
    return ", ".join(unique) + more


def print_table(answers):
    """Print the answers as a table, the slow ones marked."""
    widths = [max(len(a.person) for a in answers), max(len(a.question) for a in answers)]
    print(f"\n{'who':{widths[0]}}  {'question':{widths[1]}}  {'rows':>6}  {'ms':>8}   plan")
    for answer in answers:
        mark = "!" if answer.slow else " "
        print(
            f"{answer.person:{widths[0]}}  {answer.question:{widths[1]}}  {answer.rows:>6}  "
            f"{answer.milliseconds:>8.2f} {mark} {answer.plan}"
        )
