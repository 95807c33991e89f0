"""A study that may screen: two active sites, a protocol in two versions, a schedule; and subjects on the way."""

import datetime

import pytest

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.workflow.engine import adopt, perform
from studies.models import PlannedVisit, ProtocolVersion
from subjects import services
from subjects.models import Subject, SubjectVisit

DAY = datetime.date(2026, 3, 2)


def after(days):
    return DAY + datetime.timedelta(days=days)


class Clinic:
    """Does what the people of the cast would do, one step a method."""

    def __init__(self, cast):
        self.cast = cast
        system = User.objects.system()
        with acting_as(system, reason="The sites of the tests screen"):
            cast.vel.masking = "DOUBLE"
            cast.vel.save()
            self.version = ProtocolVersion.objects.create(study=cast.vel, label="1.0", dated_on=after(-100))
            self.amended = ProtocolVersion.objects.create(study=cast.vel, label="2.0", dated_on=after(10))
            for place, (name, offset, before, late) in enumerate(
                (
                    ("Screening", -14, 0, 13),
                    ("Day 1", 0, 0, 0),
                    ("Week 2", 14, 3, 3),
                    ("Week 4", 28, 3, 3),
                    ("Follow-up", 56, None, None),
                ),
                1,
            ):
                PlannedVisit.objects.create(
                    study=cast.vel,
                    sequence=place,
                    name=name,
                    offset_days=offset,
                    window_before_days=before,
                    window_after_days=late,
                )
        # In transactions of their own they would be born earlier: here they are taken over as they are made.
        for site in (cast.madrid, cast.berlin):
            self.make_active(site, system)

    @staticmethod
    def make_active(site, system):
        with everything("a site as a test needs it"):
            adopt(site, "ACTIVE", actor=system, reason="The sites of the tests screen")
            site.refresh_from_db()

    def person(self, name):
        return self.cast.people[name]

    def registered(self, number="2003-001", by="carla", *, site="madrid", **more):
        return services.add_subject(actor=self.person(by), site=self.cast.places[site], number=number, **more)

    def consented(self, number="2003-001", by="carla", *, on=DAY, version=None, **more):
        return self.registered(
            number,
            by,
            consented_on=on,
            form_version="ES 1.0",
            protocol_version=version or self.version,
            **more,
        )

    def randomised(self, number="2003-001", by="carla", *, on=None, **more):
        subject = self.consented(number, by, **more)
        return self.move(subject, "randomise", by, happened_on=on or after(14))

    def treated(self, number="2003-001", by="carla", **more):
        return self.move(self.randomised(number, by, **more), "start_treatment", by, happened_on=after(14))

    def move(self, record, name, by="carla", **more):
        done = perform(record, name, actor=self.person(by), **more)
        with everything("the record as it now stands"):
            return type(done).objects.get(pk=done.pk)

    def visits(self, subject):
        with everything("the test looks at all of them"):
            rows = SubjectVisit.objects.filter(subject=subject).exclude(status="VOIDED").order_by("pk")
            return {visit.name: visit for visit in rows}

    def again(self, subject):
        with everything("the subject as it now stands"):
            return Subject.objects.get(pk=subject.pk)


@pytest.fixture
def clinic(cast):
    return Clinic(cast)
