"""How the invoices of a budget stand: what was paid when, and what waits for how long."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from ctms.money.amounts import ZERO
from finance.models import SponsorInvoiceLine, SponsorInvoiceStatus

WAITING = (SponsorInvoiceStatus.SENT, SponsorInvoiceStatus.DISPUTED)


@dataclass(frozen=True)
class OpenInvoice:
    """An invoice in the sponsor's hands that is not settled."""

    pk: int
    due_on: date
    amount: Decimal


@dataclass(frozen=True)
class InvoiceStanding:
    """
    Paid and open money of one budget, as one person sees it.

    :param paid: {first day of a month: paid in it}
    """

    paid: dict[date, Decimal] = field(default_factory=dict)
    open: tuple[OpenInvoice, ...] = ()


def invoices_stand(user, budget):
    """Return how the invoices of a budget stand; one query."""
    rows = SponsorInvoiceLine.objects.visible_to(user).filter(
        invoice__budget=budget, invoice__status__in=(*WAITING, SponsorInvoiceStatus.PAID)
    )
    summed = rows.order_by().values_list(
        "invoice", "invoice__status", "invoice__due_on", "invoice__settled_on"
    ).annotate(amount=Sum("amount"))  # fmt: skip
    paid: dict[date, Decimal] = defaultdict(lambda: ZERO)
    waiting = []
    for pk, status, due_on, settled_on, amount in summed:
        if status == SponsorInvoiceStatus.PAID:
            paid[(settled_on or due_on).replace(day=1)] += amount
        else:
            waiting.append(OpenInvoice(pk, due_on, amount))
    return InvoiceStanding(dict(paid), tuple(sorted(waiting, key=lambda one: (one.due_on, one.pk))))
