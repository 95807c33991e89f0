from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from finance.models import Payee


class PaymentForm(forms.Form):
    """What the bank did."""

    paid_on = forms.DateField(
        label=_("Paid on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    bank_reference = forms.CharField(label=_("Reference of the bank"), max_length=60, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class SharesForm(forms.Form):
    """One payee or two, and which part each gets."""

    payee_1 = forms.ModelChoiceField(Payee.objects.none(), label=_("Payee"))
    percent_1 = forms.DecimalField(
        label=_("Share %"), min_value=Decimal("0.001"), max_value=100, decimal_places=3
    )
    payee_2 = forms.ModelChoiceField(Payee.objects.none(), label=_("Second payee"), required=False)
    percent_2 = forms.DecimalField(
        label=_("Share % of the second"),
        min_value=Decimal("0.001"),
        max_value=100,
        decimal_places=3,
        required=False,
    )
    reason = forms.CharField(label=_("Reason"), max_length=400, required=False)

    def __init__(self, *args, payees, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("payee_1", "payee_2"):
            self.fields[name].queryset = payees

    def shares(self):
        values = self.cleaned_data
        pairs = [(values[f"payee_{number}"], values[f"percent_{number}"]) for number in (1, 2)]
        return [(payee, percent) for payee, percent in pairs if payee and percent]


class SheetForm(forms.Form):
    file = forms.FileField(label=_("CSV or XLSX file"))
