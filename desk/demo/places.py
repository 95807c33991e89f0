"""The studies with their countries, sites and protocols, as their plain tables say."""

import datetime

from django.conf import settings

from ctms.calendar.working_days import subtract_working_days
from ctms.workflow.engine import adopt
from directory.models import Country, Organization, Person
from sites.models import SiteRole, SiteStaff
from studies.models import (
    Activity,
    Amendment,
    Arm,
    Epoch,
    PlannedVisit,
    PlannedVisitActivity,
    ProtocolVersion,
    Study,
    StudyCountry,
    StudyIdentifier,
    StudySite,
)

from .stage import FROM_TRACKER, working_day
from .studies import PLANS

SPONSORS = {"halden": "Halden Therapeutics", "corvia": "Corvia Biosciences"}
SELECTED = (
    "SELECTED",
    "START_UP",
    "INITIATED",
    "ACTIVE",
    "ENROLMENT_HOLD",
    "ENROLMENT_CLOSED",
    "CLOSED",
    "DROPPED",
)
HAS_NO_VISITS = ("DROPPED", "NOT_SELECTED")


def play(stage):
    """Make the sponsors, and each study with everything that lies below it."""
    for key, name in SPONSORS.items():
        stage.places[key] = Organization.objects.create(name=name, kind="SPONSOR", country_id="GB")
    for plan in PLANS:
        study = _study(stage, plan)
        _protocol(stage, plan, study)
        nations = {one.code: _country(stage, one, study) for one in plan.countries}
        for site in plan.sites:
            _site(stage, plan, site, nations[site.country])


def initiated_on(stage, site):
    """Return the working day of a site's initiation visit: some days before its release, never before selection."""
    if site.activated is None:
        days = dict(site.passed).get("INITIATED")
        return None if days is None else working_day(stage.ago(days), site.country, ahead=False)
    return subtract_working_days(stage.ago(site.activated), 4 + int(site.number) % 5, site.country)


def _study(stage, plan):
    study = Study.objects.create(
        sponsor=stage.places[plan.sponsor], protocol_number=plan.number, **plan.header
    )
    StudyIdentifier.objects.create(study=study, kind="NCT", value=plan.nct)
    passed = [(state, stage.ago(days)) for state, days in plan.passed]
    adopt(
        study,
        plan.status,
        actor=stage.system,
        reason=FROM_TRACKER,
        happened_on=stage.ago(plan.since),
        passed=passed,
    )
    stage.places[plan.key] = study
    return study


def _country(stage, plan, study):
    country = StudyCountry.objects.create(
        study=study,
        nation=Country.objects.get(pk=plan.code),
        planned_sites=plan.planned_sites,
        planned_enrolled=plan.planned_enrolled,
    )
    steps = [("START_UP", working_day(stage.ago(plan.started), plan.code, ahead=False))]
    if plan.approved is not None:
        steps.append(("OPEN", working_day(stage.ago(plan.approved), plan.code, ahead=False)))
    if plan.status == "RECRUITMENT_CLOSED":
        steps.append(("RECRUITMENT_CLOSED", stage.ago(213)))
    (state, day), passed = steps[-1], steps[:-1]
    adopt(country, state, actor=stage.system, reason=FROM_TRACKER, happened_on=day, passed=passed)
    stage.places[f"{study.protocol_number}/{plan.code}"] = country
    return country


def _site(stage, plan, site, country):
    city, _comma, state = site.city.partition(", ")
    organization = Organization.objects.create(
        name=site.hospital, kind="HOSPITAL", city=city, state=state, country_id=site.country
    )
    record = StudySite.objects.create(
        country=country, organization=organization, number=site.number, planned_enrolled=site.target
    )
    record.study = country.study
    steps = _steps(stage, site)
    adopt(
        record,
        site.status,
        actor=stage.system,
        reason=site.why or FROM_TRACKER,
        happened_on=steps[-1][1],
        passed=steps[:-1],
    )
    given, family = site.investigator.split(" ", 1)
    person = Person.objects.create(
        title="Dr", given_name=given, family_name=family, organization=organization
    )
    begins = stage.ago((site.selected or plan.started) + 9)
    SiteStaff.objects.create(
        site=record,
        person=person,
        role=SiteRole.PRINCIPAL_INVESTIGATOR,
        starts_on=begins,
        cv_dated_on=begins - datetime.timedelta(days=30),
        gcp_trained_on=begins - datetime.timedelta(days=60),
        gcp_expires_on=begins + datetime.timedelta(days=3 * 365 - 60),
    )
    stage.places[site.number] = record


def _steps(stage, site):
    """Return [(state, working day)] a site went through, up to where it stands."""
    steps = []
    if site.selected is not None:
        steps.append(("SELECTED", site.selected))
        if site.status == "START_UP" or "INITIATED" in dict(site.passed):
            steps.append(("START_UP", site.selected - 4))
        if site.activated is not None:
            steps.append(("INITIATED", (stage.on - initiated_on(stage, site)).days))
    else:
        steps.append(("UNDER_QUALIFICATION", 262 if site.status == "NOT_SELECTED" else 34))
    steps += site.passed
    if site.activated is not None and "ACTIVE" not in dict(steps):
        steps.append(("ACTIVE", site.activated))
    return [(state, working_day(stage.ago(days), site.country, ahead=False)) for state, days in steps]


def _protocol(stage, plan, study):
    for label, days, status in plan.versions:
        dated_on = working_day(stage.ago(days), settings.HOUSE_COUNTRY, ahead=False)
        version = ProtocolVersion.objects.create(study=study, label=label, dated_on=dated_on)
        adopt(version, status, actor=stage.system, reason=FROM_TRACKER, happened_on=dated_on)
    for number, name, days, summary in plan.amendments:
        Amendment.objects.create(
            study=study,
            number=number,
            name=name,
            summary=summary,
            substantial=True,
            dated_on=working_day(stage.ago(days), settings.HOUSE_COUNTRY, ahead=False),
        )
    Arm.objects.bulk_create(
        Arm(study=study, sequence=place, name=name, kind=kind)
        for place, (name, kind) in enumerate(plan.arms, 1)
    )
    epochs = [Epoch(study=study, sequence=place, name=name) for place, name in enumerate(plan.epochs, 1)]
    names = list(dict.fromkeys(name for visit in plan.visits for name in visit.activities))
    activities = [Activity(study=study, sequence=place, name=name) for place, name in enumerate(names, 1)]
    Epoch.objects.bulk_create(epochs)
    Activity.objects.bulk_create(activities)
    _schedule(plan, study, {one.name: one for one in epochs}, {one.name: one for one in activities})


def _schedule(plan, study, epochs, activities):
    visits = [
        PlannedVisit(
            study=study,
            sequence=place,
            name=one.name,
            epoch=epochs[one.epoch],
            offset_days=one.offset,
            window_before_days=one.before,
            window_after_days=one.after,
        )
        for place, one in enumerate(plan.visits, 1)
    ]
    PlannedVisit.objects.bulk_create(visits)
    PlannedVisitActivity.objects.bulk_create(
        PlannedVisitActivity(study=study, planned_visit=visit, activity=activities[name])
        for visit, one in zip(visits, plan.visits, strict=True)
        for name in one.activities
    )
