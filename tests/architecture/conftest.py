"""The stage the address tests walk over: the cast, and a row of every kind in two sponsors' studies."""

import pytest

from ctms.audit.context import acting_as
from studies.models import (
    Activity,
    Amendment,
    Arm,
    Epoch,
    Milestone,
    Outcome,
    PlannedVisit,
    PlannedVisitActivity,
    ProtocolVersion,
    StudyIdentifier,
    StudyParty,
)


def furnish(study, organization, word):
    """Make one row of each kind in a study, all recognisable by `word`."""
    Arm.objects.create(study=study, name=f"{word} arm")
    epoch = Epoch.objects.create(study=study, name=f"{word} epoch")
    activity = Activity.objects.create(study=study, name=f"{word} activity")
    visit = PlannedVisit.objects.create(study=study, name=f"{word} visit", epoch=epoch)
    PlannedVisitActivity.objects.create(planned_visit=visit, activity=activity)
    Outcome.objects.create(study=study, level="PRIMARY", measure=f"{word} outcome")
    ProtocolVersion.objects.create(study=study, label=f"{word} 1.0")
    Amendment.objects.create(study=study, number=f"{word} 1")
    StudyIdentifier.objects.create(study=study, kind="OTHER", value=f"{word}-1")
    StudyParty.objects.create(study=study, organization=organization, part="COLLABORATOR")
    Milestone.objects.create(study=study, name=f"{word} unpublished", planned_on="2026-03-17")
    Milestone.objects.create(study=study, name=f"{word} published", planned_on="2026-03-18", published=True)


@pytest.fixture
def stage(cast):
    with acting_as(cast.paula, reason="The stage of the address tests"):
        furnish(cast.vel, cast.northwind, "Velvet")
        furnish(cast.cor, cast.meridian, "Cormorant")
    return cast
