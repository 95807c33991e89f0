"""Documents of the trial master file, their contents and what review found wrong with them."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import ScopedQuerySet, StudyOwned, country_of_study, everything, site_of_study
from ctms.audit.trail import audited
from ctms.files.models import StoredFile
from studies.models import SITES_OVER, CountryStatus, StudyStatus

from .reference import Artifact
from .validity import renew_until


class DocumentStatus(models.TextChoices):
    """From the inbox to the file: nothing is approved that somebody else did not look at (etmf.md 5.3)."""

    DRAFT = "DRAFT", _("Inbox")
    SUBMITTED = "SUBMITTED", _("Waits for review")
    IN_REVIEW = "IN_REVIEW", _("In review")
    RETURNED = "RETURNED", _("Returned")
    REVIEWED = "REVIEWED", _("Waits for approval")
    APPROVED = "APPROVED", _("Approved")
    SUPERSEDED = "SUPERSEDED", _("Superseded")
    VOIDED = "VOIDED", _("Voided")


STILL_WRITTEN = (DocumentStatus.DRAFT, DocumentStatus.RETURNED)
IN_THE_QUEUE = (DocumentStatus.SUBMITTED, DocumentStatus.IN_REVIEW, DocumentStatus.REVIEWED)
ON_THE_WAY = (*STILL_WRITTEN, *IN_THE_QUEUE)

# Where nothing is done any more, no paper is asked to be renewed.
COUNTRIES_OVER = (CountryStatus.CLOSED, CountryStatus.DROPPED)
STUDIES_OVER = (StudyStatus.CLOSED, StudyStatus.ARCHIVED, StudyStatus.CANCELLED)
PLACE_OVER = (
    Q(site__status__in=SITES_OVER) | Q(country__status__in=COUNTRIES_OVER) | Q(study__status__in=STUDIES_OVER)
)


class DocumentQuerySet(ScopedQuerySet):
    """Documents by how long they hold."""

    def with_an_end(self):
        """
        Keep the approved documents that are valid until a day and needed beyond it: the work at their place goes on,
        and no later one has taken their place.
        """
        rows = self.filter(status=DocumentStatus.APPROVED, expires_on__isnull=False, renewed=False)
        return rows.exclude(PLACE_OVER)

    def expired(self, on):
        """Keep those that hold no more on a day; the last day of validity still counts."""
        return self.with_an_end().filter(expires_on__lt=on)

    def about_to_expire(self, on, days=None):
        """Keep those that still hold and end within some days, as the house says unless told otherwise."""
        return self.with_an_end().filter(expires_on__range=(on, renew_until(on, days)))

    def to_renew(self, on):
        """Keep those that have expired or are about to: what somebody asks the site for."""
        return self.with_an_end().filter(expires_on__lte=renew_until(on))


@audited(called_by=("{title}",))
class Document(StudyOwned):
    """
    A document of the trial master file in one version; its content is in its versions, 0.1 to 1.0.

    A new version of an approved document is a document of its own (1.1, 2.0) that replaces the former on approval.
    `source` names the record a filed document was made from, so that a job that runs twice files once; `about` is
    the key of what it is about, such as a visit.
    """

    blinding_may_change = True
    # What a reader from outside is shown: nothing that is still being worked on.
    final_states = (DocumentStatus.APPROVED, DocumentStatus.SUPERSEDED)

    country = country_of_study(null=True, blank=True)
    site = site_of_study(null=True, blank=True)
    artifact = models.ForeignKey(
        Artifact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    title = models.CharField(max_length=300)
    document_date = models.DateField(_("document date"), null=True, blank=True)
    expires_on = models.DateField(
        _("expires on"), null=True, blank=True, help_text=_("The last day it is valid.")
    )
    language = models.CharField(max_length=8, blank=True, default="", help_text=_("Such as en, es or de."))
    unblinded = models.BooleanField(default=False, editable=False)
    published = models.BooleanField(_("shown to the sponsor"), default=False, editable=False)
    # A later document stands for what this one did: nobody asks for the next any more.
    renewed = models.BooleanField(default=False, editable=False)
    source = models.CharField(max_length=120, blank=True, editable=False)
    about = models.CharField(max_length=160, blank=True, default="", editable=False)
    expected = models.ForeignKey(
        "documents.ExpectedDocument",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("fulfils"),
    )
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="successors",
        verbose_name=_("new version of"),
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("reviewer"),
    )
    status = models.CharField(
        max_length=20, choices=DocumentStatus, default=DocumentStatus.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("source", name="document_source_once", condition=~Q(source="")),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True)
                | Q(document_date__isnull=True)
                | Q(expires_on__gte=F("document_date")),
                name="document_expires_after_its_date",
                violation_error_message=_("A document does not expire before its own date."),
            ),
            models.CheckConstraint(
                condition=Q(published=False)
                | (Q(status__in=["APPROVED", "SUPERSEDED"]) & Q(unblinded=False)),
                name="document_published_is_approved_and_blind_safe",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["DRAFT", "RETURNED", "VOIDED"])
                | (Q(artifact__isnull=False) & Q(document_date__isnull=False)),
                name="document_is_classified_before_review",
                violation_error_message=_("Choose the artifact and the document date first."),
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=~Q(status="VOIDED"),
                name="document_replaced_once",
                violation_error_message=_("A new version of this document is under way already."),
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("id")),
                name="document_not_its_own_successor",
            ),
        ]
        permissions = [
            ("publish_document", "Show a document to the sponsor"),
            ("void_document", "Void a document"),
            ("submit_document", "Submit a document for review"),
            ("review_document", "Review submitted documents"),
            ("approve_document", "Approve reviewed documents"),
            ("renew_document", "Ask for the next of papers that expire"),
        ]
        indexes = [
            models.Index(fields=["expected"], name="document_expected"),
            models.Index(fields=["study", "artifact", "site"], name="document_artifact_at"),
            models.Index(
                fields=["expires_on"],
                condition=Q(status="APPROVED", expires_on__isnull=False, renewed=False),
                name="document_expires",
            ),
        ]
        triggers = [
            # The blinding is chosen while it is classified, and kept from the moment somebody else looks at it.
            pgtrigger.Protect(
                name="keeps_its_blinding",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__unblinded__df=pgtrigger.F("new__unblinded"))
                & ~pgtrigger.Q(old__status__in=["DRAFT", "RETURNED"]),
            ),
            pgtrigger.ReadOnly(name="stays_in_its_study", fields=["study", "source", "replaces"]),
        ]

    def __str__(self):
        return self.title

    @property
    def place_is_over(self):
        """True where the work is done: what `PLACE_OVER` asks the database, of a document in hand."""
        return (
            self.study.status in STUDIES_OVER
            or (self.country is not None and self.country.status in COUNTRIES_OVER)
            or (self.site is not None and self.site.status in SITES_OVER)
        )

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

    @property
    def place_label(self):
        """Where it lies, in words: the site, the country or the study."""
        return str(self.site or self.country or self.study)

    def time_zone(self):
        at = self.site or self.country
        return at.time_zone() if at else None

    def as_signed(self):
        """Return what approval covers: what the document is said to be, and the digest of its content."""
        with everything("the content and place of the document in hand"):
            version = self.versions.order_by("-pk").first()
        # Signed before documents had an end, or without one: the content is what it was.
        ends = {} if self.expires_on is None else {"expires_on": self.expires_on}
        return {
            "scheme": "document/2" if ends else "document/1",
            "study": self.study.protocol_number,
            "country": self.country.nation_id if self.country else None,
            "site": self.site.number if self.site else None,
            "artifact": self.artifact.number if self.artifact else None,
            "reference_model": self.artifact.reference_model.version_label if self.artifact else None,
            "title": self.title,
            "document_date": self.document_date,
            **ends,
            "language": self.language,
            "unblinded": self.unblinded,
            "number": version.number if version else None,
            "sha256": version.sha256 if version else None,
        }


class AddedWhileWritten(pgtrigger.Trigger):
    """Content comes to a document while it is written; at approval the reviewed file gets its whole number."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert
    func = """
        IF NOT EXISTS (
            SELECT 1 FROM documents_document d WHERE d.id = NEW.document_id AND (
                d.status IN ('DRAFT', 'RETURNED')
                OR (d.status = 'REVIEWED' AND NEW.number LIKE '%%.0' AND NEW.file_id = (
                    SELECT v.file_id FROM documents_documentversion v
                    WHERE v.document_id = d.id ORDER BY v.id DESC LIMIT 1)))) THEN
            RAISE EXCEPTION 'The content of a document that is reviewed or approved no longer changes.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    """


@audited(called_by=("{document}", "{number}"))
class DocumentVersion(StudyOwned):
    """One state of a document's content: number, file and digest; never changed once filed."""

    place_from = "document"
    blinding_may_change = True
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
        indexes = [models.Index(fields=["sha256"], name="documentversion_digest")]
        triggers = [
            pgtrigger.ReadOnly(
                name="never_changes",
                fields=["document", "number", "file", "sha256", "filed_on"],
            ),
            AddedWhileWritten(name="c_added_while_written"),
        ]

    def __str__(self):
        return f"{self.document} {self.number}"


class QualityReason(models.TextChoices):
    """Why review returns a paper (etmf.md 5.3)."""

    WRONG_ARTIFACT = "WRONG_ARTIFACT", _("Wrong artifact")
    WRONG_PLACE = "WRONG_PLACE", _("Wrong study, country or site")
    MISSING_PAGE = "MISSING_PAGE", _("Page missing")
    MISSING_SIGNATURE = "MISSING_SIGNATURE", _("Signature missing")
    MISSING_DATE = "MISSING_DATE", _("Date missing or wrong")
    ILLEGIBLE = "ILLEGIBLE", _("Not legible")
    WRONG_VERSION = "WRONG_VERSION", _("Wrong version")
    DUPLICATE = "DUPLICATE", _("Duplicate")
    PERSONAL_DATA = "PERSONAL_DATA", _("Personal data not redacted")
    WRONG_LANGUAGE = "WRONG_LANGUAGE", _("Wrong language")
    NOT_CERTIFIED = "NOT_CERTIFIED", _("Not a certified copy")
    OTHER = "OTHER", _("Other")


@audited(called_by=("{reason}", "{document}"))
class QualityIssue(StudyOwned):
    """What a reviewer found wrong with a document; without one nothing is returned."""

    place_from = "document"
    blinding_may_change = True
    view_permission = "documents.view_document"

    document = models.ForeignKey(Document, models.PROTECT, related_name="quality_issues")
    country = country_of_study(null=True, blank=True, editable=False)
    site = site_of_study(null=True, blank=True, editable=False)
    unblinded = models.BooleanField(default=False, editable=False)
    reason = models.CharField(max_length=20, choices=QualityReason)
    comment = models.TextField(blank=True)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("raised by"),
    )
    raised_on = models.DateField(editable=False)
    settled_on = models.DateField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        triggers = [pgtrigger.ReadOnly(name="stays_with_its_document", fields=["document", "raised_by"])]

    def __str__(self):
        return f"{self.get_reason_display()}: {self.document}"


class DocumentText(StudyOwned):
    """
    The words of a document's latest content, for the search; derived by a job and no record by itself.

    `note` says why there are none: encrypted, pictures only, too large.
    """

    place_from = "document"
    blinding_may_change = True
    view_permission = "documents.view_document"

    document = models.OneToOneField(Document, models.PROTECT, related_name="text")
    country = country_of_study(null=True, blank=True)
    site = site_of_study(null=True, blank=True)
    unblinded = models.BooleanField(default=False, editable=False)
    sha256 = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    note = models.CharField(max_length=200, blank=True)
    vector = models.GeneratedField(
        expression=SearchVector("text", config="simple"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="documenttext_vector")]

    def __str__(self):
        return f"{self.document}: {len(self.text)}"
