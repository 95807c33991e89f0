"""The API of documents beyond what is declared: their content comes and goes as raw bytes."""

from typing import ClassVar

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser

from ctms.api.answering import expected_version
from ctms.api.records import RecordViewSet
from documents import services
from documents.pages import DocumentRecord

CHUNK = 64 * 1024


class RawBytes(BaseParser):
    """Hands the request's body on as it comes, whatever it says it is."""

    media_type = "*/*"

    def parse(self, stream, media_type=None, parser_context=None):
        return {"stream": stream}


def _chunks(stream):
    while chunk := stream.read(CHUNK):
        yield chunk


class DocumentContent(RecordViewSet):
    """Mixin of the documents' endpoint: upload the content of a document that is still written."""

    parameters: ClassVar = {**RecordViewSet.parameters, "content": ("name",)}

    @extend_schema(
        request={"application/octet-stream": OpenApiTypes.BINARY},
        parameters=[
            OpenApiParameter("name", str, required=True, description="The file's name with its extension."),
            OpenApiParameter(
                "If-Match", str, OpenApiParameter.HEADER, description="The ETag you read; 412 if it moved on."
            ),
        ],
        filters=False,
    )
    @action(detail=True, methods=["post"], url_path="content", parser_classes=[RawBytes], takes_key=False)
    def content(self, request, pk=None):
        """Send the bytes of the file as the body; they are looked at, hashed and put away in pieces."""
        document = self.get_object()
        version = expected_version(request, document)
        name = request.query_params.get("name", "").strip()
        if not name:
            raise serializers.ValidationError({"name": ["Name the file in ?name=, with its extension."]})
        body = request.data.get("stream") if hasattr(request.data, "get") else None
        services.replace_content(
            actor=request.user,
            on=timezone.localdate(),
            document=document,
            name=name,
            chunks=_chunks(body) if body is not None else [],
            version=version,
        )
        return self._answer(DocumentRecord.get(request.user, document.pk), status=201)
