from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from ctms.access.roles import FROM_OUTSIDE, LABELS
from ctms.access.scoping import Scoped, study_of
from ctms.audit.trail import append_only


@append_only
class StoredFile(models.Model):
    """
    Bytes with their SHA-256. Which record they belong to, and so who may have them, the record knows.

    The storage key is the digest: writing the same bytes twice (a job that ran twice) harms nothing.
    """

    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stored_at = models.DateTimeField(db_default=Now())

    def __str__(self):
        return self.name

    @property
    def key(self):
        return f"{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"


class AccessKind(models.TextChoices):
    DOWNLOAD = "DOWNLOAD", "Download"
    EXPORT = "EXPORT", "Export"
    VIEW = "VIEW", "View"


@append_only
class AccessRecord(Scoped):
    """
    Somebody took content out of the system (EMA A4.10): a file, or the rows of a list; or a person from outside
    was shown a page or an answer.

    It is unblinded when what was opened is, or when a list may have held such rows: who is blinded does not learn
    from the log of what they must not know of. Without a study it is read by whoever reads every study.
    """

    view_permission = "audit.view_access"

    kind = models.CharField(max_length=10, choices=AccessKind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(
        _("from outside as"),
        max_length=40,
        blank=True,
        choices=[(role, LABELS[role]) for role in sorted(FROM_OUTSIDE)],
    )
    study = study_of(null=True, db_index=False)
    record = models.CharField(max_length=100, help_text="label and id, e.g. documents.Document/12")
    unblinded = models.BooleanField(default=False)
    detail = models.CharField(max_length=400, blank=True)
    address = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("access log")
        indexes = [models.Index(fields=["record", "-at"]), models.Index(fields=["user", "-at"])]

    def __str__(self):
        return f"{self.get_kind_display()} {self.record} by {self.user}"

    @property
    def opened(self):
        """What was opened in words, such as `Monitoring visit 18`; the name of a list or page as it is."""
        label, _slash, pk = self.record.partition("/")
        if label.count(".") != 1 or not pk.isdigit():
            return self.record
        return f"{apps.get_model(label)._meta.verbose_name} {pk}".capitalize()
