"""The workload page."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ctms.access.explain import why_not

from .reading import DEFINITIONS, MARKS, PERIOD_DAYS, VIEW, workload_of


@login_required
@require_safe
def workload(request):
    """Show a line a monitor."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied(why_not(request.user, VIEW))
    today = timezone.localdate()
    context = {
        "loads": [(load, load.marks(today)) for load in workload_of(request.user, today)],
        "marks": MARKS.values(),
        "today": today,
        "since": today - timedelta(days=PERIOD_DAYS - 1),
        "until": today + timedelta(days=PERIOD_DAYS),
        "definitions": DEFINITIONS,
    }
    return render(request, "desk/workload.html", context)
