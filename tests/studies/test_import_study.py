"""Studies come in from files: whole or not at all, once, and with the file's name as the reason."""

import copy
import datetime
import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.imports.models import ImportRun
from ctms.workflow.models import TransitionRecord
from launcher.product import manage
from studies.formats.study_file import StudyFileRefused
from studies.models import (
    Activity,
    Amendment,
    Arm,
    Epoch,
    Milestone,
    Outcome,
    PlannedVisit,
    PlannedVisitActivity,
    ProtocolVersion,
    Study,
    StudyCountry,
    StudyIdentifier,
    StudyParty,
    StudySite,
)
from studies.services.importing import StudyNotImported, import_study_document, import_study_files, run
from tests.studies.formats.documents import as_bytes, identity_of, read, record, site, usdm_4

DATA = Path(__file__).parents[2].parent / "shared/data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the folder ../shared/data is not on this machine")
TODAY = datetime.date(2026, 1, 15)

pytestmark = pytest.mark.django_db


def rows(model, *order, **conditions):
    """All rows there are, whoever may see them."""
    with everything("a test looks at all that was written"):
        return list(model.objects.filter(**conditions).order_by(*order, "pk"))


def one(model, **conditions):
    (row,) = rows(model, **conditions)
    return row


def values(model, *names, **conditions):
    """The values of all rows, sorted; the bare values where one is asked for."""
    with everything("a test looks at all that was written"):
        found = sorted(model.objects.filter(**conditions).values_list(*names), key=str)
    return [value for (value,) in found] if len(names) == 1 else found


def bring(document, file_name="file.json", **options):
    """Import a document as the system; returns the results."""
    data = document if isinstance(document, bytes) else as_bytes(document)
    options = {"actor": User.objects.system()} | options
    return import_study_document(data=data, file_name=file_name, **options)


def bring_one(document, file_name="file.json", **options):
    (result,) = bring(document, file_name, **options)
    return result


def last_event(record):
    with everything("a test looks at the history"):
        return record.events.order_by("pgh_id").last()


def registered(number="NCT00000101", own="MEA-101", **modules):
    document = record(number, **modules)
    identity_of(document)["orgStudyIdInfo"] = {"id": own}
    return document


def status_module(**fields):
    return {**record()["protocolSection"]["statusModule"], **fields}


def version_of(document):
    return document["study"]["versions"][0]


def design_of(document):
    return version_of(document)["studyDesigns"][0]


def said(result):
    return "\n".join(f"{found.place}: {found.what}" for found in result.unresolved)


def fields_changed(result):
    return {(d.record, d.field): (d.before, d.after) for d in result.differences}


def row_counts():
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def facts(study):
    """What is in force of a study, in words."""
    return {
        "study": {
            name: getattr(study, name)
            for name in (
                "protocol_number", "short_name", "title", "lay_title", "acronym", "sponsor_id", "phase", "study_type",
                "indication", "masking", "allocation", "intervention_model", "planned_enrolled", "registry_status",
                "stopped_because",
            )
        },
        "numbers": values(StudyIdentifier, "kind", "value", study=study),
        "parties": values(StudyParty, "organization__name", "part", study=study),
        "arms": values(Arm, "key", "name", "kind", "description", "sequence", study=study, retired=False),
        "epochs": values(Epoch, "sequence", "name", study=study, retired=False),
        "visits": values(PlannedVisit, "key", "name", "offset_days", study=study, retired=False),
        "crosses": values(PlannedVisitActivity, "planned_visit__name", "activity__name", study=study),
        "outcomes": values(Outcome, "level", "measure", study=study, retired=False),
        "amendments": values(Amendment, "number", "substantial", study=study),
        "versions": values(ProtocolVersion, "label", study=study),
        "countries": values(StudyCountry, "nation", study=study),
        "sites": values(StudySite, "organization__name", "registry_status", study=study),
        "milestones": values(Milestone, "kind", "planned_on", "actual_on", "status", study=study),
    }  # fmt: skip


# --- a protocol file --------------------------------------------------------------------------------------


def test_a_protocol_file_makes_a_study_with_its_plan():
    result = bring_one(usdm_4())
    study = result.study
    assert result.created == {
        "organizations": 1, "studies": 1, "identifiers": 2, "arms": 2, "epochs": 2, "activities": 3,
        "planned_visits": 3, "protocol_versions": 1, "amendments": 1, "study_countries": 1, "milestones": 1,
        **({"outcomes": result.created["outcomes"]} if "outcomes" in result.created else {}),
    }  # fmt: skip
    assert result.updated == {}
    assert (study.protocol_number, study.acronym, study.phase) == ("MEA-101", "HENSLEEP", "II")
    assert (study.sponsor.name, study.planned_enrolled, study.status) == ("Meadow Pharma", 120, "PLANNING")
    assert [epoch.name for epoch in rows(Epoch, "sequence")] == ["Screening", "Treatment"]
    assert [visit.offset_days for visit in rows(PlannedVisit, "sequence")] == [-7, 0, 28]
    assert len(rows(PlannedVisitActivity)) == 4
    assert one(Amendment, study=study).substantial is True


def test_the_same_file_again_changes_nothing_and_leaves_its_report():
    bring(usdm_4())
    before = row_counts()
    result = bring_one(usdm_4())
    assert result.unchanged
    after = row_counts()
    changed = {table for table, count in after.items() if before[table] != count}
    assert changed == {"imports_importrun", "imports_importedrecord"}


def test_a_newer_file_shows_each_field_and_its_name_is_the_reason():
    study = bring_one(usdm_4(), "first.json").study
    newer = usdm_4()
    version_of(newer)["titles"][0]["text"] = "A Longer Study of Bluebells"
    design_of(newer)["arms"][1]["name"] = "Straw"
    design_of(newer)["population"]["plannedEnrollmentNumber"] = {"value": 140}
    rehearsed = bring_one(newer, "second.json", dry_run=True)
    result = bring_one(newer, "folder/second.json")
    assert rehearsed.differences == result.differences
    assert fields_changed(result) == {
        ("Study MEA-101", "Full title"): (
            "A Study of Bluebells in Sleepless Hens",
            "A Longer Study of Bluebells",
        ),
        ("Study MEA-101", "Planned enrolled"): ("120", "140"),
        ("Arm Hay", "Name"): ("Hay", "Straw"),
    }
    assert result.updated == {"studies": 1, "arms": 1}
    event = last_event(study)
    assert event.pgh_context["reason"] == "second.json"
    assert event.pgh_context["channel"] == "import"
    assert event.title == "A Longer Study of Bluebells"


def test_what_a_newer_protocol_no_longer_has_is_retired_and_may_come_back():
    study = bring_one(usdm_4()).study
    newer = usdm_4()
    del design_of(newer)["arms"][1]
    del design_of(newer)["epochs"][0]
    design_of(newer)["epochs"][0]["nextId"] = None
    result = bring_one(newer)
    assert result.updated == {"arms": 1, "epochs": 1, "planned_visits": 2}  # they stand in no epoch now
    assert values(Arm, "name", study=study, retired=True) == ["Hay"]
    assert bring_one(newer).unchanged
    assert bring_one(usdm_4()).updated == {"arms": 1, "epochs": 1, "planned_visits": 2}
    assert not rows(Arm, retired=True)


def test_crosses_follow_the_schedule():
    study = bring_one(usdm_4()).study
    newer = usdm_4()
    schedule = design_of(newer)["scheduleTimelines"][0]["instances"]
    last = next(entry for entry in schedule if entry["id"] == "I3")
    last["activityIds"] = ["A3"]
    result = bring_one(newer)
    (difference,) = [d for d in result.differences if d.field == "Activities"]
    assert "Weight" in difference.after or "Consent" in difference.before
    visit = one(PlannedVisit, study=study, key="I3")
    assert values(PlannedVisitActivity, "activity__name", planned_visit=visit) == ["Weight"]
    assert bring_one(newer).unchanged


def test_exporters_that_number_anew_meet_by_name():
    study = bring_one(usdm_4()).study
    ids = dict(values(Activity, "name", "pk", study=study))
    text = json.dumps(usdm_4()).replace('"A1"', '"x"').replace('"A2"', '"A1"').replace('"x"', '"A2"')
    result = bring_one(text.encode())
    assert dict(values(Activity, "name", "pk", retired=False)) == ids
    assert set(result.updated) <= {"activities", "planned_visits"}
    assert not [d for d in result.differences if d.field == "Name"]
    assert bring_one(text.encode()).unchanged


def test_a_renamed_visit_is_the_same_visit():
    study = bring_one(usdm_4()).study
    visit = one(PlannedVisit, study=study, key="I2")
    newer = usdm_4()
    next(e for e in design_of(newer)["encounters"] if e["id"] == "E2")["label"] = "Randomisation"
    result = bring_one(newer)
    assert result.updated == {"planned_visits": 1}
    assert result.created == {}
    visit.refresh_from_db()
    assert "Randomisation" in (visit.name, visit.label)


def test_what_cannot_be_resolved_passes_through():
    document = usdm_4()
    timeline = design_of(document)["scheduleTimelines"][0]
    timeline["timings"] = [t for t in timeline["timings"] if t["id"] != "T3"]
    result = bring_one(document)
    assert "has no day" in said(result)
    assert one(PlannedVisit, key="I3").offset_days is None


def test_a_text_too_long_for_its_field_is_cut_and_listed():
    document = usdm_4()
    design_of(document)["arms"][0]["name"] = "Bluebell " * 60
    design_of(document)["arms"][0]["id"] = "k" * 300
    result = bring_one(document)
    assert "was cut" in said(result)
    assert rows(Arm, study=result.study, name__endswith="…")
    assert bring_one(document).unchanged


def test_dates_of_a_protocol_stand_as_planned_and_are_listed():
    result = bring_one(usdm_4())
    milestone = one(Milestone, study=result.study)
    assert (milestone.status, milestone.planned_on) == ("PLANNED", datetime.date(2024, 2, 1))
    assert milestone.actual_on is None
    assert "does not say whether these dates are planned or actual" in said(result)


# --- a registry record ------------------------------------------------------------------------------------


def test_a_registry_record_makes_a_study_where_the_registry_sees_it():
    result = bring_one(record())
    study = result.study
    assert (study.status, study.registry_status) == ("CLOSE_OUT", "TERMINATED")
    assert study.stopped_because == "Slow recruitment [hens]"
    assert {"study_sites": 2, "study_countries": 2, "parties": 1}.items() <= result.created.items()
    sites = {s.organization.name: s for s in rows(StudySite, study=study)}
    assert sites["Coop Clinic"].status == "ACTIVE"
    assert sites["Barn Hospital"].status == "IDENTIFIED"
    countries = dict(values(StudyCountry, "nation", "status", study=study))
    assert countries == {"FR": "OPEN", "TR": "RECRUITMENT_CLOSED"}
    milestones = {m.kind: m for m in rows(Milestone, study=study)}
    start = milestones["FIRST_SUBJECT_IN"]
    assert (start.status, start.actual_on) == ("COMPLETED", datetime.date(2024, 3, 15))
    primary = milestones["PRIMARY_COMPLETION"]
    assert (primary.status, primary.planned_on, primary.planned_precision) == (
        "PLANNED", datetime.date(2025, 6, 1), "MONTH",
    )  # fmt: skip
    assert milestones["REGISTRY_FIRST_POSTED"].status == "COMPLETED"
    moves = TransitionRecord.objects.filter(record=f"studies.Study/{study.pk}")
    assert [(m.name, m.target, m.reason, m.channel) for m in moves] == [
        ("adopt", "CLOSE_OUT", "file.json", "import")
    ]
    assert bring_one(record()).unchanged


@pytest.mark.parametrize(
    ("registry", "state", "hold"),
    [
        ("NOT_YET_RECRUITING", "START_UP", "NONE"),
        ("RECRUITING", "RECRUITING", "NONE"),
        ("ENROLLING_BY_INVITATION", "RECRUITING", "NONE"),
        ("ACTIVE_NOT_RECRUITING", "RECRUITMENT_CLOSED", "NONE"),
        ("SUSPENDED", "RECRUITING", "TEMPORARY_HALT"),
        ("COMPLETED", "CLOSE_OUT", "NONE"),
        ("WITHDRAWN", "CANCELLED", "NONE"),
        ("UNKNOWN", "PLANNING", "NONE"),
    ],
)
def test_each_registry_status_has_its_state(registry, state, hold):
    document = record(statusModule=status_module(overallStatus=registry))
    result = bring_one(document)
    assert (result.study.status, result.study.hold) == (state, hold)
    assert ("says nothing about where the study stands" in said(result)) is (registry == "UNKNOWN")
    assert bring_one(document).unchanged


def test_a_later_status_is_noted_and_nobody_is_moved():
    study = bring_one(record(statusModule=status_module(overallStatus="RECRUITING"))).study
    newer = record(statusModule=status_module(overallStatus="COMPLETED"))
    newer["protocolSection"]["contactsLocationsModule"]["locations"][0]["status"] = "COMPLETED"
    result = bring_one(newer)
    study.refresh_from_db()
    assert (study.status, study.registry_status) == ("RECRUITING", "COMPLETED")
    assert "The study is Recruiting here and COMPLETED in the registry" in said(result)
    assert "Active here and COMPLETED in the registry: Coop Clinic" in said(result)
    assert result.updated == {"studies": 1, "study_sites": 1}
    assert bring_one(newer).unchanged


def test_a_planned_date_that_has_come_is_completed_through_the_workflow():
    study = bring_one(record()).study
    newer = record(
        statusModule=status_module(primaryCompletionDateStruct={"date": "2025-07", "type": "ACTUAL"})
    )
    result = bring_one(newer, "newer.json")
    milestone = one(Milestone, study=study, kind="PRIMARY_COMPLETION")
    assert (milestone.status, milestone.actual_on, milestone.actual_precision) == (
        "COMPLETED", datetime.date(2025, 7, 1), "MONTH",
    )  # fmt: skip
    assert milestone.planned_on == datetime.date(2025, 6, 1)
    assert result.updated == {"milestones": 1}
    move = TransitionRecord.objects.get(record=f"studies.Milestone/{milestone.pk}")
    assert (move.name, move.reason) == ("complete", "newer.json")
    assert bring_one(newer).unchanged
    corrected = record(
        statusModule=status_module(primaryCompletionDateStruct={"date": "2025-08-02", "type": "ACTUAL"})
    )
    assert bring_one(corrected).updated == {"milestones": 1}
    milestone.refresh_from_db()
    assert (milestone.actual_on, milestone.actual_precision) == (datetime.date(2025, 8, 2), "DAY")
    back = bring_one(record())
    assert "the study has: 2 Aug 2025. Kept." in said(back)


def test_a_date_called_actual_that_lies_ahead_stands_as_planned_and_is_listed():
    document = registered(
        statusModule=status_module(primaryCompletionDateStruct={"date": "2098-08-02", "type": "ACTUAL"})
    )
    result = bring_one(document)
    milestone = one(Milestone, study=result.study, kind="PRIMARY_COMPLETION")
    assert (milestone.status, milestone.actual_on, str(milestone.planned_on)) == (
        "PLANNED",
        None,
        "2098-08-02",
    )
    assert "lies in the future" in said(result)
    assert bring_one(document).unchanged


def test_a_milestone_of_the_house_is_compared_and_never_touched():
    study = bring_one(usdm_4()).study
    with acting_as(User.objects.system(), reason="planned"):
        own = Milestone.objects.create(
            study=study, kind="FIRST_SUBJECT_IN", name="FSI", planned_on=datetime.date(2024, 3, 1)
        )
    result = bring_one(registered(own="MEA-101"))
    # matched by sponsor and number: the protocol file has the NCT number as well
    own.refresh_from_db()
    assert result.study == study
    assert (own.status, own.planned_on) == ("PLANNED", datetime.date(2024, 3, 1))
    assert "FSI: 2024-03-15 (actual); the study has: 1 Mar 2024. Kept." in said(result)
    assert rows(Milestone, kind="FIRST_SUBJECT_IN") == [own]


def test_a_site_that_vanished_stays_and_is_listed():
    study = bring_one(record()).study
    newer = record()
    del newer["protocolSection"]["contactsLocationsModule"]["locations"][1]
    result = bring_one(newer)
    assert len(rows(StudySite, study=study)) == 2
    assert "The site Barn Hospital (Türkiye) is not in this record. Kept." in said(result).replace(
        "Turkey", "Türkiye"
    )
    assert result.unchanged


def test_a_country_nobody_knows_is_listed_and_its_site_left_out():
    document = record()
    document["protocolSection"]["contactsLocationsModule"]["locations"].append(
        site("Moon Base", "Tranquility", "0", "Moon")
    )
    result = bring_one(document)
    assert result.created["study_sites"] == 2
    assert "Moon Base was left out: its country is not known" in said(result)


def test_sites_of_two_studies_share_their_hospital():
    first = bring_one(record("NCT00000202"))
    second = record("NCT00000303")
    identity_of(second)["orgStudyIdInfo"] = {"id": "MEA-303"}
    identity_of(second)["secondaryIdInfos"] = []
    result = bring_one(second)
    assert "organizations" in first.created
    assert "organizations" not in result.created
    assert result.created["study_sites"] == 2


# --- both files of one study ------------------------------------------------------------------------------


def both():
    """A protocol file and a registry record of one study that agree on little."""
    known = registered("NCT00000101", "LZ-7")
    identity_of(known)["secondaryIdInfos"] = [{"id": "MEA-101", "type": "OTHER"}]
    known["protocolSection"]["sponsorCollaboratorsModule"]["leadSponsor"]["name"] = "Meadow Pharma Ltd"
    known["protocolSection"]["armsInterventionsModule"]["armGroups"] = [
        {"label": "BLUEBELL", "type": "EXPERIMENTAL", "description": "twice a day"},
        {"label": "Clover", "type": "EXPERIMENTAL"},
    ]
    return usdm_4(), known


def test_protocol_and_registry_meet_in_one_study_in_either_order():
    plan, known = both()
    with_protocol_first = [bring_one(plan, "p.json"), bring_one(known, "r.json")]
    assert with_protocol_first[0].study == with_protocol_first[1].study
    plain = facts(one(Study))
    assert "none of the protocol's by name" in said(with_protocol_first[1])
    assert "The registry says Phase: II/III; the study has: II. Kept." in said(with_protocol_first[1])
    assert [r.unchanged for r in (bring_one(plan), bring_one(known), bring_one(plan), bring_one(known))] == [
        True
    ] * 4
    organizations = {plain["study"].pop("sponsor_id")}

    # Another pair of the same content under other numbers, the other way round.
    text = json.dumps([plan, known]).replace("MEA-101", "MEA-909").replace("NCT00000101", "NCT00000909")
    text = text.replace("2023-501234-12-00", "2023-501234-99-00").replace("2019-001234-12", "2019-001299-12")
    plan, known = json.loads(text)
    first, second = bring_one(known, "r.json"), bring_one(plan, "p.json")
    assert first.study == second.study
    assert [r.unchanged for r in (bring_one(known), bring_one(plan), bring_one(known), bring_one(plan))] == [
        True
    ] * 4
    other = facts(one(Study, pk=first.study.pk))
    organizations.add(other["study"].pop("sponsor_id"))
    assert len(organizations) == 1
    spoken = (
        json.dumps(other, default=str).replace("MEA-909", "MEA-101").replace("NCT00000909", "NCT00000101")
    )
    spoken = spoken.replace("2023-501234-99-00", "2023-501234-12-00").replace(
        "2019-001299-12", "2019-001234-12"
    )
    assert json.loads(spoken) == json.loads(json.dumps(plain, default=str))


def test_a_registry_record_never_overwrites_what_a_person_typed():
    system = User.objects.system()
    with acting_as(system, reason="typed"):
        study = Study.objects.create(protocol_number="MEA-202", short_name="Hens", title="Typed title")
        StudyIdentifier.objects.create(study=study, kind="NCT", value="NCT00000202")
    result = bring_one(record())
    assert result.study == study
    study.refresh_from_db()
    assert (study.title, study.acronym) == ("Typed title", "CLOVER")
    assert "Full title: A Trial of Clover in Wakeful Hens; the study has: Typed title. Kept." in said(result)
    assert bring_one(record()).unchanged
    newer = record()
    identity_of(newer)["acronym"] = "CLOVER-2"
    assert fields_changed(bring_one(newer))["Study MEA-202", "Acronym"] == ("CLOVER", "CLOVER-2")


def test_a_placeholder_number_makes_no_two_studies_one():
    first = bring_one(usdm_4())
    text = json.dumps(usdm_4()).replace("MEA-101", "ZZZ-9").replace("Meadow Pharma", "Other House")
    result = bring_one(text.encode())
    assert result.study != first.study
    assert not rows(StudyIdentifier, study=result.study, kind="NCT")
    assert (
        "NCT00000101 is already the number of MEA-101 (Meadow Pharma); ZZZ-9 (Other House) was left without it"
        in said(result)
    )
    assert bring_one(text.encode()).unchanged
    assert bring_one(usdm_4()).unchanged
    # Two protocols of one sponsor with one placeholder are two studies, too.
    third = json.dumps(usdm_4()).replace("MEA-101", "QQQ-5")
    assert bring_one(third.encode()).created["studies"] == 1
    assert bring_one(third.encode()).unchanged


def test_two_registrations_under_one_number_of_the_sponsor_stay_two_studies():
    first, second = record("NCT00000202"), record("NCT00000303")
    identity_of(second)["secondaryIdInfos"] = []
    results = bring([first, second])
    assert results[0].study != results[1].study
    assert results[1].study.protocol_number == "NCT00000303"
    assert "MEA-202 is the protocol number of MEA-202 (Meadow Pharma) already" in said(results[1])
    assert all(result.unchanged for result in bring([first, second]))
    assert all(result.unchanged for result in bring([second, first]))


# --- all or nothing ---------------------------------------------------------------------------------------


def several():
    documents = []
    for number in range(3):
        document = record(f"NCT0000040{number}")
        identity_of(document)["orgStudyIdInfo"] = {"id": f"MEA-40{number}"}
        identity_of(document)["secondaryIdInfos"] = []
        documents.append(document)
    return documents


def test_an_array_comes_in_whole_or_the_one_that_is_picked():
    assert bring_one(several(), nct="NCT00000401").name == "MEA-401"
    results = bring(several())
    assert [result.name for result in results] == ["MEA-400", "MEA-401", "MEA-402"]
    assert [result.unchanged for result in results] == [False, True, False]


def test_one_study_that_cannot_be_written_keeps_all_out(monkeypatch):
    real = run.import_outcomes

    def fail_on_the_last(about):
        real(about)
        if about.study.protocol_number == "MEA-402":
            StudyIdentifier(study=about.study, kind="NCT", value="NCT00000400").save()

    monkeypatch.setattr(run, "import_outcomes", fail_on_the_last)
    before = row_counts()
    with pytest.raises(StudyNotImported, match="The database refused it"):
        bring(several())
    assert row_counts() == before


def test_a_value_a_record_cannot_hold_is_refused_with_its_name():
    study = read(usdm_4())
    visit = replace(study.planned_visits[2], offset_days=10**12)
    study = replace(study, planned_visits=(*study.planned_visits[:2], visit))
    before = row_counts()
    with pytest.raises(
        StudyNotImported, match=r"HENS: Planned visit .*: Day from reference day: .*less than"
    ):
        import_study_files(actor=User.objects.system(), files=[study], file_name="far.json")
    assert row_counts() == before


@pytest.mark.parametrize("document", [usdm_4(), record(), [record()]])
def test_a_dry_run_says_all_and_writes_nothing(document):
    before = row_counts()
    rehearsed = bring_one(document, dry_run=True)
    assert row_counts() == before
    assert rehearsed.study is None
    result = bring_one(document)
    assert (rehearsed.created, rehearsed.unresolved) == (result.created, result.unresolved)
    again = bring_one(document, dry_run=True)
    assert again.study == result.study
    assert again.unchanged


@pytest.mark.parametrize("data", [b"{}", b"no json", b"[]", b"\x00" * 5000, as_bytes({"usdmVersion": "2.0"})])
def test_a_refused_file_writes_nothing(data):
    before = row_counts()
    with pytest.raises(StudyFileRefused):
        bring(data)
    assert row_counts() == before


def test_an_archived_study_takes_no_file(monkeypatch):
    bring(usdm_4())
    monkeypatch.setattr("studies.services.importing.run.is_frozen", lambda study: True)
    with pytest.raises(StudyNotImported, match="no longer changes"):
        bring(usdm_4())


def test_the_report_of_an_import_is_kept():
    result = bring_one(usdm_4(), "hens.json")
    run = ImportRun.objects.get()
    assert (run.file_name, run.kind, run.actor.username) == ("hens.json", "USDM 4.0", "system")
    assert len(run.sha256) == 64
    assert run.created == result.created
    assert len(run.unresolved) == len(result.unresolved)


# --- who may ----------------------------------------------------------------------------------------------


def test_a_manager_who_brings_a_study_manages_it(cast):
    result = bring_one(record(), actor=cast.paula, on=TODAY)
    assert result.study.status == "CLOSE_OUT"
    paula = cast.fresh("paula")
    assert paula.has_perm("studies.import_study", result.study)
    assert bring_one(record(), actor=paula, on=TODAY).unchanged


@pytest.mark.parametrize("username", ["carla", "sam", "stella", "quentin", "ada"])
def test_others_may_not_import(cast, username):
    before = row_counts()
    with pytest.raises(PermissionDenied):
        bring(usdm_4(), actor=cast.fresh(username), on=TODAY)
    assert row_counts() == before


def test_a_manager_may_not_change_a_study_of_somebody_else_and_does_not_learn_its_name(cast):
    study = bring_one(record(), actor=cast.fresh("paula"), on=TODAY).study
    before = row_counts()
    with pytest.raises(PermissionDenied) as refused:
        bring(record(), actor=cast.fresh("pavel"), on=TODAY)
    assert study.protocol_number not in str(refused.value)
    assert row_counts() == before


# --- the command ------------------------------------------------------------------------------------------


def written(tmp_path, document, name="study.json"):
    path = tmp_path / name
    path.write_bytes(document if isinstance(document, bytes) else as_bytes(document))
    return str(path)


def test_the_command_prints_the_contract(tmp_path, capsys):
    call_command("import_study", written(tmp_path, usdm_4()), "--json")
    printed = json.loads(capsys.readouterr().out)
    assert printed.keys() == {"study", "created", "updated", "unresolved"}
    assert printed["study"] == one(Study).pk
    assert printed["created"]["planned_visits"] == 3
    assert all(found.keys() == {"place", "what"} for found in printed["unresolved"])
    call_command("import_study", written(tmp_path, usdm_4()), "--json")
    again = json.loads(capsys.readouterr().out)
    assert (again["study"], again["created"], again["updated"]) == (printed["study"], {}, {})
    call_command("import_study", written(tmp_path, several()), "--json", "--dry-run")
    assert [entry["study"] for entry in json.loads(capsys.readouterr().out)] == [None] * 3
    call_command("import_study", written(tmp_path, several()), "--json", "--nct", "NCT00000401")
    assert json.loads(capsys.readouterr().out)["created"]["studies"] == 1


def test_the_command_says_in_words_what_it_did(tmp_path, capsys):
    call_command("import_study", written(tmp_path, usdm_4()), "--dry-run")
    shown = capsys.readouterr().out
    assert "MEA-101 (new)" in shown
    assert "3 planned visits" in shown
    assert "nothing was written" in shown


def test_the_command_refuses_with_sentence_and_place(tmp_path, capsys):
    broken = copy.deepcopy(usdm_4())
    version_of(broken)["titles"] = 5
    with pytest.raises(CommandError) as refused:
        call_command("import_study", written(tmp_path, broken), "--json")
    printed = json.loads(capsys.readouterr().out)
    assert printed["place"] == "/study/versions/0/titles"
    assert printed["error"] in str(refused.value)
    assert refused.value.returncode == 1


def test_the_exit_codes_of_the_command(committed_database, tmp_path):
    def run_command(*arguments):
        return manage("import_study", *arguments, environment=committed_database.environment)

    good, bad = written(tmp_path, usdm_4(), "good.json"), written(tmp_path, b"{", "bad.json")
    finished = run_command(good, "--json")
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout)["created"]["studies"] == 1
    refused = run_command(bad, "--json")
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["place"]
    assert json.loads(refused.stdout)["error"] in refused.stderr
    assert run_command(str(tmp_path / "missing.json")).returncode == 2
    assert run_command().returncode == 2
    assert run_command(good, "--as", "nobody").returncode == 2


# --- real files -------------------------------------------------------------------------------------------


def real(pattern):
    return sorted(DATA.glob(pattern))


@needs_data
def test_the_pilot_study_comes_in_once_and_its_changes_are_shown():
    data = (DATA / "usdm/CDISC_Pilot_Study.json").read_bytes()
    result = bring_one(data, "CDISC_Pilot_Study.json")
    assert {"arms": 3, "epochs": 5, "planned_visits": 16, "activities": 36}.items() <= result.created.items()
    assert bring_one(data).unchanged
    newer = json.loads(data)
    design_of(newer)["arms"][0]["label"] = "Sugar pill"
    changed = bring_one(newer, "newer.json")
    assert fields_changed(changed) == {("Arm Placebo", "Label"): ("Placebo", "Sugar pill")}
    assert last_event(one(Arm, label="Sugar pill")).pgh_context["reason"] == "newer.json"


@needs_data
def test_every_real_file_comes_in_and_a_second_time_changes_nothing():
    paths = [*real("usdm/*.json"), *real("usdm/unit/*.json"), *real("ctgov/v2_snapshots/*.json")[::4]]
    paths += [
        *real("ctgov/v2_aact/*.json"),
        *real("ctgov/ctrdata/CTGOV2*.json"),
        *real("ctgov/v2_search/*_10.json"),
    ]
    assert len(paths) > 30
    for path in paths:
        data = path.read_bytes()
        try:
            bring(data, path.name)
        except StudyFileRefused:
            continue
        again = bring(data, path.name)
        assert all(result.unchanged for result in again), (path.name, [r.differences for r in again])


@needs_data
def test_the_largest_result_set_comes_in_within_seconds():
    data = (DATA / "ctgov/v2_search/ctg-studies_nsclc.json").read_bytes()
    results = bring(data)
    assert len(results) == 100
    assert all(result.created["studies"] == 1 for result in results)
    assert all(result.unchanged for result in bring(data))


@needs_data
def test_studies_that_share_a_placeholder_stay_apart():
    pilot = bring_one((DATA / "usdm/CDISC_Pilot_Study.json").read_bytes()).study
    simple = bring_one((DATA / "usdm/unit/simple_1.json").read_bytes())
    template = bring_one((DATA / "usdm/TCBCPT_01_usdm.json").read_bytes())
    assert len({pilot.pk, simple.study.pk, template.study.pk}) == 3
    assert "NCT12345678 is already the number of H2Q-MC-LZZT (Eli Lilly)" in said(simple)
