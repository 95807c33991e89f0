"""What a new study needs before its start-up: a list of steps, each a link, ticked once it is there."""

from django.utils import timezone
from django.utils.translation import gettext as _

from ctms.access.scoping import StudyOwned
from studies.models import (
    Milestone,
    PlannedVisit,
    ProtocolVersion,
    Study,
    StudyAssignment,
    StudyCountry,
    StudySite,
    StudyStatus,
)

from .milestones import MilestoneRecord
from .overview import PLACE_PANELS, SET_UP_STEPS, Step
from .protocol import PlannedVisitRecord, ProtocolVersionRecord
from .spine import StudyCountryRecord, StudyRecord, StudySiteRecord


def first_or_list(request, study, model, making, tab):
    """Return (whether the study has one, the list of them, or the form that makes the first)."""
    there = model.objects.visible_to(request.user).filter(study=study).exists()
    listed = StudyRecord.url(study, tab)
    if there or not making.may_create(request.user):
        return there, listed
    return there, making.making_url(study=study.pk, back=request.path)


def _step_of(words, model: type[StudyOwned], making, tab):
    def step(request, study):
        there, url = first_or_list(request, study, model, making, tab)
        return Step(str(words), there, url)

    return step


def team_step(request, study):
    if not request.user.has_perm("studies.view_team", study):
        return None
    live = StudyAssignment.live(timezone.localdate())
    others = StudyAssignment.objects.filter(live, content_object=study).exclude(user=request.user)
    return Step(_("Team: somebody beside you"), others.exists(), StudyRecord.url(study, "team"))


def setting_up_panel(request, place):
    """Return the steps of a study in planning, for who sets it up."""
    if not isinstance(place, Study) or place.status != StudyStatus.PLANNING:
        return None
    if not request.user.has_perm("studies.change_study", place):
        return None
    steps = [step for ask in SET_UP_STEPS if (step := ask(request, place))]
    done = sum(step.is_done for step in steps)
    return {"template": "studies/_setting_up_panel.html", "steps": steps, "done": done, "all": len(steps)}


SET_UP_STEPS += [
    _step_of(_("Countries"), StudyCountry, StudyCountryRecord, "study-countries"),
    _step_of(_("Sites"), StudySite, StudySiteRecord, "study-sites"),
    _step_of(_("Protocol version"), ProtocolVersion, ProtocolVersionRecord, "protocol-versions"),
    _step_of(_("Schedule of visits"), PlannedVisit, PlannedVisitRecord, "planned-visits"),
    _step_of(_("Milestones"), Milestone, MilestoneRecord, "milestones"),
    team_step,
]
PLACE_PANELS.insert(0, setting_up_panel)
