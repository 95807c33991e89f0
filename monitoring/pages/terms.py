"""The clocks of monitoring, and the places every list of it reads along."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.calendar.clocks import Pace
from ctms.calendar.working_days import working_days_between
from ctms.pages.columns import Column, ShownTerm, TermColumn
from monitoring.models import MonitoringVisit
from monitoring.services import letter_terms_of, terms_of

PLACE = ("study__sponsor", "site__organization", "site__country__nation")
COUNTRY = Column("site__country__nation", gettext_lazy("Country"), sort="site__country__nation__name")
VISIT_PLACE = tuple(f"visit__{path}" for path in PLACE)


def shown_term(term, on):
    """Return a term as a cell shows it."""
    pace = term.pace(on)
    if pace in (Pace.DONE, Pace.DONE_LATE):
        short = term.done_on.strftime("%-d %b %Y")
    elif pace is Pace.LATE:
        short = _("%(n)d WD late") % {"n": working_days_between(term.due_on, on, term.country)}
    else:
        short = _("%(n)d WD left") % {"n": term.days_left(on)}
    return ShownTerm(short, pace.value.replace(" ", "-"), term.sentence(on))


class ReportTermColumn(TermColumn):
    """The term that runs now on a visit or on a report's visit."""

    def value(self, record):
        visit = record if isinstance(record, MonitoringVisit) else record.visit
        terms = terms_of(visit)
        return shown_term(terms[-1], timezone.localdate()) if terms else None


class LetterTermColumn(TermColumn):
    """The term of the letter a visit still waits for."""

    def value(self, record):
        terms = [term for term in letter_terms_of(record) if term.done_on is None]
        return shown_term(terms[-1], timezone.localdate()) if terms else None
