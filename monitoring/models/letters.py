"""The letters around a visit: confirmed before it, followed up after it; what was sent never changes."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import ScopedQuerySet, StudyOwned, country_of_study, site_of_study
from ctms.audit.trail import audited
from documents.models import Document

from .visits import MonitoringVisit


class LetterKind(models.TextChoices):
    CONFIRMATION = "CONFIRMATION", _("Confirmation letter")
    FOLLOW_UP = "FOLLOW_UP", _("Follow-up letter")


class LetterStatus(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    SENT = "SENT", _("Sent")
    ACKNOWLEDGED = "ACKNOWLEDGED", _("Acknowledged")
    VOIDED = "VOIDED", _("Voided")


class SendingMethod(models.TextChoices):
    E_MAIL = "E_MAIL", _("E-mail")
    POST = "POST", _("Post")
    COURIER = "COURIER", _("Courier")
    PORTAL = "PORTAL", _("Site portal")
    BY_HAND = "BY_HAND", _("By hand")


class LetterQuerySet(ScopedQuerySet):
    def sent(self):
        return self.filter(status__in=(LetterStatus.SENT, LetterStatus.ACKNOWLEDGED))


@audited(called_by=("{kind}", "{visit}"))
class VisitLetter(StudyOwned):
    """
    One letter to a site about one visit. The monitor writes and sends it; the product keeps what was sent.

    On sending, its content is frozen into the snapshot the PDF is made of, and filed with the visit's own artifact.
    """

    place_from = "visit"
    view_permission = "monitoring.view_letter"
    # An authority's reader is shown what went to the site, and no draft of it.
    final_states = (LetterStatus.SENT.value, LetterStatus.ACKNOWLEDGED.value)

    visit = models.ForeignKey(MonitoringVisit, models.PROTECT, related_name="letters")
    country = country_of_study(editable=False)
    site = site_of_study(editable=False)
    unblinded = models.BooleanField(default=False, editable=False)
    kind = models.CharField(max_length=15, choices=LetterKind)
    dated_on = models.DateField(_("date of the letter"))
    recipients = models.TextField(_("to"), help_text=_("One a line, with the role."), blank=True)
    copies_to = models.TextField(_("copies to"), help_text=_("One a line."), blank=True)
    subject = models.CharField(max_length=300)
    body = models.TextField(_("text"))
    method = models.CharField(
        _("sent by"), max_length=10, choices=SendingMethod, default=SendingMethod.E_MAIL
    )
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    sent_on = models.DateField(null=True, blank=True, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("sender"),
    )
    acknowledged_on = models.DateField(null=True, blank=True, editable=False)
    snapshot = models.JSONField(_("content as sent"), null=True, blank=True, editable=False)
    filed_as = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    status = models.CharField(max_length=15, choices=LetterStatus, default=LetterStatus.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "kind"],
                condition=~Q(status="VOIDED"),
                name="visitletter_once_a_kind",
                violation_error_message=_(
                    "The visit has this letter already; void it before you write another."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("SENT", "ACKNOWLEDGED"))
                | Q(sent_on__isnull=False, sent_by__isnull=False, snapshot__isnull=False),
                name="visitletter_sent_has_its_snapshot",
            ),
            models.CheckConstraint(
                condition=Q(sent_on__isnull=True) | Q(sent_on__gte=models.F("dated_on")),
                name="visitletter_sent_after_its_date",
                violation_error_message=_("The letter is dated after the day it was sent."),
            ),
        ]
        permissions = [
            ("view_letter", "See the letters of a visit"),
            ("write_letter", "Write the letters of a visit and record that they were sent"),
        ]
        triggers = [pgtrigger.ReadOnly(name="keeps_its_visit", fields=["visit", "kind", "written_by"])]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.visit}"

    @property
    def label(self):
        return f"{self.get_kind_display()} {self.visit.label}"

    @property
    def waits_for_pdf(self):
        return self.status in (LetterStatus.SENT, LetterStatus.ACKNOWLEDGED) and self.filed_as_id is None

    def time_zone(self):
        return self.site.time_zone()
