"""The months of a budget as a table: the same rows on the page and in its export."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ctms.money.amounts import ZERO, rounded
from ctms.pages.columns import NONE_SHOWN, units_text
from finance.models import Budget, BudgetLine, ServiceGroup
from finance.services import Figures, standing_of

SHOWN = 12
UNITS, VALUE = "units", "value"
# What a row of three says, and where its numbers open.
MEASURES = ("planned", "earned", "invoiced")


@dataclass(frozen=True)
class Cell:
    """A number and the list of the rows it is the sum of; '' where nothing stands behind it."""

    number: Decimal
    text: str
    url: str = ""


@dataclass(frozen=True)
class Row:
    """One measure of a line, a group or the whole: its total over all months, then the months shown."""

    measure: str
    label: str
    total: Cell
    months: Sequence[Cell]


@dataclass(frozen=True)
class Entry:
    """A line, a group or the whole, with a row for each measure."""

    title: str
    url: str
    unit: str
    contracted: Cell
    burn: str
    risk: Cell | None
    rows: Sequence[Row]


@dataclass
class Group:
    """A service group: its sums in money, and its lines folded below."""

    entry: Entry
    lines: list[Entry] = field(default_factory=list)

    @property
    def earned_text(self):
        return self.entry.rows[MEASURES.index("earned")].total.text or NONE_SHOWN


@dataclass(frozen=True)
class BudgetTable:
    """Everything the page of a budget shows, and its export writes."""

    budget: Budget
    shown_as: str
    months: Sequence[date]
    earlier: date | None
    later: date | None
    whole: Entry
    groups: Sequence[Group]
    figures: Figures
    contracted: Decimal
    at_risk: Decimal

    @property
    def earned(self):
        return self._sum(self.figures.earned_value)

    @property
    def invoiced(self):
        return self._sum(self.figures.invoiced_value)

    @property
    def unbilled(self):
        return self._sum(self.figures.unbilled_value)

    @property
    def risk(self):
        return self._sum(self.at_risk)

    def _sum(self, value):
        return Cell(value, f"{rounded(value, self.budget.currency):,}" if value else "")

    def titles(self):
        """Return the heads of the exported columns."""
        fixed = [_("Group"), _("Line"), _("Counted in"), _("Measure"), _("Contracted"), _("Burn"), _("Total")]
        return [*fixed, *(f"{month:%b %Y}" for month in self.months)]

    def lines(self):
        """Yield the rows of the export: what stands on the page, in its order."""
        yield from _lines(_("All"), "", self.whole)
        for group in self.groups:
            yield from _lines(group.entry.title, "", group.entry)
            for line in group.lines:
                yield from _lines(group.entry.title, line.title, line)


def _lines(group, line, entry):
    for row in entry.rows:
        cells = [row.total.number, *(cell.number for cell in row.months)]
        yield [group, line, entry.unit, row.label, entry.contracted.number, entry.burn, *cells]


def table_of(user, budget, on, *, shown_as=UNITS, first=None, found=None):
    """
    Return how a budget stands, for one reader.

    :param shown_as: "units" or "value": what the rows of the lines say; groups are always money
    :param first: the first month shown; None = so that today is in the last quarter of what is shown
    :param found: how its lines stand, where that is known already
    """
    lines = list(BudgetLine.objects.visible_to(user).filter(budget=budget).order_by("code", "pk"))
    found = standing_of(user, budget, on) if found is None else found
    # A line that is only proposed has nothing to show before something is earned on it.
    standings = [
        (line, one)
        for line in lines
        if (one := found.get(line.pk)) is not None and (one.contracted_units or one.months)
    ]
    months, earlier, later = _window({m for _line, one in standings for m in one.months}, on, first)
    form = _Form(budget, months, shown_as)
    groups = []
    for group in ServiceGroup:
        own = [(line, one) for line, one in standings if line.group == group]
        if own:
            entry = form.summed(group.label, [one for _line, one in own], {"line__group": group.value})
            groups.append(Group(entry, [form.line(line, one) for line, one in own]))
    every = [one for _line, one in standings]
    return BudgetTable(
        budget,
        shown_as,
        months,
        earlier,
        later,
        form.summed(_("All"), every, {}),
        groups,
        sum((one.total for one in every), Figures()),
        sum((one.contracted_value for one in every), ZERO),
        sum((one.at_risk_value for one in every), ZERO),
    )


def _window(known, on, first):
    """Return (the months shown, where the earlier ones begin, where the later ones begin)."""
    start = (first or _moved(on.replace(day=1), 3 - SHOWN)).replace(day=1)
    months = [_moved(start, step) for step in range(SHOWN)]
    earlier = _moved(start, -SHOWN) if known and min(known) < months[0] else None
    later = _moved(start, SHOWN) if known and max(known) > months[-1] else None
    return months, earlier, later


def _moved(month, by):
    """Return the month `by` months later."""
    number = month.year * 12 + month.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)


class _Form:
    """Puts figures into cells for one budget, its months and the chosen way of showing."""

    def __init__(self, budget, months, shown_as):
        self.budget, self.months, self.shown_as = budget, months, shown_as

    def line(self, line, one):
        suffix = VALUE if self.shown_as == VALUE else UNITS
        contracted = one.contracted_value if suffix == VALUE else one.contracted_units
        return Entry(
            title=str(line),
            url=reverse("budget-lines-record", args=[line.pk]),
            unit=line.get_unit_display(),
            contracted=self._cell(contracted, suffix),
            burn=_burn(one),
            risk=self._cell(one.at_risk_value, VALUE) if one.at_risk_value else None,
            rows=self._rows(one.months, one.total, suffix, {"line": line.pk}),
        )

    def summed(self, title, standings, where):
        months: dict[date, Figures] = {}
        for one in standings:
            for month, figures in one.months.items():
                months[month] = months.get(month, Figures()) + figures
        contracted = sum((one.contracted_value for one in standings), ZERO)
        earned = sum((one.total.earned_value for one in standings), ZERO)
        risk = sum((one.at_risk_value for one in standings), ZERO)
        total = sum((one.total for one in standings), Figures())
        return Entry(
            title=str(title),
            url="",
            unit=self.budget.currency,
            contracted=self._cell(contracted, VALUE),
            burn=percent(earned, contracted),
            risk=self._cell(risk, VALUE) if risk else None,
            rows=self._rows(months, total, VALUE, where),
        )

    def _rows(self, months, total, suffix, where):
        labels = {"planned": _("Planned"), "earned": _("Earned"), "invoiced": _("Invoiced")}
        return [
            Row(
                measure,
                labels[measure],
                self._cell(getattr(total, f"{measure}_{suffix}"), suffix, self._opens(measure, where)),
                [
                    self._cell(
                        getattr(months.get(month, Figures()), f"{measure}_{suffix}"),
                        suffix,
                        self._opens(measure, {**where, "month": month.isoformat()}),
                    )
                    for month in self.months
                ],
            )
            for measure in MEASURES
        ]

    def _opens(self, measure, where):
        if measure == "earned":
            return f"{reverse('earned-units-list')}?{urlencode({'line__budget': self.budget.pk, **where})}"
        if measure == "invoiced":
            query = {"invoice__budget": self.budget.pk, **where}
            return f"{reverse('sponsor-invoice-lines-list')}?{urlencode(query)}"
        return ""

    def _cell(self, number, suffix, url=""):
        text = f"{rounded(number, self.budget.currency):,}" if suffix == VALUE else units_text(number)
        return Cell(number, text if number else "", url if number else "")


def percent(part, whole):
    """Return such as `63 %`; '' where there is nothing to be a part of."""
    return f"{100 * part / whole:.0f} %" if whole else ""


def _burn(one):
    """Return such as `45 % (9 of 20)`: no percentage without its count."""
    if one.burn is None:
        return ""
    done, of = units_text(one.total.earned_units), units_text(one.contracted_units)
    return _("%(percent).0f %% (%(done)s of %(of)s)") % {"percent": one.burn, "done": done, "of": of}
