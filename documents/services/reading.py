"""Read the words of what was uploaded, for the search."""

from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import everything
from ctms.files.storing import FileDamaged, read_checked
from documents.formats import words
from documents.models import DocumentText

NOTES = {
    words.ENCRYPTED: _("It is encrypted; its words cannot be searched."),
    words.PICTURES: _("It holds pictures and no words; it cannot be searched."),
    words.TOO_LARGE: _("It is very large; only part of its words can be searched."),
    words.NO_WORDS: _("No words were found in it."),
    words.UNREADABLE: _("Its words could not be read."),
}
EXTENSIONS = {
    "application/pdf": "pdf",
    "text/plain": "txt",
    "text/csv": "csv",
    "message/rfc822": "eml",
    "application/xml": "xml",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/tiff": "tif",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
}


def read_words(document):
    """Keep the words of a document's latest content; reading the same content again changes nothing."""
    with everything("the content of the document in hand"):
        latest = document.versions.select_related("file").order_by("-pk").first()
        if latest is None:
            return None
        kept = DocumentText.objects.filter(document=document).first()
        if kept is not None and kept.sha256 == latest.sha256:
            return kept
        kept = kept or DocumentText(document=document)
        found = _words_of(latest.file)
        kept.sha256, kept.text, kept.note = latest.sha256, found.text, found.note
        kept.save()
    return kept


def _words_of(stored):
    if stored.size > words.MOST_BYTES:
        return words.Words(note=words.TOO_LARGE)
    try:
        content = read_checked(stored)
    except FileDamaged:
        return words.Words(note=words.UNREADABLE)
    return words.words_of(content, EXTENSIONS.get(stored.content_type, ""))


def words_note(document, user):
    """Return the sentence why the words of a document cannot be searched, or ""."""
    kept = DocumentText.objects.visible_to(user).filter(document=document).first()
    return NOTES.get(kept.note, "") if kept else ""
