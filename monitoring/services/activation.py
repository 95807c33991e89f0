"""What monitoring asks before a site may screen: somebody trained it, and said so in a report."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.access.scoping import everything
from monitoring.models import MonitoringReport, MonitoringVisit, ReportStatus, VisitStatus, VisitType
from studies.workflows import ActivationRequirement

NO_VISIT = gettext_lazy("No initiation visit was conducted.")


def without_initiation(sites):
    """
    Return what is missing of the initiation visits: {id of a site: sentences}.

    An unblinded visit is nobody's to tell of here. One taken over from before this system has its report elsewhere.
    """
    with everything("whether a site was initiated is part of its activation"):
        visits = MonitoringVisit.objects.filter(
            site__in=[site.pk for site in sites],
            visit_type=VisitType.INITIATION,
            unblinded=False,
            status=VisitStatus.CONDUCTED,
        )
        conducted = list(visits.values_list("site", "pk"))
        reports = MonitoringReport.objects.filter(visit__in=[visit for _site, visit in conducted])
        drafts = set(reports.filter(status=ReportStatus.DRAFT).values_list("visit_id", flat=True))
    visited = {site for site, _visit in conducted}
    reported = {site for site, visit in conducted if visit not in drafts}
    return {site.pk: _missing(site.pk in visited, site.pk in reported) for site in sites}


def _missing(visited, reported):
    if not visited:
        return [NO_VISIT]
    return [] if reported else [_("The report of the initiation visit is not submitted.")]


def doubt_initiation(site):
    """Return why a site is not initiated yet, or '': a visit makes it so, its report may follow."""
    missing = without_initiation([site])[site.pk]
    return str(NO_VISIT) if missing == [NO_VISIT] else ""


INITIATION = ActivationRequirement.asked_of_many(
    "Initiation visit conducted and reported", without_initiation, tab="monitoring-visits"
)
