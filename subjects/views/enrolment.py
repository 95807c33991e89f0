"""The Enrolment tab of a study and a country: plan, actual and forecast over time, each number with its rows."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ctms.access.explain import permit
from ctms.pages.record import RECORDS
from ctms.pages.views import place_context
from subjects.pages import enrolment_picture
from subjects.services.enrolment import enrolment_of
from subjects.services.enrolment_counts import DEFINITIONS, Counts
from subjects.services.enrolment_over_time import enrolment_over_time

COUNTRIES = "countries"


@login_required
@require_safe
def enrolment(request, pk, kind):
    """Show enrolment over time; `?show=countries` stacks it by country."""
    place = RECORDS[f"studies.{kind}"].get(request.user, pk)
    permit(request.user, "subjects.view_subject", place)
    on = timezone.localdate()
    over_time = enrolment_over_time(user=request.user, place=place, on=on)
    stacked = kind == "Study" and request.GET.get("show") == COUNTRIES
    rows = RECORDS[f"studies.{kind}"].url(place, "subjects")
    study = place if kind == "Study" else place.study
    counted = enrolment_of(user=request.user, study=study, on=on)
    context = {
        "place": place,
        "over_time": over_time,
        "total": _total(counted, place, kind),
        "lines": _lines(counted, place, kind),
        "rows": rows,
        "stacked": stacked,
        "may_stack": kind == "Study" and len(over_time.by_country) > 1,
        "picture": enrolment_picture(over_time, rows, on, stacked=stacked),
        "definitions": DEFINITIONS,
        "event": study.get_enrolment_event_display(),
        "today": on,
        **place_context(request, place),
        "active_tab": "enrolment",
    }
    return render(request, "subjects/enrolment.html", context)


def _total(counted, place, kind):
    """Return the counts of the place this page is about."""
    if kind == "Study":
        return counted.total
    return next((one.counts for one in counted.countries if one.place.pk == place.pk), Counts())


def _lines(counted, place, kind):
    """Return what stands in the table below: a study's countries, a country's sites."""
    if kind == "Study":
        return [(one, one.place.planned_enrolled) for one in counted.countries]
    own = [one for one in counted.sites if one.place.country_id == place.pk]
    return [(one, one.place.planned_enrolled) for one in own]
