"""What a person was told, and how they want to be told, on pages; notices themselves know no pages."""

from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models.functions import Now
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ctms.notices.choosing import choices_of, choose, hows_for
from ctms.notices.kinds import KINDS, kinds_for
from ctms.notices.models import How, Notice
from ctms.notices.telling import record_of, sees, shown_to

from .record import url_of

SHOWN = 100


@login_required
def notices_page(request):
    """What this person was told: unread first, then by day; of one kind if the address says so."""
    mine = Notice.objects.filter(user=request.user, followed_by=None)
    told = set(mine.order_by().values_list("kind", flat=True).distinct())
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in told else ""
    # What was muted is still there for whoever asks for its kind.
    mine = mine.filter(kind=kind) if kind else mine.exclude(how=How.MUTED)
    unread = shown_to(request.user, mine.filter(read_at=None).order_by("-pk")[:SHOWN])
    read = shown_to(request.user, mine.exclude(read_at=None).order_by("-pk")[:SHOWN])
    context = {
        "unread": unread,
        "days": [(day, list(rows)) for day, rows in groupby(read, lambda row: _day(row[0].made_at))],
        "kinds": [(name, _sentence(name)) for name in sorted(told, key=_sentence)],
        "kind": kind,
    }
    return render(request, "notices/notices.html", context)


def _day(instant):
    return timezone.localtime(instant).date()


def _sentence(name):
    return str(KINDS[name].sentence) if name in KINDS else name.replace("-", " ").capitalize()


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
def read_one(request, pk):
    """Mark one notice read and stay."""
    Notice.objects.filter(user=request.user, pk=pk, read_at=None).update(read_at=Now())
    return redirect("notices")


@login_required
@require_POST
def read_all(request):
    Notice.objects.filter(user=request.user, read_at=None).update(read_at=Now())
    return redirect("notices")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choices_page(request):
    """How this person is told, kind by kind."""
    kinds = kinds_for(request.user)
    if request.method == "POST":
        chosen = {
            kind.name: How(wanted)
            for kind in kinds
            if (wanted := request.POST.get(kind.name, "")) in hows_for(kind.name)
        }
        choose(user=request.user, chosen=chosen)
        messages.success(request, _("You are told as you chose from now on."))
        return redirect("notice-choices")
    chosen = choices_of(request.user)
    rows = [(kind, hows_for(kind.name), chosen.get(kind.name, How.AT_ONCE)) for kind in kinds]
    return render(request, "notices/choices.html", {"rows": rows, "hows": list(How)})
