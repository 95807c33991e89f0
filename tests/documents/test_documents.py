"""Documents of the trial master file: filed once, frozen, shown to the sponsor by decision."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, connection, transaction

from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.files.storing import store_bytes
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import perform
from documents.models import Artifact, Document, DocumentVersion
from documents.services import file_document, show_to_sponsor

DAY = datetime.date(2026, 3, 16)


def file(cast, *, source="test/1", unblinded=False, content=b"%PDF-1.7 visit"):
    system = User.objects.system()
    with acting_as(system, reason="Filed"):
        stored = store_bytes(actor=system, name="report.pdf", content=content)
    return file_document(
        actor=system,
        study=cast.vel,
        country=cast.spain,
        site=cast.madrid,
        artifact_number="05.04.03",
        title="IMV 1 report",
        document_date=DAY,
        stored=stored,
        filed_on=DAY,
        source=source,
        unblinded=unblinded,
        reason="Filed after approval",
    )


def refused(statement, *values):
    """Run one statement as the application's role, outside all of our code, and expect the database to refuse."""
    with (
        connection.cursor() as cursor,
        acting_as(User.objects.system(), reason="raw"),
        pytest.raises(Error),
        transaction.atomic(),
    ):
        cursor.execute(statement, values)


def test_the_artifacts_of_visit_reports_are_there(cast):
    numbers = set(
        Artifact.objects.filter(reference_model__version_label="3.3.1").values_list("number", flat=True)
    )
    assert numbers >= {"05.01.04", "05.03.01", "05.04.03", "05.04.05", "05.04.08"}


def test_what_was_filed_is_found_and_not_filed_again(cast):
    first, second = file(cast), file(cast)
    assert first == second
    assert first.status == "APPROVED"
    assert DocumentVersion.objects.visible_to(cast.carla).filter(document=first).count() == 1
    assert file(cast, source="test/2") != first


def test_people_do_not_file_by_hand_what_only_jobs_file(cast):
    with acting_as(cast.carla):
        stored = store_bytes(actor=cast.carla, name="x.pdf", content=b"x")
    with pytest.raises(PermissionDenied):
        file_document(
            actor=cast.carla, study=cast.vel, country=cast.spain, site=cast.madrid, artifact_number="05.04.03",
            title="x", document_date=DAY, stored=stored, filed_on=DAY, source="test/3", unblinded=False, reason="x",
        )  # fmt: skip
    assert not Document.objects.visible_to(cast.carla).exists()


def test_an_approved_document_and_its_versions_stand_still(cast):
    document = file(cast)
    refused("UPDATE documents_document SET title = 'x' WHERE id = %s", document.pk)
    refused("UPDATE documents_document SET document_date = '2026-03-17' WHERE id = %s", document.pk)
    refused("DELETE FROM documents_document WHERE id = %s", document.pk)
    refused("UPDATE documents_documentversion SET sha256 = 'x' WHERE document_id = %s", document.pk)
    refused("DELETE FROM documents_documentversion WHERE document_id = %s", document.pk)


def test_the_sponsor_sees_a_document_once_a_project_manager_shows_it(cast, assert_sees):
    document = file(cast)
    assert_sees(cast.carla, visible=[document])
    assert_sees(cast.sam, hidden=[document])
    with pytest.raises(PermissionDenied):
        show_to_sponsor(actor=cast.carla, document=document, shown=True, reason="x")
    show_to_sponsor(actor=cast.paula, document=document, shown=True, reason="Agreed")
    assert_sees(cast.sam, visible=[document])
    assert_sees(cast.simone, hidden=[document])


def test_unblinded_documents_stay_in_their_circle(cast, assert_sees):
    document = file(cast, unblinded=True)
    version = DocumentVersion.objects.visible_to(cast.uma).get()
    for knowing in ("uma", "ursula", "ada"):
        assert_sees(cast.people[knowing], visible=[document, version])
    for blinded in ("carla", "paula", "quentin", "sam"):
        assert_sees(cast.people[blinded], hidden=[document, version])
    refused("UPDATE documents_document SET published = true WHERE id = %s", document.pk)


def test_voiding_asks_for_a_reason_and_takes_the_document_from_the_sponsor(cast, assert_sees):
    document = file(cast)
    document = show_to_sponsor(actor=cast.paula, document=document, shown=True, reason="Agreed")
    with pytest.raises(TransitionRefused, match="reason"):
        perform(document, "void", actor=cast.paula)
    document = perform(document, "void", actor=cast.paula, reason="Filed at the wrong site")
    assert document.status == "VOIDED"
    assert_sees(cast.sam, hidden=[document])
    with pytest.raises(ValidationError):
        show_to_sponsor(actor=cast.paula, document=document, shown=True, reason="x")
