"""Training in Good Clinical Practice that runs out: 90, 60 and 30 days before, and on the day (sites.md 2.6)."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.access.explain import people_who_may
from ctms.notices.reminders import Due, Reminder
from studies.models import SiteStatus

from .models import SiteStaff

AHEAD_DAYS = (0, 30, 60, 90)
OVER = (SiteStatus.CLOSED, SiteStatus.DROPPED, SiteStatus.NOT_SELECTED)


class GcpExpires(Reminder):
    name = "gcp-expires"
    sentence = gettext_lazy(
        "Training in Good Clinical Practice at a site runs out, 90, 60 and 30 days before"
    )
    duty = False  # ahead of time; on the day it is one
    permission = "sites.change_sitestaff"

    @classmethod
    def due(cls, on):
        soon = SiteStaff.objects.on(on).filter(gcp_expires_on__lte=on + timedelta(days=max(AHEAD_DAYS)))
        rows = soon.exclude(site__status__in=OVER).select_related("person", "site", "study")
        for member in rows.order_by("gcp_expires_on", "pk"):
            days = (member.gcp_expires_on - on).days
            stage = min((ahead for ahead in AHEAD_DAYS if days <= ahead), default=0)
            text = _("GCP training of %(who)s, site %(site)s, expires on %(day)s.")
            if days < 0:
                text = _("GCP training of %(who)s, site %(site)s, expired on %(day)s.")
            yield Due(
                record=member,
                people=tuple(people_who_may(cls.permission, member, on)),
                text=text
                % {
                    "who": member.person,
                    "site": member.site.number,
                    "day": member.gcp_expires_on.strftime("%-d %b %Y"),
                },
                # Training that was renewed is reminded of anew.
                key=f"{stage}/{member.gcp_expires_on.isoformat()}",
                duty=stage == 0,
            )
