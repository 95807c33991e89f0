"""Pages of sites beyond lists and records: a contact in one row, the activation, the change of investigator."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ctms.access.access import access_of
from ctms.access.explain import people_who_may, permit, permit_at
from ctms.pages.forms import add_errors
from ctms.pages.record import RECORDS
from ctms.pages.views import place_context, sorted_offers
from ctms.signatures.models import Meaning
from ctms.signatures.signing import signatures_of
from ctms.workflow.engine import transitions_of
from studies.pages import StudySiteRecord

from . import services
from .forms import QuickContactForm, ReplaceInvestigatorForm
from .pages import board_of, start_up_of
from .pages.activation import WaiverRecord, standing_at, ways_to_mend
from .pages.contacts import quick_entry, today_at, way_back


@login_required
@require_POST
def quick_contact(request):
    """Write down one contact from the row on a site's page or over a log."""
    place = _place_of(request)
    form = QuickContactForm(request.POST, user=request.user, place=place)
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            contact = services.record_contact(actor=request.user, today=today_at(values["site"]), **values)
        except ValidationError as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, _("Written down: %(contact)s.") % {"contact": contact})
            return redirect(f"{way_back(request)}#quick-contact")
    context = {"quick": quick_entry(request, place, form), "place": place}
    context |= place_context(request, place) if place is not None else {}
    return render(request, "sites/contact_quick.html", context, status=422)


def _place_of(request):
    """Return the study, country or site whose page the row stood on, or None."""
    kind, _slash, key = request.POST.get("place", "").partition("/")
    if not kind:
        return None
    if kind not in ("Study", "StudyCountry", "StudySite") or not key.isdigit():
        raise Http404
    return RECORDS[f"studies.{kind}"].get(request.user, int(key))


@login_required
@require_safe
def activation(request, pk):
    """Show what a site's activation waits for; once it was released, by whom and on what."""
    site = StudySiteRecord.get(request.user, pk)
    permit(request.user, "sites.view_activation", site)
    waiting, where = site.status in services.BEFORE_ACTIVATION, place_context(request, site)
    context = {
        "site": site,
        "waiting": waiting,
        "standing": _requirements(request, site) if waiting else [],
        "step": _step(request.user, site),
        "releasers": _who_can_release(site),
        "waivers": WaiverRecord.rows(request.user).filter(site=site).order_by("pk"),
        "released": transitions_of(site).filter(name="activate").last(),
        "taken_over": transitions_of(site).filter(name="adopt").last(),
        "signature": signatures_of(site).filter(meaning=Meaning.APPROVED).last(),
        **where,
        "active_tab": "activation",
    }
    return render(request, "sites/activation.html", context)


@login_required
@require_safe
def board(request, pk, kind):
    """Show the sites of a study or a country as cards in the columns of their life cycle."""
    place = RECORDS[f"studies.{kind}"].get(request.user, pk)
    permit(request.user, "sites.view_activation", place)
    context = {
        "place": place,
        "columns": board_of(request.user, place, timezone.localdate()),
        **place_context(request, place),
        "active_tab": "board",
    }
    return render(request, "sites/board.html", context)


@login_required
@require_safe
def start_up(request, pk, kind):
    """Show how many days the sites of a study or a country took, by country and by site."""
    place = RECORDS[f"studies.{kind}"].get(request.user, pk)
    permit(request.user, "sites.view_activation", place)
    context = {
        "place": place,
        **start_up_of(request.user, place, request.GET),
        **place_context(request, place),
        "active_tab": "start-up",
    }
    return render(request, "sites/start_up.html", context)


def _who_can_release(site):
    """Return who holds the right here, without whoever recorded the initiation."""
    initiated = transitions_of(site).filter(name="initiate").last()
    may = people_who_may("studies.activate_studysite", site, timezone.localdate())
    return [person for person in may if initiated is None or person.pk != initiated.actor_id]


def _requirements(request, site):
    """Return how each requirement stands, where it is mended, and whether this person may ask for a waiver."""
    user, leads_to = request.user, ways_to_mend(request, site)
    may_ask = access_of(user).allows_at("sites.ask_waiver", site.place())
    asked = set(
        WaiverRecord.rows(user).filter(site=site, status="ASKED").values_list("requirement", flat=True)
    )
    rows = []
    for one in standing_at(site):
        ask = may_ask and one.stands_in_the_way and one.requirement.waivable
        rows.append(
            {
                "one": one,
                "mend": leads_to(one.requirement),
                "may_ask": ask and one.requirement.title not in asked,
            }
        )
    return rows


def _step(user, site):
    """Return the next move of the site on its way to the green light that this person is offered."""
    way = ("activate", "initiate", "start_up", "select", "qualify")
    return next((o for o in sorted_offers(site, user)["steps"] if o.transition.name in way), None)


@login_required
def replace_investigator(request, pk):
    """Let somebody else lead the site from a day on, as one change with its reason."""
    site = StudySiteRecord.get(request.user, pk)
    permit_at(request.user, "sites.change_sitestaff", site.place())
    form = ReplaceInvestigatorForm(request.POST or None, initial={"starts_on": today_at(site)})
    if request.method == "POST" and form.is_valid():
        try:
            new = services.replace_principal_investigator(actor=request.user, site=site, **form.cleaned_data)
        except ValidationError as refusal:
            add_errors(form, refusal)
        else:
            told = _("%(name)s leads the site from %(day)s.")
            messages.success(request, told % {"name": new.person, "day": new.starts_on.strftime("%-d %b %Y")})
            return redirect(StudySiteRecord.url(site, "site-staff"))
    context = {
        "form": form,
        "site": site,
        "investigator": services.principal_investigator(site, today_at(site)),
        "back": StudySiteRecord.url(site, "site-staff"),
        **place_context(request, site),
        "active_tab": "site-staff",
    }
    return render(request, "sites/replace_investigator.html", context, status=422 if form.errors else 200)
