"""What may happen to a document of the trial master file."""

from ctms.workflow.declare import Adopt, Transition, Workflow

from .models import Document, DocumentStatus


def withdraw_from_sponsor(document, move):
    """A voided document is nobody's to read outside the house."""
    document.published = False


class DocumentFlow(Workflow):
    model, first = Document, DocumentStatus.DRAFT
    frozen = (DocumentStatus.APPROVED, DocumentStatus.SUPERSEDED, DocumentStatus.VOIDED)
    still_open = ("published",)
    tones = {
        DocumentStatus.APPROVED: "green",
        DocumentStatus.SUPERSEDED: "grey",
        DocumentStatus.VOIDED: "red",
    }

    void = Transition(
        "Void document",
        (DocumentStatus.DRAFT, DocumentStatus.APPROVED),
        DocumentStatus.VOIDED,
        "documents.void_document",
        needs_reason=True,
        effects=(withdraw_from_sponsor,),
        rare=True,
    )
    adopt = Adopt("Filed", (DocumentStatus.APPROVED,), "documents.file_document")
