"""Pages and answers travel compressed; files leave as they are kept."""

from django.middleware.gzip import GZipMiddleware

COMPRESSED = ("text/html", "text/plain", "text/csv", "application/json", "application/problem+json")


class CompressingMiddleware(GZipMiddleware):
    """
    Compress what is text: a grid of a hundred sites weighs half a megabyte, and 30 KB on the wire.

    Against guessing a secret by the length of the answer (BREACH), Django masks its token anew in every page and puts
    a random number of bytes into every archive.
    """

    def process_response(self, request, response):
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        # An archive would have a weak tag, and who changes a record says which version by a strong one (If-Match).
        if response.streaming or kind not in COMPRESSED or response.has_header("ETag"):
            return response
        return super().process_response(request, response)
