"""What the plain tables of a study are made of. Days are counted from today: 300 ago is 300, ahead is negative."""

import enum
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SitePlan:
    """
    A site, how it came to where it stands, and how many came to it.

    :param selected: days ago it was selected; None = it was not
    :param activated: days ago it was released; None = not yet, or before the house had the study
    :param contract: days from sending the agreement to its last signature; None = not signed
    :param monitor: login of its CRA
    :param first_after: days from the activation to the first subject in
    :param newest: days ago the last subject entered
    :param passed: further states with the days ago, such as a hold
    :param why: what is said of the state it stands in, where that needs a word
    :param qualified: whether a qualification visit was made; otherwise it was waived
    """

    number: str
    country: str
    hospital: str
    city: str
    investigator: str
    status: str
    monitor: str
    selected: int | None = None
    activated: int | None = None
    contract: int | None = None
    enrolled: int = 0
    failed: int = 0
    screening: int = 0
    first_after: int = 34
    newest: int = 4
    passed: tuple[tuple[str, int], ...] = ()
    qualified: bool = True
    target: int = 10
    why: str = ""

    @property
    def closed(self):
        """Days ago the site was closed; None = it is not."""
        return dict(self.passed).get("CLOSED")


@dataclass(frozen=True)
class CountryPlan:
    """A country of a study: since when it is in start-up, and when its authority decided."""

    code: str
    status: str
    started: int
    approved: int | None = None
    planned_sites: int = 0
    planned_enrolled: int = 0
    # Days ago the newest protocol version was approved there; None = the decision is awaited.
    amended: int | None = None


class Fact(enum.Enum):
    """A day that the records of a study tell, which its milestone therefore need not say again."""

    FINAL_PROTOCOL = "the date of the first protocol version kept"
    FIRST_DECISION = "the first country opened by its authority"
    FIRST_ACTIVATION = "the first site activated"
    FIRST_ENROLMENT = "the first subject enrolled"
    HALF_ENROLLED = "half of the planned subjects enrolled"
    LAST_ENROLMENT = "the last subject enrolled"


@dataclass(frozen=True)
class MilestonePlan:
    """
    A milestone, its days counted from today: behind it they are negative.

    :param reached: the day, or the fact that tells it; None = it lies ahead
    :param of: code of the country or number of the site it is of; "" = of the whole study
    """

    kind: str
    name: str
    baseline: int
    planned: int
    reached: int | Fact | None = None
    of: str = ""


@dataclass(frozen=True)
class VisitPlan:
    """A visit of the protocol."""

    name: str
    epoch: str
    offset: int
    before: int
    after: int
    activities: tuple[str, ...] = ()


@dataclass(frozen=True)
class Course:
    """
    How subjects go through a study and where they stand today.

    :param ends: [(state, reason, how many)] of those who left before the end
    :param done: how many entered long enough ago to have ended; those entered `done_after` days ago or earlier
    :param off: how many are off treatment in follow-up; entered within `off_within` days ago
    :param treated_within: those on treatment entered this many days ago at most
    """

    last_treatment: str
    follow_up: str
    done: int
    done_after: int
    off: int
    off_within: tuple[int, int]
    treated_within: int
    ends: tuple[tuple[str, str, int], ...] = ()
    off_early: str = ""
    ages: tuple[int, int] = (21, 74)
    pace: float = 1.8


@dataclass(frozen=True)
class StudyPlan:
    """A study of the portfolio."""

    key: str
    number: str
    sponsor: str
    header: dict
    nct: str
    status: str
    passed: tuple[tuple[str, int], ...]
    since: int
    countries: tuple[CountryPlan, ...]
    sites: tuple[SitePlan, ...]
    versions: tuple[tuple[str, int, str], ...]
    arms: tuple[tuple[str, str], ...]
    epochs: tuple[str, ...]
    visits: tuple[VisitPlan, ...]
    milestones: tuple[MilestonePlan, ...]
    course: Course
    team: tuple[tuple[str, str], ...]
    # Days ago the house took the study over; None = it opened it itself.
    taken_over: int | None = None
    amendments: tuple[tuple, ...] = ()
    interval: int = 42
    started: int = 400
    complete: float = 0.88
    deviations: int = 0
    important: int = 0
    notes: dict = field(default_factory=dict)

    def site(self, number):
        return next(site for site in self.sites if site.number == number)

    def country(self, code):
        return next(country for country in self.countries if country.code == code)
