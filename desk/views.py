from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from ctms.access.access import access_of

from .portfolio.reading import gravest_first, rows_of, studies_in_portfolio
from .work import figures_of, open_reports_of, work_of

STUDIES_AT_HOME = 8
# Whoever answers for more studies opens the portfolio: to compare them all takes longer than a first page may.
STUDIES_COMPARED = 40


@login_required
def home(request):
    """What this person should do next, most urgent first; people from outside are led to what is theirs to read."""
    access = access_of(request.user)
    if access.published_only:
        return redirect("portal")
    if access.time_boxed_only:
        return redirect("inspection")
    today = timezone.localdate()
    studies = studies_in_portfolio(request.user) if request.user.has_perm("studies.view_workload") else []
    reports = open_reports_of(request.user, today)
    rows = compared(request.user, studies, today, reports)
    context = {
        "figures": figures_of(request.user, today, reports),
        "portfolio": rows[:STUDIES_AT_HOME],
        "portfolio_total": len(studies),
        # Whoever watches what was changed and what was opened, and not everybody who may look it up.
        "journal_url": reverse("journal") if request.user.has_perm("audit.view_access") else "",
        "shows_money": any(row.money for row in rows),
        **work_of(request.user, today),
        "today": today,
    }
    return render(request, "desk/home.html", context)


def compared(user, studies, on, reports):
    """Return the studies side by side, the gravest first; none where they are too many for a first page."""
    return gravest_first(rows_of(user, studies, on, reports)) if len(studies) <= STUDIES_COMPARED else []
