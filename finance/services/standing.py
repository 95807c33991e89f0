"""Gather what a person sees of a budget, and let the calculations say how it stands."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from ctms.money.amounts import ZERO
from finance.calculations.standing import EarnedFact, Figures, InvoicedFact, TermsFact, standing, unbilled
from finance.models import (
    CLAIMING,
    IN_AGREEMENT,
    ISSUED,
    Budget,
    BudgetLine,
    BudgetLineTerms,
    BudgetVersion,
    BudgetVersionStatus,
    EarnedUnit,
    PlannedUnits,
    SponsorInvoiceLine,
    VersionKind,
)

__all__ = [
    "Figures",
    "Worth",
    "standing_of",
    "standings_of",
    "unbilled_of",
    "worth_of",
    "worth_on_record",
]


def standing_of(user, budget, on):
    """Return {line id: LineStanding} of a budget `user` sees, as it stands on a day."""
    return standings_of(user, [budget], on)[budget.pk]


def standings_of(user, budgets, on):
    """Return {budget id: {line id: LineStanding}} of budgets `user` sees; four queries, however many budgets."""
    terms, earned, invoiced = (
        _terms(user, budgets),
        _earned(user, budgets),
        _invoiced(user, budgets, ISSUED),
    )
    return {
        one.pk: standing(one.currency, terms[one.pk], earned[one.pk], invoiced[one.pk], on) for one in budgets
    }


def unbilled_of(user, budget, *, leaving_out=None):
    """
    Return the cells of a budget that are earned and on no invoice, being prepared or sent.

    :param leaving_out: an invoice whose own lines do not count
    """
    claimed = _invoiced(user, [budget], CLAIMING, leaving_out=leaving_out)[budget.pk]
    terms, earned = _terms(user, [budget]), _earned(user, [budget])
    return unbilled(budget.currency, terms[budget.pk], earned[budget.pk], claimed)


def _terms(user, budgets):
    planned, found = defaultdict(list), defaultdict(list)
    rows = PlannedUnits.objects.visible_to(user).filter(terms__budget_version__budget__in=budgets)
    for terms, month, units in rows.order_by("month").values_list("terms", "month", "units"):
        planned[terms].append((month, units))
    every = BudgetLineTerms.objects.visible_to(user).filter(budget_version__budget__in=budgets)
    for terms in every.select_related("budget_version").order_by("pk"):
        version = terms.budget_version
        found[version.budget_id].append(_terms_fact(terms, version, tuple(planned[terms.pk])))
    return found


def _terms_fact(terms, version, planned=()):
    return TermsFact(
        line=terms.line_id,
        price=terms.unit_price,
        units=terms.contracted_units,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        effective_from=version.effective_from,
        effective_until=version.effective_until,
        # A bid the house approved is no contract.
        agreed=version.status in IN_AGREEMENT and version.kind != VersionKind.BID,
        order=_order(version),
        planned=planned,
    )


@dataclass(frozen=True)
class Worth:
    """What a budget agreed on altogether, what of it is earned, and what is done without an agreement."""

    budget: Budget
    contracted: Decimal
    earned: Decimal
    at_risk: Decimal
    by_month: dict[date, Decimal] = field(default_factory=dict)  # earned, by the first of its month


def worth_of(budget, lines):
    """Return the Worth of a budget from how its lines stand, as `standing_of` returns them."""
    by_month: dict[date, Decimal] = defaultdict(Decimal)
    for line in lines.values():
        for month, figures in line.months.items():
            by_month[month] += figures.earned_value
    return Worth(
        budget,
        contracted=sum((line.contracted_value for line in lines.values()), ZERO),
        earned=sum((line.total.earned_value for line in lines.values()), ZERO),
        at_risk=sum((line.at_risk_value for line in lines.values()), ZERO),
        by_month=dict(by_month),
    )


def worth_on_record(cut):
    """Return the Worth of each budget of a study the reader sees, as it was on record at a cut; five queries."""
    versions = {one.pk: one for one in cut.of_study(BudgetVersion)}
    lines = {one.pk: one for one in cut.of_study(BudgetLine)}
    terms = [
        (versions[one.budget_version_id].budget_id, _terms_fact(one, versions[one.budget_version_id]))
        for one in cut.of_study(BudgetLineTerms)
    ]
    earned = [
        (lines[one.line_id].budget_id, EarnedFact(one.line_id, one.day, one.quantity))
        for one in cut.of_study(EarnedUnit)
        if one.day <= cut.on
    ]
    found = []
    for budget in cut.of_study(Budget):
        of_budget = [fact for owner, fact in terms if owner == budget.pk]
        units = [fact for owner, fact in earned if owner == budget.pk]
        found.append(worth_of(budget, standing(budget.currency, of_budget, units, (), cut.on)))
    return found


def _order(version):
    """Return the place of a version among the proposals: the newest last, the withdrawn before all others."""
    return version.pk if version.status != BudgetVersionStatus.WITHDRAWN else -version.pk


def _earned(user, budgets):
    rows = EarnedUnit.objects.visible_to(user).filter(line__budget__in=budgets).order_by()
    summed = rows.values_list("line__budget", "line", "day").annotate(units=Sum("quantity"))
    found = defaultdict(list)
    for budget, line, day, units in summed:
        found[budget].append(EarnedFact(line, day, units))
    return found


def _invoiced(user, budgets, states, *, leaving_out=None):
    rows = SponsorInvoiceLine.objects.visible_to(user).filter(
        invoice__budget__in=budgets, invoice__status__in=states
    )
    if leaving_out is not None:
        rows = rows.exclude(invoice=leaving_out)
    summed = rows.order_by().values_list("invoice__budget", "line", "month", "unit_price").annotate(
        units=Sum("units"), amount=Sum("amount")
    )  # fmt: skip
    found = defaultdict(list)
    for budget, *fact in summed:
        found[budget].append(InvoicedFact(*fact))
    return found
