"""The sign-in library's forms, with the labels of the house: in sentence case, and in its spelling."""

from typing import ClassVar

from allauth.account import forms
from django.utils.translation import gettext_lazy as _


class Relabelled:
    """A form some of whose fields are called otherwise than the library calls them."""

    labels: ClassVar[dict] = {}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name, label in self.labels.items():
            self.fields[name].label = label
            # The library repeats its own words inside the box.
            self.fields[name].widget.attrs.pop("placeholder", None)


class ChangePasswordForm(Relabelled, forms.ChangePasswordForm):
    labels: ClassVar = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password (again)"),
    }


class ResetPasswordKeyForm(Relabelled, forms.ResetPasswordKeyForm):
    labels: ClassVar = {"password1": _("New password"), "password2": _("New password (again)")}


class ResetPasswordForm(Relabelled, forms.ResetPasswordForm):
    labels: ClassVar = {"email": _("E-mail")}
