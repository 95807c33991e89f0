from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone

from ctms.access.access import access_of

from .portfolio.reading import gravest_first, rows_of, studies_in_portfolio
from .work import figures_of, work_of

STUDIES_AT_HOME = 8


@login_required
def home(request):
    """What this person should do next, most urgent first; people from outside are led to what is theirs to read."""
    access = access_of(request.user)
    if access.published_only:
        return redirect("portal")
    if access.time_boxed_only:
        return redirect("inspection")
    today = timezone.localdate()
    rows = portfolio_of(request.user, today)
    context = {
        "figures": figures_of(request.user, today),
        "portfolio": rows[:STUDIES_AT_HOME],
        "portfolio_total": len(rows),
        "shows_money": any(row.money for row in rows),
        **work_of(request.user, today),
        "today": today,
    }
    return render(request, "desk/home.html", context)


def portfolio_of(user, on):
    """Return the studies side by side for whoever steers them or answers for them, the gravest first."""
    if not user.has_perm("studies.view_workload"):
        return []
    return gravest_first(rows_of(user, studies_in_portfolio(user), on))
