"""The people of a site: who led it on a day, and the change of its principal investigator."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ctms.access.explain import permit_at
from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from sites.models import SiteRole, SiteStaff

DAY = timedelta(days=1)


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


def staff_on(site, on):
    """Return a site's people on a day, those first who are written to; the caller sees the site."""
    first = [SiteRole.PRINCIPAL_INVESTIGATOR, SiteRole.STUDY_COORDINATOR, SiteRole.SUB_INVESTIGATOR]
    with everything("who works at a site is part of the site"):
        rows = list(SiteStaff.objects.filter(site=site).on(on).select_related("person"))
    return sorted(rows, key=lambda row: (first.index(row.role) if row.role in first else 9, row.pk))


def replace_principal_investigator(*, actor, site, person, starts_on, reason):
    """
    Let `person` lead a site from a day on; who led it until then ends the day before, without gap or overlap.

    A sub-investigator who takes over is sub-investigator no longer.

    :returns: the new SiteStaff
    :raises ValidationError: with the field: nobody led the site the day before, somebody is named for later,
        or the person leads it already
    """
    permit_at(actor, "sites.change_sitestaff", site.place())
    with acting_as(actor, reason=reason), everything("who leads a site, before and after a day"):
        leads = SiteStaff.objects.filter(site=site, role=SiteRole.PRINCIPAL_INVESTIGATOR).select_for_update()
        former = _former(leads, person, starts_on)
        former.ends_on = starts_on - DAY
        former.full_clean()
        former.save()
        others = SiteStaff.objects.filter(site=site, person=person, role=SiteRole.SUB_INVESTIGATOR)
        for other in others.filter(starts_on__lt=starts_on).on(starts_on).select_for_update():
            other.ends_on = starts_on - DAY
            other.save()
        successor = SiteStaff(
            site=site, person=person, role=SiteRole.PRINCIPAL_INVESTIGATOR, starts_on=starts_on
        )
        successor.full_clean()
        successor.save()
    return successor


def _former(leads, person, starts_on):
    if leads.filter(starts_on__gte=starts_on).exists():
        raise ValidationError(
            {"starts_on": _("Somebody is named principal investigator from a later day already.")}
        )
    former = leads.on(starts_on - DAY).first()
    if former is None:
        raise ValidationError(
            {
                "starts_on": _(
                    "Nobody leads the site the day before: there would be a gap. Add the staff member."
                )
            }
        )
    if former.person_id == person.pk:
        raise ValidationError({"person": _("%(name)s leads the site already.") % {"name": person}})
    return former
