"""The frame of every page: the rail, the study switcher, the header of the place a record lies in."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import SimpleLazyObject

from ctms.access.access import access_of
from ctms.notices.models import Notice

from .listing import LISTINGS, tabs
from .record import RECORDS, record_for

# Pages that are no listings: (group, position, label, url, permission, icon)
RAIL_PAGES: list[tuple[str, int, str, str, str]] = []
# Tabs inside a study, country and site that are no listings: (position, name in the address, label, permission),
# and the models it belongs to if it is not a tab of all three.
PLACE_PAGES: list[tuple[int, str, str, str] | tuple[int, str, str, str, *tuple[str, ...]]] = []
# Answered by registration, for people who see nothing but what was published to them: the groups of their rail,
# as rail_of returns them, and the address of the page a study has for them.
OUTSIDE_RAIL: list[Callable[[Any], list]] = []
OUTSIDE_OVERVIEW: list[Callable[[Any], str]] = []
RAIL_ICONS = {
    "Studies": "flask",
    "Sites": "building-hospital",
    "Monitoring": "clipboard-check",
    "Documents": "file-text",
    "Finance": "coins",
    "Directory": "address-book",
    "Administration": "settings",
}
LAST_STUDY = "last_study"


def rail_of(user):
    """Return [(group, icon, [(label, url)])]: only what the person may open, by work and not by table."""
    if access_of(user).published_only and OUTSIDE_RAIL:
        return [group for build in OUTSIDE_RAIL for group in build(user)]
    entries = [
        (*listing.rail, str(listing.title), listing.url())
        for listing in LISTINGS.values()
        if listing.rail and listing.may_open(user)
    ]
    entries += [
        (group, position, label, url)
        for group, position, label, url, permission in RAIL_PAGES
        if user.has_perm(permission)
    ]
    groups = {}
    for group, _position, label, url in sorted(entries, key=lambda entry: (entry[1], entry[2])):
        groups.setdefault(group, []).append((label, url))
    return [(group, RAIL_ICONS.get(group, "folder"), links) for group, links in groups.items()]


def overview_url(user, study):
    """Return the address of the first page of a study for this person."""
    if access_of(user).published_only and OUTSIDE_OVERVIEW:
        return OUTSIDE_OVERVIEW[0](study)
    return record_for(study).url(study)


def frame(request):
    """Context processor: what the frame shows; each part is computed only if the template asks."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "rail": SimpleLazyObject(lambda: rail_of(user)),
        "studies_to_switch": SimpleLazyObject(lambda: _studies(user)),
        "last_study": SimpleLazyObject(lambda: _last_study(request)),
        "unread_notices": SimpleLazyObject(lambda: Notice.objects.filter(user=user, read_at=None).count()),
    }


def _studies(user):
    return list(RECORDS["studies.Study"].rows(user)[:30])


def _last_study(request):
    pk = request.session.get(LAST_STUDY)
    return RECORDS["studies.Study"].rows(request.user).filter(pk=pk).first() if pk else None


def place_header(request, record):
    """Return the study a record lies in with its tabs, and remember it for the switcher."""
    if not hasattr(record, "place"):
        return {}
    place = record.place()
    if place.study is None:
        return {}
    study = RECORDS["studies.Study"].rows(request.user).filter(pk=place.study).first()
    if study is None:
        return {}
    if request.session.get(LAST_STUDY) != study.pk:
        request.session[LAST_STUDY] = study.pk
    where = record if type(record).__name__ in ("Study", "StudyCountry", "StudySite") else study
    declaration = record_for(where)
    return {
        "study": study,
        "where": where,
        "where_url": overview_url(request.user, study) if where is study else declaration.url(where),
        "where_tabs": _tabs_of(request.user, where, declaration),
        "crumbs": _crumbs(request.user, record, study),
        "active_tab": "" if where is record else _tab_of(record),
    }


def _tabs_of(user, where, declaration):
    """Return [(name, label, url)] of the listings and pages this person may open in a place, in their order."""
    found = [(one.tab_position, one.name, str(one.tab)) for one in tabs() if one.may_open(user)]
    found += [
        (position, name, str(label))
        for position, name, label, permission, *only in PLACE_PAGES
        if user.has_perm(permission, where) and type(where).__name__ in (only or [type(where).__name__])
    ]
    return [(name, label, declaration.url(where, name)) for _position, name, label in sorted(found)]


def _tab_of(record):
    """Return the name of the tab a record is listed in, or ''."""
    return next((listing.name for listing in tabs() if listing.record.model is type(record)), "")


def _crumbs(user, record, study):
    """Return [(label, url)] from the study down to the place of the record."""
    crumbs = [(str(study), overview_url(user, study))]
    for name in ("country", "site"):
        above = getattr(record, name, None)
        if above is not None and record_for(above) and above is not record:
            crumbs.append((str(above), record_for(above).url(above)))
    return crumbs
