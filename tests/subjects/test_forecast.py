"""When the last subject will be in: the forecast on plain values, honest where too little happened."""

import datetime
import random
import statistics

from hypothesis import given, settings
from hypothesis import strategies as st

from subjects.calculations.forecast import FEWEST_ENROLLED, SiteRecord, forecast, prior_of

ON = datetime.date(2026, 3, 17)


def ahead(day):
    return (day - ON).days


def of(*sites, enrolled=None, planned=100, on=ON):
    enrolled = sum(site.enrolled for site in sites) if enrolled is None else enrolled
    return forecast(list(sites), enrolled=enrolled, planned=planned, on=on)


def test_sites_that_enrol_evenly_go_on_as_they_did():
    found = of(*[SiteRecord(20, 200, True)] * 5, planned=200)
    assert abs(found.per_month - 15.2) < 0.1, "half a subject a day together"
    early, middle, late = (ahead(day) for day in found.last_in)
    assert early < middle < late
    assert 190 < middle < 212, "a hundred more at half a subject a day"


def test_the_same_facts_give_the_same_days():
    sites = [SiteRecord(n, 100 + n, True) for n in range(8)]
    assert of(*sites) == of(*sites)


def test_nothing_is_foretold_before_enough_happened():
    assert of(SiteRecord(FEWEST_ENROLLED - 1, 300, True)) is None
    assert of(SiteRecord(FEWEST_ENROLLED, 20, True)) is None, "ten in three weeks is a good start and no rate"
    assert of(SiteRecord(FEWEST_ENROLLED, 300, True)) is not None
    assert of(SiteRecord(100, 300, True), planned=100) is None, "nothing is left"
    assert of(SiteRecord(50, 300, False)) is None, "nobody goes on"
    assert of() is None


def test_a_short_record_is_drawn_towards_the_others():
    steady = [SiteRecord(20, 400, True)] * 6
    shape, rate = prior_of([*steady, SiteRecord(6, 30, True)])
    estimate = (shape + 6) / (rate + 30)
    assert 20 / 400 < estimate < 6 / 30


def test_sites_that_differ_are_spread_wider_than_sites_that_do_not():
    alike, _rate = prior_of([SiteRecord(10, 100)] * 10)
    unlike, _rate = prior_of([SiteRecord(n * 2, 100) for n in range(10)])
    assert unlike < alike


def test_few_subjects_make_a_wide_forecast():
    few = of(*[SiteRecord(3, 100, True)] * 4, enrolled=50, planned=100)
    many = of(*[SiteRecord(300, 10_000, True)] * 4, enrolled=50, planned=100)

    def width(found):
        return ahead(found.last_in[2]) - ahead(found.last_in[0])

    assert width(few) > width(many)


def test_a_site_that_opens_later_shortens_the_wait_from_its_day_on():
    going = [SiteRecord(20, 400, True)] * 3
    soon = SiteRecord(opens_on=ON + datetime.timedelta(days=30))
    alone, together = of(*going), of(*going, soon, soon, soon)
    assert together.last_in[1] < alone.last_in[1]
    assert (alone.opening, together.opening, together.recruiting) == (0, 3, 3)
    past = SiteRecord(opens_on=ON - datetime.timedelta(days=30))
    assert of(*going, past).last_in == alone.last_in, "a planned day that passed opens nothing"


def test_the_band_begins_at_what_is_enrolled_and_never_exceeds_the_plan():
    found = of(*[SiteRecord(15, 200, True)] * 4, planned=120)
    days = sorted(found.band)
    assert (days[0], found.band[days[0]]) == (ON, (60, 60, 60))
    for day in days:
        low, middle, high = found.band[day]
        assert 60 <= low <= middle <= high <= 120
    assert found.band[days[-1]][1] == 120


def test_beyond_ten_years_no_day_is_named():
    assert of(*[SiteRecord(5, 4000, True)] * 2, planned=5000).last_in == (None, None, None)


def test_four_of_five_courses_end_within_the_band():
    """Let studies run their course by chance; the day foretold halfway should hold as often as it says."""
    chance, inside = random.Random(7), 0
    for _study in range(60):
        rates = [chance.gammavariate(2, 0.02) for _site in range(12)]
        seen = [sum(chance.random() < rate for _day in range(300)) for rate in rates]
        found = of(*[SiteRecord(n, 300, True) for n in seen], planned=sum(seen) + 80)
        left, day = 80, 0
        while left > 0:
            day += 1
            left -= sum(chance.random() < rate for rate in rates)
        inside += ahead(found.last_in[0]) <= day <= ahead(found.last_in[2])
    assert 38 <= inside <= 58, f"{inside} of 60"


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.builds(
            SiteRecord,
            enrolled=st.integers(0, 500),
            days=st.integers(0, 4000),
            recruits=st.booleans(),
            opens_on=st.none() | st.dates(datetime.date(2020, 1, 1), datetime.date(2040, 1, 1)),
        ),
        max_size=12,
    ),
    st.integers(1, 5000),
)
def test_whatever_happened_the_chances_stand_in_their_order(sites, planned):
    found = of(*sites, planned=planned)
    if found is None:
        return
    known = [day for day in found.last_in if day]
    assert known == sorted(known)
    assert all(day > ON for day in known)
    assert statistics.median(len(row) for row in found.band.values()) == 3
