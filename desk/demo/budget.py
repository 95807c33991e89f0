"""The sponsor budgets: their contracts, a drafted change order, what was earned, what was invoiced."""

import datetime
from decimal import Decimal

from django.utils import timezone

from ctms.audit.context import acting_as
from ctms.workflow.engine import perform
from finance import services
from finance.models import Budget, BudgetLineTerms
from studies.models import StudyCountry

from .budget_lines import CONTRACTS

LEDGER = "Opening balance, from the ledger of the former system"


def play(stage):
    """Let the people of each study agree its budget, count what was earned, and invoice it."""
    for contract in CONTRACTS:
        if contract.study in stage.places:
            _budget(stage, contract)


def _budget(stage, contract):
    with acting_as(stage.people["pm"]):
        budget = Budget.objects.create(
            study=stage.places[contract.study],
            currency="EUR",
            agreement_number=contract.number,
            purchase_order=contract.purchase_order,
        )
    _contract(stage, contract, budget)
    _earned(stage, contract, budget)
    if contract.change:
        _change_order(stage, contract, budget)
    _invoices(stage, contract, budget)


def _contract(stage, contract, budget):
    pm, since = stage.people["pm"], stage.ago(contract.since)
    version = services.draft_version(
        actor=pm,
        budget=budget,
        kind="EXECUTED",
        effective_from=since,
        planned_sites=contract.sites,
        planned_visits=contract.visits,
        planned_subjects=contract.subjects,
        duration_months=contract.months,
    )
    nations = set(StudyCountry.objects.filter(study=budget.study).values_list("nation", flat=True))
    for line in contract.lines:
        services.add_line(
            actor=pm,
            budget_version=version,
            unit_price=Decimal(line.price),
            contracted_units=Decimal(line.units),
            starts_on=since,
            ends_on=since + datetime.timedelta(days=contract.lasts),
            code=line.code,
            group=line.group,
            task=line.task,
            unit=line.unit,
            kind=line.kind,
            driver=line.driver,
            visit_types=line.visit_types,
            methods=line.methods,
            countries=[code for code in line.countries if code in nations],
        )
    shares = {line.code: Decimal(line.cost) for line in contract.lines}
    for terms in BudgetLineTerms.objects.filter(budget_version=version).select_related("line"):
        cost = (terms.unit_price * shares[terms.line.code]).quantize(Decimal("0.01"))
        services.estimate_cost(actor=stage.people["finance"], terms=terms, cost_per_unit=cost)
    perform(version, "submit", actor=pm)
    stage.sign(version, "approve", "finance2", happened_on=stage.ago(contract.since - 4))


def _earned(stage, contract, budget):
    """Bring in by hand what no fact of this system counts, then count what happened in it."""
    pm = stage.people["pm"]
    lines = {line.code: line for line in budget.lines.all()}
    for one in contract.lines:
        for back, units in enumerate(reversed(one.earned), start=2):
            day = _month(stage, -back) + datetime.timedelta(days=24)
            if units and day >= stage.ago(contract.since):
                services.record_units(
                    actor=pm,
                    line=lines[one.code],
                    day=day,
                    quantity=Decimal(units),
                    explanation=LEDGER,
                    on=stage.on,
                )
    services.book_units(actor=pm, budget=budget, now=timezone.now())


def _change_order(stage, contract, budget):
    reason, scope, sites, more = contract.change
    version = services.draft_version(
        actor=stage.people["pm"],
        budget=budget,
        kind="CHANGE_ORDER",
        effective_from=_month(stage, 1),
        change_reason=reason,
        scope=scope,
        planned_sites=sites,
    )
    with acting_as(stage.people["pm"]):
        for terms in BudgetLineTerms.objects.filter(budget_version=version).select_related("line"):
            if terms.line.code in more:
                terms.contracted_units += more[terms.line.code]
                terms.save()


def _invoices(stage, contract, budget):
    """What was billed, months ago and lately; last month is not billed yet."""
    for since, until, sent, stands in contract.invoices:
        first = max(_month(stage, since), stage.ago(contract.since).replace(day=1))
        invoice = _invoice(stage, budget, first, _month(stage, until), sent=sent)
        if stands == "DISPUTED":
            perform(
                invoice,
                "dispute",
                actor=stage.people["finance"],
                reason=contract.dispute,
                happened_on=stage.ago(6),
            )
        elif stands == "PAID":
            _paid(stage, invoice, stage.ago(sent - 33))


def _paid(stage, invoice, day):
    perform(invoice, "pay", actor=stage.people["finance"], happened_on=day)


def _invoice(stage, budget, since, until, *, sent):
    finance = stage.people["finance"]
    invoice = services.draft_invoice(actor=finance, budget=budget, period_from=since, period_to=until)
    perform(invoice, "submit", actor=finance)
    perform(invoice, "review", actor=stage.people["pm"])
    perform(invoice, "approve", actor=stage.people["finance2"])
    return perform(invoice, "send", actor=finance, happened_on=stage.ago(sent))


def _month(stage, offset):
    """Return the first day of the month that lies `offset` months from today's."""
    number = stage.on.year * 12 + stage.on.month - 1 + offset
    return datetime.date(number // 12, number % 12 + 1, 1)
