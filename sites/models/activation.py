"""What a second person signed that a site may go without before its green light."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import StudyOwned, country_of_study, site_of_study
from ctms.audit.trail import audited


class WaiverStatus(models.TextChoices):
    ASKED = "ASKED", _("Asked")
    APPROVED = "APPROVED", _("Approved")
    DECLINED = "DECLINED", _("Declined")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


@audited(called_by=("{requirement}", "{site}"))
class ActivationWaiver(StudyOwned):
    """One requirement of an activation a site goes without, and why; asked by one person, signed by another."""

    view_permission = "sites.view_activation"

    country = country_of_study(editable=False)
    site = site_of_study()
    requirement = models.CharField(max_length=120)
    reason = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    status = models.CharField(max_length=10, choices=WaiverStatus, default=WaiverStatus.ASKED, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "requirement"],
                condition=Q(status__in=("ASKED", "APPROVED")),
                name="activationwaiver_once_a_requirement",
                violation_error_message=_("A waiver of this requirement is asked or approved already."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("asked_by")),
                name="activationwaiver_two_people",
                violation_error_message=_("Somebody else approves the waiver you asked for."),
            ),
            models.CheckConstraint(
                condition=~Q(status="APPROVED") | Q(approved_by__isnull=False),
                name="activationwaiver_approved_by_somebody",
            ),
        ]
        permissions = [
            ("view_activation", "See what a site's activation waits for"),
            ("ask_waiver", "Ask that a site goes without a requirement of its activation"),
            ("approve_waiver", "Approve such a waiver"),
        ]
        triggers = [pgtrigger.ReadOnly(name="keeps_its_identity", fields=["site", "requirement", "asked_by"])]

    def __str__(self):
        return _("Waiver of “%(requirement)s”, site %(site)s") % {
            "requirement": self.requirement,
            "site": self.site.number or self.site.organization.name,
        }

    def time_zone(self):
        return self.site.time_zone()

    def as_signed(self):
        """Return what the approver signs: what the site goes without, why, and who asked."""
        return {
            "scheme": "activation-waiver/1",
            "study": self.study.protocol_number,
            "site": self.site.number,
            "requirement": self.requirement,
            "reason": self.reason,
            "asked_by": self.asked_by.get_full_name(),
        }
