"""
When the last planned subject will be in, by what the sites enrolled so far. Values only.

Each site enrols at a rate of its own, and the rates of a study's sites are spread like a gamma distribution whose two
parameters are estimated from all of them (empirical Bayes): a site that has just opened is thought of as its sisters
are, one with a long record as itself. The sum over the recruiting sites is taken as gamma by its first two moments
(V. Anisimov, V. Fedorov: Modelling, prediction and adaptive adjustment of recruitment in multicentre trials, Statistics
in Medicine 26, 2007, 4958–4975). Paths are drawn from a seed, so the same facts give the same days.
"""

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

# Before so many are enrolled, over so many days of sites together, nothing is foretold.
FEWEST_ENROLLED, FEWEST_DAYS = 10, 60
PATHS, SEED = 500, 2007
CHANCES = (0.1, 0.5, 0.9)
# Sites of one study never are as alike as a short record may make them look, nor as unlike.
MOST_ALIKE, LEAST_ALIKE = 50.0, 0.2
LONGEST_DAYS = 3650
BAND_POINTS = 18
MONTH = 365.25 / 12


@dataclass(frozen=True)
class SiteRecord:
    """
    What one site did so far.

    :param days: for how long it could enrol until today
    :param recruits: it goes on doing so
    :param opens_on: of a site that does not recruit yet: the planned day
    """

    enrolled: int = 0
    days: int = 0
    recruits: bool = False
    opens_on: date | None = None


@dataclass(frozen=True)
class Forecast:
    """
    What may come.

    :param last_in: the day the last planned subject is in, in 10, 50 and 90 of 100 paths; None = beyond ten years
    :param band: {day: how many are enrolled by then} at the same three chances
    :param per_month: how many the recruiting sites are expected to enrol together in a month
    """

    last_in: tuple[date | None, ...]
    band: dict[date, tuple[int, int, int]]
    per_month: float
    recruiting: int
    opening: int


def forecast(sites: Sequence[SiteRecord], *, enrolled: int, planned: int, on: date) -> Forecast | None:
    """Return the forecast, or None while too little happened, nothing is left to enrol or no site will enrol."""
    remaining, tried = planned - enrolled, [site for site in sites if site.days > 0]
    seen, days = sum(site.enrolled for site in tried), sum(site.days for site in tried)
    going_on = [site for site in tried if site.recruits]
    openings = _openings(sites, on)
    if remaining <= 0 or seen < FEWEST_ENROLLED or days < FEWEST_DAYS or not (going_on or openings):
        return None
    alpha, beta = prior_of(tried)
    together = _sum_of([((alpha + site.enrolled), (beta + site.days)) for site in going_on], seen)
    chance = random.Random(SEED)
    opening = [(ahead, _never_surer(count * alpha, beta, seen)) for ahead, count in openings]
    paths = [_path(chance, together, opening) for _n in range(PATHS)]
    last = sorted(_day_reached(path, chance.gammavariate(remaining, 1)) for path in paths)
    last_in = tuple(_after(on, last[int(share * PATHS)]) for share in CHANCES)
    return Forecast(
        last_in=last_in,
        band=_band(paths, chance, on, last[int(CHANCES[-1] * PATHS)], enrolled, planned),
        per_month=sum((alpha + site.enrolled) / (beta + site.days) for site in going_on) * MONTH,
        recruiting=len(going_on),
        opening=sum(count for _day, count in openings),
    )


def prior_of(sites: Sequence[SiteRecord]) -> tuple[float, float]:
    """Return the shape and the rate of the gamma distribution the sites' daily rates are spread by, from moments."""
    exposure = float(sum(site.days for site in sites))
    mean = sum(site.enrolled for site in sites) / exposure
    # What the sites differ by beyond chance: the usual moment estimate for counts over unequal times.
    scattered = sum(site.days * (site.enrolled / site.days - mean) ** 2 for site in sites)
    weight = exposure - sum(site.days**2 for site in sites) / exposure
    between = (scattered - (len(sites) - 1) * mean) / weight if weight > 0 else 0.0
    shape = mean**2 / between if between > 0 else MOST_ALIKE
    shape = min(max(shape, LEAST_ALIKE), MOST_ALIKE)
    return shape, shape / mean


def _openings(sites, on):
    """Return [(days from today, how many sites open)] of the sites that will."""
    found: dict[int, int] = {}
    for site in sites:
        if not site.recruits and site.opens_on and site.opens_on > on:
            ahead = (site.opens_on - on).days
            found[ahead] = found.get(ahead, 0) + 1
    return sorted(found.items())


def _sum_of(rates: Iterable[tuple[float, float]], seen: int) -> tuple[float, float] | None:
    """Return shape and rate of the sum of gamma rates by its first two moments; None of no rates."""
    rates = list(rates)
    if not rates:
        return None
    mean = sum(shape / rate for shape, rate in rates)
    spread = sum(shape / rate**2 for shape, rate in rates)
    return _never_surer(mean**2 / spread, mean / spread, seen)


def _never_surer(shape, rate, seen):
    """Return shape and rate of the same mean, widened to what `seen` subjects can say."""
    held = min(shape, float(seen))
    return held, held * rate / shape


def _path(chance, together, openings):
    """Return one possible future: [(from which day on, the daily rate of all sites)]."""
    rate = chance.gammavariate(together[0], 1 / together[1]) if together else 0.0
    steps = [(0, rate)]
    for ahead, (shape, per_day) in openings:
        rate += chance.gammavariate(shape, 1 / per_day)
        steps.append((ahead, rate))
    return steps


def _day_reached(path, wanted):
    """Return after how many days a path has enrolled `wanted` (in expectation); at most the longest looked at."""
    done = 0.0
    for (start, rate), end in zip(
        path, [*(start for start, _rate in path[1:]), LONGEST_DAYS + 1], strict=True
    ):
        if rate * (end - start) >= wanted - done:
            return min(start + (wanted - done) / rate, LONGEST_DAYS + 1) if rate else LONGEST_DAYS + 1
        done += rate * (end - start)
    return LONGEST_DAYS + 1


def _after(on, days):
    return on + timedelta(days=math.ceil(days)) if days <= LONGEST_DAYS else None


def _band(paths, chance, on, longest, enrolled, planned):
    """Return {day: counts at the three chances}, from today to where nine of ten paths are done."""
    end = max(min(longest, LONGEST_DAYS, 1095), MONTH)
    step = max(MONTH, end / BAND_POINTS)
    found = {on: (enrolled, enrolled, enrolled)}
    for number in range(1, math.ceil(end / step) + 1):
        ahead = round(min(number * step, end))
        counts = sorted(_count(chance, _expected(path, ahead)) for path in paths)
        low, middle, high = (min(enrolled + counts[int(share * PATHS)], planned) for share in CHANCES)
        found[on + timedelta(days=ahead)] = (low, middle, high)
    return found


def _expected(path, ahead):
    """Return how many a path is expected to enrol within so many days."""
    ends = [*(start for start, _rate in path[1:]), ahead]
    return sum(rate * max(min(end, ahead) - start, 0) for (start, rate), end in zip(path, ends, strict=True))


def _count(chance, expected):
    """Draw a Poisson count; a large one as the normal it then is."""
    if expected > 15:
        return max(round(chance.gauss(expected, math.sqrt(expected))), 0)
    limit, count, product = math.exp(-expected), 0, chance.random()
    while product > limit:
        count += 1
        product *= chance.random()
    return count
