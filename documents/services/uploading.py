"""Bring files in: looked at, put away in pieces, into the inbox or straight to what they fulfil."""

import re
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from ctms.access.explain import permit, permit_at
from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.files.storing import FileTooLarge, store_stream
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import ChangedMeanwhile
from documents.calculations import next_draft
from documents.formats.kind import TAKEN, KindRefused, Why, kind_of
from documents.models import STILL_WRITTEN, Document, DocumentStatus, DocumentVersion

from .filing import promise_match, promise_words

LARGEST_BYTES = 250 * 1024 * 1024
NAME_LENGTH = 200


class UploadRefused(ValidationError):
    """One file was not taken; the sentence names it and says why."""


@dataclass(frozen=True)
class Uploaded:
    """What became of one file."""

    name: str
    document: Document | None = None
    refusal: str = ""
    note: str = ""


def upload_documents(*, actor, on, place, files, unblinded=False, expected=None):
    """
    Take files into the inbox of a place; those that cannot be taken are refused one by one, with a sentence.

    :param files: [(name, chunks)]
    :param expected: the ExpectedDocument a single file is brought for
    :returns: [Uploaded] in the order of the files
    """
    results = []
    for name, chunks in files:
        try:
            document, note = upload_document(
                actor=actor,
                on=on,
                place=place,
                name=name,
                chunks=chunks,
                unblinded=unblinded,
                expected=expected,
            )
            results.append(Uploaded(plain_name(name), document, note=note))
        except UploadRefused as refused:
            results.append(Uploaded(plain_name(name), refusal=" ".join(refused.messages)))
    return results


def upload_document(*, actor, on, place, name, chunks, unblinded=False, expected=None):
    """
    Take one file as a new document of a study, country or site.

    :returns: (the document, a note or "")
    :raises UploadRefused: the file is not taken
    :raises PermissionDenied: the actor uploads nothing here; unblinded papers only within their circle
    """
    permit_at(actor, "documents.add_document", place.place(), unblinded=unblinded)
    name = plain_name(name)
    with acting_as(actor, reason=_("Uploaded")):
        stored, elsewhere = _take(actor, place.place(), name, chunks)
        document = Document(title=name.rpartition(".")[0] or name, unblinded=unblinded, uploaded_by=actor)
        lie_at(document, place)
        if expected is not None:
            stand_for(document, expected)
        document.full_clean()
        document.save()
        _add(document, stored, "0.1", on, actor)
    note = (
        _("%(name)s lies elsewhere too: %(title)s.") % {"name": name, "title": elsewhere} if elsewhere else ""
    )
    return document, note


def replace_content(*, actor, on, document, name, chunks, version=None):
    """
    Bring the content of a document that is still written: its first, or the mended one after it was returned.

    :raises TransitionRefused: it is in review or approved
    """
    permit(actor, "documents.change_document", document)
    name = plain_name(name)
    with acting_as(actor, reason=_("New content")):
        locked = Document.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=document.pk)
        if version is not None and version != locked.version:
            raise ChangedMeanwhile(_("Somebody changed this record after you opened it."))
        if locked.status not in STILL_WRITTEN:
            raise TransitionRefused(
                _("The content of a document in review no longer changes."), conflict=True
            )
        stored, _elsewhere = _take(actor, locked.place(), name, chunks, replacing=locked)
        with everything("the numbers of the document in hand"):
            numbers = list(locked.versions.values_list("number", flat=True))
            former = locked.replaces.versions.order_by("-pk").first().number if locked.replaces_id else ""
        _add(locked, stored, next_draft(numbers, former), on, actor)
        locked.save()  # counts as a change of the document
    return locked


def begin_new_version(*, actor, document):
    """
    Begin the next version of an approved document: a document of its own, reviewed and approved anew.

    The approved one stays readable, and shown to whom it was shown, until the new one replaces it.
    """
    permit_at(actor, "documents.add_document", document.place(), unblinded=document.unblinded)
    with acting_as(actor, reason=_("New version")):
        former = Document.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=document.pk)
        if former.status != DocumentStatus.APPROVED:
            raise ValidationError(_("Only an approved document gets a new version."))
        with everything("whether a new version is under way"):
            if former.successors.exclude(status=DocumentStatus.VOIDED).exists():
                raise ValidationError(_("A new version of this document is under way already."))
        new = Document(
            study=former.study,
            country=former.country,
            site=former.site,
            artifact=former.artifact,
            title=former.title,
            language=former.language,
            unblinded=former.unblinded,
            about=former.about,
            expected=former.expected,
            replaces=former,
            uploaded_by=actor,
        )
        new.full_clean()
        new.save()
    return new


def _add(document, stored, number, on, actor):
    DocumentVersion.objects.create(
        document=document, number=number, file=stored, sha256=stored.sha256, filed_on=on
    )
    promise_words(actor=actor, document=document, sha256=stored.sha256)
    if document.expected_id:
        promise_match(actor=actor, document=document)


def lie_at(document, place):
    """Put a document at a study, a country or a site."""
    at = place.place()
    document.study_id, document.country_id, document.site_id = at.study, at.country, at.site


def stand_for(document, expected):
    """Let a document stand for an expected one: it takes over artifact, place and what it is about."""
    document.expected = expected
    document.artifact = expected.artifact
    document.country, document.site = expected.country, expected.site
    document.about = expected.source


def plain_name(name):
    """Return a file's name without folders, control characters or tricks of writing direction."""
    name = unicodedata.normalize("NFC", str(name)).replace("\\", "/").rpartition("/")[2]
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    name = re.sub(r"\s+", " ", name).strip(" .")
    if len(name) > NAME_LENGTH:
        stem, dot, extension = name.rpartition(".")
        name = f"{stem[: NAME_LENGTH - 12]}{dot}{extension[:10]}" if dot else name[:NAME_LENGTH]
    return name or _("unnamed file")


def _take(actor, at, name, chunks, *, replacing=None):
    """Put a file away unless it is none we take, or lies here already; returns it and where else it lies."""
    found = {}

    def look(stream, sha256):
        kind = _kind(name, stream)
        found["elsewhere"] = _refuse_doubles(actor, at, name, sha256, replacing)
        return kind.content_type

    try:
        stored = store_stream(actor=actor, name=name, chunks=chunks, at_most=LARGEST_BYTES, look=look)
    except FileTooLarge as refused:
        raise UploadRefused(
            _("%(name)s is larger than %(most)s; larger files are not taken.")
            % {"name": name, "most": filesizeformat(refused.most)}
        ) from refused
    return stored, found["elsewhere"]


def _kind(name, stream):
    try:
        return kind_of(name, stream)
    except KindRefused as refused:
        raise UploadRefused(_said(refused) % {
            "name": name,
            "called": refused.called,
            "holds": refused.holds or _("something else"),
            "taken": ", ".join(TAKEN),
        }) from refused  # fmt: skip


def _said(refused):
    return {
        Why.EMPTY: _("%(name)s is empty."),
        Why.DAMAGED: _("%(name)s is damaged: it cannot be opened."),
        Why.MACROS: _("%(name)s holds a program (macros); save it without and upload it again."),
        Why.NOT_WHAT_IT_IS_CALLED: _("%(name)s is called .%(called)s and is none: it holds %(holds)s."),
        Why.NOT_TAKEN: _("%(name)s is of a kind that is not taken. Taken are: %(taken)s."),
    }[refused.why]


def _refuse_doubles(actor, at, name, sha256, replacing):
    """
    Refuse what lies at this very place already; return the title of the same content elsewhere, or "".

    Only among what the person may see: a name must not betray a paper of the unblinded circle.
    """
    same = DocumentVersion.objects.visible_to(actor).filter(sha256=sha256, study=at.study)
    same = same.exclude(document__status=DocumentStatus.VOIDED).select_related("document")
    if replacing is not None and same.filter(document=replacing).exists():
        raise UploadRefused(_("%(name)s is the file this document has already.") % {"name": name})
    here = same.filter(country=at.country, site=at.site).first()
    if here is not None and not (replacing is not None and here.document_id == replacing.replaces_id):
        raise UploadRefused(
            _("%(name)s is here already: “%(title)s”, version %(number)s.")
            % {"name": name, "title": here.document.title, "number": here.number}
        )
    other = same.first()
    return other.document.title if other is not None else ""
