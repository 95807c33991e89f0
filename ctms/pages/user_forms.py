"""Forms of the administration of accounts, and of a person's own tokens."""

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from ctms.calendar.zones import zone_choices


def _day(label, **options):
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


class AccountForm(forms.Form):
    """Who the account is for; the service says what it refuses."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=_("For good: it is never given to anybody else."),
    )
    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(label=_("Last name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"))
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)


class IdentityForm(forms.Form):
    """What makes somebody's electronic signature theirs."""

    verified_on = _day(_("Identity verified on"))
    statement_on = _day(
        _("Signature statement received on"),
        help_text=_("The person's own statement that the electronic signature equals the handwritten one."),
    )
    reason = forms.CharField(
        label=_("How it was verified, and where the statement is on file"), max_length=400
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=400)


class TokenForm(forms.Form):
    """What a token is for, and until when it is good."""

    name = forms.CharField(
        label=_("What it is for"), max_length=100, help_text=_("Such as the program that will use it.")
    )
    last_day = _day(_("Good until"), required=False, help_text=_("Left empty, until it is revoked."))

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_last_day(self):
        last = self.cleaned_data["last_day"]
        if last is not None and last < self.today:
            raise forms.ValidationError(_("This day has passed."))
        return last
