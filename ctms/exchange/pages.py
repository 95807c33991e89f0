"""What is seen of webhooks: one's own, and everybody's for who administers."""

from django.utils.translation import gettext_lazy as _

from ctms.access.access import access_of
from ctms.pages.columns import Column
from ctms.pages.listing import Listing
from ctms.pages.record import Record

from . import webhooks
from .models import DeliveryState, Webhook, WebhookDelivery

LATEST = 50


def own_webhooks(rows, user, path=""):
    """Keep one's own; who may have webhooks in every study at once, the administrator, sees everybody's."""
    everywhere = any(
        grant.study is None and grant.gives((webhooks.SEES,)) for grant in access_of(user).grants
    )
    return rows if everywhere else rows.filter(**{f"{path}owner": user})


class WebhookRecord(Record):
    model, slug = Webhook, "webhooks"
    fields = (
        "name",
        Column("condition", "State"),
        "url",
        "owner",
        "study",
        Column("hears_of", wide=True),
        "secret_made_at",
    )
    api_fields = ("name", "url", "owner", "study", "hears_of", "active", "secret_made_at")
    create = ("name", "url", "study", "hears_of")
    create_with = staticmethod(webhooks.create_webhook)
    edit = ("name", "url", "study", "hears_of", "active")
    add_permission = webhooks.PERMISSION
    change_permission = webhooks.PERMISSION
    filters = {"study": ["exact"], "active": ["exact"]}
    search = ("name", "url")
    related = ("owner", "study")
    template = "exchange/webhook.html"

    @classmethod
    def rows(cls, user):
        return own_webhooks(super().rows(user), user)

    @classmethod
    def extra_context(cls, request, record):
        deliveries = record.deliveries.order_by("-pk")
        return {
            "deliveries": deliveries[:LATEST],
            "given_up": deliveries.filter(outcome=DeliveryState.DEAD).count(),
            "may_change": request.user.has_perm(webhooks.PERMISSION),
        }


class Webhooks(Listing):
    record, title, rail = WebhookRecord, _("Webhooks"), ("Administration", 93)
    columns = (
        Column("name"),
        Column("condition", "State"),
        "url",
        Column("owner", sort="owner__username"),
        Column("study", sort="study__protocol_number"),
    )
    order = ("name",)
    filters = {"active": ["exact"]}
    search = WebhookRecord.search
    template = "exchange/webhooks.html"
    empty = _("Other systems that want to be told when something happens stand here; make one for each.")


class DeliveryRecord(Record):
    model, slug, api_only = WebhookDelivery, "webhook-deliveries", True
    fields = (
        "webhook",
        "event",
        "record",
        "outcome",
        "attempts",
        "last_answer",
        "last_error",
        "next_try_at",
        "made_at",
        "delivered_at",
    )
    filters = {"webhook": ["exact"], "outcome": ["exact"], "event": ["exact"]}

    @classmethod
    def rows(cls, user):
        return own_webhooks(super().rows(user), user, "webhook__")
