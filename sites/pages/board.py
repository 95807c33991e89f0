"""The board of a study's or a country's sites: columns by life cycle, who stands longest first, what is blocked."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.access.scoping import everything
from ctms.audit.trail import AUDITED
from ctms.pages.frame import PLACE_PAGES
from ctms.pages.record import RECORDS
from ctms.workflow.engine import last_moves
from studies.models import SiteStatus, StudySite
from studies.workflows import SiteFlow, open_of, requirements_of

PLACE_PAGES.append(
    (31, "board", gettext_lazy("Board"), "sites.view_activation", "Study", "StudyCountry"),
)
# On the way; who left it stands apart, below.
ON_THE_WAY = tuple(
    status for status in SiteStatus if status not in (SiteStatus.NOT_SELECTED, SiteStatus.DROPPED)
)
# From here on a site works towards its green light, and what is missing for it holds it up.
WAITS_FOR_RELEASE = (SiteStatus.START_UP, SiteStatus.INITIATED)
CARDS = 40


@dataclass(frozen=True)
class Card:
    """One site: since when it stands where it stands, and what blocks it."""

    site: StudySite
    since: date | None
    days: int | None
    blocked: str = ""
    blocked_url: str = ""


@dataclass(frozen=True)
class Column:
    """One state of the life cycle with its sites, longest first; `total` counts those beyond the cards too."""

    label: str
    tone: str
    url: str
    cards: list[Card]
    total: int
    ended: bool = False

    @property
    def blocked(self):
        return sum(1 for card in self.cards if card.blocked)

    @property
    def more(self):
        return self.total - len(self.cards)


def board_of(user, place, on):
    """Return the columns of a place, as the person sees its sites; as many queries for a hundred sites as for one."""
    sites = list(
        StudySite.objects.visible_to(user)
        .filter(**place.place().lookup())
        .select_related("study", "organization", "country__nation")
        .order_by("number", "pk")
    )
    moves = last_moves(sites)
    added = _added([site for site in sites if site.pk not in moves])
    blocked = _blocked(user, sites, moves)
    since = {site.pk: _day_of(moves.get(site.pk)) or added.get(site.pk) for site in sites}
    cards = [_card(site, since[site.pk], on, blocked.get(site.pk)) for site in sites]
    listing = RECORDS[place._meta.label].url(place, "study-sites")
    return [_column(status, cards, f"{listing}?status={status.value}") for status in _shown(sites)]


def _shown(sites):
    """Return the states of the life cycle in their order, then those of who left it where there are any."""
    there = {site.status for site in sites}
    left = [status for status in SiteStatus if status not in ON_THE_WAY and status.value in there]
    return [*ON_THE_WAY, *left]


def _column(status, cards, url):
    own = [card for card in cards if card.site.status == status]
    own.sort(key=lambda card: (-(card.days if card.days is not None else -1), card.site.number, card.site.pk))
    return Column(
        label=str(status.label),
        tone=SiteFlow.tone(status),
        url=url,
        cards=own[:CARDS],
        total=len(own),
        ended=status not in ON_THE_WAY,
    )


def _card(site, since, on, blocked):
    sentence, url = blocked or ("", "")
    return Card(site, since, (on - since).days if since else None, sentence, url)


def _day_of(move):
    """Return the day of a move: the stated one, else that of the clock."""
    if move is None:
        return None
    return move.happened_on or timezone.localtime(move.at).date()


def _added(sites):
    """Return {id: the day a site that never moved was put on the list}."""
    events: Any = AUDITED["studies.StudySite"].event_model
    with everything("since when a site the reader sees is on the list"):
        rows = events.objects.filter(pgh_obj__in=[site.pk for site in sites], pgh_label="insert")
        found = list(rows.values_list("pgh_obj", "pgh_created_at"))
    return {pk: timezone.localtime(at).date() for pk, at in found}


def _blocked(user, sites, moves):
    """Return {id: (sentence, address)}: what a release waits for, and why a site does not enrol."""
    waiting = [
        site
        for site in sites
        if site.status in WAITS_FOR_RELEASE and user.has_perm("sites.view_activation", site)
    ]
    with everything(
        "what activations ask is looked at as a whole; it names no subject and nothing unblinded"
    ):
        standing = requirements_of(waiting)
    found = {
        site.pk: (sentence, reverse("site-activation", args=[site.pk]))
        for site in waiting
        if (sentence := _what_is_missing(standing[site.pk]))
    }
    for site in sites:
        if site.status == SiteStatus.ENROLMENT_HOLD and site.pk in moves:
            reason = _("Enrolment is held: %(reason)s") % {"reason": moves[site.pk].reason}
            found[site.pk] = (reason, RECORDS["studies.StudySite"].url(site, "history"))
    return found


def _what_is_missing(standing):
    """Return such as `2 of 6 open. The site agreement is not fully executed.`; '' when nothing stands in the way."""
    in_the_way = [one for one in standing if one.stands_in_the_way]
    if not in_the_way:
        return ""
    return f"{open_of(standing)}. {in_the_way[0].missing[0]}"
