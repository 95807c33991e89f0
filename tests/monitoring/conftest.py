"""Visits and reports on the cast's sites, brought as far as a test needs them."""

import datetime

import pytest

from ctms.audit.context import acting_as
from ctms.signatures.proving import prove
from ctms.workflow.engine import perform
from directory.models import Person
from monitoring import services
from monitoring.models import MonitoringReport
from sites.models import SiteRole, SiteStaff
from tests.cast import PASSWORD

MONDAY = datetime.date(2026, 3, 16)
TUESDAY = datetime.date(2026, 3, 17)
PLANNED_ON = datetime.date(2026, 3, 2)


class Stage:
    """Does what the people of the cast would do, one step a method."""

    def __init__(self, cast):
        self.cast = cast

    def person(self, name):
        return self.cast.people[name]

    def planned(
        self,
        by="carla",
        *,
        site="madrid",
        visit_type="IMV",
        others=(),
        unblinded=False,
        start=MONDAY,
        end=TUESDAY,
    ):
        return services.plan_visit(
            actor=self.person(by),
            on=PLANNED_ON,
            site=self.cast.places[site],
            visit_type=visit_type,
            method="ON_SITE",
            planned_start_on=start,
            planned_end_on=end,
            primary_monitor=self.person(by),
            co_monitors=[self.person(name) for name in others],
            unblinded=unblinded,
            already_past=True,
        )

    def conducted(self, by="carla", **more):
        """Return the report of a visit that took place as planned."""
        visit = self.planned(by, **more)
        visit = perform(visit, "confirm", actor=self.person(by))
        services.conduct_visit(
            actor=self.person(by),
            visit=visit,
            started_on=visit.planned_start_on,
            ended_on=visit.planned_end_on,
            people_met="Dr Isabel Moreno, Principal investigator",
        )
        return self.report_of(visit, by)

    def report_of(self, visit, by="carla"):
        return MonitoringReport.objects.visible_to(self.person(by)).get(visit=visit)

    def answered(self, by="carla", **more):
        report = self.conducted(by, **more)
        for question, _answer in services.questions_of(report):
            self.answer(report, question.key, by=by)
        services.save_summary(
            actor=self.person(by), report=report, summary="The site conducts the study well."
        )
        return self.report_of(report.visit, by)

    def answer(self, report, key, value="YES", comment="", by="carla"):
        services.save_answer(
            actor=self.person(by), report=report, question_key=key, value=value, comment=comment
        )

    def submitted(self, by="carla", **more):
        report = self.answered(by, **more)
        return self.signed(report, "submit", by)

    def approved(self, by="carla", approver="lena", **more):
        return self.signed(self.submitted(by, **more), "approve", approver)

    def signed(self, report, move, by):
        person = self.person(by)
        return perform(report, move, actor=person, proof=prove(person, password=PASSWORD))


@pytest.fixture
def stage(cast):
    bring_investigator(cast)
    return Stage(cast)


def bring_investigator(cast):
    """Let Dr Isabel Moreno lead the Madrid site until the Monday, Dr Pablo Vidal from the Tuesday."""
    with acting_as(cast.paula):
        for given, family, starts_on, ends_on in (
            ("Isabel", "Moreno", datetime.date(2025, 1, 1), MONDAY),
            ("Pablo", "Vidal", TUESDAY, None),
        ):
            person = Person.objects.create(title="Dr", given_name=given, family_name=family)
            SiteStaff.objects.create(
                site=cast.madrid,
                person=person,
                role=SiteRole.PRINCIPAL_INVESTIGATOR,
                starts_on=starts_on,
                ends_on=ends_on,
            )
