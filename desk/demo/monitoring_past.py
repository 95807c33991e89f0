"""The visits of the past with their reports, letters and findings, as they are taken over, each on its days."""

from ctms.calendar.working_days import add_working_days, subtract_working_days
from monitoring import services
from subjects.models import Subject

from . import findings, writing
from .agenda import AHEAD, RECENT
from .calendar import (
    PastVisit,
    bounded,
    first_routine_day,
    routine_days,
    spell,
    who_went,
)
from .decks import APPROVED, CONFIRMED, DAYS_ON_SITE, FOLLOWED_UP, SUBMITTED, Deck
from .places import initiated_on
from .stage import FROM_LETTERS, FROM_VISIT_LOG, working_day
from .studies import COR, PLANS, VEL

TAKEN_OVER_VISITS = 52
BEFORE_SELECTION = 17
CONFIRMATIONS_SINCE = 120
ACCOMPANIED = {"2001": 118, "6001": 96}  # site -> days ago the lead came along
UNBLINDED_VISITS = (("2001", 242), ("1001", 209), ("2001", 151), ("6001", 128), ("4001", 96), ("2001", 52))
REMOTE_EVERY = 5


def play(stage):
    """Take over every visit up to the last weeks; those the people of the demo still work on follow after."""
    dice = stage.dice("monitoring")
    visits = [*_opening(stage), *_routine(stage, dice), *_others(stage), *_of_the_former_house(stage, dice)]
    visits.sort(key=lambda visit: (visit.last_day, visit.site.number, visit.visit_type))
    book = findings.Findings(stage, visits)
    decks = {
        name: Deck(cards, stage.dice(name))
        for name, cards in (
            ("submitted", SUBMITTED),
            ("approved", APPROVED),
            ("followed up", FOLLOWED_UP),
            ("confirmed", CONFIRMED),
        )
    }
    for visit in visits:
        _take_over(stage, visit, book, decks, dice)
    book.finish()


# --- which visits there were -----------------------------------------------------------------------------


def _opening(stage):
    """Qualification before selection, initiation before the release; three sites were known and not visited first."""
    for plan in PLANS:
        for site in plan.sites if plan.taken_over is None else ():
            began = site.selected or (250 if site.status == "NOT_SELECTED" else None)
            if began is not None and site.qualified:
                day = working_day(stage.ago(began + BEFORE_SELECTION), site.country, ahead=False)
                yield PastVisit(site, "SQV", day, day, (who_went(stage, site, day),))
            if (day := initiated_on(stage, site)) is not None:
                yield PastVisit(site, "SIV", day, day, (who_went(stage, site, day),))


def _routine(stage, dice):
    length = Deck(DAYS_ON_SITE, stage.dice("length"))
    for plan in PLANS:
        count = 0
        for site in plan.sites:
            for day in _days_of(stage, plan, site, dice):
                count += 1
                remote = plan is VEL and count % REMOTE_EVERY == 0
                first, last = spell(day, 1 if remote else length.deal(), site.country)
                if last > stage.ago(9):
                    first, last = day, day
                method = "REMOTE" if remote else "ON_SITE"
                yield PastVisit(site, "IMV", first, last, (who_went(stage, site, day),), method)
        yield from _close_outs(stage, plan)


def _days_of(stage, plan, site, dice):
    first = _first_subject(stage, site)
    if first is None:
        return []
    begins = first_routine_day(first, site.country, dice)
    if plan.taken_over:
        begins = max(begins, working_day(stage.ago(plan.taken_over - 24), site.country, ahead=True))
    until = stage.ago(_last_before(plan, site))
    return routine_days(stage, site, begins, until, plan.interval, dice)


def _last_before(plan, site):
    """Return about how many days ago the last routine visit was before those on the agenda."""
    if site.closed is not None:
        return site.closed + 60
    recent = [one.days_ago for one in RECENT if one.site == site.number and not one.unblinded]
    if recent:
        return max(recent) + plan.interval
    ahead = [one.in_days for one in AHEAD if one.site == site.number]
    return max(plan.interval - ahead[0], 13) if ahead else plan.interval + 4


def _first_subject(stage, site):
    rows = Subject.objects.filter(site=stage.places[site.number], enrolled_on__isnull=False)
    return rows.order_by("enrolled_on").values_list("enrolled_on", flat=True).first()


def _close_outs(stage, plan):
    for site in plan.sites:
        if site.closed is not None:
            day = working_day(stage.ago(site.closed + 12), site.country, ahead=False)
            yield PastVisit(site, "COV", day, day, (who_went(stage, site, day),))


def _others(stage):
    """The lead came along twice; the unblinded monitor saw pharmacies nobody else knows of."""
    for number, days in ACCOMPANIED.items():
        site = VEL.site(number)
        day = working_day(stage.ago(days), site.country, ahead=False)
        yield PastVisit(site, "CMV", day, day, (site.monitor, "lead"), purpose="Accompanied visit")
    for number, days in UNBLINDED_VISITS:
        site = VEL.site(number)
        day = working_day(stage.ago(days), site.country, ahead=False)
        yield PastVisit(site, "IMV", day, day, ("ucra",), unblinded=True, purpose="Product and allocation")


def _of_the_former_house(stage, dice):
    """COR-207 before it was taken over: that there were visits is known, their reports lie elsewhere."""
    routine = []
    former = COR.taken_over or 0
    for site in COR.sites:
        released = site.activated or former
        day = working_day(stage.ago(released + 8), site.country, ahead=False)
        yield PastVisit(site, "SIV", day, day, (), reported=False)
        begins = working_day(stage.ago(released - 62), site.country, ahead=True)
        until = stage.ago(former + 9)
        routine += [(one, site) for one in routine_days(stage, site, begins, until, 60, dice)]
    for day, site in sorted(routine, key=lambda one: (one[0], one[1].number))[-TAKEN_OVER_VISITS:]:
        yield PastVisit(site, "IMV", day, day, (), reported=False)


# --- taking one over -------------------------------------------------------------------------------------


def _take_over(stage, past, book, decks, dice):
    book.close_until(past.site, past.first_day)
    visit = services.take_over_visit(
        actor=stage.system,
        site=stage.places[past.site.number],
        visit_type=past.visit_type,
        method=past.method,
        first_day=past.first_day,
        last_day=past.last_day,
        monitors=[stage.people[login] for login in past.monitors],
        purpose=past.purpose,
        unblinded=past.unblinded,
        reason=FROM_VISIT_LOG,
    )
    if not past.reported:
        return
    answers = writing.answers_of(past.visit_type, past.unblinded, dice)
    subjects = writing.consented_by(visit.site, past.first_day)
    summary, reviewed = writing.summary_of(past.visit_type, past.unblinded, dice, subjects)
    report = services.take_over_report(
        actor=stage.system,
        visit=visit,
        answers=answers,
        summary=summary,
        reason=FROM_VISIT_LOG,
        people_met="\n".join(services.who_may_be_met(visit)[:2]),
        subjects_reviewed="\n".join(reviewed),
    )
    book.raise_in(past, report)
    submitted_on, approved_on = _turnaround(stage, past, decks)
    services.take_over_approval(
        actor=stage.system,
        report=report,
        submitted_on=submitted_on,
        approved_on=approved_on,
        reason=FROM_VISIT_LOG,
    )
    _letters(stage, past, visit, decks, dice)


def _turnaround(stage, past, decks):
    """Return the days a report was submitted and approved; never on one day, and never ahead of today."""
    country = past.site.country
    submitted = decks["submitted"].deal()
    approved = max(decks["approved"].deal(), submitted + 2)
    approved_on = bounded(stage, past.last_day, approved, country, latest=1 + int(past.site.number) % 4)
    submitted_on = min(
        add_working_days(past.last_day, submitted, country), subtract_working_days(approved_on, 2, country)
    )
    return max(submitted_on, past.last_day), approved_on


def _letters(stage, past, visit, decks, dice):
    country, writer = past.site.country, stage.people[past.monitors[0]]
    common = {"actor": stage.system, "visit": visit, "written_by": writer, "reason": FROM_LETTERS}
    if (stage.on - past.first_day).days < CONFIRMATIONS_SINCE:
        sent = subtract_working_days(past.first_day, decks["confirmed"].deal(), country)
        services.take_over_letter(kind="CONFIRMATION", dated_on=sent, sent_on=sent, **common)
    sent = bounded(stage, past.last_day, decks["followed up"].deal(), country)
    answered = bounded(stage, sent, dice.randint(2, 14), country) if dice.random() < 0.7 else None
    services.take_over_letter(
        kind="FOLLOW_UP",
        dated_on=sent,
        sent_on=sent,
        acknowledged_on=answered,
        **common,
    )
