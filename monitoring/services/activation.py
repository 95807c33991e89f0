"""What monitoring asks before a site may screen: somebody trained it, and said so in a report."""

from django.utils.translation import gettext as _

from ctms.access.scoping import everything
from monitoring.models import MonitoringReport, MonitoringVisit, ReportStatus, VisitStatus, VisitType
from studies.workflows import ActivationRequirement


def without_initiation(site):
    """Return what is missing of the initiation visit; an unblinded one is nobody's to tell of here."""
    with everything("whether a site was initiated is part of its activation"):
        visits = MonitoringVisit.objects.filter(site=site, visit_type=VisitType.INITIATION, unblinded=False)
        conducted = list(visits.filter(status=VisitStatus.CONDUCTED).values_list("pk", flat=True))
        if not conducted:
            return [_("No initiation visit was conducted.")]
        reports = MonitoringReport.objects.filter(visit__in=conducted)
        drafts = set(reports.filter(status=ReportStatus.DRAFT).values_list("visit_id", flat=True))
    # A visit taken over from before this system has its report elsewhere.
    if drafts >= set(conducted):
        return [_("The report of the initiation visit is not submitted.")]
    return []


INITIATION = ActivationRequirement(
    "Initiation visit conducted and reported", without_initiation, tab="monitoring-visits"
)
