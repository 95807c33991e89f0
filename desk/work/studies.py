"""What waits of studies and their milestones."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ctms.pages.record import url_of
from studies.models import Milestone
from studies.services.plan_standing import SLIPPED_WITHIN_DAYS, slipped_since

from .items import Section, WorkItem

SHOWN = 8


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


def slipped_this_week(user, on):
    """What was planned later within the last seven days, the longest slip first."""
    if not user.has_perm("studies.change_milestone") and not user.has_perm("studies.view_workload"):
        return None
    since = timezone.now() - timedelta(days=SLIPPED_WITHIN_DAYS)
    slips = slipped_since(user, since)
    items = [
        WorkItem(
            title=str(slip.milestone),
            url=url_of(slip.milestone),
            detail=" · ".join(
                part
                for part in (slip.milestone.study.protocol_number, _place(slip.milestone), slip.reason)
                if part
            ),
            term=ngettext(
                "%(before)s → %(now)s, %(n)d day later", "%(before)s → %(now)s, %(n)d days later", slip.days
            )
            % {
                "before": slip.before.strftime("%-d %b %Y"),
                "now": slip.milestone.planned_on.strftime("%-d %b %Y"),
                "n": slip.days,
            },
            pace="late",
        )
        for slip in slips[:SHOWN]
    ]
    return Section(
        _("Slipped this week"), items, _("No milestone was planned later this week."), total=len(slips)
    )


def _place(milestone):
    place = milestone.site or milestone.country
    return str(place) if place else ""
