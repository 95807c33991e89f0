"""Site agreements: the contract a site works under, and who is paid under it."""

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import StudyOwned, country_of_study, site_of_study
from ctms.audit.trail import audited
from ctms.money.amounts import currency_field, percent_field
from ctms.workflow.triggers import REFUSED

from .payees import Payee


class AgreementStatus(models.TextChoices):
    """reference-lists 11.2."""

    DRAFT = "DRAFT", _("Draft")
    SENT = "SENT", _("Sent")
    IN_NEGOTIATION = "IN_NEGOTIATION", _("In negotiation")
    AGREED = "AGREED", _("Agreed")
    PARTIALLY_EXECUTED = "PARTIALLY_EXECUTED", _("Partially executed")
    FULLY_EXECUTED = "FULLY_EXECUTED", _("Fully executed")
    AMENDED = "AMENDED", _("Amended")
    EXPIRED = "EXPIRED", _("Expired")
    TERMINATED = "TERMINATED", _("Terminated")


class HoldbackRelease(models.TextChoices):
    CLOSE_OUT = "CLOSE_OUT", _("Site closed out")
    DATABASE_LOCK = "DATABASE_LOCK", _("Database locked")


def named_parties(text):
    """Return the parties as they stand in the contract, one a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def two_to_four_parties(text):
    """Validate that a contract has parties: two, three where institution and investigator sign apart, or four."""
    if not 2 <= len(named_parties(text)) <= 4:
        raise ValidationError(_("Name two to four parties, one a line."))


@audited(called_by=("{reference}", "{site}"))
class SiteAgreement(StudyOwned):
    """
    The clinical trial agreement of a site; a new one that is executed replaces the one before.

    Its percentages are what the contract says. What is paid by is the fee schedule, which takes them over and is
    signed with them.
    """

    country = country_of_study(editable=False)
    site = site_of_study()
    reference = models.CharField(_("contract number"), max_length=60, blank=True)
    parties = models.TextField(
        validators=[two_to_four_parties], help_text=_("One a line, as they stand in the contract.")
    )
    currency = currency_field()
    overhead_percent = percent_field(_("overhead %"), default=0)
    holdback_percent = percent_field(_("holdback %"), default=0)
    holdback_release = models.CharField(
        _("holdback is released when"),
        max_length=20,
        choices=HoldbackRelease,
        default=HoldbackRelease.CLOSE_OUT,
    )
    payment_terms_days = models.PositiveSmallIntegerField(_("payment terms (days)"), default=30)
    effective_on = models.DateField(_("effective"), null=True, blank=True)
    expires_on = models.DateField(_("expires"), null=True, blank=True)
    executed_on = models.DateField(_("fully executed"), null=True, blank=True, editable=False)
    status = models.CharField(
        max_length=20, choices=AgreementStatus, default=AgreementStatus.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("site agreement")
        constraints = [
            models.CheckConstraint(
                condition=Q(overhead_percent__range=(0, 100), holdback_percent__range=(0, 100)),
                name="siteagreement_percentages",
                violation_error_message=_("A percentage lies between 0 and 100."),
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True)
                | Q(effective_on__isnull=True)
                | Q(expires_on__gte=F("effective_on")),
                name="siteagreement_dates_in_order",
                violation_error_message=_("The agreement expires before it is effective."),
            ),
            models.UniqueConstraint(
                fields=["site"],
                condition=Q(status="FULLY_EXECUTED"),
                name="siteagreement_one_in_force",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["FULLY_EXECUTED", "AMENDED", "EXPIRED", "TERMINATED"])
                | Q(executed_on__isnull=False),
                name="siteagreement_executed_has_its_day",
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="keeps_its_site", fields=["site"])]

    def __str__(self):
        return f"{self.study.protocol_number} · {self.site.number or self.site.organization.name} · " + (
            self.reference or _("agreement %(number)d") % {"number": self.pk or 0}
        )

    def clean(self):
        for name in ("overhead_percent", "holdback_percent"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 100:
                raise ValidationError({name: _("A percentage lies between 0 and 100.")})

    def time_zone(self):
        return self.site.time_zone()

    @property
    def was_executed(self):
        return self.executed_on is not None


class SharesMakeAWhole(pgtrigger.Trigger):
    """At the end of the transaction the shares of an agreement make 100 %, or there are none."""

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    timing = pgtrigger.Deferred

    def get_func(self, model):
        table = model._meta.db_table
        return f"""
            IF EXISTS (
                SELECT 1 FROM "{table}" WHERE agreement_id = COALESCE(NEW.agreement_id, OLD.agreement_id)
                GROUP BY agreement_id HAVING sum(percent) <> 100) THEN
                RAISE EXCEPTION 'The shares of an agreement make 100 %%.' {REFUSED};
            END IF;
            RETURN NULL;
        """  # noqa: S608 - made of declarations, never of input


@audited(called_by=("{payee}", "{part}"), removable=True)
class PayeeShare(StudyOwned):
    """Which part of what a site is owed one payee gets; in Poland institution and investigator are paid apart."""

    place_from = "agreement"
    view_permission = "finance.view_siteagreement"

    agreement = models.ForeignKey(SiteAgreement, models.PROTECT, related_name="shares")
    country = country_of_study(editable=False)
    site = site_of_study(editable=False)
    payee = models.ForeignKey(Payee, models.PROTECT, related_name="+")
    part = models.PositiveSmallIntegerField(editable=False)
    percent = percent_field()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "part"], name="payeeshare_part_once"),
            models.UniqueConstraint(fields=["agreement", "payee"], name="payeeshare_payee_once"),
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lte=100, part__in=[1, 2]), name="payeeshare_up_to_two"
            ),
        ]
        triggers = [SharesMakeAWhole(name="make_a_whole")]

    def __str__(self):
        return f"{self.payee}: {self.percent:f} %"
