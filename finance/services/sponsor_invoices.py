"""Prepare invoices to the sponsor from what is earned and not billed."""

from collections import defaultdict
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils.translation import gettext as _

from ctms.access.explain import permit
from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.money.amounts import ZERO, rounded
from ctms.numbering.models import Series
from ctms.workflow.engine import holding
from finance.calculations.earning import first_of
from finance.models import CLAIMING, EarnedUnit, SponsorInvoice, SponsorInvoiceLine, SponsorInvoiceStatus

from .budgets import locked_budget
from .standing import unbilled_of

INVOICE = "finance.record_invoicing"


def draft_invoice(*, actor, budget, period_from, period_to, note=""):
    """
    Draft an invoice over the months of a period, with everything in them that is earned and not billed.

    :raises ValidationError: there is nothing to bill
    """
    permit(actor, INVOICE, budget)
    with acting_as(actor):
        invoice = SponsorInvoice(
            budget=budget,
            period_from=first_of(period_from),
            period_to=first_of(period_to),
            note=note,
            author=actor,
        )
        invoice.full_clean()
        invoice.save()
        propose_lines(actor=actor, invoice=invoice)
    return invoice


def propose_lines(*, actor, invoice):
    """Fill a draft with what is earned and not billed in its months; lines it had are made anew."""
    permit(actor, INVOICE, invoice)
    with holding(invoice, actor=actor) as locked:
        _must_be_draft(locked)
        with everything("the budget of an invoice in hand"):
            locked_budget(locked.budget)
        SponsorInvoiceLine.objects.visible_to(actor).filter(invoice=locked).delete()
        cells = [
            cell
            for cell in unbilled_of(actor, locked.budget, leaving_out=locked)
            if locked.period_from <= cell.month <= locked.period_to
        ]
        if not cells:
            raise ValidationError(_("Nothing is earned and unbilled in these months."))
        for cell in cells:
            SponsorInvoiceLine.objects.create(
                invoice=locked,
                line_id=cell.line,
                month=cell.month,
                units=cell.units,
                unit_price=cell.price,
                amount=cell.amount,
            )
    return locked


def _must_be_draft(invoice):
    if invoice.status != SponsorInvoiceStatus.DRAFT:
        raise ValidationError(
            _("The invoice is %(state)s; its lines stand.") % {"state": invoice.get_status_display().lower()}
        )


def change_line(*, actor, record, **fields):
    """Bill another number of units of a line of a draft, in part or, with a sentence, beyond what is earned."""
    permit(actor, INVOICE, record)
    with holding(record.invoice, actor=actor) as invoice:
        _must_be_draft(invoice)
        if "units" in fields:
            cell = _cell_of(actor, record)
            whole = cell is not None and fields["units"] == cell.units
            record.amount = (
                cell.amount
                if whole
                else rounded(fields["units"] * record.unit_price, invoice.budget.currency)
            )
        for name, value in fields.items():
            setattr(record, name, value)
        record.full_clean()
        record.save()
    return record


def _cell_of(actor, line):
    """Return what is left to bill of an invoice line's cell, its own invoice left out."""
    wanted = (line.line_id, line.month, line.unit_price)
    cells = unbilled_of(actor, line.invoice.budget, leaving_out=line.invoice)
    return next((cell for cell in cells if (cell.line, cell.month, cell.price) == wanted), None)


def beyond_earned(invoice):
    """Return the lines of an invoice that bill more than was earned without a sentence that says why."""
    with everything("what is billed and earned in the budget of an invoice in hand"):
        lines = list(SponsorInvoiceLine.objects.filter(invoice=invoice).select_related("line"))
        billed = SponsorInvoiceLine.objects.filter(
            line__in=[one.line_id for one in lines], invoice__status__in=CLAIMING
        ).order_by()
        claimed = dict(billed.values_list("line").annotate(units=Sum("units")))
        done = EarnedUnit.objects.filter(line__in=list(claimed)).order_by()
        earned = dict(done.values_list("line").annotate(units=Sum("quantity")))
    said = defaultdict(bool)
    for one in lines:
        said[one.line] |= bool(one.beyond_earned.strip())
    return [
        line for line, why in said.items() if claimed[line.pk] > (earned.get(line.pk) or ZERO) and not why
    ]


def give_number(invoice, move):
    """Effect of finance approving: the next number of this budget."""
    study, circle = invoice.budget.study, "U" if invoice.budget.unblinded else ""
    number = Series.next_of("sponsor-invoice", invoice.budget_id)
    invoice.number = f"{study.protocol_number}-{circle}{number:03d}"


def set_due_day(invoice, move):
    """Effect of sending: the terms of payment begin."""
    invoice.sent_on = move.happened_on
    invoice.due_on = move.happened_on + timedelta(days=invoice.budget.payment_terms_days)


def set_settled_day(invoice, move):
    invoice.settled_on = move.happened_on
