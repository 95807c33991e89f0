"""The two pages of the portal; who works in the house looks at them as the sponsor does."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from .reading import cards_of, contents_of, portal_studies


@login_required
@require_safe
def portal(request):
    """Show a sponsor's studies as cards."""
    studies = list(portal_studies(request.user))
    if not studies:
        raise Http404
    today = timezone.localdate()
    context = {"cards": cards_of(request.user, studies, today), "today": today}
    return render(request, "desk/portal/portal.html", context)


@login_required
@require_safe
def portal_study(request, pk):
    """Show one study as its sponsor sees it."""
    study = portal_studies(request.user).filter(pk=pk).first()
    if study is None:
        raise Http404
    request.shown_record = study
    today = timezone.localdate()
    context = {"one": study, "today": today, **contents_of(request.user, study, today)}
    return render(request, "desk/portal/study.html", context)
