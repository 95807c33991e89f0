"""However a file is damaged, it is read or refused: nothing else ever comes out."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studies.formats.recognise import read_study_files
from studies.formats.study_file import StudyFile, StudyFileRefused
from tests.studies.formats.documents import as_bytes, record, usdm_4

QUICK = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
STARTS = {
    "usdm": usdm_4(),
    "record": record(),
    "array": [record("NCT00000001"), record("NCT00000002")],
    "ctrdata": {**record(), "ctrname": "CTGOV2"},
}
ODD = [
    *(None, True, 0, -1, 10**40, 1.5, "", " ", "x", "P1M", "-P1D", "2024-02-31", "\ud800", "\x00"),
    *([], {}, [None], [[]], [{}], {"id": "x"}, ["I1"]),
    *("NCT00000001", "I1", "I2", "EP1", "C201358", "C70793"),
]


def steps_of(value, path=()):
    """The path of everything inside."""
    found = [path] if path else []
    if isinstance(value, dict):
        for name, inner in value.items():
            found += steps_of(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found += steps_of(inner, (*path, index))
    return found


def read_or_refused(data: bytes) -> None:
    try:
        studies = read_study_files(data)
    except StudyFileRefused as refused:
        assert_sensible(refused)
    else:
        assert studies
        for study in studies:
            assert_whole(study)


def assert_sensible(refused: StudyFileRefused) -> None:
    assert refused.message
    assert refused.place == "" or refused.place.startswith(("/", "line", "byte"))
    f"{refused.message}{refused.place}".encode()  # can be shown


def assert_whole(study: StudyFile) -> None:
    """What the importing service may rely on."""
    assert study.name
    epochs, activities = {e.key for e in study.epochs}, {a.key for a in study.activities if not a.is_group}
    keys = [visit.key for visit in study.planned_visits]
    names = [visit.name.casefold() for visit in study.planned_visits]
    assert len(set(keys)) == len(keys)
    assert len(set(names)) == len(names)
    assert len({site.key for site in study.sites}) == len(study.sites)
    places = " ".join(found.place for found in study.unresolved)
    for visit in study.planned_visits:
        assert visit.epoch_key is None or visit.epoch_key in epochs
        assert set(visit.activity_keys) <= activities
        assert min(visit.window_before_days or 0, visit.window_after_days or 0) >= 0
        assert visit.offset_days is not None or "/instances/" in places
    repr(study).encode()  # can be stored: no half of a pair
    assert "\\x00" not in repr(study)


@st.composite
def changed(draw):
    document = copy.deepcopy(STARTS[draw(st.sampled_from(sorted(STARTS)))])
    for _ in range(draw(st.integers(1, 4))):
        paths = steps_of(document)
        if not paths:
            break
        *above, last = draw(st.sampled_from(paths))
        holder = document
        for step in above:
            holder = holder[step]
        change = draw(st.sampled_from(["delete", "replace", "replace", "double", "nest", "swap"]))
        if change == "delete":
            del holder[last]
        elif change == "replace":
            holder[last] = copy.deepcopy(draw(st.sampled_from(ODD)))
        elif change == "double" and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[last]))
        elif change == "nest":
            holder[last] = draw(st.sampled_from([[holder[last]], {"value": holder[last]}]))
        elif change == "swap":
            other = draw(st.sampled_from(paths))
            inner = document
            try:
                for step in other:
                    inner = inner[step]
            except (KeyError, IndexError, TypeError):
                continue
            holder[last] = copy.deepcopy(inner)
    return document


@QUICK
@given(changed())
def test_a_changed_document_is_read_or_refused(document):
    read_or_refused(json.dumps(document).encode())


@QUICK
@given(st.sampled_from(sorted(STARTS)), st.data())
def test_changed_bytes_are_read_or_refused(name, data):
    whole = as_bytes(STARTS[name])
    at = data.draw(st.integers(0, len(whole)))
    middle = data.draw(st.binary(max_size=4))
    read_or_refused(whole[:at] + middle + (whole[at + 1 :] if data.draw(st.booleans()) else b""))


@QUICK
@given(st.binary(max_size=200))
def test_noise_is_refused(noise):
    with pytest.raises(StudyFileRefused):
        read_study_files(noise)


@pytest.mark.parametrize("name", sorted(STARTS))
def test_everything_replaced_by_everything_odd_is_read_or_refused(name):
    start = STARTS[name]
    for path in steps_of(start):
        for odd in ODD:
            document = copy.deepcopy(start)
            holder = document
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = odd
            read_or_refused(json.dumps(document).encode())
