"""What a site brings before its green light, and what it may go without."""

from django.core.exceptions import ValidationError
from django.db.models.functions import Now, TruncDate
from django.utils.translation import gettext as _

from ctms.access.explain import permit_at
from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from sites.models import ActivationWaiver, SiteRole, SiteStaff, WaiverStatus
from studies.models import ProtocolStatus, ProtocolVersion, SiteStatus
from studies.workflows import PROTOCOL, ActivationRequirement, requirements_at

BEFORE_ACTIVATION = (
    SiteStatus.IDENTIFIED,
    SiteStatus.UNDER_QUALIFICATION,
    SiteStatus.SELECTED,
    SiteStatus.START_UP,
    SiteStatus.INITIATED,
)


def without_number(sites):
    return {site.pk: [] if site.number else [_("The site has no site number.")] for site in sites}


def without_investigator(sites):
    with everything("who leads a site is part of the site"):
        leading = SiteStaff.objects.filter(
            site__in=[site.pk for site in sites], role=SiteRole.PRINCIPAL_INVESTIGATOR, ends_on=None
        )
        # The database's own day: a requirement is only ever asked now.
        led = set(leading.filter(starts_on__lte=TruncDate(Now())).values_list("site", flat=True))
    sentence = _("No principal investigator leads the site from today on.")
    return {site.pk: [] if site.pk in led else [sentence] for site in sites}


def without_protocol(sites):
    with everything("the protocol's state is part of the study"):
        effective = ProtocolVersion.objects.filter(
            study__in={site.study_id for site in sites}, status=ProtocolStatus.EFFECTIVE
        )
        found = set(effective.values_list("study", flat=True))
    sentence = _("The study has no effective protocol version.")
    return {site.pk: [] if site.study_id in found else [sentence] for site in sites}


REQUIREMENTS = (
    ActivationRequirement.asked_of_many("Site number", without_number, waivable=False),
    ActivationRequirement.asked_of_many(
        "Principal investigator", without_investigator, tab="site-staff", waivable=False
    ),
    ActivationRequirement.asked_of_many(
        "Effective protocol version", without_protocol, tab=PROTOCOL, waivable=False
    ),
)


def ask_for_waiver(*, actor, site, requirement, reason):
    """
    Ask that a site goes without one requirement of its activation; somebody else signs it or declines.

    :raises ValidationError: the requirement is met, never waived, or no requirement at all
    """
    permit_at(actor, "sites.ask_waiver", site.place())
    if site.status not in BEFORE_ACTIVATION:
        raise ValidationError(_("The site was released already."))
    with everything("what an activation asks is looked at as a whole"):
        standing = {one.requirement.title: one for one in requirements_at(site)}
    asked = standing.get(requirement)
    if asked is None:
        raise ValidationError({"requirement": _("An activation asks for no such thing.")})
    if not asked.requirement.waivable:
        raise ValidationError(
            {"requirement": _("No site is released without this: %(title)s.") % {"title": requirement}}
        )
    if asked.is_met:
        raise ValidationError({"requirement": _("This is met; there is nothing to waive.")})
    with acting_as(actor, reason=reason):
        waiver = ActivationWaiver(site=site, requirement=requirement, reason=reason, asked_by=actor)
        waiver.full_clean()
        waiver.save()
    return waiver


def note_approver(waiver, move):
    """Effect of approving: who signed stands in the row, so that the database can compare the two."""
    waiver.approved_by = move.actor


def signed_waivers(sites):
    """Return {id of a site: {requirement: who signed and why}} of what these sites may go without."""
    found: dict[int, dict[str, str]] = {site.pk: {} for site in sites}
    with everything("what an activation asks is looked at as a whole"):
        rows = ActivationWaiver.objects.filter(site__in=list(found), status=WaiverStatus.APPROVED)
        for row in rows.select_related("approved_by"):
            found[row.site_id][row.requirement] = _("Waived by %(name)s: %(reason)s") % {
                "name": row.approved_by,
                "reason": row.reason,
            }
    return found
