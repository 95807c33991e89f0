import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import StudyOwned, country_of_study, site_of_study
from ctms.audit.trail import audited
from ctms.files.models import StoredFile


@audited()
class Artifact(models.Model):
    """A class of documents in a version of the TMF Reference Model, such as 05.04.03 Monitoring Visit Report."""

    model_version = models.CharField(max_length=20, default="3.3.1")
    number = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    zone = models.CharField(max_length=100)
    section = models.CharField(max_length=100)
    unblinded_by_default = models.BooleanField(default=False)

    view_permission = "documents.view_artifact"

    class Meta:
        ordering = ["number", "pk"]
        constraints = [models.UniqueConstraint(fields=["model_version", "number"], name="artifact_once")]

    def __str__(self):
        return f"{self.number} {self.name}"


class DocumentStatus(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    APPROVED = "APPROVED", _("Approved")
    SUPERSEDED = "SUPERSEDED", _("Superseded")
    VOIDED = "VOIDED", _("Voided")


@audited()
class Document(StudyOwned):
    """
    A document of the trial master file; its content is in its versions.

    `source` names the record a filed document was made from, so that a job that runs twice files once.
    """

    final_states = (DocumentStatus.APPROVED.value, DocumentStatus.SUPERSEDED.value)

    country = country_of_study(null=True, blank=True)
    site = site_of_study(null=True, blank=True)
    artifact = models.ForeignKey(Artifact, models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    document_date = models.DateField(_("document date"))
    unblinded = models.BooleanField(default=False, editable=False)
    published = models.BooleanField(_("shown to the sponsor"), default=False, editable=False)
    source = models.CharField(max_length=120, blank=True, editable=False)
    status = models.CharField(
        max_length=20, choices=DocumentStatus, default=DocumentStatus.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("source", name="document_source_once", condition=~Q(source="")),
            models.CheckConstraint(
                condition=Q(published=False) | (Q(status="APPROVED") & Q(unblinded=False)),
                name="document_published_is_approved_and_blind_safe",
            ),
        ]
        permissions = [
            ("publish_document", "Show a document to the sponsor"),
            ("void_document", "Void a document"),
        ]
        triggers = [pgtrigger.ReadOnly(name="keeps_its_blinding", fields=["unblinded"])]

    def __str__(self):
        return self.title

    @property
    def current_version(self):
        """The latest version, of a document read with its versions as `shown_versions`."""
        return next(iter(getattr(self, "shown_versions", ())), None)

    @property
    def version_number(self):
        return self.current_version.number if self.current_version else None

    @property
    def sha256(self):
        return self.current_version.sha256 if self.current_version else None


@audited()
class DocumentVersion(StudyOwned):
    """One state of a document's content: number, file and digest; never changed once filed."""

    place_from = "document"
    view_permission = "documents.view_document"

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    country = country_of_study(null=True, blank=True)
    site = site_of_study(null=True, blank=True)
    unblinded = models.BooleanField(default=False, editable=False)
    number = models.CharField(max_length=10)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    sha256 = models.CharField("SHA-256", max_length=64)
    filed_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="documentversion_number_once")
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="never_changes",
                fields=["document", "number", "file", "sha256", "filed_on"],
            )
        ]

    def __str__(self):
        return f"{self.document} {self.number}"
