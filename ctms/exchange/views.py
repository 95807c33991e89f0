"""Webhooks made and tried out on pages; the secret is on the page this once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ctms.access.explain import permit
from ctms.pages.views import refused

from . import webhooks
from .events import all_events
from .models import DeliveryState
from .pages import DeliveryRecord, WebhookRecord


@never_cache
@login_required
@require_POST
def new_secret(request, pk):
    """Make a new secret and show it this once."""
    webhook = WebhookRecord.get(request.user, pk)
    secret = webhooks.make_secret(actor=request.user, webhook=webhook, now=timezone.now())
    return render(request, "exchange/secret.html", {"webhook": webhook, "secret": secret})


@login_required
@require_POST
def send_test(request, pk):
    """Send a message that says it is a test."""
    webhook = WebhookRecord.get(request.user, pk)
    try:
        webhooks.send_test(actor=request.user, webhook=webhook)
    except ValidationError as refusal:
        return refused(request, " ".join(refusal.messages), back=WebhookRecord.url(webhook), status=409)
    messages.success(request, _("A test is on its way; its answer stands below in a moment."))
    return redirect(WebhookRecord.url(webhook))


@login_required
@require_POST
def replay_delivery(request, pk):
    """Send one message again."""
    delivery = get_object_or_404(DeliveryRecord.rows(request.user), pk=pk)
    return _replay(request, delivery.webhook, [delivery])


@login_required
@require_POST
def replay_given_up(request, pk):
    """Send everything again that was given up."""
    webhook = WebhookRecord.get(request.user, pk)
    return _replay(request, webhook, webhook.deliveries.filter(outcome=DeliveryState.DEAD))


def _replay(request, webhook, deliveries):
    count = webhooks.replay(actor=request.user, deliveries=deliveries, now=timezone.now())
    said = ngettext("%(n)s message is sent again.", "%(n)s messages are sent again.", count) % {"n": count}
    messages.success(request, said)
    return redirect(WebhookRecord.url(webhook))


@login_required
@require_safe
def verifying(request):
    """Say how a receiver knows that a message is ours, and what events there are."""
    permit(request.user, webhooks.SEES)
    return render(request, "exchange/verifying.html", {"events": all_events()})
