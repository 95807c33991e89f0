"""
Thousands of damaged files: each comes in whole, or is refused with a sentence and leaves nothing behind.

The seed makes every run the same. CTMS_MUTATIONS=10000 tries so many instead of a few hundred.
"""

from __future__ import annotations

import io
import json
import os
import random
import time
import zipfile
from collections import Counter

import pytest
from django.db import transaction
from django.utils import timezone

from ctms.access.scoping import everything
from ctms.accounts.models import User
from subjects.imports import BroughtFile, FileRefused, bring_files
from subjects.models import Allocation, Consent, Subject, SubjectVisit
from tests.subjects.files import sdtm, sheets

HOW_MANY = int(os.environ.get("CTMS_MUTATIONS", "300"))
ODD = ["", "NA", "2026-13-45", "2026-02", "9" * 400, "=1+1", "\u202e", "é", "-1", "1e309", "NaN", "'; --", "2199-01-01",
       "T1-001", "\ud800", "None", "0x10", "12/11/2026", "Maria Lopez", "a@b.org"]  # fmt: skip
LONGEST_SECONDS = 10


class _Undo(Exception):
    pass


def damaged(rng, data, kind):
    """Return the bytes with one to three damages, of the bytes or of what they mean."""
    for _time in range(rng.randint(1, 3)):
        if kind in ("json", "ndjson") and rng.random() < 0.5:
            data = _meaning_of_json(rng, data)
        elif kind == "csv" and rng.random() < 0.5:
            data = _meaning_of_csv(rng, data)
        elif kind == "xlsx" and rng.random() < 0.7:
            data = _inside_of_xlsx(rng, data)
        else:
            data = _bytes(rng, data)
    return data


def _bytes(rng, data):
    if not data:
        return data
    at, size = rng.randrange(len(data)), rng.choice((1, 1, 2, 8, 80, 400))
    some = bytes(rng.randrange(256) for _ in range(size))
    return rng.choice(
        (
            lambda: data[:at] + some + data[at + size :],
            lambda: data[:at] + data[at + size :],
            lambda: data[:at] + some + data[at:],
            lambda: data[:at] + data[at : at + size] * 2 + data[at + size :],
            lambda: data[:at],
            lambda: data[at:] + data[:at],
        )
    )()


def _meaning_of_csv(rng, data):
    rows = [line.split(b",") for line in data.split(b"\n")]
    row = rng.choice(rows)
    row[rng.randrange(len(row))] = rng.choice(ODD).encode("utf-8", "surrogatepass")
    if rng.random() < 0.3:
        rows.append(rng.choice(rows))
    return b"\n".join(b",".join(row) for row in rows)


def _meaning_of_json(rng, data):
    try:
        lines = [json.loads(line) for line in data.split(b"\n")]
    except ValueError:
        return data
    part = rng.choice(lines)
    for _depth in range(rng.randint(1, 4)):
        if isinstance(part, dict) and part:
            key = rng.choice(sorted(part))
        elif isinstance(part, list) and part:
            key = rng.randrange(len(part))
        else:
            break
        if isinstance(part[key], dict | list) and rng.random() < 0.7:
            part = part[key]
        else:
            part[key] = rng.choice([*ODD, None, True, -1, 10**30, 1e308, [], {}, [["x"]], {"name": 3}])
            break
    return b"\n".join(json.dumps(line).encode() for line in lines)


def _inside_of_xlsx(rng, data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            parts = {name: book.read(name) for name in book.namelist()}
    except Exception:  # damaged before
        return data
    name = rng.choice(sorted(parts))
    parts[name] = _bytes(rng, parts[name])
    if rng.random() < 0.1:
        del parts[name]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as book:
        for name, part in parts.items():
            book.writestr(name, part)
    return stream.getvalue()


def standing():
    with everything("the test counts all of them"):
        return tuple(model.objects.count() for model in (Subject, SubjectVisit, Consent, Allocation))


ORIGINALS = {
    **{kind: lambda kind=kind: sdtm(kind) for kind in ("xpt", "json", "ndjson")},
    "sdtm-csv": lambda: sdtm("csv"),
    **{f"sheet-{kind}": lambda kind=kind: sheets(kind) for kind in ("csv", "xlsx")},
}


@pytest.mark.parametrize("original", sorted(ORIGINALS))
def test_a_damaged_file_comes_in_whole_or_is_refused_and_leaves_nothing(clinic, cast, original):
    files, kind = ORIGINALS[original](), original.rpartition("-")[2]
    rng, seen = random.Random(f"2026/{original}"), Counter()
    before, longest = standing(), 0.0
    for number in range(-(-HOW_MANY // len(ORIGINALS))):
        hurt = list(files)
        at = rng.randrange(len(hurt))
        hurt[at] = BroughtFile(hurt[at].name, damaged(rng, hurt[at].data, kind))
        began = time.monotonic()
        seen[_brought(cast, hurt, before, f"{original} {number}")] += 1
        longest = max(longest, time.monotonic() - began)
    print(f"{original}: {dict(seen)}, the longest took {longest:.2f} s")
    assert longest < LONGEST_SECONDS
    assert not seen["refused in silence"]
    assert seen["refused"] + seen["errors"] > 0, "nothing was damaged at all"


def _brought(cast, files, before, which):
    """Bring the files and undo it; returns what became of them."""
    outcome = "imported"
    try:
        with transaction.atomic():
            try:
                report = bring_files(
                    actor=User.objects.system(), study=cast.vel, files=files, now=timezone.now()
                )
            except FileRefused as refused:
                outcome, report = "refused" if refused.message else "refused in silence", None
            if report is not None and report.errors:
                assert all(problem.sentence for problem in report.errors), which
                outcome = "errors"
            now = standing()
            if outcome == "imported":
                written = sum(counter["created"] for counter in report.counts.values())
                assert now[0] + now[1] - before[0] - before[1] >= written, which
            else:
                assert now == before, f"{which}: a part was written"
            raise _Undo
    except _Undo:
        pass
    return outcome


@pytest.mark.parametrize("original", sorted(ORIGINALS))
def test_the_originals_come_in(clinic, cast, original):
    """What is damaged above is whole: else nothing would be tried."""
    report = bring_files(
        actor=User.objects.system(), study=cast.vel, files=ORIGINALS[original](), now=timezone.now()
    )
    assert report.errors == []
    assert report.counts["subjects"]["created"] == 3
