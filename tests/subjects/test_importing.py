"""Files bring subjects and visits whole, twice without change, and never write over what a person changed."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.imports.models import ImportRun
from subjects.imports import BroughtFile, FileRefused, bring_files
from subjects.models import Subject, SubjectVisit
from tests.subjects.conftest import after
from tests.subjects.files import SUBJECTS, VISITS, as_csv, as_json, as_xlsx, as_xpt, sdtm, sheets


def bring(cast, files, by="lena", **more):
    return bring_files(actor=cast.people[by], study=cast.vel, files=files, now=timezone.now(), **more)


def standing(cast):
    with everything("the test looks at all of it"):
        subjects = Subject.objects.filter(study=cast.vel).order_by("number")
        visits = SubjectVisit.objects.filter(study=cast.vel).order_by("subject__number", "name", "pk")
        return (
            list(
                subjects.values_list(
                    "number", "site__number", "status", "consented_on", "first_dose_on", "ended_on"
                )
            ),
            list(visits.values_list("subject__number", "name", "kind", "status", "occurred_on")),
        )


def file(name, rows):
    return BroughtFile(name, as_csv(rows))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_sheets_come_in_and_coming_again_change_nothing(clinic, cast, kind):
    report = bring(cast, sheets(kind))
    assert report.errors == []
    assert report.counts["subjects"] == {"created": 3}
    assert report.counts["visits"] == {"created": 5}
    subjects, visits = once = standing(cast)
    assert [(row[0], row[1], row[2]) for row in subjects] == [
        ("1001-001", "1001", "IN_SCREENING"),
        ("2003-001", "2003", "ON_TREATMENT"),
        ("2003-002", "2003", "COMPLETED"),
    ]
    assert ("2003-002", "Week 2", "SCHEDULED", "MISSED", None) in visits
    assert ("2003-001", "Week 4", "SCHEDULED", "PLANNED", None) in visits, "what is ahead is planned"
    assert ImportRun.objects.count() == 2
    report = bring(cast, sheets(kind))
    assert (report.errors, report.unchanged) == ([], True)
    assert standing(cast) == once


def test_all_sdtm_formats_say_the_same(clinic, cast):
    bring(cast, sdtm("xpt"))
    once = standing(cast)
    assert [(row[0], row[2]) for row in once[0]] == [
        ("001", "ON_TREATMENT"),
        ("002", "SCREEN_FAILED"),
        ("003", "DIED"),
    ]
    assert ("001", "UNSCHEDULED 2.1", "UNSCHEDULED", "OCCURRED") in [row[:4] for row in once[1]]
    for kind in ("json", "ndjson", "csv"):
        report = bring(cast, sdtm(kind))
        assert (report.errors, report.unchanged) == ([], True), kind
        assert standing(cast) == once


def test_one_wrong_row_keeps_the_whole_out(clinic, cast):
    rows = [*SUBJECTS, ["2003-009", "9999", "F", "30", "2026-01-12", "", "", "", "", ""],
            ["2003-010", "2003", "F", "30", "2026-01-12", "2026-01-02", "", "", "", ""],
            ["2003-011", "2003", "F", "30", "2199-01-12", "", "", "", "", ""]]  # fmt: skip
    report = bring(cast, [file("subjects.csv", rows)])
    assert [(problem.row, problem.source) for problem in report.errors] == [
        (5, "subjects.csv"), (6, "subjects.csv"), (7, "subjects.csv"),
    ]  # fmt: skip
    assert "no site of this study" in report.errors[0].sentence
    assert "lies before" in report.errors[1].sentence
    assert standing(cast) == ([], [])


def test_a_rehearsal_tells_everything_and_writes_nothing(clinic, cast):
    report = bring(cast, sheets("csv"), dry_run=True)
    assert report.counts["visits"] == {"created": 5}
    assert standing(cast) == ([], [])
    assert ImportRun.objects.count() == 0


@pytest.mark.parametrize(
    "header",
    ["Name", "First name", "Initials", "Subject initials", "Date of birth", "DOB", "BRTHDTC", "Address", "MRN",
     "E-mail", "Phone", "Patient name", "National ID", "Passport number"],
)  # fmt: skip
def test_a_column_that_says_who_a_person_is_refuses_the_file(clinic, cast, header):
    rows = [[*SUBJECTS[0], header], [*SUBJECTS[1], "x"]]
    for data in (as_csv(rows), as_xlsx(rows)):
        with pytest.raises(FileRefused, match="says who a person is"):
            bring(cast, [BroughtFile("subjects", data)])
    assert standing(cast) == ([], [])


def test_birth_dates_in_sdtm_refuse_the_file_and_an_empty_column_does_not(clinic, cast):
    columns, rows = (
        ["DOMAIN", "USUBJID", "SITEID", "RFICDTC", "BRTHDTC"],
        ["DM", "T1-001", "2003", "2026-01-12"],
    )
    for write in (as_json, as_xpt):
        with pytest.raises(FileRefused, match="BRTHDTC"):
            bring(cast, [BroughtFile("dm", write("dm", columns, [[*rows, "1960-01-01"]]))])
    assert bring(cast, [BroughtFile("dm", as_json("dm", columns, [[*rows, ""]]))]).errors == []


def test_an_e_mail_in_any_cell_refuses_the_file(clinic, cast):
    with pytest.raises(FileRefused, match="e-mail"):
        bring(cast, [file("subjects.csv", [[*SUBJECTS[0], "Remark"], [*SUBJECTS[1], "maria@example.org"]])])


def test_a_name_in_place_of_a_number_is_an_error_of_its_row(clinic, cast):
    report = bring(cast, [file("subjects.csv", [SUBJECTS[0], ["Maria Lopez", *SUBJECTS[1][1:]]])])
    assert "names stay at the site" in report.errors[0].sentence
    assert standing(cast) == ([], [])


def test_what_a_person_changed_here_stays_and_is_reported(clinic, cast):
    bring(cast, sheets("csv"))
    subject = Subject.objects.visible_to(cast.carla).get(number="2003-001")
    with acting_as(cast.carla, reason="Source corrected"):
        subject.age_at_consent = 62
        subject.save()
    changed = [[*row] for row in SUBJECTS]
    changed[1][2], changed[1][3] = "M", "63"
    report = bring(cast, [file("subjects.csv", changed)])
    subject = clinic.again(subject)
    assert (subject.sex, subject.age_at_consent) == ("M", 62), "the feed's own value follows the feed"
    assert any("62 here and 63 in the file" in note for note in report.notes)
    visit = SubjectVisit.objects.visible_to(cast.carla).get(subject=subject, name="Day 1")
    clinic.move(visit, "correct_day", happened_on=after(-30), reason="Source corrected")
    report = bring(cast, [file("visits.csv", VISITS)])
    assert any("by hand" in note for note in report.notes)
    visit.refresh_from_db()
    assert visit.occurred_on == after(-30)


def test_the_feed_moves_its_subjects_on_and_corrects_its_own_days(clinic, cast):
    bring(cast, sheets("csv"))
    rows = [[*row] for row in SUBJECTS]
    rows[3][5], rows[3][6] = "2026-01-28", "2026-01-28"
    rows[1][5] = "2026-01-25"
    report = bring(cast, [file("subjects.csv", rows)])
    assert (report.errors, report.counts["subjects"]["updated"]) == ([], 2)
    with everything("the test looks at all of it"):
        told = dict(Subject.objects.filter(study=cast.vel).values_list("number", "status"))
        moved = Subject.objects.get(study=cast.vel, number="2003-001")
    assert told["1001-001"] == "ON_TREATMENT"
    assert moved.randomised_on.isoformat() == "2026-01-25"
    visits = [[*row] for row in VISITS]
    visits[2][2] = "2026-01-27"
    report = bring(cast, [file("visits.csv", visits)])
    assert (report.errors, report.counts["visits"]) == ([], {"unchanged": 4, "updated": 1})


def test_who_works_at_one_site_brings_to_that_site_only(clinic, cast):
    report = bring(cast, sheets("csv"), by="carla")
    assert [problem.row for problem in report.errors] == [4]
    assert "no site of this study where you bring subjects" in report.errors[0].sentence
    mine = [row for row in SUBJECTS if not row[0].startswith("1001")]
    assert bring(cast, [file("subjects.csv", mine)], by="carla").errors == []
    for who in ("paula", "fiona", "sam", "stella", "pavel", "quentin"):
        with pytest.raises(PermissionDenied):
            bring(cast, sheets("csv"), by=who)


def test_the_command_brings_files_and_says_what_it_did(clinic, cast, tmp_path, capsys):
    paths = []
    for one in sdtm("xpt"):
        path = tmp_path / one.name
        path.write_bytes(one.data)
        paths.append(str(path))
    call_command("import_subjects", "VEL-301", *paths, "--dry-run")
    assert "nothing was written" in capsys.readouterr().out
    assert standing(cast) == ([], [])
    call_command("import_subjects", "VEL-301", *paths)
    assert "Subjects: 3 created." in capsys.readouterr().out
    with pytest.raises(CommandError, match="You are here as"):
        call_command("import_subjects", "VEL-301", *paths, "--as", "paula")
    with pytest.raises(CommandError, match="no study"):
        call_command("import_subjects", "NONE-1", *paths)


def test_missing_sites_are_made_where_asked_for_and_allowed(clinic, cast):
    rows = [[*SUBJECTS[0], "Country"], ["2009-001", "2009", *SUBJECTS[1][2:], "Spain"]]
    system = User.objects.system()
    files = [file("subjects.csv", rows)]
    assert bring_files(actor=system, study=cast.vel, files=files, now=timezone.now()).errors
    report = bring_files(actor=system, study=cast.vel, files=files, now=timezone.now(), make_sites=True)
    assert (report.errors, report.counts["sites"]["created"]) == ([], 1)
    with pytest.raises(PermissionDenied):
        bring(cast, files, make_sites=True)


def test_what_is_learned_late_is_added_and_who_left_is_due_nothing_new(clinic, cast):
    """DS with the randomisations comes after the subjects who died or left were taken over."""
    bring(cast, sdtm("json"))
    columns, before = ["DOMAIN", "USUBJID", "DSDECOD", "DSCAT", "DSSTDTC"], standing(cast)[1]
    milestone = ["DS", "T1-003", "RANDOMIZED", "PROTOCOL MILESTONE", "2026-01-27"]
    report = bring(cast, [BroughtFile("ds", as_json("ds", columns, [milestone]))])
    assert (report.errors, report.counts["subjects"]) == ([], {"updated": 1})
    subject = Subject.objects.visible_to(cast.lena).get(number="003")
    assert (subject.status, subject.randomised_on.isoformat()) == ("DIED", "2026-01-27")
    assert standing(cast)[1] == before


def test_visits_without_their_column_of_days_are_refused(clinic, cast):
    bring(cast, sdtm("json"))
    with pytest.raises(FileRefused, match="SVSTDTC"):
        bring(
            cast, [BroughtFile("sv", as_json("sv", ["DOMAIN", "USUBJID", "VISIT"], [["SV", "T1-001", "X"]]))]
        )


def test_a_day_entered_here_before_the_feed_spoke_of_it_stays(clinic, cast):
    subject = clinic.treated("2003-001")
    visit = clinic.move(clinic.visits(subject)["Day 1"], "occur", happened_on=after(14))
    report = bring(cast, [file("visits.csv", [VISITS[0], ["2003-001", "Day 1", "2026-03-20", "Occurred"]])])
    visit.refresh_from_db()
    assert (report.errors, visit.occurred_on) == ([], after(14))
    assert any("by hand" in note for note in report.notes)
