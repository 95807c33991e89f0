"""What kind a file really is, by its bytes; its name must agree."""

import zipfile
from dataclasses import dataclass
from enum import Enum

import puremagic

HEAD_BYTES = 8192
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What an archive of this kind must hold.
OFFICE = {
    "word/": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt/": ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
OLD_OFFICE = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "msg": "application/vnd.ms-outlook",
}
MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "png", "image/png"),
    (b"\xff\xd8\xff", "jpg", "image/jpeg"),
    (b"II*\x00", "tif", "image/tiff"),
    (b"MM\x00*", "tif", "image/tiff"),
)
TEXT = {"txt": "text/plain", "csv": "text/csv", "eml": "message/rfc822", "xml": "application/xml"}
SAME = {"jpeg": "jpg", "tiff": "tif"}
TAKEN = (
    "pdf",
    "docx",
    "xlsx",
    "pptx",
    "doc",
    "xls",
    "ppt",
    "msg",
    "png",
    "jpg",
    "tif",
    "txt",
    "csv",
    "eml",
    "xml",
)


class Why(Enum):
    """Why a file is not taken."""

    EMPTY = "empty"
    NOT_TAKEN = "not taken"
    NOT_WHAT_IT_IS_CALLED = "not what it is called"
    MACROS = "macros"
    DAMAGED = "damaged"


class KindRefused(Exception):
    """The file is not of a kind that is taken; `holds` names what it really is, as far as that is known."""

    def __init__(self, why, *, called="", holds=""):
        super().__init__(why.value)
        self.why, self.called, self.holds = why, called, holds


@dataclass(frozen=True)
class Kind:
    extension: str
    content_type: str


def kind_of(name, stream):
    """
    Return the Kind of an open file; the stream is left at its beginning.

    :raises KindRefused: it is empty, damaged, of another kind than its name says, or of none that is taken
    """
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    called = extension_of(name)
    if not head:
        raise KindRefused(Why.EMPTY, called=called)
    try:
        kind = _by_bytes(head, stream, called)
    finally:
        stream.seek(0)
    if called and SAME.get(called, called) != kind.extension:
        raise KindRefused(
            Why.NOT_TAKEN if called not in TAKEN and called not in SAME else Why.NOT_WHAT_IT_IS_CALLED,
            called=called,
            holds=kind.extension,
        )
    return kind


def extension_of(name):
    return name.rpartition(".")[2].lower() if "." in name else ""


def _by_bytes(head, stream, called):
    if b"%PDF-" in head[:1024]:
        return Kind("pdf", "application/pdf")
    for mark, extension, content_type in MAGIC:
        if head.startswith(mark):
            return Kind(extension, content_type)
    if head.startswith(ZIP):
        return _office(stream, called)
    if head.startswith(OLE):
        if called not in OLD_OFFICE:
            raise KindRefused(Why.NOT_TAKEN, called=called, holds="application/x-ole-storage")
        return Kind(called, OLD_OFFICE[called])
    if _is_text(head) and called in TEXT:
        if called == "xml" and not head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
            raise KindRefused(Why.NOT_WHAT_IT_IS_CALLED, called=called, holds="text/plain")
        return Kind(called, TEXT[called])
    raise KindRefused(
        Why.NOT_WHAT_IT_IS_CALLED if called in TAKEN or called in SAME else Why.NOT_TAKEN,
        called=called,
        holds=_words(head),
    )


def _office(stream, called):
    """Only an office document is taken as an archive, and none with a program in it."""
    try:
        stream.seek(0)
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as broken:
        raise KindRefused(Why.DAMAGED, called=called) from broken
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise KindRefused(Why.MACROS, called=called)
    if "[Content_Types].xml" in names:
        for folder, (extension, content_type) in OFFICE.items():
            if any(name.startswith(folder) for name in names):
                return Kind(extension, content_type)
    raise KindRefused(
        Why.NOT_WHAT_IT_IS_CALLED if called in TAKEN else Why.NOT_TAKEN,
        called=called,
        holds="application/zip",
    )


def _is_text(head):
    """True if the first bytes are words: no NUL, UTF-8 or a single-byte alphabet, few control characters."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"\x00" in head or head.startswith((b"MZ", b"\x7fELF", b"#!")):
        return False
    controls = sum(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in head)
    return controls * 100 <= len(head)


def _words(head):
    """Return the media type the bytes say, for a refusal."""
    try:
        return puremagic.from_string(head, mime=True) or ""
    except (puremagic.PureError, ValueError):
        return ""
