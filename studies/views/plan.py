"""The Plan tab: the milestones of a study, a country or a site on a time axis, folded to the level asked for."""

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ctms.access.explain import permit
from ctms.pages.record import RECORDS
from ctms.pages.views import place_context
from ctms.pictures.timeline import Milestone as Line
from ctms.pictures.timeline import PlaceHeading, timeline
from studies.models import Milestone, MilestoneStatus
from studies.pages import MilestoneRecord
from studies.services.projecting import projected_days

STUDY, COUNTRY, SITE = "study", "country", "site"
# How deep one looks from where one stands, and where one begins.
LEVELS = {"Study": (STUDY, COUNTRY, SITE), "StudyCountry": (COUNTRY, SITE), "StudySite": (SITE,)}
BEGINS = {"Study": COUNTRY, "StudyCountry": SITE, "StudySite": SITE}
# More lines than these nobody reads at once; a country shows its own.
DRAWN = 400


@login_required
@require_safe
def plan(request, pk, kind):
    """Show the plan of a place; the address holds how deep it is unfolded."""
    place = RECORDS[f"studies.{kind}"].get(request.user, pk)
    permit(request.user, "studies.view_milestone", place)
    levels, asked = LEVELS[kind], request.GET.get("level", "")
    level = asked if asked in levels else BEGINS[kind]
    found = milestones_at(request.user, place, level)
    on = timezone.localdate()
    words = {STUDY: _("study only"), COUNTRY: _("with countries"), SITE: _("with sites")}
    context = {
        "place": place,
        "picture": plan_of(request.user, place, found[:DRAWN], on),
        "levels": [(one, words[one]) for one in levels],
        "level": level,
        "count": len(found),
        "drawn": DRAWN,
        "empty": not found,
        **place_context(request, place),
        "active_tab": "plan",
    }
    return render(request, "studies/plan.html", context)


def milestones_at(user, place, level):
    """Return the milestones of a place down to a level, as the person sees them: by country and site."""
    rows = Milestone.objects.visible_to(user).exclude(status=MilestoneStatus.NOT_APPLICABLE)
    rows = rows.filter(**place.place().lookup())
    if level != SITE:
        rows = rows.filter(site__isnull=True)
    if level == STUDY:
        rows = rows.filter(country__isnull=True)
    return list(
        rows.select_related(
            "study", "country__nation", "site__organization", "site__country__nation"
        ).order_by(
            F("country__nation__name").asc(nulls_first=True),
            F("site__number").asc(nulls_first=True),
            F("site").asc(nulls_first=True),
            F("actual_on").asc(nulls_last=True),
            F("planned_on").asc(nulls_last=True),
            "pk",
        )
    )


def plan_of(user, place, milestones, on):
    """Return the picture of milestones, with the names of countries and sites above theirs."""
    study = milestones[0].study if milestones else None
    projected = projected_days(user, study, on) if study else {}
    lines, country, site = [], None, None
    for one in milestones:
        if one.country_id and one.country_id != country and type(place).__name__ == "Study":
            lines.append(_heading(one.country, 0))
        if one.site_id and one.site_id != site and type(place).__name__ != "StudySite":
            lines.append(_heading(one.site, 1))
        country, site = one.country_id, one.site_id
        lines.append(_line(one, projected))
    return timeline(
        name="plan",
        title=_("Milestones on a time axis"),
        description=_(
            "Hollow: the baseline. Filled: reached, or planned now; projected is what is computed from what happened "
            "so far, as the last subject in from enrolment. At the right: calendar days after the baseline, of the day "
            "that counts now. Each line opens its milestone."
        ),
        lines=lines,
        on=on,
    )


def _heading(place, level):
    return PlaceHeading(str(place), RECORDS[place._meta.label].url(place, "plan"), level)


def _line(one, projected):
    level = 2 if one.site_id else 1 if one.country_id else 0
    day = projected.get(one.kind) if level == 0 and one.status == MilestoneStatus.PLANNED else None
    return Line(
        label=one.name,
        url=MilestoneRecord.url(one),
        baseline=one.baseline_on,
        planned=one.planned_on,
        projected=day if day != one.planned_on else None,
        actual=one.actual_on,
        place=str(one.site or one.country or _("Whole study")),
        level=level,
    )
