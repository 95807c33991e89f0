"""Draft versions of a budget and their lines; supersede the former when a version is signed."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ctms.access.explain import permit
from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import holding, perform
from finance.models import (
    IN_AGREEMENT,
    Budget,
    BudgetCost,
    BudgetLine,
    BudgetLineTerms,
    BudgetVersion,
    BudgetVersionStatus,
    PlannedUnits,
    VersionKind,
)

CHANGE = "finance.change_budget"


def locked_budget(budget):
    """Lock a budget, whose versions, units and invoices are written one after the other."""
    return Budget.objects.select_for_update(of=("self",)).get(pk=budget.pk)


def draft_version(*, actor, budget, kind, effective_from, change_reason="", scope="", **assumptions):
    """
    Draft the next version of a budget with the lines of the one before it.

    :param assumptions: planned_sites, planned_visits, planned_subjects, duration_months; taken over where not given
    :raises ValidationError: a change order without an executed contract, or without saying why
    """
    permit(actor, CHANGE, budget)
    with acting_as(actor), everything("the versions of a budget in hand"):
        budget = locked_budget(budget)
        former = _base_of(budget)
        version = BudgetVersion(
            budget=budget,
            kind=kind,
            effective_from=effective_from,
            change_reason=change_reason,
            scope=scope,
            based_on=former,
            author=actor,
            **_numbered(budget, kind),
        )
        for name in ("planned_sites", "planned_visits", "planned_subjects", "duration_months"):
            given = assumptions.get(name)
            setattr(version, name, given if given is not None else getattr(former, name, None))
        version.full_clean()
        version.save()
        if former is not None:
            _copy_terms(former, version)
    return version


def _base_of(budget):
    """Return the version a new one starts from: the signed one, or else the latest that was not withdrawn."""
    versions = BudgetVersion.objects.filter(budget=budget).exclude(status=BudgetVersionStatus.WITHDRAWN)
    signed = versions.filter(status=BudgetVersionStatus.APPROVED).first()
    return signed or versions.order_by("-pk").first()


def _numbered(budget, kind):
    """Return label and change order number of the next version: v0 bid, v1 executed, v1+CO1, …"""
    versions = BudgetVersion.objects.filter(budget=budget)
    if kind == VersionKind.BID:
        bids = versions.filter(kind=kind).count()
        return {"label": f"v0.{bids}" if bids else "v0"}
    contracts = versions.filter(kind=VersionKind.EXECUTED).exclude(status=BudgetVersionStatus.WITHDRAWN)
    if kind == VersionKind.EXECUTED:
        return {"label": f"v{versions.filter(kind=kind).count() + 1}"}
    signed = contracts.filter(status__in=IN_AGREEMENT).order_by("-pk").first()
    if signed is None:
        raise ValidationError({"kind": _("A change order changes an executed contract; there is none yet.")})
    number = versions.filter(kind=kind).count() + 1
    return {"label": f"{signed.label}+CO{number}", "change_order_number": number}


def _copy_terms(former, version):
    """Take over lines, plan and cost estimates; whoever drafts need not see the cost to keep it."""
    costs = {one.terms_id: one for one in BudgetCost.objects.filter(terms__budget_version=former)}
    for terms in former.terms.select_related("line").order_by("line__code"):
        planned, old = list(terms.planned.order_by("month")), terms.pk
        copied = BudgetLineTerms.objects.create(
            budget_version=version,
            line=terms.line,
            unit_price=terms.unit_price,
            contracted_units=terms.contracted_units,
            starts_on=terms.starts_on,
            ends_on=terms.ends_on,
        )
        for row in planned:
            PlannedUnits.objects.create(terms=copied, month=row.month, units=row.units)
        if cost := costs.get(old):
            BudgetCost.objects.create(terms=copied, cost_per_unit=cost.cost_per_unit, note=cost.note)


def add_line(*, actor, budget_version, unit_price, contracted_units, starts_on, ends_on, **what):
    """
    Add a line to a draft version.

    :param what: code, group, task, unit and what else a BudgetLine is made of
    """
    permit(actor, CHANGE, budget_version)
    with holding(budget_version, actor=actor) as version:
        line = BudgetLine(budget=version.budget, **what)
        line.full_clean()
        line.save()
        terms = BudgetLineTerms(
            budget_version=version,
            line=line,
            unit_price=unit_price,
            contracted_units=contracted_units,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        terms.full_clean()
        terms.save()
    return line


def plan_month(*, actor, terms, month, units):
    """Plan the units of one month of a line by hand; from the first such row on the line is not spread evenly."""
    permit(actor, CHANGE, terms)
    with holding(terms.budget_version, actor=actor), everything("the plan of a line in hand"):
        row = PlannedUnits.objects.filter(terms=terms, month=month.replace(day=1)).first()
        row = row or PlannedUnits(terms=terms, month=month.replace(day=1))
        row.units = units
        row.full_clean()
        row.save()
    return row


def estimate_cost(*, actor, terms, cost_per_unit, note="", reason=""):
    """Say what a unit costs the house."""
    permit(actor, "finance.change_cost", terms)
    with acting_as(actor, reason=reason), everything("the cost of a line in hand"):
        cost = BudgetCost.objects.filter(terms=terms).first() or BudgetCost(terms=terms)
        cost.cost_per_unit, cost.note = cost_per_unit, note
        cost.full_clean()
        cost.save()
    return cost


def agree(version, move):
    """Effect of approving: keep the day the parties agreed."""
    version.agreed_on = move.happened_on


def supersede_former_version(version, move):
    """
    Effect of approving: the version in force until now ends the day before; exactly one holds on any day.

    :raises TransitionRefused: the former took effect on the same day or later
    """
    locked_budget(version.budget)
    former = BudgetVersion.objects.filter(
        budget=version.budget_id, status=BudgetVersionStatus.APPROVED
    ).first()
    if former is None:
        return
    if former.effective_from >= version.effective_from:
        raise TransitionRefused(
            _("%(former)s is in force from %(day)s; this version must take effect later.")
            % {"former": former.label, "day": former.effective_from.strftime("%-d %b %Y")},
            conflict=True,
        )
    system, reason = User.objects.system(), _("Followed by %(version)s") % {"version": version.label}
    with acting_as(system, reason=reason):
        former.effective_until = version.effective_from - timedelta(days=1)
        former.save()
        perform(former, "supersede", actor=system, reason=reason)
