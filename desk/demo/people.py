"""The subjects of the demo: some sixty of VEL-301 and a dozen of COR-207, with consents, failures and visits."""

import datetime
import random
from dataclasses import dataclass

from django.utils import timezone

from ctms.calendar.working_days import is_working_day
from ctms.workflow.engine import perform
from studies.models import PlannedVisit, ProtocolVersion
from subjects import services
from subjects.formats.said import Said, SubjectSaid, VisitSaid
from subjects.models import Subject
from subjects.services.importing import bring_people

SEED = 301
# Two of seven fail screening, 29 %, evenly enough that every site has some.
FAILING = (3, 5)
FILE = "VEL-301 subjects of the time before this system"
# Site -> how many consented, and how long ago the first one did.
SITES = {
    "2001": (17, 300),
    "2002": (12, 270),
    "2003": (10, 240),
    "1001": (12, 280),
    "1002": (4, 200),
    "4001": (8, 180),
}
FAILURES = ("INCLUSION_NOT_MET", "INCLUSION_NOT_MET", "EXCLUSION_MET", "EXCLUSION_MET", "CONSENT_WITHDRAWN")
ARMS = ("Velatorib 200 mg", "Placebo")


@dataclass
class Luck:
    """What chance decides, the same in every demo of one day."""

    dice: random.Random
    on: datetime.date

    def working_day(self, day, country):
        while not is_working_day(day, country):
            day += datetime.timedelta(days=1)
        return min(day, self.on)


def play(stage):
    """Bring the subjects to the studies that have places for them; needs the studies, their plan and their sites."""
    luck = Luck(random.Random(SEED), stage.on)
    taken_over(stage, luck)
    of_cor(stage, luck)
    of_this_week(stage)


def taken_over(stage, luck):
    """What happened before this system, as a feed would bring it."""
    study = stage.places["vel"]
    plan = list(PlannedVisit.objects.filter(study=study, retired=False).order_by("sequence"))
    said = Said(names_allocation=False)
    for number, (count, since) in SITES.items():
        for place in range(count):
            consented = stage.on - datetime.timedelta(
                days=int(since * (1 - place / count)) + luck.dice.randint(-3, 3)
            )
            one_subject(said, luck, stage.places[number], place + 1, consented, plan)
    _bring(stage, study, said)


def one_subject(said, luck, site, place, consented, plan):
    country = site.country.nation_id
    subject = SubjectSaid(
        "", place, number=f"{site.number}-{place:03}", site=site.number, sex=luck.dice.choice("FM"),
        age=luck.dice.randint(21, 74), form_version=f"{country} 2.0", protocol_version="2.0", source=FILE,
    )  # fmt: skip
    subject.days["consented_on"] = luck.working_day(
        min(consented, luck.on - datetime.timedelta(days=4)), country
    )
    said.subjects.append(subject)
    entered = luck.working_day(
        subject.days["consented_on"] + datetime.timedelta(days=luck.dice.randint(12, 25)), country
    )
    screened = subject.days["consented_on"]
    _visit(said, subject, "Screening", screened)
    if place % 7 in FAILING:
        failed = luck.working_day(screened + datetime.timedelta(days=luck.dice.randint(4, 15)), country)
        subject.days["screen_failed_on"], subject.screen_failure_reason = failed, luck.dice.choice(FAILURES)
    elif entered < luck.on:
        subject.days["randomised_on"] = subject.days["first_dose_on"] = entered
        subject.arm = ARMS[luck.dice.randint(0, 1)]
        _treatment(said, luck, subject, plan, entered, country)


def _treatment(said, luck, subject, plan, entered, country):
    """Visits as they come: most in their window, some late, a few missed, the last days not yet answered."""
    for planned in plan:
        if planned.offset_days is None or planned.offset_days < 0:
            continue
        aimed, after = entered + datetime.timedelta(days=planned.offset_days), planned.window_after_days or 0
        spread = luck.dice.randint(-(planned.window_before_days or 0), after)
        chance = luck.dice.random()
        if planned.offset_days == 0:
            spread = 0
        elif chance < 0.08:
            spread = after + luck.dice.randint(1, 5)
        day = luck.working_day(aimed + datetime.timedelta(days=spread), country)
        if day >= luck.on - datetime.timedelta(days=luck.dice.randint(1, 6)):
            return
        if 0.08 <= chance < 0.11:
            said.visits.append(VisitSaid(subject.number, len(said.visits) + 1, name=str(planned), missed=True,
                                         key=str(planned), source=FILE))  # fmt: skip
        else:
            _visit(said, subject, str(planned), day)
        if planned.name == "Week 24":
            subject.days["treatment_ended_on"] = day
        if planned.name.startswith("Follow-up"):
            subject.days["ended_on"], subject.end = day, "COMPLETED"


def _visit(said, subject, name, day):
    said.visits.append(
        VisitSaid(subject.number, len(said.visits) + 1, name=name, occurred_on=day, key=name, source=FILE)
    )


def of_cor(stage, luck):
    """Recruitment is closed: those who entered are in follow-up or done."""
    said = Said()
    for number, count in (("5001", 7), ("5101", 5)):
        site = stage.places[number]
        for place in range(1, count + 1):
            first = stage.on - datetime.timedelta(days=420 - 12 * place)
            country = site.country.nation_id
            subject = SubjectSaid("", place, number=f"{number}-{place:03}", site=number, source=FILE,
                                  sex=luck.dice.choice("FM"), age=luck.dice.randint(48, 79))  # fmt: skip
            days = (
                ("consented_on", 0),
                ("randomised_on", 14),
                ("first_dose_on", 14),
                ("treatment_ended_on", 200),
            )
            for name, offset in days:
                subject.days[name] = luck.working_day(first + datetime.timedelta(days=offset), country)
            if place % 4:
                subject.days["ended_on"] = luck.working_day(first + datetime.timedelta(days=260), country)
                subject.end = "DIED" if place == 5 else "COMPLETED"
                subject.end_reason = "DEATH" if place == 5 else ""
            said.subjects.append(subject)
    _bring(stage, stage.places["cor"], said)


def _bring(stage, study, said):
    report = bring_people(actor=stage.system, study=study, said=said, reason=FILE, now=timezone.now())
    if report.errors:
        raise ValueError(f"The demo's own subjects are refused: {report.errors[:3]}")


def of_this_week(stage):
    """What people wrote down themselves: a consent, a withdrawal, a form to be signed again."""
    cra, study = stage.people["cra"], stage.places["vel"]
    services.add_subject(
        actor=cra,
        site=stage.places["2001"],
        number="2001-018",
        sex="F",
        age_at_consent=44,
        consented_on=stage.day(-2),
        form_version="ES 2.0",
        protocol_version=study_version(study),
    )
    on_treatment = list(
        Subject.objects.filter(
            study=study, status="ON_TREATMENT", site__number__in=("2001", "2002")
        ).order_by("number")
    )
    perform(
        on_treatment[0],
        "withdraw",
        actor=cra,
        happened_on=stage.day(-1),
        choice="WITHDRAWAL_BY_SUBJECT",
        reason="Moves to another city",
    )
    for subject in on_treatment[1:3]:
        services.record_consent(actor=cra, subject=subject, form_version="ES 2.1")


def study_version(study):
    """Return the effective protocol version of a study."""
    return ProtocolVersion.objects.filter(study=study, status="EFFECTIVE").first()
