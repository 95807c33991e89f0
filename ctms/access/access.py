"""What one person may see and do today, read once a request and asked without a query."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache, cached_property
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from ctms.calendar.zones import zone_named

from .roles import FINAL_ONLY, FROM_OUTSIDE, PUBLISHED_ONLY, ROLES, TIME_BOXED


class Publishing(Enum):
    """Whether published-only roles (sponsor) see the rows of a model."""

    NEVER = "never"
    ALWAYS = "always"
    BY_ROW = "by its published column"


def is_reading(permission):
    """True if a permission lets one see: what lies above one's place is seen from below, and never changed."""
    return permission.rpartition(".")[2].startswith("view_")


@dataclass(frozen=True)
class Place:
    """Where a record lies: ids of study, country of the study, site; None above it."""

    study: int | None = None
    country: int | None = None
    site: int | None = None

    @property
    def level(self):
        """Return what this is the place of: `site`, `country` or `study`."""
        for name in ("site", "country", "study"):
            if getattr(self, name) is not None:
                return name
        raise ValueError("This lies above every study.")

    def lookup(self):
        """Return the argument of `filter` that keeps what lies at this place and below it."""
        return {self.level: getattr(self, self.level)}


@dataclass(frozen=True)
class Grant:
    """One live assignment. Without a study it holds in every study (portfolio)."""

    role: str
    study: int | None = None
    country: int | None = None
    site: int | None = None
    unblinded: bool = False

    def gives(self, permissions):
        return ROLES[self.role].issuperset(permissions)

    @property
    def published_only(self):
        return self.role in PUBLISHED_ONLY

    @property
    def final_only(self):
        return self.role in FINAL_ONLY

    def covers(self, place):
        """True if `place` lies at or below this grant."""
        if self.study is None:
            return True
        if self.site is not None:
            return place.site == self.site
        if self.country is not None:
            return place.country == self.country
        return place.study == self.study

    def lies_below(self, place):
        """True if this grant lies somewhere below `place`."""
        if place.study is None or place.study != self.study or place.site is not None:
            return False
        return place.country is None or place.country == self.country


@dataclass(frozen=True)
class Access:
    """A person's live grants."""

    grants: tuple[Grant, ...] = ()

    def allows(self, permission, record):
        """True if one live grant covers the record's place, may do this and may know of the row."""
        from .scoping import scope_of

        scope = scope_of(type(record))
        place = record.place()
        from_below = scope.seen_from_below and is_reading(permission)
        return any(
            (grant.covers(place) or (from_below and grant.lies_below(place)))
            and may_know(grant, scope, record)
            for grant in self.grants
            if grant.gives((permission,))
        )

    def allows_at(self, permission, place, *, unblinded=False):
        """True if a new row at `place` would be this person's to make."""
        return any(
            grant.covers(place) and (grant.unblinded or not unblinded)
            for grant in self.grants
            if grant.gives((permission,))
        )

    def anywhere(self, permission):
        """True if any live grant carries the permission, wherever it lies: for menus and global records."""
        return any(grant.gives((permission,)) for grant in self.grants)

    @cached_property
    def circles(self):
        """The studies this person is unblinded in; None among them stands for every one."""
        return frozenset(grant.study for grant in self.grants if grant.unblinded)

    def is_unblinded_in(self, study_id):
        return not self.circles.isdisjoint({None, study_id})

    @cached_property
    def is_in_a_circle(self):
        """True if this person may know of unblinded records somewhere: nobody else is asked about them."""
        return bool(self.circles)

    def is_unblinded_with(self, permission):
        """True if this person holds the permission in a circle somewhere."""
        return any(grant.unblinded and grant.gives((permission,)) for grant in self.grants)

    @cached_property
    def roles(self):
        return frozenset(grant.role for grant in self.grants)

    @property
    def published_only(self):
        """True if this person is here for nothing but what was published to them."""
        return bool(self.grants) and self.roles <= PUBLISHED_ONLY

    @cached_property
    def from_outside(self):
        """The grants this person holds as somebody from outside the house, whose reading is logged."""
        return tuple(grant for grant in self.grants if grant.role in FROM_OUTSIDE)

    def outside_studies(self):
        """Return the ids of the studies this person looks into from outside."""
        return sorted({grant.study for grant in self.from_outside if grant.study is not None})

    def outside_role(self, study_id):
        """Return the role in which this person looks into a study from outside, or ''."""
        return next((g.role for g in self.from_outside if study_id is None or g.study == study_id), "")

    @property
    def time_boxed_only(self):
        """True if this person is here for an inspection and nothing else."""
        return bool(self.grants) and self.roles <= TIME_BOXED

    def rows(self, scope, permissions):
        """Return the condition that keeps the rows of `scope` this person may see."""
        condition = None
        by_kind: dict[tuple[bool, bool, bool], list[Grant]] = {}
        for grant in self.grants:
            if grant.gives(permissions):
                kind = (grant.unblinded, grant.published_only, grant.final_only)
                by_kind.setdefault(kind, []).append(grant)
        for (unblinded, published_only, final_only), grants in by_kind.items():
            found = _known(scope, unblinded=unblinded, published_only=published_only, final_only=final_only)
            if found is None:
                continue
            from_below = scope.seen_from_below and all(is_reading(each) for each in permissions)
            found &= _placed(scope, grants, from_below=from_below)
            condition = found if condition is None else condition | found
        return Q(pk__in=[]) if condition is None else condition


def may_know(grant, scope, record):
    """True if blinding, publishing and drafts leave a record to whoever holds this grant."""
    if scope.unblinded and record.unblinded and not grant.unblinded:
        return False
    if grant.final_only and any(_value(record, path) not in states for path, states in scope.final):
        return False
    if not grant.published_only:
        return True
    return scope.publishing is Publishing.ALWAYS or (
        scope.publishing is Publishing.BY_ROW and record.published
    )


def _value(record, path):
    for part in path.split("__"):
        record = getattr(record, part, None)
    return record


def _known(scope, *, unblinded, published_only, final_only):
    """Return the condition of blinding, publishing and drafts, or None if nothing may be known."""
    condition = Q()
    if scope.unblinded and not unblinded:
        condition &= Q(**dict.fromkeys(scope.blinded_by, False))
    if published_only:
        if scope.publishing is Publishing.NEVER:
            return None
        if scope.publishing is Publishing.BY_ROW:
            condition &= Q(published=True)
    if final_only:
        for path, states in scope.final:
            condition &= Q(**{f"{path}__in": states})
    return condition


def _placed(scope, grants: Iterable[Grant], *, from_below):
    """Return the condition of place: literal ids on indexed columns, joined by OR."""
    grants = list(grants)
    if any(grant.study is None for grant in grants):
        return Q()
    columns = scope.columns
    studies = sorted(
        {g.study for g in grants if g.study is not None and g.country is None and g.site is None}
    )
    countries = sorted({g.country for g in grants if g.country is not None and g.site is None})
    sites = sorted({g.site for g in grants if g.site is not None})
    parts = []
    for place, ids in (("study", studies), ("country", countries), ("site", sites)):
        if ids and place in columns:
            parts.append(Q(**{f"{columns[place]}__in": ids}))
    if from_below:
        parts.extend(_above(columns, [g for g in grants if g.country is not None]))
    if not parts:
        return Q(pk__in=[])
    condition = parts[0]
    for part in parts[1:]:
        condition |= part
    return condition


def _above(columns, grants):
    """Rows above a country or site grant: those of its country, and those of its study that lie in no country."""
    if not grants:
        return
    no_site = Q(**{f"{columns['site']}__isnull": True}) if "site" in columns else Q()
    if columns.get("site") in ("pk", "pgh_obj"):
        return
    if "country" in columns:
        countries = sorted({g.country for g in grants})
        yield Q(**{f"{columns['country']}__in": countries}) & no_site
        if columns["country"] in ("pk", "pgh_obj"):
            return
        no_site &= Q(**{f"{columns['country']}__isnull": True})
    yield Q(**{f"{columns['study']}__in": sorted({g.study for g in grants})}) & no_site


# Models whose live rows are grants; each offers `live_grants(user, on)` as a queryset of Grant's columns.
GRANT_SOURCES: list[type[Any]] = []


def grants_access(model):
    """Class decorator: live rows of this model are grants."""
    GRANT_SOURCES.append(model)
    return model


# Nobody's key and no day of ours: they stand in the statement for whose access is asked, and when.
SOMEBODY, SOME_DAY = -1, date.min


@cache
def _statement():
    """Return (SQL, parameters) of the one query over all kinds of assignments: writing it anew took 4 ms a request."""
    sources = [source.live_grants(SOMEBODY, SOME_DAY) for source in GRANT_SOURCES]
    rows = sources[0].union(*sources[1:], all=True) if len(sources) > 1 else sources[0]
    return rows.query.sql_with_params()


def read_access(user, on):
    """Return what `user` may do on the day `on`, from one query over all kinds of assignments."""
    if not (user.is_authenticated and user.is_active):
        return Access()
    sql, parameters = _statement()
    asked = {SOMEBODY: user.pk, SOME_DAY: on}
    with connection.cursor() as cursor:
        cursor.execute(sql, [asked.get(value, value) for value in parameters])
        return Access(tuple(sorted((Grant(*row) for row in cursor.fetchall()), key=repr)))


def access_of(user):
    """
    Return the person's access today, read once and kept on the user object of this request.

    Today is the day where the person is, whoever asks: a job sees no more for them than their pages do.
    """
    access = getattr(user, "_access", None)
    if access is None:
        access = Access()
        if user.is_authenticated:
            access = read_access(user, timezone.localdate(timezone=zone_named(user.time_zone)))
        user._access = access
    return access


def forget_access(user):
    """Read again next time: an assignment of this person has just changed."""
    if hasattr(user, "_access"):
        del user._access
