"""Milestones: two weeks before, one week before, and when the day has passed (planning.md 1.6)."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.access.explain import people_who_may
from ctms.notices.reminders import Due, Reminder

from .models import Milestone

AHEAD_DAYS = (7, 14)


class MilestoneDue(Reminder):
    name = "milestone-due"
    sentence = gettext_lazy("The planned day of a milestone comes near, or has passed")
    permission = "studies.change_milestone"

    @classmethod
    def due(cls, on):
        horizon = on + timedelta(days=max(AHEAD_DAYS))
        open_soon = Milestone.objects.open().filter(planned_on__lte=horizon).select_related("study")
        for milestone in open_soon.order_by("planned_on", "pk"):
            stage, text = _stage(milestone, on)
            yield Due(
                record=milestone,
                people=tuple(people_who_may(cls.permission, milestone, on)),
                text=text,
                # A milestone that was planned anew is reminded of anew.
                key=f"{stage}/{milestone.planned_on.isoformat()}",
            )


def _stage(milestone, on):
    words = {"study": milestone.study, "name": milestone.name, "day": milestone.planned}
    days = (milestone.planned_on - on).days
    if days < 0:
        return "late", _("%(study)s: “%(name)s” was planned for %(day)s and has no actual date.") % words
    stage = min(ahead for ahead in AHEAD_DAYS if days <= ahead)
    return str(stage), _("%(study)s: “%(name)s” is planned for %(day)s.") % words
