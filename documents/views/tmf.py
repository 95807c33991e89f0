"""How complete the file of a place is, and where a document was filed when the file is kept elsewhere."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ctms.access.explain import permit
from ctms.pages.record import RECORDS
from ctms.pages.views import place_context
from ctms.pictures.grid import Column, Row, Share, grid
from ctms.workflow.declare import TransitionRefused, flow_with
from ctms.workflow.engine import ChangedMeanwhile
from documents import services
from documents.calculations import Completeness
from documents.forms import FiledElsewhereForm
from documents.models import ExpectedDocument, Level, TmfPlace
from documents.pages import ExpectedRecord, shelves_of, zones
from studies.models import StudyCountry, StudySite

from .documents import posted, version_of

SHOWN_LATE = 25


@login_required
@require_safe
def tmf_page(request, pk, kind):
    """Show how complete the file of a place is: the late first, then zones by places; every number opens its rows."""
    declaration = RECORDS[f"studies.{kind}"]
    place = declaration.get(request.user, pk)
    permit(request.user, "documents.view_expecteddocument", place)
    today = timezone.localdate()
    by_zone, total = services.completeness_of(request.user, place, today)
    names = zones()
    shown_zones = [(number, label) for number, label in names if number in by_zone]
    late = (
        ExpectedDocument.objects.visible_to(request.user)
        .filter(**place.place().lookup())
        .late(today)
        .select_related("artifact", "study", "country__nation", "site__organization")
        .order_by("due_on", "artifact__number", "pk")
    )
    study = place if kind == "Study" else place.study
    context = {
        "place": place,
        "total": total,
        "picture": _picture(_rows(request.user, place, kind, shown_zones, today), shown_zones),
        "late": [(row, (today - row.due_on).days) for row in late[:SHOWN_LATE]],
        "late_count": late.count(),
        "shelves": shelves_of(request.user, place, names),
        "list_url": declaration.url(place, "expected-documents"),
        "tmf_place": services.tmf_place_of(study.pk, today),
        "tmf_places": TmfPlace.objects.visible_to(request.user).filter(study=study).order_by("-starts_on"),
        "may_say_where": request.user.has_perm("documents.change_tmfplace", study),
        **place_context(request, place),
        "active_tab": "tmf",
    }
    return render(request, "documents/tmf.html", context)


def _rows(user, place, kind, shown_zones, today):
    """Return the rows of the grid that have anything due, from the study down to its sites."""
    found = services.grid_of(user, place, today)
    countries = StudyCountry.objects.visible_to(user).filter(pk__in=_ids(found, Level.COUNTRY))
    sites = StudySite.objects.visible_to(user).filter(pk__in=_ids(found, Level.SITE))
    places = [(Level.STUDY, None, place if kind == "Study" else None)]
    places += [
        (Level.COUNTRY, one.pk, one) for one in countries.select_related("nation").order_by("nation__name")
    ]
    rows = sites.select_related("organization", "country__nation").order_by(
        "country__nation__name", "number", "pk"
    )
    places += [(Level.SITE, one.pk, one) for one in rows]
    return [
        _row(level, at, found[level, pk], shown_zones)
        for level, pk, at in places
        if at is not None and (level, pk) in found
    ]


def _ids(grid, level):
    return [pk for found, pk in grid if found == level]


DEPTH = {Level.STUDY: 0, Level.COUNTRY: 1, Level.SITE: 2}


def _row(level, at, by_zone, shown_zones):
    address = RECORDS[at._meta.label].url(at)
    listed = f"{address}expected-documents/?level={level}"
    cells = [
        _share(by_zone.get(number, Completeness()), listed, f"&zone={number}")
        for number, _label in shown_zones
    ]
    cells.append(_share(sum(by_zone.values(), Completeness()), listed, ""))
    return Row(str(at), cells, f"{address}tmf/", DEPTH[level])


def _share(found, listed, zone):
    """Return a cell: it opens what is late, where something is; its number opens all that is due."""
    standing = "late" if found.late else "due"
    return Share(
        found.settled, found.due, f"{listed}&standing={standing}{zone}", f"{listed}&standing=due{zone}"
    )


def _picture(rows, shown_zones):
    return grid(
        name="tmf-grid",
        title=_("Completeness by place and zone"),
        description=_(
            "Expected documents that are there or do not apply, of those whose due day has passed. A cell opens what "
            "is missing; in the table a number opens all that is due."
        ),
        columns=[*(Column(number, label) for number, label in shown_zones), Column(_("All"), _("all zones"))],
        rows=rows,
        first=_("Place"),
        empty=_("Nothing is due yet."),
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
