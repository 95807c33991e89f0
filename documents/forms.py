"""Forms of the file: what is uploaded where, what a paper is, what is wrong with it, where it was filed."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ctms.pages.forms import NarrowedForm
from studies.models import Study, StudyCountry, StudySite

from . import services
from .formats.kind import TAKEN
from .models import Artifact, Document, ExpectedDocument, QualityReason


class ArtifactField(forms.ModelChoiceField):
    """A choice among the artifacts of the version of the reference model in use."""

    def __init__(self, **options):
        super().__init__(Artifact.objects.all(), **options)

    def narrow(self, user, study=None):
        return Artifact.objects.filter(reference_model__status="CURRENT").order_by("number")


class ExpectedField(forms.ModelChoiceField):
    """An expected document, named so that one finds it: number, name, place."""

    def label_from_instance(self, obj):
        return f"{obj.artifact.number} {obj}"


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; each is looked at by the service, one by one."""

    widget = ManyFiles

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data]
        return [file for file in files if file] or [super().clean(None, initial)]


def places_to_upload(user):
    """Return {value: place} of the places this person may bring documents to, by value `study-3`."""
    permission = "documents.add_document"
    found = {}
    for name, model, related in (
        ("study", Study, ()),
        ("country", StudyCountry, ("study", "nation")),
        ("site", StudySite, ("study", "organization", "country__nation")),
    ):
        rows = model.objects.visible_to(user, permission).select_related(*related).order_by("pk")
        found |= {f"{name}-{row.pk}": row for row in rows}
    return found


class UploadForm(forms.Form):
    """Files, and the place they belong to."""

    place = forms.ChoiceField(label=_("Belongs to"))
    # Called like what Django keeps the sent files in; a form's fields live elsewhere.
    files = FilesField(  # type: ignore[assignment]
        label=_("Files"), help_text=_("Taken are: %(kinds)s.") % {"kinds": ", ".join(TAKEN)}
    )

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.places = places_to_upload(user)
        self.fields["place"].choices = [
            (value, place if isinstance(place, Study) else f"{place.study} · {place}")
            for value, place in self.places.items()
        ]
        if services.may_see_unblinded_anywhere(user):
            self.fields["unblinded"] = forms.BooleanField(
                label=_("Of the unblinded circle"),
                required=False,
                help_text=_("Blinded people must not know of these papers."),
            )

    @property
    def chosen_place(self):
        return self.places[self.cleaned_data["place"]]


class ContentForm(forms.Form):
    """One file for a document that is written."""

    file = forms.FileField(label=_("File"))


class ClassifyForm(NarrowedForm):
    """What a paper is; what it fulfils brings the artifact and the place with it."""

    artifact = ArtifactField(label=_("Artifact"), required=False)
    expected = ExpectedField(
        ExpectedDocument.objects.none(),
        label=_("Fulfils"),
        required=False,
        help_text=_("Choosing it is enough: artifact and place come with it."),
    )
    does_not_expire = forms.BooleanField(
        label=_("Does not expire"),
        required=False,
        help_text=_("Papers of this kind usually do; this one has no last day."),
    )
    reason = forms.CharField(
        label=_("Reason for change"),
        max_length=400,
        required=False,
        widget=forms.TextInput(attrs={"list": "usual-reasons"}),
    )
    field_order = (
        "expected",
        "artifact",
        "title",
        "document_date",
        "expires_on",
        "does_not_expire",
        "language",
        "country",
        "site",
    )

    class Meta:
        model = Document
        fields = (
            "artifact",
            "title",
            "document_date",
            "expires_on",
            "language",
            "country",
            "site",
            "expected",
        )

    def __init__(self, *args, user, **options):
        super().__init__(*args, user=user, **options)
        document = self.instance
        self.fields["title"].required = False
        self.fields["title"].help_text = _("Empty: the usual title.")
        self.fields["expires_on"].help_text = _(
            "The last day it is valid. Empty: as long after its date as papers of its kind are usually valid."
        )
        # Somebody said so before: its kind has a usual end, and it has none.
        self.initial["does_not_expire"] = (
            document.expires_on is None and services.end_by_kind(document) is not None
        )
        self.fields["expected"].queryset = services.open_expectations(user, document, timezone.localdate())
        countries, sites = self.fields["country"], self.fields["site"]
        countries.queryset = countries.queryset.filter(study=document.study_id).select_related("nation")
        sites.queryset = sites.queryset.filter(study=document.study_id).select_related("organization")
        if document.status == "DRAFT":
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True

    def clean(self):
        values = super().clean() or {}
        if values.get("does_not_expire") and values.get("expires_on"):
            self.add_error("does_not_expire", _("Give a last day or say that there is none."))
        return values

    def said(self):
        """Return what the service is told: an empty last day is its to propose, unless there is to be none."""
        values = dict(self.cleaned_data)
        if not values.pop("does_not_expire") and values["expires_on"] is None:
            values["expires_on"] = services.USUAL_END
        return values

    def _post_clean(self):
        """The service judges the document as a whole: an artifact may come from what is expected."""

    def validate_unique(self):
        """Likewise."""


class ReturnForm(forms.Form):
    """What is wrong with a document: at least one reason of the list."""

    issues = forms.MultipleChoiceField(
        label=_("What is wrong"),
        choices=QualityReason,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one reason.")},
    )
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever brought the document reads it."),
    )

    def clean(self):
        values = super().clean() or {}
        if QualityReason.OTHER in values.get("issues", ()) and not values.get("comment", "").strip():
            self.add_error("comment", _("Say what is wrong."))
        return values


class FiledElsewhereForm(forms.Form):
    """Where a document was filed when the study's file is kept elsewhere."""

    filed_system = forms.CharField(label=_("In which system"), max_length=120)
    filed_number = forms.CharField(label=_("Under which number"), max_length=120)
    filed_on = forms.DateField(
        label=_("Filed on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class WorkbookForm(forms.Form):
    """The official workbook of the reference model."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("The workbook of the TMF Reference Model as published (xlsx)."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )
