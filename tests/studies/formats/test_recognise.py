"""Which files are read, and how the others are refused."""

from __future__ import annotations

import codecs
import json

import pytest

from studies.formats.json_document import LARGEST_FILE_BYTES
from studies.formats.recognise import read_study_files
from studies.formats.study_file import StudyFileRefused
from tests.studies.formats.documents import identity_of, notes, read, read_all, record, usdm_4


def refusal(data: bytes | str, nct: str | None = None) -> StudyFileRefused:
    with pytest.raises(StudyFileRefused) as refused:
        read_study_files(data.encode() if isinstance(data, str) else data, nct=nct)
    return refused.value


def refusal_of(document: object, nct: str | None = None) -> StudyFileRefused:
    return refusal(json.dumps(document), nct)


# --- bytes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_with_a_byte_order_mark_is_read(encoding):
    data = json.dumps(usdm_4(), ensure_ascii=False).encode(encoding)
    assert read_study_files(data)[0].name == "HENS"


def test_a_file_that_is_too_large_is_refused_before_it_is_parsed():
    refused = refusal(b"x" * (LARGEST_FILE_BYTES + 1))
    assert "32.0 MB" in refused.message


def test_bytes_that_are_no_text_are_refused_with_their_place():
    assert refusal(b'{"study": "\xff"}').place == "byte 11"
    assert "UTF-16" in refusal(codecs.BOM_UTF16_LE + b"{\x00\xff").message


@pytest.mark.parametrize("data", [b"", b"  \n ", codecs.BOM_UTF8])
def test_an_empty_file_is_refused(data):
    assert refusal(data).message == "The file is empty."


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"study":\n  {"name": "x",}}', "line 2 column 16"),
        ('{"study": ', "line 1 column 11"),
        ('{"study": {"name": "x"', "line 1 column 23"),
        ('{"usdmVersion": "4.0",\n "x": NaN}', "line 2 column 7"),
        ('{"x": [1, -Infinity]}', "line 1 column 11"),
        ('{"text": "NaN 1e999", "x": 1e999}', "line 1 column 28"),
        ('{"x":\n' + "9" * 5000 + "}", "line 2 column 1"),
        ('{"x": {"a": 1, "b~/": [{"c": 1, "c": 2}]}}', "/x/b~0~1/0/c"),
    ],
)
def test_broken_json_is_refused_with_its_place(text, place):
    assert refusal(text).place == place


def test_a_name_that_says_the_same_twice_is_harmless():
    text = json.dumps(usdm_4())[:-1] + ', "systemName": "by hand"}'
    assert read_study_files(text.encode())[0].name == "HENS"


@pytest.mark.parametrize("opening", ["[", '{"study":', '{"protocolSection":'])
def test_nesting_without_end_is_refused(opening):
    closing = "]" if opening == "[" else "}"
    for depth in (100_000, 900):
        assert refusal(opening * depth + "1" + closing * depth).message


@pytest.mark.parametrize("document", [1, "study", None, True, [], [1], [None], {}, {"a": 1}, {"studies": 3}])
def test_a_document_that_holds_no_study_is_refused(document):
    assert refusal_of(document).message.endswith(".")


# --- other formats -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ({"FullStudiesResponse": {"FullStudies": []}}, "version 1"),
        ({"Study": {"ProtocolSection": {}}}, "version 1"),
        ({"ctNumber": "2023-501234-12-00", "ctStatus": 2}, "CTIS"),
        ({"a2_eudract_number": "2019-001234-12"}, "EUCTR"),
        ({"isrctn": "ISRCTN1"}, "ISRCTN"),
        ({"resourceType": "ResearchStudy"}, "FHIR"),
        ({"datasetJSONVersion": "1.1.0"}, "Dataset-JSON"),
        ({"ODM": {}}, "ODM"),
        ([{"timestamp": 1, "diff": {}}], "history"),
        ({"clinicalStudy": {}}, "USDM 1.x"),
        ({"study": {"studyDesigns": [], "studyTitle": "x"}}, "USDM 2.x"),
        ({"study": {"versions": []}, "usdmVersion": "2.11.0"}, 'USDM "2.11.0"'),
    ],
)
def test_other_formats_are_refused_by_name(document, name):
    message = refusal_of(document).message
    assert name in message
    assert "ClinicalTrials.gov records of version 2 (JSON) are read." in message


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'<?xml version="1.0"?>\n<ODM FileOID="1"/>', "CDISC ODM (XML)"),
        (b"\xef\xbb\xbf<clinical_study>", "legacy ClinicalTrials.gov"),
        (b"<!doctype html><html>", "web page"),
        (b"PK\x03\x04....", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"NCT Number,Study Title\n", "CSV"),
        (b"site,country\n1,FR\n", "are read."),
    ],
)
def test_files_that_are_no_json_are_refused_by_name(data, name):
    assert name in refusal(data).message


def test_a_list_of_usdm_files_is_refused():
    assert "one by one" in refusal_of([usdm_4()]).message


# --- one of many ---------------------------------------------------------------------------------


def test_all_records_of_an_array_or_a_page_come_in():
    records = [record("NCT00000001"), record("NCT00000002")]
    for document in (records, {"studies": records, "nextPageToken": "x"}):
        assert [study.nct_id for study in read_all(document)] == ["NCT00000001", "NCT00000002"]


def test_the_wanted_record_is_picked_whatever_its_case():
    assert read([record("NCT00000001"), record("NCT00000002")], " nct00000002 ").nct_id == "NCT00000002"


def test_a_damaged_neighbour_does_not_hinder_the_wanted_record():
    damaged = record("NCT00000001", identificationModule={"nctId": 5})
    assert read([damaged, record("NCT00000002")], "NCT00000002").nct_id == "NCT00000002"
    assert (
        refusal_of([damaged, record("NCT00000002")]).place == "/0/protocolSection/identificationModule/nctId"
    )


def test_places_in_an_array_begin_with_the_record():
    document = record("NCT00000002", designModule={"phases": ["PHASE9"]})
    assert notes(read_all({"studies": [record(), document]})[1]).startswith(
        "/studies/1/protocolSection/designModule"
    )


def test_a_wanted_number_that_is_not_in_the_file_is_refused_with_those_that_are():
    message = refusal_of([record("NCT00000001")], "NCT00000009").message
    assert message == "NCT00000009 is not in the file; it holds NCT00000001."
    assert "its study is NCT00000101" in refusal_of(usdm_4(), "NCT00000009").message


def test_a_wanted_number_that_is_none_is_refused():
    assert "is no NCT number" in refusal_of([record()], "12").message


def test_a_usdm_study_is_picked_by_its_number():
    assert read(usdm_4(), "NCT00000101").name == "HENS"


def test_one_record_twice_is_taken_once_and_listed():
    study = read([record(), record()])
    assert "/1 NCT00000202 is in the file twice; it was taken once." in notes(study)


def test_two_different_records_of_one_study_are_refused():
    other = record()
    identity_of(other)["briefTitle"] = "Clover for Ducks"
    refused = refusal_of([record(), other])
    assert (refused.place, "differ" in refused.message) == ("/1", True)


def test_an_entry_that_is_no_record_is_refused_with_its_place():
    assert refusal_of([record(), None]).place == "/1"
    assert refusal_of({"studies": [record(), {"x": 1}]}).place == "/studies/1"
