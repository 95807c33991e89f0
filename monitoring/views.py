"""Pages of monitoring beyond lists and records: conduct a visit, write a report, show it to the sponsor."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import reswap, retarget

from ctms.access.explain import permit
from ctms.pages.record import RECORDS
from ctms.pages.views import place_context, refused, sorted_offers
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import ChangedMeanwhile
from sites.pages import ContactRecord

from . import services
from .forms import ActionItemForm, ConductForm, DeviationForm
from .pages import (
    ActionItemRecord,
    ReportRecord,
    VisitRecord,
    Visits,
    calendar_of,
    overdue_before,
    progress_of,
)


@login_required
@require_safe
def calendar(request, pk=None, kind=""):
    """Show who visits which site in which week: in a study, a country, or everywhere the person sees visits."""
    place = RECORDS[f"studies.{kind}"].get(request.user, pk) if kind else None
    permit(request.user, "monitoring.view_monitoringvisit", place)
    rows, on = VisitRecord.rows(request.user), timezone.localdate()
    if place is not None:
        rows = Visits.at(rows, place)
    context = {
        "place": place,
        "picture": calendar_of(request.user, rows, on, with_study=place is None),
        "older": overdue_before(request.user, rows, on),
        **(place_context(request, place) if place is not None else {}),
        "active_tab": "calendar",
    }
    return render(request, "monitoring/calendar.html", context)


@login_required
def conduct(request, pk):
    """Ask on which days the visit took place, and open its report."""
    visit = VisitRecord.get(request.user, pk)
    permit(request.user, "monitoring.move_monitoringvisit", visit)
    planned = {"started_on": visit.planned_start_on, "ended_on": visit.planned_end_on}
    form, refusal, status = ConductForm(request.POST or None, initial=planned), "", 200
    if request.method == "POST" and form.is_valid():
        version = int(request.POST["version"]) if request.POST.get("version", "").isdigit() else None
        try:
            done = services.conduct_visit(
                actor=request.user, visit=visit, version=version, **form.cleaned_data
            )
        except (TransitionRefused, ChangedMeanwhile) as refused_move:
            refusal, status = str(refused_move), 409
        else:
            messages.success(request, _("Recorded. The report is open and its clock runs."))
            return redirect(ReportRecord.url(done.report))
    context = {
        "declaration": VisitRecord,
        "record": visit,
        "form": form,
        "refusal": refusal,
        "back": VisitRecord.url(visit),
        **place_context(request, visit),
    }
    return render(request, "monitoring/conduct.html", context, status=status)


@login_required
@require_POST
def save_answer(request, pk, key):
    """Keep one answer as it is typed; htmx gets the row back, everybody else the page."""
    report = ReportRecord.get(request.user, pk)
    try:
        answer = services.save_answer(
            actor=request.user,
            report=report,
            question_key=key,
            value=request.POST.get("value", ""),
            comment=request.POST.get("comment", ""),
        )
    except TransitionRefused as refusal:
        return _not_saved(request, report, refusal.sentence)
    except ValidationError as refusal:
        return _not_saved(request, report, " ".join(refusal.messages))
    if not request.htmx:
        return redirect(f"{ReportRecord.url(report)}#question-{key}")
    return _saved(request, pk, "monitoring/_answer_state.html", answer=answer)


def _saved(request, pk, template, **context):
    """Return what a saved field says, and beside it the bar that tells how far the report is."""
    report = ReportRecord.get(request.user, pk)
    context |= {"record": report, "saved": True, **progress_of(report), **sorted_offers(report, request.user)}
    return render(request, template, context)


@login_required
@require_POST
def save_summary(request, pk):
    """Keep the summary as it is typed."""
    report = ReportRecord.get(request.user, pk)
    try:
        services.save_summary(actor=request.user, report=report, summary=request.POST.get("summary", ""))
    except TransitionRefused as refusal:
        return _not_saved(request, report, refusal.sentence)
    if not request.htmx:
        return redirect(f"{ReportRecord.url(report)}#summary")
    return _saved(request, pk, "monitoring/_summary_state.html")


def _not_saved(request, report, sentence):
    if request.htmx:
        # What was typed stays where it is; the sentence stands in the bar.
        response = HttpResponse(sentence, status=409, content_type="text/plain; charset=utf-8")
        return reswap(retarget(response, "#write-state"), "textContent")  # type: ignore[arg-type]  # htmx knows it
    return refused(request, sentence, back=ReportRecord.url(report), status=409)


@login_required
def raise_item(request, pk):
    """Raise an action item inside a report; it lives in its own list."""
    report = ReportRecord.get(request.user, pk)

    def save(values):
        services.raise_action_item(
            actor=request.user, site=report.site, report=report, opened_on=report.visit.last_day, **values
        )

    return _raise_page(request, report, ActionItemForm, save, _("New action item"))


@login_required
def raise_item_from_contact(request, pk):
    """Raise what follows from a call or mail with a site; within its circle."""
    contact = ContactRecord.get(request.user, pk)
    form = ActionItemForm(request.POST or None)
    permit(request.user, "monitoring.add_actionitem", contact)
    if request.method == "POST" and form.is_valid():
        try:
            item = services.raise_action_item(
                actor=request.user,
                site=contact.site,
                contact=contact,
                opened_on=contact.happened_on,
                **form.cleaned_data,
            )
        except ValidationError as refusal:
            _add_errors(form, refusal)
        else:
            messages.success(request, _("Raised; it stands in its own list and names the contact."))
            return redirect(ActionItemRecord.url(item))
    context = {
        "form": form,
        "title": _("New action item"),
        "record": contact,
        "back": ContactRecord.url(contact),
        **place_context(request, contact),
    }
    return render(request, "monitoring/raise.html", context, status=422 if form.is_bound else 200)


def _add_errors(form, refusal):
    for name, errors in getattr(refusal, "error_dict", {None: refusal.messages}).items():
        form.add_error(name if name in form.fields else None, errors)


@login_required
def raise_deviation(request, pk):
    """Raise a deviation inside a report; it lives in its own list."""
    report = ReportRecord.get(request.user, pk)

    def save(values):
        services.raise_deviation(
            actor=request.user, site=report.site, report=report, identified_on=report.visit.last_day, **values
        )

    return _raise_page(request, report, DeviationForm, save, _("New protocol deviation"))


def _raise_page(request, report, form_class, save, title):
    if refusal := services.may_write(request.user, report):
        return refused(request, refusal, back=ReportRecord.url(report))
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
        except ValidationError as refusal:
            _add_errors(form, refusal)
        else:
            messages.success(request, _("Raised; it stands in the report and in its own list."))
            return redirect(f"{ReportRecord.url(report)}#findings")
    context = {
        "form": form,
        "title": title,
        "record": report,
        "back": ReportRecord.url(report),
        **place_context(request, report),
    }
    return render(request, "monitoring/raise.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def publish(request, pk):
    """Show an approved report to the sponsor, or withdraw it."""
    report = ReportRecord.get(request.user, pk)
    shown = request.POST.get("shown") == "1"
    reason = _("Shown to the sponsor") if shown else _("Withdrawn from the sponsor")
    try:
        services.show_to_sponsor(actor=request.user, report=report, shown=shown, reason=reason)
    except ValidationError as refusal:
        return refused(request, " ".join(refusal.messages), back=ReportRecord.url(report), status=409)
    messages.success(request, reason)
    return redirect(ReportRecord.url(report))
