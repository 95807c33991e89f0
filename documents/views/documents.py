from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ctms.files.storing import FileDamaged, hand_out
from ctms.pages.views import refused

from documents.pages import DocumentRecord
from documents.services import show_to_sponsor


@login_required
@require_safe
def download(request, pk):
    """Hand out the latest version of a document the person may see; the download is remembered."""
    document = DocumentRecord.get(request.user, pk)
    if document.current_version is None:
        raise Http404
    try:
        return hand_out(
            user=request.user,
            stored=document.current_version.file,
            record=document,
            inline="inline" in request.GET,
        )
    except FileDamaged as damage:
        return refused(request, str(damage), back=DocumentRecord.url(document), status=409)


@login_required
@require_POST
def publish(request, pk):
    """Show a document to the sponsor, or withdraw it."""
    document = DocumentRecord.get(request.user, pk)
    shown = request.POST.get("shown") == "1"
    reason = request.POST.get("reason", "").strip() or (
        _("Shown to the sponsor") if shown else _("Withdrawn from the sponsor")
    )
    try:
        show_to_sponsor(actor=request.user, document=document, shown=shown, reason=reason)
    except ValidationError as refusal:
        return refused(request, " ".join(refusal.messages), back=DocumentRecord.url(document), status=409)
    messages.success(request, reason)
    return redirect(DocumentRecord.url(document))
