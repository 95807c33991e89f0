"""Terms and artifacts of monitoring visits, on plain values."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from ctms.calendar.clocks import Term
from ctms.calendar.working_days import subtract_working_days, working_days_between

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

# Where calls and mails with a site are filed that somebody will ask for.
RELEVANT_COMMUNICATION = "05.05.01"


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


@dataclass(frozen=True)
class TermBefore(Term):
    """A duty so many working days before a day: `begins_on` is that day."""

    @property
    def due_on(self):
        return subtract_working_days(self.begins_on, self.working_days, self.country)

    def sentence(self, on):
        if self.done_on or on > self.due_on:
            return super().sentence(on)
        left = working_days_between(on, self.due_on, self.country)
        return _("%(label)s: %(left)d working days left, due %(due)s (%(country)s calendar)") % {
            "label": self.label,
            "left": left,
            "due": self.due_on.strftime("%a %-d %b %Y"),
            "country": self.country,
        }


def confirmation_term(first_day: date, working_days: int, country: str, sent_on: date | None) -> TermBefore:
    """Return the term of the letter that confirms a visit: so many working days before its first day."""
    label = _("Confirmation letter sent") if sent_on else _("Confirmation letter")
    return TermBefore(label, first_day, working_days, country, sent_on)


def follow_up_term(last_day: date, working_days: int, country: str, sent_on: date | None) -> Term:
    """Return the term of the follow-up letter, counted from the visit's last day; no report need be approved."""
    return Term(
        _("Follow-up letter sent") if sent_on else _("Follow-up letter"),
        last_day,
        working_days,
        country,
        sent_on,
    )
