"""What a monitor still has to do at a place: asked before an assignment there ends."""

from django.utils.translation import gettext as _

from monitoring.models import MonitoringReport, MonitoringVisit, ReportStatus
from studies.services.team import Duty


def open_duties(*, of, place, seen_by):
    """Return the drafts and the visits ahead of `of` at a place, as far as `seen_by` may know of them."""
    reports = MonitoringReport.objects.visible_to(seen_by).of_monitor(of).filter(status=ReportStatus.DRAFT)
    visits = MonitoringVisit.objects.visible_to(seen_by).of_monitor(of).upcoming()
    where = place.lookup()
    reports = reports.filter(**where).select_related("visit__study", "visit__site__organization")
    visits = visits.filter(**where).select_related("study", "site__organization")
    return [
        *(
            Duty(_("Report to write: %(visit)s") % {"visit": report.visit}, report)
            for report in reports.order_by("pk")
        ),
        *(
            Duty(_("Visit ahead: %(visit)s") % {"visit": visit}, visit)
            for visit in visits.order_by("planned_start_on", "pk")
        ),
    ]
