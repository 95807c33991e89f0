"""Sign a message the way Standard Webhooks says (standardwebhooks.com), so that libraries for it verify ours."""

import base64
import hashlib
import hmac

from django.utils.crypto import salted_hmac

PREFIX = "whsec_"


def secret_of(webhook):
    """Return the secret of a webhook as its owner was shown it; '' when none was made yet."""
    if not webhook.salt:
        return ""
    key = salted_hmac("ctms.exchange.webhook", f"{webhook.pk}:{webhook.salt}", algorithm="sha256").digest()
    return PREFIX + base64.b64encode(key).decode()


def signature(secret, message_id, timestamp, body):
    """Return the signature of a message: over its id and its time too, so that it is not played again later."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, f"{message_id}.{timestamp}.{body}".encode(), hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()
