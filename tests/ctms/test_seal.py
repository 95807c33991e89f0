"""The seal names what was altered, taken away or slipped in."""

import datetime
import json

import pytest
from django.core.management import call_command

from ctms.audit.context import acting_as
from ctms.audit.seal import seal_files, verify, write_seal
from studies.models import Milestone
from tests.cast import bring_on_stage
from tests.databases import await_horizon


@pytest.fixture
def sealed(committed_database, settings, tmp_path):
    """A milestone's history, sealed; committed, since a seal stops at what is still open."""
    settings.AUDIT_SEAL_DIR = tmp_path / "seals"
    cast = bring_on_stage()
    with acting_as(cast.paula):
        milestone = Milestone.objects.create(
            study=cast.vel, name="Kick-off", planned_on=datetime.date(2026, 3, 17)
        )
    seal_all()
    return committed_database, cast, milestone


def seal_all():
    """Seal until nothing is new."""
    newest = Milestone.events.rel.related_model._base_manager.order_by("-pgh_transaction").first()

    def is_sealed():
        write_seal()
        heads = [json.loads(path.read_text().split("\n", 1)[0]) for path in seal_files()]
        return bool(heads) and heads[-1]["to"] > newest.pgh_transaction

    await_horizon(is_sealed)


def as_owner(database, statement):
    connection = database.owner_connection()
    with connection, connection.cursor() as cursor:
        cursor.execute("ALTER TABLE studies_milestoneevent DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE studies_milestoneevent ENABLE TRIGGER USER")
    connection.close()


def test_an_untouched_history_has_no_flaw_and_nothing_is_sealed_twice(sealed):
    assert verify() == []
    assert write_seal() is None


def test_an_altered_row_is_named(sealed, capsys):
    database, _cast, _milestone = sealed
    as_owner(database, "UPDATE studies_milestoneevent SET name = 'Something else'")
    (flaw,) = verify()
    assert "studies_milestoneevent" in flaw.where
    assert flaw.what == "was altered"
    with pytest.raises(SystemExit):
        call_command("verify_audit")
    assert "studies_milestoneevent" in capsys.readouterr().out


def test_a_row_taken_away_is_named(sealed):
    as_owner(sealed[0], "DELETE FROM studies_milestoneevent")
    assert [flaw.what for flaw in verify()] == ["is missing"]


def test_a_row_slipped_into_a_sealed_time_is_named(sealed):
    as_owner(
        sealed[0],
        "CREATE TEMP TABLE slipped AS SELECT * FROM studies_milestoneevent LIMIT 1; "
        "UPDATE slipped SET pgh_id = 999999; INSERT INTO studies_milestoneevent SELECT * FROM slipped",
    )
    assert [flaw.what for flaw in verify()] == ["was slipped in after the seal"]


def test_a_seal_file_that_was_edited_breaks_the_chain(sealed, settings):
    _database, cast, milestone = sealed
    with acting_as(cast.paula, reason="later"):
        milestone.name = "Kick-off meeting"
        milestone.save()
    seal_all()
    # The first seal that holds rows of the table: what was open elsewhere may have put them off by one.
    row = "\nstudies_milestoneevent "
    first = next(path for path in sorted(settings.AUDIT_SEAL_DIR.glob("*.seal")) if row in path.read_text())
    first.chmod(0o644)
    first.write_text(first.read_text().replace(row, "\nstudies_milestoneevenT ", 1))
    said = [flaw.what for flaw in verify()]
    assert any("edited" in what for what in said)
    assert any("does not follow" in what for what in said)
