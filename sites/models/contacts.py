"""What was said with a site between its visits: a call or mail, written down in twenty seconds."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import StudyOwned, country_of_study, site_of_study
from ctms.audit.trail import audited

from .staff import SiteStaff


class ContactKind(models.TextChoices):
    TELEPHONE = "TELEPHONE", _("Telephone")
    E_MAIL = "E_MAIL", _("E-mail")
    VIDEO = "VIDEO", _("Video call")
    IN_PERSON = "IN_PERSON", _("In person")
    LETTER = "LETTER", _("Letter")


class Direction(models.TextChoices):
    OUT = "OUT", _("From us")
    IN = "IN", _("From the site")


class Topic(models.TextChoices):
    RECRUITMENT = "RECRUITMENT", _("Recruitment")
    CONSENT = "CONSENT", _("Informed consent")
    ELIGIBILITY = "ELIGIBILITY", _("Eligibility")
    SAFETY = "SAFETY", _("Safety")
    DATA = "DATA", _("Data and queries")
    PRODUCT = "PRODUCT", _("Investigational product")
    SAMPLES = "SAMPLES", _("Samples and laboratory")
    DOCUMENTS = "DOCUMENTS", _("Site file and documents")
    SUBMISSION = "SUBMISSION", _("Ethics and authorities")
    CONTRACT = "CONTRACT", _("Contract and payments")
    STAFF = "STAFF", _("Staff and training")
    VISIT = "VISIT", _("Arranging a visit")
    SYSTEMS = "SYSTEMS", _("Systems and access")
    OTHER = "OTHER", _("Other")


class ContactStatus(models.TextChoices):
    RECORDED = "RECORDED", _("Recorded")
    FILED = "FILED", _("Filed")
    VOIDED = "VOIDED", _("Voided")


@audited(called_by=("{kind}", "{happened_on}", "{with_whom}"))
class SiteContact(StudyOwned):
    """A call, mail or talk with a site; in the unblinded circle it exists for nobody outside."""

    view_permission = "sites.view_contact"

    country = country_of_study(editable=False)
    site = site_of_study()
    happened_on = models.DateField(_("date"))
    kind = models.CharField(max_length=10, choices=ContactKind, default=ContactKind.TELEPHONE)
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.OUT)
    with_whom = models.CharField(_("with"), max_length=200)
    # Who of the site's staff it was, when the words name exactly one of them.
    staff = models.ForeignKey(
        SiteStaff, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    topic = models.CharField(max_length=12, choices=Topic)
    text = models.TextField(_("what was said"))
    unblinded = models.BooleanField(default=False)
    status = models.CharField(
        max_length=10, choices=ContactStatus, default=ContactStatus.RECORDED, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        triggers = [
            pgtrigger.ReadOnly(name="keeps_its_identity", fields=["site", "recorded_by", "unblinded"])
        ]

    def __str__(self):
        day = self.happened_on.strftime("%-d %b %Y")
        circle = _(" (unblinded)") if self.unblinded else ""
        return f"{self.get_kind_display()} {day}, {self.with_whom}{circle}"

    @property
    def how(self):
        """Return such as `Telephone, from the site (unblinded)`."""
        way = f"{self.get_kind_display()}, {str(self.get_direction_display()).lower()}"
        return way + (_(" (unblinded)") if self.unblinded else "")

    def time_zone(self):
        return self.site.time_zone()
