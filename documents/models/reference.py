"""The TMF Reference Model as data, version by version."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ctms.audit.trail import audited


class ReferenceModelStatus(models.TextChoices):
    LOADED = "LOADED", _("Loaded")
    CURRENT = "CURRENT", _("In use")
    RETIRED = "RETIRED", _("Retired")


@audited(called_by=("{name} {version_label}",))
class ReferenceModel(models.Model):
    """
    One published version of the TMF Reference Model; documents are classified by the one in use.

    The successor standard calls an artifact a record group: what its classes are called is data (practice.md,
    correction 26).
    """

    view_permission = "documents.view_artifact"

    version_label = models.CharField(_("version"), max_length=20, unique=True)
    name = models.CharField(max_length=120, default="TMF Reference Model")
    artifact_word = models.CharField(_("a class is called"), max_length=40, default="artifact")
    source_name = models.CharField(_("file"), max_length=255, blank=True)
    source_sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    status = models.CharField(
        max_length=10, choices=ReferenceModelStatus, default=ReferenceModelStatus.LOADED, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["version_label", "pk"]
        permissions = [("import_referencemodel", "Load a version of the TMF Reference Model")]
        constraints = [
            models.UniqueConstraint(
                fields=["status"],
                condition=models.Q(status="CURRENT"),
                name="referencemodel_one_in_use",
                violation_error_message=_("Another version of the reference model is in use."),
            )
        ]

    def __str__(self):
        return f"{self.name} {self.version_label}"


class Requiredness(models.TextChoices):
    CORE = "CORE", _("Core")
    RECOMMENDED = "RECOMMENDED", _("Recommended")


@audited(called_by=("{number} {name}",))
class Artifact(models.Model):
    """A class of documents in a version of the TMF Reference Model, such as 05.04.03 Monitoring Visit Report."""

    reference_model = models.ForeignKey(ReferenceModel, models.PROTECT, related_name="artifacts")
    number = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    zone_number = models.CharField(_("zone"), max_length=2)
    zone_name = models.CharField(_("name of the zone"), max_length=100)
    section_number = models.CharField(_("section"), max_length=5)
    section_name = models.CharField(_("name of the section"), max_length=100)
    unique_id = models.PositiveIntegerField(_("unique number"), null=True, blank=True)
    requiredness = models.CharField(max_length=12, choices=Requiredness, blank=True, default="")
    at_trial = models.BooleanField(_("trial level"), default=False)
    at_country = models.BooleanField(_("country level"), default=False)
    at_site = models.BooleanField(_("site level"), default=False)
    filed_by_sponsor = models.BooleanField(_("in the sponsor's file"), default=True)
    filed_by_investigator = models.BooleanField(_("in the investigator's file"), default=False)
    trial_milestone = models.CharField(max_length=120, blank=True, default="")
    country_milestone = models.CharField(max_length=120, blank=True, default="")
    site_milestone = models.CharField(max_length=120, blank=True, default="")
    dated_by = models.CharField(_("dated by"), max_length=200, blank=True, default="")
    unblinded_by_default = models.BooleanField(default=False)
    # The house's policy, not the reference model's; proposed when a paper is classified, and corrected there.
    valid_months = models.PositiveSmallIntegerField(
        _("valid for months"), null=True, blank=True, help_text=_("Empty: such papers do not expire.")
    )

    view_permission = "documents.view_artifact"

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["reference_model", "number"], name="artifact_once"),
            models.CheckConstraint(
                condition=models.Q(valid_months__isnull=True) | models.Q(valid_months__gte=1),
                name="artifact_valid_for_a_month",
                violation_error_message=_("A paper that expires is valid for a month at least."),
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.name}"

    @property
    def levels(self):
        """The levels it is filed at, in words."""
        held = ((self.at_trial, _("Trial")), (self.at_country, _("Country")), (self.at_site, _("Site")))
        return [str(word) for holds, word in held if holds]

    @property
    def zone_label(self):
        return f"{self.zone_number} {self.zone_name}"

    @property
    def section_label(self):
        return f"{self.section_number} {self.section_name}"
