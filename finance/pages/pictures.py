"""Money of a budget as pictures: over time, against progress, and what waits for how long."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ctms.money.amounts import ZERO, rounded
from ctms.pages.columns import as_text
from ctms.pictures.bars import Bar, Part, bars
from ctms.pictures.curves import Chart, Line, curves
from finance.calculations.ageing import aged, days_of
from finance.calculations.standing import Figures
from finance.services import invoices_stand
from subjects.services.enrolment import enrolled_in

AGES = ("green", "blue", "amber", "amber", "red")


def pictures_of(user, budget, standings, on):
    """Return the pictures of a budget by name; three queries beside the standing of its lines."""
    invoices = invoices_stand(user, budget)
    return {
        "over_time": _over_time(budget, standings, invoices.paid, on),
        "progress": _progress(user, budget, standings, on),
        "ageing": _ageing(budget, invoices.open, on),
    }


# --- over time -------------------------------------------------------------------------------------------


def _over_time(budget, standings, paid, on):
    months = _by_month(standings)
    known = sorted({*months, *paid})
    planned = {month: one.planned_value for month, one in months.items()}
    earned = {month: one.earned_value for month, one in months.items() if month <= on}
    invoiced = {month: one.invoiced_value for month, one in months.items() if month <= on}
    currency = budget.currency

    def line(label, values, tone, stroke, definition, opens=None):
        points = _running(values, known, on, currency, to_the_end=values is planned)
        urls = {day: opens(day) for day in points} if opens else {}
        return Line(label, points, tone, stroke, definition, urls)

    chart = Chart(
        lines=[
            line(_("Contracted"), planned, "grey", "dashed", _("Agreed units by month at the agreed prices.")),
            line(_("Earned"), earned, "blue", "solid", _("Units done, at their prices."), _earned_until(budget)),
            line(_("Invoiced"), invoiced, "amber", "chain", _("Issued invoices, by the months they are for.")),
            line(_("Paid"), paid, "green", "dotted", _("Settled invoices, by the day they were paid.")),
        ]
    )  # fmt: skip
    return curves(
        name="money-over-time",
        title=_("Money over time, in %(currency)s") % {"currency": currency},
        description=_(
            "Sums so far at the end of each month in %(currency)s, the last of what happened today: contracted by the "
            "agreed months, earned by the day of the work, invoiced by the months billed, paid by the day of payment. "
            "Points of what was earned open its units."
        )
        % {"currency": currency},
        chart=chart,
        on=on,
        empty=_("Nothing is agreed and nothing earned yet."),
    )


def _by_month(standings):
    found: dict[date, Figures] = {}
    for one in standings:
        for month, figures in one.months.items():
            found[month] = found.get(month, Figures()) + figures
    return found


def _running(values: Mapping[date, Decimal], months, on, currency, *, to_the_end):
    """Return {last day of a month: the sum so far}, until today or, of a plan, to its end; nothing of nothing."""
    if not any(values.values()):
        return {}
    end, total, found = max(values) if to_the_end else on, ZERO, {}
    for month in _months(min(months), end):
        total += values.get(month, ZERO)
        day = _last_day(month)
        found[day if to_the_end else min(day, on)] = rounded(total, currency)
    return found


def _months(first, last):
    found, month = [], first.replace(day=1)
    while month <= last:
        found.append(month)
        month = _last_day(month) + timedelta(days=1)
    return found


def _last_day(month):
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _earned_until(budget):
    def opens(day):
        query = {"line__budget": budget.pk, "month__lte": day.replace(day=1).isoformat()}
        return f"{reverse('earned-units-list')}?{urlencode(query)}"

    return opens


# --- against progress ------------------------------------------------------------------------------------


def _progress(user, budget, standings, on):
    """Return earned of contracted beside time gone of the contracted months and subjects of the plan."""
    contracted = sum((one.contracted_value for one in standings), ZERO)
    earned = sum((one.total.earned_value for one in standings), ZERO)
    whole_units = (f"{earned:,.0f}", f"{contracted:,.0f}", budget.currency)
    rows = [_share(_("Earned"), earned, contracted, "blue", *whole_units)]
    days = sorted(month for one in standings for month, f in one.months.items() if f.planned_value)
    if days:
        gone, whole = (on - days[0]).days, (_last_day(days[-1]) - days[0]).days + 1
        gone = min(max(gone, 0), whole)
        rows.append(_share(_("Time of the contract"), gone, whole, "grey", gone, whole, _("days")))
    planned = budget.study.planned_enrolled
    enrolled = enrolled_in(user=user, studies=[budget.study], on=on).get(budget.study_id)
    if planned and enrolled is not None:
        rows.append(
            _share(_("Subjects enrolled"), enrolled, planned, "green", enrolled, planned, _("subjects"))
        )
    return bars(
        name="burn-against-progress",
        title=_("Burn against progress"),
        description=_(
            "What is earned of the contracted value, beside how much of the contract's time has gone and how many "
            "of the planned subjects are enrolled. Money well ahead of both is spent too fast."
        ),
        rows=[row for row in rows if row.whole],
        first=_("Measure"),
        empty=_("Nothing is contracted yet."),
    )


def _money(amount, budget):
    return f"{rounded(amount, budget.currency):,}"


def _share(label, done, whole, tone, done_words, whole_words, unit):
    """Return a bar: the percentage never without what it is of."""
    percent = f"{100 * done / whole:.0f} %" if whole else ""
    words = _("%(done)s of %(whole)s %(unit)s") % {"done": done_words, "whole": whole_words, "unit": unit}
    return Bar(label, [Part(_("So far"), done, tone, "", words)], total=percent, whole=whole, below=words)


# --- what waits ------------------------------------------------------------------------------------------


def _ageing(budget, waiting, on):
    labels = (
        _("not due yet"),
        _("1 to 30 days late"),
        _("31 to 60 days late"),
        _("61 to 90 days late"),
        _("over 90 days late"),
    )
    amounts = aged([(one.due_on, one.amount) for one in waiting], on)
    parts = [
        Part(
            label, rounded(amount, budget.currency), tone, _waiting(budget, place, on), _money(amount, budget)
        )
        for place, (label, amount, tone) in enumerate(zip(labels, amounts, AGES, strict=True))
    ]
    total = ngettext("%(amount)s, %(n)d invoice", "%(amount)s, %(n)d invoices", len(waiting)) % {
        "amount": _money(sum(amounts, ZERO), budget), "n": len(waiting),
    }  # fmt: skip
    return bars(
        name="invoice-ageing",
        title=_("Open invoices by age, in %(currency)s") % {"currency": budget.currency},
        description=_(
            "Invoices the sponsor has and has not paid, disputed ones among them, by days after their due day as of "
            "%(day)s. Each part opens its invoices."
        )
        % {"day": as_text(on)},
        rows=[Bar(budget.currency, parts, total=total)] if waiting else [],
        first=_("Currency"),
        empty=_("No invoice is open."),
    )


def _waiting(budget, step, on):
    first, last = days_of(step, on)
    query = {"budget": budget.pk, "standing": "open"}
    if first:
        query["due_on__gte"] = first.isoformat()
    if last:
        query["due_on__lte"] = last.isoformat()
    return f"{reverse('sponsor-invoices-list')}?{urlencode(query)}"
