"""What follows outside the request: expected documents are brought and matched, words are read, people told."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.jobs.queue import comes_round, job
from ctms.notices.kinds import notice_kind
from ctms.notices.telling import tell
from ctms.signatures.signing import label_of
from studies.models import Study, StudyCountry, StudySite

from .models import Document, DocumentStatus
from .services import bring_expectations, match_expectations, read_words

BECAUSE = "what is expected follows from what happened, whoever sees it"


@job("documents.bring_for_study", everything=BECAUSE)
def bring_for_study(promised, record_id):
    return _bring(Study.objects.get(pk=record_id))


@job("documents.bring_for_country", everything=BECAUSE)
def bring_for_country(promised, record_id):
    return _bring(StudyCountry.objects.select_related("study").get(pk=record_id))


@job("documents.bring_for_site", everything=BECAUSE)
def bring_for_site(promised, record_id):
    return _bring(StudySite.objects.select_related("study").get(pk=record_id))


def _bring(place):
    study = place if isinstance(place, Study) else place.study
    return {"brought": bring_expectations(study, on=timezone.localdate(), sources={label_of(place)})}


@job("documents.bring", everything=BECAUSE)
def bring(promised):
    """Bring what moves of before this system, imports and missed promises left out."""
    studies = Study.objects.exclude(status__in=["CANCELLED", "ARCHIVED"]).order_by("pk")
    return {"brought": sum(bring_expectations(study, on=timezone.localdate()) for study in studies)}


comes_round("documents.bring", every=timedelta(hours=1), reason="Expected documents")


@job("documents.match_document", everything="what a document fulfils is a rule, not reading")
def match_document(promised, record_id):
    """See what a document that moved stands for now."""
    document = Document.objects.select_related("study", "artifact", "expected__artifact").get(pk=record_id)
    numbers = {
        one.artifact.number for one in (document, document.expected) if one and one.artifact is not None
    }
    for number in sorted(numbers):
        match_expectations(document.study, on=timezone.localdate(), artifact=number)
    return {"artifacts": sorted(numbers)}


@job(
    "documents.read_words", everything="the words of a document are kept where the document lies", attempts=3
)
def read(promised, record_id):
    """Read the words of a document for the search."""
    kept = read_words(Document.objects.get(pk=record_id))
    return {"characters": len(kept.text), "note": kept.note} if kept else None


notice_kind(
    "document-returned",
    gettext_lazy("A document you brought was returned by review"),
    duty=True,
    permission="documents.add_document",
)


@job(
    "documents.read_words_of",
    everything="the words of documents are kept where the documents lie",
    attempts=3,
)
def read_many(promised, record_ids):
    """Read the words of many documents that were taken over together."""
    documents = Document.objects.filter(pk__in=record_ids).order_by("pk")
    return {"read": sum(read_words(document) is not None for document in documents)}


@job("documents.tell_uploader", everything="who brought the document is told that it came back")
def tell_uploader(promised, record_id):
    document = Document.objects.select_related("uploaded_by").get(pk=record_id)
    if document.status != DocumentStatus.RETURNED or document.uploaded_by is None:
        return
    tell(
        document.uploaded_by,
        about=document,
        kind="document-returned",
        text=_("“%(title)s” was returned to you by review.") % {"title": document.title},
        key=str(document.version),
        asked_by=promised.asked_by,
    )
