"""What the reports of a whole study are made of: everything a reader sees of it, as it was on record at a cut."""

from dataclasses import dataclass
from typing import Any

from documents.calculations import Completeness
from documents.reports import completeness_on_record, expected_on_record
from finance.services.standing import Worth, worth_on_record
from monitoring.models import ActionItem, Deviation
from monitoring.services import VisitOnRecord, visits_on_record
from studies.models import Milestone, StudySite
from studies.services.recorded import Spine, spine_of
from subjects.models import Subject
from subjects.services.enrolment import count_subjects, plan_among
from subjects.services.enrolment_counts import Counts


@dataclass(frozen=True)
class OnRecord:
    """Every room's part of one study; None where the reader has no sight of a room."""

    cut: Any
    spine: Spine
    milestones: list[Milestone]
    counts: dict[int, Counts] | None
    visits: list[VisitOnRecord] | None
    deviations: list[Deviation] | None
    items: list[ActionItem] | None
    expected: list[Any] | None
    worth: list[Worth]
    whole: bool  # the reader sees every site

    @property
    def total(self):
        return sum((self.counts or {}).values(), Counts())

    @property
    def completeness(self):
        return completeness_on_record(self.expected or (), self.cut.on)

    @property
    def plan(self):
        """The plan of enrolment, where the reader sees all it is compared with."""
        return plan_among(self.milestones, self.spine.study.planned_enrolled) if self.whole else None

    def completeness_at(self, site):
        """Return how complete the file of one site is."""
        return completeness_on_record(
            [one for one in self.expected or () if one.site_id == site.pk], self.cut.on
        )


def record_of(cut):
    """Read a study as it was on record; the number of queries does not grow with its rows."""
    spine = spine_of(cut)
    user, study = cut.user, spine.study

    def rows(model, permission):
        return spine.link(cut.rows(model)) if user.has_perm(permission, study) else None

    subjects = rows(Subject, "subjects.view_subject")
    sees_visits = user.has_perm("monitoring.view_monitoringvisit", study)
    sees_file = user.has_perm("documents.view_expecteddocument", study)
    return OnRecord(
        cut=cut,
        spine=spine,
        milestones=spine.link(cut.rows(Milestone)),
        counts=None if subjects is None else count_subjects(subjects, cut.on),
        visits=visits_on_record(cut, spine) if sees_visits else None,
        deviations=rows(Deviation, "monitoring.view_deviation"),
        items=rows(ActionItem, "monitoring.view_actionitem"),
        expected=expected_on_record(cut, spine) if sees_file else None,
        worth=worth_on_record(cut) if user.has_perm("finance.view_budget", study) else [],
        whole=cut.sees_all(StudySite, len(spine.sites)),
    )


def of_number(part, whole):
    """Return such as `3/12`: no part without its whole, a dash where there is none."""
    return f"{part}/{whole}" if whole else "—"


def with_percent(part, whole):
    """Return such as `3/12 (25.0 %)`."""
    return f"{part}/{whole} ({100 * part / whole:.1f} %)" if whole else "—"


def file_number(found: Completeness):
    """Return how complete a file is, as `12/14`; a dash while nothing is due."""
    return of_number(found.settled, found.due)
