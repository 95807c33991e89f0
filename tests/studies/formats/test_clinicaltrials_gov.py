"""What is taken from a registry record, what is listed, what is refused."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from studies.formats.country_name import alpha_2_of
from studies.formats.study_file import (
    DateKind,
    IdentifierKind,
    MilestoneKind,
    OutcomeLevel,
    PartyKind,
    Phase,
    Precision,
    Source,
    StudyFileRefused,
)
from tests.studies.formats.documents import identity_of, notes, read, record, site


def with_locations(*locations):
    return record(contactsLocationsModule={"locations": list(locations)})


def test_a_record_gives_the_study_and_leaves_nothing_unresolved():
    study = read(record())
    assert study.source is Source.CLINICALTRIALS_GOV_2
    assert (study.name, study.protocol_number, study.nct_id) == ("CLOVER", "MEA-202", "NCT00000202")
    assert (study.status, study.why_stopped) == ("TERMINATED", "Slow recruitment [hens]")
    assert (study.phase, study.planned_enrolment) == (Phase.II_III, 80)
    assert [party.kind for party in (study.sponsor, *study.collaborators)] == [
        PartyKind.INDUSTRY,
        PartyKind.GOVERNMENT,
    ]
    assert study.outcomes[0].level is OutcomeLevel.PRIMARY
    assert study.arms[0].description == "dose > 1"
    assert notes(study) == ""


def test_identifiers_are_told_apart():
    kinds = [identifier.kind for identifier in read(record()).identifiers]
    expected = [IdentifierKind.NCT, IdentifierKind.SPONSOR, IdentifierKind.EU_CT, IdentifierKind.EUDRACT]
    assert kinds == expected


def test_the_nct_number_in_place_of_the_sponsors_is_no_protocol_number():
    document = record()
    identity_of(document)["orgStudyIdInfo"]["id"] = "NCT00000202"
    assert read(document).protocol_number is None


def test_the_nct_number_of_another_record_does_not_become_a_second_one():
    document = record()
    identity_of(document)["secondaryIdInfos"].append({"id": "NCT00000999"})
    study = read(document)
    assert [i.value for i in study.identifiers if i.kind is IdentifierKind.NCT] == ["NCT00000202"]
    assert "NCT number of another record" in notes(study)


def test_dates_keep_how_exact_and_how_certain_they_are():
    milestones = {milestone.kind: milestone for milestone in read(record()).milestones}
    start, primary = milestones[MilestoneKind.STUDY_START], milestones[MilestoneKind.PRIMARY_COMPLETION]
    assert (start.date.on, start.date_kind) == (datetime.date(2024, 3, 15), DateKind.ACTUAL)
    assert (primary.date.text, primary.date.precision) == ("2025-06", Precision.MONTH)
    assert primary.date_kind is DateKind.PLANNED
    assert milestones[MilestoneKind.STUDY_COMPLETION].date_kind is DateKind.NOT_STATED
    assert milestones[MilestoneKind.REGISTRY_FIRST_POSTED].date_kind is DateKind.NOT_STATED


@pytest.mark.parametrize("text", ["March 2024", "2024-13", "2024-02-30", "15/03/2024"])
def test_a_date_that_is_none_is_listed(text):
    study = read(record(statusModule={"overallStatus": "RECRUITING", "startDateStruct": {"date": text}}))
    assert study.milestones == ()
    assert "/statusModule/startDateStruct/date" in notes(study)


def test_an_actual_enrolment_is_no_target():
    study = read(record(designModule={"enrollmentInfo": {"count": 12, "type": "ACTUAL"}}))
    assert study.planned_enrolment is None
    assert study.enrolment.count == 12


def test_sites_have_country_and_status_and_nobodys_name():
    study = read(record())
    assert [(s.facility, s.country_code, s.status) for s in study.sites] == [
        ("Coop Clinic", "FR", "RECRUITING"),
        ("Barn Hospital", "TR", None),
    ]
    assert [country.name for country in study.countries] == ["France", "Turkey (Türkiye)"]
    said = repr(dataclasses.asdict(study))
    assert "Carl" not in said
    assert "Henrietta" not in said


def test_a_generic_site_at_another_address_is_another_site():
    generic = "Research Site"
    study = read(
        with_locations(site(generic, "Lyon", "69001", "France"), site(generic, "Lyon", "69002", "France"))
    )
    assert len({s.key for s in study.sites}) == 2


def test_the_same_place_twice_is_one_site_and_listed():
    study = read(
        with_locations(
            site("Coop", "Lyon", "69001", "France", status="RECRUITING"),
            site("COOP", "Lyon ", "69001", "France", status="WITHDRAWN"),
        )
    )
    assert [s.status for s in study.sites] == ["RECRUITING"]
    assert "/locations/1 The site" in notes(study)
    assert "once RECRUITING and once WITHDRAWN" in notes(study)


def test_a_site_keeps_its_key_when_its_status_changes():
    first, second = (
        read(with_locations(site("Coop", "Lyon", "69001", "France", status=status))).sites[0].key
        for status in ("NOT_YET_RECRUITING", "RECRUITING")
    )
    assert first == second


def test_a_country_nobody_knows_is_listed_and_the_site_stays():
    study = read(with_locations(site("Coop", "Nis", "18000", "Former Serbia and Montenegro")))
    assert (study.countries, study.sites[0].country_code) == ((), None)
    assert '/locations/0/country The country "Former Serbia and Montenegro" is not known' in notes(study)


def test_damaged_letters_stay_as_they_are():
    assert (
        read(with_locations(site("Hăpital Foch", "Suresnes", "92150", "France"))).sites[0].facility
        == "Hăpital Foch"
    )


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("Turkey", "TR"), ("Turkey (Türkiye)", "TR"), ("Russia", "RU"), ("Russian Federation", "RU"),
        ("South Korea", "KR"), ("Korea, Republic of", "KR"), ("Côte d’Ivoire", "CI"), ("Cote D'Ivoire", "CI"),
        ("Taiwan", "TW"), ("Vietnam", "VN"), ("Viet Nam", "VN"), ("Iran, Islamic Republic of", "IR"),
        ("Moldova, Republic of", "MD"), ("Tanzania", "TZ"), ("Bolivia", "BO"), ("Venezuela", "VE"),
        ("Palestinian Territories, Occupied", "PS"), ("Macedonia, The Former Yugoslav Republic of", "MK"),
        ("UK", "GB"), ("USA", "US"), ("GBR", "GB"), ("Hong Kong", "HK"), ("Puerto Rico", "PR"),
        ("Kosovo", "XK"), ("Réunion", "RE"), ("Congo, The Democratic Republic of the", "CD"), ("Niger", "NE"),
        ("Korea", None), ("Former Yugoslavia", None), ("Europe", None), ("", None), ("Atlantis", None),
    ],
)  # fmt: skip
def test_countries_are_known_by_their_spellings(spelling, code):
    assert alpha_2_of(spelling) == code


@pytest.mark.parametrize(
    ("module", "value", "place"),
    [
        ("designModule", {"phases": ["PHASE9"]}, "/designModule/phases"),
        ("designModule", {"studyType": "HOBBY"}, "/designModule/studyType"),
        ("designModule", {"enrollmentInfo": {"count": "many"}}, "/designModule/enrollmentInfo/count"),
        ("armsInterventionsModule", {"armGroups": [{"type": "EXPERIMENTAL"}]}, "/armGroups/0"),
        ("outcomesModule", {"primaryOutcomes": [{"timeFrame": "Week 4"}]}, "/primaryOutcomes/0"),
        ("conditionsModule", {"conditions": ["Insomnia", 5]}, "/conditions/1"),
        ("contactsLocationsModule", {"locations": [None]}, "/locations/0"),
    ],
)
def test_what_cannot_be_read_is_listed_with_its_place(module, value, place):
    assert place in notes(read(record(**{module: value})))


@pytest.mark.parametrize(
    ("module", "value", "place"),
    [
        ("identificationModule", {}, "/identificationModule/nctId"),
        ("identificationModule", {"nctId": "NCT123"}, "/identificationModule/nctId"),
        (
            "identificationModule",
            {"nctId": "NCT00000202", "briefTitle": 7},
            "/identificationModule/briefTitle",
        ),
        ("statusModule", [], "/statusModule"),
        ("designModule", {"phases": "PHASE2"}, "/designModule/phases"),
        ("contactsLocationsModule", {"locations": {"city": "Lyon"}}, "/contactsLocationsModule/locations"),
        ("contactsLocationsModule", {"locations": ["Lyon"]}, "/contactsLocationsModule/locations/0"),
    ],
)
def test_a_structure_of_the_wrong_type_is_refused_with_its_place(module, value, place):
    with pytest.raises(StudyFileRefused) as refused:
        read(record(**{module: value}))
    assert refused.value.place == f"/protocolSection{place}"


def test_a_record_kept_by_ctrdata_may_have_an_entry_in_place_of_a_list():
    document = {**record(designModule={"phases": "PHASE3"}), "ctrname": "CTGOV2"}
    document["protocolSection"]["contactsLocationsModule"] = {
        "locations": site("Coop", "Lyon", "69001", "France")
    }
    study = read(document)
    assert (study.phase, len(study.sites)) == (Phase.III, 1)
