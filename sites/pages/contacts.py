"""The contact log: a row to write the next one down, and what was said until now."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from ctms.access.access import access_of
from ctms.api.shapes import NameOf
from ctms.pages.columns import Column
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from sites import services
from sites.forms import QuickContactForm
from sites.models import SiteContact
from studies.models import StudySite
from studies.pages import PLACE_PANELS

# What upper apps offer on a contact: (user, contact) -> [(label, address)].
CONTACT_STEPS: list[Callable[[Any, SiteContact], list[tuple[str, str]]]] = []


def today_at(site):
    """Return today where the site is: Sydney's today is the server's tomorrow."""
    return timezone.now().astimezone(site.time_zone()).date()


class ContactRecord(Record):
    model, slug = SiteContact, "contact-log"
    fields = (
        "study",
        "site",
        "happened_on",
        "kind",
        "direction",
        "with_whom",
        Column("recorded_by", "By"),
        "topic",
        "text",
        "unblinded",
        "status",
    )
    api_fields = (
        "study",
        "country",
        "site",
        "happened_on",
        "kind",
        "direction",
        "with_whom",
        "staff",
        ("recorded_by", NameOf()),
        "topic",
        "text",
        "unblinded",
        "status",
    )
    create = ("site", "happened_on", "kind", "direction", "with_whom", "topic", "text", "unblinded")
    create_with = staticmethod(
        lambda *, actor, site, **fields: services.record_contact(
            actor=actor, site=site, today=today_at(site), **fields
        )
    )
    edit = ("happened_on", "kind", "direction", "with_whom", "topic", "text")
    change_with = staticmethod(
        lambda *, actor, record, **fields: services.change_contact(
            actor=actor, record=record, today=today_at(record.site), **fields
        )
    )
    add_permission, change_permission = "sites.add_contact", "sites.change_contact"
    filters = {
        "study": ["exact"],
        "country": ["exact"],
        "site": ["exact"],
        "kind": ["exact"],
        "topic": ["exact"],
        "status": ["exact"],
        "happened_on": ["gte", "lte"],
    }
    search = ("text", "with_whom", "site__number", "site__organization__name")
    related = (
        "study",
        "country__nation",
        "site__organization",
        "site__country__nation",
        "recorded_by",
    )
    template = "sites/contact.html"

    @classmethod
    def needs_reason(cls, record):
        """What was written down is evidence from the first minute: a correction says why."""
        return True

    @classmethod
    def extra_context(cls, request, record):
        return {"further_steps": [step for ask in CONTACT_STEPS for step in ask(request.user, record)]}


class ContactLog(Listing):
    record, title = ContactRecord, "Contact log"
    tab, tab_position, rail = "Contact log", 36, ("Sites", 21)
    template = "sites/contacts.html"
    columns = (
        Column("happened_on", "Date"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        Column("how", "How", sort="kind"),
        "with_whom",
        Column("recorded_by", "By", sort="recorded_by__last_name"),
        "topic",
        "text",
        "status",
    )
    filters = {
        "study": ["exact"],
        "kind": ["exact"],
        "topic": ["exact"],
        "happened_on": ["gte", "lte"],
    }
    search = ContactRecord.search
    order = ("-happened_on", "-id")
    empty = "Calls and mails with the sites stand here. Whoever talks with a site writes it down in the row above."

    @classmethod
    def extra_context(cls, request, place):
        quick = quick_entry(request, place)
        return {"quick": quick, "new_url": ""} if quick else {"quick": None}


def quick_entry(request, place, form=None):
    """Return the row that writes a contact down at a place, or None for who keeps no log there."""
    user, at_site = request.user, isinstance(place, StudySite)
    if place is None:
        may = user.has_perm("sites.add_contact")
    else:
        may = access_of(user).allows_at("sites.add_contact", place.place()) or (
            not at_site and StudySite.objects.visible_to(user, "sites.add_contact").exists()
        )
    if not may:
        return None
    today = today_at(place) if at_site else timezone.localdate()
    form = form or QuickContactForm(initial={"happened_on": today}, user=user, place=place)
    return {
        "form": form,
        "people": services.staff_on(place, today) if at_site else [],
        "place": f"{type(place).__name__}/{place.pk}" if place is not None else "",
        "back": way_back(request),
    }


def way_back(request):
    """Return the page the row stood on, as far as it is one of this product."""
    back = request.POST.get("back", "").partition("#")[0] or request.get_full_path()
    safe = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if safe else ContactLog.url()


def contacts_panel(request, site):
    """Return what was last said with a site, and the row to write the next one down."""
    if not isinstance(site, StudySite):
        return None
    if not request.user.has_perm("sites.view_contact", site):
        return None
    rows = ContactRecord.rows(request.user).filter(site=site).exclude(status="VOIDED")
    return {
        "template": "sites/_contacts_panel.html",
        "title": _("Contact log"),
        "rows": rows.order_by("-happened_on", "-pk")[:5],
        "quick": quick_entry(request, site),
    }


PLACE_PANELS.append(contacts_panel)
