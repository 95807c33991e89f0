"""The Budget tab of a study: how it stands by month, its export, and the buttons that book and bill."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from ctms.access.explain import permit
from ctms.files.models import AccessKind
from ctms.files.storing import log_access
from ctms.pages.export import KINDS, write_table
from ctms.pages.record import RECORDS
from ctms.pages.views import place_context, refused
from finance import services
from finance.models import Budget, BudgetVersion
from finance.pages import BudgetRecord, SponsorInvoiceRecord, pictures_of, table_of

VIEW, CHANGE, INVOICE = "finance.view_budget", "finance.change_budget", "finance.record_invoicing"


@login_required
@require_safe
def budget_page(request, pk):
    """Show how a study's budget stands: planned, earned and invoiced by month."""
    study = RECORDS["studies.Study"].get(request.user, pk)
    permit(request.user, VIEW, study)
    budgets = list(Budget.objects.visible_to(request.user).filter(study=study).order_by("unblinded", "pk"))
    wanted = request.GET.get("budget", "")
    budget = next((one for one in budgets if str(one.pk) == wanted), budgets[0] if budgets else None)
    context = {"budgets": budgets, "budget": budget, **place_context(request, study), "active_tab": "budget"}
    if budget is None:
        context["may_make"] = request.user.has_perm(CHANGE, study)
        return render(request, "finance/budget_months.html", context)
    found = services.standing_of(request.user, budget, timezone.localdate())
    table = _table(request, budget, found)
    if request.GET.get("export") in KINDS:
        return _export(request, table)
    context |= {
        "table": table,
        "pictures": pictures_of(request.user, budget, list(found.values()), timezone.localdate()),
        "versions": BudgetVersion.objects.visible_to(request.user).filter(budget=budget).order_by("-pk")[:8],
        "invoices": SponsorInvoiceRecord.rows(request.user).filter(budget=budget).order_by("-pk")[:8],
        "may_change": request.user.has_perm(CHANGE, budget),
        "may_invoice": request.user.has_perm(INVOICE, budget),
        "export_kinds": KINDS,
        "on": timezone.localdate(),
    }
    return render(request, "finance/budget_months.html", context)


def _table(request, budget, found):
    shown_as = "value" if request.GET.get("as") == "value" else "units"
    try:
        first = date.fromisoformat(f"{request.GET.get('from', '')}-01")
    except ValueError:
        first = None
    return table_of(request.user, budget, timezone.localdate(), shown_as=shown_as, first=first, found=found)


def _export(request, table):
    """Hand out the table as it stands on the page; that it was taken out is remembered."""
    kind, name = request.GET["export"], str(table.budget)
    lines = list(table.lines())
    content = write_table(name, table.titles(), lines, kind)
    log_access(
        AccessKind.EXPORT,
        user=request.user,
        record=f"finance.Budget/{table.budget.pk}",
        detail=f"{len(lines)} rows",
    )
    response = HttpResponse(content, content_type=KINDS[kind])
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}")
    return response


@login_required
@require_safe
def budget_of_place(request, pk, kind):
    """A country or a site has no budget of its own: the tab leads to the study's."""
    where = RECORDS[f"studies.{kind}"].get(request.user, pk)
    permit(request.user, VIEW, where)
    return redirect("study-budget", pk=where.study_id)


@login_required
@require_POST
def book(request, pk):
    """Book what happened and is not booked yet."""
    budget = BudgetRecord.get(request.user, pk)
    rows = services.book_units(actor=request.user, budget=budget, now=timezone.now())
    count = len(rows)
    messages.success(
        request,
        ngettext("%(count)d row booked.", "%(count)d rows booked.", count) % {"count": count}
        if count
        else _("Everything that happened is booked already."),
    )
    return redirect(_address(budget))


def _address(budget):
    return f"{RECORDS['studies.Study'].url(budget.study, 'budget')}?budget={budget.pk}"


@login_required
@require_POST
def propose(request, pk):
    """Fill a draft invoice anew with what is earned and not billed in its months."""
    invoice = SponsorInvoiceRecord.get(request.user, pk)
    try:
        services.propose_lines(actor=request.user, invoice=invoice)
    except ValidationError as refusal:
        return refused(
            request, " ".join(refusal.messages), back=SponsorInvoiceRecord.url(invoice), status=409
        )
    messages.success(request, _("The lines were made anew from what is earned and not billed."))
    return redirect(SponsorInvoiceRecord.url(invoice))
