"""What the columns of the portfolio mean, in the words of the rooms that count them."""

from django.utils.translation import gettext as _

from monitoring.services.figures import DEFINITIONS as OF_MONITORING
from studies.services.plan_standing import DEFINITIONS as OF_PLAN
from subjects.services.enrolment_counts import DEFINITIONS as OF_SUBJECTS

from .judging import BURN_AHEAD_POINTS, COMPLETE_PERCENT, ENROLLED_PERCENT, LATE_REPORTS, SLIPPAGE_DAYS


def definitions():
    """Return [(column, what is counted, when it is judged how)]."""
    return [
        (
            _("Next date"),
            f"{OF_PLAN['next']} {OF_PLAN['moved']}",
            _("At risk after %(risk)d days, late after %(late)d or past its day.")
            % {"risk": SLIPPAGE_DAYS[0], "late": SLIPPAGE_DAYS[1]},
        ),
        (
            _("Sites open"),
            _("Active sites, those whose enrolment is held or closed too, of all sites of the study."),
            "",
        ),
        (
            _("Enrolment"),
            f"{OF_SUBJECTS['enrolled']} {_('Plan to date:')} {OF_SUBJECTS['planned_so_far']}",
            _("The mark is the plan to date: at risk below %(risk)d %% of it, late below %(late)d %%.")
            % {"risk": ENROLLED_PERCENT[0], "late": ENROLLED_PERCENT[1]},
        ),
        (
            _("Reports late"),
            OF_MONITORING["reports_late"],
            _("At risk with more than %(risk)d, late with more than %(late)d.")
            % {"risk": LATE_REPORTS[0], "late": LATE_REPORTS[1]},
        ),
        (_("Deviations"), OF_MONITORING["deviations_by_month"], ""),
        (
            _("Trial master file"),
            _("Of the documents due by today: those there, and those that do not apply for a stated reason."),
            _("At risk below %(risk)d %%, late below %(late)d %%.")
            % {"risk": COMPLETE_PERCENT[0], "late": COMPLETE_PERCENT[1]},
        ),
        (
            _("Earned of budget"),
            _("The value of the units done, of what the sponsor contracted."),
            _("At risk when it runs %(risk)d points ahead of the subjects enrolled, late at %(late)d.")
            % {"risk": BURN_AHEAD_POINTS[0], "late": BURN_AHEAD_POINTS[1]},
        ),
    ]
