"""The CDISC pilot comes in whole, from either format, and its numbers are those of the files."""

from __future__ import annotations

import csv
import json
import time
from collections import Counter
from pathlib import Path

import pytest
from django.utils import timezone

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from directory.models import Country
from studies.models import StudyCountry
from subjects.imports import BroughtFile, bring_files
from subjects.models import Allocation, Subject, SubjectVisit

FOLDER = Path(__file__).parents[2].parent / "shared" / "data" / "sdtm"
if not FOLDER.is_dir():
    FOLDER = Path(__file__).parents[2].parents[1] / "shared" / "data" / "sdtm"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the folder ../shared/data is not on this machine"
)


def xpt():
    return [BroughtFile(f"{d}.xpt", (FOLDER / f"pilot_xpt/{d}.xpt").read_bytes()) for d in ("dm", "sv", "ds")]


def dataset_json():
    return [
        BroughtFile(f"{d}.json", (FOLDER / f"datasetjson_360i/{d}.json").read_bytes())
        for d in ("dm", "sv", "ds")
    ]


def ndjson():
    """The same data sets as a line a row."""
    files = []
    for file in dataset_json():
        document = json.loads(file.data)
        rows = document.pop("rows")
        lines = "\n".join(json.dumps(line) for line in (document, *rows))
        files.append(BroughtFile(file.name.replace(".json", ".ndjson"), lines.encode()))
    return files


@pytest.fixture
def study(cast):
    with acting_as(User.objects.system(), reason="The pilot counts the first dose"):
        cast.vel.enrolment_event = "FIRST_DOSE"
        cast.vel.save()
        StudyCountry.objects.create(study=cast.vel, nation=Country.objects.get(pk="US"))
    return cast.vel


def bring(study, files, **more):
    return bring_files(
        actor=User.objects.system(), study=study, files=files, now=timezone.now(), make_sites=True, **more
    )


def stands(study):
    """Return everything that was written, without keys and versions."""
    with everything("the test looks at all of it"):
        subjects = Subject.objects.filter(study=study).order_by("number").values_list(
            "number", "site__number", "status", "sex", "age_at_consent", "consented_on", "screen_failed_on",
            "first_dose_on", "treatment_ended_on", "ended_on", "end_reason", "enrolled_on",
        )  # fmt: skip
        visits = SubjectVisit.objects.filter(study=study).order_by("subject__number", "source_key").values_list(
            "subject__number", "source_key", "name", "kind", "status", "occurred_on", "site__number"
        )  # fmt: skip
        arms = Allocation.objects.filter(study=study).order_by("subject__number")
        return (
            list(subjects),
            list(visits),
            list(arms.values_list("subject__number", "arm_label", "unblinded")),
        )


def test_the_pilot_comes_in_whole_and_its_counts_are_those_of_the_files(study):
    began = time.monotonic()
    report = bring(study, xpt())
    took = time.monotonic() - began
    assert report.errors == []
    assert took < 60, f"{took:.0f} s"
    print(f"The pilot came in in {took:.1f} s")
    subjects, visits, allocations = stands(study)

    dm = list(csv.DictReader((FOLDER / "pharmaversesdtm_csv/dm.csv").open()))
    sv = list(csv.DictReader((FOLDER / "pharmaversesdtm_csv/sv.csv").open()))
    assert (len(subjects), len(visits)) == (len(dm), len(sv)) == (306, 3559)
    assert len({row[1] for row in subjects}) == 17
    treated = {row["SUBJID"]: row["RFXSTDTC"][:10] for row in dm if row["RFXSTDTC"] not in ("", "NA")}
    treated = {
        who: day
        for who, day in treated.items()
        if who in {r["SUBJID"] for r in dm if r["ARMCD"] != "Scrnfail"}
    }
    enrolled = {row[0]: row[11].isoformat() for row in subjects if row[11]}
    assert enrolled == treated
    assert len(enrolled) == 254
    assert sum(row[2] == "SCREEN_FAILED" for row in subjects) == 52

    site_of = {row["USUBJID"]: row["SITEID"] for row in dm}
    by_site_and_month = Counter((site_of[r["USUBJID"]], r["SVSTDTC"][:7]) for r in sv)
    assert Counter((row[6], row[5].isoformat()[:7]) for row in visits) == by_site_and_month
    by_site = Counter((row["SITEID"], row["RFXSTDTC"][:7]) for row in dm if row["SUBJID"] in treated)
    assert Counter((row[1], row[11].isoformat()[:7]) for row in subjects if row[11]) == by_site
    assert len(allocations) == 254
    assert all(unblinded for *_rest, unblinded in allocations)


def test_every_format_brings_the_same_and_twice_changes_nothing(study, cast):
    """Dataset-JSON line by line into one study, transport files into another; then each format once more."""
    bring(study, ndjson())
    once = stands(study)
    with acting_as(User.objects.system(), reason="Another study takes the same"):
        cast.kin.enrolment_event, cast.kin.masking = "FIRST_DOSE", "DOUBLE"
        cast.kin.save()
        StudyCountry.objects.create(study=cast.kin, nation=Country.objects.get(pk="US"))
    rehearsed = bring(cast.kin, xpt(), dry_run=True)
    assert rehearsed.counts["subjects"]["created"] == 306
    assert stands(cast.kin) == ([], [], [])
    bring(cast.kin, xpt())
    assert stands(cast.kin) == once
    for files in (xpt(), dataset_json(), ndjson()):
        report = bring(study, files)
        assert (report.errors, report.unchanged) == ([], True), report.counts
        assert report.counts["subjects"]["unchanged"] == 306
        assert report.counts["visits"]["unchanged"] == 3559
        assert stands(study) == once
