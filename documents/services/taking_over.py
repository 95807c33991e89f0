"""Take over papers of a time before this system, hundreds at once, and say where many others lie elsewhere."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.files.storing import store_bytes
from ctms.jobs.queue import enqueue
from ctms.workflow.engine import adopt_many, perform_all
from documents.models import Artifact, Document, DocumentStatus, DocumentVersion, ExpectedDocument

BATCH = 500
# How many papers one job reads the words of.
READ_AT_ONCE = 250


@dataclass(frozen=True)
class Paper:
    """
    A finished paper as it comes from elsewhere.

    :param source: what names it where it comes from; known already, it is passed over
    :param about: the key of what it is about, as its expected document names it
    :param expires_on: the last day it is valid, where the former system knew one
    """

    study: Any
    country: Any
    site: Any
    artifact_number: str
    title: str
    document_date: date
    filed_on: date
    name: str
    content: bytes
    source: str
    about: str = ""
    unblinded: bool = False
    content_type: str = "application/pdf"
    expires_on: date | None = None


def file_documents(*, actor, papers, reason):
    """
    File many finished papers as version 1.0, each once for its source: what `file_document` does, for hundreds.

    What they fulfil is the caller's to look at once, by `match_expectations`.

    :returns: {source: Document} of those that are new
    """
    with acting_as(actor, reason=reason), everything("whether papers were filed before, whoever sees them"):
        sources = [paper.source for paper in papers]
        known = set(Document.objects.filter(source__in=sources).values_list("source", flat=True))
        new = [paper for paper in papers if paper.source not in known]
        if not new:
            return {}
        artifacts = {one.number: one for one in Artifact.objects.filter(reference_model__status="CURRENT")}
        documents = [_document(paper, artifacts[paper.artifact_number]) for paper in new]
        Document.objects.bulk_create(documents, batch_size=BATCH)
        versions = [_version(actor, document, paper) for document, paper in zip(documents, new, strict=True)]
        DocumentVersion.objects.bulk_create(versions, batch_size=BATCH)
        days = {document.pk: paper.filed_on for document, paper in zip(documents, new, strict=True)}
        adopt_many(documents, DocumentStatus.APPROVED, actor=actor, reason=reason, days=days)
        _promise_words(actor, documents)
    return {document.source: document for document in documents}


def _document(paper, artifact):
    document = Document(
        study=paper.study,
        country=paper.country,
        site=paper.site,
        artifact=artifact,
        title=paper.title[:300],
        document_date=paper.document_date,
        expires_on=paper.expires_on,
        unblinded=paper.unblinded,
        source=paper.source,
        about=paper.about,
    )
    document.fill_place()
    return document


def _version(actor, document, paper):
    stored = store_bytes(actor=actor, name=paper.name, content=paper.content, content_type=paper.content_type)
    version = DocumentVersion(
        document=document, number="1.0", file=stored, sha256=stored.sha256, filed_on=paper.filed_on
    )
    version.fill_place()
    return version


def _promise_words(actor, documents):
    keys = [document.pk for document in documents]
    for first in range(0, len(keys), READ_AT_ONCE):
        enqueue(
            "documents.read_words_of",
            asked_by=actor,
            key=f"documents.read_words_of/{keys[first]}",
            reason=_("Read for the search"),
            record_ids=keys[first : first + READ_AT_ONCE],
        )


def fulfil_all_by_reference(*, actor, references):
    """
    Say where many expected documents were filed, in a study whose file is kept elsewhere.

    :param references: [(expected document, system, number, day)]
    """
    if not references:
        return
    rows = []
    for expected, filed_system, filed_number, filed_on in references:
        expected.filed_system, expected.filed_number, expected.filed_on = filed_system, filed_number, filed_on
        rows.append(expected)
    with (
        acting_as(actor, reason=_("Filed elsewhere")),
        everything("expected documents in hand; who may say so is asked with the move"),
    ):
        ExpectedDocument.objects.bulk_update(
            rows, ["filed_system", "filed_number", "filed_on"], batch_size=BATCH
        )
        perform_all(rows, "filed_elsewhere", actor=actor)
