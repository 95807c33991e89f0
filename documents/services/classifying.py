"""Say what an uploaded paper is: its artifact, its place, what it fulfils."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from ctms.access.access import access_of
from ctms.access.explain import permit
from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.exchange.identifiers import take_names_along
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import ChangedMeanwhile
from documents.calculations import proposed_end, title_of
from documents.models import (
    OUTSTANDING,
    STILL_WRITTEN,
    Document,
    DocumentText,
    DocumentVersion,
    ExpectedDocument,
    QualityIssue,
)
from studies.models.spine import Masking

from .filing import promise_match
from .uploading import stand_for

USUAL_END = "usual"


def classify_document(*, actor, record, reason="", version=None, **values):
    """
    Classify a document of the inbox; what it fulfils brings artifact and place with it.

    Where no last day of validity is said, the one usual for its kind is proposed as long as nobody corrected it; None
    says that it has none, USUAL_END that it is proposed anew.

    A paper whose artifact is unblinded by default goes to the unblinded circle, whoever classifies it: who is not of
    the circle does not see it any more.

    :raises ValidationError: the date lies after the file was brought, or the place is another one than it can be
    """
    permit(actor, "documents.change_document", record)
    with acting_as(actor, reason=reason or _("Classified")):
        locked = Document.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=record.pk)
        if version is not None and version != locked.version:
            raise ChangedMeanwhile(_("Somebody changed this record after you opened it."))
        if locked.status not in STILL_WRITTEN:
            raise TransitionRefused(_("A document in review is not classified anew."), conflict=True)
        _apply(actor, locked, values)
        locked.full_clean()
        locked.save()
        _take_parts_along(locked)
        promise_match(actor=actor, document=locked)
    return locked


def _apply(actor, document, values):
    expected, proposed = values.get("expected", document.expected), end_by_kind(document)
    for name in ("artifact", "country", "site", "document_date", "expires_on", "language"):
        if values.get(name, USUAL_END) != USUAL_END:
            setattr(document, name, values[name])
    if document.site is not None:
        document.country = document.site.country
    for name in ("country", "site"):
        place = getattr(document, name)
        if place is not None and place.study_id != document.study_id:
            raise ValidationError({name: _("This is a place of another study.")})
    _not_dated_ahead(actor, document)
    document.expected = expected
    if expected is not None:
        _agree(document, expected, values)
    # What was proposed and nobody corrected follows the kind of the paper and its date.
    if values.get("expires_on", USUAL_END if document.expires_on == proposed else None) == USUAL_END:
        document.expires_on = end_by_kind(document)
    document.unblinded = document.unblinded or _unblinded_by_default(document)
    title = (values.get("title", document.title) or "").strip()
    document.title = title or _usual_title(document)


def _not_dated_ahead(actor, document):
    versions = DocumentVersion.objects.visible_to(actor).filter(document=document)
    brought = versions.aggregate(newest=Max("filed_on"))["newest"]
    # Where the paper was written the next day may have begun.
    if brought and document.document_date and document.document_date > brought + timedelta(days=1):
        raise ValidationError(
            {"document_date": _("This day lies after the one on which the file was brought.")}
        )


def end_by_kind(document):
    """Return the last day a document is valid by the house's policy for its kind, or None."""
    return proposed_end(document.document_date, document.artifact.valid_months if document.artifact else None)


def _agree(document, expected, values):
    if expected.study_id != document.study_id:
        raise ValidationError({"expected": _("This is expected in another study.")})
    chosen = values.get("artifact")
    if chosen is not None and chosen.number != expected.artifact.number:
        raise ValidationError(
            {"artifact": _("What it fulfils is %(artifact)s.") % {"artifact": expected.artifact}}
        )
    stand_for(document, expected)
    if expected.unblinded:
        document.unblinded = True


def _unblinded_by_default(document):
    """True for papers that tell the treatment, in a study somebody is blinded in; not known counts as blinded."""
    return bool(
        document.artifact
        and document.artifact.unblinded_by_default
        and document.study.masking != Masking.NONE
    )


def _usual_title(document):
    artifact = document.artifact.name if document.artifact else _("Document")
    expected = document.expected
    return title_of(expected.name if expected else artifact, document.place_label)


def _take_parts_along(document):
    """Let content, words, issues and names lie where their document now lies; the triggers fill in the place."""
    with everything("parts of a document follow it"):
        for part in (DocumentVersion, DocumentText, QualityIssue):
            part.objects.filter(document=document).update(document=document)
    take_names_along(document)


def may_see_unblinded_anywhere(actor):
    """True if this person is of an unblinded circle that brings papers."""
    return access_of(actor).is_unblinded_with("documents.add_document")


def open_expectations(actor, document, on):
    """
    Return what a document in hand could fulfil in its study, of its circle: what is open, and what the next paper is
    brought for because the one that is there is about to expire.
    """
    renewed = Document.objects.visible_to(actor).to_renew(on)
    rows = ExpectedDocument.objects.visible_to(actor).filter(
        Q(status__in=OUTSTANDING) | Q(status="FULFILLED", pk__in=renewed.values("expected")),
        study=document.study_id,
    )
    if document.site_id:
        rows = rows.filter(site=document.site_id)
    elif document.country_id:
        rows = rows.filter(country=document.country_id)
    return rows.select_related("artifact", "site__organization", "country__nation", "study").order_by(
        "artifact__number", "site__number", "pk"
    )
