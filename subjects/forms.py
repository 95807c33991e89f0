"""Forms of subjects beside those their records declare."""

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from studies.models import ProtocolVersion, StudySite

from .formats.dataset import LARGEST_BYTES, MOST_FILES
from .models import SubjectStatus


def day(label, **options):
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


class FirstConsentForm(forms.Form):
    """The first consent of a subject: the day, and which versions it was to."""

    signed_on = day(_("Consent signed on"))
    form_version = forms.CharField(label=_("Consent form version"), max_length=60, required=False)
    protocol_version = forms.ModelChoiceField(
        ProtocolVersion.objects.none(),
        label=_("Protocol version"),
        required=False,
        empty_label=_("Not stated"),
    )

    def __init__(self, *args, user, study, **kwargs):
        super().__init__(*args, **kwargs)
        versions = ProtocolVersion.objects.visible_to(user).filter(study=study)
        self.fields["protocol_version"].queryset = versions.order_by("-pk")


class DayForm(forms.Form):
    """The day a planned visit took place."""

    happened_on = day(_("Day of the visit"))


class MatrixFilters(forms.Form):
    """Which subjects the matrix shows."""

    site = forms.ModelChoiceField(
        StudySite.objects.none(), label=_("Site"), required=False, empty_label=_("All sites")
    )
    status = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *SubjectStatus.choices]
    )

    def __init__(self, *args, sites, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites


class _Files(forms.FileField):
    """Several files at once."""

    widget = type("FilesInput", (forms.FileInput,), {"allow_multiple_selected": True})

    def clean(self, data, initial=None):
        uploads = data if isinstance(data, list | tuple) else [data]
        return [super(_Files, self).clean(upload, initial) for upload in uploads if upload] or [
            super().clean(None, initial)
        ]


class BringForm(forms.Form):
    """The files subjects and visits are brought from."""

    brought = _Files(
        label=_("Files"),
        help_text=_(
            "Sheets of subjects or visits (CSV, XLSX), or SDTM DM, SV and DS together (XPT, JSON, CSV)."
        ),
        widget=type("FilesInput", (forms.FileInput,), {"allow_multiple_selected": True})(
            attrs={"accept": ".csv,.xlsx,.xpt,.json,.ndjson", "multiple": True}
        ),
    )
    make_sites = forms.BooleanField(
        label=_("Add the sites the study lacks"),
        required=False,
        help_text=_("They come in as active, named by their number until somebody names the hospital."),
    )

    def __init__(self, *args, offers_sites, **kwargs):
        super().__init__(*args, **kwargs)
        if not offers_sites:
            del self.fields["make_sites"]

    def clean_brought(self):
        uploads = self.cleaned_data["brought"]
        if len(uploads) > MOST_FILES:
            raise forms.ValidationError(_("Up to %d files are brought together.") % MOST_FILES)
        if sum(upload.size for upload in uploads) > LARGEST_BYTES:
            raise forms.ValidationError(
                _("The files have more than %s together. Nothing was written.")
                % filesizeformat(LARGEST_BYTES)
            )
        return uploads
