from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone

from .work import work_of


@login_required
def home(request):
    """What this person should do next, most urgent first."""
    today = timezone.localdate()
    return render(request, "desk/home.html", {"sections": work_of(request.user, today), "today": today})
