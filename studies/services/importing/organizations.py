"""The organizations and countries a file names, found in the directory or added to it."""

from directory.models import Country, Organization, OrganizationKind
from studies.formats.study_file import PartyKind

from .words import plain

_KINDS = {
    PartyKind.HEALTHCARE_FACILITY: OrganizationKind.HOSPITAL,
    PartyKind.LABORATORY: OrganizationKind.LABORATORY,
}


class Directory:
    """
    Reads each name and each country's hospitals once for all studies of a file.

    Names are compared without regard to case. An organization without a place is not one with a place.
    """

    def __init__(self):
        self._nations = {}
        self._by_name = {}
        self._hospitals = {}

    def nation(self, code):
        """Return the country of an alpha-2 code, or None."""
        if not self._nations:
            self._nations = {country.code: country for country in Country.objects.all()}
        return self._nations.get(code)

    def sponsor(self, about, party):
        """Return the organization of a sponsor's name."""
        return self._named(about, party, (OrganizationKind.SPONSOR,), OrganizationKind.SPONSOR)

    def collaborator(self, about, party):
        """Return the organization of a collaborator's name; sponsors of other studies are the same one."""
        kind = _KINDS.get(party.kind, OrganizationKind.OTHER)
        preferred = tuple(dict.fromkeys((OrganizationKind.SPONSOR, kind, *OrganizationKind)))
        return self._named(about, party, preferred, kind)

    def _named(self, about, party, kinds, new_kind):
        values = about.fitting(
            Organization, {"name": party.name, "identifier": party.identifier or ""}, of="organizations"
        )
        known = self._organizations_called(values["name"])
        for kind in kinds:
            found = [organization for organization in known if organization.kind == kind]
            if found:
                # The one without a place is the company itself.
                return min(found, key=lambda o: (bool(o.city or o.postcode), o.country_id is not None, o.pk))
        made = about.add("organizations", Organization(kind=new_kind, **values))
        known.append(made)
        return made

    def _organizations_called(self, name):
        key = plain(name)
        if key not in self._by_name:
            self._by_name[key] = list(Organization.objects.filter(name__iexact=name))
        return self._by_name[key]

    def hospital(self, about, site, name, nation):
        """Return the organization of a site: the same name, city and postcode in the same country."""
        values = about.fitting(
            Organization,
            {"name": name, "city": site.city or "", "state": site.state or "", "postcode": site.zip or ""},
            of="sites",
        )
        known = self._hospitals_in(nation)
        key = _hospital_key(values["name"], values["city"], values["postcode"])
        if key not in known:
            known[key] = about.add(
                "organizations", Organization(kind=OrganizationKind.HOSPITAL, country=nation, **values)
            )
        return known[key]

    def _hospitals_in(self, nation):
        if nation.code not in self._hospitals:
            rows = Organization.objects.filter(kind=OrganizationKind.HOSPITAL, country=nation).order_by("-pk")
            self._hospitals[nation.code] = {
                _hospital_key(row.name, row.city, row.postcode): row for row in rows
            }
        return self._hospitals[nation.code]


def _hospital_key(name, city, postcode):
    return (plain(name), plain(city), plain(postcode))
