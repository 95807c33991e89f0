"""What may happen to a country and to a site."""

from django.utils.translation import gettext_lazy as _

from ctms.access.explain import people_who_may
from ctms.audit.as_of import database_now
from ctms.signatures.models import Meaning
from ctms.workflow.declare import Adopt, Transition, Workflow
from ctms.workflow.engine import transitions_of
from studies.models import (
    CountryStatus,
    SiteStatus,
    StudyCountry,
    StudySite,
    StudyStatus,
)

from .activating import INITIATION_DOUBTS, requirements_at


class CountryFlow(Workflow):
    model, first = StudyCountry, CountryStatus.PLANNED
    tones = {CountryStatus.CLOSED: "green", CountryStatus.DROPPED: "red"}

    start_up = Transition(
        "Begin start-up", CountryStatus.PLANNED, CountryStatus.START_UP, "studies.move_studycountry"
    )
    open = Transition(
        "Open country",
        CountryStatus.START_UP,
        CountryStatus.OPEN,
        "studies.move_studycountry",
        happened=_("Approved on"),
    )
    close_recruitment = Transition(
        "Close recruitment",
        CountryStatus.OPEN,
        CountryStatus.RECRUITMENT_CLOSED,
        "studies.move_studycountry",
        needs_reason=True,
        rare=True,
    )
    close = Transition(
        "Close country",
        CountryStatus.RECRUITMENT_CLOSED,
        CountryStatus.CLOSED,
        "studies.move_studycountry",
    )
    drop = Transition(
        "Drop country",
        (CountryStatus.PLANNED, CountryStatus.START_UP),
        CountryStatus.DROPPED,
        "studies.move_studycountry",
        needs_reason=True,
        rare=True,
    )
    adopt = Adopt(
        "Taken over",
        (
            CountryStatus.START_UP,
            CountryStatus.OPEN,
            CountryStatus.RECRUITMENT_CLOSED,
            CountryStatus.CLOSED,
            CountryStatus.DROPPED,
        ),
        "studies.import_study",
    )


def has_a_number(site, actor):
    if not site.number:
        return _("The site has no site number.")
    return None


def every_requirement_is_met(site, actor):
    in_the_way = [one for one in requirements_at(site) if one.stands_in_the_way]
    return " ".join(sentence for one in in_the_way for sentence in one.missing) or None


def somebody_else_initiated(site, actor):
    # Two people for a green light: who compiled what it stands on does not release the site (practice.md).
    last = transitions_of(site).filter(name="initiate").last()
    if last is not None and last.actor_id == actor.pk:
        return _("You recorded the initiation; somebody else releases the site.")
    return None


def nobody_else_releases(site, actor):
    # The database's own day: a rule looks at no clock.
    releasers = people_who_may("studies.activate_studysite", site, database_now().date())
    if actor in releasers and len(releasers) == 1:
        return _("You are the only one who can release this site, and whoever records the initiation cannot.")
    return None


def is_initiated_by_no_visit(site, actor):
    return next((sentence for ask in INITIATION_DOUBTS if (sentence := ask(site))), None)


def keep_what_was_checked(site, move):
    """Effect of the green light: what was met and what was waived is signed with it."""
    site.green_light = {
        "on": move.happened_on.isoformat(),
        "requirements": [
            {
                "title": one.requirement.title,
                "met": one.is_met,
                "missing": list(one.missing),
                "waiver": one.waiver,
            }
            for one in requirements_at(site)
        ],
    }


def study_is_not_closed(site, actor):
    if site.study.status in (StudyStatus.CLOSED, StudyStatus.ARCHIVED, StudyStatus.CANCELLED):
        return _("The study is %(state)s.") % {"state": site.study.get_status_display().lower()}
    return None


class SiteFlow(Workflow):
    model, first = StudySite, SiteStatus.IDENTIFIED
    tones = {
        SiteStatus.NOT_SELECTED: "grey",
        SiteStatus.ACTIVE: "green",
        SiteStatus.CLOSED: "green",
        SiteStatus.ENROLMENT_HOLD: "amber",
        SiteStatus.DROPPED: "red",
    }

    qualify = Transition(
        "Begin qualification", SiteStatus.IDENTIFIED, SiteStatus.UNDER_QUALIFICATION, "studies.move_studysite"
    )
    select = Transition(
        "Select site",
        SiteStatus.UNDER_QUALIFICATION,
        SiteStatus.SELECTED,
        "studies.move_studysite",
        happened=_("Selected on"),
    )
    reject = Transition(
        "Do not select",
        (SiteStatus.IDENTIFIED, SiteStatus.UNDER_QUALIFICATION),
        SiteStatus.NOT_SELECTED,
        "studies.move_studysite",
        needs_reason=True,
        rare=True,
    )
    start_up = Transition(
        "Begin start-up",
        SiteStatus.SELECTED,
        SiteStatus.START_UP,
        "studies.move_studysite",
        guards=(study_is_not_closed,),
    )
    initiate = Transition(
        "Record initiation",
        SiteStatus.START_UP,
        SiteStatus.INITIATED,
        "studies.move_studysite",
        guards=(has_a_number,),
        cautions=(is_initiated_by_no_visit, nobody_else_releases),
        happened=_("Initiated on"),
        explanation=_(
            "Two people stand behind a green light: whoever records the initiation cannot release the site."
        ),
    )
    activate = Transition(
        "Activate site",
        SiteStatus.INITIATED,
        SiteStatus.ACTIVE,
        "studies.activate_studysite",
        guards=(study_is_not_closed, somebody_else_initiated, every_requirement_is_met),
        signature=Meaning.APPROVED,
        happened=_("Green light on"),
        effects=(keep_what_was_checked,),
        explanation=_("Releases the site to screen subjects (ICH E6(R3) 4.3.5)."),
    )
    hold = Transition(
        "Hold enrolment",
        SiteStatus.ACTIVE,
        SiteStatus.ENROLMENT_HOLD,
        "studies.move_studysite",
        needs_reason=True,
        happened=_("Held on"),
        rare=True,
    )
    resume = Transition(
        "Resume enrolment",
        SiteStatus.ENROLMENT_HOLD,
        SiteStatus.ACTIVE,
        "studies.move_studysite",
        guards=(study_is_not_closed,),
        needs_reason=True,
        happened=_("Resumed on"),
    )
    close_enrolment = Transition(
        "Close enrolment",
        (SiteStatus.ACTIVE, SiteStatus.ENROLMENT_HOLD),
        SiteStatus.ENROLMENT_CLOSED,
        "studies.move_studysite",
        needs_reason=True,
        happened=_("Enrolment closed on"),
        rare=True,
    )
    close = Transition(
        "Close site",
        (SiteStatus.ENROLMENT_CLOSED, SiteStatus.DROPPED),
        SiteStatus.CLOSED,
        "studies.move_studysite",
        happened=_("Closed on"),
    )
    drop = Transition(
        "Drop site",
        (SiteStatus.SELECTED, SiteStatus.START_UP, SiteStatus.INITIATED),
        SiteStatus.DROPPED,
        "studies.move_studysite",
        needs_reason=True,
        rare=True,
    )
    adopt = Adopt(
        "Taken over",
        (
            SiteStatus.UNDER_QUALIFICATION,
            SiteStatus.NOT_SELECTED,
            SiteStatus.SELECTED,
            SiteStatus.START_UP,
            SiteStatus.INITIATED,
            SiteStatus.ACTIVE,
            SiteStatus.ENROLMENT_HOLD,
            SiteStatus.ENROLMENT_CLOSED,
            SiteStatus.CLOSED,
            SiteStatus.DROPPED,
        ),
        "studies.import_study",
    )
