"""Documents, as lists and one by one."""

import django_filters
from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ctms.access.access import access_of
from ctms.access.parts import SeenWithRecord
from ctms.api.shapes import OfFirst
from ctms.pages.columns import Column, ShownTerm, TermColumn
from ctms.pages.listing import Listing
from ctms.pages.record import RECORDS, Record
from documents import services
from documents.calculations import words_of_expiry
from documents.forms import ArtifactField
from documents.models import (
    ABOUT_TO_EXPIRE_DAYS,
    IN_THE_QUEUE,
    OF_VALIDITY,
    STILL_WRITTEN,
    Document,
    DocumentStatus,
    DocumentText,
    DocumentVersion,
    QualityIssue,
    is_expired,
    is_to_renew,
)
from studies.pages import Tile

from .reference import zones

PLACE = ("study__sponsor", "country__nation", "site__organization", "site__country__nation")


class VersionShape(serializers.Serializer):
    number = serializers.CharField()
    sha256 = serializers.CharField()
    filed_on = serializers.DateField()
    size = serializers.IntegerField(source="file.size")
    content_type = serializers.CharField(source="file.content_type")


def words_in_it(user, text):
    """Return the condition of documents whose words match, as far as the person sees them."""
    words = SearchQuery(text, config="simple", search_type="websearch")
    found = DocumentText.objects.visible_to(user).filter(vector=words)
    return Q(pk__in=found.values("document_id"))


class ExpiryColumn(TermColumn):
    """The last day a document is valid; of an approved one that ends soon how long it still holds."""

    def value(self, record):
        if record.expires_on is None:
            return None
        today, day = timezone.localdate(), record.expires_on.strftime("%-d %b %Y")
        if record.status != DocumentStatus.APPROVED or not is_to_renew(record.expires_on, today):
            return ShownTerm(day, "on-time", gettext("Valid until %(day)s") % {"day": day})
        sentence = words_of_expiry(record.expires_on, today)
        if is_expired(record.expires_on, today):
            return ShownTerm(gettext("%(day)s, expired") % {"day": day}, "late", sentence)
        left = {"day": day, "n": (record.expires_on - today).days}
        return ShownTerm(gettext("%(day)s, %(n)d d left") % left, "due-soon", sentence)


class DocumentRecord(Record):
    model, slug = Document, "documents"
    fields = (
        "title",
        "artifact",
        "document_date",
        ExpiryColumn("expires_on", "Expires on", sort="expires_on"),
        "language",
        "study",
        "country",
        "site",
        Column("version_number", "Version"),
        "expected",
        "replaces",
        "uploaded_by",
        "claimed_by",
        "unblinded",
        Column("published", inside=True),
        "status",
    )
    api_fields = (
        "study",
        "country",
        "site",
        "artifact",
        ("artifact_number", serializers.CharField(source="artifact.number", read_only=True, default=None)),
        ("artifact_name", serializers.CharField(source="artifact.name", read_only=True, default=None)),
        "title",
        "document_date",
        "expires_on",
        "language",
        "expected",
        "replaces",
        ("version_number", OfFirst("versions", "number")),
        ("sha256", OfFirst("versions", "sha256")),
        ("versions", VersionShape(many=True, read_only=True, source="shown_versions")),
        "unblinded",
        "published",
        "status",
    )
    create = ("study", "country", "site", "artifact", "title", "document_date", "expires_on", "language")
    create_extra = {"artifact": ArtifactField(label=_("Artifact"), required=False)}
    create_with = staticmethod(services.create_document)
    edit = ("artifact", "title", "document_date", "expires_on", "language", "country", "site", "expected")
    edit_while = STILL_WRITTEN
    change_with = staticmethod(services.classify_document)
    filters = {
        "study": ["exact"],
        "country": ["exact"],
        "site": ["exact"],
        "artifact": ["exact"],
        "expected": ["exact"],
        "status": ["exact"],
        "document_date": ["gte", "lte"],
        "expires_on": ["gte", "lte", "lt"],
    }
    search = ("title", "artifact__number", "artifact__name")
    find_by = ("artifact__number",)
    find_words = ("title", "artifact__name", "site__number")
    search_also = staticmethod(words_in_it)
    named_with = ()
    related = (
        *PLACE,
        "artifact__reference_model",
        "expected__artifact",
        "replaces",
        "uploaded_by",
        "claimed_by",
    )
    template = "documents/document.html"
    parts = (("documents.DocumentVersion", "document"), ("documents.QualityIssue", "document"))

    @classmethod
    def rows(cls, user):
        versions = SeenWithRecord(DocumentVersion, "document", "-pk", along=["file"])
        return super().rows(user).prefetch_related(versions)

    @classmethod
    def rows_answered(cls, user):
        return cls.rows(user).select_related(None).select_related("artifact")

    @classmethod
    def extra_context(cls, request, record):
        user = request.user
        written = record.status in STILL_WRITTEN and user.has_perm("documents.change_document", record)
        seen = Document.objects.visible_to(user)
        approved = record.status == DocumentStatus.APPROVED
        successors = list(seen.filter(replaces=record).exclude(status=DocumentStatus.VOIDED))
        return {
            "may_publish": approved
            and not record.unblinded
            and user.has_perm("documents.publish_document", record),
            "may_bring_content": written,
            "may_begin_version": approved
            and not successors
            # What the house makes itself is made anew; a paper that ends is renewed, whoever brought it.
            and (not record.source or record.expires_on is not None)
            and user.has_perm("documents.add_document", record),
            "former": seen.filter(pk=record.replaces_id).first() if record.replaces_id else None,
            "successors": successors,
            "issues": QualityIssue.objects.visible_to(user)
            .filter(document=record)
            .select_related("raised_by"),
            "may_settle": record.status == DocumentStatus.IN_REVIEW
            and user.has_perm("documents.review_document", record),
            "words_note": services.words_note(record, user),
        }


COLUMNS = (
    Column("title", wide=True),
    Column("artifact", sort="artifact__number"),
    Column("study", sort="study__protocol_number"),
    Column("site__number", "Site"),
    "document_date",
    ExpiryColumn("expires_on", "Expires on", sort="expires_on"),
    Column("version_number", "Version"),
    Column("published", inside=True),
    "status",
)


class Documents(Listing):
    record, title = DocumentRecord, "Documents"
    tab, tab_position, rail = "Documents", 60, ("Documents", 50)
    template = "documents/documents.html"
    columns = COLUMNS
    more_columns = (
        Column("country__nation", "Country", sort="country__nation__name"),
        "language",
        "uploaded_by",
        "claimed_by",
        Column("sha256", "SHA-256", sort=""),
    )
    filters = {
        "study": ["exact"],
        "status": ["exact"],
        "document_date": ["gte", "lte"],
        "expires_on": ["gte", "lte"],
    }
    search = DocumentRecord.search
    order = ("-document_date",)
    empty = (
        "Papers of the trial master file stand here. Drop files above; an approved visit report files itself."
    )

    @classmethod
    def extra_context(cls, request, place):
        """Offer to drop files where the person may bring papers."""
        may_add = place is not None and access_of(request.user).allows_at(
            "documents.add_document", place.place()
        )
        return {"upload_place": f"{place.place().level}-{place.pk}" if may_add else ""}


class DocumentFilters(Documents.filterset):
    """The zone of the file, and until when the papers hold that are in force: what numbers of the TMF open."""

    zone = django_filters.ChoiceFilter(label=_("Zone"), field_name="artifact__zone_number", choices=[])

    validity = django_filters.ChoiceFilter(
        label=_("Validity"),
        method="by_validity",
        choices=[
            ("to-renew", _("Expired or about to expire")),
            ("expired", _("Expired")),
            ("30", _("Expires within 30 days")),
            (str(ABOUT_TO_EXPIRE_DAYS), _("Expires within 60 days")),
            ("90", _("Expires within 90 days")),
        ],
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.filters["zone"].extra["choices"] = zones()

    def by_validity(self, rows, _name, value):
        today = timezone.localdate()
        if value == "to-renew":
            return rows.to_renew(today)
        return rows.expired(today) if value == "expired" else rows.about_to_expire(today, int(value))


Documents.filterset = DocumentFilters


def shelves_of(user, place, names):
    """
    Return [(zone, how many papers of a place are filed in it, the address of these)]; one query.

    :param names: the zones as `zones` returns them
    """
    rows = Document.objects.visible_to(user).filter(status=DocumentStatus.APPROVED, **place.place().lookup())
    counted = rows.order_by().values_list("artifact__zone_number").annotate(Count("pk"))
    url = f"{RECORDS[place._meta.label].url(place, 'documents')}?status={DocumentStatus.APPROVED}"
    names = dict(names)
    return [(names[zone], count, f"{url}&zone={zone}") for zone, count in sorted(counted) if zone in names]


def expiry_tile(request, place):
    """How many papers of a place have expired or are about to, for whoever reads its file."""
    user = request.user
    if access_of(user).published_only or not user.has_perm("documents.view_document", place):
        return None
    today = timezone.localdate()
    days = Document.objects.visible_to(user).filter(**place.place().lookup()).to_renew(today)
    days = list(days.values_list("expires_on", flat=True))
    if not days:
        return None
    expired = sum(is_expired(day, today) for day in days)
    words = ngettext("paper about to expire", "papers about to expire", len(days))
    if expired:
        words = ngettext("paper to renew, %(n)d expired", "papers to renew, %(n)d expired", len(days))
        words = words % {"n": expired}
    url = f"{RECORDS[place._meta.label].url(place, 'documents')}?validity=to-renew"
    return Tile(str(len(days)), words, url, str(OF_VALIDITY["to_renew"]), late=expired > 0)


class ReviewQueue(Listing):
    """Everything that waits for review or approval where the person works, oldest first."""

    record, name, title = DocumentRecord, "review-queue", "Review queue"
    rail = ("Documents", 51)
    columns = (
        "title",
        Column("artifact", sort="artifact__number"),
        Column("study", sort="study__protocol_number"),
        Column("site__number", "Site"),
        "uploaded_by",
        "claimed_by",
        "status",
    )
    filters = {"study": ["exact"], "status": ["exact"]}
    search = DocumentRecord.search
    more_columns = ("document_date", Column("version_number", "Version", sort=""), "language")
    bulk = ("claim", "release")
    order = ("pk",)
    narrow = staticmethod(lambda rows, user: rows.filter(status__in=IN_THE_QUEUE))
    empty = "Nothing waits for review. Submitted documents stand here until somebody else has passed and approved them."

    @classmethod
    def may_open(cls, user):
        return user.has_perm("documents.review_document") or user.has_perm("documents.approve_document")


class ReviewFilters(ReviewQueue.filterset):
    """What waits for the reader, as their first page counts it, of all that waits."""

    waits_for = django_filters.ChoiceFilter(
        label=_("Waits for"), method="by_reviewer", choices=[("you", _("You"))]
    )

    def by_reviewer(self, rows, _name, _value):
        return rows.filter(pk__in=services.review_queue_of(self.request.user).values("pk"))


ReviewQueue.filterset = ReviewFilters


class QualityIssueRecord(Record):
    model, slug = QualityIssue, "quality-issues"
    under = "documents"
    fields = (
        "document",
        "reason",
        "comment",
        "raised_by",
        "raised_on",
        "settled_on",
        "study",
        "country",
        "site",
        "unblinded",
    )
    api_fields = (
        "study",
        "country",
        "site",
        "document",
        "reason",
        "comment",
        "raised_by",
        "raised_on",
        "settled_on",
        "unblinded",
    )
    create = ("document", "reason", "comment")
    add_permission = "documents.review_document"
    create_with = staticmethod(
        lambda *, actor, **fields: services.raise_issue(actor=actor, on=timezone.localdate(), **fields)
    )
    filters = {"study": ["exact"], "document": ["exact"], "reason": ["exact"], "raised_on": ["gte", "lte"]}
    search = ("comment", "document__title")
    related = (*PLACE, "document", "raised_by")


class QualityIssues(Listing):
    record, title, rail = QualityIssueRecord, "Quality issues", ("Documents", 54)
    columns = (
        "reason",
        Column("document", sort="document__title"),
        Column("study", sort="study__protocol_number"),
        "comment",
        "raised_by",
        "raised_on",
        "settled_on",
    )
    filters = {"study": ["exact"], "reason": ["exact"], "raised_on": ["gte", "lte"]}
    search = QualityIssueRecord.search
    order = ("-raised_on",)
    empty = "What review found wrong with documents stands here."


class QualityIssueFilters(QualityIssues.filterset):
    """Which issues are not settled: what the first page of quality assurance counts."""

    standing = django_filters.ChoiceFilter(
        label=_("How it stands"), method="by_standing", choices=[("open", _("Not settled yet"))]
    )

    def by_standing(self, rows, _name, _value):
        return rows.filter(settled_on__isnull=True)


QualityIssues.filterset = QualityIssueFilters
