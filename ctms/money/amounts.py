"""An amount is a Decimal beside its ISO 4217 currency; totals of two currencies do not exist."""

from decimal import ROUND_HALF_UP, Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from moneyed import CURRENCIES

ZERO = Decimal(0)
# What some country pays with today; the others are history.
IN_USE = sorted(code for code, one in CURRENCIES.items() if one.countries)


def decimals_of(currency):
    """Return how many decimals a currency is paid in: 2 for EUR, 0 for JPY, 3 for KWD."""
    return len(str(CURRENCIES[currency].sub_unit)) - 1


def rounded(amount, currency):
    """Return `amount` as it can be paid; halves go away from zero, as on an invoice."""
    return Decimal(amount).quantize(Decimal(1).scaleb(-decimals_of(currency)), rounding=ROUND_HALF_UP)


def share(amount, percent, currency):
    """Return `percent` of an amount, rounded once: overhead, holdback, a payee's part."""
    return rounded(Decimal(amount) * Decimal(percent) / 100, currency)


def plain(number):
    """Return a decimal without the zeros nobody wrote: `100`, neither `100.000` nor `1E+2`."""
    return f"{number.normalize():f}"


def as_money(amount, currency):
    """Return such as `1,480.00 EUR`: the currency stands after the amount."""
    return f"{rounded(amount, currency):,} {currency}"


def is_currency(code):
    """Validate an ISO 4217 code."""
    if code not in CURRENCIES:
        raise ValidationError(_("%(code)s is no currency of ISO 4217."), params={"code": code})


def amount_field(*args, **options):
    """Return the model field of an amount; four decimals, so that a price may be finer than a payment."""
    return models.DecimalField(*args, max_digits=18, decimal_places=4, **options)


def percent_field(*args, **options):
    """Return the model field of a percentage from 0 to 100."""
    return models.DecimalField(*args, max_digits=6, decimal_places=3, **options)


class CurrencyField(models.CharField):
    """The three letters of a currency, chosen from a list in a form."""

    def deconstruct(self):
        # What the tables were is written down without this class.
        name, _path, arguments, options = super().deconstruct()
        return name, "django.db.models.CharField", arguments, options

    def formfield(self, **options):
        return forms.TypedChoiceField(
            label=capfirst(self.verbose_name),
            required=not self.blank,
            initial=self.default if self.has_default() else None,
            help_text=self.help_text,
            choices=[("", ""), *((code, f"{code} {CURRENCIES[code].name}") for code in IN_USE)],
        )


def currency_field(*args, **options):
    """Return the model field of an amount's currency."""
    return CurrencyField(
        *args,
        max_length=3,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Write the currency's three letters.")), is_currency],
        **options,
    )
