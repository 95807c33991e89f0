"""What is seen of a site's people."""

from ctms.pages.columns import Column
from ctms.pages.listing import Listing
from ctms.pages.record import Record

from .models import SiteStaff


class SiteStaffRecord(Record):
    model, slug = SiteStaff, "site-staff"
    fields = ("study", "site", "person", "role", "starts_on", "ends_on")
    create = ("site", "person", "role", "starts_on", "ends_on")
    edit = ("role", "starts_on", "ends_on")
    add_permission = change_permission = "sites.change_sitestaff"
    filters = {"study": ["exact"], "site": ["exact"], "role": ["exact"]}
    search = ("person__family_name", "person__given_name")
    related = ("study", "site__organization", "person")


class Staff(Listing):
    record, title = SiteStaffRecord, "Site staff"
    tab, tab_position = "Staff", 70
    columns = (
        Column("person", sort="person__family_name"),
        "role",
        Column("site", sort="site__number"),
        "starts_on",
        "ends_on",
    )
    filters = {"study": ["exact"], "role": ["exact"]}
    search = SiteStaffRecord.search
    order = ("site_id", "role")
    empty = "The people at the site stand here with their roles and dates; the CRA keeps them."
