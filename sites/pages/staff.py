"""The people of a site, as they are and as they were on a day."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ctms.access.access import access_of
from ctms.api.shapes import Made
from ctms.pages.columns import Column
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from sites import services
from sites.models import SiteStaff
from studies.models import StudySite
from studies.pages import PLACE_PANELS

from .contacts import today_at

QUALIFICATION = ("cv_dated_on", "gcp_trained_on", "gcp_expires_on")


class SiteStaffRecord(Record):
    model, slug = SiteStaff, "site-staff"
    fields = (
        "study",
        "site",
        "person",
        "role",
        "starts_on",
        "ends_on",
        Column("task_labels", "Delegated tasks", wide=True),
        *QUALIFICATION,
    )
    api_fields = (
        "study",
        "country",
        "site",
        "person",
        ("name", Made("title", "given_name", "family_name", source="person")),
        "role",
        "starts_on",
        "ends_on",
        ("tasks", serializers.ListField(child=serializers.CharField(), read_only=True)),
        *QUALIFICATION,
    )
    create = ("site", "person", "role", "starts_on", "ends_on", "tasks", *QUALIFICATION)
    edit = ("role", "starts_on", "ends_on", "tasks", *QUALIFICATION)
    add_permission = change_permission = "sites.change_sitestaff"
    filters = {"study": ["exact"], "country": ["exact"], "site": ["exact"], "role": ["exact"]}
    search = ("person__family_name", "person__given_name")
    find_words = ("person__given_name", "person__family_name", "site__number")
    named_with = ("person",)
    related = ("study", "site__organization", "person")


class Staff(Listing):
    record, title = SiteStaffRecord, "Site staff"
    tab, tab_position = "Staff", 34
    template = "sites/staff.html"
    columns = (
        Column("person", sort="person__family_name"),
        "role",
        Column("site", sort="site__number"),
        "starts_on",
        "ends_on",
        "gcp_expires_on",
    )
    filters = {"study": ["exact"], "role": ["exact"]}
    below = {"directory.Person": "person"}
    search = SiteStaffRecord.search
    order = ("site_id", "role")
    empty = "The people at the site stand here with their roles and dates; the CRA keeps them."

    @classmethod
    def extra_context(cls, request, place):
        if not isinstance(place, StudySite):
            return {}
        may_change = access_of(request.user).allows_at("sites.change_sitestaff", place.place())
        on = _asked_day(request) or today_at(place)
        return {
            "investigator": services.principal_investigator(place, on),
            "on": on,
            "may_replace": may_change and services.principal_investigator(place, on) is not None,
        }


class StaffFilters(Staff.filterset):
    """The staff of a day: whoever held a role on it."""

    on = django_filters.DateFilter(
        method="as_of",
        label=_("As of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def as_of(self, rows, _name, day):
        return rows.on(day)


Staff.filterset = StaffFilters


def _asked_day(request):
    form = Staff.filterset(request.GET, SiteStaff.objects.none(), request=request).form
    return form.cleaned_data.get("on") if form.is_valid() else None


def staff_panel(request, site):
    """Return who is at the site today, the principal investigator first."""
    if not isinstance(site, StudySite):
        return None
    if not request.user.has_perm("sites.view_sitestaff", site):
        return None
    return {
        "template": "sites/_staff_panel.html",
        "title": _("People today"),
        "people": services.staff_on(site, today_at(site)),
    }


PLACE_PANELS.append(staff_panel)
