"""From the inbox to the file: nobody approves their own, nothing is returned without a reason, nothing un-publishes."""

import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from ctms.access.scoping import everything
from ctms.signatures.proving import prove
from ctms.signatures.signing import signatures_of, verify
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import offers, perform
from documents import services
from documents.models import Document, DocumentVersion, QualityIssue
from tests.cast import PASSWORD

from .conftest import DAY, artifact, run_promised
from .papers import pdf
from .test_documents import refused


def numbers_of(document):
    with everything("a test"):
        return list(document.versions.order_by("pk").values_list("number", flat=True))


def test_a_paper_is_uploaded_classified_reviewed_and_approved_by_others(tmf, cast, assert_sees):
    document = tmf.approved()
    assert document.status == "APPROVED"
    assert numbers_of(document) == ["0.1", "1.0"]
    (signature,) = signatures_of(document)
    assert (signature.signer, signature.meaning) == (cast.paula, "APPROVED")
    assert verify(signature, document).stands
    assert document.versions.order_by("-pk").visible_to(cast.carla).first().sha256 in signature.content
    assert_sees(cast.carla, visible=[document])
    assert_sees(cast.chris, hidden=[document])
    assert_sees(cast.sam, hidden=[document])


def test_who_brought_a_paper_neither_reviews_nor_approves_it(tmf, cast):
    document = tmf.submitted("tara")
    with pytest.raises(TransitionRefused, match="You uploaded this document"):
        perform(document, "claim", actor=cast.tara)
    document = perform(document, "claim", actor=cast.lena)
    document = perform(document, "passed", actor=cast.lena)
    with pytest.raises(TransitionRefused, match="You uploaded this document"):
        tmf.approve(document, "tara")
    assert tmf.approve(document, "paula").status == "APPROVED"


def test_who_mended_the_content_does_not_approve_it_either(tmf, cast):
    document = tmf.uploaded("carla")
    services.replace_content(
        actor=cast.paula, on=DAY, document=document, name="b.pdf", chunks=[pdf("mended")]
    )
    services.classify_document(
        actor=cast.carla, record=document, artifact=artifact("05.02.04"), document_date=DAY
    )
    document = perform(document, "submit", actor=cast.carla)
    document = perform(perform(document, "claim", actor=cast.tara), "passed", actor=cast.tara)
    with pytest.raises(TransitionRefused, match="You uploaded"):
        tmf.approve(document, "paula")


@pytest.mark.parametrize("by", ["carla", "sue", "paula"])
def test_who_may_upload_may_not_by_that_review(tmf, cast, by):
    document = tmf.submitted("tara")
    with pytest.raises(PermissionDenied):
        perform(document, "claim", actor=cast.people[by])


def test_an_unclassified_paper_is_not_submitted(tmf, cast):
    document = tmf.uploaded()
    with pytest.raises(TransitionRefused, match="Choose the artifact"):
        perform(document, "submit", actor=cast.tara)
    document = services.classify_document(actor=cast.tara, record=document, artifact=artifact("05.02.04"))
    with pytest.raises(TransitionRefused, match="document date"):
        perform(document, "submit", actor=cast.tara)
    refused("UPDATE documents_document SET status = 'SUBMITTED' WHERE id = %s", document.pk)


def test_a_document_without_a_file_is_not_submitted(cast):
    document = services.create_document(
        actor=cast.carla,
        study=cast.vel,
        site=cast.madrid,
        artifact=artifact("05.02.04"),
        title="CV",
        document_date=DAY,
    )
    with pytest.raises(TransitionRefused, match="Upload its file"):
        perform(document, "submit", actor=cast.carla)
    services.replace_content(actor=cast.carla, on=DAY, document=document, name="a.pdf", chunks=[pdf()])
    assert perform(tm(document), "submit", actor=cast.carla).status == "SUBMITTED"


def tm(document):
    with everything("a test"):
        return Document.objects.get(pk=document.pk)


def test_in_review_nothing_of_it_changes_by_page_code_or_sql(tmf, cast):
    document = tmf.submitted()
    with pytest.raises(TransitionRefused):
        services.replace_content(actor=cast.tara, on=DAY, document=document, name="b.pdf", chunks=[pdf("x")])
    with pytest.raises(TransitionRefused):
        services.classify_document(actor=cast.tara, record=document, title="Other")
    refused("UPDATE documents_document SET title = 'x' WHERE id = %s", document.pk)
    refused("UPDATE documents_document SET unblinded = true WHERE id = %s", document.pk)
    refused(
        "INSERT INTO documents_documentversion (document_id, number, file_id, sha256, filed_on, study_id, unblinded) "
        "SELECT document_id, '0.9', file_id, sha256, filed_on, study_id, unblinded FROM documents_documentversion "
        "WHERE document_id = %s",
        document.pk,
    )
    assert numbers_of(document) == ["0.1"]


def test_nothing_is_returned_without_saying_what_is_wrong(tmf, cast):
    document = perform(tmf.submitted("carla"), "claim", actor=cast.tara)
    with pytest.raises(TransitionRefused, match="at least one quality issue"):
        perform(document, "returned", actor=cast.tara)
    with pytest.raises(ValidationError, match="at least one reason"):
        services.return_document(actor=cast.tara, on=DAY, document=document, issues=[])
    document = services.return_document(
        actor=cast.tara, on=DAY, document=document, issues=["MISSING_SIGNATURE"], comment="Page 3."
    )
    assert document.status == "RETURNED"
    issue = QualityIssue.objects.visible_to(cast.carla).get(document=document)
    assert (issue.reason, issue.raised_by, issue.settled_on) == ("MISSING_SIGNATURE", cast.tara, None)
    assert not QualityIssue.objects.visible_to(cast.chris).exists()
    run_promised("documents.tell_uploader")
    from ctms.notices.models import Notice

    assert Notice.objects.filter(user=cast.carla, text__icontains="returned").count() == 1


def test_a_returned_paper_comes_again_and_its_issues_are_settled(tmf, cast):
    document = perform(tmf.submitted("carla"), "claim", actor=cast.tara)
    document = services.return_document(actor=cast.tara, on=DAY, document=document, issues=["ILLEGIBLE"])
    document = services.replace_content(
        actor=cast.carla, on=DAY, document=document, name="clear.pdf", chunks=[pdf("clear")]
    )
    document = perform(document, "submit", actor=cast.carla)
    assert QualityIssue.objects.visible_to(cast.carla).get(document=document).settled_on is not None
    document = perform(perform(document, "claim", actor=cast.tara), "passed", actor=cast.tara)
    assert tmf.approve(document).status == "APPROVED"
    assert numbers_of(document) == ["0.1", "0.2", "1.0"]


def test_a_claimed_review_is_the_claimers_until_given_back(tmf, cast):
    document = perform(tmf.submitted("carla"), "claim", actor=cast.tara)
    with pytest.raises(TransitionRefused, match="Tara Nowak reviews this document"):
        perform(document, "passed", actor=cast.lena)
    document = perform(document, "release", actor=cast.tara)
    document = perform(document, "claim", actor=cast.lena)
    assert perform(document, "passed", actor=cast.lena).status == "REVIEWED"


def test_with_an_open_issue_nothing_passes_until_it_is_settled(tmf, cast):
    document = perform(tmf.submitted("carla"), "claim", actor=cast.tara)
    issue = services.raise_issue(actor=cast.tara, on=DAY, document=document, reason="WRONG_VERSION")
    with pytest.raises(TransitionRefused, match="quality issue is open"):
        perform(document, "passed", actor=cast.tara)
    with pytest.raises(PermissionDenied):
        services.settle_issue(actor=cast.carla, on=DAY, issue=issue)
    services.settle_issue(actor=cast.tara, on=DAY, issue=issue)
    assert perform(document, "passed", actor=cast.tara).status == "REVIEWED"


def test_the_approver_sends_back_with_a_reason_too(tmf, cast):
    document = services.return_document(
        actor=cast.paula, on=DAY, document=tmf.reviewed("carla", "tara"), issues=["OTHER"], comment="Not ours"
    )
    assert (document.status, document.claimed_by) == ("RETURNED", None)


def test_a_new_version_replaces_the_former_which_stays_readable_and_shown(tmf, cast, assert_sees):
    former = tmf.approved()
    services.show_to_sponsor(actor=cast.paula, document=former, shown=True, reason="Agreed")
    new = services.begin_new_version(actor=cast.carla, document=former)
    with pytest.raises(ValidationError, match="under way already"):
        services.begin_new_version(actor=cast.paula, document=former)
    new = services.replace_content(actor=cast.carla, on=DAY, document=new, name="v2.pdf", chunks=[pdf("two")])
    assert numbers_of(new) == ["1.1"]
    assert tmf.again(former).status == "APPROVED", "until the new one is approved the former is in force"
    assert_sees(cast.sam, visible=[former], hidden=[new])
    new = services.classify_document(actor=cast.carla, record=new, document_date=DAY)
    new = perform(new, "submit", actor=cast.carla)
    new = perform(perform(new, "claim", actor=cast.tara), "passed", actor=cast.tara)
    new = tmf.approve(new)
    former = tmf.again(former)
    assert numbers_of(new) == ["1.1", "2.0"]
    assert (former.status, former.published, new.published) == ("SUPERSEDED", True, True)
    assert_sees(cast.sam, visible=[former, new])
    assert verify(signatures_of(former).get(), former).stands, (
        "superseding changes nothing of what was signed"
    )


def test_a_document_with_a_newer_version_is_not_voided_below_it(tmf, cast):
    former = tmf.approved()
    services.begin_new_version(actor=cast.carla, document=former)
    with pytest.raises(TransitionRefused, match="new version"):
        perform(former, "void", actor=cast.paula, reason="Wrong")


def test_a_voided_document_comes_back_to_the_inbox_with_a_reason(tmf, cast):
    document = perform(tmf.approved(), "void", actor=cast.paula, reason="Wrong site")
    with pytest.raises(TransitionRefused, match="reason"):
        perform(document, "restore", actor=cast.paula)
    document = perform(document, "restore", actor=cast.paula, reason="It was right")
    assert document.status == "DRAFT"
    assert numbers_of(document) == ["0.1", "1.0"]
    with pytest.raises(TransitionRefused):
        perform(document, "restore", actor=cast.paula, reason="Twice")


def test_signing_needs_the_password(tmf, cast):
    document = tmf.reviewed()
    with pytest.raises(TransitionRefused, match="Sign with your password"):
        perform(document, "approve", actor=cast.paula)
    with pytest.raises(TransitionRefused, match="Sign with your password"):
        perform(document, "approve", actor=cast.paula, proof=prove(cast.tara, password=PASSWORD))
    assert tmf.again(document).status == "REVIEWED"


def test_each_is_offered_what_is_theirs_to_do(tmf, cast):
    def offered(name, document):
        return {offer.transition.name for offer in offers(document, cast.fresh(name)) if not offer.refusal}

    document = tmf.submitted("carla")
    assert offered("tara", document) == {"claim", "withdraw"}
    assert offered("chris", document) == set()
    assert offered("quentin", document) == set()
    assert offered("carla", document) == {"withdraw"}


def test_two_people_who_approve_at_once_leave_one_approval(committed_database, django_db_blocker):
    from tests.cast import bring_on_stage

    cast = bring_on_stage()
    from .conftest import File

    tmf = File(cast)
    document = tmf.reviewed("carla", "lena")
    proofs = {name: prove(cast.people[name], password=PASSWORD) for name in ("paula", "tara")}
    start, outcomes = threading.Barrier(2), {}

    def approve(name):
        start.wait()
        try:
            perform(document, "approve", actor=cast.people[name], proof=proofs[name])
            outcomes[name] = "approved"
        except TransitionRefused as refusal:
            outcomes[name] = refusal.sentence
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=(name,)) for name in proofs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes.values())[-1] == "approved"
    assert sum(outcome == "approved" for outcome in outcomes.values()) == 1, outcomes
    assert signatures_of(document).count() == 1
    with everything("a test"):
        assert DocumentVersion.objects.filter(document=document, number="1.0").count() == 1
