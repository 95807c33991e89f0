from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from ctms.audit.trail import CurrentTransaction, append_only


@append_only
class TransitionRecord(models.Model):
    """
    One performed move: the readable line of a record's history.

    `happened_on` is the world's date as somebody stated it; `at` is the server's clock, and nobody backdates it.
    Reached only through a record the person may see (`transitions_of`), so it has no place of its own.
    """

    record = models.CharField(max_length=100)
    field = models.CharField(max_length=50)
    name = models.CharField(max_length=60)
    label = models.CharField(max_length=100)
    source = models.CharField(max_length=40)
    target = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=300)
    reason = models.TextField(blank=True)
    happened_on = models.DateField(null=True, blank=True)
    channel = models.CharField(max_length=20)
    signature = models.OneToOneField("signatures.Signature", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["record", "id"], name="transition_record"),
            # Webhooks read on from a transaction.
            models.Index(fields=["transaction"], name="transition_transaction"),
        ]

    def __str__(self):
        return f"{self.label}: {self.actor_name}"
