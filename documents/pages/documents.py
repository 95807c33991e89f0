"""What is seen of the trial master file."""

from django.db.models import Prefetch
from rest_framework import serializers

from ctms.pages.columns import Column
from ctms.pages.listing import Listing
from ctms.pages.record import Record

from documents.models import Document, DocumentStatus, DocumentVersion


class VersionShape(serializers.Serializer):
    number = serializers.CharField()
    sha256 = serializers.CharField()
    filed_on = serializers.DateField()
    size = serializers.IntegerField(source="file.size")
    content_type = serializers.CharField(source="file.content_type")


class DocumentRecord(Record):
    model, slug = Document, "documents"
    fields = (
        "title",
        "artifact",
        "document_date",
        "study",
        "country",
        "site",
        Column("version_number", "Version"),
        Column("sha256", "SHA-256"),
        "unblinded",
        "published",
        "status",
    )
    api_fields = (
        "study",
        "country",
        "site",
        ("artifact_number", serializers.CharField(source="artifact.number", read_only=True)),
        ("artifact_name", serializers.CharField(source="artifact.name", read_only=True)),
        "title",
        "document_date",
        ("version_number", serializers.CharField(read_only=True)),
        ("sha256", serializers.CharField(read_only=True)),
        ("versions", VersionShape(many=True, read_only=True, source="shown_versions")),
        "unblinded",
        "published",
        "status",
    )
    filters = {
        "study": ["exact"],
        "country": ["exact"],
        "site": ["exact"],
        "artifact": ["exact"],
        "status": ["exact"],
        "document_date": ["gte", "lte"],
    }
    search = ("title", "artifact__number", "artifact__name")
    related = ("study", "country__nation", "site__organization", "artifact")
    template = "documents/document.html"
    parts = (("documents.DocumentVersion", "document"),)

    @classmethod
    def rows(cls, user):
        versions = DocumentVersion.objects.seen_with("document", user).select_related("file").order_by("-pk")
        return (
            super()
            .rows(user)
            .prefetch_related(Prefetch("versions", queryset=versions, to_attr="shown_versions"))
        )

    @classmethod
    def extra_context(cls, request, record):
        publishable = record.status == DocumentStatus.APPROVED and not record.unblinded
        return {"may_publish": publishable and request.user.has_perm("documents.publish_document", record)}


class Documents(Listing):
    record, title = DocumentRecord, "Documents"
    tab, tab_position, rail = "Documents", 60, ("Documents", 50)
    columns = (
        "title",
        Column("artifact", sort="artifact__number"),
        Column("study", sort="study__protocol_number"),
        Column("site__number", "Site"),
        "document_date",
        Column("version_number", "Version"),
        "published",
        "status",
    )
    filters = {"study": ["exact"], "status": ["exact"], "document_date": ["gte", "lte"]}
    search = DocumentRecord.search
    order = ("-document_date",)
    empty = "Filed documents of the trial master file stand here; an approved visit report files itself."
