"""The words of a file, for the search; within limits, and never a failure: a note says why there are none."""

import csv
import email
import email.policy
import io
import re
import time
import zipfile
from dataclasses import dataclass

import openpyxl
import pypdf
from lxml import etree

MOST_BYTES = 60 * 1024 * 1024
MOST_UNPACKED = 120 * 1024 * 1024
MOST_CHARACTERS = 300_000
MOST_PAGES = 2_000
MOST_SECONDS = 40
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
ENCRYPTED, PICTURES, TOO_LARGE, NO_WORDS, UNREADABLE = (
    "encrypted",
    "pictures only",
    "too large",
    "no words",
    "unreadable",
)


@dataclass(frozen=True)
class Words:
    """What was read; with a note, not all of it or nothing."""

    text: str = ""
    note: str = ""


class _TooLarge(Exception):
    pass


def words_of(content, extension):
    """Return the Words of a file's bytes; of kinds without words only a note."""
    if len(content) > MOST_BYTES:
        return Words(note=TOO_LARGE)
    reader = READERS.get(extension)
    if reader is None:
        return Words(note=PICTURES if extension in ("png", "jpg", "tif") else NO_WORDS)
    try:
        text, note = reader(content)
    except _TooLarge:
        return Words(note=TOO_LARGE)
    except RecursionError:
        return Words(note=UNREADABLE)
    except Exception:
        # Parsers of hostile files raise whatever their parts raise; the document is filed all the same.
        return Words(note=UNREADABLE)
    text = _plain(text)
    return Words(text, note or ("" if text else NO_WORDS))


def _plain(text):
    """Return the text as the database takes it: no NUL, no lone surrogates, spaces once, not endless."""
    text = text.replace("\x00", " ").encode("utf-8", "ignore").decode("utf-8")
    # A line of a thousand letters without a space is no word anybody looks for.
    text = " ".join(word for word in re.split(r"\s+", text) if len(word) <= 200)
    return text[:MOST_CHARACTERS].strip()


def _pdf(content):
    reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return "", ENCRYPTED
    parts, length, until = [], 0, time.monotonic() + MOST_SECONDS
    for number, page in enumerate(reader.pages):
        if number >= MOST_PAGES or length > MOST_CHARACTERS or time.monotonic() > until:
            return " ".join(parts), TOO_LARGE
        text = page.extract_text() or ""
        parts.append(text)
        length += len(text)
    text = " ".join(parts)
    return text, "" if text.strip() else PICTURES


def _archive(content):
    """Open an archive whose parts together stay within what a machine has."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
        raise _TooLarge
    return archive


def _xml_words(data, *tags):
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(data, parser)
    return " ".join(node.text for node in root.iter(*tags) if node.text)


def _docx(content):
    with _archive(content) as archive:
        names = [
            name
            for name in archive.namelist()
            if re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml", name)
        ]
        # Runs of one word are joined by the paragraph they stand in; between paragraphs is a space.
        return " ".join(_docx_part(archive.read(name)) for name in sorted(names)), ""


def _docx_part(data):
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(data, parser)
    return " ".join("".join(node.text or "" for node in p.iter(f"{WORD}t")) for p in root.iter(f"{WORD}p"))


def _pptx(content):
    with _archive(content) as archive:
        names = [name for name in archive.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
        return " ".join(_xml_words(archive.read(name), f"{DRAWING}t") for name in sorted(names)), ""


def _xlsx(content):
    _archive(content).close()
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    parts, length, until = [], 0, time.monotonic() + MOST_SECONDS
    for sheet in book.worksheets:
        for row in sheet.iter_rows(values_only=True):
            line = " ".join(str(cell) for cell in row if cell not in (None, ""))
            parts.append(line)
            length += len(line)
            if length > MOST_CHARACTERS or time.monotonic() > until:
                return " ".join(parts), TOO_LARGE
    return " ".join(parts), ""


def _text(content):
    for encoding in ("utf-8-sig", "utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return content.decode(encoding), ""
        except UnicodeDecodeError:
            continue
    return content.decode("cp1252", "replace"), ""


def _csv(content):
    text, note = _text(content)
    return " ".join(" ".join(row) for row in csv.reader(io.StringIO(text))), note


def _mail(content):
    message = email.message_from_bytes(content, policy=email.policy.default)
    body = message.get_body(preferencelist=("plain",))
    said = [str(message.get(name, "")) for name in ("subject", "from", "to", "date")]
    return " ".join([*said, body.get_content() if body is not None else ""]), ""


def _xml(content):
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return " ".join(etree.fromstring(content, parser).itertext()), ""


READERS = {
    "pdf": _pdf,
    "docx": _docx,
    "pptx": _pptx,
    "xlsx": _xlsx,
    "txt": _text,
    "csv": _csv,
    "eml": _mail,
    "xml": _xml,
}
