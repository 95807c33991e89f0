"""When a study is on plan, at risk or late: the house's thresholds, and the sentence that goes with a colour."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ctms.money.amounts import as_money

# Beyond the first number it is at risk, beyond the second late.
SLIPPAGE_DAYS = (0, 30)
LATE_REPORTS = (0, 3)
# Below the first it is at risk, below the second late: percent of the plan to date, and of the documents due.
ENROLLED_PERCENT = (90, 75)
COMPLETE_PERCENT = (90, 75)
# By how many points the budget may run ahead of the subjects.
BURN_AHEAD_POINTS = (10, 20)

WORDS = {
    "red": gettext_lazy("Late"),
    "amber": gettext_lazy("At risk"),
    "green": gettext_lazy("On plan"),
    "grey": gettext_lazy("Not assessed"),
}


@dataclass(frozen=True)
class Judgement:
    """A colour with the sentence that says why."""

    tone: str
    sentence: Any  # words, or a promise of them

    @property
    def word(self):
        return WORDS[self.tone]


NOT_JUDGED = Judgement("grey", "")
NO_DATE = Judgement("grey", gettext_lazy("No open milestone has a planned day: there is no plan to be on."))


def worst_of(judgements):
    """Return the gravest of some judgements; what is not judged weighs nothing."""
    for tone in ("red", "amber", "green"):
        found = [one for one in judgements if one.tone == tone]
        if found:
            return found[0]
    return NOT_JUDGED


def reasons_of(judgements):
    """Return the sentences of what is late, and then of what is at risk: why a study has its colour."""
    judgements = list(judgements)
    return [one.sentence for tone in ("red", "amber") for one in judgements if one.tone == tone]


def judge_time(milestone, on):
    """Judge by the next date the study is known by: how far it lies after its baseline."""
    if milestone is None or milestone.slippage_days is None:
        return NOT_JUDGED
    if milestone.planned_on < on:
        days = (on - milestone.planned_on).days
        words = ngettext("%(name)s is %(n)d day past its day.", "%(name)s is %(n)d days past its day.", days)
        return Judgement("red", words % {"name": milestone, "n": days})
    slip = milestone.slippage_days
    if slip <= SLIPPAGE_DAYS[0]:
        return Judgement("green", _("%(name)s is planned on its baseline or before.") % {"name": milestone})
    return Judgement(
        _above(slip, SLIPPAGE_DAYS),
        ngettext(
            "%(name)s is planned %(n)d day after its baseline.",
            "%(name)s is planned %(n)d days after its baseline.",
            slip,
        )
        % {"name": milestone, "n": slip},
    )


def judge_enrolment(enrolment):
    """Judge by the plan to date."""
    if not enrolment.planned_so_far:
        return NOT_JUDGED
    percent = 100 * enrolment.enrolled // enrolment.planned_so_far
    return Judgement(
        _below(percent, ENROLLED_PERCENT),
        _("%(n)d of %(planned)d planned to date (%(percent)d %%).")
        % {"n": enrolment.enrolled, "planned": enrolment.planned_so_far, "percent": percent},
    )


def judge_monitoring(figures):
    """Judge by the visit reports that are late."""
    return Judgement(
        _above(figures.reports_late, LATE_REPORTS),
        ngettext(
            "%(late)d of %(open)d open reports is late.",
            "%(late)d of %(open)d open reports are late.",
            figures.reports_late,
        )
        % {"late": figures.reports_late, "open": figures.reports_open},
    )


def judge_file(completeness):
    """Judge by the documents due by today."""
    if not completeness.assessed:
        return NOT_JUDGED
    return Judgement(
        _below(100 * completeness.settled // completeness.due, COMPLETE_PERCENT),
        _("%(numbers)s documents due are there or do not apply.") % {"numbers": completeness},
    )


def judge_money(money, enrolment):
    """Judge by how far the budget runs ahead of the subjects, and by work nobody agreed to pay."""
    if money.at_risk:
        return Judgement(
            "amber",
            _("%(amount)s earned without agreement.")
            % {"amount": as_money(money.at_risk, money.budget.currency)},
        )
    if not (money.contracted and enrolment and enrolment.planned):
        return NOT_JUDGED
    burn, progress = (
        100 * money.earned / money.contracted,
        Decimal(100 * enrolment.enrolled) / enrolment.planned,
    )
    return Judgement(
        _above(burn - progress, BURN_AHEAD_POINTS),
        _("%(burn)d %% of the budget earned with %(progress)d %% of the subjects enrolled.")
        % {"burn": burn, "progress": progress},
    )


def _above(number, limits):
    return "green" if number <= limits[0] else "amber" if number <= limits[1] else "red"


def _below(number, limits):
    return "green" if number >= limits[0] else "amber" if number >= limits[1] else "red"
