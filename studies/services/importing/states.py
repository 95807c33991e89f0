"""Where the registry sees studies and sites, and which states of ours that is."""

from django.utils.translation import gettext as _

from ctms.workflow.engine import adopt
from studies.models import CountryStatus, HoldState, SiteStatus, StudyStatus

from .about import Kind
from .words import called

# Registry status -> the state a new record enters in, then those that agree with it as well.
STUDY_STATES = {
    "NOT_YET_RECRUITING": (StudyStatus.START_UP, StudyStatus.PLANNING),
    "RECRUITING": (StudyStatus.RECRUITING,),
    "ENROLLING_BY_INVITATION": (StudyStatus.RECRUITING,),
    "ACTIVE_NOT_RECRUITING": (StudyStatus.RECRUITMENT_CLOSED, StudyStatus.FOLLOW_UP),
    "SUSPENDED": (StudyStatus.RECRUITING,),
    "COMPLETED": (StudyStatus.CLOSE_OUT, StudyStatus.CLOSED, StudyStatus.ARCHIVED),
    "TERMINATED": (StudyStatus.CLOSE_OUT, StudyStatus.FOLLOW_UP, StudyStatus.CLOSED, StudyStatus.ARCHIVED),
    "WITHDRAWN": (StudyStatus.CANCELLED,),
}
_BEFORE_ACTIVE = (
    SiteStatus.IDENTIFIED,
    SiteStatus.UNDER_QUALIFICATION,
    SiteStatus.SELECTED,
    SiteStatus.INITIATED,
)
SITE_STATES = {
    "NOT_YET_RECRUITING": (SiteStatus.START_UP, *_BEFORE_ACTIVE),
    "RECRUITING": (SiteStatus.ACTIVE,),
    "ENROLLING_BY_INVITATION": (SiteStatus.ACTIVE,),
    "ACTIVE_NOT_RECRUITING": (SiteStatus.ENROLMENT_CLOSED,),
    "SUSPENDED": (SiteStatus.ENROLMENT_HOLD,),
    "COMPLETED": (SiteStatus.CLOSED, SiteStatus.ENROLMENT_CLOSED),
    "TERMINATED": (SiteStatus.ENROLMENT_CLOSED, SiteStatus.CLOSED),
    "WITHDRAWN": (SiteStatus.DROPPED, SiteStatus.NOT_SELECTED, SiteStatus.CLOSED),
}
# What a study as a whole says about its countries where their sites say nothing.
_COUNTRY_OF_STUDY = {
    "NOT_YET_RECRUITING": CountryStatus.START_UP,
    "ACTIVE_NOT_RECRUITING": CountryStatus.RECRUITMENT_CLOSED,
    "COMPLETED": CountryStatus.RECRUITMENT_CLOSED,
    "TERMINATED": CountryStatus.RECRUITMENT_CLOSED,
    "WITHDRAWN": CountryStatus.DROPPED,
}
# The most advanced site decides; in this order.
_COUNTRY_OF_SITES = (
    ({SiteStatus.ACTIVE, SiteStatus.ENROLMENT_HOLD}, CountryStatus.OPEN),
    ({SiteStatus.START_UP}, CountryStatus.START_UP),
    ({SiteStatus.ENROLMENT_CLOSED}, CountryStatus.RECRUITMENT_CLOSED),
    ({SiteStatus.CLOSED}, CountryStatus.CLOSED),
    ({SiteStatus.DROPPED}, CountryStatus.DROPPED),
)
_NAMED = 5


def import_study_state(about):
    """A new study enters where the registry sees it; one that was here before is moved by a person."""
    said = about.file.status
    if about.kind is not Kind.REGISTRY or said is None:
        return
    if said not in STUDY_STATES:
        about.note("study", _("The registry's status %s says nothing about where the study stands.") % said)
    elif about.is_new:
        _enter(about, about.study, STUDY_STATES[said][0])
        if said == "SUSPENDED":
            adopt(
                about.study, HoldState.TEMPORARY_HALT, actor=about.actor, reason=about.file_name, field="hold"
            )
    elif not _study_agrees(about.study, said):
        about.note(
            "study",
            _("The study is %(here)s here and %(there)s in the registry: move it if that is so.")
            % {"here": about.study.get_status_display(), "there": said},
        )


def _study_agrees(study, said):
    on_hold = study.hold != HoldState.NONE
    return study.status in STUDY_STATES[said] and (said != "SUSPENDED" or on_hold)


def _enter(about, record, state):
    if record.status != state:
        adopt(record, state, actor=about.actor, reason=about.file_name)


def adopt_site(about, site):
    """A new site enters where the registry sees it; without a word about it, it stays identified."""
    if site.registry_status in SITE_STATES:
        _enter(about, site, SITE_STATES[site.registry_status][0])
    elif site.registry_status:
        about.note(
            "study_sites",
            _("%(site)s: the registry's status %(status)s says nothing about where the site stands.")
            % {"site": called(site), "status": site.registry_status},
        )


def propose_for_sites(about, sites):
    """List where a site's own state is not what the registry says: one line for each pair of states."""
    apart = {}
    for site in sites:
        if site.registry_status in SITE_STATES and site.status not in SITE_STATES[site.registry_status]:
            apart.setdefault((site.get_status_display(), site.registry_status), []).append(
                site.organization.name
            )
    for (here, there), names in apart.items():
        listed = ", ".join(names[:_NAMED])
        if len(names) > _NAMED:
            listed = _("%(names)s and %(count)d more") % {"names": listed, "count": len(names) - _NAMED}
        about.note(
            "study_sites",
            _("%(here)s here and %(there)s in the registry: %(names)s. Move them if that is so.")
            % {"here": here, "there": there, "names": listed},
        )


def adopt_countries(about, countries, sites):
    """New countries enter where their sites stand, else where a registry record as a whole says."""
    if about.kind is not Kind.REGISTRY:
        return
    for country in countries:
        standing = {site.status for site in sites if site.country_id == country.pk}
        state = next((state for states, state in _COUNTRY_OF_SITES if standing & states), None)
        state = state or _COUNTRY_OF_STUDY.get(about.file.status or "")
        if state:
            _enter(about, country, state)
