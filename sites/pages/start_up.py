"""How long sites took to their green light: medians by country of a study, and the sites behind each."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.pages.frame import PLACE_PAGES
from ctms.pages.record import RECORDS
from sites.services.start_up import STEPS, Middle, by_country, middle_of, ways_of
from studies.models import StudySite

PLACE_PAGES.append(
    (33, "start-up", gettext_lazy("Start-up"), "sites.view_activation", "Study", "StudyCountry"),
)


@dataclass(frozen=True)
class Line:
    """A country, or all of them, with the median of each step and the address of the sites behind it."""

    name: str
    url: str
    medians: list[tuple[Middle, str]]


def start_up_of(user, place, asked):
    """
    Return what the page says of a place, as the person sees its sites; as many queries for a hundred as for one.

    :param asked: the query of the address; a country and a step narrow the sites shown
    """
    sites = StudySite.objects.visible_to(user).filter(**place.place().lookup())
    sites = sites.select_related("study", "organization", "country__nation")
    ways = ways_of(list(sites.order_by("country__nation__name", "number", "pk")))
    step = next((one for one in STEPS if one.name == asked.get("step")), None)
    of_country = {str(key): found for key, found in by_country(ways).items()}
    country = asked.get("country") if asked.get("country") in of_country else ""
    return {
        "steps": STEPS,
        "lines": _lines(place, ways, of_country),
        "rows": _rows(of_country[country] if country else ways, step),
        "step": step,
        "country": of_country[country][0].site.country if country else None,
        "url": _address(place),
    }


def _lines(place, ways, of_country):
    lines = [
        _line(place, str(found[0].site.country), found, country=key) for key, found in of_country.items()
    ]
    return [*lines, _line(place, _("All countries"), ways)] if len(lines) > 1 else lines


def _line(place, name, ways, **where):
    found = [(middle_of(ways, step), _address(place, **where, step=step.name)) for step in STEPS]
    medians = [(middle, address if middle.sites else "") for middle, address in found]
    return Line(name, _address(place, **where), medians)


def _address(place, **asked):
    page = RECORDS[place._meta.label].url(place, "start-up")
    return f"{page}?{urlencode(asked)}#sites" if asked else page


def _rows(ways, step) -> list[tuple[Any, list]]:
    """Return [(way, [(step, days)])]: of one step the sites its median is of, the longest first."""
    shown = [way for way in ways if any(way.took(one) is not None for one in ([step] if step else STEPS))]
    if step:
        shown.sort(key=lambda way: -way.took(step))
    return [(way, [way.took(one) for one in STEPS]) for way in shown]
