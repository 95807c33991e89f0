"""The pages an inspection begins at; what lies behind them are the pages everybody reads, without its drafts."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ctms.pages.views import place_context

from .reading import documents_of, inspected_studies, last_days, lists_of, zones_of

PER_PAGE = 50


@login_required
@require_safe
def inspection(request):
    """Show the studies a person inspects; with one of them there is nothing to choose."""
    studies = list(inspected_studies(request.user))
    if not studies:
        raise Http404
    if len(studies) == 1:
        return redirect("inspected-study", studies[0].pk)
    return render(request, "desk/inspection/studies.html", {"studies": studies})


@login_required
@require_safe
def inspected_study(request, pk):
    """Show a study's trial master file by zone, its other lists, and until when they are open to this person."""
    study = inspected_studies(request.user).filter(pk=pk).first()
    if study is None:
        raise Http404
    request.shown_record = study
    zone, words = request.GET.get("zone", ""), request.GET.get("q", "").strip()
    documents = documents_of(request.user, study, zone=zone, words=words)
    page = Paginator(documents, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "zones": zones_of(request.user, study),
        "zone": zone,
        "words_asked": words,
        "documents": page,
        "lists": lists_of(request.user, study),
        "last_days": last_days(request.user, study, timezone.localdate()),
        **place_context(request, study),
    }
    return render(request, "desk/inspection/study.html", context)
