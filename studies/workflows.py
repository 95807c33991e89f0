"""What may happen to a study, its countries, its sites, its protocol and its milestones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ctms.access.explain import people_who_may
from ctms.audit.as_of import database_now
from ctms.signatures.models import Meaning
from ctms.workflow.declare import Adopt, Transition, Workflow
from ctms.workflow.engine import transitions_of

from .models import (
    CountryStatus,
    HoldState,
    Milestone,
    MilestoneStatus,
    ProtocolStatus,
    ProtocolVersion,
    SiteStatus,
    Study,
    StudyCountry,
    StudySite,
    StudyStatus,
)

# Where a requirement is met that no tab of a site is about: the study's protocol versions.
PROTOCOL = "protocol"


@dataclass(frozen=True)
class ActivationRequirement:
    """
    What one room of the house asks before a site may screen.

    :param title: what it is called on the page, in a waiver and under the signature; stays the same
    :param missing: (site) -> the sentences that still stand in the way; [] = met
    :param tab: name of the site's tab where it is mended; "" = its own facts, PROTOCOL = the protocol's versions
    :param waivable: a second person may sign that the site goes without it
    :param missing_at: (sites) -> {id of a site: its sentences}: the same asked of many sites at once
    """

    title: str
    missing: Callable[[StudySite], list[str]]
    tab: str = ""
    waivable: bool = True
    missing_at: Callable[[Sequence[StudySite]], dict[int, list[str]]] | None = None

    @classmethod
    def asked_of_many(cls, title, missing_at, **more):
        """Return the requirement whose one question is for many sites; of one site it asks the same."""
        return cls(title, lambda site: missing_at([site])[site.pk], missing_at=missing_at, **more)

    def missing_of(self, sites):
        """Return {id of a site: its sentences} with as few queries as the room can answer with."""
        if self.missing_at is not None:
            return self.missing_at(sites)
        return {site.pk: self.missing(site) for site in sites}


# A question upward is answered by registration: what still keeps a site from being activated.
ACTIVATION_REQUIREMENTS: list[ActivationRequirement] = []
# And which of them somebody signed a waiver for: (sites) -> {id of a site: {title: who and why}}.
ACTIVATION_WAIVERS: list[Callable[[Sequence[StudySite]], dict[int, dict[str, str]]]] = []


# Answered by registration too: why a site is not initiated yet, as far as another room knows; '' = it is.
INITIATION_DOUBTS: list[Callable[[StudySite], str]] = []


@dataclass(frozen=True)
class RequirementStanding:
    """How one requirement stands at a site now."""

    requirement: ActivationRequirement
    missing: tuple[str, ...] = ()
    waiver: str = ""

    @property
    def is_met(self):
        return not self.missing

    @property
    def is_waived(self):
        return bool(self.missing and self.waiver)

    @property
    def stands_in_the_way(self):
        return bool(self.missing) and not self.waiver


def requirements_at(site):
    """Return how every requirement of an activation stands at a site, in the order they were registered."""
    return requirements_of([site])[site.pk]


def requirements_of(sites):
    """Return {id of a site: how every requirement stands there}; each room is asked once for all of them."""
    waived: dict[int, dict[str, str]] = {site.pk: {} for site in sites}
    for ask in ACTIVATION_WAIVERS:
        for pk, found in ask(sites).items():
            waived[pk] |= found
    missing = [(one, one.missing_of(sites)) for one in ACTIVATION_REQUIREMENTS]
    return {
        site.pk: [
            RequirementStanding(
                one,
                tuple(str(sentence) for sentence in found[site.pk]),
                waived[site.pk].get(one.title, "") if one.waivable else "",
            )
            for one, found in missing
        ]
        for site in sites
    }


def has_an_active_site(study, actor):
    if not StudySite.objects.filter(study=study, status=SiteStatus.ACTIVE).exists():
        return _("No site of the study is active yet.")
    return None


def has_an_effective_protocol(study, actor):
    if not ProtocolVersion.objects.filter(study=study, status=ProtocolStatus.EFFECTIVE).exists():
        return _("The study has no effective protocol version.")
    return None


def every_site_is_closed(study, actor):
    finished = (SiteStatus.CLOSED, SiteStatus.DROPPED, SiteStatus.NOT_SELECTED)
    open_sites = StudySite.objects.filter(study=study).exclude(status__in=finished).count()
    if open_sites:
        return _("%(count)d sites are not closed.") % {"count": open_sites}
    return None


def every_milestone_is_settled(study, actor):
    open_milestones = Milestone.objects.filter(study=study).open().count()
    if open_milestones:
        return _("%(count)d milestones have neither an actual date nor a reason why they do not apply.") % {
            "count": open_milestones
        }
    return None


class StudyFlow(Workflow):
    model, first, frozen = Study, StudyStatus.PLANNING, (StudyStatus.ARCHIVED,)
    tones = {
        StudyStatus.CLOSED: "green",
        StudyStatus.ARCHIVED: "green",
        StudyStatus.CANCELLED: "red",
    }

    start_up = Transition("Begin start-up", StudyStatus.PLANNING, StudyStatus.START_UP, "studies.move_study")
    open_recruitment = Transition(
        "Open recruitment",
        StudyStatus.START_UP,
        StudyStatus.RECRUITING,
        "studies.move_study",
        guards=(has_an_effective_protocol, has_an_active_site),
    )
    close_recruitment = Transition(
        "Close recruitment",
        StudyStatus.RECRUITING,
        StudyStatus.RECRUITMENT_CLOSED,
        "studies.move_study",
        needs_reason=True,
        happened=_("Recruitment closed on"),
        rare=True,
    )
    begin_follow_up = Transition(
        "Begin follow-up", StudyStatus.RECRUITMENT_CLOSED, StudyStatus.FOLLOW_UP, "studies.move_study"
    )
    begin_close_out = Transition(
        "Begin close-out",
        (StudyStatus.RECRUITMENT_CLOSED, StudyStatus.FOLLOW_UP),
        StudyStatus.CLOSE_OUT,
        "studies.move_study",
    )
    # Ending early is a reason on the way through close-out, not an end: subjects still need follow-up.
    terminate = Transition(
        "Terminate early",
        (StudyStatus.START_UP, StudyStatus.RECRUITING, StudyStatus.RECRUITMENT_CLOSED),
        StudyStatus.FOLLOW_UP,
        "studies.move_study",
        needs_reason=True,
        happened=_("Terminated on"),
        rare=True,
    )
    close = Transition(
        "Close study",
        StudyStatus.CLOSE_OUT,
        StudyStatus.CLOSED,
        "studies.move_study",
        guards=(every_site_is_closed,),
    )
    archive = Transition(
        "Archive study",
        StudyStatus.CLOSED,
        StudyStatus.ARCHIVED,
        "studies.move_study",
        guards=(every_milestone_is_settled,),
        needs_reason=True,
        rare=True,
    )
    cancel = Transition(
        "Cancel study",
        (StudyStatus.PLANNING, StudyStatus.START_UP),
        StudyStatus.CANCELLED,
        "studies.move_study",
        needs_reason=True,
        rare=True,
    )
    adopt = Adopt(
        "Taken over",
        (
            StudyStatus.START_UP,
            StudyStatus.RECRUITING,
            StudyStatus.RECRUITMENT_CLOSED,
            StudyStatus.FOLLOW_UP,
            StudyStatus.CLOSE_OUT,
            StudyStatus.CANCELLED,
        ),
        "studies.import_study",
    )


class StudyHoldFlow(Workflow):
    """Beside the life cycle: no new subjects for a while. The sites keep their own states."""

    model, field, first = Study, "hold", HoldState.NONE
    tones = {HoldState.ENROLMENT_HOLD: "amber", HoldState.TEMPORARY_HALT: "red"}

    hold_enrolment = Transition(
        "Hold enrolment",
        HoldState.NONE,
        HoldState.ENROLMENT_HOLD,
        "studies.move_study",
        needs_reason=True,
        rare=True,
    )
    halt = Transition(
        "Halt temporarily",
        (HoldState.NONE, HoldState.ENROLMENT_HOLD),
        HoldState.TEMPORARY_HALT,
        "studies.move_study",
        needs_reason=True,
        happened=_("Halted on"),
        explanation=_("The sponsor's unforeseen stop; notified to each member state within 15 days."),
        rare=True,
    )
    resume = Transition(
        "Resume",
        (HoldState.ENROLMENT_HOLD, HoldState.TEMPORARY_HALT),
        HoldState.NONE,
        "studies.move_study",
        needs_reason=True,
        happened=_("Resumed on"),
    )
    adopt = Adopt("Taken over", (HoldState.TEMPORARY_HALT, HoldState.ENROLMENT_HOLD), "studies.import_study")


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


class ProtocolFlow(Workflow):
    model, first = ProtocolVersion, ProtocolStatus.DRAFT
    tones = {ProtocolStatus.EFFECTIVE: "green", ProtocolStatus.SUPERSEDED: "grey"}

    make_effective = Transition(
        "Make effective",
        ProtocolStatus.DRAFT,
        ProtocolStatus.EFFECTIVE,
        "studies.change_plan",
        happened=_("Effective from"),
    )
    supersede = Transition(
        "Supersede",
        ProtocolStatus.EFFECTIVE,
        ProtocolStatus.SUPERSEDED,
        "studies.change_plan",
        needs_reason=True,
        rare=True,
    )
    adopt = Adopt("Taken over", (ProtocolStatus.EFFECTIVE, ProtocolStatus.SUPERSEDED), "studies.import_study")


def set_actual_date(milestone, move):
    milestone.actual_on = move.happened_on
    milestone.actual_precision = "DAY"


def clear_actual_date(milestone, move):
    milestone.actual_on = None


class MilestoneFlow(Workflow):
    model, first = Milestone, MilestoneStatus.PLANNED
    tones = {
        MilestoneStatus.PLANNED: "blue",
        MilestoneStatus.COMPLETED: "green",
        MilestoneStatus.NOT_APPLICABLE: "grey",
    }

    complete = Transition(
        "Record actual date",
        MilestoneStatus.PLANNED,
        MilestoneStatus.COMPLETED,
        "studies.complete_milestone",
        happened=_("Actual date"),
        effects=(set_actual_date,),
    )
    set_aside = Transition(
        "Mark not applicable",
        MilestoneStatus.PLANNED,
        MilestoneStatus.NOT_APPLICABLE,
        "studies.change_milestone",
        needs_reason=True,
        rare=True,
    )
    reopen = Transition(
        "Reopen",
        (MilestoneStatus.COMPLETED, MilestoneStatus.NOT_APPLICABLE),
        MilestoneStatus.PLANNED,
        "studies.change_milestone",
        needs_reason=True,
        effects=(clear_actual_date,),
        rare=True,
    )
    adopt = Adopt("Taken over", (MilestoneStatus.COMPLETED,), "studies.import_study")
