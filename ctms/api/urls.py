"""The addresses of the API; built once all apps have declared their records."""

from typing import ClassVar

from django.http import HttpResponse
from django.urls import URLResolver, re_path
from django.urls.resolvers import RegexPattern
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.routers import SimpleRouter

from .errors import json_not_found
from .journal import AuditEvents
from .records import endpoints
from .webhooks import NewSecret, ReplayDelivery, ReplayGivenUp, SendTest


class ByFormat(DefaultContentNegotiation):
    """Lets `?format=` choose, which people type into a browser; of records there is one format."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return super().select_renderer(
            request, renderers, format_suffix or request.query_params.get("format")
        )


class Description(SpectacularAPIView):
    """The OpenAPI description, made once a process: it takes most of a second, and anybody may ask for it."""

    content_negotiation_class = ByFormat
    kept: ClassVar[dict[str, bytes]] = {}

    @extend_schema(exclude=True)
    def get(self, request, *args, **kwargs):
        renderer = request.accepted_renderer
        if renderer.media_type not in self.kept:
            # Of nothing the asker says: what is made for the first one is given to all.
            told = self.generator_class().get_schema(public=self.serve_public)
            self.kept[renderer.media_type] = renderer.render(told, renderer.media_type, {})
        return HttpResponse(
            self.kept[renderer.media_type],
            content_type=renderer.media_type,
            headers={"Content-Disposition": f'inline; filename="CTMS.{renderer.format}"'},
        )


class Docs(SpectacularSwaggerSplitView):
    """The readable documentation, without inline script or style: the page's policy forbids both."""

    template_name = "api/docs.html"


class Below(RegexPattern):
    """
    Opens the addresses of one kind of record, by its slug, and takes nothing of the address away.

    There are three hundred addresses of all kinds; they were tried one after the other for whoever asks.
    """

    def __init__(self, slug):
        super().__init__("")
        self.slug = slug

    def match(self, path):
        return (path, (), {}) if path == self.slug or path.startswith(f"{self.slug}/") else None


def _below(slug, viewset):
    router = SimpleRouter()
    router.trailing_slash = "/?"
    router.register(slug, viewset, basename=f"api-{slug}")
    return URLResolver(Below(slug), router.urls)


def api_urls():
    """Return the URL patterns below /api/v1/; an address works with and without its last slash."""
    return [
        re_path(r"^schema/?$", Description.as_view(), name="api-schema"),
        re_path(r"^docs/?$", Docs.as_view(url_name="api-schema"), name="api-docs"),
        re_path(r"^audit-events/?$", AuditEvents.as_view(), name="api-audit-events"),
        re_path(r"^webhooks/(?P<pk>\d+)/secret/?$", NewSecret.as_view(), name="api-webhook-secret"),
        re_path(r"^webhooks/(?P<pk>\d+)/test/?$", SendTest.as_view(), name="api-webhook-test"),
        re_path(r"^webhooks/(?P<pk>\d+)/replay/?$", ReplayGivenUp.as_view(), name="api-webhook-replay"),
        re_path(
            r"^webhook-deliveries/(?P<pk>\d+)/replay/?$", ReplayDelivery.as_view(), name="api-delivery-replay"
        ),
        *(_below(slug, viewset) for slug, viewset in endpoints()),
        re_path(r"^.*$", json_not_found),
    ]
