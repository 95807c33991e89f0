"""Forms of a study beside those its records declare: a file to import, the team."""

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from ctms.access.assignments import people
from ctms.access.roles import LABELS
from ctms.imports.table import LARGEST_BYTES as LARGEST_SHEET_BYTES

from .formats.json_document import LARGEST_FILE_BYTES
from .formats.registry_number import kind_of_number
from .formats.study_file import IdentifierKind
from .models import StudyCountry, StudySite
from .services.team import GIVEN_AT_PLACES, may_change_team, may_unblind


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


def day(label, **options):
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


def places_to_assign(user, study):
    """Return {value: record} of the places of a study at which this person puts people to work."""
    permission = "studies.change_team"
    places = {"study": study}
    countries = StudyCountry.objects.visible_to(user, permission).filter(study=study).select_related("nation")
    places |= {f"country-{one.pk}": one for one in countries.order_by("nation__name", "pk")}
    sites = StudySite.objects.visible_to(user, permission).filter(study=study)
    sites = sites.select_related("organization", "country__nation").order_by("number", "pk")
    places |= {f"site-{one.pk}": one for one in sites}
    return {value: place for value, place in places.items() if may_change_team(user, place)}


class AssignForm(forms.Form):
    """Who works where as what, from when to when; who may not unblind is not asked about it."""

    user = forms.ModelChoiceField(label=_("Person"), queryset=None, empty_label=_("Choose…"))
    role = forms.ChoiceField(label=_("Role"))
    place = forms.ChoiceField(label=_("Place"))
    starts_on = day(_("From"))
    ends_on = day(
        _("Until"), required=False, help_text=_("The last day; left empty, until somebody ends it.")
    )
    trained_on = day(
        _("Training recorded on"), required=False, help_text=_("No access before training is recorded.")
    )
    share_of_time = forms.DecimalField(
        label=_("Share of time (%)"), required=False, min_value=0, max_value=100, decimal_places=2
    )
    unblinded = forms.BooleanField(
        label=_("Unblinded"),
        required=False,
        help_text=_(
            "Sees what others must not. Who was unblinded once is never blinded again in this study."
        ),
    )

    def __init__(self, *args, actor, study, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = places_to_assign(actor, study)
        self.fields["user"].queryset = (
            people().exclude(pk=actor.pk).order_by("first_name", "last_name", "username", "pk")
        )
        self.fields["role"].choices = [
            ("", _("Choose…")),
            *((role, LABELS[role]) for role in GIVEN_AT_PLACES),
        ]
        self.fields["place"].choices = [
            (value, _("Whole study") if value == "study" else str(place))
            for value, place in self.places.items()
        ]
        if not any(may_unblind(actor, place) for place in self.places.values()):
            del self.fields["unblinded"]

    def clean_place(self):
        return self.places[self.cleaned_data["place"]]

    def clean(self):
        values = super().clean() or {}
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first."))
        return values


class EndForm(forms.Form):
    """The last day of an assignment, and why it ends."""

    ends_on = day(_("Last day"), help_text=_("Access ends the day after."))
    reason = forms.CharField(label=_("Reason"), max_length=400)


class TrainingForm(forms.Form):
    """When somebody was trained for an assignment, and what shows it."""

    trained_on = day(_("Training recorded on"), help_text=_("The assignment gives access from this day on."))
    reason = forms.CharField(label=_("Which training, and where it is on file"), max_length=400)
