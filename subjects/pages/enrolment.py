"""How many subjects a place has, and how that came about."""

from datetime import timedelta

from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ctms.access.access import access_of
from ctms.pages.frame import PLACE_PAGES
from ctms.pages.record import RECORDS
from ctms.pictures.curves import Band, Bars, Chart, Line, curves
from studies.models import StudySite
from studies.pages import PLACE_PANELS, PLACE_TILES, Tile
from subjects.services.enrolment import enrolled_at
from subjects.services.enrolment_counts import DEFINITIONS, next_month
from subjects.services.enrolment_over_time import enrolment_over_time

# The forecast is blue already.
TONES = ("green", "amber", "grey", "red")
PLACE_PAGES.append(
    (41, "enrolment", gettext_lazy("Enrolment"), "subjects.view_subject", "Study", "StudyCountry")
)
PLACE_PAGES.append((43, "subject-matrix", gettext_lazy("Visits by subject"), "subjects.view_subjectvisit"))


def enrolment_tile(request, place):
    """How many subjects a place has, for whoever may know; the number opens them for whoever sees subjects."""
    today = timezone.localdate()
    enrolled = enrolled_at(user=request.user, place=place, on=today)
    if enrolled is None:
        return None
    # Beside the plan of a place stands the number of the whole place and not that of somebody's sites.
    whole = access_of(request.user).allows_at("subjects.view_enrolment", place.place())
    words = (
        ngettext("subject enrolled", "subjects enrolled", enrolled)
        if whole
        else ngettext("subject enrolled at your sites", "subjects enrolled at your sites", enrolled)
    )
    if whole and place.planned_enrolled:
        words = ngettext("subject enrolled of %(n)d planned", "subjects enrolled of %(n)d planned", enrolled)
        words = words % {"n": place.planned_enrolled}
    sees_rows = request.user.has_perm("subjects.view_subject", place)
    rows = f"{RECORDS[place._meta.label].url(place, 'subjects')}?enrolled_on__lte={today.isoformat()}"
    return Tile(str(enrolled), words, rows if sees_rows else "", str(DEFINITIONS["enrolled"]))


def enrolment_panel(request, place):
    """Enrolment over time on the first page of a study and a country, for whoever sees its subjects."""
    if isinstance(place, StudySite) or not request.user.has_perm("subjects.view_subject", place):
        return None
    on, url = timezone.localdate(), RECORDS[place._meta.label].url(place)
    over_time = enrolment_over_time(user=request.user, place=place, on=on)
    if not over_time.so_far:
        return None
    return {
        "template": "subjects/_enrolment_panel.html",
        "picture": enrolment_picture(over_time, f"{url}subjects/", on),
        "url": f"{url}enrolment/",
    }


def enrolment_picture(found, rows, on, *, stacked=False):
    """Return enrolment over time as a picture whose marks open their subjects in the list at `rows`."""

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
        parts.append(_("Plan: %(definition)s") % {"definition": DEFINITIONS["planned_so_far"]})
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


PLACE_TILES.append(enrolment_tile)
PLACE_PANELS.append(enrolment_panel)
