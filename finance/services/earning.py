"""Book earned units: from facts, as often as anybody asks; or by hand for a month, with a reason."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ctms.access.explain import permit
from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from finance.calculations.earning import Booked, first_of, postings
from finance.models import Budget, BudgetLine, Driver, EarnedUnit

from .budgets import CHANGE, locked_budget
from .drivers import facts_for, house_day

BY_HAND = "manual/"


def book_all(*, actor, now):
    """Book the units of every budget, one transaction a budget; returns how many rows were booked."""
    with everything("units are earned in every study"):
        budgets = list(Budget.objects.order_by("pk"))
    return sum(len(_book(actor, budget, now)) for budget in budgets)


def book_units(*, actor, budget, now):
    """
    Make the books of one budget agree with the facts; a second time there is nothing to book.

    :param now: the instant it is counted at; which month is over is judged where the site lies
    :returns: the rows booked
    """
    permit(actor, CHANGE, budget)
    return _book(actor, budget, now)


def _book(actor, budget, now):
    on = house_day(now)
    with (
        acting_as(actor, reason=_("Booked from what happened")),
        everything("facts are looked for in the budget's own study and circle"),
    ):
        locked_budget(budget)
        found = []
        for line in BudgetLine.objects.filter(budget=budget).exclude(driver=Driver.MANUAL).order_by("pk"):
            facts = facts_for(line, now)
            if facts is not None:
                rows = postings(facts, _booked(line), on, _("Taken back"))
                found += [_post(line, posting, on) for posting in rows]
    return found


def _booked(line):
    """Return {source: Booked} of the rows of a line that came from facts."""
    rows = defaultdict(list)
    for row in EarnedUnit.objects.filter(line=line).exclude(source__startswith=BY_HAND).order_by("booking"):
        rows[row.source].append(row)
    return {
        source: Booked(sum(row.quantity for row in of_fact), of_fact[0].pk, len(of_fact))
        for source, of_fact in rows.items()
    }


def _post(line, posting, on):
    fact = posting.fact
    return EarnedUnit.objects.create(
        line=line,
        month=first_of(fact.day),
        day=fact.day,
        quantity=fact.quantity,
        source=fact.source,
        label=fact.label[:300],
        booking=posting.booking,
        corrects_id=posting.corrects,
        explanation=_("The fact changed or is gone") if posting.corrects else "",
        booked_on=on,
    )


def record_units(*, actor, line, day, quantity, explanation, on):
    """
    Record units by hand in the month of `day`: a manual line's month, or an opening balance of any line.

    A wrong entry is put right by another with the opposite sign; none is changed.

    :raises ValidationError: no reason, no quantity, or a day to come
    """
    permit(actor, CHANGE, line)
    if not explanation.strip():
        raise ValidationError({"explanation": _("Say why these units are entered by hand.")})
    if not quantity:
        raise ValidationError({"quantity": _("Nothing is no entry.")})
    if day > on:
        raise ValidationError({"day": _("The day lies in the future.")})
    with acting_as(actor, reason=explanation), everything("the entries of a line in hand"):
        locked_budget(line.budget)
        month = first_of(day)
        source = f"{BY_HAND}{month:%Y-%m}/"
        number = EarnedUnit.objects.filter(line=line, source__startswith=source).count() + 1
        row = EarnedUnit(
            line=line,
            month=month,
            day=day,
            quantity=quantity,
            source=f"{source}{number}",
            label=_("Entered by hand"),
            explanation=explanation.strip(),
            booked_on=on,
        )
        row.full_clean()
        row.save()
    return row
