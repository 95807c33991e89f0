"""JSON of the size and depth a record has."""

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser


class TooLarge(APIException):
    """The body is larger than a record ever is."""

    status_code = 413
    default_detail = "The body is too large."


class RecordParser(JSONParser):
    """Refuses what would fill the memory, or the stack, of a web process."""

    def parse(self, stream, media_type=None, parser_context=None):
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        try:
            return super().parse(stream, media_type=media_type, parser_context=parser_context)
        except RecursionError as deep:
            raise ParseError("JSON parse error: nested too deeply") from deep
