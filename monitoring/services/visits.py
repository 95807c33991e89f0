"""Plan visits, name their monitors, record that they took place."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ctms.access.explain import people_who_may, permit, permit_at
from ctms.audit.context import acting_as
from ctms.numbering.models import Series
from ctms.workflow.engine import holding, perform
from monitoring.models import MonitoringVisit, Part, VisitMonitor, VisitStatus


def plan_visit(
    *,
    actor,
    on,
    site,
    visit_type,
    method,
    planned_start_on,
    planned_end_on,
    primary_monitor,
    co_monitors=(),
    purpose="",
    unblinded=False,
):
    """
    Propose a visit with its monitors; its number is the next of its site and type.

    :raises ValidationError: a monitor does not work at the site, or the dates are not in order
    :raises PermissionDenied: the actor may not plan visits here; unblinded ones only within their circle
    """
    permission = "monitoring.add_monitoringvisit"
    permit_at(actor, permission, site.place(), unblinded=unblinded)
    with acting_as(actor):
        visit = MonitoringVisit(
            site=site,
            visit_type=visit_type,
            method=method,
            planned_start_on=planned_start_on,
            planned_end_on=planned_end_on,
            purpose=purpose,
            unblinded=unblinded,
            number=Series.next_of(
                "monitoring-visit", site.pk, visit_type, "unblinded" if unblinded else "blinded"
            ),
        )
        visit.full_clean()
        visit.save()
        _name_monitors(visit, primary_monitor, co_monitors, on)
        return perform(visit, "plan", actor=actor)


def change_monitors(*, actor, on, visit, primary_monitor, co_monitors=(), reason):
    """Name other monitors of a visit that has not taken place."""
    permit(actor, "monitoring.change_monitoringvisit", visit)
    with holding(visit, actor=actor, reason=reason) as locked:
        if locked.status == VisitStatus.CONDUCTED:
            raise ValidationError(_("The visit has taken place; its monitors are who was there."))
        VisitMonitor.objects.visible_to(actor).filter(visit=locked).delete()
        _name_monitors(locked, primary_monitor, co_monitors, on)
    return locked


def _name_monitors(visit, primary, others, on):
    able = people_who_may("monitoring.write_report", visit, on)
    for user, part in [
        (primary, Part.PRIMARY),
        *((other, Part.CO_MONITOR) for other in others if other != primary),
    ]:
        if user not in able:
            raise ValidationError(
                {
                    "primary_monitor" if part == Part.PRIMARY else "co_monitors": _(
                        "%(name)s does not monitor this site%(circle)s."
                    )
                    % {"name": user, "circle": _(" in the unblinded circle") if visit.unblinded else ""}
                }
            )
        VisitMonitor.objects.create(visit=visit, user=user, part=part)


def conduct_visit(*, actor, visit, started_on, ended_on, reason="", version=None):
    """Record on which days a visit took place; its report opens with it."""
    with acting_as(actor, reason=reason or _("Visit conducted")):
        if started_on > ended_on:
            raise ValidationError({"started_on": _("The last day lies before the first.")})
        locked = MonitoringVisit.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=visit.pk)
        if locked.status in ("PLANNED", "CONFIRMED"):
            locked.actual_start_on, locked.actual_end_on = started_on, ended_on
            if version is None or version == locked.version:
                locked.save()
                version = None if version is None else locked.version
        return perform(locked, "conduct", actor=actor, reason=reason, happened_on=ended_on, version=version)


def set_actual_days(visit, move):
    """Effect of conducting: a visit whose days were not given one by one took place on its last day."""
    visit.actual_end_on = move.happened_on
    if visit.actual_start_on is None:
        span = visit.planned_end_on - visit.planned_start_on
        visit.actual_start_on = move.happened_on - span
