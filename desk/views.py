from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone

from ctms.access.access import access_of

from .work import work_of


@login_required
def home(request):
    """What this person should do next, most urgent first; people from outside are led to what is theirs to read."""
    access = access_of(request.user)
    if access.published_only:
        return redirect("portal")
    if access.time_boxed_only:
        return redirect("inspection")
    today = timezone.localdate()
    return render(request, "desk/home.html", {"sections": work_of(request.user, today), "today": today})
