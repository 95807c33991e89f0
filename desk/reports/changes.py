"""What changed between two cuts of a study, and what lies ahead of one: sentences and dated lines."""

from django.utils.translation import gettext as _

from ctms.pages.columns import as_text
from ctms.pages.record import url_of
from ctms.reports.declare import iso
from documents.models import OUTSTANDING
from monitoring.models import NO_DEVIATION, STILL_OPEN, Importance, VisitStatus
from studies.models import MilestoneStatus, SiteStatus

from .on_record import file_number

SHOWN_AHEAD = 6


def changes_between(before, now):
    """Return the sentences on what changed: what is most read first."""
    return [*_milestones(before, now), *_sites(before, now), *_numbers(before, now)]


def _milestones(before, now):
    known = {one.pk: one for one in before.milestones}
    for one in sorted(now.milestones, key=lambda one: (one.planned_on or now.cut.on, one.pk)):
        former = known.get(one.pk)
        if one.actual_on and not (former and former.actual_on):
            yield _("%(what)s: reached on %(day)s.") % {"what": one.name, "day": one.actual}
        elif former and former.planned_on and one.planned_on and former.planned_on != one.planned_on:
            days = (one.planned_on - former.planned_on).days
            yield _("%(what)s: moved from %(from)s to %(to)s (%(days)+d days).") % {
                "what": one.name, "from": former.planned, "to": one.planned, "days": days,
            }  # fmt: skip


def _sites(before, now):
    for pk, site in now.spine.sites.items():
        former = before.spine.sites.get(pk)
        if former is None:
            yield _("%(site)s: new.") % {"site": site}
        elif former.status != site.status:
            yield _("%(site)s: %(from)s → %(to)s.") % {
                "site": site,
                "from": SiteStatus(former.status).label,
                "to": SiteStatus(site.status).label,
            }


def _numbers(before, now):
    for label, count in (
        (_("enrolled"), lambda one: one.total.enrolled),
        (_("screened"), lambda one: one.total.screened),
        (_("visits conducted"), _conducted),
        (_("visit reports approved"), _approved),
        (_("deviations recorded"), _deviations),
        (_("important deviations"), _important),
    ):
        then, today = count(before), count(now)
        if then != today:
            yield _("%(change)+d %(what)s (%(then)d → %(now)d).") % {
                "change": today - then, "what": label, "then": then, "now": today,
            }  # fmt: skip
    if now.expected is not None and file_number(before.completeness) != file_number(now.completeness):
        yield _("File: %(then)s → %(now)s of what is due.") % {
            "then": file_number(before.completeness), "now": file_number(now.completeness),
        }  # fmt: skip


def _conducted(record):
    return sum(1 for one in record.visits or () if one.conducted_by(record.cut.on))


def _approved(record):
    return sum(1 for one in record.visits or () if one.report and one.report.approved_on)


def _deviations(record):
    return sum(1 for one in record.deviations or () if one.status not in NO_DEVIATION)


def _important(record):
    return sum(1 for one in record.deviations or () if one.importance == Importance.IMPORTANT)


def ahead_of(record, until):
    """Return what is planned or due up to a day: the first few with their day, and how many more there are."""
    on = record.cut.on
    lines = sorted(_ahead(record, on, until), key=lambda line: (line["on"], line["what"]))
    shown = lines[:SHOWN_AHEAD]
    return {
        "until": iso(until),
        "items": shown,
        "more": len(lines) - len(shown),
        "due": _falling_due(record, on, until),
    }


def _ahead(record, on, until):
    for one in record.milestones:
        if one.status == MilestoneStatus.PLANNED and one.planned_on and on < one.planned_on <= until:
            place = one.site or one.country
            what = f"{one.name} · {place}" if place else one.name
            yield {"on": iso(one.planned_on), "what": what, "url": url_of(one)}
    for one in record.visits or ():
        waiting = one.visit.status in (VisitStatus.PROPOSED, VisitStatus.PLANNED, VisitStatus.CONFIRMED)
        if waiting and on < one.visit.planned_start_on <= until:
            what = f"{one.visit.label} · {one.visit.site} · {one.owner}"
            yield {"on": iso(one.visit.planned_start_on), "what": what, "url": url_of(one.visit)}


def _falling_due(record, on, until):
    """Return the sentences on what falls due, of what nobody reads line by line here."""
    papers = sum(
        1 for one in record.expected or ()
        if one.status in OUTSTANDING and one.due_on is not None and on <= one.due_on <= until
    )  # fmt: skip
    items = sum(1 for one in record.items or () if one.status in STILL_OPEN and on <= one.due_on <= until)
    found = []
    if papers:
        found.append(_("Expected documents falling due: %(count)s.") % {"count": as_text(papers)})
    if items:
        found.append(_("Action items falling due: %(count)s.") % {"count": as_text(items)})
    return found
