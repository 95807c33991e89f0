"""The portfolio of whoever works in the house: all their studies on one page."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ctms.access.access import access_of
from ctms.pages.listing import BoundedPaginator

from .definitions import definitions
from .judging import WORDS
from .reading import gravest_first, rows_of, studies_in_portfolio

ON_A_PAGE = 60


@login_required
@require_safe
def portfolio(request):
    """
    Show a row a study; in the order of their numbers, or the gravest first.

    Judged, counted and ordered are the studies of one page, and a house with more than a page of them is told so.
    """
    access = access_of(request.user)
    if access.published_only or access.time_boxed_only:
        raise Http404
    today = timezone.localdate()
    page = BoundedPaginator(studies_in_portfolio(request.user), ON_A_PAGE).get_page(request.GET.get("page"))
    every = rows_of(request.user, list(page), today)
    rows = judged_as(every, request.GET.get("judged", ""))
    by_number = request.GET.get("order") == "number"
    context = {
        "rows": rows if by_number else gravest_first(rows),
        "judged_here": len(every),
        "judgements": [(tone, word, len(judged_as(every, tone))) for tone, word in WORDS.items()],
        "judged": request.GET.get("judged", ""),
        "shows_money": any(row.money for row in rows),
        "by_number": by_number,
        "page": page,
        "today": today,
        "definitions": definitions(),
    }
    return render(request, "desk/portfolio/portfolio.html", context)


def judged_as(rows, tone):
    """Return the rows whose gravest judgement has a colour; all of them without one."""
    return [row for row in rows if row.worst.tone == tone] if tone in WORDS else rows
