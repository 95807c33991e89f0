"""A study with its countries and sites as they were on record at a cut: what every report of it stands on."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from directory.models import Country, Organization
from studies.models import CountryStatus, HoldState, SiteStatus, Study, StudyCountry, StudySite, StudyStatus

RECRUITING_IS_OVER = (
    StudyStatus.RECRUITMENT_CLOSED,
    StudyStatus.FOLLOW_UP,
    StudyStatus.CLOSE_OUT,
    StudyStatus.CLOSED,
    StudyStatus.ARCHIVED,
    StudyStatus.CANCELLED,
)
COUNTRY_IS_OVER = (CountryStatus.RECRUITMENT_CLOSED, CountryStatus.CLOSED, CountryStatus.DROPPED)


@dataclass(frozen=True)
class Spine:
    """The study, and by their keys the countries and sites of it the reader sees, linked with each other."""

    study: Study
    countries: dict[int, StudyCountry]
    sites: dict[int, StudySite]

    def link(self, rows):
        """Give rows that lie in this study their study, country and site, so that nothing of today is read."""
        linked = []
        for row in rows:
            row.study = self.study
            if getattr(row, "country_id", None) is not None:
                row.country = self.countries.get(row.country_id)
            if getattr(row, "site_id", None) is not None:
                row.site = self.sites.get(row.site_id)
                if row.site is None:
                    continue
            linked.append(row)
        return linked


def spine_of(cut):
    """Return the Spine of a cut (reports.declare.Cut); six queries."""
    study: Any = cut.of_study(Study)[0]
    countries = {one.pk: one for one in cut.of_study(StudyCountry)}
    sites = cut.rows(StudySite)
    houses = cut.named(Organization, {study.sponsor_id, *(site.organization_id for site in sites)})
    nations = Country.objects.in_bulk({one.nation_id for one in countries.values()})
    study.sponsor = houses.get(study.sponsor_id)
    for country in countries.values():
        country.study, country.nation = study, nations[country.nation_id]
    for site in sites:
        site.study, site.country = study, countries[site.country_id]
        site.organization = houses[site.organization_id]
    by_number = sorted(sites, key=lambda site: (site.country.nation.name, site.number, site.pk))
    return Spine(study, countries, {site.pk: site for site in by_number})


def effective_state(site):
    """Return the state a site is really in: what holds its study or country holds it too."""
    own = str(SiteStatus(site.status).label)
    if site.status not in (SiteStatus.ACTIVE, SiteStatus.ENROLMENT_HOLD):
        return own
    if site.study.status in RECRUITING_IS_OVER:
        return _("Enrolment closed (study)")
    if site.country.status in COUNTRY_IS_OVER:
        return _("Enrolment closed (country)")
    if site.study.hold != HoldState.NONE:
        return _("%(hold)s (study)") % {"hold": HoldState(site.study.hold).label}
    return own
