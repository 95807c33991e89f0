"""Small study files made up here, for the tests of the readers. Nothing in them is from a real study."""

from __future__ import annotations

import json
from typing import Any

from studies.formats.recognise import read_study_files
from studies.formats.study_file import StudyFile

Json = dict[str, Any]


def code(number: str, words: str) -> Json:
    return {"code": number, "decode": words, "codeSystem": "http://www.cdisc.org"}


def alias(number: str, words: str) -> Json:
    return {"standardCode": code(number, words), "standardCodeAliases": []}


def encounter(number: int, label: str, mode: str = "In Person") -> Json:
    return {
        "id": f"E{number}",
        "name": f"ENC{number}",
        "label": label,
        "type": code("C25716", "Visit"),
        "environmentalSettings": [code("C51282", "Clinic")],
        "contactModes": [code("C175574" if mode == "In Person" else "C171537", mode)],
    }


def instance(number: int, following: int | str | None = None, **fields: Any) -> Json:
    leads_to = f"I{following}" if isinstance(following, int) else following
    return {
        "id": f"I{number}",
        "name": f"INST{number}",
        "label": f"Instance {number}",
        "instanceType": "ScheduledActivityInstance",
        "defaultConditionId": leads_to,
        "encounterId": f"E{number}",
        "epochId": "EP1",
        "activityIds": ["A1"],
        **fields,
    }


def timing(number: int, kind: str, value: str, to: int | str, **fields: Any) -> Json:
    """The timing of instance `number`: After, Before or Fixed Reference."""
    codes = {"After": "C201356", "Before": "C201357", "Fixed Reference": "C201358"}
    return {
        "id": f"T{number}",
        "name": f"TIM{number}",
        "type": code(codes[kind], kind),
        "value": value,
        "relativeToFrom": code("C201355", "Start to Start"),
        "relativeFromScheduledInstanceId": f"I{number}",
        "relativeToScheduledInstanceId": f"I{to}" if isinstance(to, int) else to,
        **fields,
    }


def usdm_4() -> Json:
    """Three visits (day -7, 0, 28), two epochs, two arms, three activities, one amendment."""
    return {"study": _study(), "usdmVersion": "4.0.0", "systemName": "by hand"}


def _study() -> Json:
    version = {
        "id": "V1",
        "versionIdentifier": "3",
        "titles": [
            {
                "id": "T1",
                "text": "A Study of Bluebells in Sleepless Hens",
                "type": code("C207616", "Official Study Title"),
            },
            {"id": "T2", "text": "Bluebells for Hens", "type": code("C207615", "Brief Study Title")},
            {"id": "T3", "text": "HENSLEEP", "type": code("C207646", "Study Acronym")},
        ],
        "organizations": [
            {
                "id": "O1",
                "name": "MEADOW",
                "label": "Meadow Pharma",
                "type": code("C54149", "Pharmaceutical Company"),
                "identifier": "ME-1",
            },
            {"id": "O2", "name": "CT-GOV", "type": code("C93453", "Clinical Study Registry")},
        ],
        "roles": [{"id": "R1", "code": code("C70793", "Sponsor"), "organizationIds": ["O1"]}],
        "studyIdentifiers": [
            {"id": "N1", "text": "MEA-101", "scopeId": "O1"},
            {"id": "N2", "text": "NCT00000101", "scopeId": "O2"},
        ],
        "amendments": [amendment("1")],
        "dateValues": [date("C71476", "Approval Date", "2024-02-01")],
        "studyDesigns": [_design()],
    }
    return {"id": "S1", "name": "HENS", "instanceType": "Study", "versions": [version], "documentedBy": []}


def amendment(number: str, **fields: Any) -> Json:
    return {
        "id": f"AM{number}",
        "number": number,
        "name": f"AMENDMENT {number}",
        "summary": "<p>More hens &amp; fewer foxes</p>",
        "primaryReason": {"code": code("C207605", "IRB/IEC Feedback"), "otherReason": None},
        "impacts": [{"id": "IM1", "isSubstantial": False}, {"id": "IM2", "isSubstantial": True}],
        "geographicScopes": [scope("Country", "FRA", "France")],
        "dateValues": [date("C215663", "Effective Date", "2024-05-01")],
        **fields,
    }


def date(number: str, words: str, day: str) -> Json:
    return {
        "id": f"D{day}",
        "name": words,
        "type": code(number, words),
        "dateValue": day,
        "geographicScopes": [],
    }


def scope(kind: str, number: str, words: str) -> Json:
    codes = {"Country": "C25464", "Region": "C41129", "Global": "C68846"}
    return {"id": f"G{number}", "type": code(codes[kind], kind), "code": alias(number, words)}


def _design() -> Json:
    return {
        "id": "DES1",
        "name": "Main design",
        "instanceType": "InterventionalStudyDesign",
        "studyType": code("C98388", "Interventional Study"),
        "studyPhase": alias("C15601", "Phase II Trial"),
        "blindingSchema": alias("C15228", "Double Blind Study"),
        "model": code("C82639", "Parallel Study"),
        "characteristics": [code("C46079", "Randomized")],
        "therapeuticAreas": [code("X1", "Sleep")],
        "indications": [{"id": "IND1", "label": "Insomnia", "codes": []}],
        "population": {"id": "P1", "plannedEnrollmentNumber": {"value": 120.0}},
        "arms": [
            {"id": "ARM1", "name": "Bluebell", "type": code("C174266", "Investigational Arm")},
            {"id": "ARM2", "name": "Hay", "type": code("C174268", "Placebo Control Arm")},
        ],
        "epochs": [  # on purpose not in array order
            {
                "id": "EP2",
                "name": "Treatment",
                "type": code("C101526", "Treatment Epoch"),
                "previousId": "EP1",
            },
            {"id": "EP1", "name": "Screening", "type": code("C202487", "Screening Epoch"), "nextId": "EP2"},
        ],
        "activities": [
            {"id": "A1", "name": "Consent", "nextId": "A2"},
            {"id": "A3", "name": "Weight", "previousId": "A2"},
            {"id": "A2", "name": "Feather count", "previousId": "A1", "nextId": "A3"},
        ],
        "encounters": [
            encounter(1, "Screening"),
            encounter(2, "Day 1"),
            encounter(3, "Week 4", "Telephone Call"),
        ],
        "objectives": [
            {
                "id": "OB1",
                "level": code("C85827", "Secondary Objective"),
                "endpoints": [
                    {"id": "EN1", "text": "Snoring", "level": code("C139173", "Secondary Endpoint")}
                ],
            },
            {
                "id": "OB2",
                "level": code("C85826", "Primary Objective"),
                "endpoints": [
                    {"id": "EN2", "text": "Hours of sleep", "level": code("C94496", "Primary Endpoint")}
                ],
            },
        ],
        "scheduleTimelines": [
            {
                "id": "TL1",
                "name": "Main Timeline",
                "mainTimeline": True,
                "entryId": "I1",
                "instances": [
                    instance(1, 2),
                    instance(2, 3, epochId="EP2", activityIds=["A3", "A2"]),
                    instance(3, None, epochId="EP2", activityIds=["A2"]),
                ],
                "timings": [
                    timing(1, "Before", "P1W", 2),
                    timing(2, "Fixed Reference", "P1D", 2),
                    timing(3, "After", "P4W", 2, windowLower="P3D", windowUpper="P5D"),
                ],
            }
        ],
    }


def version_of(document: Json) -> Json:
    return document["study"]["versions"][0]


def design_of(document: Json) -> Json:
    return version_of(document)["studyDesigns"][0]


def timeline_of(document: Json) -> Json:
    return design_of(document)["scheduleTimelines"][0]


def record(number: str = "NCT00000202", **modules: Any) -> Json:
    """A registry record of two sites in two countries."""
    section = {
        "identificationModule": {
            "nctId": number,
            "orgStudyIdInfo": {"id": "MEA-202"},
            "organization": {"fullName": "Meadow Pharma", "class": "INDUSTRY"},
            "briefTitle": "Clover for Hens",
            "officialTitle": "A Trial of Clover in Wakeful Hens",
            "acronym": "CLOVER",
            "secondaryIdInfos": [{"id": "2023-501234-12-00", "type": "CTIS"}, {"id": "2019-001234-12"}],
        },
        "statusModule": {
            "overallStatus": "TERMINATED",
            "whyStopped": "Slow recruitment \\[hens\\]",
            "startDateStruct": {"date": "2024-03-15", "type": "ACTUAL"},
            "primaryCompletionDateStruct": {"date": "2025-06", "type": "ESTIMATED"},
            "completionDateStruct": {"date": "2025-12"},
            "studyFirstPostDateStruct": {"date": "2024-01-10", "type": "ESTIMATED"},
        },
        "sponsorCollaboratorsModule": {
            "leadSponsor": {"name": "Meadow Pharma", "class": "INDUSTRY"},
            "collaborators": [{"name": "Hen Institute", "class": "OTHER_GOV"}],
        },
        "conditionsModule": {"conditions": ["Insomnia"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE2", "PHASE3"],
            "designInfo": {
                "allocation": "RANDOMIZED",
                "interventionModel": "PARALLEL",
                "maskingInfo": {"masking": "DOUBLE"},
            },
            "enrollmentInfo": {"count": 80, "type": "ESTIMATED"},
        },
        "armsInterventionsModule": {
            "armGroups": [{"label": "Clover", "type": "EXPERIMENTAL", "description": "dose \\> 1"}]
        },
        "outcomesModule": {"primaryOutcomes": [{"measure": "Hours of sleep", "timeFrame": "Week 4"}]},
        "contactsLocationsModule": {
            "overallOfficials": [{"name": "Henrietta Person", "role": "STUDY_CHAIR"}],
            "locations": [
                site(
                    "Coop Clinic",
                    "Lyon",
                    "69001",
                    "France",
                    status="RECRUITING",
                    contacts=[{"name": "Carl Contact", "email": "carl@example.org"}],
                ),
                site("Barn Hospital", "Bursa", "16000", "Turkey (Türkiye)"),
            ],
        },
    }
    return {"protocolSection": {**section, **modules}}


def site(facility: str | None, city: str, postcode: str, country: str, **fields: Any) -> Json:
    return {"facility": facility, "city": city, "zip": postcode, "country": country, **fields}


def identity_of(document: Json) -> Json:
    return document["protocolSection"]["identificationModule"]


def read(document: Any, nct: str | None = None) -> StudyFile:
    """The only study of a document, as it would be uploaded."""
    (study,) = read_all(document, nct)
    return study


def read_all(document: Any, nct: str | None = None) -> list[StudyFile]:
    return read_study_files(json.dumps(document).encode(), nct=nct)


def notes(study: StudyFile) -> str:
    """All that is unresolved, a line each."""
    return "\n".join(f"{found.place} {found.what}" for found in study.unresolved)


def as_bytes(document: Any) -> bytes:
    return json.dumps(document).encode()
