"""The frame of every page: the rail, the study switcher, the header of the place a record lies in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

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
# Answered by registration: the milestones the header of a study says on each of its pages (user, study).
HEADER_DATES: list[Callable[[Any, Any], list]] = []
RAIL_ICONS = {
    "Studies": "flask",
    "Sites": "building-hospital",
    "Monitoring": "clipboard-check",
    "Documents": "file-text",
    "Finance": "coins",
    "Reports": "report",
    "Directory": "address-book",
    "Administration": "settings",
}
LAST_STUDY = "last_study"
# Inside a study the tens of a tab's position say to which part of the work it belongs: a reader chooses among eight
# words and then among a few, and never among twenty.
TAB_GROUPS = {
    2: _("Plan"),
    3: _("Sites"),
    4: _("Subjects"),
    5: _("Monitoring"),
    6: _("Documents"),
    7: _("Finance"),
    8: _("Team"),
    9: _("Reports"),
}
# So many links a person sees at once; of more only those of the part of the work they are in.
RAIL_LINKS_AT_ONCE = 14


@dataclass(frozen=True)
class RailGroup:
    """A part of the work in the rail; its head opens its first list, and its lists stand below where one works."""

    label: str
    icon: str
    links: list[tuple[str, str]]
    is_open: bool
    folds: bool = True  # False where all lists stand open and the head leads nowhere

    @property
    def url(self):
        return self.links[0][1]


@dataclass(frozen=True)
class TabGroup:
    """The tabs of one part of the work at a place."""

    label: str
    tabs: list[tuple[str, str, str]]  # (name, label, url)

    @property
    def url(self):
        return self.tabs[0][2]

    @property
    def names(self):
        return [name for name, _label, _url in self.tabs]

    @property
    def urls(self):
        return [url for _name, _label, url in self.tabs]


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


def shown_rail(user, path):
    """Return the RailGroups of a person who is at an address: the group they are in stands open."""
    groups = rail_of(user)
    few = sum(len(links) for _label, _icon, links in groups) <= RAIL_LINKS_AT_ONCE
    here = max(
        (url for _label, _icon, links in groups for _text, url in links if path.startswith(url)),
        key=len,
        default="",
    )
    part = "" if here else _part_of(path)
    return [
        RailGroup(label, icon, links, few or label == part or here in [url for _text, url in links], not few)
        for label, icon, links in groups
    ]


def _part_of(path):
    """Return the part of the work an address without a list in the rail belongs to, or ''."""
    slug = path.strip("/").partition("/")[0]
    under = next((one.under for one in RECORDS.values() if one.slug == slug), "")
    if under in LISTINGS and (rail := LISTINGS[under].rail):
        return rail[0]
    positions = [one.tab_position for one in tabs() if one.name == under]
    positions += [position for position, name, *_rest in PLACE_PAGES if name == under]
    return str(TAB_GROUPS[positions[0] // 10]) if positions else ""


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
        "rail": SimpleLazyObject(lambda: shown_rail(user, request.path)),
        "studies_to_switch": SimpleLazyObject(lambda: _studies(user)),
        "last_study": SimpleLazyObject(lambda: _last_study(request)),
        "unread_notices": SimpleLazyObject(lambda: Notice.objects.unread_of(user).count()),
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
    active = "" if where is record else _tab_of(record)
    return {
        "study": study,
        "where": where,
        "where_url": overview_url(request.user, study) if where is study else declaration.url(where),
        "where_tabs": _tab_groups(request.user, where, declaration),
        "crumbs": _crumbs(request.user, record, study),
        "active_tab": active,
        "today": timezone.localdate(),
        "header_dates": SimpleLazyObject(
            lambda: [one for dates in HEADER_DATES for one in dates(request.user, study)]
        ),
    }


def tabs_of(user, where, declaration):
    """Return [(name, label, url)] of the listings and pages this person may open in a place, in their order."""
    return [tab for _position, tab in _positioned_tabs(user, where, declaration)]


def _positioned_tabs(user, where, declaration):
    level = type(where).__name__
    found = [
        (one.tab_position, one.name, str(one.tab))
        for one in tabs()
        if level in one.tab_at and one.may_open(user)
    ]
    found += [
        (position, name, str(label))
        for position, name, label, permission, *only in PLACE_PAGES
        if user.has_perm(permission, where) and level in (only or [level])
    ]
    return [
        (position, (name, label, declaration.url(where, name))) for position, name, label in sorted(found)
    ]


def _tab_groups(user, where, declaration):
    groups: dict[int, list[tuple[str, str, str]]] = {}
    for position, tab in _positioned_tabs(user, where, declaration):
        groups.setdefault(position // 10, []).append(tab)
    return [TabGroup(str(TAB_GROUPS[tens]), of_group) for tens, of_group in groups.items()]


def _tab_of(record):
    """Return the name of the tab a record is listed in, else of the one it belongs under, or ''."""
    declaration = record_for(record)
    return tab_of(declaration) if declaration else ""


def tab_of(declaration):
    """Return the name of the tab the records of a declaration stand under, or ''."""
    own = (listing.name for listing in tabs() if listing.record.model is declaration.model)
    return next(own, declaration.under)


def _crumbs(user, record, study):
    """Return [(label, url)] from the study down to the place of the record."""
    crumbs = [(str(study), overview_url(user, study))]
    for name in ("country", "site"):
        above = getattr(record, name, None)
        if above is not None and record_for(above) and above is not record:
            crumbs.append((str(above), record_for(above).url(above)))
    return crumbs
