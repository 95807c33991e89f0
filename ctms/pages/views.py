"""The pages every Listing and Record has; an app adds templates and, where it must, views of its own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from ctms.access.access import access_of
from ctms.access.explain import permit, unseen_is_refused
from ctms.access.scoping import everything
from ctms.files.storing import hand_out
from ctms.jobs.models import Job
from ctms.jobs.queue import enqueue, progress_of
from ctms.notices.telling import read_about
from ctms.signatures.proving import ProofRefused, prove
from ctms.signatures.signing import Verdict, signatures_of, verify
from ctms.workflow.declare import TransitionRefused, flow_with, is_frozen
from ctms.workflow.engine import ChangedMeanwhile, cautions_of, offers, perform

from .below import lists_below
from .choosing import Chosen, chosen_rows
from .columns import facts_of
from .export import AT_ONCE, KINDS, remember_export, write_rows
from .forms import TransitionForm
from .frame import place_header
from .grid import grid_context
from .history import history_of, in_stretches
from .listing import tabs
from .saved_views import default_query, views_of

__all__ = ["chosen_rows"]


# --- lists -------------------------------------------------------------------------------------------


def list_page(request, listing, *, place=None):
    """Show a listing, or only its table to htmx, or export exactly its rows; at first as the person likes it."""
    listing.permit(request.user)
    if request.GET.get("export") in KINDS:
        return _export(request, listing, place)
    views = views_of(request.user, listing)
    if query := default_query(request, views, listing):
        return redirect(f"{request.path}?{query}")
    context = {
        **grid_context(request, listing, views, place),
        "new_url": _new_url(request, listing.record, place),
        "new_label": listing.record.label_of_making(),
        **(place_context(request, place) if place is not None else {}),
        "active_tab": listing.name,
        **listing.extra_context(request, place),
    }
    template = "pages/_list.html" if _wants_part(request, "listing") else listing.template
    return render(request, template, context)


def _new_url(request, declaration, place):
    """Return the address of the form that makes a record of this list, at this place; '' if the person may not."""
    if not declaration.may_create(request.user):
        return ""
    known = {"back": request.get_full_path()}
    asked = request.GET.getlist("study")
    if place is not None:
        known[place.place().level] = place.pk
    elif len(asked) == 1 and asked[0].isdecimal():
        known["study"] = asked[0]  # a list of one study's rows: the next one is probably of it too
    return declaration.making_url(**known)


def _wants_part(request, target):
    return request.htmx and request.htmx.target == target and not request.htmx.boosted


def _export(request, listing, place):
    kind, query = request.GET["export"], request.GET.copy()
    query.pop("export")
    chosen = Chosen(listing, request.user, query, place=place)
    if place is not None:
        query["place"] = f"{place.place().level}/{place.pk}"
    count = chosen.rows[: AT_ONCE + 1].count()
    if count > AT_ONCE and place is None:
        job = enqueue(
            "pages.export", asked_by=request.user, listing=listing.name, query=query.urlencode(), kind=kind
        )
        return redirect("export-progress", job.pk)
    study = place.place().study if place is not None else None
    remember_export(request.user, listing, query.urlencode(), count, study=study)
    content = write_rows(listing, chosen.rows, kind, columns=chosen.columns)
    response = HttpResponse(content, content_type=KINDS[kind])
    response["Content-Disposition"] = content_disposition_header(True, f"{listing.name}.{kind}")
    return response


@login_required
def export_progress(request, pk):
    """Show how far a long export is; when it is done, its file."""
    asked = Job.objects.filter(pk=pk, name="pages.export", asked_by=request.user).first()
    if asked is None:
        raise Http404
    context = {"job": asked, "progress": progress_of(asked)}
    return render(request, "pages/_progress.html" if request.htmx else "pages/progress.html", context)


@login_required
def export_file(request, pk):
    asked = Job.objects.filter(pk=pk, name="pages.export", asked_by=request.user).first()
    if asked is None or asked.result_file is None:
        raise Http404
    return hand_out(user=request.user, stored=asked.result_file, record=f"jobs.Job/{asked.pk}")


# --- records -----------------------------------------------------------------------------------------


def record_page(request, declaration, pk):
    """Show one record: its state, what may happen next and what stops it, its facts, its latest history."""
    record = declaration.get(request.user, pk)
    if declaration.reads_notices:
        read_about(request.user, record)
    return render(request, declaration.template, record_context(request, declaration, record))


def record_context(request, declaration, record):
    today, outside = timezone.localdate(), access_of(request.user).published_only
    sees_history = request.user.has_perm("audit.view_history", record)
    facts, empty_facts = facts_of(declaration.facts_for(request.user), record)
    return {
        "declaration": declaration,
        "record": record,
        "facts": facts,
        "empty_facts": empty_facts,
        **sorted_offers(record, request.user),
        "may_edit": declaration.may_edit(request.user, record),
        "terms": [
            (term, term.pace(today), term.sentence(today))
            for term in (declaration.terms(record, today) if not outside else ())
        ],
        "today": today,
        "sees_history": sees_history,
        "latest": in_stretches(history_of(declaration, record, request.user))[:5] if sees_history else [],
        "signatures": list(signatures_of(record)),
        "lists_below": lists_below(request.user, record),
        **place_context(request, record),
        **declaration.extra_context(request, record),
    }


def sorted_offers(record, user):
    """Return the next steps, and the rare moves that stay in a menu so that nobody takes them for a step."""
    # What is signed is the point of its state: an approver comes to approve.
    found = sorted(offers(record, user), key=lambda offer: offer.transition.signature is None)
    return {
        "steps": [offer for offer in found if not offer.transition.rare],
        "rare_moves": [offer for offer in found if offer.transition.rare],
    }


def place_context(request, record):
    """Return the study, country and site a record lies in, for the header that stays."""
    return place_header(request, record)


def _verdicts(record):
    """
    Return [(signature, how it stands)].

    That a record was opened again and changed is no alarm: it is written anew now, or was signed anew since.
    """
    found = [(signature, verify(signature, record)) for signature in signatures_of(record)]
    anew = {signature.meaning for signature, verdict in found if verdict.stands}
    sentence = _("The record was opened again after this signature; what it says now is signed anew.")
    return [
        (signature, Verdict(False, sentence, reopened=True))
        if verdict.differences and (signature.meaning in anew or not is_frozen(record))
        else (signature, verdict)
        for signature, verdict in found
    ]


@login_required
def history_page(request, declaration, pk):
    record = declaration.get(request.user, pk)
    permit(request.user, "audit.view_history", record)
    context = {
        "declaration": declaration,
        "record": record,
        "stretches": in_stretches(history_of(declaration, record, request.user)),
        "signatures": _verdicts(record),
        **place_context(request, record),
    }
    return render(request, "pages/history.html", context)


# --- moves -------------------------------------------------------------------------------------------


def transition_page(request, declaration, pk, name):
    """Ask what a move needs (date, reason, proof) and perform it; a second click finds it done."""
    record = declaration.get(request.user, pk)
    try:
        transition = flow_with(record, name).transitions()[name]
    except LookupError as unknown:
        raise Http404 from unknown
    permit(request.user, transition.permission, record)
    offer = next((o for o in offers(record, request.user) if o.transition.name == name), None)
    words = transition.proposed(record, request.user) if transition.proposed else ""
    cautions = cautions_of(transition, record, request.user)
    form = TransitionForm(
        request.POST or None,
        transition=transition,
        record=record,
        cautions=cautions,
        initial={"reason": words},
    )
    refusal, status = (offer.refusal if offer else ""), 200
    if request.method == "POST" and form.is_valid():
        done, refusal, status = _perform(request, record, transition, form)
        if done is not None:
            messages.success(request, said_of(transition, done, request.user))
            return redirect(declaration.url(done))
    elif offer is None:
        refusal, status = _already(record, transition), 409
    context = {
        "declaration": declaration,
        "record": record,
        "transition": transition,
        "form": form,
        "refusal": refusal,
        "cautions": cautions,
        "possible": offer is not None and not offer.refusal,
        **place_context(request, record),
        **declaration.extra_context(request, record),
    }
    template = declaration.transition_templates.get(name, "pages/transition.html")
    return render(request, template, context, status=status)


def _perform(request, record, transition, form):
    values = form.cleaned_data
    version = int(request.POST["version"]) if request.POST.get("version", "").isdigit() else None
    try:
        # Proof before deed: in its own transaction, remembered even when the move is then refused.
        proof = prove(request.user, password=values["proof"]) if transition.signature else None
        done = perform(
            record,
            transition.name,
            actor=request.user,
            reason=values.get("reason", ""),
            happened_on=values.get("happened_on"),
            choice=values.get("choice", ""),
            proof=proof,
            version=version,
        )
    except ProofRefused as refused_proof:
        form.add_error("proof", str(refused_proof))
        return None, "", 422
    except TransitionRefused as refusal:
        return None, refusal.sentence, 409
    except ChangedMeanwhile as conflict:
        return None, f"{conflict} " + _("Look at it again before you go on."), 409
    return done, "", 200


def said_of(transition, record, actor):
    """Return what is said once a move was made: the move's own sentence, else that it is done."""
    if transition.done is not None:
        with everything("what a move says was decided for whoever makes it"):
            return transition.done(record, actor)
    return _("%(label)s: done.") % {"label": transition.label}


def _already(record, transition):
    try:
        flow = flow_with(record, transition.name)
    except LookupError:
        return ""
    return _("This is now %(state)s: “%(label)s” is no longer possible.") % {
        "state": str(flow.state_label(getattr(record, flow.field))).lower(),
        "label": transition.label,
    }


def refused(request, sentence, *, back="/", status=403):
    """Show a refusal as a page: a sentence and the way back."""
    if status == 403 and unseen_is_refused(request.user):
        raise Http404
    return render(
        request, "pages/refused.html", {"sentence": sentence, "back": back, "status": status}, status=status
    )


# --- a place and its tabs ----------------------------------------------------------------------------


def tab_page(request, declaration, pk, tab):
    """Show a listing inside a study, a country or a site."""
    place = declaration.get(request.user, pk)
    listing = next((one for one in tabs() if one.name == tab), None)
    if listing is None or type(place).__name__ not in listing.tab_at:
        raise Http404
    return list_page(request, listing, place=place)
