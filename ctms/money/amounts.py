"""An amount is a Decimal beside its ISO 4217 currency; totals of two currencies do not exist."""

from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from moneyed import CURRENCIES

ZERO = Decimal(0)


def decimals_of(currency):
    """Return how many decimals a currency is paid in: 2 for EUR, 0 for JPY, 3 for KWD."""
    return len(str(CURRENCIES[currency].sub_unit)) - 1


def rounded(amount, currency):
    """Return `amount` as it can be paid; halves go away from zero, as on an invoice."""
    return Decimal(amount).quantize(Decimal(1).scaleb(-decimals_of(currency)), rounding=ROUND_HALF_UP)


def share(amount, percent, currency):
    """Return `percent` of an amount, rounded once: overhead, holdback, a payee's part."""
    return rounded(Decimal(amount) * Decimal(percent) / 100, currency)


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


def currency_field(*args, **options):
    """Return the model field of an amount's currency."""
    return models.CharField(
        *args,
        max_length=3,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Write the currency's three letters.")), is_currency],
        **options,
    )
