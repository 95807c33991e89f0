"""What is seen of the directory."""

from ctms.pages.columns import Column
from ctms.pages.listing import Listing
from ctms.pages.record import Record

from .models import Organization, Person


class OrganizationRecord(Record):
    model, slug = Organization, "organizations"
    fields = ("name", "kind", "street", "postcode", "city", "state", "country", "identifier")
    create = edit = ("name", "kind", "street", "postcode", "city", "state", "country", "identifier")
    add_permission = change_permission = "directory.change_directory"
    filters = {"kind": ["exact"], "country": ["exact"]}
    search = ("name", "city", "identifier")
    find_by = ("identifier",)
    find_words = ("name", "city")
    related = ("country",)


class Organizations(Listing):
    record, title, rail = OrganizationRecord, "Organizations", ("Directory", 70)
    columns = ("name", "kind", "city", Column("country", sort="country__name"))
    filters = {"kind": ["exact"], "country": ["exact"]}
    search = OrganizationRecord.search
    order = ("name",)
    empty = "Organizations are entered once and used by every study."


class PersonRecord(Record):
    model, slug = Person, "people"
    fields = ("title", "given_name", "family_name", "organization", "email", "phone")
    create = edit = fields
    add_permission = change_permission = "directory.change_directory"
    filters = {"organization": ["exact"]}
    search = ("family_name", "given_name", "email")
    find_words = ("given_name", "family_name", "email")
    related = ("organization",)


class People(Listing):
    record, title, rail = PersonRecord, "People", ("Directory", 71)
    columns = (
        Column("family_name", "Name", sort="family_name"),
        "given_name",
        "title",
        Column("organization", sort="organization__name"),
        "email",
    )
    filters = {"organization": ["exact"]}
    below = {"directory.Organization": "organization"}
    search = PersonRecord.search
    order = ("family_name", "given_name")
    empty = "Investigators and other people outside the house stand here, once each."
