"""
The plans of the studies: what was agreed, what is intended, and what was reached when.

What the records of the study themselves tell is taken from them, so that a milestone and its fact are one day; the
rest is the work of desks and happens on working days of the house.
"""

import math

from django.conf import settings

from ctms.workflow.engine import first_reached, perform
from studies.models import Milestone, ProtocolVersion, StudyCountry, StudySite
from subjects.models import Subject

from .plans import Fact
from .stage import working_day
from .studies import PLANS


def play(stage):
    """Write the plan of each study, and what was reached of it."""
    for plan in PLANS:
        study = stage.places[plan.key]
        for one in plan.milestones:
            country, site = _place(stage, study, one.of)
            milestone = Milestone.objects.create(
                study=study,
                country=country,
                site=site,
                kind=one.kind,
                name=one.name,
                baseline_on=desk_day(stage, one.baseline),
                planned_on=desk_day(stage, one.planned),
                published=one.kind != "OTHER",
            )
            if one.reached is None:
                continue
            day = (
                fact(one.reached, study, country)
                if isinstance(one.reached, Fact)
                else desk_day(stage, one.reached)
            )
            perform(milestone, "complete", actor=stage.system, happened_on=day)


def desk_day(stage, offset):
    """Return the working day of the house nearest to today + offset: before it in the past, after it ahead."""
    return working_day(stage.ago(-offset), settings.HOUSE_COUNTRY, ahead=offset > 0)


def fact(which, study, country=None):
    """Return the day on which the records of a study, or of one of its countries, say that it came to pass."""
    below = {"study": study} if country is None else {"study": study, "country": country}
    if which is Fact.FINAL_PROTOCOL:
        return ProtocolVersion.objects.filter(study=study).earliest("dated_on").dated_on
    if which is Fact.FIRST_DECISION:
        countries = StudyCountry.objects.filter(study=study)
        decided = first_reached([one for one in countries if country in (None, one)], "OPEN")
        return min(decided.values())
    if which is Fact.FIRST_ACTIVATION:
        return min(first_reached(list(StudySite.objects.filter(**below)), "ACTIVE").values())
    entered = Subject.objects.filter(**below, enrolled_on__isnull=False)
    days = list(entered.order_by("enrolled_on").values_list("enrolled_on", flat=True))
    if which is Fact.HALF_ENROLLED:
        return days[math.ceil(study.planned_enrolled / 2) - 1]
    return days[0 if which is Fact.FIRST_ENROLMENT else -1]


def _place(stage, study, of):
    """Return (country, site) a milestone is of; (None, None) where it is of the whole study."""
    if of in stage.places:
        site = stage.places[of]
        return site.country, site
    return (stage.places[f"{study.protocol_number}/{of}"], None) if of else (None, None)
