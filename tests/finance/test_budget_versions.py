"""Versions of a sponsor budget: drafted, reviewed, signed by somebody else, one in force on any day."""

import datetime
import threading
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connections, transaction

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.signatures.proving import prove
from ctms.signatures.signing import signatures_of, verify
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import perform
from finance import services
from finance.models import BudgetCost, BudgetLine, BudgetLineTerms, BudgetVersion
from finance.pages import BudgetLineRecord, BudgetLineTermsRecord
from finance.pages.budgets import compared
from tests.cast import PASSWORD, bring_on_stage
from tests.finance.budgeting import START, Money

JULY = datetime.date(2026, 7, 1)


@pytest.fixture
def money(cast):
    return Money(cast)


def refused_by_the_database(change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


def version_in_force(budget, day):
    with everything("the test knows every row"):
        rows = BudgetVersion.objects.filter(budget=budget, status__in=("APPROVED", "SUPERSEDED"))
        return [
            one.label
            for one in rows
            if one.effective_from <= day and (one.effective_until is None or day <= one.effective_until)
        ]


def test_a_version_is_numbered_as_the_field_does_and_keeps_the_lines_before_it(money, cast):
    budget = money.budget()
    bid = money.draft(budget, "BID", planned_sites=9)
    line = money.line(bid)
    executed = money.draft(budget)
    assert (bid.label, executed.label, executed.based_on) == ("v0", "v1", bid)
    assert executed.planned_sites == 9
    assert money.terms(executed, line).contracted_units == 20
    money.signed(executed)
    change = money.draft(budget, "CHANGE_ORDER", since=JULY, change_reason="MORE_SITES")
    assert (change.label, change.change_order_number, change.based_on) == ("v1+CO1", 1, executed)


def test_a_change_order_needs_a_contract_and_a_reason(money):
    budget = money.budget()
    with pytest.raises(ValidationError, match="executed contract"):
        money.draft(budget, "CHANGE_ORDER", change_reason="MORE_SITES")
    version = money.draft(budget)
    money.line(version)
    money.signed(version)
    with pytest.raises(ValidationError, match="why the contract changes"):
        money.draft(budget, "CHANGE_ORDER", since=JULY)


def test_whoever_worked_on_a_version_does_not_approve_it(money, cast):
    version = money.draft(money.budget(), by="fiona")
    money.line(version, by="felix")
    perform(version, "submit", actor=cast.paula)
    for worker in ("fiona", "felix"):
        with pytest.raises(TransitionRefused, match="someone else must approve"):
            money.approve(version, by=worker)
    for outsider in ("paula", "lena", "carla", "quentin", "sam"):
        with pytest.raises(PermissionDenied):
            money.approve(version, by=outsider)
    with everything("the test knows every row"):
        assert BudgetVersion.objects.get(pk=version.pk).status == "INTERNAL_REVIEW"


def test_a_signed_version_never_changes_and_its_signature_stands(money, cast):
    budget = money.budget()
    version = money.draft(budget)
    line = money.line(version)
    version = money.signed(version)
    signature = signatures_of(version).get()
    assert (signature.signer, signature.meaning) == (cast.fiona, "APPROVED")
    assert verify(signature, version).stands
    terms = money.terms(version, line)
    assert BudgetLineTermsRecord.why_not_editable(terms)
    assert BudgetLineRecord.why_not_editable(line)
    with acting_as(cast.paula, reason="attack"), everything("the test attacks"):
        rows = BudgetLineTerms.objects.filter(pk=terms.pk)
        refused_by_the_database(lambda: rows.update(unit_price=Decimal(1)))
        lines = BudgetLine.objects.filter(pk=line.pk)
        refused_by_the_database(lambda: lines.update(driver="MANUAL"))
        versions = BudgetVersion.objects.filter(pk=version.pk)
        refused_by_the_database(lambda: versions.update(planned_sites=3))
    with pytest.raises(TransitionRefused, match="no longer changes"):
        money.line(version, code="MON-02")
    with pytest.raises(TransitionRefused, match="no longer changes"):
        services.plan_month(actor=cast.paula, terms=terms, month=START, units=Decimal(1))
    assert verify(signature, version).stands


def test_exactly_one_version_is_in_force_on_any_day(money, cast):
    budget = money.budget()
    first = money.draft(budget)
    money.line(first)
    money.signed(first)
    too_early = money.draft(budget, "CHANGE_ORDER", since=START, change_reason="OTHER")
    perform(too_early, "submit", actor=cast.paula)
    with pytest.raises(TransitionRefused, match="take effect later"):
        money.approve(too_early)
    perform(too_early, "withdraw", actor=cast.paula, reason="Wrong day")
    change = money.draft(budget, "CHANGE_ORDER", since=JULY, change_reason="MORE_SITES")
    money.signed(change)
    assert version_in_force(budget, datetime.date(2025, 12, 31)) == []
    assert version_in_force(budget, datetime.date(2026, 6, 30)) == ["v1"]
    assert version_in_force(budget, JULY) == ["v1+CO2"]
    assert version_in_force(budget, datetime.date(2030, 1, 1)) == ["v1+CO2"]
    with acting_as(cast.paula, reason="attack"), everything("the test attacks"):
        rows = BudgetVersion.objects.filter(pk=first.pk)
        refused_by_the_database(lambda: rows.update(effective_until=None))


def test_the_page_of_a_change_order_says_what_it_changes(money, cast):
    budget = money.budget()
    first = money.draft(budget)
    line = money.line(first, units="20", price="2950")
    money.line(first, code="MON-02", units="10", price="1350")
    money.signed(first)
    change = money.draft(budget, "CHANGE_ORDER", since=JULY, change_reason="MORE_SITES")
    with acting_as(cast.paula):
        terms = money.terms(change, line)
        terms.contracted_units = Decimal(32)
        terms.save()
    money.line(change, code="SU-01", units="2", price="5200.50", group="START_UP", driver="SITE_ACTIVATED")
    rows, total, before = compared(cast.paula, change)
    told = {row["line"].code: (row["delta"], row["changed"]) for row in rows}
    assert told == {
        "MON-01": (Decimal("35400.00"), True),
        "MON-02": (Decimal(0), False),
        "SU-01": (Decimal("10401.00"), True),
    }
    assert total - before == Decimal("45801.00")


def test_a_plan_by_month_adds_up_before_it_is_reviewed(money, cast):
    version = money.draft(money.budget())
    line = money.line(version, units="5")
    terms = money.terms(version, line)
    services.plan_month(actor=cast.paula, terms=terms, month=datetime.date(2026, 3, 17), units=Decimal(3))
    with pytest.raises(TransitionRefused, match=r"MON-01: 3 units are planned by month, 5 are contracted"):
        perform(version, "submit", actor=cast.paula)
    services.plan_month(actor=cast.paula, terms=terms, month=datetime.date(2026, 4, 1), units=Decimal(2))
    money.signed(version)
    planned = {month: one.planned_units for month, one in money.standing(line).months.items()}
    assert planned == {datetime.date(2026, 3, 1): 3, datetime.date(2026, 4, 1): 2}


def test_a_country_of_another_study_and_a_second_code_are_refused(money):
    version = money.draft(money.budget())
    money.line(version, countries=["es"])
    with pytest.raises(ValidationError, match="PL"):
        money.line(version, code="MON-02", countries=["ES", "PL"])
    with pytest.raises(ValidationError, match="has this code"):
        money.line(version)


def test_costs_go_with_the_next_version_though_its_author_never_sees_them(money, cast):
    budget = money.budget()
    first = money.draft(budget)
    line = money.line(first)
    services.estimate_cost(actor=cast.fiona, terms=money.terms(first, line), cost_per_unit=Decimal(1980))
    with pytest.raises(PermissionDenied):
        services.estimate_cost(actor=cast.paula, terms=money.terms(first, line), cost_per_unit=Decimal(1))
    second = money.draft(budget, by="paula")
    assert not BudgetCost.objects.visible_to(cast.paula).exists()
    kept = BudgetCost.objects.visible_to(cast.felix).get(terms__budget_version=second)
    assert kept.margin == Decimal(970)


def test_two_people_approving_two_versions_at_once_leave_one_in_force(committed_database):
    money = Money(bring_on_stage())
    budget = money.budget()
    versions = {"fiona": money.draft(budget), "felix": None}
    money.line(versions["fiona"])
    versions["felix"] = money.draft(budget)
    for version in versions.values():
        perform(version, "submit", actor=money.cast.paula)
    together, outcomes = threading.Barrier(2), {}

    def approve(name):
        person = money.person(name)
        proof = prove(person, password=PASSWORD)
        together.wait()
        try:
            perform(versions[name], "approve", actor=person, happened_on=START, proof=proof)
            outcomes[name] = "approved"
        except TransitionRefused as refusal:
            outcomes[name] = refusal.sentence
        finally:
            connections.close_all()

    people = [threading.Thread(target=approve, args=(name,)) for name in versions]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=30)
    refused = [sentence for sentence in outcomes.values() if sentence != "approved"]
    assert len(refused) == 1
    assert "take effect later" in refused[0]
    assert len(version_in_force(budget, START)) == 1
