"""Make a milestone, or bring its dates up to date, from a row somebody wrote down elsewhere."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from ctms.access.access import access_of
from ctms.access.explain import why_not
from ctms.access.scoping import everything
from ctms.accounts.models import SYSTEM
from ctms.audit.context import acting_as
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import perform
from studies.models import Milestone, MilestoneStatus


def put_milestone(*, actor, milestone, values, actual_on=None, reason):
    """
    Write what differs; returns True if anything did.

    :param milestone: the milestone there is, or an unsaved one with its place and name
    :param values: only what is stated; a date that is not stated stays as it is
    :raises PermissionDenied: the actor may not make or change milestones there
    :raises TransitionRefused: the actual date cannot be recorded, with a sentence
    :raises ValidationError: with the field it belongs to
    """
    changed = {name: value for name, value in values.items() if getattr(milestone, name) != value}
    is_new = milestone.pk is None
    if is_new or changed:
        _permit(actor, milestone, is_new=is_new)
        for name, value in changed.items():
            setattr(milestone, name, value)
        if "planned_on" in changed:
            milestone.planned_precision = "DAY"
        with acting_as(actor, reason=reason):
            milestone.full_clean()
            milestone.save()
    recorded = actual_on is not None and _record(actor, milestone, actual_on, reason)
    return bool(is_new or changed or recorded)


def _permit(actor, milestone, *, is_new):
    if actor.username == SYSTEM:
        return
    milestone.fill_place()
    if is_new:
        permission = "studies.add_milestone"
        allowed = access_of(actor).allows_at(permission, milestone.place())
    else:
        permission = "studies.change_milestone"
        allowed = actor.has_perm(permission, milestone)
    if not allowed:
        raise PermissionDenied(why_not(actor, permission))


def _record(actor, milestone, actual_on, reason):
    """Record through the workflow that the day has come; a day recorded before is not overwritten by a sheet."""
    if milestone.status == MilestoneStatus.COMPLETED:
        if (milestone.actual_on, milestone.actual_precision) == (actual_on, "DAY"):
            return False
        raise TransitionRefused(
            _("The milestone was reached on %s already; reopen it to change that.") % milestone.actual
        )
    perform(milestone, "complete", actor=actor, reason=reason, happened_on=actual_on)
    return True


def milestones_by_name(study):
    """Return the milestones of a study by (name in small letters, country id, site id)."""
    with everything("a row is matched with all milestones of its study"):
        rows = list(Milestone.objects.filter(study=study).select_related("country", "site").order_by("-pk"))
    return {(row.name.casefold(), row.country_id, row.site_id): row for row in rows}
