"""Sheets of rows come in whole or not at all, with an error for each cell that is none."""

import datetime
import io

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.imports.models import ImportRun
from ctms.imports.table import LARGEST_BYTES, SheetRefused, read_table
from studies.imports import MilestoneSheet
from studies.models import Milestone

HEADER = "Name,Kind,Country,Site,Planned,Baseline,Actual\n"


def csv(*lines):
    return (HEADER + "\n".join(lines)).encode()


def workbook(*rows, formulas=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell, formula in formulas:
        book.active[cell] = formula
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def bring(cast, data, *, actor=None, **options):
    actor = actor or cast.fresh("paula")
    return MilestoneSheet(cast.vel).bring(actor=actor, data=data, file_name="dates.csv", **options)


def milestones(study):
    with everything("a test looks at all that was written"):
        return list(Milestone.objects.filter(study=study).order_by("pk"))


def sentences(report):
    return [str(error) for error in report.errors]


# --- tables -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_separates_cells_and_how_letters_are_written_is_seen(delimiter, encoding):
    text = f'Name{delimiter}Ort\r\n"a{delimiter}b"{delimiter}Köln\r\n'
    table = read_table(text.encode(encoding))
    assert table.rows == [(1, ["Name", "Ort"]), (2, [f"a{delimiter}b", "Köln"])]
    assert bool(table.notes) is (encoding == "cp1252")


def test_the_line_that_tells_excel_the_separator_is_no_row():
    assert read_table(b"sep=;\na;b\n1,5;2\n").rows == [(2, ["a", "b"]), (3, ["1,5", "2"])]


def test_empty_rows_keep_the_numbers_of_the_others():
    assert [number for number, _cells in read_table(b"a,b\n,\n\n1,2\n").rows] == [1, 4]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \n ",
        b"PK\x03\x04 no archive",
        b"\x00\x01\x02" * 90,
        b'a,b\n"open,2\n',
        b"x" * (LARGEST_BYTES + 1),
    ],
    ids=["nothing", "blank", "no archive", "bytes", "open quotation", "too large"],
)
def test_a_file_that_is_no_table_is_refused_with_a_sentence(data):
    with pytest.raises(SheetRefused) as refused:
        read_table(data)
    assert refused.value.message.endswith(".")


def test_cells_of_a_workbook_are_what_a_person_sees():
    rows = read_table(workbook(["a", "b", "c", "d"], [3.0, 2.5, datetime.datetime(2026, 2, 1), True])).rows
    assert rows[1] == (2, [3, 2.5, datetime.date(2026, 2, 1), True])


def test_a_formula_without_a_saved_result_is_an_error_of_its_cell():
    rows = read_table(workbook(["a"], ["x"], formulas=[("A2", "=1+1")])).rows
    assert "formula" in rows[1][1][0].sentence


# --- milestones as a sheet --------------------------------------------------------------------------------


def test_milestones_come_in_and_a_second_time_nothing_changes(cast):
    data = csv(
        "First subject in,,,,2026-03-01,2026-02-01,2025-03-02",
        "Site initiation,SITE_INITIATION,,2003,2026-04-01,,",
        "Approval,First regulatory approval,ES,,2026-01-15,,",
    )
    report = bring(cast, data)
    assert sentences(report) == []
    assert report.counts == {"created": 3}
    first, initiation, approval = milestones(cast.vel)
    assert (first.kind, first.status, first.actual_on) == (
        "FIRST_SUBJECT_IN", "COMPLETED", datetime.date(2025, 3, 2),
    )  # fmt: skip
    assert (initiation.site, initiation.country) == (cast.madrid, cast.spain)
    assert (approval.country, approval.kind) == (cast.spain, "FIRST_APPROVAL")
    again = bring(cast, data)
    assert again.counts == {"unchanged": 3}
    assert again.unchanged
    with everything("history"):
        assert first.events.last().pgh_context["reason"] == "dates.csv"
    assert [run.created for run in ImportRun.objects.order_by("pk")] == [{"milestones": 3}, {}]


def test_a_changed_date_is_an_update_and_an_empty_one_changes_nothing(cast):
    bring(cast, csv("Lock,DATABASE_LOCK,,,2026-03-01,2026-02-01,"))
    report = bring(cast, csv("LOCK,,,,2026-05-01,,"))
    assert report.counts == {"updated": 1}
    (lock,) = milestones(cast.vel)
    assert (lock.planned_on, lock.baseline_on, lock.kind) == (
        datetime.date(2026, 5, 1), datetime.date(2026, 2, 1), "DATABASE_LOCK",
    )  # fmt: skip


def test_every_wrong_cell_is_named_and_no_row_is_written(cast):
    report = bring(
        cast,
        csv(
            "Good,,,,2026-01-01,,",
            ",,,,2026-01-01,,",
            "Twice,,,,31/31/2026,03/04/2026,",
            "Kind,NO_SUCH,,,,,",
            "Good,,,,2026-02-01,,",
        ),
    )
    assert sentences(report) == [
        "row 3, column Name: is empty and must not be",
        "row 4, column Planned: 31/31/2026 is not a date; write it as year-month-day, such as 2026-12-31",
        "row 4, column Baseline: 03/04/2026 may be two dates; write it as year-month-day, such as 2026-12-31",
        *[line for line in sentences(report) if "row 5, column Kind: NO_SUCH is none of" in line],
        "row 6: is the same record as row 2",
    ]
    assert len(report.errors) == 5
    assert (report.counts, milestones(cast.vel), ImportRun.objects.count()) == ({}, [], 0)


def test_rows_that_cannot_be_written_are_all_named_and_take_the_good_ones_with_them(cast):
    report = bring(
        cast,
        csv(
            "Good,,,,2026-01-01,,",
            "Nowhere,,PL,,,,",
            "No site,,,9999,,,",
            "Not there,,ES,1001,,,",
            "Tomorrow,,,,,,2999-01-01",
        ),
    )
    assert sentences(report) == [
        "row 3, column Country: PL is no country of this study",
        "row 4, column Site: no site of this study has the number 9999",
        "row 5, column Country: the site 1001 is not in ES",
        "row 6, column Actual: The date lies in the future.",
    ]
    assert milestones(cast.vel) == []


def test_one_place_under_two_names_is_one_record(cast):
    report = bring(cast, csv("Lock,,ES,,2026-01-01,,", "Lock,,Spain,,2026-02-01,,"))
    assert sentences(report) == ["row 3: is the same record as row 2"]


def test_an_actual_date_is_not_overwritten_by_a_sheet(cast):
    bring(cast, csv("Lock,,,,,,2025-03-01"))
    report = bring(cast, csv("Lock,,,,,,2025-03-02"))
    assert "reopen it to change that" in sentences(report)[0]
    assert milestones(cast.vel)[0].actual_on == datetime.date(2025, 3, 1)


def test_a_dry_run_counts_and_writes_nothing(cast):
    report = bring(cast, csv("Lock,,,,2026-03-01,,"), dry_run=True)
    assert report.counts == {"created": 1}
    assert milestones(cast.vel) == []
    assert not ImportRun.objects.exists()


def test_a_workbook_says_the_same_as_a_table(cast):
    header = HEADER.strip().split(",")
    data = workbook(header, ["Initiated", None, None, 2003, datetime.date(2026, 3, 1)])
    assert bring(cast, data).counts == {"created": 1}
    assert bring(cast, csv("Initiated,,,2003,2026-03-01,,")).counts == {"unchanged": 1}


def test_headers_are_known_by_other_names_and_unknown_ones_are_noted(cast):
    report = bring(cast, b"milestone;Planned date;Colour\nLock;2026-03-01;red\n")
    assert report.counts == {"created": 1}
    assert "Colour" in report.notes[0]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"Colour\nred\n", "There is no column Name"),
        (b"Name,Name\na,b\n", "Two columns are called Name"),
        (HEADER.encode(), "a header and no rows"),
    ],
)
def test_a_sheet_with_the_wrong_columns_is_refused(cast, data, sentence):
    with pytest.raises(SheetRefused, match=sentence):
        bring(cast, data)


def test_a_row_with_more_cells_than_the_header_is_an_error(cast):
    report = bring(cast, b"Name,Planned\nLock, final,2026-03-01\n")
    assert "more cells than the header" in " ".join(sentences(report))


@pytest.mark.parametrize("username", ["carla", "sam", "stella", "quentin"])
def test_who_may_not_plan_brings_no_sheet(cast, username):
    with pytest.raises(PermissionDenied):
        bring(cast, csv("Lock,,,,2026-03-01,,"), actor=cast.fresh(username))
    assert milestones(cast.vel) == []


def test_a_manager_of_another_study_brings_no_sheet_here(cast):
    with pytest.raises(PermissionDenied):
        bring(cast, csv("Lock,,,,2026-03-01,,"), actor=cast.fresh("pavel"))
    assert milestones(cast.vel) == []


def test_the_command_imports_and_names_every_row_at_fault(cast, tmp_path, capsys):
    file = tmp_path / "dates.csv"
    file.write_bytes(csv("Lock,,,,2026-03-01,,"))
    call_command("import_milestones", "VEL-301", str(file))
    assert "Milestones: 1 created." in capsys.readouterr().out
    file.write_bytes(csv("Lock,,,,soon,,"))
    with pytest.raises(CommandError, match="row 2, column Planned: soon is not a date"):
        call_command("import_milestones", str(cast.vel.pk), str(file))


def test_the_report_of_an_import_is_never_changed(cast):
    run = ImportRun.objects.create(kind="x", file_name="x", actor=User.objects.system())
    for change in (run.delete, lambda: ImportRun.objects.update(file_name="y")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
