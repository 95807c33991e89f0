"""The clocks of monitoring, and the places every list of it reads along."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ctms.calendar.clocks import Pace
from ctms.calendar.working_days import working_days_between
from ctms.pages.columns import Column, ShownTerm, TermColumn
from monitoring.models import STILL_OPEN, MonitoringVisit
from monitoring.services import letter_terms_of, terms_of

PLACE = ("study__sponsor", "site__organization", "site__country__nation")
COUNTRY = Column("site__country__nation", gettext_lazy("Country"), sort="site__country__nation__name")
VISIT_PLACE = tuple(f"visit__{path}" for path in PLACE)


def shown_term(term, on):
    """Return a term as a cell shows it: what was done when, or how many working days are left."""
    pace = term.pace(on)
    if pace in (Pace.DONE, Pace.DONE_LATE):
        # What a term is called once it is done ends with what was done: Report approved.
        short = f"{term.label.rpartition(' ')[2]} {term.done_on.strftime('%-d %b %Y')}"
    elif pace is Pace.LATE:
        late = working_days_between(term.due_on, on, term.country)
        short = ngettext("%(n)d working day late", "%(n)d working days late", late) % {"n": late}
    elif term.due_on == on:
        short = _("due today")
    else:
        left = term.days_left(on)
        short = ngettext("%(n)d working day left", "%(n)d working days left", left) % {"n": left}
    return ShownTerm(short, pace.value.replace(" ", "-"), term.sentence(on))


class DueColumn(Column):
    """A day by which an open item is done; red once it has passed."""

    def pace(self, record):
        return "late" if record.status in STILL_OPEN and record.due_on < timezone.localdate() else ""


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
