"""What may happen to an invoice to the sponsor."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.workflow.declare import Transition, Workflow
from finance import services
from finance.models import SponsorInvoice, SponsorInvoiceLine, SponsorInvoiceStatus

RECORD = "finance.record_invoicing"


def has_invoice_lines(invoice, actor):
    return None if SponsorInvoiceLine.objects.filter(invoice=invoice).exists() else _("There is no line yet.")


def bills_what_is_earned(invoice, actor):
    lines = services.beyond_earned(invoice)
    if lines:
        return _("More is invoiced than earned, and it is not said why: %(codes)s.") % {
            "codes": ", ".join(line.code for line in lines)
        }
    return None


def is_somebody_elses(invoice, actor):
    return _("You prepared this invoice; someone else must approve it.") if actor == invoice.author else None


class SponsorInvoiceFlow(Workflow):
    model, first = SponsorInvoice, SponsorInvoiceStatus.DRAFT
    frozen = tuple(state for state in SponsorInvoiceStatus if state != SponsorInvoiceStatus.DRAFT)
    still_open = ("number", "sent_on", "due_on", "settled_on")
    tones = {
        SponsorInvoiceStatus.DISPUTED: "red",
        SponsorInvoiceStatus.PAID: "green",
        SponsorInvoiceStatus.WRITTEN_OFF: "grey",
        SponsorInvoiceStatus.VOIDED: "grey",
    }

    submit = Transition(
        "Send to the project manager",
        SponsorInvoiceStatus.DRAFT,
        SponsorInvoiceStatus.PM_REVIEW,
        RECORD,
        guards=(has_invoice_lines, bills_what_is_earned),
    )
    returned = Transition(
        "Return to finance",
        (SponsorInvoiceStatus.PM_REVIEW, SponsorInvoiceStatus.REVIEWED),
        SponsorInvoiceStatus.DRAFT,
        "finance.review_invoice",
        needs_reason=True,
        rare=True,
    )
    review = Transition(
        "Agree as project manager",
        SponsorInvoiceStatus.PM_REVIEW,
        SponsorInvoiceStatus.REVIEWED,
        "finance.review_invoice",
        guards=(bills_what_is_earned,),
    )
    approve = Transition(
        "Approve for finance",
        SponsorInvoiceStatus.REVIEWED,
        SponsorInvoiceStatus.APPROVED,
        RECORD,
        guards=(is_somebody_elses, bills_what_is_earned),
        effects=(services.give_number,),
        explanation=gettext_lazy("The invoice gets its number."),
    )
    send = Transition(
        "Record as sent",
        SponsorInvoiceStatus.APPROVED,
        SponsorInvoiceStatus.SENT,
        RECORD,
        happened=gettext_lazy("Sent on"),
        effects=(services.set_due_day,),
        explanation=gettext_lazy("Its payment term begins."),
    )
    dispute = Transition(
        "Record dispute",
        SponsorInvoiceStatus.SENT,
        SponsorInvoiceStatus.DISPUTED,
        RECORD,
        needs_reason=True,
        happened=gettext_lazy("Disputed on"),
        rare=True,
    )
    settle = Transition(
        "Settle dispute",
        SponsorInvoiceStatus.DISPUTED,
        SponsorInvoiceStatus.SENT,
        RECORD,
        needs_reason=True,
        happened=gettext_lazy("Settled on"),
    )
    pay = Transition(
        "Record as paid",
        (SponsorInvoiceStatus.SENT, SponsorInvoiceStatus.DISPUTED),
        SponsorInvoiceStatus.PAID,
        RECORD,
        happened=gettext_lazy("Paid on"),
        effects=(services.set_settled_day,),
    )
    write_off = Transition(
        "Write off",
        (SponsorInvoiceStatus.SENT, SponsorInvoiceStatus.DISPUTED),
        SponsorInvoiceStatus.WRITTEN_OFF,
        "finance.approve_budget",
        guards=(is_somebody_elses,),
        needs_reason=True,
        happened=gettext_lazy("Written off on"),
        effects=(services.set_settled_day,),
        rare=True,
    )
    void = Transition(
        "Void invoice",
        (
            SponsorInvoiceStatus.DRAFT,
            SponsorInvoiceStatus.PM_REVIEW,
            SponsorInvoiceStatus.REVIEWED,
            SponsorInvoiceStatus.APPROVED,
        ),
        SponsorInvoiceStatus.VOIDED,
        RECORD,
        needs_reason=True,
        explanation=gettext_lazy("What it billed can be billed again; a number it had is not given again."),
        rare=True,
    )
