"""What a site's activation waits for, and what was checked when it was released."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.access.scoping import everything
from ctms.api.shapes import NameOf
from ctms.pages.columns import Column
from ctms.pages.frame import PLACE_PAGES, tabs_of
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from sites import services
from sites.models import ActivationWaiver
from studies.models import StudySite
from studies.pages import PLACE_PANELS, StudySiteRecord, way_to_effective
from studies.workflows import PROTOCOL, requirements_at

PLACE_PAGES.append((32, "activation", gettext_lazy("Activation"), "sites.view_activation", "StudySite"))


class WaiverRecord(Record):
    model, slug = ActivationWaiver, "activation-waivers"
    under = "activation"
    fields = (
        "study",
        "site",
        "requirement",
        "reason",
        Column("asked_by", "Asked by"),
        Column("approved_by", "Approved by"),
        "status",
    )
    api_fields = (
        "study",
        "country",
        "site",
        "requirement",
        "reason",
        ("asked_by", NameOf()),
        (
            "approved_by",
            NameOf(allow_null=True),
        ),
        "status",
    )
    create = ("site", "requirement", "reason")
    create_with = staticmethod(services.ask_for_waiver)
    add_permission = "sites.ask_waiver"
    filters = {"study": ["exact"], "site": ["exact"], "status": ["exact"]}
    search = ("requirement", "reason", "site__number")
    related = ("study", "country__nation", "site__organization", "asked_by", "approved_by")
    template = "sites/waiver.html"


class Waivers(Listing):
    record, title = WaiverRecord, "Activation waivers"
    columns = (
        "requirement",
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        "reason",
        Column("asked_by", "Asked by", sort="asked_by__last_name"),
        Column("approved_by", "Approved by", sort="approved_by__last_name"),
        "status",
    )
    filters = {"study": ["exact"], "status": ["exact"]}
    search = WaiverRecord.search
    empty = "What a site went without before its green light stands here, asked by one person and signed by another."


def standing_at(site):
    """Return how every requirement stands at a site the reader sees."""
    with everything(
        "what an activation asks is looked at as a whole; it names no subject and nothing unblinded"
    ):
        return requirements_at(site)


def ways_to_mend(request, site):
    """Return (requirement) -> (what is to be done, where), or None where this person opens no such page."""
    tabs = {name: (label, url) for name, label, url in tabs_of(request.user, site, StudySiteRecord)}

    def way_to_mend(requirement):
        if requirement.tab == PROTOCOL:
            return way_to_effective(request.user, site.study, back=request.path)
        if requirement.tab:
            label, url = tabs.get(requirement.tab, ("", ""))
            return (_("Mend it under %(page)s") % {"page": label}, url) if url else None
        if not StudySiteRecord.may_edit(request.user, site):
            return None
        return _("Change the site"), StudySiteRecord.url(site, "edit")

    return way_to_mend


def activation_panel(request, site):
    """Return how much a site still misses before its green light."""
    if not isinstance(site, StudySite):
        return None
    if site.status not in services.BEFORE_ACTIVATION or not request.user.has_perm(
        "sites.view_activation", site
    ):
        return None
    standing, leads_to = standing_at(site), ways_to_mend(request, site)
    return {
        "template": "sites/_activation_panel.html",
        "title": _("Activation"),
        "in_the_way": [(one, leads_to(one.requirement)) for one in standing if one.stands_in_the_way],
        "asked": len(standing),
    }


PLACE_PANELS.insert(0, activation_panel)
