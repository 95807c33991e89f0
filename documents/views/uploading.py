"""Bring files in from a browser: many at once, by dropping them or without JavaScript."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ctms.access.explain import permit
from ctms.pages.record import record_for, url_of
from ctms.pages.views import refused
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import ChangedMeanwhile
from documents import services
from documents.forms import ContentForm, UploadForm
from documents.models import ExpectedDocument, Level
from documents.pages import DocumentRecord

from .documents import version_of


@login_required
def upload(request):
    """Take files into the inbox of a place; one file goes on to be classified, many to the list."""
    permit(request.user, "documents.add_document")
    if request.method != "POST":
        return _ask(request, UploadForm(initial={"place": _known_place(request)}, user=request.user))
    form = UploadForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return _ask(request, form, status=422)
    place = form.chosen_place
    results = services.upload_documents(
        actor=request.user,
        on=timezone.localdate(),
        place=place,
        files=[(file.name, file.chunks()) for file in form.cleaned_data["files"]],
        unblinded=form.cleaned_data.get("unblinded", False),
    )
    return _after(request, place, results)


def _known_place(request):
    for name in ("site", "country", "study"):
        if request.GET.get(name, "").isdigit():
            return f"{name}-{request.GET[name]}"
    return ""


def _ask(request, form, status=200):
    context = {"form": form, "back": request.GET.get("back", "") or "/documents/"}
    if not context["back"].startswith("/") or context["back"].startswith("//"):
        context["back"] = "/documents/"
    return render(request, "documents/upload.html", context, status=status)


def _after(request, place, results):
    taken = [one.document for one in results if one.document is not None]
    for one in results:
        if one.refusal:
            messages.error(request, one.refusal)
        elif one.note:
            messages.warning(request, one.note)
    if not taken:
        return redirect(f"{record_for(place).url(place, 'documents')}")
    messages.success(
        request,
        ngettext("%(count)d file is in the inbox.", "%(count)d files are in the inbox.", len(taken))
        % {"count": len(taken)},
    )
    if len(results) == 1:
        return redirect(DocumentRecord.url(taken[0], "edit"))
    return redirect(f"{record_for(place).url(place, 'documents')}?status=DRAFT")


@login_required
@require_POST
def upload_expected(request, pk):
    """Bring the file an expected document waits for: it knows what it is."""
    rows = ExpectedDocument.objects.visible_to(request.user).select_related(
        "study", "country", "site", "artifact"
    )
    expected = rows.filter(pk=pk).first()
    if expected is None:
        return refused(request, _("There is no such expected document that you may see."), status=404)
    form = ContentForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a file first."))
        return redirect(url_of(expected))
    at = {Level.SITE: expected.site, Level.COUNTRY: expected.country, Level.STUDY: expected.study}
    file = form.cleaned_data["file"]
    (result,) = services.upload_documents(
        actor=request.user,
        on=timezone.localdate(),
        place=at[expected.level],
        files=[(file.name, file.chunks())],
        unblinded=expected.unblinded,
        expected=expected,
    )
    if result.refusal:
        messages.error(request, result.refusal)
        return redirect(url_of(expected))
    return redirect(DocumentRecord.url(result.document, "edit"))


@login_required
@require_POST
def content(request, pk):
    """Bring the content of a document that is still written."""
    document = DocumentRecord.get(request.user, pk)
    back = DocumentRecord.url(document)
    form = ContentForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a file first."))
        return redirect(back)
    file = form.cleaned_data["file"]
    try:
        services.replace_content(
            actor=request.user,
            on=timezone.localdate(),
            document=document,
            name=file.name,
            chunks=file.chunks(),
            version=version_of(request),
        )
    except services.UploadRefused as refusal:
        return refused(request, " ".join(refusal.messages), back=back, status=422)
    except (TransitionRefused, ChangedMeanwhile) as refusal:
        return refused(request, str(refusal), back=back, status=409)
    messages.success(request, _("%(name)s is the content now.") % {"name": file.name})
    return redirect(back)
