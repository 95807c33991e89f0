"""Small files made up here: PDF, Word, Excel, text; nothing in them is from anywhere."""

import io
import zipfile

import openpyxl

from desk.demo.papers import pdf_of


def pdf(words="Curriculum vitae", *, padding=b""):
    """Return a PDF of one page with these words."""
    return pdf_of(words) + padding


def archive(**parts):
    """Return a zip archive; in names a double underscore is a slash."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return held.getvalue()


WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(*runs, **more):
    """Return a Word document whose one paragraph is made of these runs."""
    body = "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs)
    document = f"<w:document {WORD}><w:body><w:p>{body}</w:p></w:body></w:document>"
    with_types = io.BytesIO()
    with zipfile.ZipFile(with_types, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.xml", more.pop("document", document))
        for name, content in more.items():
            file.writestr(name.replace("__", "/").replace("_bin", ".bin"), content)
    return with_types.getvalue()


def xlsx(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()
