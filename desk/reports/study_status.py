"""Study status: one page a week. Dates, enrolment, sites, monitoring, file, money; what changed, what comes."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.audit.as_of import remembered_since
from ctms.pages.columns import as_text
from ctms.reports.declare import Report, iso
from studies.models import HoldState, MilestoneKind, MilestoneStatus, StudyStatus

from .changes import ahead_of, changes_between
from .figures import sections_of
from .on_record import record_of

# The dates a study is judged by: the third is the first of these the plan has.
FIRST_TWO = (MilestoneKind.FIRST_SUBJECT_IN, MilestoneKind.LAST_SUBJECT_IN)
THIRD = (
    MilestoneKind.DATABASE_LOCK,
    MilestoneKind.LAST_SUBJECT_LAST_VISIT,
    MilestoneKind.PRIMARY_COMPLETION,
    MilestoneKind.STUDY_COMPLETION,
)
MORE_SLIPPED = 2
WEEK, FORTNIGHT = 7, 14
BAR = 600
# So many changes stand on the page; more of them are counted.
SHOWN = 6


class StudyStatusReport(Report):
    name = "study-status"
    title = gettext_lazy("Study status")
    what_for = gettext_lazy(
        "One page a week: dates, enrolment, sites, monitoring, deviations, file; what changed and what comes."
    )
    permission = "studies.view_study"
    position = 10
    levels = ("Study",)
    template = "desk/reports/_study_status_body.html"
    landscape = False

    @classmethod
    def facts(cls, cut):
        record = record_of(cut)
        return {
            "header": _header(record.spine.study),
            "dates": [_date(one, cut.on) for one in dates_that_matter(record.milestones)],
            "enrolment": _curve_of(record),
            "sections": sections_of(record),
            "changes": _changes(record, cut.days_before(WEEK)),
            "ahead": ahead_of(record, cut.on + timedelta(days=FORTNIGHT)),
        }

    @classmethod
    def reading(cls, content):
        """Return the bar, and the sections in two columns of about the same height."""
        halves: tuple[list, list] = ([], [])
        for section in content["sections"]:
            shorter = min(halves, key=lambda half: sum(len(one["rows"]) + 2 for one in half))
            shorter.append(section)
        return {"halves": halves, "curve": _bar(content["enrolment"])}

    @classmethod
    def sheet(cls, content):
        titles = [_("Section"), _("Figure"), _("Value"), _("Definition")]
        lines = [
            [section["title"], row["label"], row["value"], row["definition"]]
            for section in content["sections"]
            for row in section["rows"]
        ]
        lines += [
            [_("Dates"), one["name"], as_text(one["actual"] or one["planned"]), ""]
            for one in content["dates"]
        ]
        lines += [[_("Changed"), one, "", ""] for one in content["changes"]["sentences"]]
        lines += [[_("Ahead"), one["what"], one["on"], ""] for one in content["ahead"]["items"]]
        return titles, ["text"] * len(titles), lines


def _header(study):
    return {
        "title": study.title,
        "sponsor": study.sponsor.name if study.sponsor else "",
        "phase": study.get_phase_display() if study.phase else "",
        "state": str(StudyStatus(study.status).label),
        "hold": str(HoldState(study.hold).label) if study.hold != HoldState.NONE else "",
    }


def dates_that_matter(milestones):
    """
    Return the three milestones of the study itself that it is judged by, as far as its plan has them.

    Behind them stand those ahead that slipped most: one of them may be why the study is at risk.
    """
    own = [
        one for one in milestones if one.country_id is None and one.status != MilestoneStatus.NOT_APPLICABLE
    ]
    by_kind = {one.kind: one for one in sorted(own, key=lambda one: -one.pk)}
    third = next((kind for kind in THIRD if kind in by_kind), None)
    judged_by = [by_kind[kind] for kind in (*FIRST_TWO, third) if kind in by_kind]
    slipped = [one for one in own if one not in judged_by and _has_slipped(one)]
    return [*judged_by, *sorted(slipped, key=lambda one: (-one.slippage_days, one.pk))[:MORE_SLIPPED]]


def _has_slipped(milestone):
    return milestone.status == MilestoneStatus.PLANNED and (milestone.slippage_days or 0) > 0


def _date(one, on):
    late = one.actual_on is None and one.planned_on is not None and one.planned_on < on
    return {
        "name": one.name,
        "baseline": iso(one.baseline_on),
        "planned": str(one.planned) if one.planned else None,
        "actual": str(one.actual) if one.actual else None,
        "slippage": one.slippage_days,
        "late": late,
    }


def _curve_of(record):
    """Return enrolment against its plan, for the bar; None where the reader does not see all of it."""
    planned = record.spine.study.planned_enrolled
    if record.counts is None or not record.whole or not planned:
        return None
    plan = record.plan
    return {
        "enrolled": record.total.enrolled,
        "planned": planned,
        "plan_to_date": plan.by(record.cut.on) if plan else None,
    }


def _bar(enrolment):
    """Return where the bar ends and where the plan stands on it, and the same in words."""
    if enrolment is None:
        return None
    enrolled, planned, to_date = (enrolment[name] for name in ("enrolled", "planned", "plan_to_date"))
    most = max(enrolled, planned)
    label = _("%(n)d of %(planned)d enrolled") % {"n": enrolled, "planned": planned}
    if to_date is not None:
        label = _("%(label)s; %(plan)d planned by this day") % {"label": label, "plan": to_date}
    return {
        "label": label,
        "enrolled": round(BAR * enrolled / most),
        "plan": None if to_date is None else min(round(BAR * to_date / most), BAR - 2),
    }


def _changes(record, earlier):
    """Return what changed in the week before, as sentences; or why it is not known."""
    since = remembered_since(record.spine.study)
    if since is None or earlier.moment <= since:
        unknown = _("A week before, nothing of this study was on record here: what changed cannot be said.")
        return {"since": iso(earlier.on), "sentences": [], "unknown": unknown, "more": 0}
    sentences = changes_between(record_of(earlier), record)
    shown = sentences[:SHOWN]
    return {"since": iso(earlier.on), "sentences": shown, "unknown": "", "more": len(sentences) - len(shown)}
