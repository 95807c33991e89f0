"""File documents that are finished elsewhere in the house, and show documents to the sponsor."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ctms.access.explain import permit
from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.jobs.queue import enqueue
from ctms.workflow.engine import adopt
from documents.models import Artifact, Document, DocumentStatus, DocumentVersion


def file_document(
    *,
    actor,
    study,
    country,
    site,
    artifact_number,
    title,
    document_date,
    stored,
    filed_on,
    source,
    unblinded,
    reason,
    about="",
    expires_on=None,
):
    """
    File an approved document as version 1.0 under its artifact, once for each `source`.

    :param stored: the files.StoredFile with the content
    :param document_date: the date the TMF Reference Model asks for; of a visit report the visit's first day
    :param about: the key of what it is about, as its expected document names it, e.g. `monitoring.MonitoringVisit/12`
    :returns: the Document; the one already filed when the source is known
    """
    with acting_as(actor, reason=reason), everything("whether this was filed before, whoever sees it"):
        known = Document.objects.filter(source=source).first()
        if known is not None:
            return known
        document = Document(
            study=study,
            country=country,
            site=site,
            artifact=artifact_in_use(artifact_number),
            title=title,
            document_date=document_date,
            expires_on=expires_on,
            unblinded=unblinded,
            source=source,
            about=about,
        )
        document.full_clean()
        document.save()
        DocumentVersion.objects.create(
            document=document, number="1.0", file=stored, sha256=stored.sha256, filed_on=filed_on
        )
        filed = adopt(document, DocumentStatus.APPROVED, actor=actor, reason=reason, happened_on=filed_on)
        promise_words(actor=actor, document=document, sha256=stored.sha256)
        promise_match(actor=actor, document=filed)
        return filed


def artifact_in_use(number):
    """Return the artifact of this number in the version of the reference model that is in use."""
    return Artifact.objects.get(number=number, reference_model__status="CURRENT")


def promise_words(*, actor, document, sha256):
    """Promise that the words of a document's content are read for the search, once for each content."""
    enqueue(
        "documents.read_words",
        asked_by=actor,
        key=f"documents.read_words/{document.pk}/{sha256}",
        reason=_("Read for the search"),
        record_id=document.pk,
    )


def promise_match(*, actor, document):
    """Promise that what a document fulfils is looked at again."""
    enqueue(
        "documents.match_document",
        asked_by=actor,
        key=f"documents.match_document/{document.pk}/{document.version}/looked",
        reason=_("Matched with what is expected"),
        record_id=document.pk,
    )


def show_to_sponsor(*, actor, document, shown, reason):
    """
    Publish an approved document in the sponsor's portal, or withdraw it.

    :raises ValidationError: it is not approved, or it is unblinded
    """
    permit(actor, "documents.publish_document", document)
    if shown and (document.status != DocumentStatus.APPROVED or document.unblinded):
        raise ValidationError(_("Only approved, blind-safe documents are shown to the sponsor."))
    with acting_as(actor, reason=reason):
        locked = Document.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=document.pk)
        locked.published = shown
        locked.save()
    return locked


def withdraw_from_sponsor(document, move):
    """Effect of voiding: a voided document is nobody's to read outside the house."""
    document.published = False
