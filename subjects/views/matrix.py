"""Subjects by visits: one row a subject, one column a planned visit, one symbol and word a cell."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone

from ctms.access.explain import permit
from ctms.pages.listing import BoundedPaginator
from ctms.pages.record import RECORDS
from ctms.pages.views import place_context
from studies.models import PlannedVisit, StudySite
from subjects.calculations import Standing, standing_on
from subjects.forms import MatrixFilters
from subjects.models import SubjectVisit, SubjectVisitStatus
from subjects.pages import SubjectRecord, Subjects

PER_PAGE = 25
SITES_AT = {"Study": "study", "StudyCountry": "country", "StudySite": "pk"}


@dataclass(frozen=True)
class Cell:
    """A visit in the matrix; without one the cell is empty."""

    planned: PlannedVisit
    visit: SubjectVisit | None = None
    standing: Standing | None = None

    @property
    def day(self):
        return (self.visit.occurred_on or self.visit.target_on) if self.visit else None


@dataclass(frozen=True)
class Row:
    subject: object
    cells: list
    unscheduled: int


@login_required
def matrix(request, pk, kind):
    """Show the matrix of a study, a country or a site; a constant number of queries whatever it holds."""
    place = RECORDS[f"studies.{kind}"].get(request.user, pk)
    for permission in ("subjects.view_subject", "subjects.view_subjectvisit"):
        permit(request.user, permission)
    study_id = place.pk if kind == "Study" else place.study_id
    sites = StudySite.objects.visible_to(request.user).filter(**{SITES_AT[kind]: pk})
    filters = MatrixFilters(request.GET, sites=sites.select_related("organization").order_by("number", "pk"))
    subjects = Subjects.at(SubjectRecord.rows(request.user), place)
    chosen = filters.cleaned_data if filters.is_valid() else {}
    subjects = subjects.filter(**{name: value for name, value in chosen.items() if value})
    page = BoundedPaginator(subjects, PER_PAGE).get_page(request.GET.get("page"))
    planned, rows = rows_of(request.user, study_id, list(page), timezone.localdate())
    context = {
        "place": place,
        "filters": filters,
        "page": page,
        "planned": planned,
        "rows": rows,
        "standings": [one for one in Standing if one is not Standing.VOIDED],
        **place_context(request, place),
        "active_tab": "subject-matrix",
    }
    return render(request, "subjects/matrix.html", context)


def rows_of(user, study_id, subjects, on):
    """Return (planned visits, rows): what the person sees of the visits of these subjects."""
    visits = SubjectVisit.objects.visible_to(user).filter(subject__in=subjects)
    found, unscheduled, used = {}, {}, set()
    for visit in visits.exclude(status=SubjectVisitStatus.VOIDED):
        if visit.planned_visit_id is None:
            unscheduled[visit.subject_id] = unscheduled.get(visit.subject_id, 0) + 1
        else:
            found[visit.subject_id, visit.planned_visit_id] = visit
            used.add(visit.planned_visit_id)
    plan = PlannedVisit.objects.visible_to(user).filter(study=study_id).order_by("sequence", "pk")
    planned = [one for one in plan if one.pk in used or not one.retired]
    rows = [
        Row(
            subject,
            [_cell(one, found.get((subject.pk, one.pk)), on) for one in planned],
            unscheduled.get(subject.pk, 0),
        )
        for subject in subjects
    ]
    return planned, rows


def _cell(planned, visit, on):
    return Cell(planned, visit, standing_on(visit, on)) if visit else Cell(planned)
