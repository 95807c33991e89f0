"""The readers of data sets: what they read, compared with another reader, and what they refuse."""

import json
from pathlib import Path

import pyreadstat
import pytest

from subjects.formats.dataset import Dataset, DatasetRefused
from subjects.formats.dataset_json import read_dataset_json
from subjects.formats.sdtm import domain_of, read_sdtm
from subjects.formats.transport_file import read_transport_file
from subjects.models.identifiers import names_a_person
from tests.subjects.files import DM, DS, SDTM, SV, as_json, as_ndjson, as_xpt
from tests.subjects.test_pilot import FOLDER


def as_other_reads(path):
    """Return {column: cells} of a transport file as pyreadstat reads it."""
    columns, _meta = pyreadstat.read_xport(str(path), output_format="dict", encoding="WINDOWS-1252")
    return {name: [None if cell != cell else cell for cell in cells] for name, cells in columns.items()}


def as_we_read(data):
    (found,) = read_transport_file(data)
    return {name: [row[at] for row in found.rows] for at, name in enumerate(found.columns)}


@pytest.mark.parametrize("name", sorted(SDTM))
def test_transport_files_are_read_as_another_reader_does(tmp_path, name):
    data = as_xpt(name, *SDTM[name])
    path = tmp_path / "one.xpt"
    path.write_bytes(data)
    assert as_we_read(data) == as_other_reads(path)


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder ../shared/data is not on this machine")
@pytest.mark.parametrize("name", ["dm", "sv", "ds", "ae", "se", "ta", "te", "ti", "ts", "tv", "sc", "relrec"])
def test_real_transport_files_are_read_as_another_reader_does(name):
    path = Path(FOLDER / f"pilot_xpt/{name}.xpt")
    ours, theirs = as_we_read(path.read_bytes()), as_other_reads(path)
    assert list(ours) == list(theirs)
    for column, cells in ours.items():
        assert cells == pytest.approx([c.strip() if isinstance(c, str) else c for c in theirs[column]]), (
            column
        )


@pytest.mark.parametrize("write", [as_json, as_ndjson, as_xpt])
def test_every_format_holds_the_same_rows(write):
    read = read_transport_file if write is as_xpt else read_dataset_json
    for name, (columns, rows) in SDTM.items():
        (found,) = read(write(name, columns, rows))
        assert (found.name, found.columns, found.rows) == (name.upper(), columns, rows)


def test_an_older_dataset_json_names_its_parts_differently():
    columns, rows = DM
    inside = {"name": "DM", "items": [{"name": column} for column in columns], "itemData": rows}
    document = {"clinicalData": {"itemGroupData": {"IG.DM": inside}}}
    assert read_dataset_json(json.dumps(document).encode())[0].rows == rows


@pytest.mark.parametrize(
    "data",
    [
        b"[]",
        b"{}",
        b'{"columns": []}',
        b'{"columns": [{"name": "A"}, {"name": "a"}], "rows": []}',
        b'{"columns": [{"name": "A"}], "rows": [[1, 2]]}',
        b'{"columns": [{"name": "A"}], "rows": [[{}]]}',
        b'{"columns": [{"name": "A"}], "records": 5, "rows": [[1]]}',
        b'{"columns": [{"name": "A"}], "rows": [[NaN]]}',
        b"{" * 5000,
        b"[" * 100_000,
        b"\xff\xfe{",
    ],
)
def test_what_is_no_dataset_json_is_refused_with_a_sentence(data):
    with pytest.raises(DatasetRefused, match=r"\w+ .*\."):
        read_dataset_json(data)


def test_a_cut_transport_file_is_refused_and_not_half_read():
    data = as_xpt("dm", *DM)
    for length in (90, 300, 700, 1500, len(data) - 160):
        with pytest.raises(DatasetRefused):
            read_transport_file(data[:length])


def test_what_sdtm_says_in_our_words():
    said = read_sdtm({"DM": Dataset("DM", *DM), "SV": Dataset("SV", *SV), "DS": Dataset("DS", *DS)})
    first, failed, died = said.subjects
    assert (first.number, first.site, first.arm, first.end) == ("001", "2003", "Active", "")
    assert (sorted(failed.days), failed.arm) == (["consented_on", "screen_failed_on"], "")
    assert (died.end, died.end_reason, died.days["ended_on"].isoformat()) == ("DIED", "DEATH", "2026-03-01")
    assert [(visit.number, visit.unscheduled) for visit in said.visits] == [
        ("1", False), ("2", False), ("2.1", True), ("1", False),
    ]  # fmt: skip
    assert domain_of(Dataset("XX", *DM)) == "DM"


@pytest.mark.parametrize(
    "header", ["Site name", "Visit name", "Subject number", "Arm", "Country", "Sex", "INVNAM"]
)
def test_columns_that_name_no_person_are_let_in(header):
    assert not names_a_person(header)
