"""What happened that makes documents due: sources of events, registered by whoever knows of them."""

from collections.abc import Callable, Iterable

from ctms.signatures.signing import label_of
from ctms.workflow.models import TransitionRecord
from documents.calculations import Event
from documents.models import EventKind
from studies.models import CountryStatus, SiteStatus, Study, StudyCountry, StudySite, StudyStatus

# Functions (study) -> the events of the study so far; rooms further up register theirs.
EVENT_SOURCES: list[Callable[[Study], Iterable[Event]]] = []

# The order states are passed in; a state that is no stage on the way counts as the stage before it.
STUDY_ORDER = (
    StudyStatus.PLANNING,
    StudyStatus.START_UP,
    StudyStatus.RECRUITING,
    StudyStatus.RECRUITMENT_CLOSED,
    StudyStatus.FOLLOW_UP,
    StudyStatus.CLOSE_OUT,
    StudyStatus.CLOSED,
    StudyStatus.ARCHIVED,
)
COUNTRY_ORDER = (
    CountryStatus.PLANNED,
    CountryStatus.START_UP,
    CountryStatus.OPEN,
    CountryStatus.RECRUITMENT_CLOSED,
    CountryStatus.CLOSED,
)
SITE_ORDER = (
    SiteStatus.IDENTIFIED,
    SiteStatus.UNDER_QUALIFICATION,
    SiteStatus.SELECTED,
    SiteStatus.START_UP,
    SiteStatus.INITIATED,
    SiteStatus.ACTIVE,
    SiteStatus.ENROLMENT_HOLD,
    SiteStatus.ENROLMENT_CLOSED,
    SiteStatus.CLOSED,
)
STUDY_STAGES = (
    (StudyStatus.START_UP, EventKind.STUDY_STARTED),
    (StudyStatus.CLOSED, EventKind.STUDY_CLOSED),
)
COUNTRY_STAGES = ((CountryStatus.START_UP, EventKind.COUNTRY_STARTED),)
SITE_STAGES = (
    (SiteStatus.SELECTED, EventKind.SITE_SELECTED),
    (SiteStatus.INITIATED, EventKind.SITE_INITIATED),
    (SiteStatus.ACTIVE, EventKind.SITE_ACTIVATED),
    (SiteStatus.CLOSED, EventKind.SITE_CLOSED),
)


def spine_events(study):
    """Return what happened to a study, its countries and its sites; read inside `everything`."""
    countries = list(StudyCountry.objects.filter(study=study).order_by("pk"))
    sites = list(StudySite.objects.filter(study=study).select_related("country").order_by("pk"))
    moves = _moves([study, *countries, *sites])
    found = [
        Event(kind, label_of(study), on, study.pk)
        for kind, on in _reached(moves.get(label_of(study), ()), STUDY_ORDER, STUDY_STAGES)
    ]
    for country in countries:
        for kind, on in _reached(moves.get(label_of(country), ()), COUNTRY_ORDER, COUNTRY_STAGES):
            found.append(
                Event(kind, label_of(country), on, study.pk, country.pk, nation=country.nation_id or "")
            )
    for site in sites:
        for kind, on in _reached(moves.get(label_of(site), ()), SITE_ORDER, SITE_STAGES):
            nation = site.country.nation_id or ""
            found.append(Event(kind, label_of(site), on, study.pk, site.country_id, site.pk, nation=nation))
    return found


def _moves(records):
    """Return {label: [(target, day)]} of the moves of records, oldest first."""
    labels = [label_of(record) for record in records]
    found = {}
    rows = TransitionRecord.objects.filter(record__in=labels, field="status").order_by("pk")
    for record, target, happened_on, at in rows.values_list("record", "target", "happened_on", "at"):
        found.setdefault(record, []).append((target, happened_on or at.date()))
    return found


def _reached(moves, order, stages):
    """Yield (kind, day) of each stage that was reached, by the first move to it or beyond."""
    for state, kind in stages:
        rank = order.index(state)
        for target, day in moves:
            if target in order and order.index(target) >= rank:
                yield kind, day
                break


EVENT_SOURCES.append(spine_events)
