from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ctms.audit.trail import audited
from ctms.calendar.zones import KnownZone, TimeZoneField, zone_named


class Country(models.Model):
    """A country of the world: ISO 3166-1, with the zone whose date is today there."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=100)
    time_zone = TimeZoneField(_("time zone"), default="UTC")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "countries"
        triggers = [KnownZone(column="time_zone")]

    def __str__(self):
        return self.name

    @property
    def zone(self):
        return zone_named(self.time_zone)


class OrganizationKind(models.TextChoices):
    SPONSOR = "SPONSOR", _("Sponsor")
    CRO = "CRO", _("Contract research organisation")
    HOSPITAL = "HOSPITAL", _("Hospital or practice")
    ETHICS_COMMITTEE = "ETHICS_COMMITTEE", _("Ethics committee")
    AUTHORITY = "AUTHORITY", _("Competent authority")
    LABORATORY = "LABORATORY", _("Laboratory")
    VENDOR = "VENDOR", _("Vendor")
    OTHER = "OTHER", _("Other")


@audited(called_by=("{name}",))
class Organization(models.Model):
    """One organization, once in the house; a study's site is its part in one study."""

    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=OrganizationKind)
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="+")
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    street = models.CharField(max_length=200, blank=True)
    identifier = models.CharField(max_length=60, blank=True, help_text=_("ROR, DUNS or OMS number"))
    version = models.PositiveIntegerField(default=0, editable=False)

    view_permission = "directory.view_directory"
    change_permission = "directory.change_directory"

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                "kind",
                Lower("city"),
                Lower("postcode"),
                "country",
                name="organization_once",
                nulls_distinct=False,
                violation_error_message=_("This organization is in the directory already."),
            )
        ]
        permissions = [("view_directory", "See the directory"), ("change_directory", "Change the directory")]

    def __str__(self):
        return self.name


@audited(called_by=("{given_name} {family_name}",))
class Person(models.Model):
    """Somebody at a site, a sponsor or a vendor; people of the house with an account are users."""

    title = models.CharField(max_length=30, blank=True)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="people"
    )
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    view_permission = "directory.view_directory"
    change_permission = "directory.change_directory"

    class Meta:
        ordering = ["family_name", "given_name", "pk"]
        verbose_name_plural = "people"

    def __str__(self):
        return " ".join(part for part in (self.title, self.given_name, self.family_name) if part)
