"""Pages of monitoring beyond lists and records: conduct a visit, write a report, show it to the sponsor."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import reswap, retarget

from ctms.access.explain import permit
from ctms.pages.forms import add_errors
from ctms.pages.record import RECORDS
from ctms.pages.views import place_context, refused, sorted_offers
from ctms.workflow.declare import TransitionRefused, flow_with
from ctms.workflow.engine import ChangedMeanwhile, offers
from sites.pages import ContactRecord

from . import services
from .forms import ActionItemForm, ConductForm, DaysForm, DeviationForm, PresenceForm, SendForm
from .pages import (
    ActionItemRecord,
    ReportRecord,
    ReviewCommentRecord,
    VisitLetterRecord,
    VisitRecord,
    Visits,
    calendar_of,
    overdue_before,
    progress_of,
    review_of,
)
from .reports import print_letter


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
    form = ConductForm(request.POST or None, visit=visit, initial=planned)

    def save(version):
        done = services.conduct_visit(
            actor=request.user, visit=visit, version=version, **_days_of(form), **form.presence()
        )
        return ReportRecord.url(done.report), _("Recorded. The report is open and its clock runs.")

    return _move_page(request, VisitRecord, visit, "conduct", form, save, "monitoring/conduct.html")


@login_required
def correct_days(request, pk):
    """Ask on which days a conducted visit really took place, and why that is corrected."""
    visit = VisitRecord.get(request.user, pk)
    permit(request.user, "monitoring.move_monitoringvisit", visit)
    recorded = {"started_on": visit.actual_start_on, "ended_on": visit.actual_end_on}
    form = DaysForm(request.POST or None, visit=visit, initial=recorded)

    def save(version):
        done = services.correct_days(actor=request.user, visit=visit, version=version, **_days_of(form))
        corrected = VisitRecord.get(request.user, pk)
        return VisitRecord.url(done), services.said_of_corrected_days(corrected, request.user)

    return _move_page(request, VisitRecord, visit, "correct_days", form, save, "pages/transition.html")


@login_required
def send_letter(request, pk):
    """Ask on which day and by which way a letter was sent, and keep its very text."""
    letter = VisitLetterRecord.get(request.user, pk)
    permit(request.user, "monitoring.write_letter", letter)
    form = SendForm(
        request.POST or None, initial={"method": letter.method, "happened_on": timezone.localdate()}
    )

    def save(version):
        values = form.cleaned_data
        done = services.send_letter(
            actor=request.user,
            letter=letter,
            version=version,
            method=values["method"],
            sent_on=values["happened_on"],
            reason=values["reason"],
        )
        return VisitLetterRecord.url(done), _("Recorded as sent. The PDF is being made and filed.")

    return _move_page(request, VisitLetterRecord, letter, "send", form, save, "monitoring/send_letter.html")


def _days_of(form):
    return {name: form.cleaned_data[name] for name in ("started_on", "ended_on", "reason")}


def _move_page(request, declaration, record, name, form, save, template):
    """
    Show and make a move that asks for more than the page of every move does.

    :param save: (version) -> (the address to go on at, the sentence said there)
    """
    transition = flow_with(record, name).transitions()[name]
    offer = next((one for one in offers(record, request.user) if one.transition.name == name), None)
    refusal, status = (offer.refusal if offer else ""), 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        version = int(request.POST["version"]) if request.POST.get("version", "").isdigit() else None
        try:
            address, sentence = save(version)
        except (TransitionRefused, ChangedMeanwhile) as refused_move:
            refusal, status = str(refused_move), 409
        except ValidationError as wrong:
            add_errors(form, wrong)
        else:
            messages.success(request, sentence)
            return redirect(address)
    elif offer is None:
        refusal, status = _("This is not possible in the state it is in."), 409
    context = {
        "declaration": declaration,
        "record": record,
        "transition": transition,
        "form": form,
        "refusal": refusal,
        "possible": offer is not None and not offer.refusal,
        "back": declaration.url(record),
        **place_context(request, record),
        **declaration.extra_context(request, record),
    }
    return render(request, template, context, status=status)


def _keep(request, report, save, place, answer):
    """
    Keep what is typed on the page of a report; htmx gets back what stands beside the field, everybody else the page.

    :param save: () -> what was kept; refused by TransitionRefused or ValidationError
    :param place: where on the page it stands
    :param answer: (what was kept) -> the response to htmx
    """
    try:
        kept = save()
    except TransitionRefused as refusal:
        return _not_saved(request, report, refusal.sentence)
    except ValidationError as refusal:
        return _not_saved(request, report, " ".join(refusal.messages))
    return answer(kept) if request.htmx else redirect(f"{ReportRecord.url(report)}#{place}")


def _saved(request, pk, template="monitoring/_summary_state.html", **context):
    """Return what a saved field says, and beside it the bar that tells how far the report is."""
    report = ReportRecord.get(request.user, pk)
    context |= {"record": report, "saved": True, **progress_of(report), **sorted_offers(report, request.user)}
    return render(request, template, context)


@login_required
@require_POST
def save_answer(request, pk, key):
    """Keep one answer as it is typed."""
    report = ReportRecord.get(request.user, pk)
    return _keep(
        request,
        report,
        lambda: services.save_answer(
            actor=request.user,
            report=report,
            question_key=key,
            value=request.POST.get("value", ""),
            comment=request.POST.get("comment", ""),
        ),
        f"question-{key}",
        lambda answer: _saved(request, pk, "monitoring/_answer_state.html", answer=answer),
    )


@login_required
@require_POST
def save_comment(request, pk, key):
    """Keep what a reviewer writes at a question as it is typed."""
    report = ReportRecord.get(request.user, pk)

    def answer(_comment):
        context = {"saved": True, "record": report, **review_of(report)}
        return render(request, "monitoring/_comment_state.html", context)

    return _keep(
        request,
        report,
        lambda: services.write_comment(
            actor=request.user, report=report, question_key=key, text=request.POST.get("text", "")
        ),
        f"question-{key}",
        answer,
    )


@login_required
@require_POST
def save_reply(request, pk, comment):
    """Keep what the author answers to a comment as it is typed and ticked."""
    report = ReportRecord.get(request.user, pk)
    said = get_object_or_404(ReviewCommentRecord.rows(request.user), pk=comment, report=report)
    return _keep(
        request,
        report,
        lambda: services.reply_to_comment(
            actor=request.user,
            at=timezone.now(),
            comment=said,
            reply=request.POST.get("reply", ""),
            addressed="addressed" in request.POST,
        ),
        f"question-{said.question_key}",
        lambda _comment: _saved(request, pk),
    )


@login_required
@require_POST
def save_summary(request, pk):
    """Keep the summary as it is typed."""
    report = ReportRecord.get(request.user, pk)
    return _keep(
        request,
        report,
        lambda: services.save_summary(
            actor=request.user, report=report, summary=request.POST.get("summary", "")
        ),
        "summary",
        lambda _report: _saved(request, pk),
    )


@login_required
@require_POST
def save_presence(request, pk):
    """Keep who was met and which subjects were reviewed as they are ticked and typed."""
    report = ReportRecord.get(request.user, pk)
    form = PresenceForm(request.POST, visit=report.visit)

    def save():
        if not form.is_valid():
            raise ValidationError([error for errors in form.errors.values() for error in errors])
        return services.name_people_met(actor=request.user, report=report, **form.presence())

    return _keep(request, report, save, "presence", lambda _report: _saved(request, pk))


@login_required
@require_safe
def filing(request, pk, of):
    """Say whether the PDF of a report or a letter is filed yet; the page asks until it is."""
    declaration: Any = {"report": ReportRecord, "letter": VisitLetterRecord}[of]
    record = declaration.get(request.user, pk)
    context = {"record": record, **declaration.filing_context(request.user, record)}
    return render(request, "monitoring/_filing.html", context)


@login_required
@require_safe
def preview_letter(request, pk):
    """Show a letter as the PDF it would be, before it is sent."""
    letter = VisitLetterRecord.get(request.user, pk)
    response = HttpResponse(print_letter(letter), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="letter-{letter.pk}.pdf"'
    return response


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

    return _raise_page(request, report, ActionItemForm, save, _("New action item"), _("Raise action item"))


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
            add_errors(form, refusal)
        else:
            messages.success(request, _("Raised; it stands in its own list and names the contact."))
            return redirect(ActionItemRecord.url(item))
    context = {
        "form": form,
        "title": _("New action item"),
        "button": _("Raise action item"),
        "record": contact,
        "back": ContactRecord.url(contact),
        **place_context(request, contact),
    }
    return render(request, "monitoring/raise.html", context, status=422 if form.is_bound else 200)


@login_required
def raise_deviation(request, pk):
    """Raise a deviation inside a report; it lives in its own list."""
    report = ReportRecord.get(request.user, pk)

    def save(values):
        services.raise_deviation(
            actor=request.user, site=report.site, report=report, identified_on=report.visit.last_day, **values
        )

    return _raise_page(
        request, report, DeviationForm, save, _("New protocol deviation"), _("Raise protocol deviation")
    )


def _raise_page(request, report, form_class, save, title, button):
    if refusal := services.may_write(request.user, report):
        return refused(request, refusal, back=ReportRecord.url(report))
    asked = [(question.key, question.text) for question in services.questions_in(report.template)]
    at = {"question_key": request.GET.get("question", "")}
    form = form_class(request.POST or None, questions=asked, initial=at)
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
        except ValidationError as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, _("Raised; it stands in the report and in its own list."))
            return redirect(f"{ReportRecord.url(report)}#{_where_raised(form.cleaned_data['question_key'])}")
    context = {
        "form": form,
        "title": title,
        "button": button,
        "subjects": services.subjects_offered(report.site) if form_class is DeviationForm else (),
        "record": report,
        "back": f"{ReportRecord.url(report)}#{_where_raised(at['question_key'])}",
        **place_context(request, report),
    }
    return render(request, "monitoring/raise.html", context, status=422 if form.is_bound else 200)


def _where_raised(question_key):
    """Return where in a report what was raised at a question, or at none, stands."""
    return f"question-{question_key}" if question_key else "findings"


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
