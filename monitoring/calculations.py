"""Terms and artifacts of monitoring visits, on plain values."""

from datetime import date

from django.utils.translation import gettext as _

from ctms.calendar.clocks import Term
from ctms.calendar.working_days import subtract_working_days

# Where the report of each type is filed in the TMF Reference Model 3.3.1; for-cause and co-monitoring visits go
# to additional monitoring activity (practice.md, correction 9).
ARTIFACT_OF = {
    "SQV": "05.01.04",
    "SIV": "05.03.01",
    "IMV": "05.04.03",
    "COV": "05.04.08",
    "FCV": "05.04.05",
    "CMV": "05.04.05",
}


def submission_term(last_day: date, working_days: int, country: str, submitted_on: date | None) -> Term:
    """Return the author's term: so many working days after the visit's last day, by the site's calendar."""
    return Term(
        _("Report submitted") if submitted_on else _("Report"), last_day, working_days, country, submitted_on
    )


def approval_term(last_day: date, working_days: int, country: str, approved_on: date | None) -> Term:
    """Return the house's term for the approved report, counted from the visit's last day as well."""
    return Term(
        _("Report approved") if approved_on else _("Approval"), last_day, working_days, country, approved_on
    )


def letter_due_on(first_day: date, working_days: int, country: str) -> date:
    """Return the last day to send the confirmation letter: so many working days before the visit."""
    return subtract_working_days(first_day, working_days, country)
