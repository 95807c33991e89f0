"""Forms of monitoring beside those the records declare."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models.findings import DeviationCategory, Responsible, subject_code


def day(label, **options):
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


class ConductForm(forms.Form):
    """On which days the visit took place."""

    started_on = day(_("First day of the visit"))
    ended_on = day(_("Last day of the visit"))
    reason = forms.CharField(
        label=_("Comment"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self):
        values = super().clean() or {}
        first, last = values.get("started_on"), values.get("ended_on")
        if first and last and last < first:
            self.add_error("ended_on", _("The last day lies before the first."))
        return values


class ActionItemForm(forms.Form):
    """An action item raised while the report is written."""

    text = forms.CharField(label=_("What is to be done"), widget=forms.Textarea(attrs={"rows": 2}))
    responsible = forms.ChoiceField(label=_("Who"), choices=Responsible)
    due_on = day(_("Due on"))


class DeviationForm(forms.Form):
    """A deviation raised while the report is written."""

    category = forms.ChoiceField(label=_("Category"), choices=DeviationCategory)
    subject_number = forms.CharField(
        label=_("Subject number"), required=False, max_length=30, validators=[subject_code]
    )
    description = forms.CharField(label=_("What happened"), widget=forms.Textarea(attrs={"rows": 2}))
    occurred_on = day(_("Occurred on"))
