"""Expectations, completeness and titles on plain values."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# One clinical trial application, one decision for the whole state (CTR Art. 8): member states and EEA countries.
EU_EEA = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
# One opinion covers authority and ethics committee: the EU's decision, the combined review of the UK.
COUNTRY_GROUPS = {"EU_EEA": EU_EEA, "ONE_DECISION": EU_EEA | {"GB"}}


@dataclass(frozen=True)
class Facts:
    """What a rule looks at: of the study, and the country its place lies in."""

    countries: frozenset[str] = frozenset()
    phase: str = ""
    masked: bool = True
    under_ind: bool = False


@dataclass(frozen=True)
class Condition:
    """When a rule holds; an empty condition holds everywhere."""

    in_countries: str = ""
    not_in_countries: str = ""
    phases: str = ""
    masking: str = ""
    investigational_new_drug: str = ""

    def holds(self, facts: Facts) -> bool:
        if self.in_countries and not facts.countries & countries_of(self.in_countries):
            return False
        if self.not_in_countries and facts.countries & countries_of(self.not_in_countries):
            return False
        if self.phases and facts.phase not in self.phases.split():
            return False
        if self.masking and facts.masked != (self.masking == "MASKED"):
            return False
        return not self.investigational_new_drug or facts.under_ind == (
            self.investigational_new_drug == "YES"
        )


def countries_of(words: str) -> frozenset[str]:
    """Return the codes a list such as `EU_EEA CH` names."""
    found: frozenset[str] = frozenset()
    for word in words.split():
        found |= COUNTRY_GROUPS.get(word, frozenset({word}))
    return found


@dataclass(frozen=True)
class Event:
    """
    Something that happened and makes documents due.

    :param kind: a value of EventKind
    :param source: the key of what happened, e.g. `studies.StudySite/12` or `monitoring.MonitoringVisit/4`
    :param on: the day it happened
    :param about: True if the documents are about this very thing (a visit) and not about the place
    :param artifact_number: where its document is filed, when the rule leaves that to the event
    :param due_on: when its document is due, when the rule leaves that to the event
    """

    kind: str
    source: str
    on: date
    study: int
    country: int | None = None
    site: int | None = None
    nation: str = ""
    label: str = ""
    about: bool = False
    artifact_number: str = ""
    due_on: date | None = None
    unblinded: bool = False


def due_day(event: Event, due_days: int | None) -> date | None:
    """Return the due day of a rule's document after an event."""
    return event.due_on if due_days is None else event.on + timedelta(days=due_days)


# --- which document fulfils what -------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """An expected document, as matching sees it."""

    pk: int
    artifact: str
    place: tuple[int | None, int | None]
    source: str = ""
    unblinded: bool = False
    number: int = 1


@dataclass(frozen=True)
class Held:
    """A document on its way or approved, as matching sees it."""

    pk: int
    artifact: str
    place: tuple[int | None, int | None]
    about: str = ""
    unblinded: bool = False
    approved: bool = False
    expected: int | None = None
    expires_on: date | None = None
    expired: bool = False


@dataclass
class Match:
    """
    What stands behind the expected documents: documents newly taken, and how many each has.

    `expired` is the last day of the latest approved document that stood for one and holds no more; `ends` the
    approved documents of each, with their last days.
    """

    taken: dict[int, int] = field(default_factory=dict)  # document -> expected document
    approved: dict[int, int] = field(default_factory=dict)
    on_the_way: dict[int, int] = field(default_factory=dict)
    expired: dict[int, date] = field(default_factory=dict)
    ends: dict[int, dict[int, date]] = field(default_factory=dict)

    def renewed(self, single: Container[int]) -> set[int]:
        """
        Return the documents whose place a later one has taken.

        :param single: the expected documents of which there is one; two people's CVs do not renew each other
        """
        return {
            document
            for expected, ends in self.ends.items()
            if expected in single
            for document, end in ends.items()
            if end < max(ends.values())
        }


def match(wanted: Iterable[Wanted], held: Iterable[Held]) -> Match:
    """
    Find which document stands for which expected one.

    A document that says what it fulfils stands for that. Of the others an approved one fulfils the first expected
    document of its artifact at its place, about the same thing, that has not got all of its number yet. Blinded and
    unblinded papers never stand for each other. An expired paper stands for nothing any more.
    """
    found, offered, ended = Match(), defaultdict(list), []
    by_pk = {one.pk: one for one in sorted(wanted, key=lambda one: one.pk)}
    free = []
    for document in sorted(held, key=lambda one: one.pk):
        if document.expected in by_pk:
            _count(found, document, document.expected)
        elif document.expected is None and document.approved:
            (ended if document.expired else free).append(document)
    for one in by_pk.values():
        offered[(one.artifact, one.place, one.source, one.unblinded)].append(one)
    # What has expired comes last: it says what was there, where nothing valid is.
    for document in (*free, *ended):
        key = (document.artifact, document.place, document.about, document.unblinded)
        for one in offered.get(key, ()):
            if found.approved.get(one.pk, 0) < one.number:
                found.taken[document.pk] = one.pk
                _count(found, document, one.pk)
                break
    return found


def _count(found, document, expected):
    if document.approved:
        found.ends.setdefault(expected, {})[document.pk] = document.expires_on or date.max
    if document.expired:
        found.expired[expected] = max(found.expired.get(expected, document.expires_on), document.expires_on)
        return
    counts = found.approved if document.approved else found.on_the_way
    counts[expected] = counts.get(expected, 0) + 1


# --- completeness ----------------------------------------------------------------------------------------

SETTLED = frozenset({"FULFILLED", "NOT_APPLICABLE"})


@dataclass(frozen=True)
class Completeness:
    """
    How much of what is due is there.

    Of the expected documents whose due day has passed: those fulfilled, and those that do not apply for a stated
    reason. Those without a due day count in neither number (etmf.md 5.4).
    """

    settled: int = 0
    due: int = 0
    late: int = 0

    @property
    def assessed(self) -> bool:
        """False when nothing is due: nothing is not everything."""
        return self.due > 0

    def __add__(self, other: "Completeness") -> "Completeness":
        return Completeness(self.settled + other.settled, self.due + other.due, self.late + other.late)

    def __str__(self) -> str:
        if not self.assessed:
            return _("not assessed")
        return _("%(settled)d of %(due)d") % {"settled": self.settled, "due": self.due}


def completeness(rows: Iterable[tuple[str, date | None]], on: date) -> Completeness:
    """Return the completeness of (status, due day) rows on a day: the one definition everywhere."""
    settled = due = 0
    for status, due_on in rows:
        if due_on is not None and due_on < on:
            due += 1
            settled += status in SETTLED
    return Completeness(settled, due, due - settled)


def days_late(status: str, due_on: date | None, on: date) -> int:
    """Return by how many days an expected document is late on a day; 0 if it is not."""
    if status in SETTLED or due_on is None or due_on >= on:
        return 0
    return (on - due_on).days


# --- how long papers hold --------------------------------------------------------------------------------


def proposed_end(document_date: date | None, valid_months: int | None) -> date | None:
    """Return the last day of a paper of a kind that is valid for some months, or None."""
    if document_date is None or not valid_months:
        return None
    month = document_date.month - 1 + valid_months
    year, month = document_date.year + month // 12, month % 12 + 1
    return date(year, month, min(document_date.day, monthrange(year, month)[1]))


def words_of_expiry(expires_on: date, on: date) -> str:
    """Return how long a paper still holds, or since when it holds no more."""
    days = (expires_on - on).days
    if days < 0:
        return ngettext("expired %(n)d day ago", "expired %(n)d days ago", -days) % {"n": -days}
    if days == 0:
        return _("expires today")
    return ngettext("expires in %(n)d day", "expires in %(n)d days", days) % {"n": days}


# --- words and numbers -----------------------------------------------------------------------------------


def title_of(artifact: str, place: str, about: str = "") -> str:
    """Return the usual title of a document: what it is, what it is about, where."""
    what = f"{artifact} – {about}" if about else artifact
    return f"{what} ({place})"[:300]


def next_draft(numbers: Iterable[str], former: str = "") -> str:
    """Return the number of the next draft: 0.1, 0.2; after an approved 1.0 it is 1.1, 1.2."""
    numbers = list(numbers)
    major = max((int(number.partition(".")[0]) for number in (*numbers, former) if number), default=0)
    minors = [int(number.partition(".")[2]) for number in numbers if number.partition(".")[0] == str(major)]
    return f"{major}.{max(minors, default=0) + 1}"


def approved_number(draft: str) -> str:
    """Return the whole number a draft gets on approval: 0.3 becomes 1.0, 1.2 becomes 2.0."""
    return f"{int(draft.partition('.')[0]) + 1}.0"
