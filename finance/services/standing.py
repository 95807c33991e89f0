"""Gather what a person sees of a budget, and let the calculations say how it stands."""

from collections import defaultdict

from django.db.models import Sum

from finance.calculations.standing import EarnedFact, Figures, InvoicedFact, TermsFact, standing, unbilled
from finance.models import (
    CLAIMING,
    IN_AGREEMENT,
    ISSUED,
    BudgetLineTerms,
    BudgetVersionStatus,
    EarnedUnit,
    PlannedUnits,
    SponsorInvoiceLine,
    VersionKind,
)

__all__ = ["Figures", "standing_of", "unbilled_of"]


def standing_of(user, budget, on):
    """Return {line id: LineStanding} of a budget `user` sees, as it stands on a day."""
    return standing(
        budget.currency, _terms(user, budget), _earned(user, budget), _invoiced(user, budget, ISSUED), on
    )


def unbilled_of(user, budget, *, leaving_out=None):
    """
    Return the cells of a budget that are earned and on no invoice, being prepared or sent.

    :param leaving_out: an invoice whose own lines do not count
    """
    claimed = _invoiced(user, budget, CLAIMING, leaving_out=leaving_out)
    return unbilled(budget.currency, _terms(user, budget), _earned(user, budget), claimed)


def _terms(user, budget):
    planned = defaultdict(list)
    rows = PlannedUnits.objects.visible_to(user).filter(terms__budget_version__budget=budget)
    for terms, month, units in rows.order_by("month").values_list("terms", "month", "units"):
        planned[terms].append((month, units))
    found = BudgetLineTerms.objects.visible_to(user).filter(budget_version__budget=budget)
    return [
        TermsFact(
            line=terms.line_id,
            price=terms.unit_price,
            units=terms.contracted_units,
            starts_on=terms.starts_on,
            ends_on=terms.ends_on,
            effective_from=terms.budget_version.effective_from,
            effective_until=terms.budget_version.effective_until,
            # A bid the house approved is no contract.
            agreed=terms.budget_version.status in IN_AGREEMENT
            and terms.budget_version.kind != VersionKind.BID,
            order=_order(terms.budget_version),
            planned=tuple(planned[terms.pk]),
        )
        for terms in found.select_related("budget_version").order_by("pk")
    ]


def _order(version):
    """Return the place of a version among the proposals: the newest last, the withdrawn before all others."""
    return version.pk if version.status != BudgetVersionStatus.WITHDRAWN else -version.pk


def _earned(user, budget):
    rows = EarnedUnit.objects.visible_to(user).filter(line__budget=budget).order_by()
    summed = rows.values_list("line", "day").annotate(units=Sum("quantity"))
    return [EarnedFact(line, day, units) for line, day, units in summed]


def _invoiced(user, budget, states, *, leaving_out=None):
    rows = SponsorInvoiceLine.objects.visible_to(user).filter(
        invoice__budget=budget, invoice__status__in=states
    )
    if leaving_out is not None:
        rows = rows.exclude(invoice=leaving_out)
    summed = rows.order_by().values_list("line", "month", "unit_price").annotate(
        units=Sum("units"), amount=Sum("amount")
    )  # fmt: skip
    return [InvoicedFact(*row) for row in summed]
