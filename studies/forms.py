"""Forms of a study beside those its records declare: a file to import, the team."""

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from ctms.imports.table import LARGEST_BYTES as LARGEST_SHEET_BYTES

from .formats.json_document import LARGEST_FILE_BYTES
from .formats.registry_number import kind_of_number
from .formats.study_file import IdentifierKind


def refuse_larger(upload, most):
    """Refuse a file by its size, before any of it is read."""
    if upload.size > most:
        raise forms.ValidationError(
            _("The file has %(size)s; files of up to %(most)s are read. Nothing was written.")
            % {"size": filesizeformat(upload.size), "most": filesizeformat(most)}
        )
    return upload


class ImportForm(forms.Form):
    """The file to import studies from, and which of its studies."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CDISC USDM 4.0 or 3.0, or ClinicalTrials.gov records (version 2), as JSON."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
    nct = forms.CharField(
        label=_("Only the study with this NCT number"),
        required=False,
        max_length=20,
        help_text=_("When the file holds several records. Left empty, all of them are looked at."),
    )

    def clean_file(self):
        return refuse_larger(self.cleaned_data["file"], LARGEST_FILE_BYTES)

    def clean_nct(self):
        number = self.cleaned_data["nct"].strip().upper()
        if number and kind_of_number(number) is not IdentifierKind.NCT:
            raise forms.ValidationError(_("This is no NCT number: NCT and eight digits."))
        return number


class SheetForm(forms.Form):
    """A sheet of rows to bring to a study."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A table as CSV or XLSX; its first row names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def clean_file(self):
        return refuse_larger(self.cleaned_data["file"], LARGEST_SHEET_BYTES)
