"""Save as you write: what was typed survives a lost session, a closed lid, an idle time-out."""

from datetime import timedelta

from django.db.models.functions import Now
from django.http import HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views.decorators.http import require_POST

from .models import Draft

# Never kept: what proves identity, and what belongs to the request.
NEVER_KEPT = {"csrfmiddlewaretoken", "password", "proof", "draft_path", "version", "file"}
LONGEST = 200_000
KEPT_FOR = timedelta(days=30)


@require_POST
def save_draft(request):
    """Keep the fields of the form at `draft_path`; called by the page while somebody writes."""
    path = request.POST.get("draft_path", "")[:400]
    values = {name: request.POST.getlist(name) for name in request.POST if name not in NEVER_KEPT}
    if not path.startswith("/") or sum(len(text) for texts in values.values() for text in texts) > LONGEST:
        return HttpResponseBadRequest()
    Draft.objects.update_or_create(
        user=request.user, path=path, defaults={"values": values, "saved_at": Now()}
    )
    return HttpResponse(status=204)


def draft_of(request):
    """Return what this person was writing at this address, or None."""
    return Draft.objects.filter(user=request.user, path=request.get_full_path()[:400]).first()


def discard_draft(request):
    """The form was saved or given up: forget what was written on the way."""
    Draft.objects.filter(user=request.user, path=request.get_full_path()[:400]).delete()


def purge_drafts():
    """Throw away what nobody came back for."""
    Draft.objects.filter(saved_at__lt=timezone.now() - KEPT_FOR).delete()
