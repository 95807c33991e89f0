"""Sites a file names and the study does not have yet: made only where somebody asked for it and may."""

from django.core.exceptions import PermissionDenied

from ctms.access.access import access_of
from ctms.access.explain import why_not
from ctms.accounts.models import SYSTEM
from ctms.workflow.engine import adopt
from directory.models import Country, Organization
from studies.formats.country_name import alpha_2_of
from studies.models import StudyCountry, StudySite

PERMISSIONS = ("studies.add_studysite", "studies.import_study", "directory.change_directory")


def may_make_sites(actor, study):
    """True if `actor` may add sites to the study and take them over as active."""
    if actor.username == SYSTEM and actor.is_active:
        return True
    return all(access_of(actor).allows_at(permission, study.place()) for permission in PERMISSIONS)


def make_sites(*, actor, study, said, reason):
    """
    Make the sites named by `said` (SubjectSaid) that the study lacks, active as they have subjects; returns them.

    The hospital behind a number is not in such a file: the organization is called by the number until somebody
    names it. A site whose country the file does not say is not made.
    """
    if not may_make_sites(actor, study):
        raise PermissionDenied(why_not(actor, PERMISSIONS[0]))
    known = set(StudySite.objects.filter(study=study).values_list("number", flat=True))
    missing = {}
    for one in said:
        if one.site and len(one.site) <= 20 and one.site not in known:
            missing.setdefault(one.site, one.country)
    made = []
    for number, country in sorted(missing.items()):
        if place := _country(study, country):
            made.append(_make(actor, study, place, number, reason))
    return made


def _country(study, said):
    countries = StudyCountry.objects.filter(study=study).select_related("nation")
    if not said:
        only = list(countries[:2])
        return only[0] if len(only) == 1 else None
    nation = _nation(said)
    if nation is None:
        return None
    found = countries.filter(nation=nation).first()
    return found or StudyCountry.objects.create(study=study, nation=nation)


def _nation(said):
    return Country.objects.filter(pk=alpha_2_of(said) or "").first()


def _make(actor, study, country, number, reason):
    organization = Organization.objects.create(
        name=f"{study.protocol_number} · {number}"[:200], kind="HOSPITAL", country_id=country.nation_id
    )
    site = StudySite.objects.create(country=country, organization=organization, number=number)
    adopt(site, "ACTIVE", actor=actor, reason=reason)
    return site
