"""Who may, and why somebody may not: the sentence that goes with a 403."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from .access import GRANT_SOURCES, Grant, access_of, may_know
from .roles import LABELS, ROLES, roles_giving
from .scoping import scope_of


def why_not(user, permission):
    """Return a sentence for a person who sees a record but may not do this to it."""
    may = roles_giving(permission)
    mine = ", ".join(sorted(LABELS[role] for role in access_of(user).roles)) or _("no role")
    if not may:
        return _("Nobody has the right to do this.")
    return _("You are here as %(mine)s; this is for: %(may)s.") % {"mine": mine, "may": ", ".join(may)}


def permit(actor, permission, record=None):
    """Raise PermissionDenied, with the sentence, unless the actor may do this: to the record, or at all."""
    if not actor.has_perm(permission, record):
        raise PermissionDenied(why_not(actor, permission))


def permit_at(actor, permission, place, *, unblinded=False):
    """The same for a record there is not yet: would one at this place be the actor's to make?"""
    if not access_of(actor).allows_at(permission, place, unblinded=unblinded):
        raise PermissionDenied(why_not(actor, permission))


def unseen_is_refused(user):
    """
    True if this person is told of a refusal as of something that is not there.

    A sponsor does not learn which rooms the house has, nor which roles: what was not published is unseen.
    """
    return access_of(user).published_only


def ended_assignment(user, record, permission, on):
    """
    Return the sentence about the person's latest assignment that showed them `record` and has ended, or ''.

    Only one that would show it still: whoever never knew of an unblinded visit does not learn of it by leaving.
    """
    scope = scope_of(type(record))
    for source in GRANT_SOURCES:
        for ended in source.ended_at(user, record.place(), on) if hasattr(source, "ended_at") else ():
            grant = Grant(ended.role, unblinded=ended.unblinded)
            if not (grant.gives((permission,)) and may_know(grant, scope, record)):
                continue
            return _("Your assignment (%(role)s) here ended on %(day)s.") % {
                "role": ended.get_role_display(),
                "day": ended.ends_on.strftime("%-d %b %Y"),
            }
    return ""


def colleagues_who_may(user, permission, on, *, study=None):
    """
    Return the ids of the people who may do this somewhere in the studies `user` works in, or in one of them.

    For choices in forms: whoever works nowhere near is not named, sponsors of other studies least of all.
    """
    roles = [role for role, permissions in ROLES.items() if permission in permissions]
    studies = {grant.study for grant in access_of(user).grants if grant.study is not None}
    if study is not None:
        studies &= {study}
    found = set()
    for source in GRANT_SOURCES:
        if hasattr(source, "of_roles"):
            found.update(source.of_roles(roles, studies, on))
    return found


def people_who_may(permission, record, on):
    """
    Return the people whose live assignment covers the record and carries the permission, by name.

    Blinding, publishing and drafts are part of the answer: nobody is named who may not know of the record.
    """
    scope, found = scope_of(type(record)), {}
    for source in GRANT_SOURCES:
        for assignment in source.covering(record.place(), on):
            grant = Grant(assignment.role, unblinded=assignment.unblinded)
            if permission in ROLES[assignment.role] and may_know(grant, scope, record):
                found[assignment.user_id] = assignment.user
    return sorted(found.values(), key=str)
