"""Countries and sites of the study. Sites keep their own signed history: an import never moves one."""

import hashlib
from collections.abc import Iterable

from django.utils.translation import gettext as _

from studies.models import StudyCountry, StudySite

from . import states
from .about import Kind
from .words import plain


def import_places(about):
    """Add countries and sites, and bring the status the registry gives the sites up to date."""
    countries = _import_countries(about)
    made = _import_sites(about, countries)
    states.adopt_countries(
        about, [c for c in countries.values() if about.was_made("study_countries", c)], made
    )
    return countries


def _import_countries(about):
    """Return alpha-2 code -> the country's part in the study."""
    rows: Iterable[StudyCountry] = (
        [] if about.is_new else StudyCountry.objects.filter(study=about.study).select_related("nation")
    )
    countries = {row.nation_id: row for row in rows}
    named = {country.code: country.name for country in about.file.countries}
    named |= {
        site.country_code: site.country_code for site in about.file.sites if site.country_code not in named
    }
    named.pop(None, None)
    for code, name in named.items():
        if code in countries:
            continue
        nation = about.directory.nation(code)
        if nation is None:
            about.note(
                "study_countries", _("The country %s is not in the directory; it was left out.") % name
            )
            continue
        countries[code] = about.add("study_countries", StudyCountry(study=about.study, nation=nation))
    return countries


def _import_sites(about, countries):
    """Return the sites made."""
    rows = [] if about.is_new else list(_sites_of(about.study))
    by_key = {row.source_key: row for row in rows if row.source_key}
    by_address = {}
    for row in rows:
        by_address.setdefault(_address_of_row(row), []).append(row)
    made, met = [], []
    for site in about.file.sites:
        country = countries.get(site.country_code)
        name = site_name(site)
        if country is None:
            about.note("study_sites", _("The site %s was left out: its country is not known.") % name)
            continue
        key = source_key(about.kind, site)
        row = by_key.get(key) or _only_one_at(by_address, site, name, met)
        if row is None:
            row = _make_site(about, site, name, country, key)
            made.append(row)
        else:
            _bring_up_to_date(about, row, site, key)
        met.append(row)
    if about.kind is Kind.REGISTRY:
        _list_the_vanished(about, rows, met)
        states.propose_for_sites(about, [row for row in met if row not in made])
    return made


def _sites_of(study):
    sites = StudySite.objects.filter(study=study).select_related("organization", "country__nation")
    return sites.order_by("pk")


def source_key(kind, site):
    """The same place has the same key in a later file of the same kind; as long as the column allows."""
    prefix = f"{kind.value}:"
    return prefix + hashlib.sha256(site.key.encode()).hexdigest()[: 64 - len(prefix)]


def site_name(site):
    """The facility as the file writes it, or that it names none."""
    if site.facility:
        return site.facility
    return f"Facility not named ({site.city})" if site.city else "Facility not named"


def _address(name, city, code):
    return (plain(name), plain(city), code)


def _address_of_row(row):
    return _address(row.organization.name, row.organization.city, row.country.nation_id)


def _only_one_at(by_address, site, name, met):
    """The site at this address, if there is one alone: made by hand, or by a file of the other kind."""
    rows = [r for r in by_address.get(_address(name, site.city, site.country_code), ()) if r not in met]
    rows = [row for row in rows if not row.source_key or not site.zip or not row.organization.postcode]
    return rows[0] if len(rows) == 1 else None


def _make_site(about, site, name, country, key):
    organization = about.directory.hospital(about, site, name, country.nation)
    values = about.fitting(StudySite, {"registry_status": site.status or ""}, of="study_sites")
    row = StudySite(study=about.study, country=country, organization=organization, source_key=key, **values)
    about.add("study_sites", row)
    states.adopt_site(about, row)
    return row


def _bring_up_to_date(about, row, site, key):
    values = {"source_key": row.source_key or key}
    if about.kind is Kind.REGISTRY:
        # The registry names a site's status only while the study recruits: silence is a statement, too.
        values["registry_status"] = site.status or ""
    about.change("study_sites", row, about.fitting(StudySite, values, of="study_sites"))


def _list_the_vanished(about, rows, met):
    kept = {row.pk for row in met}
    for row in rows:
        if row.pk not in kept and row.source_key.startswith(f"{Kind.REGISTRY.value}:"):
            about.note(
                "study_sites",
                _("The site %(site)s (%(country)s) is not in this record. Kept.")
                % {"site": row.organization.name, "country": row.country},
            )
