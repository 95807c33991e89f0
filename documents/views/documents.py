"""Pages of documents beyond lists and records: hand out, publish, classify, review."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ctms.access.explain import permit
from ctms.files.storing import FileDamaged, hand_out
from ctms.pages.forms import USUAL_REASONS, add_errors
from ctms.pages.views import place_context, refused
from ctms.workflow.declare import TransitionRefused, flow_with
from ctms.workflow.engine import ChangedMeanwhile
from documents import services
from documents.forms import ClassifyForm, ReturnForm
from documents.models import Document, QualityIssue
from documents.pages import DocumentRecord


@login_required
@require_safe
def download(request, pk, version=None):
    """Hand out a version of a document the person may see, the latest unless named; it is remembered."""
    document = DocumentRecord.get(request.user, pk)
    found = document.current_version
    if version is not None:
        found = next((one for one in document.shown_versions if one.pk == version), None)
    if found is None:
        raise Http404
    try:
        return hand_out(user=request.user, stored=found.file, record=document, inline="inline" in request.GET)
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
        services.show_to_sponsor(actor=request.user, document=document, shown=shown, reason=reason)
    except ValidationError as refusal:
        return refused(request, " ".join(refusal.messages), back=DocumentRecord.url(document), status=409)
    messages.success(request, reason)
    return redirect(DocumentRecord.url(document))


@login_required
def classify(request, pk):
    """Say what a paper of the inbox is."""
    document = DocumentRecord.get(request.user, pk)
    permit(request.user, "documents.change_document", document)
    if refusal := DocumentRecord.why_not_editable(document):
        return refused(request, refusal, back=DocumentRecord.url(document), status=409)
    # A copy: the form writes into its instance, and the page still shows what is saved.
    copy = Document.objects.visible_to(request.user).get(pk=pk)
    form, conflict = ClassifyForm(posted(request), instance=copy, user=request.user), ""
    if request.method == "POST" and form.is_valid():
        try:
            done = services.classify_document(
                actor=request.user, record=document, version=version_of(request), **form.said()
            )
        except ValidationError as refusal:
            add_errors(form, refusal)
        except (ChangedMeanwhile, TransitionRefused) as refusal:
            conflict = str(refusal)
        else:
            return _after_classifying(request, done)
    context = {
        "declaration": DocumentRecord,
        "record": document,
        "form": form,
        "conflict": conflict,
        "usual_reasons": USUAL_REASONS,
        **place_context(request, document),
    }
    status = 409 if conflict else 422 if form.is_bound and form.errors else 200
    return render(request, "documents/classify.html", context, status=status)


def _after_classifying(request, document):
    """Show the document, or say that it went where this person does not see it."""
    if DocumentRecord.rows(request.user).filter(pk=document.pk).exists():
        messages.success(request, _("%(title)s is classified.") % {"title": document.title})
        return redirect(DocumentRecord.url(document))
    messages.warning(
        request,
        _(
            "Papers of this kind are of the unblinded circle: the document went there, and you see it no more."
        ),
    )
    return redirect("documents-list")


def posted(request):
    """Return what was sent, also when nothing was filled in; None when the page is only opened."""
    return request.POST if request.method == "POST" else None


def version_of(request):
    """Return the version the person looked at, if the form says it."""
    said = request.POST.get("version", "")
    return int(said) if said.isdigit() else None


@login_required
def return_page(request, pk, name):
    """Ask what is wrong with a document, and return it with that."""
    document = DocumentRecord.get(request.user, pk)
    transition = flow_with(document, name).transitions()[name]
    permit(request.user, transition.permission, document)
    form, refusal = ReturnForm(posted(request)), ""
    if document.status not in transition.sources:
        refusal = _("The document is not in review.")
    elif request.method == "POST" and form.is_valid():
        try:
            services.return_document(
                actor=request.user,
                on=timezone.localdate(),
                document=document,
                version=version_of(request),
                **form.cleaned_data,
            )
        except (TransitionRefused, ChangedMeanwhile) as stopped:
            refusal = str(stopped)
        else:
            messages.success(request, _("%(label)s: done.") % {"label": transition.label})
            return redirect(DocumentRecord.url(document))
    context = {
        "record": document,
        "transition": transition,
        "form": form,
        "refusal": refusal,
        **place_context(request, document),
    }
    status = 409 if refusal else 422 if form.is_bound and form.errors else 200
    return render(request, "documents/return.html", context, status=status)


@login_required
@require_POST
def settle(request, pk):
    """Take a quality issue back that was none."""
    issue = QualityIssue.objects.visible_to(request.user).filter(pk=pk).select_related("document").first()
    if issue is None:
        raise Http404
    services.settle_issue(actor=request.user, on=timezone.localdate(), issue=issue)
    return redirect(DocumentRecord.url(issue.document))


@login_required
@require_POST
def new_version(request, pk):
    """Begin the next version of an approved document, and go on to classify it."""
    document = DocumentRecord.get(request.user, pk)
    try:
        new = services.begin_new_version(actor=request.user, document=document)
    except ValidationError as refusal:
        return refused(request, " ".join(refusal.messages), back=DocumentRecord.url(document), status=409)
    messages.success(request, _("Upload the new content, give its date and submit it."))
    return redirect(DocumentRecord.url(new))
