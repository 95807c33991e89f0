import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import study_of
from ctms.audit.trail import audited

from .events import choose_events, unknown_events
from .guarding import refusal_of_address


class KeepsItsCircle(pgtrigger.Trigger):
    """Fill whether a name is of the unblinded circle from the record it names, so that no code can get it wrong."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    declare = [("named", "TEXT")]
    # A record may be of any table, which its label says; where the table has no circles the name is everybody's.
    func = """
        named := lower(replace(NEW.kind, '.', '_'));
        NEW.unblinded := FALSE;
        IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(quote_ident(named))
                   AND attname = 'unblinded' AND NOT attisdropped) THEN
            EXECUTE format('SELECT COALESCE(bool_or(unblinded), FALSE) FROM %I WHERE id = $1', named)
                INTO NEW.unblinded USING split_part(NEW.record, '/', 2)::bigint;
        END IF;
        RETURN NEW;
    """


@audited(called_by=("{system}", "{value}"), removable=True, exclude=("unblinded",))
class ExternalIdentifier(models.Model):
    """
    The name another system knows a record by: the EDC's site, the ERP's vendor.

    Reached only through a record the person may see, so it has no place of its own; the study is kept because two
    studies of one EDC may both have a site 2003, and the circle because a name that is refused tells that a record
    has it: like numbers, names are given in the unblinded circle and outside it as if the other were not there.
    """

    system = models.CharField(max_length=60, help_text="such as edc or erp")
    kind = models.CharField(max_length=100, help_text="the label of the record's model")
    value = models.CharField(max_length=200)
    record = models.CharField(max_length=100, help_text="label and id, e.g. studies.StudySite/12")
    study = study_of(null=True, blank=True)
    unblinded = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value", "system", "study", "unblinded"],
                nulls_distinct=False,
                name="externalidentifier_once",
                violation_error_message=_("Another record of this study has this identifier already."),
            )
        ]
        indexes = [models.Index(fields=["record"], name="externalidentifier_record")]
        triggers = [KeepsItsCircle(name="keeps_its_circle")]

    def __str__(self):
        return f"{self.system}: {self.value}"


class IdempotentAnswer(models.Model):
    """
    What a request with an Idempotency-Key was answered, so that its repeat does nothing and gets the same.

    Written in the transaction of the change itself: either both are there or neither. It never holds a password,
    and is purged after a day.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="of method, address, reason and body")
    record = models.CharField(max_length=100, blank=True, help_text="label and id of the record answered")
    code = models.PositiveSmallIntegerField(default=0, help_text="HTTP status; 0 while it is under way")
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="idempotentanswer_once")]
        indexes = [models.Index(fields=["at"], name="idempotentanswer_at")]

    def __str__(self):
        return self.key


class EventsField(ArrayField):
    """The names of events, chosen from those the workflows declare."""

    def __init__(self, **options):
        options.pop("base_field", None)
        super().__init__(base_field=models.CharField(max_length=120), **options)

    def deconstruct(self):
        name, path, args, options = super().deconstruct()
        options.pop("base_field")
        return name, path, args, options

    def formfield(self, **options):
        label = capfirst(self.verbose_name)
        return choose_events(required=not self.blank, label=label, help_text=self.help_text)


@audited(called_by=("{name}",), exclude=("salt",))
class Webhook(models.Model):
    """
    An address another system wants to be called at when something happened; one person's.

    It hears of what that person may see, at the moment of sending, where they hold the right to have webhooks; and
    it is told that something happened to a record, never what stands in it. The secret is derived from the salt and
    the product's own key, so the database alone signs nothing.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100, help_text=_("Which system is told, in your words."))
    url = models.CharField(
        _("address"),
        max_length=500,
        help_text=_("Where it listens, with https. Called from outside your network."),
    )
    study = study_of(
        null=True, blank=True, help_text=_("Leave it out for every place where you may have webhooks.")
    )
    hears_of = EventsField(help_text=_("What happens to which records."))
    active = models.BooleanField(
        default=True, help_text=_("Switched off, it hears nothing and is told nothing later.")
    )
    salt = models.CharField(max_length=64, blank=True, editable=False)
    secret_made_at = models.DateTimeField(_("secret made"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    def __str__(self):
        return self.name

    def clean(self):
        if refusal := refusal_of_address(self.url):
            raise ValidationError({"url": refusal})
        if unknown := unknown_events(self.hears_of or []):
            raise ValidationError(
                {"hears_of": _("There is no such event: %(names)s.") % {"names": ", ".join(unknown)}}
            )

    @property
    def condition(self):
        """Return in a word whether it is told anything now."""
        if not self.active:
            return _("Switched off")
        return _("Active") if self.salt else _("Needs a secret")


class DeliveryState(models.TextChoices):
    WAITING = "WAITING", _("Waiting")
    DELIVERED = "DELIVERED", _("Delivered")
    DEAD = "DEAD", _("Given up")
    WITHHELD = "WITHHELD", _("Withheld: its owner may not see the record any more")


class WebhookDelivery(models.Model):
    """One event for one webhook: how often it was tried, what was answered, when it is tried again."""

    view_permission = "exchange.view_webhook"

    webhook = models.ForeignKey(Webhook, models.PROTECT, related_name="deliveries")
    # A test of the connection belongs to no move.
    transition = models.ForeignKey("workflow.TransitionRecord", models.PROTECT, null=True, related_name="+")
    event = models.CharField(max_length=120)
    record = models.CharField(max_length=100, blank=True, help_text="label and id, e.g. studies.StudySite/12")
    outcome = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_answer = models.PositiveSmallIntegerField(null=True, blank=True, help_text="HTTP status")
    last_error = models.CharField(max_length=300, blank=True)
    next_try_at = models.DateTimeField(db_default=Now())
    made_at = models.DateTimeField(_("made"), db_default=Now())
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)

    class Meta:
        verbose_name_plural = _("webhook deliveries")
        constraints = [models.UniqueConstraint(fields=["webhook", "transition"], name="webhookdelivery_once")]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(outcome="WAITING"), name="webhookdelivery_due"),
            models.Index(fields=["webhook", "-id"], name="webhookdelivery_latest"),
            models.Index(fields=["made_at"], name="webhookdelivery_made"),
        ]

    def __str__(self):
        return f"{self.event} #{self.pk}"

    @property
    def answer(self):
        """Return in words what came of the last attempt."""
        return self.last_error or self.last_answer

    @property
    def tone(self):
        """Return the colour of how it stands."""
        return {"DELIVERED": "green", "DEAD": "red", "WITHHELD": "grey"}.get(self.outcome, "blue")

    @property
    def message_id(self):
        """What the receiver tells a repeat by; it stays the same over retries and replays."""
        return f"msg_{self.pk}"


class Horizon(models.Model):
    """Up to which transaction a reader has read: below it nothing was still open (see audit/seal.py)."""

    reader = models.CharField(max_length=60, unique=True)
    transaction = models.BigIntegerField()

    def __str__(self):
        return f"{self.reader}: {self.transaction}"
