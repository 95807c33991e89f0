"""What waits of sites on their way to the first subject."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ctms.access.scoping import everything
from studies.models import StudySite
from studies.workflows import ACTIVATION_REQUIREMENTS

from .items import Section, WorkItem

SHOWN = 8


def sites_to_open(user, on):
    """Sites in start-up and how much still stands between them and their first subject."""
    if not (user.has_perm("studies.move_studysite") and user.has_perm("sites.view_activation")):
        return None
    sites = StudySite.objects.visible_to(user, "studies.move_studysite")
    sites = sites.filter(status__in=("START_UP", "INITIATED")).select_related(
        "study", "organization", "country__nation"
    )
    items = [_item(site) for site in sites.order_by("study__protocol_number", "number", "pk")[:SHOWN]]
    return Section(_("Sites to open"), items, _("No site is in start-up."), total=sites.count())


def _item(site):
    with everything("what an activation waits for is a rule of every room"):
        missing = sum(len(requirement.missing(site)) for requirement in ACTIVATION_REQUIREMENTS)
    return WorkItem(
        title=str(site),
        url=reverse("site-activation", args=[site.pk]),
        detail=f"{site.study.protocol_number} · {site.get_status_display()}",
        term=_("%(count)d things missing") % {"count": missing}
        if missing
        else _("ready for the green light"),
        pace="late" if missing else "on-time",
    )
