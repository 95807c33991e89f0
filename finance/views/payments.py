"""Generate and confirm payables, work on a run, hand out its files, feed back what the bank did."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ctms.access.explain import permit
from ctms.files.storing import FileDamaged, hand_out
from ctms.imports.table import SheetRefused
from ctms.pages.record import RECORDS
from ctms.pages.views import chosen_rows, place_context, refused
from ctms.workflow.declare import TransitionRefused, flow_with
from finance import services
from finance.forms import PaymentForm, ReasonForm, SheetForm
from finance.imports import PaymentSheet
from finance.models import PaymentLine
from finance.pages import InvoiceRecord, PayableRecord, Payables, RemittanceRecord, RunRecord, statement_of

AT_ONCE = 2_000


# --- payables ----------------------------------------------------------------------------------------


@login_required
@require_POST
def generate(request, pk):
    """Bring the payables of a study up to what happened, now."""
    record = RECORDS["studies.Study"]
    study = record.get(request.user, pk)
    permit(request.user, "finance.prepare_paymentrun", study)
    try:
        done = services.accrue(actor=request.user, study=study)
    except TransitionRefused as refusal:  # somebody held or approved one of them at this very moment
        return refused(request, refusal.sentence, back=record.url(study, "payables"), status=409)
    told = {"booked": done["booked"], "corrected": done["corrected"], "voided": done["voided"]}
    messages.success(request, _("%(booked)d booked, %(corrected)d corrections, %(voided)d voided.") % told)
    return redirect(record.url(study, "payables"))


@login_required
def confirm_shown(request):
    """Show what of a list still waits for the lead's word, and take it for all of them."""
    permit(request.user, "finance.confirm_payable")
    rows = chosen_rows(Payables, request.user, request.GET).to_confirm()
    rows = rows.visible_to(request.user, "finance.confirm_payable").order_by("site__number", "event_on", "pk")
    rows = list(rows[:AT_ONCE])
    if request.method == "POST":
        count = services.confirm_payables(actor=request.user, payables=rows, on=timezone.localdate())
        messages.success(request, _("%(count)d confirmed.") % {"count": count})
        return redirect(f"{Payables.url()}?{request.GET.urlencode()}")
    return render(request, "finance/confirm.html", {"rows": rows, "query": request.GET.urlencode()})


@login_required
@require_POST
def confirm_one(request, pk):
    payable = PayableRecord.get(request.user, pk)
    services.confirm_payables(actor=request.user, payables=[payable], on=timezone.localdate())
    messages.success(request, _("Work confirmed."))
    return redirect(PayableRecord.url(payable))


@login_required
@require_safe
def statement(request, pk):
    """Show what a site is owed and was paid."""
    site = RECORDS["studies.StudySite"].get(request.user, pk)
    permit(request.user, "finance.view_payable", site)
    context = {"site": site, **statement_of(request.user, site), **place_context(request, site)}
    return render(request, "finance/statement.html", context | {"active_tab": "payables"})


@login_required
def void_invoice(request, pk):
    """Say why an invoice does not stand."""
    cost = InvoiceRecord.get(request.user, pk)
    permit(request.user, "finance.prepare_paymentrun", cost)

    def void(values):
        services.void_invoice(actor=request.user, cost=cost, **values)

    return ask(request, ReasonForm(request.POST or None), void, record=cost, title=_("Void invoice"))


def ask(request, form, save, *, record, title, explanation="", back=""):
    """Ask a few words of a record, save them, and go back to it; a refusal is a sentence above the form."""
    refusal, status = "", 200
    back = back or RECORDS[record._meta.label].url(record)
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
        except ValidationError as wrong:
            refusal, status = " ".join(wrong.messages), 422
        except TransitionRefused as wrong:
            refusal, status = wrong.sentence, 409
        else:
            messages.success(request, _("%(what)s: done.") % {"what": title})
            return redirect(back)
    elif form.is_bound:
        status = 422
    context = {"form": form, "record": record, "title": title, "refusal": refusal, "back": back}
    context |= {"explanation": explanation, **place_context(request, record)}
    return render(request, "finance/ask.html", context, status=status)


# --- runs --------------------------------------------------------------------------------------------


@login_required
@require_POST
def prepare_again(request, pk):
    """Take the lines of a draft anew."""
    run = RunRecord.get(request.user, pk)
    try:
        services.prepare_again(actor=request.user, run=run)
    except TransitionRefused as refusal:
        return refused(request, refusal.sentence, back=RunRecord.url(run), status=409)
    messages.success(request, _("Prepared again from what may be paid now."))
    return redirect(RunRecord.url(run))


@login_required
def take_out(request, pk, line):
    """Take one line out of a run, saying why."""
    run = RunRecord.get(request.user, pk)
    permit(request.user, "finance.prepare_paymentrun", run)
    lines = PaymentLine.objects.visible_to(request.user).select_related("run", "payable__site")
    found = get_object_or_404(lines, pk=line, run=run)

    def reject(values):
        services.reject_line(actor=request.user, line=found, **values)

    title = _("Take out %(what)s") % {"what": found.payable.what}
    return ask(request, ReasonForm(request.POST or None), reject, record=run, title=title)


@login_required
@require_safe
def file_of_run(request, pk, kind):
    """Hand out a file of an exported run: the same bytes each time, and each time remembered."""
    run = RunRecord.get(request.user, pk)
    permit(request.user, "finance.export_paymentrun", run)
    stored = {"csv": run.csv_file, "pain001": run.xml_file}[kind]
    if stored is None:
        raise Http404
    return _hand_out(request, stored, run, RunRecord)


def _hand_out(request, stored, record, declaration):
    try:
        return hand_out(user=request.user, stored=stored, record=record, inline="inline" in request.GET)
    except FileDamaged as damage:
        return refused(request, str(damage), back=declaration.url(record), status=409)


@login_required
@require_safe
def letter(request, pk):
    """Hand out the letter of a remittance."""
    remittance = RemittanceRecord.get(request.user, pk)
    if remittance.letter is None:
        raise Http404
    return _hand_out(request, remittance.letter, remittance, RemittanceRecord)


@login_required
def pay(request, pk):
    """Ask when the bank paid a remittance, and under which reference."""
    remittance = RemittanceRecord.get(request.user, pk)
    permit(request.user, "finance.export_paymentrun", remittance)

    def save(values):
        services.record_payment(actor=request.user, remittance=remittance, **values)

    label = str(flow_with(remittance, "pay").transitions()["pay"].label)
    form = PaymentForm(request.POST or None, initial={"paid_on": timezone.localdate()})
    return ask(request, form, save, record=remittance, title=label, back=RunRecord.url(remittance.run))


@login_required
def import_payments(request, pk):
    """Feed back a whole run from the bank's list: all of it or nothing, and twice changes nothing."""
    run = RunRecord.get(request.user, pk)
    permit(request.user, "finance.export_paymentrun", run)

    def bring(values):
        upload = values["file"]
        try:
            report = PaymentSheet(run).bring(actor=request.user, data=upload.read(), file_name=upload.name)
        except SheetRefused as wrong:
            raise ValidationError(wrong.message) from wrong
        if report.errors:
            raise ValidationError([str(error) for error in report.errors])

    columns = ", ".join(str(column.header) for column in PaymentSheet.columns)
    return ask(
        request,
        SheetForm(request.POST or None, request.FILES or None),
        bring,
        record=run,
        title=_("Feed back payments"),
        explanation=_("Columns: %(columns)s. It comes in whole or not at all.") % {"columns": columns},
    )
