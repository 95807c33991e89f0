"""How complete the file of a place is, and where a document was filed when the file is kept elsewhere."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ctms.access.explain import permit
from ctms.pages.record import RECORDS
from ctms.pages.views import place_context
from ctms.workflow.declare import TransitionRefused, flow_with
from ctms.workflow.engine import ChangedMeanwhile
from documents import services
from documents.calculations import Completeness
from documents.forms import FiledElsewhereForm
from documents.models import ExpectedDocument, Level, TmfPlace
from documents.pages import ExpectedRecord, zones
from studies.models import StudyCountry, StudySite

from .documents import posted, version_of

SHOWN_LATE = 25


@dataclass(frozen=True)
class Line:
    """One line of the grid: a place, the address of its list, its numbers by zone and altogether."""

    label: str
    level: str
    url: str
    cells: list[tuple[str, Completeness]]
    total: Completeness


@login_required
@require_safe
def tmf_page(request, pk, kind):
    """Show how complete the file of a place is: the late first, then zones by places; every number opens its rows."""
    declaration = RECORDS[f"studies.{kind}"]
    place = declaration.get(request.user, pk)
    permit(request.user, "documents.view_expecteddocument", place)
    today = timezone.localdate()
    by_zone, total = services.completeness_of(request.user, place, today)
    shown_zones = [(number, label) for number, label in zones() if number in by_zone]
    late = (
        ExpectedDocument.objects.visible_to(request.user)
        .filter(**{PLACE_COLUMN[kind]: place.pk})
        .late(today)
        .select_related("artifact", "study", "country__nation", "site__organization")
        .order_by("due_on", "artifact__number", "pk")
    )
    study = place if kind == "Study" else place.study
    context = {
        "place": place,
        "total": total,
        "zones": shown_zones,
        "zone_totals": [(number, by_zone[number]) for number, _label in shown_zones],
        "lines": _lines(request.user, place, kind, [number for number, _label in shown_zones], today),
        "late": [(row, (today - row.due_on).days) for row in late[:SHOWN_LATE]],
        "late_count": late.count(),
        "list_url": declaration.url(place, "expected-documents"),
        "tmf_place": services.tmf_place_of(study.pk, today),
        "tmf_places": TmfPlace.objects.visible_to(request.user).filter(study=study).order_by("-starts_on"),
        "may_say_where": request.user.has_perm("documents.change_tmfplace", study),
        **place_context(request, place),
        "active_tab": "tmf",
    }
    return render(request, "documents/tmf.html", context)


PLACE_COLUMN = {"Study": "study", "StudyCountry": "country", "StudySite": "site"}


def _lines(user, place, kind, zone_numbers, today):
    """Return the lines of the grid that have anything due, from the study down to its sites."""
    grid = services.grid_of(user, place, today)
    countries = StudyCountry.objects.visible_to(user).filter(pk__in=_ids(grid, Level.COUNTRY))
    sites = StudySite.objects.visible_to(user).filter(pk__in=_ids(grid, Level.SITE))
    places = [(Level.STUDY, None, place if kind == "Study" else None)]
    places += [
        (Level.COUNTRY, one.pk, one) for one in countries.select_related("nation").order_by("nation__name")
    ]
    rows = sites.select_related("organization", "country__nation").order_by(
        "country__nation__name", "number", "pk"
    )
    places += [(Level.SITE, one.pk, one) for one in rows]
    return [
        _line(level, at, grid[level, pk], zone_numbers)
        for level, pk, at in places
        if at is not None and (level, pk) in grid
    ]


def _ids(grid, level):
    return [pk for found, pk in grid if found == level]


def _line(level, at, by_zone, zone_numbers):
    declaration = RECORDS[at._meta.label]
    return Line(
        label=str(at),
        level=level,
        url=f"{declaration.url(at, 'expected-documents')}?level={level}",
        cells=[(number, by_zone.get(number, Completeness())) for number in zone_numbers],
        total=sum(by_zone.values(), Completeness()),
    )


@login_required
def filed_elsewhere(request, pk):
    """Ask in which system, under which number and when a document was filed."""
    expected = ExpectedRecord.get(request.user, pk)
    transition = flow_with(expected, "filed_elsewhere").transitions()["filed_elsewhere"]
    permit(request.user, transition.permission, expected)
    kept = services.tmf_place_of(expected.study_id)
    initial = {
        "filed_system": expected.filed_system or (kept.system if kept else ""),
        "filed_on": timezone.localdate(),
    }
    form, refusal = FiledElsewhereForm(posted(request), initial=initial), ""
    if services.tmf_is_here(expected.study_id):
        refusal = _("The study's file is kept here: upload the document.")
    elif request.method == "POST" and form.is_valid():
        try:
            services.fulfil_by_reference(
                actor=request.user, expected=expected, version=version_of(request), **form.cleaned_data
            )
        except (TransitionRefused, ChangedMeanwhile) as stopped:
            refusal = str(stopped)
        else:
            messages.success(request, _("Fulfilled by reference."))
            return redirect(ExpectedRecord.url(expected))
    context = {
        "record": expected,
        "transition": transition,
        "form": form,
        "refusal": refusal,
        "possible": not refusal,
        **place_context(request, expected),
    }
    status = 409 if refusal else 422 if form.is_bound and form.errors else 200
    return render(request, "pages/transition.html", context, status=status)
