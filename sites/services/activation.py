"""What a site brings before its green light, and what it may go without."""

from django.core.exceptions import ValidationError
from django.db.models.functions import Now, TruncDate
from django.utils.translation import gettext as _

from ctms.access.explain import permit_at
from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from sites.models import ActivationWaiver, SiteRole, SiteStaff, WaiverStatus
from studies.models import ProtocolStatus, ProtocolVersion, SiteStatus
from studies.workflows import ActivationRequirement, requirements_at

BEFORE_ACTIVATION = (
    SiteStatus.IDENTIFIED,
    SiteStatus.UNDER_QUALIFICATION,
    SiteStatus.SELECTED,
    SiteStatus.START_UP,
    SiteStatus.INITIATED,
)


def without_number(site):
    return [] if site.number else [_("The site has no site number.")]


def without_investigator(site):
    with everything("who leads a site is part of the site"):
        leading = SiteStaff.objects.filter(site=site, role=SiteRole.PRINCIPAL_INVESTIGATOR, ends_on=None)
        # The database's own day: a requirement is only ever asked now.
        found = leading.filter(starts_on__lte=TruncDate(Now())).exists()
    return [] if found else [_("No principal investigator leads the site from today on.")]


def without_protocol(site):
    with everything("the protocol's state is part of the study"):
        found = ProtocolVersion.objects.filter(study=site.study_id, status=ProtocolStatus.EFFECTIVE).exists()
    return [] if found else [_("The study has no effective protocol version.")]


REQUIREMENTS = (
    ActivationRequirement("Site number", without_number, waivable=False),
    ActivationRequirement("Principal investigator", without_investigator, tab="site-staff", waivable=False),
    ActivationRequirement("Effective protocol version", without_protocol, tab="study", waivable=False),
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


def signed_waivers(site):
    """Return {requirement: who signed and why} of what this site may go without."""
    with everything("what an activation asks is looked at as a whole"):
        rows = ActivationWaiver.objects.filter(site=site, status=WaiverStatus.APPROVED)
        return {
            row.requirement: _("Waived by %(name)s: %(reason)s")
            % {"name": row.approved_by, "reason": row.reason}
            for row in rows.select_related("approved_by")
        }
