"""Who may write in a report, and writing in it: while it is a draft, its visit's monitors alone."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from ctms.access.explain import why_not
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import holding
from monitoring.models import MonitoringReport, ReportStatus


def why_no_writer(actor, report):
    """Return why `actor` does not write this report, in whatever state it is, or ''."""
    if not actor.has_perm("monitoring.write_report", report):
        return why_not(actor, "monitoring.write_report")
    if not report.visit.was_monitored_by(actor):
        return _("Only the monitors of the visit write its report.")
    return ""


def may_write(actor, report):
    """Return why `actor` may not write this report now, or ''."""
    if refusal := why_no_writer(actor, report):
        return refusal
    if report.status != ReportStatus.DRAFT:
        return _("The report is %(state)s and not written in.") % {
            "state": report.get_status_display().lower()
        }
    return ""


def write_before(locked, version):
    """
    Save what is written together with a move, unless somebody changed the record meanwhile: then the move says so.

    :param version: the one the person looked at; None = whichever there is
    :returns: the version the move is to find
    """
    if version is not None and version != locked.version:
        return version
    locked.save()
    return None if version is None else locked.version


def writing(actor, report):
    """Return the report locked for writing, as a context; see `holding`."""
    current = MonitoringReport.objects.visible_to(actor).filter(pk=report.pk).select_related("visit").first()
    if current is None:
        raise PermissionDenied(_("There is no such report that you may see."))
    if refusal := may_write(actor, current):
        if current.status != ReportStatus.DRAFT:
            raise TransitionRefused(refusal, conflict=True)
        raise PermissionDenied(refusal)
    return holding(current, actor=actor)
