"""A template and frozen facts become a PDF/A-3a: the form the trial master file keeps."""

import ctypes
import mimetypes
import os
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string

# What WeasyPrint opens by name when it is imported.
LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libharfbuzz.so.0",
    "libfontconfig.so.1",
    "libpangoft2-1.0.so.0",
)
OWN_FILES = "static:"


class PdfUnavailable(Exception):
    """No PDF can be made on this machine, or the template asked for what it may not have."""


def render_pdf(template_name, context, *, title):
    """
    Return the PDF/A-3a made of a template and `context`; the same facts give the same bytes.

    The template gets `title` for its `<title>` and `fonts`. It reaches static files as `static:<path>` and
    nothing else: neither the network nor a file of the machine.

    :raises PdfUnavailable: Pango is missing, or the template names another address
    """
    weasyprint = _weasyprint()
    text = render_to_string(template_name, {**context, "title": title, "fonts": font_files()})
    try:
        page = weasyprint.HTML(string=text, base_url=OWN_FILES, url_fetcher=_static_files_only())
        return page.write_pdf(pdf_variant="pdf/a-3a", font_config=_fonts_in_hand())
    except _refused() as refusal:
        # WeasyPrint's own exception is no Exception: it would end the worker instead of the job.
        raise PdfUnavailable(str(refusal)) from refusal


def font_files():
    """Return [(family, static path)] of the house's font that are there; others are found by fontconfig."""
    # One file a script: WeasyPrint knows no unicode-range, so each is a family of its own.
    scripts = ("latin", "latin-ext", "greek", "cyrillic", "cyrillic-ext", "vietnamese")
    named = ((f"Inter {script}", f"inter/inter-{script}-wght-normal.woff2") for script in scripts)
    return [(family, path) for family, path in named if finders.find(path)]


@lru_cache(maxsize=1)
def _weasyprint():
    """Import WeasyPrint late: it needs native libraries that web processes do without."""
    load_pango()
    # fontTools writes this instant, else the clock's, into every font it embeds: the same facts, the same bytes.
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    import weasyprint

    return weasyprint


@lru_cache(maxsize=1)
def _fonts_in_hand():
    """The house's fonts, unpacked once a process: to unpack them for every document took a third of its time."""
    return _weasyprint().text.fonts.FontConfiguration()


def _refused():
    from weasyprint.urls import FatalURLFetchingError

    return FatalURLFetchingError


def _static_path(url):
    """Return where the static file of an address lies, or None if it names anything else."""
    if not url.startswith(OWN_FILES):
        return None
    try:
        return finders.find(url.removeprefix(OWN_FILES).lstrip("/"))
    except SuspiciousFileOperation:
        return None


@lru_cache(maxsize=1)
def _static_files_only():
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class StaticFiles(URLFetcher):
        """Hands out our static files and refuses every other address."""

        def fetch(self, url, headers=None):
            path = _static_path(url)
            if path is None:
                raise FatalURLFetchingError(f"A report may use static files only, not {url[:200]}.")
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            return URLFetcherResponse(url, Path(path).read_bytes(), {"Content-Type": kind})

    return StaticFiles()


def load_pango():
    """
    Make Pango available: the system's, or the one the launcher unpacked into the folder CTMS_SYSROOT.

    :raises PdfUnavailable: there is neither
    """
    if _all_open():
        return
    folder = os.environ.get("CTMS_SYSROOT", "")
    if folder:
        _preload(sorted(Path(folder).glob("**/lib*.so.*")))
    if not _all_open():
        raise PdfUnavailable("Pango is not installed, so no PDF can be made.")


def _all_open():
    try:
        for name in LIBRARIES:
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _preload(waiting):
    """Load libraries until no further one can be: each finds what it needs among those already loaded."""
    while waiting:
        failed = []
        for path in waiting:
            try:
                ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)
            except OSError:
                failed.append(path)
        if len(failed) == len(waiting):
            return
        waiting = failed
