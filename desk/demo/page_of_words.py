"""A PDF of one page made of words: what stands for papers nobody scanned."""

LINES = 52
WIDTH = 92


def pdf_of(words, *more):
    """Return a PDF of one page with these words, and a line for each of `more`."""
    said = [_line(words, 13, 780)]
    lines = [part for text in more for part in _wrapped(text)][:LINES]
    said += [_line(text, 9, 752 - 14 * place) for place, text in enumerate(lines)]
    stream = b"\n".join(said)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj%s\nendobj\n" % (number, content)
    table = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    return written + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)


def _line(text, size, height):
    said = text.encode("cp1252", "replace").replace(b"\\", b"").replace(b"(", b"[").replace(b")", b"]")
    return b"BT /F1 %d Tf 40 %d Td (%s) Tj ET" % (size, height, said)


def _wrapped(text):
    line = ""
    for word in text.split():
        if len(line) + len(word) >= WIDTH:
            yield line
            line = ""
        line = f"{line} {word}".strip()
    yield line
