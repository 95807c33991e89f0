"""Sponsor budgets, their versions and lines, as lists and one by one; the house's cost in a record of its own."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from ctms.access.scoping import everything
from ctms.api.shapes import NameOf
from ctms.money.amounts import ZERO, rounded
from ctms.pages.columns import Column
from ctms.pages.frame import PLACE_PAGES
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from finance import services
from finance.models import (
    Budget,
    BudgetCost,
    BudgetLine,
    BudgetLineTerms,
    BudgetVersion,
    BudgetVersionStatus,
    PlannedUnits,
)

from .amounts import AmountColumn, MonthColumn, UnitsColumn

CHANGE = "finance.change_budget"
PLACE_PAGES.append((71, "budget", gettext_lazy("Budget"), "finance.view_budget"))


class BudgetRecord(Record):
    model, slug = Budget, "budgets"
    under = "budget"
    fields = (
        "study",
        "currency",
        "contract_type",
        "agreement_number",
        "purchase_order",
        "payment_terms_days",
        "unblinded",
    )
    create = fields
    edit = ("contract_type", "agreement_number", "purchase_order", "payment_terms_days")
    add_permission = change_permission = CHANGE
    filters = {"study": ["exact"]}
    search = ("study__protocol_number", "agreement_number", "purchase_order")
    related = ("study",)
    template = "finance/budget.html"

    @classmethod
    def extra_context(cls, request, record):
        versions = BudgetVersion.objects.visible_to(request.user).filter(budget=record)
        return {"versions": versions.select_related("budget__study").order_by("-pk")}


class Budgets(Listing):
    record, title, rail = BudgetRecord, "Sponsor budgets", ("Finance", 62)
    columns = (
        Column("__str__", "Budget", sort=""),
        Column("study__short_name", "Study"),
        "currency",
        "contract_type",
        "agreement_number",
        "purchase_order",
    )
    filters = {"study": ["exact"]}
    search = BudgetRecord.search
    empty = "A study's budget with its sponsor stands here. Project managers and finance make it."


class BudgetVersionRecord(Record):
    model, slug = BudgetVersion, "budget-versions"
    under = "budget"
    assumptions = ("planned_sites", "planned_visits", "planned_subjects", "duration_months")
    fields = (
        "budget",
        "label",
        "kind",
        "change_order_number",
        "change_reason",
        "scope",
        "based_on",
        *assumptions,
        "effective_from",
        "effective_until",
        "agreed_on",
        "author",
        "status",
    )
    api_fields = (
        "study",
        *(name for name in fields if name != "author"),
        ("author_name", NameOf(source="author")),
    )
    create = ("budget", "kind", "effective_from", "change_reason", "scope", *assumptions)
    create_with = staticmethod(services.draft_version)
    edit = ("effective_from", "change_reason", "scope", *assumptions)
    edit_while = (BudgetVersionStatus.DRAFT,)
    add_permission = change_permission = CHANGE
    filters = {"study": ["exact"], "budget": ["exact"], "status": ["exact"]}
    search = ("study__protocol_number", "label")
    related = ("budget__study", "based_on__budget__study", "author")
    template = "finance/budget_version.html"
    parts = (("finance.BudgetLineTerms", "budget_version"),)

    @classmethod
    def extra_context(cls, request, record):
        rows, total, before = compared(request.user, record)
        return {
            "rows": rows,
            "total": total,
            "total_before": before,
            "delta": total - before,
            "is_draft": record.status == BudgetVersionStatus.DRAFT,
            "may_change": request.user.has_perm(CHANGE, record),
            "may_see_cost": request.user.has_perm("finance.view_budgetcost", record),
        }


def compared(user, version):
    """Return ([line of the version beside the version it is based on], total, total before)."""
    currency = version.budget.currency
    terms = BudgetLineTerms.objects.visible_to(user).select_related("line")
    new = {one.line_id: one for one in terms.filter(budget_version=version)}
    old = {one.line_id: one for one in terms.filter(budget_version=version.based_on_id)}
    costs = _costs(user, version)
    rows = []
    for line in sorted({one.line for one in (*new.values(), *old.values())}, key=lambda one: one.code):
        now, then = new.get(line.pk), old.get(line.pk)
        value, before = _value(now, currency), _value(then, currency)
        cost = costs.get(now.pk) if now else None
        rows.append(
            {
                "line": line,
                "now": now,
                "then": then,
                "value": value,
                "delta": value - before,
                "changed": then is None or now is None or _agreed(now) != _agreed(then),
                "cost": cost,
            }
        )
    total = sum((row["value"] for row in rows), ZERO)
    return rows, total, total - sum((row["delta"] for row in rows), ZERO)


def _costs(user, version):
    """Return the cost estimates of a version by terms: none for whoever may not see them."""
    rows = BudgetCost.objects.visible_to(user).filter(terms__budget_version=version)
    return {one.terms_id: one for one in rows.select_related("terms")}


def _value(terms, currency):
    return rounded(terms.contracted_units * terms.unit_price, currency) if terms else ZERO


def _agreed(terms):
    return (terms.unit_price, terms.contracted_units, terms.starts_on, terms.ends_on)


class BudgetVersions(Listing):
    record, title = BudgetVersionRecord, "Budget versions"
    columns = (
        Column("label", "Version"),
        Column("study", sort="study__protocol_number"),
        "kind",
        "change_reason",
        "effective_from",
        "effective_until",
        "agreed_on",
        "status",
    )
    filters = {"study": ["exact"], "budget": ["exact"], "kind": ["exact"], "status": ["exact"]}
    search = BudgetVersionRecord.search
    empty = "Bids, executed contracts and change orders stand here."


class VersionField(forms.ModelChoiceField):
    """A choice of the draft versions the person sees."""

    def __init__(self):
        drafts = BudgetVersion.objects.filter(status=BudgetVersionStatus.DRAFT).select_related(
            "budget__study"
        )
        super().__init__(drafts, label=gettext_lazy("Version (draft)"))


class VisibleVersion(serializers.PrimaryKeyRelatedField):
    """The same in the API: only a version the person sees is known."""

    def __init__(self):
        super().__init__(queryset=BudgetVersion.objects.all(), write_only=True)

    def get_queryset(self):
        return BudgetVersion.objects.visible_to(self.context["request"].user)


class BudgetLineRecord(Record):
    model, slug = BudgetLine, "budget-lines"
    under = "budget"
    fields = (
        "study",
        "budget",
        "code",
        "group",
        "task",
        "unit",
        "kind",
        "driver",
        "visit_types",
        "methods",
        "countries",
    )
    create = ("code", "group", "task", "unit", "kind", "driver", "visit_types", "methods", "countries")
    create_extra = {
        "budget_version": VersionField(),
        "unit_price": forms.DecimalField(label=gettext_lazy("Unit price"), max_digits=18, decimal_places=4),
        "contracted_units": forms.DecimalField(
            label=gettext_lazy("Contracted units"), max_digits=14, decimal_places=4
        ),
        "starts_on": forms.DateField(label=gettext_lazy("From")),
        "ends_on": forms.DateField(label=gettext_lazy("Until")),
    }
    api_create_extra = {
        "budget_version": VisibleVersion(),
        "unit_price": serializers.DecimalField(max_digits=18, decimal_places=4, write_only=True),
        "contracted_units": serializers.DecimalField(max_digits=14, decimal_places=4, write_only=True),
        "starts_on": serializers.DateField(write_only=True),
        "ends_on": serializers.DateField(write_only=True),
    }
    create_with = staticmethod(services.add_line)
    edit = ("group", "task", "unit", "kind", "driver", "visit_types", "methods", "countries")
    add_permission = change_permission = CHANGE
    filters = {"study": ["exact"], "budget": ["exact"], "group": ["exact"], "driver": ["exact"]}
    search = ("code", "task")
    order = ("code", "pk")
    related = ("budget__study", "study")
    template = "finance/budget_line.html"
    parts = (("finance.BudgetLineTerms", "line"),)

    @classmethod
    def why_not_editable(cls, record):
        signed = (
            BudgetVersionStatus.INTERNAL_REVIEW,
            BudgetVersionStatus.APPROVED,
            BudgetVersionStatus.SUPERSEDED,
        )
        if any(terms.budget_version.status in signed for terms in _terms_of(record)):
            return _(
                "A version with this line is reviewed or signed; add a new line to a change order instead."
            )
        return ""

    @classmethod
    def needs_reason(cls, record):
        return False

    @classmethod
    def extra_context(cls, request, record):
        terms = BudgetLineTerms.objects.visible_to(request.user).filter(line=record)
        return {
            "terms_by_version": terms.select_related("budget_version__budget__study", "line").order_by("-pk"),
            "may_change": request.user.has_perm(CHANGE, record),
        }


def _terms_of(line):
    with everything("in which versions a line in hand stands"):
        return list(BudgetLineTerms.objects.filter(line=line).select_related("budget_version"))


class BudgetLines(Listing):
    record, title = BudgetLineRecord, "Budget lines"
    columns = ("code", "task", "study", "group", "unit", "driver", "kind")
    # Whether a line may be changed lies in the versions it stands in.
    edit_in_place = False
    filters = {"study": ["exact"], "budget": ["exact"], "group": ["exact"], "driver": ["exact"]}
    search = BudgetLineRecord.search
    order = ("code",)
    empty = "Lines are added to a draft version of a budget."


class BudgetLineTermsRecord(Record):
    model, slug = BudgetLineTerms, "budget-line-terms"
    under = "budget"
    fields = (
        "budget_version",
        "line",
        AmountColumn("unit_price", currency="budget_version__budget__currency"),
        UnitsColumn("contracted_units"),
        "starts_on",
        "ends_on",
    )
    edit = ("unit_price", "contracted_units", "starts_on", "ends_on")
    change_permission = CHANGE
    filters = {"study": ["exact"], "budget_version": ["exact"], "line": ["exact"]}
    related = ("budget_version__budget__study", "line")
    template = "finance/terms.html"
    parts = (("finance.PlannedUnits", "terms"),)

    @classmethod
    def why_not_editable(cls, record):
        return not_a_draft(record.budget_version)

    @classmethod
    def needs_reason(cls, record):
        return False

    @classmethod
    def extra_context(cls, request, record):
        planned = PlannedUnits.objects.visible_to(request.user).filter(terms=record).order_by("month")
        return {
            "planned": planned,
            "may_plan": request.user.has_perm(CHANGE, record) and not not_a_draft(record.budget_version),
            "may_estimate": request.user.has_perm("finance.change_cost", record),
            "costs": BudgetCost.objects.visible_to(request.user).filter(terms=record).select_related("terms"),
            "currency": record.budget_version.budget.currency,
        }


def not_a_draft(version):
    """Return why what belongs to a version does not change, or ''."""
    if version.status == BudgetVersionStatus.DRAFT:
        return ""
    return _("%(version)s is %(state)s and no longer changes.") % {
        "version": version.label,
        "state": version.get_status_display().lower(),
    }


class PlannedUnitsRecord(Record):
    model, slug = PlannedUnits, "planned-units"
    under = "budget"
    fields = ("terms", MonthColumn("month"), UnitsColumn("units"))
    create = ("terms", "month", "units")
    create_with = staticmethod(services.plan_month)
    edit = ("units",)
    add_permission = change_permission = CHANGE
    filters = {"study": ["exact"], "terms": ["exact"]}
    related = ("terms__budget_version__budget__study", "terms__line")

    @classmethod
    def why_not_editable(cls, record):
        return not_a_draft(record.terms.budget_version)

    @classmethod
    def needs_reason(cls, record):
        return False


class PlannedMonths(Listing):
    record, title = PlannedUnitsRecord, "Units planned by month"
    columns = (
        Column("terms__line", "Line", sort="terms__line__code"),
        MonthColumn("month"),
        UnitsColumn("units"),
    )
    filters = {"terms": ["exact"]}


OF_TERMS = "terms__budget_version__budget__currency"
COST = AmountColumn("cost_per_unit", currency=OF_TERMS)
MARGIN = AmountColumn("margin", "Margin per unit", currency=OF_TERMS)


class BudgetCostRecord(Record):
    model, slug = BudgetCost, "budget-costs"
    under = "budget"
    fields = ("terms", COST, MARGIN, "note")
    api_fields = (
        "study",
        "terms",
        "cost_per_unit",
        ("margin", serializers.DecimalField(max_digits=18, decimal_places=4, read_only=True)),
        "note",
    )
    create = ("terms", "cost_per_unit", "note")
    create_with = staticmethod(services.estimate_cost)
    edit = ("cost_per_unit", "note")
    add_permission = change_permission = "finance.change_cost"
    filters = {"study": ["exact"], "terms": ["exact"]}
    related = ("terms__budget_version__budget__study", "terms__line")


class BudgetCosts(Listing):
    record, title = BudgetCostRecord, "Cost of budget lines"
    columns = (
        Column("terms__line", "Line", sort="terms__line__code"),
        Column("terms__budget_version__label", "Version", sort="terms__budget_version__label"),
        AmountColumn("terms__unit_price", "Unit price", currency=OF_TERMS),
        COST,
        MARGIN,
    )
    filters = {"study": ["exact"]}
    empty = "What a unit costs the house stands here, for finance alone."
