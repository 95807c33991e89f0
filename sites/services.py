"""Questions about a site's people that upper apps ask."""

from ctms.access.scoping import everything

from .models import SiteRole, SiteStaff


def principal_investigator(site, on):
    """Return the Person who was principal investigator of a site on a day, or None; the caller sees the site."""
    with everything("who leads a site is part of the site"):
        found = (
            SiteStaff.objects.filter(site=site, role=SiteRole.PRINCIPAL_INVESTIGATOR)
            .on(on)
            .select_related("person")
            .first()
        )
    return found.person if found else None
