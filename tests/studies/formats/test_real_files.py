"""Files that nobody here wrote (../shared/data): each is read, or refused with a sentence."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from studies.formats.country_name import alpha_2_of
from studies.formats.recognise import read_study_files
from studies.formats.study_file import ContactMode, Phase, Source, StudyFile, StudyFileRefused
from tests.studies.formats.test_changed_files import assert_whole

DATA = Path(__file__).parents[3].parent / "shared/data"
USDM = sorted([*DATA.glob("usdm/*.json"), *DATA.glob("usdm/unit/*.json")])
REGISTRY = sorted([*DATA.glob("ctgov/v2*/*.json"), *DATA.glob("ctgov/ctrdata/CTGOV2*.json")])
OTHERS = {
    "ctgov/ctrdata/CTIS_*.json": "CTIS",
    "ctgov/ctrdata/EUCTR_*.json": "EUCTR",
    "ctgov/ctrdata/ISRCTN_*.json": "ISRCTN",
    "ctgov/v1_legacy/*.json": "version 1",
    "ctgov/history/NCT*.json": "history of changes",
    "usdm/spec/USDM_API.json": "interface",
    "usdm/*.pdf": "PDF",
    "usdm/*.xlsx": "Excel",
    "fhir/r5/*.json": "FHIR",
    "odm/openedc/*.xml": "ODM",
    "sdtm/datasetjson*/*.json": "Dataset-JSON",
}

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder ../shared/data is not on this machine")


def read_one(path: Path) -> StudyFile:
    (study,) = read_study_files(path.read_bytes())
    return study


@pytest.mark.parametrize("path", USDM, ids=lambda path: path.stem)
def test_every_usdm_file_is_read_or_is_of_a_refused_version(path):
    said = json.loads(path.read_bytes())["usdmVersion"]
    if said[0] not in "34":
        with pytest.raises(StudyFileRefused, match=re.escape(said)):
            read_study_files(path.read_bytes())
        return
    study = read_one(path)
    assert_whole(study)
    assert study.protocol_number
    assert study.official_title
    assert study.sponsor


@pytest.mark.parametrize("path", REGISTRY, ids=lambda path: path.stem)
def test_every_registry_file_is_read_whole(path):
    document = json.loads(path.read_bytes())
    records = document if isinstance(document, list) else [document]
    studies = read_study_files(path.read_bytes())
    assert len(studies) == len(records)
    for study, record in zip(studies, records, strict=True):
        assert_whole(study)
        section = record["protocolSection"]
        assert study.nct_id == section["identificationModule"]["nctId"]
        assert study.status == section["statusModule"]["overallStatus"]
        locations = section.get("contactsLocationsModule", {}).get("locations", [])
        locations = locations if isinstance(locations, list) else [locations]
        twice = sum("is in the record twice" in found.what for found in study.unresolved)
        assert len(study.sites) + twice == len(locations)
        assert {site.country_code for site in study.sites} <= {country.code for country in study.countries}


def test_every_country_in_the_registry_files_is_known():
    spellings = set()
    for path in REGISTRY:
        document = json.loads(path.read_bytes())
        for record in document if isinstance(document, list) else [document]:
            places = record["protocolSection"].get("contactsLocationsModule", {}).get("locations", [])
            spellings |= {place["country"] for place in (places if isinstance(places, list) else [places])}
    assert len(spellings) > 50
    assert {spelling for spelling in spellings if alpha_2_of(spelling) is None} == set()


@pytest.mark.parametrize(("pattern", "name"), OTHERS.items())
def test_other_formats_are_refused_by_name(pattern, name):
    paths = list(DATA.glob(pattern))
    assert paths
    for path in paths:
        with pytest.raises(StudyFileRefused, match=re.escape(name)):
            read_study_files(path.read_bytes())


def test_reading_twice_gives_the_same():
    for path in (*USDM, *REGISTRY):
        data = path.read_bytes()
        try:
            assert read_study_files(data) == read_study_files(data)
        except StudyFileRefused:
            continue


# --- the official pilot study, against its protocol and its workbook -------------------------------

# Day, days before, days after, number of activities: the main timeline of CDISC_Pilot_Study.xlsx.
LZZT = [
    ("Screening 1", -14, None, None, 23),
    ("Screening 2", -2, 0, 0, 2),
    ("Baseline", 0, None, None, 10),
    ("Week 2", 14, 3, 3, 10),
    ("Week 4", 28, 3, 3, 8),
    ("Week 6", 42, 3, 3, 8),
    ("Week 8", 56, 3, 3, 10),
    ("Week NPI", 70, None, None, 1),
    ("Week 12", 84, 4, 4, 9),
    ("Week 12 NPI", 98, None, None, 1),
    ("Week 16", 112, 4, 4, 10),
    ("Week 16 NPI", 126, None, None, 1),
    ("Week 20", 140, 4, 4, 8),
    ("Week 20 NPI", 154, None, None, 1),
    ("Week 24", 168, 4, 4, 11),
    ("Week 26", 182, 3, 3, 9),
]


def rows(study: StudyFile) -> list[tuple[str, int | None, int | None, int | None, int]]:
    return [
        (v.name, v.offset_days, v.window_before_days, v.window_after_days, len(v.activity_keys))
        for v in study.planned_visits
    ]


def test_the_pilot_study_has_its_schedule():
    assert rows(read_one(DATA / "usdm/CDISC_Pilot_Study.json")) == LZZT


def test_the_pilot_study_of_version_3_has_the_same_schedule():
    study = read_one(DATA / "usdm/ddf-sdr-api-study-cdisc-pilot-sample-json-v3.0.json")
    assert study.source is Source.USDM_3
    assert rows(study) == LZZT


def test_the_pilot_study_agrees_with_its_workbook():
    openpyxl = pytest.importorskip("openpyxl")
    workbook = openpyxl.load_workbook(DATA / "usdm/CDISC_Pilot_Study.xlsx", read_only=True, data_only=True)
    sheet = workbook["mainTimeline"]
    study = read_one(DATA / "usdm/CDISC_Pilot_Study.json")
    crossed = {}  # activity in small letters -> how many visits have it
    for row in sheet.iter_rows(values_only=True):
        marks = [str(cell).strip().upper() for cell in row if cell is not None]
        if "X" in marks:
            # The first cells name the activity, the second one where the first is its group.
            name = next(str(c).strip() for c in row[:2] if c is not None and str(c).strip() != "-")
            crossed[name.casefold()] = marks.count("X")
    planned = {
        activity.name.casefold(): sum(activity.key in visit.activity_keys for visit in study.planned_visits)
        for activity in study.activities
    }
    assert crossed
    assert {name: count for name, count in planned.items() if count} == crossed


def test_the_pilot_study_is_itself():
    study = read_one(DATA / "usdm/CDISC_Pilot_Study.json")
    assert (study.protocol_number, study.nct_id, study.acronym) == ("H2Q-MC-LZZT", "NCT12345678", "LZZT")
    assert (study.sponsor.name, study.phase, study.masking) == ("Eli Lilly", Phase.II, "DOUBLE")
    assert study.planned_enrolment == 300
    names = [epoch.name for epoch in study.epochs]
    assert names == ["Screening", "Treatment 1", "Treatment 2", "Treatment 3", "Follow-Up"]
    assert len(study.arms) == 3
    (amendment,) = study.amendments
    assert (amendment.number, amendment.substantial) == ("1", False)
    modes = {mode for visit in study.planned_visits for mode in visit.contact_modes}
    assert modes == {ContactMode.IN_PERSON, ContactMode.TELEPHONE}
    said = " ".join(found.what for found in study.unresolved)
    assert "Early Termination Timeline" in said
    assert '"Europe" is a region' in said


def test_a_chain_of_timings_gives_the_second_period_of_the_crossover_its_days():
    study = read_one(DATA / "usdm/EliLilly_NCT03421379_Diabetes.json")
    day = {visit.key: visit.offset_days for visit in study.planned_visits}
    assert list(day.values()) == [-29, -1, 0, 0, 0, 0, 0, 3, 3, 4, 4, 4, 4, 32, 33]
    screening = study.planned_visits[0]
    assert (screening.window_before_days, screening.window_after_days) == (0, 26)


def test_a_file_whose_timings_do_not_chain_keeps_its_visits_and_says_so():
    study = read_one(DATA / "usdm/ddf-sdr-api-study-BAY-19766-sample-usdm-v4.json")
    assert [visit.offset_days for visit in study.planned_visits] == [0] + [None] * 13
    assert sum("has no day" in found.what for found in study.unresolved) == 13
    assert study.phase is None  # "Phase IIb Trial" with the code of phase III


def test_nobodys_name_or_address_comes_in_with_a_registry_record():
    for path in REGISTRY:
        document = json.loads(path.read_bytes())
        studies = read_study_files(path.read_bytes())
        for study, record in zip(
            studies, document if isinstance(document, list) else [document], strict=True
        ):
            module = record["protocolSection"].get("contactsLocationsModule", {})
            mails = re.findall(r'"(?:email|phone)": "([^"]+)"', json.dumps(module))
            said = repr(study.sites)
            assert not [mail for mail in mails if mail in said]
