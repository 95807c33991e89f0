"""Your work: what waits for a person, section by section, most urgent first."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ctms.pages.record import url_of
from studies.models import Milestone


@dataclass(frozen=True)
class WorkItem:
    """One thing to do: the record it is about, what about it, and how it stands."""

    title: str
    url: str
    detail: str = ""
    term: str = ""
    pace: str = ""


@dataclass(frozen=True)
class Section:
    """A kind of work, with the sentence for when there is none."""

    title: str
    items: list[WorkItem] = field(default_factory=list)
    empty: str = ""


def work_of(user, on):
    """Return the sections of a person's first page that concern their roles."""
    return [section for build in SECTIONS if (section := build(user, on)) is not None]


def milestones_due(user, on):
    if not user.has_perm("studies.change_milestone"):
        return None
    rows = Milestone.objects.visible_to(user, "studies.change_milestone").open().filter(planned_on__isnull=False)
    items = [
        WorkItem(
            title=milestone.name,
            url=url_of(milestone),
            detail=str(milestone.study),
            term=str(milestone.planned),
            pace="late" if milestone.planned_on < on else "on-time",
        )
        for milestone in rows.select_related("study").order_by("planned_on", "pk")[:10]
    ]
    return Section(_("Milestones"), items, _("No open milestone in your studies."))


SECTIONS = [milestones_due]
