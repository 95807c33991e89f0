"""The Madrid site on its way to a green light, and what is written down about it."""

import datetime

import pytest

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.signatures.proving import prove
from ctms.workflow.engine import perform
from directory.models import Person
from monitoring import services as monitoring
from monitoring.models import MonitoringReport
from sites import services
from sites.models import SiteRole, SiteStaff
from studies.models import ProtocolVersion
from tests.cast import LONG_AGO, PASSWORD

TODAY = datetime.date(2026, 3, 17)
DAY = datetime.timedelta(days=1)


class SiteStage:
    """Does what the people of the cast would do with the Madrid site, one step a method."""

    def __init__(self, cast):
        self.cast = cast

    @property
    def madrid(self):
        self.cast.madrid.refresh_from_db()
        return self.cast.madrid

    def person(self, given, family):
        with acting_as(self.cast.paula):
            return Person.objects.create(title="Dr", given_name=given, family_name=family)

    def staff(self, given, family, role, *, starts_on=LONG_AGO, ends_on=None, site=None, **more):
        person = self.person(given, family)
        with acting_as(self.cast.paula):
            return SiteStaff.objects.create(
                site=site or self.cast.madrid,
                person=person,
                role=role,
                starts_on=starts_on,
                ends_on=ends_on,
                **more,
            )

    def investigator(self, given="Isabel", family="Moreno", **more):
        return self.staff(given, family, SiteRole.PRINCIPAL_INVESTIGATOR, **more)

    def contact(self, by="carla", **more):
        said = {
            "site": self.cast.madrid,
            "happened_on": TODAY,
            "kind": "TELEPHONE",
            "with_whom": "Study nurse",
            "topic": "RECRUITMENT",
            "text": "Two patients come to screening next week.",
        }
        return services.record_contact(actor=self.cast.people[by], today=TODAY, **{**said, **more})

    def initiated(self, by="sue"):
        for name in ("qualify", "select", "start_up", "initiate"):
            perform(
                self.madrid,
                name,
                actor=self.cast.people[by],
                happened_on=LONG_AGO,
                reason="Trained elsewhere",
            )
        return self.madrid

    def effective_protocol(self):
        with acting_as(self.cast.paula):
            version = ProtocolVersion.objects.create(study=self.cast.vel, label="1.0")
        return perform(version, "make_effective", actor=self.cast.paula, happened_on=LONG_AGO)

    def initiation_visit(self, *, submitted=True, unblinded=False):
        who = self.cast.uma if unblinded else self.cast.carla
        visit = monitoring.plan_visit(
            actor=who,
            on=LONG_AGO,
            site=self.cast.madrid,
            visit_type="SIV",
            method="ON_SITE",
            planned_start_on=LONG_AGO,
            planned_end_on=LONG_AGO,
            primary_monitor=who,
            unblinded=unblinded,
        )
        monitoring.conduct_visit(
            actor=who,
            visit=visit,
            started_on=LONG_AGO,
            ended_on=LONG_AGO,
            people_met="Dr Isabel Moreno, Principal investigator",
        )
        with everything("a test brings its report to where it needs it"):
            report = MonitoringReport.objects.get(visit=visit)
        if submitted:
            for question, _answer in monitoring.questions_of(report):
                monitoring.save_answer(
                    actor=who, report=report, question_key=question.key, value="YES", comment=""
                )
            monitoring.save_summary(actor=who, report=report, summary="The team was trained.")
            perform(report, "submit", actor=who, proof=prove(who, password=PASSWORD))
        return visit

    def ready(self):
        self.investigator()
        self.effective_protocol()
        self.initiation_visit()
        return self.initiated()

    def activate(self, by="paula"):
        person = self.cast.people[by]
        return perform(
            self.madrid,
            "activate",
            actor=person,
            happened_on=TODAY,
            proof=prove(person, password=PASSWORD),
        )


@pytest.fixture
def stage(cast):
    return SiteStage(cast)
