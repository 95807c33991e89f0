"""What may happen to documents, expected documents and versions of the reference model."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.signatures.models import Meaning
from ctms.workflow.declare import Adopt, Transition, Workflow

from . import services
from .models import (
    Document,
    DocumentStatus,
    ExpectedDocument,
    ExpectedStatus,
    ReferenceModel,
    ReferenceModelStatus,
)

# --- documents -------------------------------------------------------------------------------------------


def it_is_classified(document, actor):
    if document.artifact_id is None:
        return _("Choose the artifact first.")
    if document.document_date is None:
        return _("Give the document date first.")
    return None


def it_has_content(document, actor):
    return None if document.versions.exists() else _("Upload its file first.")


def no_former_version_of_others(document, actor):
    if document.replaces_id and document.replaces.status != DocumentStatus.APPROVED:
        return _("The version it replaces is no longer approved.")
    return None


def not_ones_own(document, actor):
    # Who brought the paper looks at it with the eyes of who wants it filed (practice.md, Planning: A is another).
    if services.brought_by(document, actor):
        return _("You uploaded this document; somebody else reviews and approves it.")
    return None


def not_claimed_by_another(document, actor):
    if document.claimed_by_id and document.claimed_by_id != actor.pk:
        return _("%(name)s reviews this document.") % {"name": document.claimed_by}
    return None


def an_issue_is_open(document, actor):
    if not document.quality_issues.filter(settled_on__isnull=True).exists():
        return _("Say first what is wrong: a returned document has at least one quality issue.")
    return None


def no_issue_is_open(document, actor):
    if document.quality_issues.filter(settled_on__isnull=True).exists():
        return _("A quality issue is open; settle it or return the document.")
    return None


def no_newer_version(document, actor):
    newer = document.successors.exclude(status=DocumentStatus.VOIDED).first()
    if newer is not None:
        return _("A new version of it is under way or approved.")
    return None


class DocumentFlow(Workflow):
    model, first = Document, DocumentStatus.DRAFT
    frozen = (
        DocumentStatus.SUBMITTED,
        DocumentStatus.IN_REVIEW,
        DocumentStatus.REVIEWED,
        DocumentStatus.APPROVED,
        DocumentStatus.SUPERSEDED,
        DocumentStatus.VOIDED,
    )
    still_open = ("published", "expected", "claimed_by", "renewed")
    tones = {
        DocumentStatus.SUBMITTED: "amber",
        DocumentStatus.REVIEWED: "amber",
        DocumentStatus.RETURNED: "red",
        DocumentStatus.APPROVED: "green",
        DocumentStatus.SUPERSEDED: "grey",
        DocumentStatus.VOIDED: "red",
    }

    submit = Transition(
        "Submit for review",
        (DocumentStatus.DRAFT, DocumentStatus.RETURNED),
        DocumentStatus.SUBMITTED,
        "documents.submit_document",
        guards=(it_is_classified, it_has_content, no_former_version_of_others),
        effects=(services.settle_issues,),
        explanation=gettext_lazy("From here on nothing of it changes until review has spoken."),
    )
    withdraw = Transition(
        "Take back",
        DocumentStatus.SUBMITTED,
        DocumentStatus.DRAFT,
        "documents.submit_document",
        rare=True,
    )
    claim = Transition(
        "Claim review",
        DocumentStatus.SUBMITTED,
        DocumentStatus.IN_REVIEW,
        "documents.review_document",
        guards=(not_ones_own,),
        effects=(services.claim_review,),
        explanation=gettext_lazy("The others see that you look at it."),
    )
    release = Transition(
        "Give back to the queue",
        DocumentStatus.IN_REVIEW,
        DocumentStatus.SUBMITTED,
        "documents.review_document",
        effects=(services.release_review,),
        rare=True,
    )
    passed = Transition(
        "Pass review",
        DocumentStatus.IN_REVIEW,
        DocumentStatus.REVIEWED,
        "documents.review_document",
        guards=(not_ones_own, not_claimed_by_another, no_issue_is_open),
    )
    returned = Transition(
        "Return",
        DocumentStatus.IN_REVIEW,
        DocumentStatus.RETURNED,
        "documents.review_document",
        guards=(not_claimed_by_another, an_issue_is_open),
        effects=(services.release_review,),
        jobs=("documents.tell_uploader",),
    )
    approve = Transition(
        "Sign and approve",
        DocumentStatus.REVIEWED,
        DocumentStatus.APPROVED,
        "documents.approve_document",
        guards=(not_ones_own, no_former_version_of_others),
        signature=Meaning.APPROVED,
        effects=(services.number_approved, services.supersede_former),
        explanation=gettext_lazy("You sign what it is said to be and the digest of its content."),
    )
    send_back = Transition(
        "Send back",
        DocumentStatus.REVIEWED,
        DocumentStatus.RETURNED,
        "documents.approve_document",
        guards=(an_issue_is_open,),
        effects=(services.release_review,),
        jobs=("documents.tell_uploader",),
    )
    supersede = Transition(
        "Superseded by a new version",
        DocumentStatus.APPROVED,
        DocumentStatus.SUPERSEDED,
        "documents.approve_document",
        by_time=True,
    )
    void = Transition(
        "Void document",
        (DocumentStatus.DRAFT, DocumentStatus.RETURNED, DocumentStatus.APPROVED),
        DocumentStatus.VOIDED,
        "documents.void_document",
        guards=(no_newer_version,),
        needs_reason=True,
        effects=(services.withdraw_from_sponsor,),
        explanation=gettext_lazy("Its content is kept; it counts for nothing and no sponsor sees it."),
        rare=True,
    )
    restore = Transition(
        "Restore document",
        DocumentStatus.VOIDED,
        DocumentStatus.DRAFT,
        "documents.void_document",
        guards=(no_newer_version,),
        needs_reason=True,
        explanation=gettext_lazy("It comes back to the inbox and is reviewed and approved anew."),
        rare=True,
    )
    adopt = Adopt("Filed", (DocumentStatus.APPROVED,), "documents.file_document")


# --- expected documents ----------------------------------------------------------------------------------


def the_file_is_elsewhere(expected, actor):
    if services.tmf_is_here(expected.study_id):
        return _("The study's file is kept here: upload the document.")
    return None


def it_names_its_reference(expected, actor):
    if not (expected.filed_system and expected.filed_number and expected.filed_on):
        return _("Say in which system, under which number and on which day it was filed.")
    return None


def added_by_another(expected, actor):
    if expected.added_by_id == actor.pk:
        return _("You added this expectation; somebody else says that it does not apply.")
    return None


class ExpectedFlow(Workflow):
    model, first = ExpectedDocument, ExpectedStatus.EXPECTED
    tones = {
        ExpectedStatus.EXPECTED: "grey",
        ExpectedStatus.RECEIVED: "blue",
        ExpectedStatus.FULFILLED: "green",
        ExpectedStatus.NOT_APPLICABLE: "grey",
    }

    receive = Transition(
        "Received",
        (ExpectedStatus.EXPECTED, ExpectedStatus.FULFILLED),
        ExpectedStatus.RECEIVED,
        "documents.change_expecteddocument",
        by_time=True,
    )
    fulfil = Transition(
        "Fulfilled",
        (ExpectedStatus.EXPECTED, ExpectedStatus.RECEIVED),
        ExpectedStatus.FULFILLED,
        "documents.change_expecteddocument",
        by_time=True,
    )
    miss = Transition(
        "Missing again",
        (ExpectedStatus.RECEIVED, ExpectedStatus.FULFILLED),
        ExpectedStatus.EXPECTED,
        "documents.change_expecteddocument",
        by_time=True,
    )
    filed_elsewhere = Transition(
        "Filed elsewhere",
        (ExpectedStatus.EXPECTED, ExpectedStatus.RECEIVED),
        ExpectedStatus.FULFILLED,
        "documents.change_expecteddocument",
        guards=(the_file_is_elsewhere, it_names_its_reference),
    )
    set_aside = Transition(
        "Mark not applicable",
        (ExpectedStatus.EXPECTED, ExpectedStatus.RECEIVED),
        ExpectedStatus.NOT_APPLICABLE,
        "documents.waive_expecteddocument",
        guards=(added_by_another,),
        needs_reason=True,
        rare=True,
    )
    expect_again = Transition(
        "Expect again",
        ExpectedStatus.NOT_APPLICABLE,
        ExpectedStatus.EXPECTED,
        "documents.waive_expecteddocument",
        needs_reason=True,
        rare=True,
    )


# --- versions of the reference model ---------------------------------------------------------------------


class ReferenceModelFlow(Workflow):
    model, first = ReferenceModel, ReferenceModelStatus.LOADED
    tones = {ReferenceModelStatus.CURRENT: "green", ReferenceModelStatus.RETIRED: "grey"}

    put_in_use = Transition(
        "Put in use",
        (ReferenceModelStatus.LOADED, ReferenceModelStatus.RETIRED),
        ReferenceModelStatus.CURRENT,
        "documents.import_referencemodel",
        effects=(services.retire_former_model,),
        needs_reason=True,
        explanation=gettext_lazy(
            "New documents are classified by it; those filed before keep the version they were filed under."
        ),
    )
    retire = Transition(
        "Retire",
        ReferenceModelStatus.CURRENT,
        ReferenceModelStatus.RETIRED,
        "documents.import_referencemodel",
        by_time=True,
    )
