"""The search as a page, and its answer alone for the dialog."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext as _

from ctms.pages.frame import LAST_STUDY

from .asking import LONGEST, Group, ask, find
from .opened import latest
from .rooms import full_texts, rooms

IN_THE_DIALOG, ON_THE_PAGE = 4, 25


@login_required
def search_page(request):
    """Show what the words name: to everybody as a page, to the dialog as its list."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    in_dialog = request.headers.get("X-Part") == "found"
    groups = _groups(request, text, IN_THE_DIALOG if in_dialog else ON_THE_PAGE)
    context = {
        "text": text,
        "groups": groups,
        "count": sum(len(group.lines) for group in groups),
        "further": full_texts(request.user, text) if text else [],
        "in_dialog": in_dialog,
    }
    response = render(request, "search/_found.html" if in_dialog else "search/search.html", context)
    # The same address answers in two shapes.
    response.headers["Vary"] = "X-Part, Cookie"
    response.headers["Cache-Control"] = "no-store"
    return response


def _groups(request, text, most):
    user, current = request.user, request.session.get(LAST_STUDY)
    if not text:
        opened = latest(user)
        return [Group(_("Opened last"), opened)] if opened else []
    question = ask(user, text, current)
    records, places = find(user, question, most=most), rooms(user, question)
    # Records have numbers; who types none is likely to look for a page.
    return [*records, *places] if any(sign.isdigit() for sign in text) else [*places, *records]
