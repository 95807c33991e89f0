"""Small files made up here: PDF, Word, Excel, text; nothing in them is from anywhere."""

import io
import zipfile

import openpyxl


def pdf(words="Curriculum vitae", *, padding=b""):
    """Return a PDF of one page with these words."""
    stream = f"BT /F1 12 Tf 40 700 Td ({words}) Tj ET".encode("latin-1")
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj%s\nendobj\n" % (number, content)
    table = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return written + padding


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
