"""The versions of the TMF Reference Model and their artifacts."""

from ctms.pages.columns import Column
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from documents.models import Artifact, ReferenceModel


class ReferenceModelRecord(Record):
    model, slug = ReferenceModel, "reference-models"
    fields = ("name", "version_label", "artifact_word", "source_name", "source_sha256", "status")
    filters = {"status": ["exact"]}


class ReferenceModels(Listing):
    record, title = ReferenceModelRecord, "Versions of the reference model"
    columns = (Column("__str__", "Version", sort="version_label"), "artifact_word", "source_name", "status")
    template = "documents/artifacts.html"
    order = ("-version_label",)


class ArtifactRecord(Record):
    model, slug = Artifact, "artifacts"
    under = "reference-models"
    fields = (
        "number",
        "name",
        Column("zone_label", "Zone"),
        Column("section_label", "Section"),
        "requiredness",
        Column("levels", "Levels"),
        "filed_by_sponsor",
        "filed_by_investigator",
        "trial_milestone",
        "country_milestone",
        "site_milestone",
        "dated_by",
        "unblinded_by_default",
        "valid_months",
        "unique_id",
        "reference_model",
    )
    api_fields = (
        "reference_model",
        "number",
        "name",
        "zone_number",
        "zone_name",
        "section_number",
        "section_name",
        "requiredness",
        "at_trial",
        "at_country",
        "at_site",
        "filed_by_sponsor",
        "filed_by_investigator",
        "trial_milestone",
        "country_milestone",
        "site_milestone",
        "dated_by",
        "unique_id",
        "unblinded_by_default",
        "valid_months",
    )
    # What the reference model says is the workbook's; how long such papers are valid is the house's to say.
    edit = ("valid_months",)
    change_permission = "documents.import_referencemodel"
    filters = {
        "reference_model": ["exact"],
        "number": ["exact"],
        "zone_number": ["exact"],
        "requiredness": ["exact"],
        "at_trial": ["exact"],
        "at_country": ["exact"],
        "at_site": ["exact"],
    }
    search = ("number", "name", "section_name")
    order = ("number", "pk")
    related = ("reference_model",)


class Artifacts(Listing):
    record, title, rail = ArtifactRecord, "TMF reference model", ("Administration", 91)
    template = "documents/artifacts.html"
    columns = (
        "number",
        "name",
        Column("section_label", "Section", sort="section_number"),
        "requiredness",
        Column("levels", "Levels"),
        "unblinded_by_default",
        "valid_months",
        Column("reference_model__version_label", "Version"),
    )
    filters = {"reference_model": ["exact"], "zone_number": ["exact"], "requiredness": ["exact"]}
    search = ArtifactRecord.search
    order = ("number",)


def zones():
    """Return [(number, number and name)] of the zones of the reference model in use, for a filter."""
    rows = Artifact.objects.filter(reference_model__status="CURRENT").order_by("zone_number")
    return [
        (number, f"{number} {name}")
        for number, name in rows.values_list("zone_number", "zone_name").distinct()
    ]
