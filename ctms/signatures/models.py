from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from ctms.audit.trail import CurrentTransaction, append_only


class Meaning(models.TextChoices):
    """What a signer states; not synonyms (21 CFR 11.50(a)(3))."""

    AUTHORED = "AUTHORED", "Authored"
    REVIEWED = "REVIEWED", "Reviewed"
    APPROVED = "APPROVED", "Approved"
    ACKNOWLEDGED = "ACKNOWLEDGED", "Acknowledged"
    VERIFIED = "VERIFIED", "Verified"


@append_only
class Signature(models.Model):
    """
    Who signed what, when, meaning what, and the content itself.

    The printed name is copied: it stays what it was on the day (21 CFR 11.50(a)(1)). The content is kept as
    canonical JSON beside its hash, so that years later one can show what was signed, and compare it with
    what the record says now (11.70).
    """

    record = models.CharField(max_length=100, help_text="label and id, e.g. monitoring.MonitoringReport/12")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signer_name = models.CharField(max_length=300)
    meaning = models.CharField(max_length=20, choices=Meaning)
    method = models.CharField(max_length=20)
    content = models.TextField()
    content_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField(db_default=Now())
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["record", "id"], name="signature_record")]

    def __str__(self):
        return f"{self.get_meaning_display()} by {self.signer_name}"
