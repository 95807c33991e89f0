"""What a person was told, on pages; notices themselves know no pages."""

from django.contrib.auth.decorators import login_required
from django.db.models.functions import Now
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ctms.notices.models import Notice
from ctms.notices.telling import record_of, sees, shown_to

from .record import url_of


@login_required
def notices_page(request):
    """What this person was told, newest first."""
    latest = Notice.objects.filter(user=request.user).order_by("-pk")[:100]
    return render(request, "notices/notices.html", {"notices": shown_to(request.user, latest)})


@login_required
def open_notice(request, pk):
    """Mark a notice read and go to what it is about."""
    notice = Notice.objects.filter(user=request.user, pk=pk).first()
    record = record_of(notice) if notice else None
    if record is None or not sees(request.user, record):
        raise Http404
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=Now())
    return redirect(url_of(record) or "/")


@login_required
@require_POST
def read_all(request):
    Notice.objects.filter(user=request.user, read_at=None).update(read_at=Now())
    return redirect("notices")
