"""What is done to a webhook beside making and changing it: its secret, a test, messages sent again."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from ctms.exchange import webhooks
from ctms.exchange.models import DeliveryState
from ctms.exchange.pages import DeliveryRecord, WebhookRecord
from ctms.signatures.signing import label_of

from .answering import Answering

SECRET = inline_serializer("WebhookSecret", {"secret": serializers.CharField()})
SENT = inline_serializer("MessagesPromised", {"messages": serializers.IntegerField()})


class WebhookView(Answering, APIView):
    """Something done to one webhook the person sees."""

    def webhook(self, pk):
        return WebhookRecord.get(self.request.user, _key(pk))


class NewSecret(WebhookView):
    @extend_schema(tags=["webhooks"], request=None, responses=SECRET, operation_id="webhooks_secret")
    def post(self, request, pk):
        """Make a new secret; it is in this answer and nowhere else, not even in a repeat of it."""
        webhook = self.webhook(pk)
        secret = webhooks.make_secret(actor=request.user, webhook=webhook, now=timezone.now())
        return Response({"secret": secret}, headers={"Cache-Control": "no-store"})


class SendTest(WebhookView):
    @extend_schema(tags=["webhooks"], request=None, responses={202: SENT}, operation_id="webhooks_test")
    def post(self, request, pk):
        """Send a message that says it is a test."""
        webhook = self.webhook(pk)

        def work():
            webhooks.send_test(actor=request.user, webhook=webhook)
            return Response({"messages": 1}, status=202), label_of(webhook)

        return self.once(work)


class ReplayGivenUp(WebhookView):
    @extend_schema(tags=["webhooks"], request=None, responses={202: SENT}, operation_id="webhooks_replay")
    def post(self, request, pk):
        """Send everything again that was given up."""
        webhook = self.webhook(pk)
        return self.once(
            lambda: _replayed(request, webhook, webhook.deliveries.filter(outcome=DeliveryState.DEAD))
        )


class ReplayDelivery(WebhookView):
    @extend_schema(
        tags=["webhook-deliveries"],
        request=None,
        responses={202: SENT},
        operation_id="webhook_deliveries_replay",
    )
    def post(self, request, pk):
        """Send one message again, delivered or given up; its id stays."""
        delivery = DeliveryRecord.get(request.user, _key(pk))
        return self.once(lambda: _replayed(request, delivery, [delivery]))


def _replayed(request, record, deliveries):
    count = webhooks.replay(actor=request.user, deliveries=deliveries, now=timezone.now())
    return Response({"messages": count}, status=202), label_of(record)


def _key(text):
    if len(text) > 18:
        raise Http404
    return int(text)
