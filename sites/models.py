from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ctms.access.assignments import DateRange, ends_after_start
from ctms.access.scoping import ScopedQuerySet, StudyOwned, country_of_study, site_of_study
from ctms.audit.trail import audited
from directory.models import Person


class SiteRole(models.TextChoices):
    PRINCIPAL_INVESTIGATOR = "PRINCIPAL_INVESTIGATOR", _("Principal investigator")
    SUB_INVESTIGATOR = "SUB_INVESTIGATOR", _("Sub-investigator")
    STUDY_COORDINATOR = "STUDY_COORDINATOR", _("Study coordinator")
    PHARMACIST = "PHARMACIST", _("Pharmacist")
    OTHER = "OTHER", _("Other")


class SiteStaffQuerySet(ScopedQuerySet):
    def on(self, day):
        """Keep those who held their role on a day."""
        return self.filter(Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day)))


@audited()
class SiteStaff(StudyOwned):
    """Somebody's role at a site from a day to a day: the investigator is always the one of that day."""

    country = country_of_study(editable=False)
    site = site_of_study()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=SiteRole)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = SiteStaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        constraints = [
            ends_after_start("sitestaff_ends_after_start"),
            ExclusionConstraint(
                name="sitestaff_one_principal_investigator",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    (
                        DateRange(
                            "starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True)
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(role="PRINCIPAL_INVESTIGATOR"),
                violation_error_message=_("The site has another principal investigator in that period."),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.get_role_display()}"
