"""Payees: who is paid for a site; their bank accounts in a table of their own, with readers of their own."""

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import StudyOwned, country_of_study, site_of_study
from ctms.audit.trail import audited
from ctms.money.amounts import amount_field, currency_field
from directory.models import Country

from .bank import is_bic, is_iban, masked, without_spaces


class Frequency(models.TextChoices):
    ON_DEMAND = "ON_DEMAND", _("On demand")
    MONTHLY = "MONTHLY", _("Monthly")
    QUARTERLY = "QUARTERLY", _("Quarterly")


@audited(called_by=("{legal_name}",))
class Payee(StudyOwned):
    """Who is paid for a site: its institution, the investigator, a foundation. Nothing of a bank stands here."""

    view_permission = "finance.view_payable"

    country = country_of_study(editable=False)
    site = site_of_study()
    legal_name = models.CharField(_("legal name"), max_length=140)
    nation = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("country"))
    town = models.CharField(_("town"), max_length=100, blank=True)
    currency = currency_field()
    minimum_amount = amount_field(
        _("paid from"), default=0, help_text=_("Smaller amounts are carried over to the next run.")
    )
    frequency = models.CharField(
        _("paid how often"), max_length=10, choices=Frequency, default=Frequency.QUARTERLY
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "legal_name"],
                name="payee_name_once_a_site",
                violation_error_message=_("This site has a payee of this name already."),
            ),
            models.CheckConstraint(
                condition=Q(minimum_amount__gte=0),
                name="payee_minimum_not_negative",
                violation_error_message=_("The smallest payment is not negative."),
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="keeps_its_site", fields=["site"])]

    def __str__(self):
        return self.legal_name


class AccountStatus(models.TextChoices):
    PROPOSED = "PROPOSED", _("To be confirmed")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    REFUSED = "REFUSED", _("Refused")
    REPLACED = "REPLACED", _("Replaced")


@audited(called_by=("{payee}",))
class BankAccount(StudyOwned):
    """
    Where a payee's money goes. A change is a new row that a second person confirms by calling back
    (compliance row 43); until then nothing is paid to the payee.
    """

    place_from = "payee"
    view_permission = "finance.view_payee"

    payee = models.ForeignKey(Payee, models.PROTECT, related_name="accounts")
    country = country_of_study(editable=False)
    site = site_of_study(editable=False)
    holder = models.CharField(_("account holder"), max_length=140)
    iban = models.CharField("IBAN", max_length=34, blank=True)
    account_number = models.CharField(max_length=34, blank=True)
    routing_number = models.CharField(
        max_length=35, blank=True, help_text=_("The bank's number in its country's clearing.")
    )
    bic = models.CharField("BIC", max_length=11, blank=True)
    bank_nation = models.ForeignKey(
        Country, models.PROTECT, related_name="+", verbose_name=_("country of the bank")
    )
    tax_number = models.CharField(max_length=40, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    status = models.CharField(
        max_length=10, choices=AccountStatus, default=AccountStatus.PROPOSED, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payee"], condition=Q(status="PROPOSED"), name="bankaccount_one_proposed",
                violation_error_message=_("A change of this payee's account waits for its confirmation already."),
            ),
            models.UniqueConstraint(
                fields=["payee"], condition=Q(status="CONFIRMED"), name="bankaccount_one_confirmed"
            ),
            models.CheckConstraint(
                condition=~Q(iban="") | (~Q(account_number="") & ~Q(routing_number="")),
                name="bankaccount_can_be_paid",
                violation_error_message=_("Give an IBAN, or account and routing number."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="bankaccount_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(status="CONFIRMED") | Q(confirmed_by__isnull=False),
                name="bankaccount_confirmed_by_somebody",
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.ReadOnly(
                name="never_edited",
                fields=["payee", "holder", "iban", "account_number", "routing_number", "bic", "bank_nation",
                        "tax_number", "proposed_by"],
            )
        ]  # fmt: skip

    def __str__(self):
        return f"{self.payee}: {self.shown}"

    @property
    def shown(self):
        """The account with all but its ends hidden: how it stands on every page but its own."""
        return masked(self.iban or self.account_number)

    def clean(self):
        for name in ("iban", "bic", "account_number", "routing_number"):
            setattr(self, name, without_spaces(getattr(self, name)))
        if self.iban and not is_iban(self.iban):
            raise ValidationError({"iban": _("This is no valid IBAN: its check digits do not fit.")})
        if self.bic and not is_bic(self.bic):
            raise ValidationError({"bic": _("A BIC has 8 or 11 letters and digits.")})
        if not self.iban and not (self.account_number and self.routing_number):
            raise ValidationError({"iban": _("Give an IBAN, or account and routing number.")})


@audited(called_by=("{holder}", "{currency}"))
class PayingAccount(StudyOwned):
    """The account a study's sites are paid from, one a currency: investigator funds are held per study."""

    view_permission = "finance.view_payee"

    holder = models.CharField(_("account holder"), max_length=140)
    currency = currency_field()
    iban = models.CharField("IBAN", max_length=34)
    bic = models.CharField("BIC", max_length=11)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["study", "currency"],
                name="payingaccount_once_a_currency",
                violation_error_message=_("The study has an account in this currency already."),
            )
        ]

    def __str__(self):
        return f"{self.study}: {self.holder}, {masked(self.iban)}"

    def clean(self):
        self.iban, self.bic = without_spaces(self.iban), without_spaces(self.bic)
        if not is_iban(self.iban):
            raise ValidationError({"iban": _("This is no valid IBAN: its check digits do not fit.")})
        if not is_bic(self.bic):
            raise ValidationError({"bic": _("A BIC has 8 or 11 letters and digits.")})
