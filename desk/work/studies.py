"""What waits of studies and their milestones."""

from django.utils.translation import gettext as _

from ctms.pages.record import url_of
from studies.models import Milestone, Study

from .items import Section, WorkItem


def milestones_due(user, on):
    """The next open milestones of the studies this person plans."""
    if not user.has_perm("studies.change_milestone"):
        return None
    rows = (
        Milestone.objects.visible_to(user, "studies.change_milestone").open().filter(planned_on__isnull=False)
    )
    items = [
        WorkItem(
            title=milestone.name,
            url=url_of(milestone),
            detail=milestone.study.protocol_number,
            term=str(milestone.planned),
            pace="late" if milestone.planned_on < on else "on-time",
        )
        for milestone in rows.select_related("study").order_by("planned_on", "pk")[:10]
    ]
    return Section(_("Milestones"), items, _("No open milestone in your studies."))


def studies_of(user, on):
    """The studies of this person, for whoever plans or reads them."""
    if user.has_perm("monitoring.write_report") or not user.has_perm("studies.view_study"):
        return None
    items = [
        WorkItem(
            title=study.protocol_number,
            url=url_of(study),
            detail=study.short_name,
            term=study.get_status_display(),
        )
        for study in Study.objects.visible_to(user).order_by("protocol_number")[:12]
    ]
    return Section(_("Studies"), items, _("No study is assigned to you yet."))
