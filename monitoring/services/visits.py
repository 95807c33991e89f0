"""Plan visits, name their monitors, record that they took place."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ctms.access.explain import people_who_may, permit, permit_at
from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.numbering.models import Series
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import holding, perform, today_at
from monitoring.models import MonitoringVisit, Part, ReportStatus, VisitMonitor, VisitStatus

from .expectations import let_expected_report_follow
from .letters import days_in_words, let_letters_follow, said
from .presence import name_people_met, why_not_these_subjects
from .terms import terms_of
from .writing import write_before


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
    already_past=False,
):
    """
    Propose a visit with its monitors; its number is the next of its site and type.

    :param on: today, for whoever plans
    :param planned_end_on: None = the visit is over on the day it begins
    :param already_past: it is known that its first day is past, as of a visit recorded afterwards
    :raises ValidationError: a monitor does not work at the site or is named twice, the dates are not in order, or the
        first day is past and nobody said that this is known
    :raises PermissionDenied: the actor may not plan visits here; unblinded ones only within their circle
    """
    permission = "monitoring.add_monitoringvisit"
    permit_at(actor, permission, site.place(), unblinded=unblinded)
    if primary_monitor in co_monitors:
        raise ValidationError(
            {"co_monitors": _("%(name)s is the primary monitor already.") % {"name": primary_monitor}}
        )
    if planned_start_on < on and not already_past:
        raise ValidationError(
            {"already_past": _("%(day)s is already past.") % {"day": said(planned_start_on)}}
        )
    with acting_as(actor):
        visit = MonitoringVisit(
            site=site,
            visit_type=visit_type,
            method=method,
            planned_start_on=planned_start_on,
            planned_end_on=planned_end_on or planned_start_on,
            planned_on=on,
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


def conduct_visit(
    *, actor, visit, started_on, ended_on, people_met="", subjects_reviewed="", reason="", version=None
):
    """
    Record on which days a visit took place; its report opens with it.

    :param people_met: whom the monitors met at the site, for the report; more may be named there
    :raises ValidationError: with each field, where days or subjects cannot be
    """
    with acting_as(actor, reason=reason or _("Visit conducted")):
        wrong = why_not_these_days(visit, started_on, ended_on)
        if numbers := why_not_these_subjects(visit.site, subjects_reviewed):
            wrong["subjects_reviewed"] = numbers
        if wrong:
            raise ValidationError(wrong)
        locked = MonitoringVisit.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=visit.pk)
        if locked.status in ("PLANNED", "CONFIRMED"):
            locked.actual_start_on, locked.actual_end_on = started_on, ended_on
            version = write_before(locked, version)
        done = perform(locked, "conduct", actor=actor, reason=reason, happened_on=ended_on, version=version)
        if people_met or subjects_reviewed:
            name_people_met(
                actor=actor, report=done.report, people_met=people_met, subjects_reviewed=subjects_reviewed
            )
        return done


def why_not_these_days(visit, started_on, ended_on):
    """Return {field: why} a visit cannot have taken place on these days, by today where its site is; {} if it can."""
    today, wrong = today_at(visit), {}
    for name, day in (("started_on", started_on), ("ended_on", ended_on)):
        if day > today:
            wrong[name] = _("The date lies in the future.")
    if ended_on < started_on:
        wrong["ended_on"] = _("The last day lies before the first.")
    return wrong


def correct_days(*, actor, visit, started_on, ended_on, reason, version=None):
    """
    Correct on which days a visit took place, while its report is a draft; terms and letters not sent follow.

    :raises TransitionRefused: the report is submitted, or no reason was given
    :raises ValidationError: with each field, where the days cannot be
    """
    if not reason.strip():
        raise TransitionRefused(_("Give a reason."))
    with acting_as(actor, reason=reason):
        if wrong := why_not_these_days(visit, started_on, ended_on):
            raise ValidationError(wrong)
        locked = MonitoringVisit.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=visit.pk)
        before, last_day = days_in_words(locked), locked.last_day
        if has_a_draft(locked):
            locked.actual_start_on, locked.actual_end_on = started_on, ended_on
            version = write_before(locked, version)
        done = perform(
            locked, "correct_days", actor=actor, reason=reason, happened_on=ended_on, version=version
        )
        let_letters_follow(done, before)
        let_expected_report_follow(done, last_day)
        return done


def has_a_draft(visit):
    """True if the visit's report is there and not signed: until then its days may be corrected."""
    with everything("whether the report of a visit in hand is a draft"):
        report = getattr(visit, "report", None)
    return report is not None and report.status == ReportStatus.DRAFT


def keep_corrected_days(visit, move):
    """Effect of correcting: the last day given; whoever knows both days gives both (`correct_days`)."""
    if visit.actual_start_on > move.happened_on:
        raise TransitionRefused(_("The last day lies before the first."))
    before, last_day = days_in_words(visit), visit.last_day
    visit.actual_end_on = move.happened_on
    let_letters_follow(visit, before)
    let_expected_report_follow(visit, last_day)


def said_of_corrected_days(visit, actor):
    """Return what is said after a correction: the days, and when the report is due now."""
    return _("The visit took place %(days)s. Its report is due %(due)s.") % {
        "days": days_in_words(visit),
        "due": said(terms_of(visit)[-1].due_on),
    }


def set_actual_days(visit, move):
    """Effect of conducting: a visit whose days were not given one by one took place on its last day."""
    visit.actual_end_on = move.happened_on
    if visit.actual_start_on is None:
        span = visit.planned_end_on - visit.planned_start_on
        visit.actual_start_on = move.happened_on - span
