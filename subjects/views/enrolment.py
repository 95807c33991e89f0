"""The Enrolment tab of a study and a country: plan, actual and forecast over time, each number with its rows."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ctms.access.explain import permit
from ctms.pages.record import RECORDS
from ctms.pages.views import place_context
from ctms.pictures.curves import Band, Bars, Chart, Line, curves
from subjects.services.enrolment import enrolment_of
from subjects.services.enrolment_counts import DEFINITIONS, Counts, next_month
from subjects.services.enrolment_over_time import enrolment_over_time

COUNTRIES = "countries"
# The forecast is blue already.
TONES = ("green", "amber", "grey", "red")


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
        "picture": _picture(over_time, rows, on, stacked=stacked),
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


def _picture(found, rows, on, *, stacked):
    def up_to(day):
        return f"{rows}?{urlencode({'enrolled_on__lte': day.isoformat()})}"

    enrolled = Line(
        _("Enrolled so far"),
        found.so_far,
        definition=DEFINITIONS["enrolled"],
        urls={day: up_to(day) for day in found.so_far},
    )
    plan = Line(_("Planned so far"), _planned(found, on), "grey", "dashed", DEFINITIONS["planned_so_far"])
    by_country = [
        Line(str(country), counts, TONES[place % len(TONES)])
        for place, (country, counts) in enumerate(found.by_country.items())
    ]
    chart = Chart(
        lines=[*([] if stacked else [enrolled]), *([plan] if plan.points else [])],
        stacked=by_country if stacked else (),
        band=_band(found),
        below=Bars(
            _("Screen failures in the month"),
            found.failed,
            definition=DEFINITIONS["screen_failed"],
            urls={day: _failed_in(rows, found, day) for day in found.failed},
        ),
        target=found.planned,
        target_label=_("Planned"),
        target_definition=DEFINITIONS["planned"],
    )
    return curves(
        name="enrolment",
        title=_("Enrolment over time"),
        description=_description(found),
        chart=chart,
        on=on,
        empty=_("Nobody is enrolled yet."),
    )


def _failed_in(rows, found, day):
    """Return the address of the screen failures of a month: of who was screened, as they are counted."""
    month = {
        "status": "SCREEN_FAILED",
        "screen_failed_on__gte": found.begins(day).isoformat(),
        "screen_failed_on__lte": day.isoformat(),
        "consented_on__lte": found.on.isoformat(),
    }
    return f"{rows}?{urlencode(month)}"


def _band(found):
    if found.forecast is None:
        return None
    return Band(_("Forecast"), found.forecast.band, definition=_forecast_means())


def _forecast_means():
    return _(
        "What the recruiting sites may enrol together if each goes on as it did: fewer than P10 in 10 of 100 cases, "
        "fewer than P90 in 90."
    )


def _planned(found, on):
    """Return the plan at the days of the curve and at the ends of the months until its last."""
    if found.plan is None:
        return {}
    days, first = set(found.so_far), next_month(max(found.plan.first, on).replace(day=1))
    while first - timedelta(days=1) < found.plan.last and len(days) < 400:
        days.add(first - timedelta(days=1))
        first = next_month(first)
    days |= {found.plan.first, found.plan.last}
    return {day: found.plan.by(day) for day in sorted(days)}


def _description(found):
    parts = [_("Subjects enrolled so far at the end of each month, the last today.")]
    if found.plan is not None:
        parts.append(_("The plan is a straight line from the planned first to the planned last subject in."))
    if found.forecast is not None:
        parts.append(
            _(
                "The band holds 80 of 100 forecasts by the sites' own rates (%(sites)d recruiting, %(opening)d with a "
                "planned activation); its middle is dotted. Sites without a planned activation are left out."
            )
            % {"sites": found.forecast.recruiting, "opening": found.forecast.opening}
        )
    parts.append(_("Below the axis: screen failures in the month. Points and bars open their subjects."))
    return " ".join(parts)
