"""A template and facts become an archivable PDF, which reaches nothing but our static files."""

import io

import pytest
from pypdf import PdfReader

from ctms.reports import rendering
from ctms.reports.rendering import PdfUnavailable, render_pdf

PAGE = (
    """<!doctype html><html lang="en"><head><title>{{ title }}</title><style>
{% for family, path in fonts %}@font-face { font-family: "{{ family }}"; src: url("static:{{ path }}"); }
{% endfor %}</style></head><body><h1>{{ title }}</h1><p>{{ words }}</p>"""
    + "{{ extra|safe }}</body></html>"
)


@pytest.fixture(autouse=True)
def template(settings, tmp_path):
    (tmp_path / "page.html").write_text(PAGE)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]


def test_a_pdf_is_tagged_titled_and_made_for_the_archive():
    pdf = PdfReader(
        io.BytesIO(render_pdf("page.html", {"words": "Grüße, Żółć, ≥ 3 °C"}, title="Visit report"))
    )
    assert "Grüße, Żółć, ≥ 3 °C" in pdf.pages[0].extract_text()
    root = pdf.trailer["/Root"]
    assert (pdf.metadata.title, root["/Lang"]) == ("Visit report", "en")
    assert "/StructTreeRoot" in root
    assert "/OutputIntents" in root
    described = root["/Metadata"].get_data().decode()
    assert 'part="3"' in described or ":part>3<" in described
    assert 'conformance="A"' in described or ":conformance>A<" in described


def test_the_same_facts_give_the_same_bytes():
    once, again = (render_pdf("page.html", {"words": "x"}, title="t") for _ in range(2))
    assert once == again


def test_what_was_printed_before_leaves_no_trace_in_a_document():
    alone = render_pdf("reports/page.html", {"header": "Grüße"}, title="t")
    for words in ("Żółć", "Σωκράτης", "Больница"):
        render_pdf("reports/page.html", {"header": words}, title="another")
    assert render_pdf("reports/page.html", {"header": "Grüße"}, title="t") == alone


def test_what_people_wrote_is_text_and_not_markup():
    pdf = PdfReader(io.BytesIO(render_pdf("page.html", {"words": "<b>x</b> & <script>"}, title="t")))
    assert "<b>x</b> & <script>" in pdf.pages[0].extract_text()


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/x.png",
        "https://example.org/x.png",
        "file:///etc/passwd",
        "static:../../etc/passwd",
        "static:none.png",
    ],
)
def test_a_report_reaches_neither_the_network_nor_the_machine(address):
    with pytest.raises(PdfUnavailable, match="static files only"):
        render_pdf("page.html", {"words": "x", "extra": f'<img alt="" src="{address}">'}, title="t")


def test_without_pango_it_says_so(monkeypatch):
    monkeypatch.setattr(rendering, "LIBRARIES", ("libdoes-not-exist.so.9",))
    monkeypatch.setenv("CTMS_SYSROOT", "")
    with pytest.raises(PdfUnavailable, match="Pango"):
        rendering.load_pango()
