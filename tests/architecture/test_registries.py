"""Declarations are found: an empty registry would let every test over it pass."""

import pytest
from django.contrib.auth import get_user_model

from ctms.access.access import GRANT_SOURCES
from ctms.audit.trail import APPEND_ONLY, AUDITED
from ctms.jobs.queue import HANDLERS, PERIODIC
from ctms.notices.reminders import REMINDERS
from ctms.pages.listing import LISTINGS
from ctms.pages.record import RECORDS
from ctms.workflow.declare import WORKFLOWS

REGISTRIES = {
    "audited models": (AUDITED, "studies.Study"),
    "append-only models": (APPEND_ONLY, "workflow.TransitionRecord"),
    "workflows": (WORKFLOWS, ("studies.StudySite", "status")),
    "records": (RECORDS, "studies.Milestone"),
    "listings": (LISTINGS, "milestones"),
    "job handlers": (HANDLERS, "audit.seal"),
    "periodic jobs": (PERIODIC, "notices.remind"),
    "reminders": (REMINDERS, "milestone-due"),
}


@pytest.mark.parametrize("name", REGISTRIES)
def test_a_registry_holds_what_the_apps_declare(name):
    registry, known = REGISTRIES[name]
    assert known in registry


def test_grants_come_from_four_kinds_of_assignment():
    assert {source.__name__ for source in GRANT_SOURCES} == {
        *("PortfolioAssignment", "StudyAssignment", "CountryAssignment", "SiteAssignment")
    }


def test_everything_that_comes_round_and_every_promised_job_has_a_handler():
    promised = {
        name for flow in WORKFLOWS.values() for move in flow.transitions().values() for name in move.jobs
    }
    assert (set(PERIODIC) | promised) <= set(HANDLERS)


def test_nobody_is_known_without_an_account_of_their_own(db):
    # guardian would make an anonymous account; an assignment to it would be everybody's.
    assert set(get_user_model().objects.values_list("username", flat=True)) == {"system"}
