"""The subjects of the demo: as a feed would bring what is past, and what people wrote down this week themselves."""

import datetime

from django.utils import timezone

from ctms.calendar.working_days import is_working_day
from ctms.workflow.engine import perform, perform_all
from studies.models import ProtocolVersion
from subjects import services
from subjects.formats.said import Said, SubjectSaid, VisitSaid
from subjects.models import Subject, SubjectVisit
from subjects.services.importing import bring_people

from .courses import UNSCHEDULED, days_within, entries_of, visit_day
from .stage import working_day
from .studies import PLANS, VEL

FILE = "Subjects of the time before this system"
FAILURES = (
    *("INCLUSION_NOT_MET",) * 4,
    *("EXCLUSION_MET",) * 4,
    *("CONSENT_WITHDRAWN", "CONSENT_WITHDRAWN", "INVESTIGATOR_DECISION", "WINDOW_EXPIRED", "LOST_CONTACT"),
)
BETWEEN_VISITS = ("Rash assessed", "Blood sample repeated", "Laboratory value followed up", "Dose adjusted",
                  "Adverse event seen")  # fmt: skip
TO_SIGN_AGAIN = 11


def play(stage):
    """Bring the subjects of each study, then what is new this week."""
    for plan in PLANS:
        _bring(stage, plan)
    _end_early(stage)
    _this_week(stage)
    _sign_again(stage)


def _bring(stage, plan):
    dice, said = stage.dice(f"subjects {plan.key}"), Said(names_allocation=False)
    arrivals = [*_entered(stage, plan, dice), *_failed(stage, plan, dice), *_in_screening(stage, plan, dice)]
    arrivals.sort(key=lambda one: (one[0], one[1].site))
    numbers = {}
    for row, (_consented, subject, visits) in enumerate(arrivals, 1):
        place = numbers[subject.site] = numbers.get(subject.site, 0) + 1
        subject.number, subject.row = f"{subject.site}-{place:03}", row
        said.subjects.append(subject)
        for visit in visits:
            visit.subject, visit.row = subject.number, len(said.visits) + 1
            said.visits.append(visit)
    study = stage.places[plan.key]
    report = bring_people(actor=stage.system, study=study, said=said, reason=FILE, now=timezone.now())
    if report.errors:
        raise ValueError(f"The demo's own subjects are refused: {report.errors[:3]}")


def _entered(stage, plan, dice):
    for entry in entries_of(plan, dice):
        entered = working_day(stage.ago(entry.age), entry.site.country, ahead=False)
        # The first subject of a site is screened soon after its release.
        lead = dice.randint(4, 11) if entry.first_of_site else dice.randint(9, 23)
        consented = _consent_day(stage, entry.site, entered - datetime.timedelta(days=lead))
        subject = _subject(stage, plan, entry.site, consented, dice)
        subject.days["randomised_on"] = subject.days["first_dose_on"] = entered
        subject.arm = plan.arms[dice.randrange(len(plan.arms))][0]
        yield consented, subject, _visits(stage, plan, entry, subject, dice)


def _failed(stage, plan, dice):
    for site in plan.sites:
        oldest = site.activated - site.first_after + 12 if site.activated else 0
        newest = max(site.newest + 14, 22)
        for place in range(site.failed):
            age = oldest - 5 - (oldest - newest - 5) * (place + dice.random()) / site.failed
            consented = _consent_day(stage, site, stage.ago(int(age)))
            subject = _subject(stage, plan, site, consented, dice)
            days = days_within(
                consented + datetime.timedelta(days=4), consented + datetime.timedelta(days=16), site.country
            )
            subject.days["screen_failed_on"] = days[dice.randrange(len(days))]
            subject.screen_failure_reason = FAILURES[dice.randrange(len(FAILURES))]
            yield consented, subject, [_visit(plan.visits[0].name, consented)]


def _in_screening(stage, plan, dice):
    for site in plan.sites:
        for place in range(site.screening):
            consented = _consent_day(stage, site, stage.ago(4 + 6 * place + dice.randint(0, 4)))
            subject = _subject(stage, plan, site, consented, dice)
            yield consented, subject, [_visit(plan.visits[0].name, consented)]


def _consent_day(stage, site, day):
    """Return a working day for a consent, never before the site's release."""
    day = working_day(day, site.country, ahead=False)
    released = working_day(stage.ago(site.activated), site.country, ahead=False)
    return (
        day
        if day > released
        else working_day(released + datetime.timedelta(days=1), site.country, ahead=True)
    )


def _subject(stage, plan, site, consented, dice):
    label = _version_on(stage, plan, site, consented)
    subject = SubjectSaid(
        "", 0, site=site.number, sex=dice.choice("FM"), age=dice.randint(*plan.course.ages),
        form_version=f"{site.country} {label}", protocol_version=label, source=FILE,
    )  # fmt: skip
    subject.days["consented_on"] = consented
    return subject


def _version_on(stage, plan, site, day):
    """Return the protocol version in use at a site on a day: the newest from its country's approval on."""
    (former, *_), (newest, dated, _status) = plan.versions
    amended = plan.country(site.country).amended if plan.taken_over is None else dated
    return newest if amended is not None and day >= stage.ago(amended) else former


def _visits(stage, plan, entry, subject, dice):
    """Return the visits of somebody who entered, up to today or to the end; the last days are not yet answered."""
    course, entered = plan.course, subject.days["first_dose_on"]
    country, names = entry.site.country, [one.name for one in plan.visits]
    found = [_visit(names[0], subject.days["consented_on"])]
    left_after = _leaves_after(plan, entry, dice)
    known_until = stage.ago(dice.randint(1, 6)) if entry.stands in ("TREATED", "OFF") else stage.on
    for planned in plan.visits[1:]:
        if entry.stands == "TREATED" and planned.name == course.last_treatment:
            break
        if entry.stands == "OFF" and planned.name == course.follow_up:
            break
        day, answered = visit_day(planned, entered, country, dice, known_until)
        if planned.name in (course.last_treatment, course.follow_up) and entry.stands in ("OFF", "COMPLETED"):
            day, answered = _in_time(stage, planned, entered, country), True
        if not answered:
            break
        found.append(_visit(planned.name, day))
        if day and dice.random() < UNSCHEDULED:
            found += _between(stage, day, country, dice)
        _note_end(stage, plan, entry, subject, planned, day, left_after)
        if planned.name == left_after:
            break
    return _in_order(found)


def _leaves_after(plan, entry, dice):
    """Return the visit after which somebody left before the end; "" for those who did not."""
    treatment = [one.name for one in plan.visits if one.offset > 0 and one.name != plan.course.follow_up]
    if entry.stands in ("WITHDRAWN", "LOST_TO_FOLLOW_UP", "DIED"):
        return treatment[dice.randrange(2, len(treatment) - 1)]
    if entry.reason == "PROGRESSIVE_DISEASE":
        return "Imaging week 12" if entry.age > 120 else "Imaging week 6"
    return ""


def _note_end(stage, plan, entry, subject, planned, day, left_after):
    last = planned.name == left_after
    known = day or max(one for one in subject.days.values() if one)
    if planned.name == plan.course.last_treatment and entry.stands in ("OFF", "COMPLETED"):
        subject.days["treatment_ended_on"] = known
    if planned.name == plan.course.follow_up and entry.stands == "COMPLETED":
        subject.days["ended_on"], subject.end = known, "COMPLETED"
    if not last:
        return
    if entry.stands == "OFF":
        subject.days["treatment_ended_on"], subject.treatment_end_reason = known, entry.reason
        return
    later = working_day(known + datetime.timedelta(days=9), entry.site.country, ahead=True)
    end = min(later, stage.ago(1))
    subject.days["treatment_ended_on"], subject.treatment_end_reason = known, entry.reason
    subject.days["ended_on"], subject.end, subject.end_reason = end, entry.stands, entry.reason


def _in_time(stage, planned, entered, country):
    """Return a working day in the window of the visit that ends a part of the study, and before today."""
    aimed = entered + datetime.timedelta(days=planned.offset)
    latest = min(aimed + datetime.timedelta(days=planned.after), stage.ago(1))
    return working_day(min(aimed + datetime.timedelta(days=2), latest), country, ahead=False)


def _between(stage, day, country, dice):
    later = working_day(day + datetime.timedelta(days=dice.randint(3, 6)), country, ahead=True)
    if later >= stage.ago(1):
        return []
    name = BETWEEN_VISITS[dice.randrange(len(BETWEEN_VISITS))]
    return [
        VisitSaid("", 0, name=name, occurred_on=later, unscheduled=True, key=f"{name} {later}", source=FILE)
    ]


def _in_order(visits):
    """Return the visits with days that never run backwards: who came late to one comes to the next after it."""
    last = None
    for visit in visits:
        if visit.unscheduled or visit.occurred_on is None:
            continue
        if last is not None and visit.occurred_on < last:
            visit.occurred_on = last
        last = visit.occurred_on
    return visits


def _visit(name, day):
    return VisitSaid("", 0, name=name, occurred_on=day, missed=day is None, key=name, source=FILE)


def _this_week(stage):
    """Let a CRA write down a withdrawal she heard of yesterday: the rest of it came with the feed."""
    rows = Subject.objects.filter(
        study=stage.places["vel"], status="ON_TREATMENT", site__number="2001", first_dose_on__lt=stage.ago(30)
    )
    perform(
        rows.order_by("number").first(),
        "withdraw",
        actor=stage.people["cra"],
        happened_on=_day_before(stage, "ES"),
        choice="WITHDRAWAL_BY_SUBJECT",
        reason="Moves to another city",
    )


def _end_early(stage):
    """Who stopped treatment early comes to no treatment visit any more: their monitors set those aside."""
    rows = SubjectVisit.objects.filter(
        subject__status="OFF_TREATMENT",
        subject__treatment_end_reason="PROGRESSIVE_DISEASE",
        status="PLANNED",
        planned_visit__epoch__name="Treatment",
    )
    visits = list(rows.select_related("site").order_by("pk"))
    for number in sorted({visit.site.number for visit in visits}):
        monitor = next(site.monitor for plan in PLANS for site in plan.sites if site.number == number)
        perform_all(
            [visit for visit in visits if visit.site.number == number],
            "set_aside",
            actor=stage.people[monitor],
            reason="Treatment ended after progression",
        )


def _day_before(stage, country):
    day = stage.ago(1)
    while not is_working_day(day, country):
        day -= datetime.timedelta(days=1)
    return day


def _sign_again(stage):
    """Where the new protocol is approved, those still on treatment sign its form; eleven have not yet."""
    version = ProtocolVersion.objects.get(study=stage.places["vel"], label="2.0")
    approved = [country.code for country in VEL.countries if country.amended is not None]
    rows = Subject.objects.filter(
        study=stage.places["vel"],
        status="ON_TREATMENT",
        site__country__nation__in=approved,
        consents__protocol_version__label="1.0",
    ).select_related("site__country", "study")
    subjects = list(rows.order_by("consented_on", "number").distinct())
    for place, subject in enumerate(subjects):
        code = subject.site.country.nation_id
        signed = None
        if place < len(subjects) - TO_SIGN_AGAIN:
            amended = VEL.country(code).amended
            signed = working_day(stage.ago(amended - 8 - 5 * (place % 6)), code, ahead=True)
        services.record_consent(
            actor=stage.people[VEL.site(subject.site.number).monitor],
            subject=subject,
            form_version=f"{code} 2.0",
            protocol_version=version,
            signed_on=signed,
        )
