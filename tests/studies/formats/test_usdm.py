"""What is taken from a USDM file, what is listed, what is refused."""

from __future__ import annotations

import datetime

import pytest

from studies.formats.study_file import (
    ArmKind,
    ContactMode,
    DateKind,
    IdentifierKind,
    MilestoneKind,
    OutcomeLevel,
    PartyKind,
    Phase,
    Source,
    StudyFileRefused,
    StudyType,
    VisitKind,
)
from tests.studies.formats.documents import (
    alias,
    amendment,
    code,
    date,
    design_of,
    encounter,
    instance,
    notes,
    read,
    scope,
    timeline_of,
    timing,
    usdm_4,
    version_of,
)


def days(study):
    return [visit.offset_days for visit in study.planned_visits]


def names(study):
    return [visit.name for visit in study.planned_visits]


# --- what a clean file gives ---------------------------------------------------------------------


def test_a_clean_file_leaves_nothing_unresolved():
    assert notes(read(usdm_4())) == ""


def test_the_study_has_its_titles_numbers_and_sponsor():
    study = read(usdm_4())
    assert study.source is Source.USDM_4
    assert (study.name, study.protocol_number, study.nct_id) == ("HENS", "MEA-101", "NCT00000101")
    assert study.official_title == "A Study of Bluebells in Sleepless Hens"
    assert (study.brief_title, study.acronym, study.public_title) == ("Bluebells for Hens", "HENSLEEP", None)
    assert (study.sponsor.name, study.sponsor.kind) == ("Meadow Pharma", PartyKind.INDUSTRY)
    assert [i.kind for i in study.identifiers] == [IdentifierKind.SPONSOR, IdentifierKind.NCT]


def test_the_design_has_its_phase_type_masking_and_target():
    study = read(usdm_4())
    assert (study.phase, study.study_type) == (Phase.II, StudyType.INTERVENTIONAL)
    assert (study.masking, study.allocation, study.intervention_model) == ("DOUBLE", "RANDOMIZED", "PARALLEL")
    assert study.planned_enrolment == 120
    assert (study.therapeutic_areas, study.conditions) == (("Sleep",), ("Insomnia",))
    assert [arm.kind for arm in study.arms] == [ArmKind.EXPERIMENTAL, ArmKind.PLACEBO_COMPARATOR]


def test_epochs_and_activities_are_in_the_order_of_their_chain():
    study = read(usdm_4())
    assert [(epoch.key, epoch.order) for epoch in study.epochs] == [("EP1", 1), ("EP2", 2)]
    assert [activity.key for activity in study.activities] == ["A1", "A2", "A3"]


def test_planned_visits_have_day_window_mode_and_activities():
    study = read(usdm_4())
    assert names(study) == ["Screening", "Day 1", "Week 4"]
    assert days(study) == [-7, 0, 28]
    last = study.planned_visits[2]
    assert (last.key, last.window_before_days, last.window_after_days) == ("I3", 3, 5)
    assert last.contact_modes == (ContactMode.TELEPHONE,)
    assert last.environmental_settings == ("Clinic",)
    assert [visit.kind for visit in study.planned_visits[:2]] == [VisitKind.SCREENING, VisitKind.TREATMENT]
    assert study.planned_visits[1].activity_keys == ("A2", "A3")
    assert study.planned_visits[0].window_before_days is None


def test_outcomes_come_primary_first():
    levels = [(outcome.level, outcome.measure) for outcome in read(usdm_4()).outcomes]
    assert levels == [(OutcomeLevel.PRIMARY, "Hours of sleep"), (OutcomeLevel.SECONDARY, "Snoring")]


def test_an_amendment_is_substantial_when_one_of_its_impacts_is():
    (found,) = read(usdm_4()).amendments
    assert (found.number, found.reason, found.substantial) == ("1", "IRB/IEC Feedback", True)
    assert found.summary == "More hens & fewer foxes"
    assert found.date.on == datetime.date(2024, 5, 1)


def test_amendments_follow_their_chain_from_the_oldest():
    document = usdm_4()
    version_of(document)["amendments"] = [amendment("2", previousId="AM1"), amendment("1", previousId=None)]
    assert [found.number for found in read(document).amendments] == ["1", "2"]


def test_an_amendment_without_impacts_does_not_claim_to_be_unsubstantial():
    document = usdm_4()
    version_of(document)["amendments"] = [amendment("1", impacts=[])]
    assert read(document).amendments[0].substantial is None


def test_governance_dates_do_not_say_whether_they_were_planned():
    (milestone,) = read(usdm_4()).milestones
    assert (milestone.kind, milestone.date_kind) == (MilestoneKind.PROTOCOL_APPROVAL, DateKind.NOT_STATED)


def test_countries_come_from_the_scopes_and_a_region_is_listed():
    document = usdm_4()
    version_of(document)["amendments"][0]["geographicScopes"].append(scope("Region", "150", "Europe"))
    study = read(document)
    assert [country.code for country in study.countries] == ["FR"]
    assert '"Europe" is a region' in notes(study)


def test_protocol_versions_take_status_and_date_from_the_document():
    document = usdm_4()
    version_of(document)["documentVersionIds"] = ["DV1"]
    effective = date("C215663", "Effective Date", "2024-04-01")
    document["study"]["documentedBy"] = [
        {
            "id": "DOC",
            "versions": [
                {"id": "DV1", "version": "3.0", "status": code("C25508", "Final"), "dateValues": [effective]},
                {"id": "DV0", "version": "1.0", "status": code("C63553", "Obsolete"), "dateValues": []},
            ],
        }
    ]
    document_version, study_version = read(document).protocol_versions
    assert (document_version.version, document_version.status, study_version.version) == ("3.0", "Final", "3")
    assert document_version.date.text == "2024-04-01"


# --- version 3, other spellings ------------------------------------------------------------------


def as_version_3(document):
    document["usdmVersion"] = "3.0"
    version, design = version_of(document), design_of(document)
    sponsor, registry = version.pop("organizations")
    version.pop("roles")
    for organization, words in ((sponsor, "Clinical Study Sponsor"), (registry, "Study Registry")):
        organization.pop("type")
        number = "C70793" if organization is sponsor else "C93453"
        organization["organizationType"] = code(number, words)
    version["studyIdentifiers"] = [
        {"id": "N1", "studyIdentifier": "MEA-101", "studyIdentifierScope": sponsor},
        {"id": "N2", "studyIdentifier": "NCT00000101", "studyIdentifierScope": registry},
    ]
    version["studyPhase"], version["studyType"] = design.pop("studyPhase"), design.pop("studyType")
    design["interventionModel"] = design.pop("model")
    design["instanceType"] = "StudyDesign"
    design["population"]["plannedEnrollmentNumber"] = {"minValue": 120.0, "maxValue": 120.0}
    for visit in design["encounters"]:
        visit["environmentalSetting"] = visit.pop("environmentalSettings")
    for change in version["amendments"]:
        change.pop("impacts")
        change["substantialImpact"] = True
    return document


def test_version_3_says_the_same_study():
    older, newer = read(as_version_3(usdm_4())), read(usdm_4())
    assert older.source is Source.USDM_3
    for field in (
        "phase",
        "study_type",
        "enrolment",
        "protocol_number",
        "planned_visits",
        "amendments",
        "epochs",
    ):
        assert getattr(older, field) == getattr(newer, field), field
    assert notes(older) == ""


def test_a_file_whose_version_and_shape_disagree_is_read_by_shape_and_says_so():
    study = read({**usdm_4(), "usdmVersion": "3.11.0"})
    assert study.source is Source.USDM_4
    assert '/usdmVersion The file says USDM "3.11.0"' in notes(study)


def test_a_study_without_its_wrapper_is_read():
    study = read(usdm_4()["study"])
    assert study.name == "HENS"
    assert "does not say its USDM version" in notes(study)


def test_title_types_are_known_by_old_codes_and_by_a_term_written_as_code():
    document = usdm_4()
    version_of(document)["titles"] = [
        {"text": "Old official", "type": {"code": "C99905x2", "decode": ""}},
        {"text": "Brief by word", "type": {"code": "Brief Study Title", "decode": None}},
        {"text": "Lay", "type": "Public Study Title"},
        {"text": "House title", "type": code("HOUSE", "Kitchen title")},
    ]
    study = read(document)
    assert (study.official_title, study.brief_title, study.public_title) == (
        "Old official",
        "Brief by word",
        "Lay",
    )
    assert '"Kitchen title" was left out: "House title"' in notes(study)


@pytest.mark.parametrize(
    ("number", "words", "phase"),
    [
        ("C15602", "Phase III Trial", Phase.III),
        ("", "Phase 1/Phase 2", Phase.I_II),
        ("", "Phase IIb Trial", Phase.II),
        ("C15694", "", Phase.II_III),
        ("", "PHASE3", Phase.III),
        ("C48660", "Not Applicable", Phase.NOT_APPLICABLE),
        ("C54721", "Phase 0 Trial", Phase.EARLY_1),
    ],
)
def test_phases_are_known_by_code_or_words(number, words, phase):
    document = usdm_4()
    design_of(document)["studyPhase"] = alias(number, words)
    assert read(document).phase is phase


@pytest.mark.parametrize(("number", "words"), [("C15602", "Phase IIb Trial"), ("C1", "Phase of the moon")])
def test_a_phase_that_contradicts_itself_or_is_unknown_is_left_open(number, words):
    document = usdm_4()
    design_of(document)["studyPhase"] = alias(number, words)
    study = read(document)
    assert study.phase is None
    assert "/study/versions/0/studyDesigns/0/studyPhase/standardCode" in notes(study)


@pytest.mark.parametrize("said", ["4.0", "4", 4, 4.0, "v4.0.0", "USDM 4.0"])
def test_the_version_may_be_written_in_several_ways(said):
    study = read({**usdm_4(), "usdmVersion": said})
    assert (study.source, notes(study)) == (Source.USDM_4, "")


@pytest.mark.parametrize(
    "planned", [120, {"value": 120}, {"minValue": {"value": 120}, "maxValue": {"value": 120}}]
)
def test_the_target_may_be_a_number_a_quantity_or_a_range_of_one(planned):
    document = usdm_4()
    design_of(document)["population"]["plannedEnrollmentNumber"] = planned
    assert read(document).planned_enrolment == 120


def test_the_reason_of_an_amendment_may_be_the_code_itself_or_free_text():
    document = usdm_4()
    version_of(document)["amendments"] = [
        amendment("1", primaryReason=code("C207605", "IRB/IEC Feedback")),
        amendment("2", primaryReason={"code": code("C17649", "Other"), "otherReason": "Foxes"}),
    ]
    assert [found.reason for found in read(document).amendments] == ["IRB/IEC Feedback", "Foxes"]


# --- sponsor -------------------------------------------------------------------------------------


def test_a_site_mistyped_as_sponsor_does_not_hide_the_sponsor():
    document = usdm_4()
    version = version_of(document)
    version["roles"] = []
    version["organizations"][0]["type"] = code("C70793", "Clinical Study Sponsor")
    version["organizations"].append(
        {"id": "O3", "name": "Barn", "type": code("C70793", "Clinical Study Sponsor")}
    )
    assert read(document).sponsor.name == "Meadow Pharma"


def test_two_possible_sponsors_are_listed_and_none_is_taken():
    document = usdm_4()
    version = version_of(document)
    version["roles"][0]["organizationIds"] = ["O1", "O2"]
    study = read(document)
    assert study.sponsor is None
    assert study.protocol_number is None
    assert 'none was taken: "Meadow Pharma", "CT-GOV"' in notes(study)


# --- days ----------------------------------------------------------------------------------------


def test_days_are_found_through_chains_in_both_directions():
    document = usdm_4()
    timeline_of(document)["timings"] = [
        timing(2, "After", "P2D", 1),
        timing(2, "Before", "P10D", 3, id="T9"),
        timing(3, "Fixed Reference", "P1D", 3),
    ]
    assert days(read(document)) == [-12, -10, 0]


@pytest.mark.parametrize("value", ["P1M", "P1Y", "4 weeks", "", "P", "P9999999D"])
def test_a_timing_that_is_no_fixed_number_of_days_leaves_the_visit_without_day(value):
    document = usdm_4()
    timeline_of(document)["timings"][2]["value"] = value
    study = read(document)
    assert days(study) == [-7, 0, None]
    assert '/instances/2 The planned visit "Week 4" has no day' in notes(study)


def test_hours_stay_on_their_day_and_are_said():
    document = usdm_4()
    timeline_of(document)["timings"][0]["value"] = "PT8H"
    timeline_of(document)["timings"][2]["value"] = "P3DT36H"
    study = read(document)
    assert days(study) == [0, 0, 4]
    assert '"Screening" lies 8 hours off its day' in notes(study)
    assert '"Week 4" lies 12 hours off its day' in notes(study)


def test_no_hours_at_all_is_nothing_to_say():
    document = usdm_4()
    timeline_of(document)["timings"][0]["value"] = "PT0M"
    assert notes(read(document)) == ""


def test_before_with_a_negative_value_says_the_same_twice():
    document = usdm_4()
    timeline_of(document)["timings"][0]["value"] = "-P1W"
    assert days(read(document)) == [-7, 0, 28]


def test_after_with_a_negative_value_says_two_things_and_is_listed():
    document = usdm_4()
    timeline_of(document)["timings"][2]["value"] = "-P4W"
    study = read(document)
    assert days(study)[2] is None
    assert "says After and has a negative value" in notes(study)


def test_timings_that_contradict_each_other_leave_the_visit_and_what_hangs_on_it_without_day():
    document = usdm_4()
    timeline = timeline_of(document)
    timeline["instances"][2]["defaultConditionId"] = "I4"
    timeline["instances"].append(instance(4))
    design_of(document)["encounters"].append(encounter(4, "Week 5"))
    timeline["timings"] += [timing(3, "After", "P5W", 2, id="T9"), timing(4, "After", "P1W", 3)]
    study = read(document)
    assert days(study) == [-7, 0, None, None]
    assert "/timings/3 The timing" in notes(study)
    assert "contradict each other" in notes(study)


def test_the_same_thing_said_by_two_timings_is_no_contradiction():
    document = usdm_4()
    timeline_of(document)["timings"].append(timing(3, "After", "P28D", 2, id="T9"))
    assert days(read(document)) == [-7, 0, 28]


def test_a_circle_of_timings_has_no_days():
    document = usdm_4()
    timeline_of(document)["timings"] = [
        timing(1, "After", "P1D", 3),
        timing(2, "Fixed Reference", "P1D", 2),
        timing(3, "After", "P1D", 1),
    ]
    study = read(document)
    assert days(study) == [None, 0, None]
    assert "does not chain to the fixed reference" in notes(study)


def test_a_timeline_without_fixed_reference_has_no_days():
    document = usdm_4()
    timeline_of(document)["timings"].pop(1)
    study = read(document)
    assert days(study) == [None, None, None]
    assert notes(study).count("no fixed reference to count from") == 3


def test_a_second_fixed_reference_is_listed():
    document = usdm_4()
    timeline_of(document)["timings"][2] = timing(3, "Fixed Reference", "P29D", 3)
    study = read(document)
    assert days(study) == [-7, 0, None]
    assert "second fixed reference" in notes(study)


@pytest.mark.parametrize(
    ("lower", "upper", "before", "after"),
    [
        ("P3D", "P3D", 3, 3),
        ("P0D", "P26D", 0, 26),
        ("-P2D", "P1W", 2, 7),
        ("P-2D", "+P2D", 2, 2),
        ("", None, None, None),
        (None, "P1D", None, 1),
        ("PT4H", "PT0H", 0, 0),
        ("P1M", "P2D", None, 2),
        ("P3D", "-P1D", 3, None),
        (3, "P2D", None, 2),
    ],
)
def test_windows_are_days_on_either_side(lower, upper, before, after):
    document = usdm_4()
    timeline_of(document)["timings"][2] |= {"windowLower": lower, "windowUpper": upper}
    visit = read(document).planned_visits[2]
    assert (visit.window_before_days, visit.window_after_days) == (before, after)


def test_a_window_that_was_not_taken_whole_is_listed():
    for lower in ("PT4H", "P1M", "+P2D", 3):
        document = usdm_4()
        timeline_of(document)["timings"][2]["windowLower"] = lower
        assert "/timings/2/windowLower" in notes(read(document)), lower


# --- schedule ------------------------------------------------------------------------------------


def test_visits_are_in_schedule_order_not_in_the_order_of_the_file():
    document = usdm_4()
    timeline_of(document)["instances"].reverse()
    assert names(read(document)) == ["Screening", "Day 1", "Week 4"]


def test_one_encounter_at_two_instances_is_two_visits_with_different_names():
    document = usdm_4()
    timeline_of(document)["instances"][2]["encounterId"] = "E2"
    study = read(document)
    assert names(study) == ["Screening", "Day 1", "Instance 3"]
    assert 'The encounter "Week 4" is not in the main schedule' in notes(study)


def test_names_stay_distinguishable_when_the_instance_says_the_same():
    document = usdm_4()
    for entry in timeline_of(document)["instances"]:
        entry |= {"encounterId": "E2", "label": "Day 1", "name": "Day 1"}
    assert len(set(names(read(document)))) == 3


def test_a_decision_is_listed_and_its_default_is_followed():
    document = usdm_4()
    timeline = timeline_of(document)
    timeline["instances"][1]["defaultConditionId"] = "D1"
    timeline["instances"].append(
        {
            "id": "D1",
            "name": "Rash?",
            "instanceType": "ScheduledDecisionInstance",
            "defaultConditionId": "I3",
            "conditionAssignments": [{"condition": "major rash", "conditionTargetId": "I2"}],
        }
    )
    study = read(document)
    assert names(study) == ["Screening", "Day 1", "Week 4"]
    assert '/instances/3 The decision "Rash?" is not planned: "major rash" leads to "Instance 2"' in notes(
        study
    )


def test_an_instance_behind_a_decision_stands_at_the_end_and_is_listed():
    document = usdm_4()
    timeline = timeline_of(document)
    timeline["instances"][1] |= {"defaultConditionId": "D1"}
    timeline["instances"].insert(0, instance(4))
    design_of(document)["encounters"].append(encounter(4, "Rescue"))
    timeline["instances"].append(
        {
            "id": "D1",
            "name": "Rash?",
            "instanceType": "ScheduledDecisionInstance",
            "defaultConditionId": "I3",
            "conditionAssignments": [{"condition": "rash", "conditionTargetId": "I4"}],
        }
    )
    study = read(document)
    assert names(study)[-1] == "Rescue"
    assert 'only reached through the decision "Rash?"' in notes(study)


def test_an_instance_nothing_leads_to_is_a_visit_and_listed():
    document = usdm_4()
    timeline_of(document)["instances"].insert(0, instance(4))
    design_of(document)["encounters"].append(encounter(4, "Lost"))
    study = read(document)
    assert names(study)[-1] == "Lost"
    assert "is not reached from the entry" in notes(study)


def test_a_schedule_that_goes_back_is_not_expanded():
    document = usdm_4()
    timeline_of(document)["instances"][2]["defaultConditionId"] = "I2"
    study = read(document)
    assert len(study.planned_visits) == 3
    assert "repeats are not expanded" in notes(study)


def test_instances_without_any_link_keep_the_order_of_the_file():
    document = usdm_4()
    for entry in timeline_of(document)["instances"]:
        entry["defaultConditionId"] = None
    study = read(document)
    assert names(study) == ["Screening", "Day 1", "Week 4"]
    assert notes(study).count("not linked to each other") == 1


def test_an_instance_without_encounter_is_no_visit_and_listed_with_its_activities():
    document = usdm_4()
    timeline_of(document)["instances"][1]["encounterId"] = None
    study = read(document)
    assert (names(study), days(study)) == (["Screening", "Week 4"], [-7, 28])
    assert "is therefore no planned visit; its 2 activities were left out" in notes(study)


def test_a_bare_anchor_without_encounter_is_nothing_to_list():
    document = usdm_4()
    timeline_of(document)["instances"][1] |= {"encounterId": None, "activityIds": []}
    study = read(document)
    assert days(study) == [-7, 28]
    assert "Instance 2" not in notes(study)


def test_a_group_is_no_activity_of_a_visit():
    document = usdm_4()
    design_of(document)["activities"][0]["childIds"] = ["A2"]
    study = read(document)
    by_key = {activity.key: activity for activity in study.activities}
    assert by_key["A1"].is_group
    assert by_key["A2"].group_key == "A1"
    assert study.planned_visits[0].activity_keys == ()
    assert 'lists the group "A1"' in notes(study)


def test_another_timeline_with_visits_is_listed_and_the_detail_of_an_activity_is_not():
    document = usdm_4()
    detail = {
        "id": "TL2",
        "name": "Blood pressure",
        "mainTimeline": False,
        "timings": [],
        "instances": [{"id": "X1", "instanceType": "ScheduledActivityInstance", "activityIds": []}],
    }
    home = {**detail, "id": "TL3", "name": "Home visits", "instances": [{"id": "X2", "encounterId": "E1"}]}
    design_of(document)["activities"][0]["timelineId"] = "TL2"
    design_of(document)["activities"][1]["timelineId"] = "TL3"
    design_of(document)["scheduleTimelines"] += [detail, home]
    said = notes(read(document))
    assert 'The timeline "Home visits" has 1 visits of its own' in said
    assert "Blood pressure" not in said


def test_references_that_lead_nowhere_are_listed():
    document = usdm_4()
    timeline_of(document)["instances"][0] |= {
        "encounterId": "E9",
        "epochId": "EP9",
        "activityIds": ["A9", "A1"],
    }
    study = read(document)
    assert study.planned_visits[0].name == "Instance 1"
    assert study.planned_visits[0].epoch_key is None
    assert study.planned_visits[0].activity_keys == ("A1",)
    for place in ("encounterId", "epochId", "activityIds"):
        assert f"/instances/0/{place}" in notes(study)


def test_a_broken_chain_of_epochs_keeps_the_order_of_the_file():
    document = usdm_4()
    design_of(document)["epochs"][1]["nextId"] = "EP1"
    design_of(document)["epochs"][0]["previousId"] = "EP2"
    study = read(document)
    assert [epoch.key for epoch in study.epochs] == ["EP2", "EP1"]
    assert 'The order of "epochs" is broken' in notes(study)


# --- choices -------------------------------------------------------------------------------------


def test_of_several_versions_the_latest_is_read_and_the_others_are_listed():
    document = usdm_4()
    older = {
        **version_of(document),
        "id": "V0",
        "versionIdentifier": "2",
        "dateValues": [date("C71476", "Approval Date", "2023-01-01")],
        "amendments": [],
    }
    document["study"]["versions"].append(older)
    study = read(document)
    assert len(study.amendments) == 1
    assert 'was read because it has the latest date; left out: "2"' in notes(study)


def test_of_several_designs_the_first_is_read_and_the_others_are_listed():
    document = usdm_4()
    version_of(document)["studyDesigns"].append({"id": "DES2", "name": "Sub-study"})
    assert '/studyDesigns/1 The file has several designs; the first was read and "Sub-study"' in notes(
        read(document)
    )


@pytest.mark.parametrize(
    "planned", [{"minValue": 10, "maxValue": 20}, {"value": 10.5}, {"value": None}, {"value": -1}]
)
def test_a_target_that_is_not_one_number_is_left_out(planned):
    document = usdm_4()
    design_of(document)["population"]["plannedEnrollmentNumber"] = planned
    study = read(document)
    assert study.enrolment is None
    assert "plannedEnrollmentNumber" in notes(study)


def test_a_study_without_design_still_has_its_version():
    document = usdm_4()
    version_of(document)["studyDesigns"] = []
    study = read(document)
    assert (study.protocol_number, study.planned_visits) == ("MEA-101", ())
    assert "The study has no design" in notes(study)


# --- refusals ------------------------------------------------------------------------------------


def breaking(path, value):
    document = usdm_4()
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return document


VERSION = ("study", "versions", 0)
DESIGN = (*VERSION, "studyDesigns", 0)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("study",), None),
        (("study",), "HENS"),
        (("study", "versions"), []),
        (("study", "versions"), "1"),
        (("study", "name"), 5),
        ((*VERSION, "titles"), "A title"),
        ((*VERSION, "titles", 0, "text"), 42),
        ((*VERSION, "titles", 0), "A title"),
        ((*VERSION, "studyIdentifiers"), {"text": "MEA-101"}),
        ((*VERSION, "studyDesigns"), {"id": "DES1"}),
        ((*DESIGN, "arms"), 2),
        ((*DESIGN, "population"), [120]),
        ((*DESIGN, "scheduleTimelines", 0, "instances", 0, "activityIds"), "A1"),
        ((*VERSION, "titles", 0, "text"), "half \ud800 a pair"),
        ((*VERSION, "titles", 0, "text"), "nul \x00"),
        (("usdmVersion",), "5.0"),
        (("usdmVersion",), "2.0"),
        (("usdmVersion",), ["4.0"]),
    ],
)
def test_a_structure_of_the_wrong_type_is_refused_with_its_place(path, value):
    with pytest.raises(StudyFileRefused) as refused:
        read(breaking(path, value))
    assert refused.value.place == "".join(f"/{step}" for step in path)
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize("value", [7, ["x"], {"a": 1}, True])
def test_a_detail_of_the_wrong_type_is_left_out_and_listed(value):
    study = read(breaking((*DESIGN, "encounters", 0, "label"), value))
    assert names(study)[0] == "ENC1"
    assert "/encounters/0/label" in notes(study)


def test_an_empty_entry_of_a_list_is_left_out_and_listed():
    study = read(breaking((*DESIGN, "arms", 0), None))
    assert [arm.key for arm in study.arms] == ["ARM2"]
    assert '/arms/0 An entry of "arms" is empty' in notes(study)
